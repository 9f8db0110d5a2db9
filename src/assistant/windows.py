"""Long clauses, by windows: a model reads only the first 256 word pieces of a text, and one rule among twenty sentences is drowned by them.

A clause is searched by windows and quoted whole. Pure: no model, so that any embedder is given the same windows.
"""

import itertools
import re
from collections.abc import Iterator

LONG = 1000
"""Characters: a text longer than this is taken by windows. Word pieces of English take four characters or more, with few exceptions."""
STRETCH = 350
"""Characters: a sentence longer than this is cut, after a semicolon if there is one, else between words."""
SHORT = 40
"""Characters: a sentence shorter than this says nothing without the one before it."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def windows(text: str) -> tuple[str, ...]:
    """A text whole where it is short; else each of its sentences, alone and with the one before it."""
    if len(text) <= LONG:
        return (text,)
    sentences = list(_sentences(text))
    pairs = (f"{before} {sentence}" for before, sentence in itertools.pairwise(sentences))
    return (*(sentence for sentence in sentences if len(sentence) >= SHORT), *pairs)


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a text whose white space is folded, none longer than a stretch."""
    for sentence in _SENTENCE.split(text):
        rest = sentence
        while len(rest) > STRETCH:
            at = rest.rfind("; ", 1, STRETCH) + 1 or rest.rfind(" ", 1, STRETCH) + 1 or STRETCH
            yield rest[:at].rstrip()
            rest = rest[at:].lstrip()
        if rest:
            yield rest
