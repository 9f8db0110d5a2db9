"""The five real policies, asked in a batch. They are other people's text: clauses are named by id only, no sentence of theirs stands here."""

import json

import pytest

from assistant.batch import answer_line
from tests.contract import check_answer

QUESTIONS = [
    (policy, question)
    for policy, questions in {
        "att": (
            "can i be mates with one of my pupils on snapchat",
            "Is a parent's follow request something I should turn down?",
            "Somebody from the local paper wants a comment. Who answers?",
            "What mustn't I do from a school account?",
            "Do they check what we do online at work?",
        ),
        "beech-hill": (
            "Is it alright to moan about a colleague on my own page?",
            "What counts as misuse?",
            "May I look at my private accounts at lunch on the office PC?",
            "what if a yr 5 asks to follow me",
            "Who makes sure that everyone has read this?",
        ),
        "bohunt": (
            "Am I allowed to link up with ex students who have just left?",
            "Should I put where I work on my profile?",
            "Who looks after the official account?",
            "Which laws is this built on?",
            "How do I raise a complaint about a post?",
        ),
        "chapmanslade": (
            "A parent is being abusive to us online: what now?",
            "Do I need consent to put a picture of the class up?",
            "What happens after office hours with messages to our page?",
            "Must I ask before I open an account for my year group?",
            "Any dos and don'ts for the tone of a post?",
        ),
        "neu": (
            "Can a head ask for my login in an interview?",
            "Could I lose my job over a private post?",
            "what should the privacy settings on my phone apps be",
            "Will the union rep be involved if I am investigated?",
            "Do pupils get taught about bullying online?",
        ),
        None: ("Whom do I tell if I see a worrying post by a child?", "What is the canteen serving on Friday?"),
    }.items()
    for question in questions
]


@pytest.fixture(scope="module")
def rows(real_assistant):
    lines = [
        json.dumps({"id": f"r{n}", "question": question, "policy": policy})
        for n, (policy, question) in enumerate(QUESTIONS)
    ]
    return [json.loads(json.dumps(answer_line(real_assistant, line, n))) for n, line in enumerate(lines, 1)]


@pytest.fixture(scope="module")
def files(real_policies):
    """Text by slug, straight from the files: as an outsider would check the spans."""
    return {path.stem: path.read_bytes().decode("utf-8") for path in real_policies.glob("*.txt")}


def shown(rows):
    return [quote for row in rows for quote in (*row["quotes"], *row["related"])]


def test_every_question_has_its_answer_object(rows, files):
    assert [row["id"] for row in rows] == [f"r{n}" for n in range(len(QUESTIONS))]
    for row, (policy, question) in zip(rows, QUESTIONS, strict=True):
        check_answer(row, files)
        assert (row["policy"], row["question"]) == (policy, question)
        assert row["status"] != "error"


def test_every_quote_is_in_the_file_at_its_spans(rows, files):
    for quote in shown(rows):
        slices = [files[quote["policy"]][start:end] for start, end in quote["spans"]]
        assert " ".join(" ".join(slices).split()) == quote["text"]
        assert quote["source"] == f"{quote['policy']}.txt"


@pytest.mark.parametrize(
    "kind",
    [
        lambda quote, clause: clause.kind == "numbered",
        lambda quote, clause: clause.kind == "item" and quote["lead_in"],
        lambda quote, clause: clause.kind == "paragraph",
        lambda quote, clause: clause.kind == "stem" and len(quote["spans"]) > 1,
        lambda quote, clause: "appendix" in quote["clause"],
        lambda quote, clause: quote["number"] is not None and clause.kind == "item",
    ],
    ids=["numbered", "item under its stem", "paragraph", "stem with its list", "appendix", "lettered item"],
)
def test_clauses_of_every_kind_come_up(rows, real_assistant, kind):
    snapshot = real_assistant.index.snapshot()
    clauses = [(quote, snapshot.by_slug[quote["policy"]].by_id[quote["clause"]]) for quote in shown(rows)]
    assert [quote["clause"] for quote, clause in clauses if kind(quote, clause)]


def test_most_are_answered_and_all_five_are_quoted(rows, files):
    assert (
        {quote["policy"] for row in rows for quote in row["quotes"]}
        == set(files)
        == {
            "att",
            "beech-hill",
            "bohunt",
            "chapmanslade",
            "neu",
        }
    )
    assert sum(row["status"] == "answered" for row in rows) > len(rows) // 2


def test_no_character_of_a_file_is_unaccounted_for(real_assistant):
    for shelf in real_assistant.index.snapshot().shelves:
        shares = shelf.document.coverage
        assert shares.clauses + shares.headings + shares.skipped == pytest.approx(1)
        assert shares.clauses > 0.8
        assert len(shelf.by_id) == len(shelf.document.clauses)


@pytest.mark.parametrize(
    ("policy", "question", "clause"),
    [
        ("att", "Can I accept a pupil as a friend on my own social media?", "att/6.1"),
        ("neu", "May they demand passwords for my private accounts?", "neu/5.2"),
        ("chapmanslade", "Do I need permission to put photos of pupils up?", "chapmanslade/use-of-images/1"),
    ],
)
def test_the_plainest_questions_find_their_section(real_assistant, policy, question, clause):
    answer = real_assistant.ask(question, policy)
    names = [item.clause for item in (*answer.quotes, *answer.related)]
    assert [name for name in names if name.startswith(clause.rsplit("/", 1)[0])], names
