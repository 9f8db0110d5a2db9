"""Personal data in free text: found, masked before words leave the machine or reach a log, and put back on screen.

Names, initials with a class, handles, UPNs, dates, telephone numbers, addresses, e-mail addresses. It would rather mask a word too many.
`python -m evals masking` says how much it finds.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

from assistant.dates import DATE

Kind = Literal["email", "handle", "upn", "date", "phone", "address", "name"]

_STREET = r"(?:street|st|road|rd|avenue|ave|lane|ln|close|drive|way|court|crescent|place|gardens|terrace|grove|hill|park|row|walk|mews|square)"
_HOUSE = r"(?:(?:flat|apartment|unit) \w{1,4},? )?\b\d{1,4}[a-z]?,? (?:[a-z][\w'’-]+ ){1,3}?"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")),
    ("handle", re.compile(r"(?<![\w@])@\w[\w.]*\w")),
    # Unique pupil number: a letter but I, O or S, then 12 digits, or 11 and a letter (DfE, UPN guide).
    ("upn", re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]\b", re.IGNORECASE)),
    ("address", re.compile(rf"{_HOUSE}{_STREET}\b", re.IGNORECASE)),
    ("address", re.compile(r"\bThe (?:[A-Z][\w'’-]+ ){1,3}?(?:House|Cottage|Rectory|Vicarage|Farm|Lodge|Barn)\b")),
    # Postcode of the United Kingdom, outward and inward half.
    ("address", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)),
    ("phone", re.compile(r"(?<![\w/])(?:\+ ?44[ -]?(?:\(0\))?|\(0\d{2,5}\)|0)(?:[ -]?\d){6,10}(?!\w)")),
)
_DAY = re.compile(
    r"^\d{1,2}(?:st|nd|rd|th)?\s+[a-z]|^\d{1,2}[/.-]\d|^\d{4}-\d|^[a-z]+\.?,?\s+\d{1,2},?\s+\d{4}", re.IGNORECASE
)
_TITLED = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Mx)\b\.?|(?:Dr|Prof|Rev)\b\.?(?=\s+(?-i:[A-Z]))|(?:Miss|Sir|Dame|Lady|Professor|Reverend|Father|Sister)\b(?=\s+(?-i:[A-Z][a-z])))"
    r"(?:\s+[A-Z]\.?(?=\s))?\s+(?!and\b|or\b|who\b)[^\W\d_][\w'’-]*",
    re.IGNORECASE,
)
_INITIALS = re.compile(
    r"\b(?:(?:[A-Z]\.\s?){1,2}[A-Z]\b\.?|[A-Z]{2}\b)(?=[\s,(]*(?i:(?:in|of|from|who is in)\s+)?(?i:(?:class|year|yr|y|form|tutor group)\s*)?\d{1,2}[A-Za-z]?\b)"
)
_CALLED = re.compile(
    r"\b(?:called|named|name is|i['’]?m|i am|who is|pupil|student|colleague|neighbour|governor|parent|child|daughter|son|wife|husband|friend)\s*,?$",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\s*(?:['’]s\b|\((?:y|yr|year)?\s*\d|,? (?:in|from) (?:y|yr|year|class)?\s?\d|, (?:a|an|the|who|in|my|our)\b"
    r"|(?:said|told|says|wants?|asked|posted|sent|keeps|reported|showed|shared|followed)\b)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-](?!s\b)[^\W\d_]+)*")
_START = re.compile(r"(?:^|[.?!:\n]\s*|[\"“]\s*)$")


@dataclass(frozen=True, slots=True)
class Personal:
    """A stretch of a text that is personal data: characters `start` to `end`, exclusive."""

    start: int
    end: int
    kind: Kind


@cache
def _known() -> dict[str, frozenset[str]]:
    table = tomllib.loads((files("assistant") / "names.toml").read_text(encoding="utf-8"))
    return {key: frozenset(words.split()) for key, words in table.items()}


def personal(text: str, guess: bool = True) -> list[Personal]:
    """Personal data in `text`, in order, never overlapping. With `guess`, an unknown word with a capital inside a sentence counts as a name."""
    found = [Personal(*match.span(), kind) for kind, pattern in _PATTERNS for match in pattern.finditer(text)]
    found += [Personal(*match.span(), "date") for match in DATE.finditer(text) if _DAY.search(match.group())]
    found += [
        Personal(*match.span(), "name")
        for match in _INITIALS.finditer(text)
        if match.group().lower() not in _known()["ordinary"]
    ]
    found += [Personal(*match.span(), "name") for match in _TITLED.finditer(text)]
    found += [Personal(start, end, "name") for start, end in _names(text, guess)]
    kept: list[Personal] = []
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        if kept and item.start < kept[-1].end:
            kept[-1] = Personal(kept[-1].start, max(kept[-1].end, item.end), kept[-1].kind)
        elif kept and item.kind == kept[-1].kind == "name" and text[kept[-1].end : item.start] == " ":
            kept[-1] = Personal(kept[-1].start, item.end, "name")
        else:
            kept.append(item)
    return kept


def _names(text: str, guess: bool) -> Iterator[tuple[int, int]]:
    named = -1
    for match in _WORD.finditer(text):
        follows = named >= 0 and text[named : match.start()] == " "
        if _is_name(text, match, guess, follows):
            yield match.span()
            named = match.end()


def _is_name(text: str, match: re.Match[str], guess: bool, follows: bool) -> bool:
    known, word, before = _known(), match.group(), text[: match.start()]
    small = word.lower()
    capital = word[0].isupper() and not word.isupper()
    if small in known["given"] - known["ordinary"]:
        return True
    if follows:
        return (capital and small not in known["ordinary"]) or small in known["family"]
    if not capital or small in known["ordinary"]:
        return False
    if _CALLED.search(before):
        return True
    if _START.search(before):
        surname = re.match(r" ([A-Z][\w'’-]+)", text[match.end() :])
        heard = surname is not None and surname[1].lower() not in known["ordinary"]
        if small in known["openers"]:
            return heard and small in known["word"]
        return heard or _PERSONAL.match(text[match.end() :]) is not None
    return guess or small in known["word"]


@dataclass
class Masker:
    """Masks texts of one conversation: the same words get the same placeholder ("[NAME_1]"), in every text."""

    originals: dict[str, str] = field(default_factory=dict)
    """Placeholder → what it stands for."""
    _numbers: dict[tuple[Kind, str], str] = field(default_factory=dict)

    def mask(self, text: str, guess: bool = True) -> str:
        """`text` with placeholders for personal data; words masked before are masked again wherever they stand."""
        parts, at = [], 0
        for item in personal(text, guess):
            parts += [text[at : item.start], self._placeholder(item.kind, text[item.start : item.end])]
            at = item.end
        masked = "".join([*parts, text[at:]])
        for placeholder, original in self.originals.items():
            masked = re.sub(rf"(?<![\w\[]){re.escape(original)}(?!\w)", placeholder, masked)
        return masked

    def restore(self, text: str) -> str:
        """`text` with what the placeholders stand for."""
        return re.sub(r"\[[A-Z]+_\d+\]", lambda match: self.originals.get(match.group(), match.group()), text)

    def _placeholder(self, kind: Kind, original: str) -> str:
        key = (kind, original.casefold())
        if key not in self._numbers:
            count = sum(other == kind for other, _ in self._numbers)
            self._numbers[key] = f"[{kind.upper()}_{count + 1}]"
            self.originals[self._numbers[key]] = original
        return self._numbers[key]
