"""The trained half of the verdict: a small cross-encoder that reads a question together with a clause.

It is the packaged MiniLM with layers of its own (`weights/reader.npz`, 8 bits a weight), and is told what code has read already: the
question's form, the clause's force, and whether it sets conditions. It never speaks alone: see `assistant.verdict.settled`, and `assistant.judge` for
its doubt that a clause answers at all.
"""

import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant.documents import Modality
from assistant.embedding import WEIGHTS, threads
from assistant.encoder import load
from assistant.form import form_of
from assistant.modality import limits

if TYPE_CHECKING:
    from torch import Tensor, nn
    from transformers import PreTrainedTokenizerBase

Reading = Literal["yes", "no", "depends", "open", "silent"]
READINGS: tuple[Reading, ...] = ("yes", "no", "depends", "open", "silent")
"""What the reader tells apart; "open": the question is none of yes or no; "silent": the clause does not answer it."""
MAX_WORD_PIECES = 192
_FORCE: dict[Modality, str] = {
    "must": "must",
    "must_not": "must not",
    "should": "should",
    "should_not": "should not",
    "may": "may",
    "may_if": "may if",
    "statement": "statement",
}


def pair(question: str, modality: Modality, heading: str, said: str) -> tuple[str, str]:
    """The two texts that the reader sees. `said`: the clause's stems and words."""
    form = form_of(question)
    known = "unknown" if form == "statement" else form  # the reader was trained without this difference
    told = f"{known} . {_FORCE[modality]} . {'condition' if limits(said) else 'plain'} . "
    return question, told + (f"{heading} | " if heading else "") + said


def pooled(states: "Tensor", attention: "Tensor", sides: "Tensor") -> "Tensor":
    """Mean states of the question's words and of the clause's, side by side: shape (pairs, 2 × hidden)."""
    import torch

    asked = (attention * (1 - sides)).unsqueeze(-1)
    said = (attention * sides).unsqueeze(-1)
    means = [(states * mask).sum(1) / mask.sum(1).clamp(min=1) for mask in (asked, said)]
    return torch.cat(means, dim=1)


class VerdictReader:
    """The chances of each reading of a question and a clause."""

    def __init__(
        self, tokenizer: "PreTrainedTokenizerBase", encoder: "nn.Module", head: Mapping[str, "Tensor"]
    ) -> None:
        self.tokenizer = tokenizer
        self.encoder = encoder
        self.head = head
        self.lock = threading.Lock()

    def chances(self, question: str, modality: Modality, heading: str, said: str) -> dict[Reading, float]:
        """How likely each reading is; they sum to 1."""
        import torch

        asked, told = pair(question, modality, heading, said)
        tokens = self.tokenizer(asked, told, truncation=True, max_length=MAX_WORD_PIECES, return_tensors="pt")
        with self.lock, threads(1), torch.inference_mode():
            states = self.encoder(**tokens).last_hidden_state
            both = pooled(states, tokens["attention_mask"], tokens["token_type_ids"])
            hidden = torch.tanh(both @ self.head["hidden.weight"].T + self.head["hidden.bias"])
            found = (hidden @ self.head["out.weight"].T + self.head["out.bias"]).softmax(-1)[0]
        return {reading: float(chance) for reading, chance in zip(READINGS, found, strict=True)}


@cache
def shipped(folder: Path = WEIGHTS) -> VerdictReader | None:
    """The reader of the package's weights; None where there are none."""
    if not (folder / "reader.npz").exists():
        return None
    return VerdictReader(*load(folder / "reader.npz"))
