"""Question sets: JSONL, or CSV with the same columns (lists joined by `;`, alternatives in a group by `|`)."""

import csv
import io
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
        return None if value in ("", "null") else value

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The history as the assistant takes it."""
        return tuple(Turn(turn.role, turn.content) for turn in self.history)


def read_questions(path: Path) -> list[Question]:
    """The questions of a file, in order.

    Raises:
        QuestionError: names the line and what is wrong with it.
    """
    questions = []
    for number, row in enumerate(_rows(path), 1):
        try:
            questions.append(Question.model_validate(json.loads(row) if isinstance(row, str) else _from_csv(row)))
        except (ValueError, RecursionError) as error:
            reason = _reason(error) if isinstance(error, ValidationError) else str(error)
            raise QuestionError(
                f"{path}, question {number}: {reason}. Expected the fields of evals/README.md."
            ) from error
    if not questions:
        raise QuestionError(f"{path} holds no question. Expected a JSONL or CSV file as in evals/README.md.")
    return questions


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'the line'}: {first['msg']}"


def _rows(path: Path) -> list[str | dict[str, str]]:
    """Lines of JSON, or rows of CSV."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() == ".csv":
            return list(csv.DictReader(io.StringIO(text)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise QuestionError(f"{path} can't be read ({error}). Save it as UTF-8 (in Excel: CSV UTF-8).") from error
    return [line for line in text.split("\n") if line.strip()]  # splitlines() would break at U+2028 inside a string


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
