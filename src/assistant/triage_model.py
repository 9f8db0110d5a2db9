"""The trained half of the triage: a small encoder that reads a text for its level of concern and for whom it is about.

It is the packaged MiniLM with layers of its own (`weights/triage.npz`), apart from the embedder: what brings a question near its clause is the
topic, what tells a grazed knee from a bruise is the matter (docs/decisions/0011).
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.answers import LEVELS, Level
from assistant.embedding import WEIGHTS, threads
from assistant.encoder import load
from assistant.safeguarding import Branch

if TYPE_CHECKING:
    from torch import Tensor, nn
    from transformers import PreTrainedTokenizerBase

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
MAX_WORD_PIECES = 128
"""Of one reading, as in training. A longer text is read in windows, and the most worrying one counts."""
OVERLAP = 32
SCALE = 8.0
"""What unit vectors are scaled by before the heads, so that there is room for certainty."""


@dataclass(frozen=True)
class Chances:
    """The chance of each level and of each branch; each sums to 1."""

    level: dict[Level, float]
    branch: dict[Branch, float]


class TriageModel:
    """The encoder with its two heads."""

    def __init__(
        self, tokenizer: "PreTrainedTokenizerBase", encoder: "nn.Module", head: "Mapping[str, Tensor]"
    ) -> None:
        self.tokenizer = tokenizer
        self.encoder = encoder
        self.head = head
        self.lock = threading.Lock()

    def chances(self, text: str) -> Chances:
        """What it says of a text; of a long one, what it says of the window that worries most."""
        import torch

        tokens = self.tokenizer(
            text,
            truncation=True,
            max_length=MAX_WORD_PIECES,
            stride=OVERLAP,
            return_overflowing_tokens=True,
            padding=True,
            return_tensors="pt",
        )
        tokens.pop("overflow_to_sample_mapping")
        with self.lock, threads(1), torch.inference_mode():
            states = self.encoder(**tokens).last_hidden_state
            vectors = SCALE * pooled(states, tokens["attention_mask"])
            levels, branches = (
                (vectors @ self.head[f"{name}.weight"].T + self.head[f"{name}.bias"]).softmax(-1).numpy()
                for name in ("level", "branch")
            )
        worst = int(np.argmin(levels[:, LEVELS.index("none")]))
        return Chances(
            {name: float(chance) for name, chance in zip(LEVELS, levels[worst], strict=True)},
            {name: float(chance) for name, chance in zip(BRANCHES, branches[worst], strict=True)},
        )


def pooled(states: "Tensor", attention: "Tensor") -> "Tensor":
    """Mean states of the words, of unit length: shape (texts, hidden)."""
    import torch

    mask = attention.unsqueeze(-1)
    return torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)


@cache
def shipped(folder: Path = WEIGHTS) -> TriageModel | None:
    """The model of the package's weights; None where there are none."""
    path = folder / "triage.npz"
    return TriageModel(*load(path)) if path.exists() else None
