"""Follow-ups: "what about ex-pupils?" is read with the question before it. Works without a language model."""

import re
from collections.abc import Sequence

from assistant.answers import Turn

_LEANS = re.compile(
    r"^\W*(?:(?:and|but|so|ok(?:ay)?|right|hmm|well|then|also|what|how|or|wait|hang on|really|sure|oh)\b[\s,]*)+"
    r"(?:(?:what )?about\b|if\b|does (?:that|this|it)\b|is (?:that|this|it)\b|are (?:they|those)\b|would (?:that|it)\b|even\b|same\b|you said\b|why\b|who\b|when\b|where\b|not\b|the\b|with\b|for\b|after\b|only\b|can i then\b)"
    r"|^\W*(?:why(?: not)?|same for|even if|what if|how so|says who|since when|which (?:one|clause)|does (?:that|this|it) (?:apply|include|count|cover|mean)|is (?:that|this|it) (?:the same|different|true|also)|you said)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:that|this|it|them|they|those|these|one|ones|either|instead|too|as well|same)\b", re.IGNORECASE
)
SHORT = 7
"""Words: a question this short that points at something leans on the one before."""


def joined(question: str, history: Sequence[Turn]) -> str:
    """The question as it is to be searched: alone, or after the last question of the history that it leans on."""
    said = (_bare(turn.content[:600]) for turn in reversed(history) if turn.role == "user")
    before = next((words for words in said if words), None)
    if before is None or not leans(question):
        return question
    return f"{before} {question}"


def _bare(words: str) -> str:
    """Words without control characters and halves of surrogate pairs, which no tokenizer takes."""
    return " ".join("".join(character if character.isprintable() else " " for character in words).split())


def leans(question: str) -> bool:
    """Whether a question can't be read alone."""
    count = len(question.split())
    if count <= 14 and _LEANS.search(question):
        return True
    return count <= SHORT and _POINTS.search(question) is not None
