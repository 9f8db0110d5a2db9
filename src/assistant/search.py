"""A question → the clauses most likely to answer it: found by vectors and words together, ranked by late interaction."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from assistant import examples as known
from assistant.coarse import TOLERANCE, Coarse
from assistant.documents import Clause, Document
from assistant.embedding import WEIGHTS, Embedder
from assistant.index import Scope, Shelf, Snapshot
from assistant.late import Embedding, Vectors, load
from assistant.lexical import Scores, terms
from assistant.windows import windows

DENSE = 0.9
"""Weight of the vectors in the score that finds candidates; the rest is the words' (docs/evaluation.md, as all weights here)."""
CANDIDATES = 30
WORDS = 0.015
"""What the best match of words adds to a candidate's score from vectors, the others less in proportion."""
TOWARD = 0.3
"""How far the vector that finds candidates is led from the question to what its answer reads like."""
LIKENESS = 0.3
"""What a candidate gains that reads like what answered similar questions (`assistant.examples`), beside the score of 1 of its own."""
BLOCK = 256
"""Scores that are looked at together when the highest are sought."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause with its scores: `score` says how well it answers (0 to 1), `dense` is the cosine, `lexical` BM25."""

    document: Document
    clause: Clause
    score: float
    dense: float
    lexical: float
    window: str = ""
    """Of a long clause, which is searched by windows: the one that answers best."""
    vector: Vectors | None = field(default=None, repr=False, compare=False)
    """Of the clause, or of that window."""


@cache
def _added_words() -> tuple[tuple[re.Pattern[str], str], ...]:
    table = tomllib.loads((files("assistant") / "words.toml").read_text(encoding="utf-8"))["add"]
    return tuple((re.compile(rf"(?<![\w-]){re.escape(said)}(?![\w-])"), meant) for said, meant in table.items())


def widened(question: str) -> str:
    """The question with the words that policies use for what it says ("insta" → "instagram social media") added."""
    small = question.lower()
    return " ".join([question, *(meant for said, meant in _added_words() if said.search(small))])


class Retriever:
    """Searches the shelves of a snapshot."""

    def __init__(self, embedder: Embedder, threads: int = 0) -> None:
        """`threads`: for the look through a large index; 0 takes all cores."""
        self.embedder = embedder
        self.threads = threads

    def search(
        self, snapshot: Snapshot, question: str, scope: Scope, limit: int = 20, embedding: Embedding | None = None
    ) -> list[Hit]:
        """The best `limit` clauses of what is asked, best first.

        Raises:
            UnknownPolicyError: `scope` names a document that is not there.
        """
        coarse = snapshot.coarse if scope is None else None
        shelves = snapshot.filled if scope is None else [s for s in snapshot.chosen(scope) if s.document.clauses]
        if not shelves:
            return []
        asked = self.embedder.question(question) if embedding is None else embedding
        words = terms(widened(question))
        lexical = (
            snapshot.lexicons.scores(words)
            if scope is None
            else np.concatenate([shelf.lexicon.scores(words) for shelf in shelves])
        )
        shared = _scaled(lexical)
        look = _highest_of_all if coarse is None else partial(_highest_of_many, coarse, self.threads)
        likely = known.expected(asked)
        places = look(shelves, sought(asked, likely), shared, max(limit, CANDIDATES))
        starts = np.cumsum([0, *(len(shelf.starts) for shelf in shelves)]) if coarse is None else coarse.edges
        hits = []
        for at in places:
            which = int(np.searchsorted(starts, at, side="right")) - 1
            shelf, place = shelves[which], int(at - starts[which])
            clause = shelf.document.clauses[place]
            parts = windows(clause.bare_text)
            first = int(shelf.starts[place])
            vectors = shelf.vectors[first : first + len(parts)]
            cosines = vectors @ asked.vector
            scores = [relevance(float(near), asked, shelf.embeddings[first + n]) for n, near in enumerate(cosines)]
            if likely is not None:
                scores = [
                    (own + LIKENESS * float(alike)) / (1 + LIKENESS)
                    for own, alike in zip(scores, vectors @ likely, strict=True)
                ]
            best = scores.index(max(scores))
            score = max(0.0, min(1.0, scores[best] + WORDS * float(shared[at])))
            window = parts[best] if len(parts) > 1 else ""
            hits.append(
                Hit(shelf.document, clause, score, float(cosines[best]), float(lexical[at]), window, vectors[best])
            )
        return sorted(hits, key=lambda hit: -hit.score)[:limit]


def _highest_of_all(shelves: Sequence[Shelf], vector: Vectors, lexical: Scores, count: int) -> NDArray[np.intp]:
    """Places of the `count` clauses that vectors and words together (these scaled) find first, the first first."""
    dense = np.concatenate([np.maximum.reduceat(shelf.vectors @ vector, shelf.starts) for shelf in shelves])
    return highest(DENSE * _scaled(dense) + (1 - DENSE) * lexical, count)


def _highest_of_many(
    coarse: Coarse, threads: int, shelves: Sequence[Shelf], vector: Vectors, lexical: Scores, count: int
) -> NDArray[np.intp]:
    """The same: of all clauses within TOLERANCE, of those that can be among the highest exactly."""
    near = coarse.cosines(vector, threads)
    high = float(coarse.exact(vector, np.flatnonzero(near >= near.max() - 2 * TOLERANCE)).max())
    low = float(coarse.exact(vector, np.flatnonzero(near <= near.min() + 2 * TOLERANCE)).min())
    if not high > low:
        return _highest_of_all(shelves, vector, lexical, count)
    share = DENSE / (high - low)
    fused = near  # in place: at this size, making arrays is what takes time
    fused -= low
    fused *= share
    fused += (1 - DENSE) * lexical
    least = fused[highest(fused, count)[-1]] - 2 * share * TOLERANCE
    places = np.flatnonzero(fused >= least)
    dense = coarse.exact(vector, places)
    order = highest(DENSE * ((dense - low) / (high - low)) + (1 - DENSE) * lexical[places], count)
    return places[order]


def sought(question: Embedding, likely: Vectors | None) -> Vectors:
    """The vector that finds candidates, of length 1: the question's, led a little towards what its answer reads like."""
    if likely is None:
        return question.vector
    vector = question.vector + TOWARD * likely
    led: Vectors = (vector / np.linalg.norm(vector)).astype(np.float32)
    return led


def relevance(dense: float, question: Embedding, clause: Embedding) -> float:
    """The cosine of the two vectors and their late interaction, on a scale from 0 to 1; the cosine alone where there are no words."""
    interaction = load(WEIGHTS)
    if interaction is None or not len(question.words) or not len(clause.words):
        return max(0.0, dense)
    return max(0.0, (dense + interaction.score(question.words, clause.words)) / (1 + sum(interaction.mix)))


def highest(scores: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Places of the `count` highest scores, the highest first, of equal ones the first: what a stable sort of all would give, without it."""
    if len(scores) > count * BLOCK:
        # So many blocks hold a score of at least the count-th highest of the blocks' maxima: nothing below it can be among the highest.
        whole = len(scores) // BLOCK * BLOCK
        maxima = scores[:whole].reshape(-1, BLOCK).max(axis=1)
        near = np.flatnonzero(scores >= np.partition(maxima, -count)[-count])
    else:
        near = np.arange(len(scores))
    return near[np.argsort(-scores[near], kind="stable")[:count]]


def _scaled(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Min-max: the best clause has 1, the worst 0."""
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)
