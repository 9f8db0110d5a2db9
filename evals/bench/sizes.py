"""Indexes of any size, without hours of embedding: a grammar's clauses, and vectors that stray from real ones as clauses do."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from assistant.documents import Document
from assistant.embedding import SentenceEmbedder
from assistant.index import Index, Shelf, Snapshot
from assistant.late import Embedding, Packed
from assistant.store import Stored
from evals.bench.grammar import document, rules

CLAUSES = 200
"""Clauses of a synthetic document."""
SEEDS = 256
STRAY = 0.5
"""Length of the noise added to a real vector of length 1; cosines with its seed are then about 0.9, as between sibling clauses."""


class Sampled:
    """An embedder whose questions are real and whose clauses are real ones of the grammar, each moved a little: thousands a second."""

    def __init__(self, real: SentenceEmbedder, *, shared_words: bool = False) -> None:
        self.real = real
        self.name = real.name
        self.dimension = real.dimension
        self.shared_words = shared_words
        self.chance = np.random.default_rng(0)
        self.seeds = real.clauses(list(rules(-1, SEEDS)))

    def clauses(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> list[Embedding]:
        """As many embeddings as texts."""
        picked = [self.seeds[place] for place in self.chance.integers(0, SEEDS, len(texts))]
        noise = self.chance.standard_normal((len(texts), self.dimension), dtype=np.float32)
        moved = np.stack([seed.vector for seed in picked]) + noise * (STRAY / self.dimension**0.5)
        moved /= np.linalg.norm(moved, axis=1, keepdims=True)
        if progress is not None:
            progress(len(texts))
        words = [seed.words if self.shared_words else seed.words.copy() for seed in picked]
        return [Embedding(vector, held) for vector, held in zip(moved, words, strict=True)]

    def question(self, text: str) -> Embedding:
        """A question, embedded by the real model."""
        return self.real.question(text)


class Held(Index):
    """An index whose snapshot is at hand and never changes."""

    def __init__(self, folder: Path, embedder: SentenceEmbedder, shelves: tuple[Shelf, ...]) -> None:
        super().__init__(folder, embedder)
        self.held = Snapshot(1, shelves)

    def snapshot(self) -> Snapshot:
        """What was given."""
        return self.held


def documents(clauses: int) -> list[Document]:
    """Synthetic documents with so many clauses in all, rounded up to whole documents."""
    return [document(number, min(CLAUSES, clauses)) for number in range(-(-clauses // CLAUSES))]


def shelves(clauses: int, embedder: Sampled) -> tuple[Shelf, ...]:
    """Synthetic shelves with so many clauses in all."""
    return tuple(
        Shelf(
            Stored(one, one.version, "2026-01-01T00:00:00+00:00"),
            Packed(embedder.clauses([c.text for c in one.clauses])),
        )
        for one in documents(clauses)
    )
