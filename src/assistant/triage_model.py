"""The trained half of the triage: a linear classifier over a question's vector and its words."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answers import Level
from assistant.embedding import WEIGHTS, Vectors
from assistant.safeguarding import Branch, Finding

BUCKETS = 2**12
"""Word and character features are hashed into this many places."""


@dataclass(frozen=True)
class Weights:
    """A row of weights a label, over the vector then the hashed features."""

    labels: tuple[tuple[Level, Branch], ...]
    matrix: NDArray[np.float32]
    bias: NDArray[np.float32]


@cache
def load(folder: Path = WEIGHTS) -> Weights | None:
    """The trained weights, or None where none are shipped."""
    path = folder / "triage.npz"
    if not path.exists():
        return None
    with np.load(path) as stored:
        labels = tuple((str(level), str(branch)) for level, branch in stored["labels"])
        return Weights(labels, stored["matrix"].astype(np.float32), stored["bias"].astype(np.float32))  # type: ignore[arg-type]


def features(text: str) -> NDArray[np.float32]:
    """Hashed words and pairs of words: shape (BUCKETS,), unit length."""
    import zlib

    words = re.findall(r"[a-z0-9']+", text.lower())
    row = np.zeros(BUCKETS, dtype=np.float32)
    for term in [*words, *(f"{first} {second}" for first, second in zip(words, words[1:], strict=False))]:
        row[zlib.crc32(term.encode()) % BUCKETS] += 1.0
    row = np.sqrt(row)
    return row / max(float(np.linalg.norm(row)), 1e-6)


def classify(text: str, vector: Vectors) -> Finding:
    """The most urgent level that the evidence supports, and its branch."""
    weights = load()
    if weights is None:
        return Finding()
    scores = weights.matrix @ np.concatenate([vector, features(text)]) + weights.bias
    chances = np.exp(scores - scores.max())
    chances /= chances.sum()
    return decide(weights.labels, chances)


def decide(labels: tuple[tuple[Level, Branch], ...], chances: NDArray[np.float32]) -> Finding:
    """A finding from the labels' chances: a missed child is worse than a false alarm, so a concern needs less than an even chance."""
    by_level: dict[str, float] = {}
    for (level, _), chance in zip(labels, chances, strict=True):
        by_level[level] = by_level.get(level, 0.0) + float(chance)
    serious = by_level.get("emergency", 0.0) + by_level.get("same_day", 0.0)
    level: Level = "none"
    if by_level.get("emergency", 0.0) >= 0.4 or (serious >= 0.6 and by_level.get("emergency", 0.0) >= 0.5 * serious):
        level = "emergency"
    elif serious >= 0.4:
        level = "same_day"
    elif serious + by_level.get("consult", 0.0) >= 0.5:
        level = "consult"
    if level == "none":
        return Finding()
    near = ["emergency", "same_day"] if level in {"emergency", "same_day"} else ["consult", "same_day"]
    best = max(((chance, branch) for (name, branch), chance in zip(labels, chances, strict=True) if name in near and branch != "none"), default=(0.0, "child"))
    branch: Branch = best[1]  # type: ignore[assignment]
    return Finding(level, branch)
