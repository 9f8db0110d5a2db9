"""Late interaction: a question and a clause compared word by word, which ranks what the vectors found.

Every word of one text is matched with its nearest word of the other, both ways, and the similarities are averaged by the words' weights
(after ColBERT, Khattab and Zaharia 2020, arXiv:2004.12832). The words' vectors come out of the same pass that makes a text's vector, so
a question costs nothing more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from assistant import integrity

Vectors = NDArray[np.float32]
Words = NDArray[np.int8]
"""A row a word of a text: its unit vector × 127, then its weight relative to the text's heaviest word × 127."""

NO_WORDS: Words = np.zeros((0, 1), dtype=np.int8)


@dataclass(frozen=True, slots=True)
class Embedding:
    """A text as embedded: `vector`, shape (dimension,), of unit length; `words`, none where the model is not tuned for them."""

    vector: Vectors
    words: Words = field(default_factory=lambda: NO_WORDS)


class Packed(Sequence[Embedding]):
    """Embeddings in two arrays: an object for each would cost as much again as a short clause's words."""

    def __init__(self, embeddings: Sequence[Embedding]) -> None:
        vectors = [item.vector for item in embeddings]
        self.vectors: Vectors = np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)
        """Shape (texts, dimension)."""
        held = [item.words for item in embeddings if len(item.words)]
        self.words: Words = np.concatenate(held) if held else NO_WORDS
        """Those of all texts, one text after the other."""
        self._ends = np.cumsum([0, *(len(item.words) for item in embeddings)])

    @classmethod
    def of(cls, vectors: Vectors, words: Words, counts: NDArray[np.int64]) -> "Packed":
        """From its arrays.

        Raises:
            ValueError: they do not belong together.
        """
        if len(counts) != len(vectors) or counts.sum() != len(words):
            raise ValueError(
                f"{len(vectors)} vectors, {len(words)} words where {len(counts)} texts have {counts.sum()}"
            )
        made = cls([])
        made.vectors, made.words, made._ends = vectors, words, np.cumsum([0, *counts])
        return made

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many words each text has: shape (texts,)."""
        return np.diff(self._ends)

    @property
    def size(self) -> int:
        """Bytes of both arrays."""
        return self.vectors.nbytes + self.words.nbytes

    def __len__(self) -> int:
        return len(self.vectors)

    @overload
    def __getitem__(self, place: int) -> Embedding: ...

    @overload
    def __getitem__(self, place: slice) -> list[Embedding]: ...

    def __getitem__(self, place: int | slice) -> Embedding | list[Embedding]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(f"There are {len(self)} embeddings, none at {place}.")
        return Embedding(self.vectors[place], self.words[self._ends[place] : self._ends[place + 1]])


NOTHING = Packed([])


@dataclass(frozen=True, slots=True)
class LateInteraction:
    """The trained part: `project` (word dimension, hidden), `weigh` (2, hidden: questions, clauses), `mix` (there, back)."""

    project: Vectors
    weigh: Vectors
    mix: tuple[float, float]

    def words(self, projected: Vectors, heights: Vectors, places: NDArray[np.bool_]) -> list[Words]:
        """The words of some texts, packed: `projected` (texts, pieces, word dimension), `heights` (texts, pieces), `places` (texts, pieces) says which pieces count."""
        vectors = projected / np.linalg.norm(projected, axis=-1, keepdims=True)
        tops = np.where(places, heights, -np.inf).max(axis=1, keepdims=True)
        weights = np.exp(np.where(places, heights - tops, 0))
        packed = np.rint(127 * np.concatenate([vectors, weights[..., None]], axis=-1)).astype(np.int8)
        return [one[here] for one, here in zip(packed, places, strict=True)]

    def score(self, question: Words, clause: Words) -> float:
        """How well the two match, from −1 to 1 times the sum of `mix`; 0 where either has no words."""
        if not len(question) or not len(clause):
            return 0.0
        asked, said = question.astype(np.float32) / 127, clause.astype(np.float32) / 127
        pairs = asked[:, :-1] @ said[:, :-1].T
        there = float(pairs.max(axis=1) @ asked[:, -1] / asked[:, -1].sum())
        back = float(pairs.max(axis=0) @ said[:, -1] / said[:, -1].sum())
        return self.mix[0] * there + self.mix[1] * back


@cache
def load(folder: Path) -> LateInteraction | None:
    """The shipped part, or None where there is none."""
    path = folder / "late.npz"
    if not path.exists():
        return None
    integrity.check(folder)
    with np.load(path) as held:
        there, back = held["mix"]
        return LateInteraction(held["project"].astype(np.float32), held["weigh"], (float(there), float(back)))
