"""The examples that stand beside the weights (`assistant.examples`): all training questions that a clause answers, as the trained encoder embeds them."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import SentenceEmbedder
from assistant.examples import FORMS, VERDICTS
from assistant.form import form_of
from training.data import FOLDER, read

AXES = 256
"""Numbers kept of a vector's 384 (docs/evaluation.md)."""


def main(out: Path, *, data: Path = FOLDER) -> str:
    """Embed with the package's weights and write `examples.npz`; `out`: the folder of those weights."""
    embedder = SentenceEmbedder()
    clauses: list[str] = []
    asked: list[tuple[str, int, str | None]] = []
    for group in read(data):
        asked += [(one.text, len(clauses) + one.answers[0], one.verdict) for one in group.questions if one.answers]
        clauses += [clause.shown() for clause in group.clauses]
    named = sorted({clause for _, clause, _ in asked})
    place = {clause: n for n, clause in enumerate(named)}
    typed = np.stack(
        [one.vector for one in embedder.clauses([text for text, _, _ in asked])]
    )  # in batches; only words' weights differ
    stated = np.stack([one.vector for one in embedder.clauses([clauses[n] for n in named])])
    axes = _axes(np.concatenate([typed, stated]))
    questions, question_scale = _eighth(typed @ axes)
    said, said_scale = _eighth(stated @ axes)
    np.savez_compressed(
        out / "examples.npz",
        axes=axes.astype(np.float16),
        questions=questions,
        questions_scale=question_scale,
        clauses=said,
        clauses_scale=said_scale,
        answers=np.array([place[clause] for _, clause, _ in asked], dtype=np.int32),
        verdicts=np.array([VERDICTS.index(v) if v in VERDICTS else -1 for _, _, v in asked], dtype=np.int8),
        forms=np.array([FORMS.index(form_of(text)) for text, _, _ in asked], dtype=np.int8),
    )
    return f"{len(asked)} examples, {len(named)} clauses"


def _axes(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The directions in which vectors differ most, shape (dimension, AXES)."""
    _, found = np.linalg.eigh(vectors.T @ vectors)
    return np.ascontiguousarray(found[:, ::-1][:, :AXES]).astype(np.float16).astype(np.float32)


def _eighth(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], float]:
    """Rounded to 8 bits, and what one step stands for."""
    step = float(np.abs(vectors).max()) / 127
    return np.rint(vectors / step).astype(np.int8), step
