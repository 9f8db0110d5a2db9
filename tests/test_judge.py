"""When a clause answers: its score, and the reader's doubt where the score leaves it open."""

from dataclasses import replace

import pytest

from assistant import judge
from assistant.judge import ALSO, DOUBT, answering, further, height, together

SCHOOL = "harbour-mobile-phones"


@pytest.fixture(scope="module")
def hits(assistant):
    return assistant.retriever.search(assistant.index.snapshot(), "May I wear my smart watch in class?", SCHOOL, 4)


def scored(hits, *scores):
    return [replace(hit, score=score) for hit, score in zip(hits, scores, strict=False)]


@pytest.mark.parametrize(
    ("over", "doubt", "answers"),
    [
        (-0.001, 0.0, False),
        (0.001, 0.0, True),
        (0.5 * DOUBT, 0.4, True),
        (0.5 * DOUBT, 0.6, False),
        (DOUBT + 0.001, 1.0, True),
    ],
)
def test_the_best_clause_answers_where_its_score_outweighs_the_doubt(hits, over, doubt, answers):
    found = scored(hits, height() + over)
    assert answering(found, lambda hit: doubt) == (found if answers else [])


def test_the_reader_is_asked_only_where_it_decides(hits):
    def never(hit):
        raise AssertionError(hit)

    assert answering([], never) == []
    assert answering(scored(hits, height() - 0.01), never) == []
    assert len(answering(scored(hits, height() + DOUBT + 0.001), never)) == 1


def test_a_further_clause_stands_beside_the_best_where_it_is_near_and_high_enough(hits):
    top = further() + ALSO / 2
    found = scored(hits, top, further() + 0.001, further() - 0.001)
    assert answering(found, lambda hit: 0.0) == found[:2]
    assert answering(scored(hits, top + ALSO, further() + 0.001), lambda hit: 0.0) == scored(hits, top + ALSO)


def test_a_doubted_clause_stands_with_the_near_ones(hits):
    found = scored(hits, height() + DOUBT / 2, height())
    chosen, near = together([found], 3, lambda hit: 1.0)
    assert (chosen, near) == ([], found)


def test_the_readers_doubt_makes_an_answer_silent(assistant, monkeypatch):
    question = "May I wear my smart watch in class?"
    monkeypatch.setattr(judge, "DOUBT", 0.0)
    first = assistant.ask(question, SCHOOL).quotes[0]
    monkeypatch.setattr(judge, "height", lambda: first.score - 0.5)
    monkeypatch.setattr(judge, "DOUBT", 1.0)
    monkeypatch.setattr("assistant.ask._Readings.doubt", lambda self, hit: 0.6)
    doubted = assistant.ask(question, SCHOOL)
    assert (doubted.status, doubted.verdict, doubted.related[0].clause) == ("not_covered", None, first.clause)
