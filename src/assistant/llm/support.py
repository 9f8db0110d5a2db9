"""Does a clause support a sentence? Only where the sentence is a shortening of one sentence of the clause that leaves out nothing that changes the rule.

No reading of meaning: words in their order. A sentence that says the same in other words is refused, and costs no more than fluency.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from functools import cache
from importlib.resources import files

from assistant.answers import Quote
from assistant.modality import limits, modality

MAX_LENGTH = 400
"""Characters of a sentence of the summary."""

_WORD = re.compile(r"[^\W_]+(?:['’./-][^\W_]+)*")
_PLAIN = re.compile(r"[\w\s.,;:'’‘“”\"()/&%£–—-]+")
_ARTICLES = frozenset({"a", "an", "the"})
_SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=[A-Z“\"(])")


@cache
def _lists() -> dict[str, frozenset[str]]:
    table = tomllib.loads((files("assistant.llm") / "support.toml").read_text(encoding="utf-8"))
    return {key: frozenset(words.split()) for key, words in table.items()}


def supported(sentence: str, quote: Quote) -> bool:
    """Whether one sentence of the quote supports `sentence`."""
    said = unicodedata.normalize("NFKC", sentence)
    if len(said) > MAX_LENGTH or not _PLAIN.fullmatch(said) or re.search(r"[.;]\s+\S", said):
        return False
    return any(_shortens(said, source) for source in sources(quote))


def sources(quote: Quote) -> list[str]:
    """The sentences of a quote; the first one with the stems above it."""
    first, *rest = _SENTENCE.split(quote.text)
    return [" ".join([*quote.lead_in, first]), *rest]


def _shortens(said: str, source: str) -> bool:
    short, long = _words(said), _words(source)
    if not short or not _in_order([word for word in short if word not in _ARTICLES], long):
        return False
    if Counter(_needed(source)) - Counter(short):
        return False
    return modality(said) == modality(source)


def _words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def _in_order(short: list[str], long: list[str]) -> bool:
    """Whether `short` is `long` with words left out."""
    rest = iter(long)
    return all(word in rest for word in short)


def _needed(source: str) -> list[str]:
    """The words of a sentence that a shortening keeps: negation, force, people, numbers, qualifiers, conditions, and whatever a preposition brings."""
    words = [(match.group().lower().replace("’", "'"), match.start(), match.end()) for match in _WORD.finditer(source)]
    conditions = limits(source)
    needed, brought = [], False
    for number, (word, start, end) in enumerate(words):
        gap = source[words[number - 1][2] : start] if number else ""
        if word in _lists()["prepositions"]:
            brought = True
        elif word in _lists()["ends"] or re.search(r"[,;:()]", gap):
            brought = False
        conditional = any(first <= start and end <= last for first, last in conditions)
        if word not in _ARTICLES and (
            brought
            or conditional
            or word in _lists()["kept"]
            or any(letter.isdigit() for letter in word)
            or word.endswith("n't")
        ):
            needed.append(word)
    return needed
