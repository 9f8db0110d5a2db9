"""One line of a batch in, one answer object out; nothing a line holds stops the others."""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answers import Answer, Turn
from assistant.ask import Assistant
from assistant.errors import AssistantError

MAX_HISTORY = 50
"""Turns of a history that are read, counted from the end."""

EXPECTED = 'Expected {"id": …, "question": …, "policy": …}.'


class _Turn(BaseModel):
    model_config = ConfigDict(extra="ignore")
    role: Literal["user", "assistant"]
    content: str


class Line(BaseModel):
    """A line of a batch, as the contract has it; further keys are ignored, and `id` goes back as it came."""

    model_config = ConfigDict(extra="ignore")
    question: str
    policy: str | None = None
    history: list[_Turn] | None = Field(default=None)


def answer_line(assistant: Assistant, line: str, number: int) -> dict[str, Any]:
    """The answer object for a line; status "error" with the reason in `summary` where it can't be answered."""
    where = f"Line {number}"
    try:
        row = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:  # ValueError: also a number of more digits than Python reads
        answer = _error(None, f"{where} is no JSON object ({error}). {EXPECTED}")
    else:
        answer = answer_row(assistant, row, where)
    if answer["id"] is None and answer["status"] == "error":
        answer["id"] = f"line-{number}"
    return answer


def answer_row(assistant: Assistant, row: object, where: str) -> dict[str, Any]:
    """The answer object for a parsed line, or for a request; `where` names it in an error's reason."""
    try:
        parsed = Line.model_validate(row)
        history = [Turn(turn.role, turn.content) for turn in (parsed.history or [])[-MAX_HISTORY:]]
        *_, answer = assistant.answers(parsed.question, parsed.policy or None, history)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the object"
        return _error(row, f"{where}: {place}: {first['msg']}. {EXPECTED}")
    except AssistantError as error:
        return _error(row, f"{where}: {error}")
    return {**answer.as_dict(), "id": _given(row, "id")}


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _given(row: object, key: str) -> Any:  # noqa: ANN401 - any JSON value
    return row.get(key) if isinstance(row, dict) else None


def _error(row: object, reason: str) -> dict[str, Any]:
    question, policy = _given(row, "question"), _given(row, "policy")
    answer = Answer(
        question if isinstance(question, str) else "",
        policy if isinstance(policy, str) else None,
        "error",
        summary=reason,
        warnings=(reason,),
        timings_ms={"triage": 0.0, "search": 0.0, "compose": 0.0, "total": 0.0},
    )
    return {**answer.as_dict(), "id": _given(row, "id")}
