"""The trained half of the triage: linear heads over a question's vector, for the level, whom it is about, and whether it is about policy at all."""

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import integrity
from assistant.answers import LEVELS, Level
from assistant.embedding import WEIGHTS
from assistant.late import Vectors
from assistant.safeguarding import Branch

BRANCHES: tuple[Branch, ...] = (
    "none",
    "child",
    "boundary",
    "danger",
    "self_harm_adult",
    "staff",
    "headteacher",
    "proprietor",
    "dsl",
    "whistleblowing",
    "abuse_of_staff",
)


TALK = 0.8
"""The chance from which words are taken for no question of policy (docs/evaluation.md)."""


@dataclass(frozen=True)
class Chances:
    """The chance of each level, of each branch, and that it is no question of policy."""

    level: dict[Level, float]
    branch: dict[Branch, float]
    talk: float


@dataclass(frozen=True)
class Heads:
    """Weights of the heads: shapes (levels, dimension), (levels,), (branches, dimension), (branches,), (dimension,), ()."""

    level: NDArray[np.float32]
    level_bias: NDArray[np.float32]
    branch: NDArray[np.float32]
    branch_bias: NDArray[np.float32]
    talk: NDArray[np.float32]
    talk_bias: NDArray[np.float32]


@cache
def load(folder: Path = WEIGHTS) -> Heads | None:
    """The trained heads, or None where none are shipped."""
    path = folder / "triage.npz"
    if not path.exists():
        return None
    integrity.check(folder)
    with np.load(path) as stored:
        return Heads(*(stored[field.name].astype(np.float32) for field in fields(Heads)))


def chances(vector: Vectors) -> Chances | None:
    """What the heads say of a question's vector; None for an embedder that they were not trained on."""
    heads = load()
    if heads is None or heads.level.shape[1] != len(vector):
        return None
    level = _softmax(heads.level @ vector + heads.level_bias)
    branch = _softmax(heads.branch @ vector + heads.branch_bias)
    return Chances(
        {name: float(chance) for name, chance in zip(LEVELS, level, strict=True)},
        {name: float(chance) for name, chance in zip(BRANCHES, branch, strict=True)},
        float(1 / (1 + np.exp(-(heads.talk @ vector + heads.talk_bias)))),
    )


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum(), dtype=np.float32)
