"""One question put to every document or to every school: an answer each, so that rules of different schools are never blended."""

from typing import Any

from assistant.answers import LEVELS, Answer
from assistant.ask import Assistant
from assistant.documents import schools


def compare(assistant: Assistant, question: str) -> list[Answer]:
    """An answer for each document, in the order of slugs.

    Raises:
        QuestionError: the question is empty.
        IndexMissingError, IndexMismatchError: the index can't be used.
    """
    slugs = sorted(assistant.index.snapshot().by_slug)
    return [assistant.ask(question, slug) for slug in slugs]


def compare_schools(assistant: Assistant, question: str) -> dict[str, Answer]:
    """An answer for each school out of all its documents, as the school's staff would get it, in the order of names; raises what `compare` raises."""
    held = schools(shelf.document for shelf in assistant.index.snapshot().shelves)
    return {name: assistant.ask(question, slugs) for name, slugs in held.items()}


def gathered(question: str, answers: list[Answer]) -> Answer:
    """A comparison as one answer, for what is counted and kept of it: the first clause of each answer, the gravest level, the time of all."""
    found = [answer for answer in answers if answer.quotes] or answers
    return Answer(
        question,
        None,
        found[0].status,
        quotes=tuple(answer.quotes[0] for answer in found if answer.quotes),
        related=found[0].related,
        safeguarding=max((one.safeguarding for one in answers), key=lambda card: LEVELS.index(card.level)),
        timings_ms={"total": sum(one.timings_ms.get("total", 0.0) for one in answers)},
    )


def as_dict(question: str, answers: list[Answer]) -> dict[str, Any]:
    """The contract's compare object."""
    return {"question": question, "answers": [answer.as_dict() for answer in answers]}
