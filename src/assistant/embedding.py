"""Text → vectors of texts and of their words. The only import of sentence_transformers, and it happens when a model other than the packaged one is loaded."""

import json
import os
import threading
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assistant import integrity, late
from assistant.encoder import Base, base, offline
from assistant.errors import ModelError
from assistant.late import Embedding
from assistant.settings import BUNDLED_MODEL

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 32
"""Texts embedded together. 64 take no less, and in some runs the system fetches their memory anew for each layer (docs/performance.md)."""
MAX_WORD_PIECES = 256

WEIGHTS = Path(__file__).parent / "weights"


class Embedder(Protocol):
    """Turns texts into vectors of unit length."""

    @property
    def name(self) -> str:
        """Stamped into an index: two embedders of one name give the same vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def clauses(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> list[Embedding]:
        """Clauses embedded, in order. `progress` is called with counts of texts done."""
        ...

    def question(self, text: str) -> Embedding:
        """A question embedded."""
        ...


class SentenceEmbedder:
    """The packaged MiniLM with this project's weights, or another sentence-transformers model; loaded on first use."""

    def __init__(self, model: str = BUNDLED_MODEL, *, threads: int = 0) -> None:
        self.model = model
        self.threads = threads
        self.lock = threading.Lock()

    @cached_property
    def name(self) -> str:
        """Model and weights."""
        if not self.is_bundled:
            return self.model
        integrity.check(WEIGHTS)
        tuned = [WEIGHTS / "embedder.safetensors", WEIGHTS / "late.npz"]
        hashes = "".join(integrity.sha256(path)[:8] for path in tuned if path.exists())
        return f"{BUNDLED_MODEL}+{hashes}" if hashes else BUNDLED_MODEL

    @cached_property
    def dimension(self) -> int:
        """Length of a vector."""
        return 384 if self.is_bundled else int(self._other.get_embedding_dimension() or 0)

    @cached_property
    def _other(self) -> "SentenceTransformer":
        offline()
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(self.model, device="cpu", local_files_only=not Path(self.model).exists())
        except (OSError, ValueError) as error:
            raise ModelError(
                f"The embedding model {self.model!r} can't be loaded ({error}). Name a folder that holds one, or unset ASSISTANT_MODEL."
            ) from error

    @cached_property
    def _bundled(self) -> Base:
        model = base()
        if (WEIGHTS / "embedder.safetensors").exists():
            from safetensors.torch import load_file

            integrity.check(WEIGHTS)
            tuned = {name: value.float() for name, value in load_file(str(WEIGHTS / "embedder.safetensors")).items()}
            unknown = model.layers.load_state_dict(tuned, strict=False).unexpected_keys
            if unknown:
                raise ModelError(
                    f"The tuned weights hold {unknown[0]!r}, which the model has not. Reinstall policy-assistant."
                )
        return model

    @property
    def is_bundled(self) -> bool:
        """Whether this is the packaged model, which the shipped weights belong to."""
        return self.model == BUNDLED_MODEL

    def warm(self) -> None:
        """Load the model and embed once, so that the first question doesn't pay for it."""
        self.question("warm")

    def clauses(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> list[Embedding]:
        """Clauses embedded, in order; those of a length together, so that little is padded."""
        result: dict[int, Embedding] = {}
        with self.lock, threads(self.threads or os.cpu_count() or 1):
            pieces = self._pieces(texts) if self.is_bundled and texts else []
            lengths = [len(one) for one in pieces or texts]
            order = sorted(range(len(texts)), key=lambda place: -lengths[place])
            for start in range(0, len(order), BATCH):
                batch = order[start : start + BATCH]
                made = (
                    self._embed([pieces[place] for place in batch], question=False)
                    if pieces
                    else self._encode([texts[place] for place in batch])
                )
                result |= dict(zip(batch, made, strict=True))
                if progress is not None:
                    progress(len(batch))
        return [result[place] for place in range(len(texts))]

    def question(self, text: str) -> Embedding:
        """One question embedded."""
        with self.lock, threads(self.threads or 1):
            made = self._embed(self._pieces([text]), question=True) if self.is_bundled else self._encode([text])
            return made[0]

    def _encode(self, texts: list[str]) -> list[Embedding]:
        vectors = self._other.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        return [Embedding(np.asarray(vector, dtype=np.float32)) for vector in vectors]

    def _pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """The texts' word pieces, with the marks at a text's ends."""
        tokens = self._bundled.tokenizer(list(texts), truncation=True, max_length=MAX_WORD_PIECES)
        found: list[list[int]] = tokens["input_ids"]
        return found

    def _embed(self, pieces: list[list[int]], *, question: bool) -> list[Embedding]:
        import torch

        ids = torch.nn.utils.rnn.pad_sequence([torch.tensor(one) for one in pieces], batch_first=True)
        places, ends = torch.arange(ids.shape[1]), torch.tensor([[len(one)] for one in pieces])
        real, words = places < ends, (places > 0) & (places < ends - 1)  # words: without the marks
        interaction = late.load(WEIGHTS)
        # All products are torch's: NumPy's threads and torch's would keep each other from the cores.
        with torch.inference_mode():
            states = self._bundled.layers(input_ids=ids, attention_mask=real.long()).last_hidden_state
            pooled = torch.nn.functional.normalize((states * real[..., None]).sum(1) / ends)
            if interaction is None:
                return [Embedding(vector) for vector in pooled.numpy()]
            projected = states @ torch.from_numpy(interaction.project).T
            heights = states @ torch.from_numpy(interaction.weigh[0 if question else 1])
        packed = interaction.words(projected.numpy(), heights.numpy(), words.numpy())
        return [Embedding(vector, found) for vector, found in zip(pooled.numpy(), packed, strict=True)]


class threads:
    """Sets torch's thread count inside a block: two threads cost a single question more than they give on a busy machine."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __enter__(self) -> None:
        import torch

        self.before = torch.get_num_threads()
        if self.before != self.count:
            torch.set_num_threads(self.count)

    def __exit__(self, *_: object) -> None:
        import torch

        if self.before != self.count:
            torch.set_num_threads(self.before)


@cache
def tuned_facts() -> dict[str, object]:
    """What the training of the shipped weights recorded; empty where none are shipped."""
    path = WEIGHTS / "embedder.json"
    if not path.exists():
        return {}
    integrity.check(WEIGHTS)
    return dict(json.loads(path.read_text()))
