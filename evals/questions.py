"""Question sets: JSONL, or CSV with the same columns (lists joined by `;`, alternatives in a group by `|`)."""

import csv
import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from assistant.answers import Turn
from assistant.errors import QuestionError

FOLDER = Path(__file__).parent / "data"


class HistoryTurn(BaseModel):
    """One message before the question."""

    model_config = ConfigDict(extra="forbid")
    role: Literal["user", "assistant"]
    content: str


class Question(BaseModel):
    """A question with what is expected of its answer; what is not given is not scored."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    question: str
    policy: str | None = None
    expected_clauses: tuple[tuple[str, ...], ...] | None = None
    """Groups of alternatives: one clause of each group is needed."""
    expected_status: Literal["answered", "not_covered", "declined", "error"] | None = None
    expected_verdict: Literal["yes", "no", "depends"] | None = None
    expected_level: Literal["none", "consult", "same_day", "emergency"] | None = None
    expected_contact: str | None = None
    tags: tuple[str, ...] = ()
    history: tuple[HistoryTurn, ...] = ()

    @field_validator("id", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> str:
        return str(value)

    @field_validator(
        "policy", "expected_status", "expected_verdict", "expected_level", "expected_contact", mode="before"
    )
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value in {"", "null"} else value

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The history as the assistant takes it."""
        return tuple(Turn(turn.role, turn.content) for turn in self.history)


def read_questions(path: Path) -> list[Question]:
    """The questions of a file, in order.

    Raises:
        QuestionError: names the line and what is wrong with it.
    """
    text = path.read_text(encoding="utf-8-sig")
    rows = [_from_csv(row) for row in csv.DictReader(text.splitlines())] if path.suffix.lower() == ".csv" else None
    questions = []
    for number, row in enumerate(rows if rows is not None else [line for line in text.splitlines() if line.strip()], 1):
        try:
            questions.append(Question.model_validate(json.loads(row) if isinstance(row, str) else row))
        except (json.JSONDecodeError, ValidationError) as error:
            reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            raise QuestionError(
                f"{path}, question {number}: {reason}. Expected the fields of evals/README.md."
            ) from error
    if not questions:
        raise QuestionError(f"{path} holds no question. Expected a JSONL or CSV file as in evals/README.md.")
    return questions


def _from_csv(row: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {key: value for key, value in row.items() if key and value not in {None, ""}}
    if "expected_clauses" in made:
        made["expected_clauses"] = [
            [name.strip() for name in group.split("|")]
            for group in made["expected_clauses"].split(";")
            if group.strip()
        ]
    if "tags" in made:
        made["tags"] = [tag.strip() for tag in made["tags"].split(";")]
    if "history" in made:
        made["history"] = json.loads(made["history"])
    return made
