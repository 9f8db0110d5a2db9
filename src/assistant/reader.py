"""The reader: looks at a question and a clause together. Does the clause answer, and with which verdict?

A cross-encoder of the embedder's size, trained on this project's own data (training/reader.py); it chooses among clauses, it writes nothing.
"""

import copy
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.documents import Clause
from assistant.embedding import WEIGHTS, SentenceEmbedder, threads
from assistant.reader_text import VERDICTS, shown

if TYPE_CHECKING:
    import torch
    from torch import nn

MAX_TOKENS = 192


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader says of a clause: the log-odds that it answers, and the chance of each verdict ("info": not a yes/no question)."""

    answers: float
    verdicts: dict[str, float]


class Reader:
    """Reads clauses for a question; loaded on first use, on top of the embedder's model."""

    def __init__(self, embedder: SentenceEmbedder, folder: Path = WEIGHTS) -> None:
        self.embedder = embedder
        self.path = folder / "reader.safetensors"

    @cached_property
    def is_there(self) -> bool:
        """Whether its weights are shipped; they belong to the packaged model."""
        return self.path.exists() and self.embedder.is_bundled

    @cached_property
    def _loaded(self) -> "tuple[nn.Module, dict[str, torch.Tensor]]":
        from safetensors.torch import load_file

        state = {name: value.float() for name, value in load_file(str(self.path)).items()}
        base = self.embedder.encoder
        encoder = copy.deepcopy(base)
        encoder.embeddings = base.embeddings  # frozen in training: shared, not held twice
        encoder.load_state_dict(
            {name.removeprefix("encoder."): value for name, value in state.items() if name.startswith("encoder.")},
            strict=False,
        )
        return encoder.eval(), {name: value for name, value in state.items() if not name.startswith("encoder.")}

    def read(self, question: str, clauses: Sequence[Clause]) -> list[Reading]:
        """A reading of each clause."""
        import torch

        if not clauses:
            return []
        encoder, heads = self._loaded
        texts = [
            shown(
                clause.headings[-1] if clause.headings else "",
                " ".join(stem.text for stem in clause.lead_in),
                clause.text,
                clause.modality,
            )
            for clause in clauses
        ]
        with threads(self.embedder.threads or min(2, os.cpu_count() or 1)), torch.inference_mode():
            tokens = self.embedder.tokenizer(
                [question] * len(texts),
                texts,
                padding=True,
                truncation="longest_first",
                max_length=MAX_TOKENS,
                return_tensors="pt",
            )
            states = encoder(**tokens).last_hidden_state
            mask = tokens["attention_mask"].unsqueeze(-1)
            pooled = (states * mask).sum(1) / mask.sum(1)
            answers = (pooled @ heads["answers.weight"].T + heads["answers.bias"]).squeeze(-1).numpy()
            verdicts = torch.softmax(pooled @ heads["verdict.weight"].T + heads["verdict.bias"], dim=1).numpy()
        return [
            Reading(float(odds), {name: float(chance) for name, chance in zip(VERDICTS, row, strict=True)})
            for odds, row in zip(answers, np.asarray(verdicts), strict=True)
        ]
