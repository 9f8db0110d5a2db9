"""Ages, deadlines and quantities of a rule, and which way it moves when they change."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.rules import BAN, DUTY, LEAVE, Direction, Rule

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "twenty-one": 21, "twenty-five": 25, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_NUMBER = rf"(?:\d[\d,]*(?:\.\d+)?|{_WORD})"


def amounts(old: Rule, new: Rule) -> Iterator[tuple[Direction, str]]:
    """What changed in ages, deadlines and quantities, as (direction, words)."""
    yield from _ages(old, new)
    yield from _deadlines(old, new)
    yield from _quantities(old, new)
    yield from _rhythms(old, new)


def signed(number: float) -> Direction:
    """The sign of `number` as a direction."""
    return 1 if number > 0 else -1 if number < 0 else 0


def _value(words: str) -> float:
    return float(_WORDS.get(words.lower()) or words.replace(",", ""))


# Ages

_YEARS = rf"(?P<age>\d\d|{'|'.join(word for word in sorted(_WORDS, key=len, reverse=True) if 10 < _WORDS[word] < 26)})"
_AGED = (r"(?:the )?(?:ages? of )?", r"(?: years(?: of age| old)?)?")
_OTHER = r"(?! ?(?:%|hours?|minutes?|days?|weeks?|months?|pounds?|pupils?|people|staff))"
_BELOW = re.compile(
    rf"\b(?:under|below|younger than|not yet)\s{_AGED[0]}{_YEARS}\b{_OTHER}", re.IGNORECASE
), re.compile(rf"\b{_YEARS}{_AGED[1]} (?:or|and) (?:under|below|younger)\b", re.IGNORECASE)  # fmt: skip
_ABOVE = re.compile(
    rf"\b(?:over|above|older than|at least|reach(?:ed)?|turn(?:ed)?|attain(?:ed)?)\s{_AGED[0]}{_YEARS}\b{_OTHER}", re.IGNORECASE
), re.compile(rf"\b{_YEARS}{_AGED[1]} (?:or|and) (?:over|above|older)\b", re.IGNORECASE)  # fmt: skip


def _ages(old: Rule, new: Rule) -> Iterator[tuple[Direction, str]]:
    """Ages that changed: more people under a rule tightens it, more people in its exception loosens it."""
    for patterns, widens in ((_BELOW, 1), (_ABOVE, -1)):
        for pattern in patterns:
            before, after = _aged(old, pattern), _aged(new, pattern)
            if len(before) != len(after):
                continue
            for (was, excepted), (now, _) in zip(before, after, strict=True):
                if was != now:
                    yield signed((now - was) * widens * new.sense * (-1 if excepted else 1)), f"age {was} → {now}"


def _aged(rule: Rule, pattern: re.Pattern[str]) -> list[tuple[int, bool]]:
    """The ages in a rule, stems included, and whether each stands in an exception."""
    stems = [(int(_value(match["age"])), False) for stem in rule.stems for match in pattern.finditer(stem)]
    return stems + [
        (int(_value(match["age"])), _inside(rule, match.start(), "exception")) for match in pattern.finditer(rule.text)
    ]


def _inside(rule: Rule, at: int, kind: str) -> bool:
    return any(limb.kind == kind and limb.start <= at < limb.end for limb in rule.limbs)


# Deadlines

_HOURS = {"minute": 1 / 60, "hour": 1, "day": 24, "week": 168, "month": 730, "year": 8760}
_UNIT = r"(?P<kind>working |school |calendar |full )?(?P<unit>minute|hour|day|week|month|year)s?"
_WITHIN = re.compile(
    rf"\bwithin (?:a|an|(?P<number>{_NUMBER})) {_UNIT}\b|\b(?:at once|immediately|straight ?away|without delay)\b",
    re.IGNORECASE,
)


def _deadlines(old: Rule, new: Rule) -> Iterator[tuple[Direction, str]]:
    """Times within which something is to be, may or must not be done: less time tightens a duty and a leave and loosens a prohibition."""
    before, after = list(_WITHIN.finditer(old.text)), list(_WITHIN.finditer(new.text))
    if len(before) != len(after):
        return
    for was, now in zip(before, after, strict=True):
        if _hours(was) != _hours(now) or _kind(was) != _kind(now):
            # Two working days may be more or fewer hours than three days.
            told = _kind(was) == _kind(now) or not _hours(was) or not _hours(now)
            binds = -1 if new.force in BAN else 1 if new.force in DUTY | LEAVE else 0
            yield signed(told * binds * (_hours(was) - _hours(now))), f"{was.group()} → {now.group()}"


def _hours(match: re.Match[str]) -> float:
    return _HOURS[match["unit"].lower()] * _value(match["number"] or "one") if match["unit"] else 0.0  # at once


def _kind(match: re.Match[str]) -> str:
    """ "working", "school" or nothing: a day is a day unless it is one of these; an hour is one anyhow."""
    return (match["kind"] or "").strip().lower().replace("calendar", "").replace("full", "")


# Quantities

_BOUND = re.compile(
    rf"\b(?:(?P<cap>up to|(?:no|not) (?:more|longer|later|greater) than|at most|a maximum of|(?:not )?exceed(?:s|ing)?)"
    rf"|(?P<floor>at least|(?:no|not) (?:fewer|less|later|earlier) than|a minimum of)"
    rf"|(?P<over>more than|over|above|greater than)|(?P<under>less than|fewer than|under|below))"
    rf"\s(?P<number>[£$€]?{_NUMBER}) ?(?P<what>[\w%]+)?",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Bound:
    """A quantity that a rule sets: a cap, a floor, or that above or below which it holds; `flips` where it stands in an exception or a condition."""

    sort: str
    value: float
    words: str
    what: str
    excepted: bool
    conditional: bool


def _quantities(old: Rule, new: Rule) -> Iterator[tuple[Direction, str]]:
    before, after = _bounds(old), _bounds(new)
    if [(one.sort, one.what) for one in before] != [(one.sort, one.what) for one in after]:
        return
    for was, now in zip(before, after, strict=True):
        if was.value != now.value:
            yield signed((now.value - was.value) * _tightens(now, new)), f"{was.words} → {now.words}"


def _tightens(bound: _Bound, rule: Rule) -> Direction:
    """Which way the rule moves when the quantity grows."""
    if bound.sort in {"cap", "floor"}:
        asks: Direction = 1 if bound.sort == "floor" else -1
        if not rule.sense or (rule.force in BAN and not bound.excepted and bound.sort == "floor"):
            return 0
        # "must log visits if at least two pupils come": the quantity says when the duty holds, not what it asks.
        return signed(-asks) if bound.conditional and rule.sense == 1 else asks
    wider = 1 if bound.sort == "under" else -1
    return signed(wider * rule.sense * (-1 if bound.excepted else 1))


def _bounds(rule: Rule) -> list[_Bound]:
    found = []
    for match in _BOUND.finditer(rule.text):
        number = match["number"]
        money = number[0] in "£$€"
        if not money and any(pattern.match(rule.text, match.start()) for pattern in (*_BELOW, *_ABOVE)):
            continue  # an age
        sort = next(name for name in ("cap", "floor", "over", "under") if match[name])
        value = _value(number.lstrip("£$€"))
        what = number[0] if money else (match["what"] or "").lower().removesuffix("s")
        found.append(
            _Bound(
                sort,
                value,
                match.group().strip() if not money else match.group().removesuffix(match["what"] or "").strip(),
                what,
                _inside(rule, match.start(), "exception"),
                _inside(rule, match.start(), "condition"),
            )
        )
    return found


# How often

_RHYTHMS = {
    "hourly": 1.0, "every hour": 1.0, "daily": 24.0, "every day": 24.0, "each day": 24.0, "weekly": 168.0, "every week": 168.0, "each week": 168.0,
    "fortnightly": 336.0, "every fortnight": 336.0, "monthly": 730.0, "every month": 730.0, "each month": 730.0,
    "half-termly": 1100.0, "each half term": 1100.0, "every half term": 1100.0, "termly": 2900.0, "every term": 2900.0, "each term": 2900.0,
    "annually": 8760.0, "yearly": 8760.0, "every year": 8760.0, "each year": 8760.0, "once a year": 8760.0,
    "every two years": 17520.0, "every three years": 26280.0,
}  # fmt: skip
_RHYTHM = re.compile(rf"\b(?:{'|'.join(sorted(_RHYTHMS, key=len, reverse=True))})\b", re.IGNORECASE)


def _rhythms(old: Rule, new: Rule) -> Iterator[tuple[Direction, str]]:
    """How often something is done: more often tightens a duty and loosens a leave."""
    before, after = _RHYTHM.findall(old.text), _RHYTHM.findall(new.text)
    if len(before) == len(after) == 1 and _RHYTHMS[before[0].lower()] != _RHYTHMS[after[0].lower()]:
        often = _RHYTHMS[before[0].lower()] - _RHYTHMS[after[0].lower()]
        duty = 1 if new.force in DUTY else -1 if new.force in LEAVE else 0
        yield signed(often * duty), f"{before[0]} → {after[0]}"
