"""Policies, comparisons and findings as HTML: nothing of a document or a person is let through as markup."""

import csv
from dataclasses import replace
from datetime import date

import pytest

from assistant.answers import Answer, Quote
from assistant.documents import Clause, Document, Passage
from assistant.health import Finding
from assistant.web import cards, tables

EVIL = "<script>alert('x')</script> & \"quotes\""


def document(**changes):
    clause = Clause("keys/1", "item", None, (EVIL,), (Passage(EVIL, ()),), EVIL, (), "must_not")
    return replace(Document("keys", EVIL, EVIL, "keys.txt", "", EVIL, clauses=(clause,)), **changes)


def finding(kind="placeholder", severity="high"):
    return Finding("keys", kind, severity, EVIL, "keys/1", EVIL)


def test_every_word_is_escaped():
    answer = Answer(EVIL, "keys", "not_covered", summary=EVIL)
    for html in (
        tables.said(EVIL),
        tables.policies([document()], [finding()]),
        tables.reader(document(), [finding()], ""),
        tables.comparison(EVIL, {EVIL: answer}, {"keys": document()}),
    ):
        assert "<script" not in html
        assert "&lt;script&gt;" in html


def test_a_policy_s_state_is_said_in_words():
    assert tables.state(document(), []) == "no review date"
    assert tables.state(document(), [finding("template")]) == "no review date; a template, not adopted"
    assert "contradicts itself" in tables.state(document(), [finding("contradiction")])
    other = Finding("locks", "contradiction", "high", "")
    assert "contradicts" not in tables.state(document(), [other])


def test_the_reader_shows_only_clauses_with_all_wanted_words():
    plain = Clause("keys/2", "paragraph", "2", ("Keys",), (), "Staff must sign for a key.", (), "must")
    both = document(clauses=(*document().clauses, plain))
    assert tables.reader(both, [], "sign KEY").count("<blockquote>") == 1
    assert tables.reader(both, [], "").count("<blockquote>") == 2
    assert "0 of 2 clauses" in tables.reader(both, [], "elephant")


def quoted(policy, text, modality):
    return Quote(
        policy, "Keys", policy.title(), f"{policy}/1", "1", (), (), text, ((0, 9),), "keys.txt", None, modality, 0.9
    )


COMPARED = {
    "Bolts": Answer("May I?", None, "not_covered", summary="Silent."),
    "Keys": Answer(
        "May I?", "keys", "answered", "no", "No.", (quoted("keys", "Not with pupils under 18.", "must_not"),)
    ),
    "Locks": Answer(
        "May I?",
        "locks",
        "answered",
        "yes",
        "Yes.",
        (quoted("locks", "With those over eighteen or under nineteen.", "may"),),
    ),
}
HELD = {
    slug: document(slug=slug, organisation=school, title=f"{slug.title()} Policy")
    for slug, school in (("keys", "Keys"), ("locks", "Locks"), ("bolts", "Bolts"), ("nuts", "Bolts"))
}


def test_a_list_that_is_shown_with_its_stem_is_not_shown_item_by_item():
    whole = replace(
        quoted("keys", "Staff must not: lend keys; copy keys.", "must_not"), spans=((0, 15), (16, 26), (27, 37))
    )
    item = replace(whole, clause="keys/1.a", spans=((0, 15), (16, 26)))
    other = replace(item, policy="locks")
    assert cards.apart([whole, item, other]) == [whole, other]
    assert cards.apart([item, whole]) == [item, whole]


def test_differences_of_answer_force_and_age_are_said():
    assert tables.differences(COMPARED) == [
        "Answer: No (Keys); Yes (Locks).",
        "Force: “must not” (Keys); “may” (Locks).",
        "Age: 18 (Keys, Locks); 19 (Locks).",
    ]
    assert tables.differences({"Keys": COMPARED["Keys"]}) == []


def test_a_silent_school_s_row_says_what_was_searched():
    html = tables.comparison("May I?", COMPARED, HELD)
    row = html.partition('<th role="rowheader">Bolts')[2].partition("</tr>")[0]
    assert "Not covered" in row
    assert row.index("Bolts Policy") < row.index("Nuts Policy")
    assert "Keys Policy" not in row


def test_a_comparison_as_csv_holds_every_school_and_no_formula():
    rows = list(csv.DictReader(tables.comma_separated("=1+1", COMPARED, HELD).removeprefix("\ufeff").splitlines()))
    assert [(row["school"], row["policy"]) for row in rows] == [
        ("Bolts", "bolts; nuts"),
        ("Keys", "keys"),
        ("Locks", "locks"),
    ]
    assert rows[1]["question"] == "'=1+1"
    assert rows[1]["text"] == "Not with pupils under 18."
    assert rows[0]["text"] == ""


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (None, "no review date"),
        (date(2020, 3, 1), "review was due March 2020"),
        (date(2027, 3, 1), "review due March 2027"),
    ],
)
def test_a_document_s_standing(due, words):
    assert document(review_due=due).standing(date(2026, 11, 21)) == words


def test_what_changed_since_the_version_before_is_told_with_both_wordings():
    was = Clause("keys/1", "numbered", "1", (), (), "Staff should not lend keys to visitors.", (), "should_not")
    now = replace(was, text="Staff must not lend keys to visitors.", modality="must_not")
    html = tables.reader(document(text=now.text, clauses=(now,)), [], "", document(text=was.text, clauses=(was,)))
    assert "What changed since the version before (1)" in html
    assert "Tightened" in html
    assert was.text in html
    assert now.text in html
    assert "What changed" not in tables.reader(document(), [], "")
