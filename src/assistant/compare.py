"""One question put to every document: an answer a document, so that rules of different schools are never blended."""

from typing import Any

from assistant.answers import Answer
from assistant.ask import Assistant


def compare(assistant: Assistant, question: str) -> list[Answer]:
    """An answer for each document, in the order of slugs.

    Raises:
        QuestionError: the question is empty.
        IndexMissingError, IndexMismatchError: the index can't be used.
    """
    slugs = sorted(assistant.index.snapshot().by_slug)
    return [assistant.ask(question, slug) for slug in slugs]


def as_dict(question: str, answers: list[Answer]) -> dict[str, Any]:
    """The contract's compare object."""
    return {"question": question, "answers": [answer.as_dict() for answer in answers]}
