"""Training data: invented clauses with questions in staff's words (`training/data/*.jsonl`).

Two forms of line. *Single*: one clause with its questions and near misses. *Mini-policy*: the clauses of one invented policy with questions
that name the clauses that answer, and questions that the policy leaves unanswered. Both become `Group`s: clauses that stand beside each other.
A line with "extends" adds questions to the mini-policy that it names (file and line).
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Clause:
    """An invented clause in its context."""

    heading: str
    lead_in: str
    text: str

    def shown(self, *, heading: bool = True) -> str:
        """The text that is embedded: the same form as `assistant.documents.Clause.embedding_text`."""
        parts = [self.heading] if heading and self.heading else []
        return " | ".join([*parts, f"{self.lead_in} {self.text}".strip()])


@dataclass(frozen=True, slots=True)
class Question:
    """A question: positions in its group of the clauses that answer (none: silent), the verdict, the clauses known not to answer."""

    text: str
    answers: tuple[int, ...]
    verdict: str | None
    near: int | None = None
    """For a near miss of a single: the one clause that is known not to answer it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Clauses of one policy (or one clause alone) with their questions. `complete`: a question's answers are all known."""

    name: str
    clauses: tuple[Clause, ...]
    questions: tuple[Question, ...]
    complete: bool


def read(folder: Path = FOLDER) -> list[Group]:
    """All groups, in the order of files and lines."""
    rows = {
        f"{path.stem}:{number}": json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        if not path.name.startswith(("triage", "families"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines())
        if line.strip()
    }
    for more in [rows.pop(name) for name, row in list(rows.items()) if "extends" in row]:
        rows[more["extends"]]["questions"] += more["questions"]
        rows[more["extends"]]["silent"] += more["silent"]
    return [_group(name, row) for name, row in rows.items()]


def _group(name: str, row: dict[str, Any]) -> Group:
    if "clauses" in row:
        return _mini_policy(name, row)
    clause = Clause(str(row["heading"] or ""), str(row["lead_in"] or ""), str(row["clause"]))
    asked = [Question(item["q"], (0,), item["verdict"]) for item in row["questions"]]
    missed = [Question(text, (), None, near=0) for text in row["near_miss"]]
    return Group(name, (clause,), (*asked, *missed), complete=False)


def _mini_policy(name: str, row: dict[str, Any]) -> Group:
    rows: list[dict[str, str]] = row["clauses"]
    place = {item["id"]: n for n, item in enumerate(rows)}
    clauses = tuple(Clause(item["heading"] or "", item["lead_in"] or "", item["clause"]) for item in rows)
    asked = [
        Question(item["q"], tuple(place[key] for key in item["clauses"]), item["verdict"]) for item in row["questions"]
    ]
    silent = [Question(text, (), None) for text in row["silent"]]
    return Group(name, clauses, (*asked, *silent), complete=True)


def read_talk(folder: Path = FOLDER) -> list[str]:
    """What is no question of policy: small talk, other tasks, orders to the program; a line each."""
    return (folder / "other-talk.txt").read_text(encoding="utf-8").splitlines()


def is_dev(group: Group) -> bool:
    """A fixed eighth of the groups is held out of training."""
    return int(hashlib.sha256(group.name.encode()).hexdigest(), 16) % 8 == 0
