"""An answer on a terminal and on a page: the words unchanged, the order right, everything from outside escaped."""

import re
from dataclasses import replace
from html import unescape

import pytest

from assistant import render
from assistant.answers import Advised, Answer, Quote, Safeguarding
from assistant.compose import place, silence, summary
from assistant.documents import fold
from assistant.web import cards

QUOTE = Quote(
    policy="heron-lane",
    title="Kettle & Bicycle Policy",
    organisation="Heron Lane <School>",
    clause="heron-lane/1.2.b",
    number="1.2.b",
    headings=("1 Trains", "On <site>"),
    lead_in=("Staff must not, unless the head-teacher agrees:",),
    text="leave a well-known <b>bicycle</b> in a fire-exit & walk off, except in an emergency; nor charge a long-distance e-bicycle overnight.",
    spans=((10, 20),),
    source="heron-lane.md",
    page=3,
    modality="must_not",
    score=0.9,
)
CARD = Safeguarding(
    "emergency",
    "Emergency: call 999 now. Nobody has been told by this page.",
    (
        Advised("Emergency services", None, "999", None, "national"),
        Advised("Headteacher", "O'Brien <x>", "01632 960 100", "head@heron.example", "settings"),
        Advised("Designated Safeguarding Lead", None, None, None, "settings"),
    ),
)
ANSWERED = Answer(
    "May I <leave> it?", "heron-lane", "answered", "no", summary((QUOTE,), "no"), (QUOTE,), warnings=("Note <this>.",)
)
SILENT = Answer("May I?", "heron-lane", "not_covered", summary=silence(("Kettle Policy",)), related=(QUOTE,))
DECLINED = Answer("hi", None, "declined", summary="This page answers questions.")
FAILED = Answer("May I?", "nope", "error", summary="No policy is called 'nope'.")


def words_of(html):
    """A page's words as a reader sees them."""
    return fold(unescape(re.sub(r"<[^>]+>", "", html)))


# --- the terminal


def test_the_terminal_shows_the_clause_word_for_word_with_its_place():
    shown = fold(render.text(ANSWERED))
    assert f"“{QUOTE.lead_in[0]} … {QUOTE.text}”" in shown
    assert (
        "(heron-lane/1.2.b: clause 1.2.b of Kettle & Bicycle Policy, Heron Lane <School>, page 3; word for word from heron-lane.md)"
        in shown
    )
    assert shown.startswith("No: the policy says “must not” in clause 1.2.b")
    assert shown.endswith("Note: Note <this>.")


def test_the_terminal_keeps_to_its_width():
    assert max(map(len, render.text(replace(ANSWERED, safeguarding=CARD)).splitlines())) <= 130
    assert all(len(line) <= render.WIDTH for line in render.text(ANSWERED).splitlines() if line.startswith("    “"))


def test_the_terminal_shows_the_card_first():
    shown = render.text(replace(ANSWERED, safeguarding=CARD))
    assert shown.startswith("SAFEGUARDING\nEmergency: call 999 now.")
    assert "  - Emergency services, 999\n  - Headteacher, O'Brien <x>, 01632 960 100, head@heron.example\n" in shown
    assert shown.index("SAFEGUARDING") < shown.index("must not")


@pytest.mark.parametrize("answer", [SILENT, DECLINED, FAILED])
def test_the_terminal_quotes_nothing_that_does_not_answer(answer):
    shown = render.text(answer)
    assert fold(shown).startswith(answer.summary)
    assert QUOTE.text not in fold(shown)


def test_the_terminal_points_at_near_clauses_as_no_answer():
    assert "Nearest clauses (not an answer):\n  - clause 1.2.b of" in render.text(SILENT)


def test_every_clause_of_the_corpus_survives_the_terminal(assistant):
    for shelf in assistant.index.snapshot().shelves:
        for clause in shelf.document.clauses:
            quote = replace(QUOTE, lead_in=(), text=clause.text)
            assert f"“{clause.text}”" in fold(render.text(replace(ANSWERED, quotes=(quote,))))


# --- the page


def test_the_page_shows_the_card_then_the_verdict_then_the_clause():
    html = cards.answer(replace(ANSWERED, safeguarding=CARD))
    places = [
        html.index(part)
        for part in ("<section", '<p class="verdict"><strong>No.</strong> The policy', "<blockquote", 'class="notes"')
    ]
    assert places == sorted(places)


def test_the_page_shows_the_clause_word_for_word_in_a_blockquote():
    block = re.search(r"<blockquote>(.*?)</blockquote>", cards.answer(ANSWERED)).group(1)
    assert words_of(block) == f"{QUOTE.lead_in[0]} {QUOTE.text}"
    assert '<span class="limit">except in an emergency</span>' in block


