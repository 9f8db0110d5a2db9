"""What answered the like of a question: invented questions in staff's words, with the invented clauses that answer them (`training/data`).

Staff's words and a policy's hardly overlap, two policies' words on one matter do. So a question is led to the examples most like it, and
the clauses that answer those show what an answer reads like; a policy's clause that reads alike gains by it. Nothing of an example is ever
shown. Nearest-neighbour examples for search: compare HyDE (Gao et al. 2022, arXiv:2212.10496), which has a language model invent the clause.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import numpy as np
from numpy.typing import NDArray

from assistant import integrity
from assistant.answers import Verdict
from assistant.embedding import WEIGHTS, threads
from assistant.form import Form
from assistant.late import Embedding, Vectors

if TYPE_CHECKING:
    from torch import Tensor

NEAREST = 10
"""Examples whose clauses are looked at. All numbers here were chosen on the dev questions (docs/evaluation.md)."""
SPREAD = 0.07
"""How fast an example's weight falls with its distance: by e where it is so much less like the question than the nearest."""
NEAREST_READ = 20
SPREAD_READ = 0.05
OTHER_FORM = 0.15
"""How much less an example is alike that asks in another form ("can I …?", "do I have to …?")."""
COARSE = 64
"""Axes along which all examples are compared."""
LOOKED_AT = 1000
"""Examples that are then compared along all axes: the ten nearest are among them for 99 of 100 questions (docs/evaluation.md)."""

FORMS: tuple[Form, ...] = get_args(Form)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Table:
    """Vectors of about unit length along the axes, shape (rows, axes): 8 bits a number, and the first axes once more as they are multiplied fastest."""

    eighths: "Tensor"
    step: float
    coarse: "Tensor"

    @classmethod
    def of(cls, eighths: "Tensor", step: float) -> "Table":
        """`step`: what one of the eighths' steps stands for."""
        return cls(eighths, step, eighths[:, :COARSE].float() * step)

    def roughly(self, along: Vectors) -> Vectors:
        """Every row's product with a vector along the axes, of its first axes alone."""
        return _product(self.coarse, along[:COARSE])

    def exactly(self, rows: NDArray[np.intp], along: Vectors) -> Vectors:
        """These rows' products with a vector along the axes."""
        return _product(self.at(rows), along)

    def at(self, rows: NDArray[np.intp]) -> "Tensor":
        """These rows."""
        return self.eighths[rows].float() * self.step


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions and clauses as the shipped weights embed them, along the axes in which they differ most.

    `axes`: shape (dimension, axes), orthonormal, those first in which they differ most; `answers`: the clause of each example;
    `verdicts`, `forms`: of each example, its place in VERDICTS (−1: none) and FORMS.
    """

    axes: "Tensor"
    questions: Table
    clauses: Table
    answers: NDArray[np.int64]
    verdicts: NDArray[np.int8]
    forms: NDArray[np.int8]

    def expected(self, question: Vectors) -> Vectors:
        """What an answer to the question reads like: the weighed mean of the clauses that answer the examples most like it, shape (dimension,); the shorter the less they agree."""
        asked = _product(self.axes.T, question)
        near = _highest(self.questions.roughly(asked), LOOKED_AT)
        alike = self.questions.exactly(near, asked)
        nearest = _highest(alike, NEAREST)
        answering = self.clauses.at(self.answers[near[nearest]])
        return _product(self.axes, _product(answering.T, _shares(alike[nearest], SPREAD)))

    def read(self, question: Vectors, clause: Vectors, form: Form) -> Mapping[Verdict, float]:
        """How the examples most like this question under this clause were answered: shares that sum to 1."""
        asked, said = _product(self.axes.T, question), _product(self.axes.T, clause)
        other = np.where(self.forms == FORMS.index(form), 0, OTHER_FORM).astype(np.float32)
        told = np.flatnonzero(self.verdicts >= 0)
        rough = 0.5 * (self.questions.roughly(asked) + self.clauses.roughly(said)[self.answers]) - other
        near = told[_highest(rough[told], LOOKED_AT)]
        exact = self.questions.exactly(near, asked) + self.clauses.exactly(self.answers[near], said)
        alike = 0.5 * exact - other[near]
        nearest = _highest(alike, NEAREST_READ)
        counted = np.bincount(self.verdicts[near[nearest]], _shares(alike[nearest], SPREAD_READ), len(VERDICTS))
        return dict(zip(VERDICTS, counted.tolist(), strict=True))


def of(question: Embedding) -> Examples | None:
    """The shipped examples, where the question was embedded by the model that they belong to: the only one that gives words."""
    return shipped() if len(question.words) else None


def expected(question: Embedding) -> Vectors | None:
    """What an answer to the question reads like (`Examples.expected`); None where no examples belong to its model."""
    examples = of(question)
    return None if examples is None else examples.expected(question.vector)


def _product(matrix: "Tensor", vector: Vectors) -> Vectors:
    """By torch: NumPy's threads and torch's would keep each other from the cores."""
    import torch

    with torch.inference_mode(), threads(1):
        found: Vectors = torch.mv(matrix, torch.tensor(vector)).numpy()
    return found


def _highest(scores: Vectors, count: int) -> NDArray[np.intp]:
    return np.argpartition(-scores, min(count, len(scores) - 1))[:count]


def _shares(alike: Vectors, spread: float) -> Vectors:
    weights = np.exp((alike - alike.max()) / spread)
    shares: Vectors = weights / weights.sum()
    return shares


@cache
def shipped(folder: Path = WEIGHTS) -> Examples | None:
    """The examples of the package's weights; None where there are none."""
    import torch

    path = folder / "examples.npz"
    if not path.exists():
        return None
    integrity.check(folder)
    with np.load(path) as held:
        questions, clauses = (
            Table.of(torch.from_numpy(held[name]), float(held[f"{name}_scale"])) for name in ("questions", "clauses")
        )
        return Examples(
            torch.from_numpy(held["axes"]).float(),
            questions,
            clauses,
            held["answers"].astype(np.int64),
            held["verdicts"],
            held["forms"],
        )
