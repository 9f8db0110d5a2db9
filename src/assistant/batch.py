"""One line of a batch in, one answer object out; nothing a line holds stops the others."""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answers import Answer, Turn
from assistant.ask import Assistant
from assistant.errors import AssistantError

MAX_HISTORY = 50
"""Turns of a history that are read, counted from the end."""


class _Turn(BaseModel):
    model_config = ConfigDict(extra="ignore")
    role: Literal["user", "assistant"]
    content: str


class Line(BaseModel):
    """A line of a batch, as the contract has it; further keys are ignored."""

    model_config = ConfigDict(extra="ignore")
    id: str | int | None = None
    question: str
    policy: str | None = None
    history: list[_Turn] | None = Field(default=None)


def answer_line(assistant: Assistant, line: str, number: int) -> dict[str, Any]:
    """The answer object for a line; status "error" with the reason in `summary` where it can't be answered."""
    row: Any = None
    try:
        row = json.loads(line)
        parsed = Line.model_validate(row)
    except (json.JSONDecodeError, RecursionError) as error:
        return _error(
            None,
            number,
            "",
            f'Line {number} is no JSON object ({error}). Expected {{"id": …, "question": …, "policy": …}}.',
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        return _error(
            row,
            number,
            "",
            f'Line {number}: {where}: {first["msg"]}. Expected {{"id": …, "question": …, "policy": …}}.',
        )
    history = [Turn(turn.role, turn.content) for turn in (parsed.history or [])[-MAX_HISTORY:]]
    try:
        answer = assistant.ask(parsed.question, parsed.policy or None, history)
    except AssistantError as error:
        return _error(row, number, parsed.question, f"Line {number}: {error}")
    return {**answer.as_dict(), "id": parsed.id}


def _error(row: Any, number: int, question: str, reason: str) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    given = row if isinstance(row, dict) else {}
    policy = given.get("policy")
    answer = Answer(
        question or (given.get("question") if isinstance(given.get("question"), str) else "") or "",
        policy if isinstance(policy, str) else None,
        "error",
        summary=reason,
        warnings=(reason,),
        timings_ms={"triage": 0.0, "search": 0.0, "compose": 0.0, "total": 0.0},
    )
    return {**answer.as_dict(), "id": given.get("id", f"line-{number}")}