def test_everything_from_documents_and_people_is_escaped():
    html = cards.conversation([("<script>alert(1)</script>", cards.answer(replace(ANSWERED, safeguarding=CARD)))])
    assert not re.search(r"<(?:script|b>bicycle|this|x|site|school)", html, re.IGNORECASE)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "O&#x27;Brien &lt;x&gt;" in html


def test_a_contact_s_number_and_address_are_links():
    html = cards.contact(CARD.contacts[1])
    assert '<a href="tel:01632960100">01632 960 100</a>' in html
    assert '<a href="mailto:head@heron.example">head@heron.example</a>' in html
    assert "ask the school office" in cards.contact(CARD.contacts[2])


@pytest.mark.parametrize(
    ("answer", "said"),
    [(SILENT, "Not covered."), (DECLINED, "Not a policy question."), (FAILED, "No answer.")],
)
def test_what_is_no_answer_says_so_first(answer, said):
    html = cards.answer(answer)
    assert words_of(html).startswith(said)
    assert "<blockquote" not in html.partition("<details>")[0]


def test_near_clauses_are_folded_away_and_called_no_answer():
    assert "<details><summary>Nearest clauses: <em>not an answer</em></summary><figure" in cards.answer(SILENT)
    assert "<details>" not in cards.answer(replace(SILENT, related=()))


def test_no_level_no_card():
    assert cards.safeguarding(Safeguarding()) == ""


@pytest.mark.parametrize(
    ("level", "said"),
    [("emergency", "Emergency"), ("same_day", "Tell someone today"), ("consult", "Speak to someone first")],
)
def test_a_card_says_its_level_in_words(level, said):
    html = cards.safeguarding(replace(CARD, level=level))
    assert f"<h3>{said}</h3>" in html
    assert f'class="card {level}"' in html


def test_marking_conditions_changes_no_character(assistant):
    for shelf in assistant.index.snapshot().shelves:
        for clause in shelf.document.clauses:
            assert unescape(re.sub(r"</?span[^>]*>", "", cards.marked(clause.text))) == clause.text


def test_the_newest_question_stands_first():
    html = cards.conversation([("First?", "<p>1</p>"), ("Second?", "<p>2</p>")])
    assert html.index("Second?") < html.index("First?")


# --- the summary


@pytest.mark.parametrize(
    ("number", "headings", "where"),
    [
        ("1.2", ("1 Trains",), "clause 1.2 of Kettles, Heron Lane"),
        (None, ("1 Trains", "Trams:"), "“Trams” of Kettles, Heron Lane"),
        (None, (), "the opening of Kettles, Heron Lane"),
    ],
)
def test_a_place_is_the_number_or_the_heading(number, headings, where):
    assert place(replace(QUOTE, number=number, headings=headings, title="Kettles", organisation="Heron Lane")) == where


@pytest.mark.parametrize(
    ("modality", "verdict", "start"),
    [
        ("must_not", "no", "No: the policy says “must not” in clause"),
        ("must_not", None, "The policy says “must not” in clause"),
        ("may_if", "depends", "It depends: the policy says “may, under conditions” in clause"),
        ("statement", None, "See clause"),
        ("statement", "yes", "Yes: see clause"),
    ],
)
def test_a_summary_names_the_force_and_the_place_and_claims_no_more(modality, verdict, start):
    assert summary((replace(QUOTE, modality=modality),), verdict).startswith(start)


@pytest.mark.parametrize(
    ("form", "verdict", "start"),
    [
        ("wrong", "yes", "Yes, it goes against the policy: the policy says “must not”"),
        ("denied", "yes", "Yes, that is so: the policy says"),
        ("denied", "no", "No, that is not so: the policy says"),
        ("permission", "no", "No: the policy says"),
    ],
)
def test_a_summary_says_what_its_yes_means(form, verdict, start):
    assert summary((replace(QUOTE, modality="must_not"),), verdict, form).startswith(start)


def test_silence_sends_to_people():
    assert silence(("A", "B")).startswith("These policies do not cover this. Ask your headteacher")
    assert "Designated Safeguarding Lead (DSL)" in silence(("A",))


@pytest.mark.parametrize(
    ("level", "verdict", "by", "headed"),
    [
        ("same_day", None, "extractive", False),
        ("emergency", None, "extractive", False),
        ("same_day", "no", "extractive", True),
        ("same_day", None, "a model", True),
        ("consult", None, "extractive", True),
    ],
)
def test_under_a_worry_a_clause_without_a_verdict_has_no_headline(level, verdict, by, headed):
    given = replace(
        ANSWERED,
        safeguarding=Safeguarding(level, "Tell the DSL."),
        verdict=verdict,
        summary=summary((QUOTE,), verdict),
        answered_by=by,
    )
    shown = cards.answer(given)
    assert ('class="verdict"' in shown) == headed
    assert (cards.FIRST in shown) == (level != "consult")
    assert shown.count("<blockquote") == 1
