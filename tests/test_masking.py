"""Personal data is found, masked consistently, and put back."""

import pytest

from assistant.masking import Masker, personal
from evals.masking import missed, read_texts, recall
from evals.questions import FOLDER, read_questions


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Can I add Jayden Smith on Snapchat?", "name", "Jayden Smith"),
        ("is it ok if jayden follows me", "name", "jayden"),
        ("Mrs Patel posted it", "name", "Mrs Patel"),
        ("mr patel posted it", "name", "mr patel"),
        ("J.T. in 9B told me", "name", "J.T."),
        ("KS (Year 10) told me", "name", "KS"),
        ("Siobhan O'Connor's son", "name", "Siobhan O'Connor"),
        ("the number is 07700 900123", "phone", "07700 900123"),
        ("the number is +44 (0)20 7946 0018.", "phone", "+44 (0)20 7946 0018"),
        ("write to a.b+c@example.sch.uk", "email", "a.b+c@example.sch.uk"),
        ("UPN A823432109876", "upn", "A823432109876"),
        ("born 14/03/2012", "date", "14/03/2012"),
        ("born on 3rd May 2011", "date", "3rd May 2011"),
        ("at 14 Acacia Avenue", "address", "14 Acacia Avenue"),
        ("at LS1 4DY", "address", "LS1 4DY"),
        ("from @year9_gossip", "handle", "@year9_gossip"),
    ],
)
def test_each_kind_is_found(text, kind, words):
    assert [(item.kind, text[item.start : item.end]) for item in personal(text)] == [(kind, words)]


@pytest.mark.parametrize(
    "text",
    [
        "May staff follow pupils on Instagram?",
        "Will Year 9 parents be told?",
        "Do I tell the DSL or the LADO under KCSIE?",
        "The policy was reviewed in October 2024, section 6.2. Is 999 in it?",
        "Can a TA in Year 4 use Microsoft Teams on Friday?",
        "Is it OK for a Christian school to post about Easter?",
        "",
    ],
)
def test_words_of_the_trade_are_left_alone(text):
    assert personal(text) == []


def test_the_same_words_get_the_same_placeholder_and_come_back():
    masker = Masker()
    first = masker.mask("Jayden Smith wrote to me from 07700 900123.")
    second = masker.mask("May I answer jayden smith or Zoe Khan?")
    assert first == "[NAME_1] wrote to me from [PHONE_1]."
    assert second == "May I answer [NAME_1] or [NAME_2]?"
    assert (
        masker.restore(f"{first} {second}")
        == "Jayden Smith wrote to me from 07700 900123. May I answer Jayden Smith or Zoe Khan?"
    )
    assert masker.restore("[NAME_9] and [OTHER]") == "[NAME_9] and [OTHER]"


def test_a_name_that_was_masked_once_is_masked_where_it_stands_in_a_clause():
    masker = Masker()
    masker.mask("My colleague Wolfric asked")
    assert masker.mask("Wolfric is the contact.", guess=False) == "[NAME_1] is the contact."


def test_recall_is_measured_by_marks_wholly_masked():
    marked = "Is [[name:Jayden Smith]] at [[phone:12]] allowed?"
    assert missed(marked) == ([("name", "Jayden Smith"), ("phone", "12")], [("phone", "12")], [])
    assert recall([marked]) == {"name": (1, 1), "phone": (0, 1), "all": (1, 2)}


def test_most_personal_data_is_found():
    """The figures are printed by `python -m evals masking`; this is the floor."""
    found = recall(read_texts(FOLDER / "masking-dev.jsonl"))
    assert all(right / count >= 0.95 for right, count in found.values())


def test_everyday_questions_are_hardly_touched():
    questions = [question.question for question in read_questions(FOLDER / "plain-dev.jsonl")]
    assert sum(bool(personal(question)) for question in questions) / len(questions) < 0.1


@pytest.mark.parametrize(
    "text", ["\ud800 Jayden", "A" * 20_000, "0" * 20_000, "Mr " * 5_000, "a@" * 5_000, "[NAME_1]" * 100]
)
def test_any_text_can_be_masked_in_little_time(text):
    Masker().mask(text)
