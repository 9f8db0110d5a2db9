"""Policies, comparisons and findings as HTML: nothing of a document or a person is let through as markup."""

from dataclasses import replace

from assistant.answers import Answer
from assistant.documents import Clause, Document, Passage
from assistant.health import Finding
from assistant.web import tables

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
        tables.comparison(EVIL, [answer], {"keys": document()}),
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
