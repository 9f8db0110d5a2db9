"""Stand-ins at this project's own protocols: small, deterministic, no model and no network."""

import hashlib
from collections.abc import Callable, Sequence

import numpy as np

from assistant.late import Embedding


class WordLengthEmbedder:
    """An embedder of eight dimensions: each word adds its length at the place that its hash names. Counts what it embeds."""

    dimension = 8

    def __init__(self, name: str = "word-length") -> None:
        self.name = name
        self.embedded: list[str] = []

    def clauses(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> list[Embedding]:
        self.embedded += texts
        if progress is not None:
            progress(len(texts))
        return [self.question(text) for text in texts]

    def question(self, text: str) -> Embedding:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for word in text.lower().split():
            vector[hashlib.sha256(word.encode()).digest()[0] % self.dimension] += len(word)
        length = float(np.linalg.norm(vector))
        return Embedding(vector / length if length else np.eye(1, self.dimension, dtype=np.float32)[0])
