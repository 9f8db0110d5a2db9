"""The search finds what the plain way of searching finds: every clause scored, all of them sorted."""

from dataclasses import replace

import numpy as np
import pytest

from assistant.coarse import TOLERANCE, Coarse
from assistant.documents import Clause, Document, digest, seal
from assistant.embedding import SentenceEmbedder
from assistant.examples import shipped
from assistant.index import Shelf, Snapshot
from assistant.late import NO_WORDS, Embedding, Packed
from assistant.lexical import Lexicon, Lexicons, terms
from assistant.modality import modality
from assistant.search import (
    BLOCK,
    CANDIDATES,
    DENSE,
    LIKENESS,
    WORDS,
    Hit,
    Retriever,
    _scaled,
    highest,
    relevance,
    sought,
    widened,
)
from assistant.store import Stored

QUESTIONS = (
    "Can I accept a friend request from a pupil's parent?",
    "is it ok to whatsapp the year 6 mums",
    "Who do I tell about something worrying a pupil posted?",
    "staff staff staff must must",
    "xyzzy",
)


def plainly(embedder, snapshot, question, scope, limit=20):
    """The search as one would write it first."""
    shelves = [shelf for shelf in snapshot.chosen(scope) if shelf.document.clauses]
    asked = embedder.question(question)
    likely = shipped().expected(asked.vector)
    vectors = np.concatenate([np.stack([one.vector for one in shelf.embeddings]) for shelf in shelves])
    lexical = np.concatenate([shelf.lexicon.scores(terms(widened(question))) for shelf in shelves])
    entries = [(shelf, place) for shelf in shelves for place in range(len(shelf.embeddings))]
    shared = _scaled(lexical)
    order = np.argsort(-(DENSE * _scaled(vectors @ sought(asked, likely)) + (1 - DENSE) * shared), kind="stable")
    hits = []
    for at in order[: max(limit, CANDIDATES)]:
        shelf, place = entries[at]
        dense = float(vectors[at] @ asked.vector)
        own = relevance(dense, asked, shelf.embeddings[place])
        alike = (own + LIKENESS * float(vectors[at] @ likely)) / (1 + LIKENESS)
        score = max(0.0, min(1.0, alike + WORDS * float(shared[at])))
        hits.append(Hit(shelf.document, shelf.document.clauses[place], score, dense, float(lexical[at])))
    return sorted(hits, key=lambda hit: -hit.score)[:limit]


def assert_same(found, expected):
    assert [hit.clause.id for hit in found] == [hit.clause.id for hit in expected]
    assert [hit.window for hit in found] == [hit.window for hit in expected]
    scores = [[(hit.score, hit.dense, hit.lexical) for hit in hits] for hits in (found, expected)]
    assert np.allclose(*scores, atol=1e-6)


@pytest.mark.parametrize("scope", [None, "oakfield", ("harbour-trust", "willow-bank", "harbour-complaints")])
@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_found_is_what_a_plain_search_finds(assistant, question, scope):
    snapshot = assistant.index.snapshot()

    assert_same(
        assistant.retriever.search(snapshot, question, scope), plainly(assistant.embedder, snapshot, question, scope)
    )


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_large_index_is_searched_coarsely_first_and_finds_the_same(assistant, question, monkeypatch):
    snapshot = assistant.index.snapshot()
    few = assistant.retriever.search(snapshot, question, None)
    monkeypatch.setattr("assistant.index.LARGE", 1)
    large = replace(snapshot)
    assert large.coarse is not None
    many = assistant.retriever.search(large, question, None)
    assert_same(many, few)


@pytest.mark.parametrize("question", QUESTIONS)
def test_coarse_cosines_are_within_the_tolerance(assistant, question):
    shelves = assistant.index.snapshot().filled
    coarse = Coarse([shelf.vectors for shelf in shelves], [shelf.starts for shelf in shelves])
    for asked in (assistant.embedder.question(question).vector, shelves[0].vectors[0], -shelves[0].vectors[0]):
        exact = coarse.exact(asked, np.arange(coarse.edges[-1]))
        assert len(exact) == sum(len(shelf.document.clauses) for shelf in shelves)
        assert np.abs(coarse.cosines(asked) - exact).max() < TOLERANCE


@pytest.mark.parametrize("same", [1, 40])
def test_clauses_that_are_all_alike_and_long_ones_are_found_in_a_large_index(same, monkeypatch):
    embedder, long = SentenceEmbedder(), " ".join(f"Staff must record visit {n} in book {n % 7}." for n in range(200))
    texts = [*["Staff must lock the doors."] * same, *([long] if same > 1 else [])]
    shelf = shelved(embedder, texts)
    snapshot, question = Snapshot(1, (shelf,)), "Must I lock the doors?"
    few = Retriever(embedder).search(snapshot, question, None)
    monkeypatch.setattr("assistant.index.LARGE", 1)
    many = Retriever(embedder).search(replace(snapshot), question, None)
    assert [(h.clause.id, h.window) for h in many] == [(h.clause.id, h.window) for h in few]
    assert len(many) == min(same + (same > 1), 20)


def shelved(embedder, texts):
    """A document with these texts as its clauses, embedded."""
    text, clauses = "\n".join(texts), []
    for number, words in enumerate(texts, 1):
        start = sum(len(one) + 1 for one in texts[: number - 1])
        spans = ((start, start + len(words)),)
        clauses.append(
            Clause(f"d/{number}", "numbered", str(number), (), (), words, spans, modality(words), seal((), words))
        )
    document = Document("d", "D", "School", "d.txt", digest(text), text, clauses=tuple(clauses))
    return Shelf(
        Stored(document, document.version, "2026-01-01T00:00:00+00:00"),
        Packed(embedder.clauses(document.embedding_texts)),
    )


def test_many_lexicons_give_the_scores_of_each(assistant):
    lexicons = [Lexicon([]), *(shelf.lexicon for shelf in assistant.index.snapshot().shelves), Lexicon(["", "a key"])]
    together = Lexicons(lexicons)
    for question in QUESTIONS:
        asked = terms(question)
        alone = np.concatenate([lexicon.scores(asked) for lexicon in lexicons])
        assert np.array_equal(together.scores(asked), alone)
    assert np.array_equal(Lexicons([]).scores(["key"]), [])


@pytest.mark.parametrize("size", [1, 29, 30, 31, 30 * BLOCK, 30 * BLOCK + 1, 100 * BLOCK - 1, 20_000])
@pytest.mark.parametrize("kinds", [2, 50, 1_000_000])
def test_the_highest_are_those_of_a_stable_sort(size, kinds):
    scores = np.random.default_rng(size).integers(0, kinds, size).astype(np.float32)

    assert np.array_equal(highest(scores, 30), np.argsort(-scores, kind="stable")[:30])


def test_packed_embeddings_are_those_that_were_packed():
    chance = np.random.default_rng(0)
    made = [
        Embedding(
            chance.random(4, dtype=np.float32),
            chance.integers(-127, 127, (count, 3)).astype(np.int8) if count else NO_WORDS,
        )
        for count in (2, 0, 5)
    ]
    packed = Packed(made)

    assert len(packed) == 3
    for found, given in zip(packed, made, strict=True):
        assert np.array_equal(found.vector, given.vector)
        assert len(found.words) == len(given.words)
        assert np.array_equal(found.words.ravel(), given.words.ravel())
    with pytest.raises(IndexError, match="There are 3 embeddings, none at 3"):
        packed[3]
