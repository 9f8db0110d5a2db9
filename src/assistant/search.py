"""A question → the clauses most likely to answer it: vectors and words together, fused."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from assistant.documents import Clause, Document
from assistant.embedding import Embedder, Vectors
from assistant.index import Scope, Shelf, Snapshot

DENSE = 0.9
"""Weight of the vectors in the fused score; the rest is the words'. Chosen on the dev questions (docs/evaluation.md)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause with its scores: `score` the fused one (0 to 1 within a search), `dense` the cosine, `lexical` BM25."""

    document: Document
    clause: Clause
    score: float
    dense: float
    lexical: float


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

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder

    def search(
        self, snapshot: Snapshot, question: str, scope: Scope, limit: int = 20, vector: Vectors | None = None
    ) -> list[Hit]:
        """The best `limit` clauses of what is asked, best first.

        Raises:
            UnknownPolicyError: `scope` names a document that is not there.
        """
        shelves = [shelf for shelf in snapshot.chosen(scope) if shelf.document.clauses]
        if not shelves:
            return []
        vector = self.embedder.question(question) if vector is None else vector
        asked = widened(question)
        dense = np.concatenate([shelf.vectors @ vector for shelf in shelves])
        lexical = np.concatenate([_words(shelf, asked) for shelf in shelves])
        fused = DENSE * _scaled(dense) + (1 - DENSE) * _scaled(lexical)
        entries = [(shelf.document, clause) for shelf in shelves for clause in shelf.document.clauses]
        best = np.argsort(-fused, kind="stable")[:limit]
        return [
            Hit(entries[place][0], entries[place][1], float(fused[place]), float(dense[place]), float(lexical[place]))
            for place in best
        ]


def _words(shelf: Shelf, question: str) -> NDArray[np.float32]:
    return shelf.lexicon.scores(question)


def _scaled(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Min-max: the best clause has 1, the worst 0."""
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)
