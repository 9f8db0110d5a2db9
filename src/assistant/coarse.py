"""All vectors of a large index in half precision: which clauses can be among the nearest, found in a quarter of the time that looking at each exactly takes."""

import os
import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import threads
from assistant.late import Vectors

LARGE = 50_000
"""Clauses from which on it pays: below, reading all vectors takes less time than embedding the question."""
TOLERANCE = 0.002
"""A cosine is never further from its exact value: rounding two vectors of length 1 to 11 bits moves their product by 2 ** -10 at most, its own rounding by half of that."""


class Coarse:
    """The vectors of documents that have clauses, in their order."""

    def __init__(self, vectors: Sequence[Vectors], starts: Sequence[NDArray[np.intp]]) -> None:
        """`vectors`: of each document, shape (windows, dimension); `starts`: the row of each clause's first window."""
        import torch

        self._one = threading.Lock()
        """One question at a time: each takes all cores."""
        self.vectors = vectors
        self.starts = starts
        rows = np.cumsum([0, *(len(one) for one in vectors)])
        self._halves = torch.empty((int(rows[-1]), vectors[0].shape[1]), dtype=torch.float16)
        for one, first, last in zip(vectors, rows, rows[1:], strict=False):
            self._halves[first:last] = torch.from_numpy(np.ascontiguousarray(one))
        self._starts = np.concatenate([one + first for one, first in zip(starts, rows, strict=False)])
        self.edges: NDArray[np.intp] = np.cumsum([0, *(len(one) for one in starts)])
        """Place of each document's first clause among all, and the number of all."""

    def cosines(self, vector: Vectors, count: int = 0) -> Vectors:
        """Every clause's cosine with a vector of length 1, within TOLERANCE; of a long clause its best window's: shape (clauses,). `count`: threads, 0 takes all cores."""
        import torch

        with self._one, torch.inference_mode(), threads(count or os.cpu_count() or 1):
            found = torch.mv(self._halves, torch.tensor(vector).half()).float().numpy()
        return found if len(found) == len(self._starts) else np.maximum.reduceat(found, self._starts)

    def exact(self, vector: Vectors, places: NDArray[np.intp]) -> Vectors:
        """The exact cosines of the clauses at some places, in rising order of places: shape (places,)."""
        found = []
        which = np.searchsorted(self.edges, places, side="right") - 1
        for number in np.unique(which):
            vectors, starts, inside = self.vectors[number], self.starts[number], places[which == number]
            inside = inside - self.edges[number]
            if len(vectors) == len(starts):
                found.append(vectors[inside] @ vector)
            else:
                found.append(np.maximum.reduceat(vectors @ vector, starts)[inside])
        return np.concatenate(found)
