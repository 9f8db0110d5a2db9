"""Two versions of a document, clause by clause: what the new one adds, drops, tightens, loosens. Pure: no index, no model.

A rule is *tightened* when it asks or forbids more (should → must, an exception gone, a higher age under which it holds), *loosened* when
it asks or forbids less. Where a change has no direction that can be told for sure it is *reworded*, and the reader judges.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from assistant.documents import Clause, Document, Modality
from assistant.modality import limits, modality

Kind = Literal["added", "dropped", "tightened", "loosened", "reversed", "mixed", "reworded"]
KINDS: tuple[Kind, ...] = ("reversed", "loosened", "tightened", "mixed", "dropped", "added", "reworded")

ALIKE = 0.5
"""Least likeness (0 to 1) of two clauses that are taken for versions of one."""

Direction = Literal[-1, 0, 1]
"""-1 loosens, 1 tightens, 0 can't be told."""


@dataclass(frozen=True, slots=True)
class Side:
    """A clause of one version, verbatim; `spans` are offsets into that version's text."""

    clause: str
    number: str | None
    headings: tuple[str, ...]
    lead_in: tuple[str, ...]
    text: str
    spans: tuple[tuple[int, int], ...]
    page: int | None
    modality: Modality


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one clause. `reasons` say in words what changed its force; `items` counts list items that changed with their stem."""

    kind: Kind
    reasons: tuple[str, ...]
    old: Side | None
    new: Side | None
    items: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes in the order of the new version (dropped clauses where they stood), and how many clauses stayed or only moved."""

    old: str
    new: str
    changes: tuple[Change, ...]
    unchanged: int
    renumbered: int

    def as_dict(self) -> dict[str, Any]:
        """The difference as JSON-ready values."""
        return asdict(self)


def diff(old: Document, new: Document) -> Difference:
    """What `new` changes of `old`."""
    pairs = _pairs(old.clauses, new.clauses)
    was, now = _key(old.text), _key(new.text)
    found: list[tuple[tuple[int, int], Change]] = []
    unchanged = renumbered = 0
    for before, after in pairs:
        one, other = old.clauses[before], new.clauses[after]
        change = _compared(one, other, was, now)
        if change is None:
            unchanged += 1
            renumbered += one.number != other.number
        else:
            found.append(((after, 1), change))
    matched = {after for _, after in pairs}
    found += [
        ((at, 1), Change("added", (), None, _side(clause)))
        for at, clause in enumerate(new.clauses)
        if at not in matched and not _moved(clause, was)
    ]
    follows = dict(pairs)
    place = -1
    for at, clause in enumerate(old.clauses):
        place = follows.get(at, place)
        if at not in follows and not _moved(clause, now):
            found.append(((place, 2), Change("dropped", (), _side(clause), None)))
    changes = _gathered([change for _, change in sorted(found, key=lambda row: row[0])], new)
    return Difference(old.title, new.title, tuple(changes), unchanged, renumbered)


def _moved(clause: Clause, other: str) -> bool:
    """Whether a clause that stands by itself in one version stands inside another clause of the other (its letters are `other`)."""
    return not clause.lead_in and not clause.members and len(clause.text.split()) >= 5 and _key(clause.text) in other


def _side(clause: Clause) -> Side:
    return Side(
        clause.id,
        clause.number,
        clause.headings,
        tuple(stem.text for stem in clause.lead_in),
        clause.text,
        clause.spans,
        clause.page,
        clause.modality,
    )


def _gathered(changes: Sequence[Change], new: Document) -> list[Change]:
    """The changes without those of list items whose own words stayed and whose stem changed the same way; the stem counts them."""
    stem_of = {member: clause.id for clause in new.clauses for member in clause.members}
    by_id = {change.new.clause: change for change in changes if change.old is not None and change.new is not None}
    carried: Counter[str] = Counter()
    kept = []
    for change in changes:
        stem = by_id.get(stem_of.get(change.new.clause, "")) if change.new is not None else None
        same_words = (
            change.old is not None and change.new is not None and _key(change.old.text) == _key(change.new.text)
        )
        if stem is not None and stem.new is not None and same_words and stem.kind == change.kind:
            carried[stem.new.clause] += 1
        else:
            kept.append(change)
    return [replace(change, items=carried[change.new.clause]) if change.new else change for change in kept]


# Which clause became which


def _key(text: str) -> str:
    """The letters and digits alone: case, punctuation and the stray spaces of a PDF don't change a rule."""
    return "".join(re.findall(r"\w+", text.lower()))


def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def _pairs(old: Sequence[Clause], new: Sequence[Clause]) -> list[tuple[int, int]]:
    """Places (old, new) of the clauses that are versions of one: those with the same words, then the most alike, best first."""
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for at, clause in reversed(list(enumerate(new))):
        waiting[_key(clause.bare_text)].append(at)
    pairs = [(at, waiting[key].pop()) for at, clause in enumerate(old) if waiting[key := _key(clause.bare_text)]]
    before, after = {at for at, _ in pairs}, {at for _, at in pairs}
    scored = _likeness(old, new, set(range(len(old))) - before, set(range(len(new))) - after)
    for _, at, to in sorted(scored, key=lambda row: (-row[0], abs(row[1] - row[2]), row[1:])):
        if at not in before and to not in after:
            before.add(at)
            after.add(to)
            pairs.append((at, to))
    return pairs


def _likeness(
    old: Sequence[Clause], new: Sequence[Clause], olds: set[int], news: set[int]
) -> Iterator[tuple[float, int, int]]:
    """How alike clauses are (Dice's coefficient over their words, rare words counting more), for pairs that share one of their rarest words."""
    words = {("old", at): _vocabulary(old[at].bare_text) for at in olds} | {
        ("new", at): _vocabulary(new[at].bare_text) for at in news
    }
    spread = Counter(word for found in words.values() for word in found)
    weight = {word: 1 / count**0.5 for word, count in spread.items()}

    def rarest(found: frozenset[str]) -> list[str]:
        return sorted(found, key=lambda word: (-weight[word], word))[:10]

    places = defaultdict(list)
    for at in sorted(news):
        for word in rarest(words["new", at]):
            places[word].append(at)
    for at in sorted(olds):
        mine = words["old", at]
        total = sum(weight[word] for word in mine)
        for to in {to for word in rarest(mine) for to in places.get(word, ())}:
            yours = words["new", to]
            shared = sum(weight[word] for word in mine & yours)
            score = 2 * shared / (total + sum(weight[word] for word in yours))
            if score >= ALIKE:
                yield score + 0.1 * (_local(old[at].id) == _local(new[to].id)), at, to


def _local(name: str) -> str:
    """A clause's id without its document's slug."""
    return name.partition("/")[2]


# What a change means

_BURDEN: dict[Modality, int] = {
    "must_not": 3,
    "must": 3,
    "should_not": 2,
    "should": 2,
    "may_if": 1,
    "may": 0,
    "statement": 0,
}
_DUTY, _BAN, _LEAVE = {"must", "should"}, {"must_not", "should_not"}, {"may", "may_if"}
_NAMES = {"must_not": "must not", "should_not": "should not", "may_if": "may, under conditions", "statement": "no rule"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of a clause under the clause's stems, with its own force."""

    text: str
    stems: tuple[str, ...]
    force: Modality

    @property
    def whole(self) -> str:
        """Stems and sentence."""
        return " ".join((*self.stems, self.text))

    @property
    def sense(self) -> Direction:
        """1 where it binds more the more people it holds for, -1 where it frees more, 0 where it does neither."""
        return 1 if self.force in _DUTY | _BAN else -1 if self.force in _LEAVE else 0


def rules(clause: Clause) -> list[Rule]:
    """The sentences of a clause, each with its force."""
    stems = tuple(stem.text for stem in clause.lead_in)
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z“\"'(])", clause.text)
    return [Rule(sentence, stems, modality(sentence, stems)) for sentence in sentences]


def _compared(old: Clause, new: Clause, was_text: str, now_text: str) -> Change | None:
    """What changed from `old` to `new`; None where the words are the same, or only the stem's are and the force is not touched.

    `was_text` and `now_text` are the letters of the whole versions: a sentence that only moved to another clause has not come or gone.
    """
    if _key(old.bare_text) == _key(new.bare_text):
        return None
    findings: list[tuple[Direction, str]] = []
    turned = False
    for was, now in _aligned(rules(old), rules(new)):
        if was is not None and now is not None:
            turned = turned or _is_reversed(was, now)
            findings += [*_force(was, now), *_ages(was, now), *_limits(was, now), *_deadlines(was, now)]
        elif now is not None and now.sense and _key(now.text) not in was_text:
            findings.append((now.sense, f"new sentence: “{now.text}”"))
        elif was is not None and was.sense and _key(was.text) not in now_text:
            findings.append((_turned(was.sense), f"sentence gone: “{was.text}”"))
    directions = {direction for direction, _ in findings if direction}
    kind: Kind = "reworded"
    if turned:
        kind = "reversed"
    elif len(directions) == 2:
        kind = "mixed"
    elif directions:
        kind = "tightened" if 1 in directions else "loosened"
    elif _key(old.text) == _key(new.text):
        return None
    return Change(kind, tuple(words for _, words in findings), _side(old), _side(new))


def _aligned(old: list[Rule], new: list[Rule]) -> Iterator[tuple[Rule | None, Rule | None]]:
    """The sentences that changed, each with the one it became; those that came or went alone."""
    same = {_key(rule.whole) for rule in old} & {_key(rule.whole) for rule in new}
    olds = [rule for rule in old if _key(rule.whole) not in same]
    news = [rule for rule in new if _key(rule.whole) not in same]
    if len(olds) == len(news) == 1:
        yield olds[0], news[0]
        return
    scored = [(_dice(was.text, now.text), at, to) for at, was in enumerate(olds) for to, now in enumerate(news)]
    pairs: dict[int, int] = {}
    for score, at, to in sorted(scored, key=lambda row: (-row[0], row[1:])):
        if score >= ALIKE and at not in pairs and to not in pairs.values():
            pairs[at] = to
    yield from ((rule, news[pairs[at]] if at in pairs else None) for at, rule in enumerate(olds))
    yield from ((None, rule) for to, rule in enumerate(news) if to not in pairs.values())


def _dice(text: str, other: str) -> float:
    """How many of their words two texts share, from 0 to 1."""
    mine, yours = _vocabulary(text), _vocabulary(other)
    return 2 * len(mine & yours) / ((len(mine) + len(yours)) or 1)


def _is_reversed(old: Rule, new: Rule) -> bool:
    return (old.force in _DUTY and new.force in _BAN) or (old.force in _BAN and new.force in _DUTY)


def _force(old: Rule, new: Rule) -> Iterator[tuple[Direction, str]]:
    if old.force == new.force:
        return
    said = f"{_NAMES.get(old.force, old.force)} → {_NAMES.get(new.force, new.force)}"
    both = {old.force, new.force}
    if _is_reversed(old, new) or ("statement" in both and both & _LEAVE):
        yield 0, said
    else:
        yield (1 if _BURDEN[new.force] > _BURDEN[old.force] else -1), said


_NUMBERS = {
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "twenty-one": 21, "twenty-five": 25,
}  # fmt: skip
_YEARS = rf"(\d\d|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_BELOW = re.compile(
    rf"\b(?:under|below|younger than|not yet)\s(?:the )?(?:ages? of )?{_YEARS}\b|\b{_YEARS}(?: years(?: of age)?)? or (?:under|below|younger)\b",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    rf"\b(?:over|above|older than|at least|reach(?:ed)?|turn(?:ed)?|attain(?:ed)?)\s(?:the )?(?:ages? of )?{_YEARS}\b(?! (?:hours?|days?|weeks?|months?))"
    rf"|\b{_YEARS}(?: years(?: of age)?)? (?:or|and) (?:over|above|older)\b",
    re.IGNORECASE,
)
_EXCEPTS = re.compile(r"(?:unless|except|save|other than|apart from|until)", re.IGNORECASE)


def _ages(old: Rule, new: Rule) -> Iterator[tuple[Direction, str]]:
    """Ages that changed: more people under a rule tightens it, more people in its exception loosens it."""
    for pattern, widens in ((_BELOW, 1), (_ABOVE, -1)):
        before, after = _aged(old.whole, pattern), _aged(new.whole, pattern)
        if len(before) != len(after):
            continue
        for (was, excepted), (now, _) in zip(before, after, strict=True):
            if was != now:
                sign = (1 if now > was else -1) * widens * new.sense * (-1 if excepted else 1)
                yield (1 if sign > 0 else -1 if sign < 0 else 0), f"age {was} → {now}"


def _aged(text: str, pattern: re.Pattern[str]) -> list[tuple[int, bool]]:
    """The ages in `text`, and whether each stands in an exception."""
    excepted = [(start, end) for start, end in limits(text) if _EXCEPTS.match(text, start)]
    return [
        (
            _NUMBERS.get(word := next(filter(None, match.groups())).lower()) or int(word),
            any(start <= match.start() < end for start, end in excepted),
        )
        for match in pattern.finditer(text)
    ]


def _limits(old: Rule, new: Rule) -> Iterator[tuple[Direction, str]]:
    """Exceptions and conditions that came or went: one more on a duty or a prohibition loosens it, on a leave it tightens it."""
    before, after = _limbs(old.text), _limbs(new.text)
    for limb in [limb for limb in after if not _stands(limb, before)]:
        yield _turned(new.sense), f"new condition: “{limb}”"
    for limb in [limb for limb in before if not _stands(limb, after)]:
        yield old.sense, f"condition gone: “{limb}”"


def _turned(direction: Direction) -> Direction:
    return 1 if direction == -1 else -1 if direction == 1 else 0


def _limbs(text: str) -> list[str]:
    """The outermost exceptions and conditions of `text`; ages are compared by themselves."""
    limbs, at = [], 0
    for start, end in limits(text):
        if start >= at and not re.match(r"(?:under|below) the age of|likely to", text[start:end], re.IGNORECASE):
            limbs.append(text[start:end].strip(" ,"))
            at = end
    return limbs


def exceptions(text: str) -> str:
    """The first exception that a sentence makes ("unless …", "except …"); "" where it makes none."""
    return next((limb for limb in _limbs(text) if _EXCEPTS.match(limb)), "")


def _stands(limb: str, others: Sequence[str]) -> bool:
    """Whether a limb stands among the others, in these or like words."""
    return any(_dice(limb, other) >= 0.6 for other in others)


_HOURS = {"hour": 1, "day": 24, "week": 168, "month": 730, "year": 8760}
_WITHIN = re.compile(
    r"\bwithin (?:(?:a|one)|(\d{1,3}|two|three|five|ten)) (?:working |school |calendar )?(hour|day|week|month|year)s?\b"
    r"|\b(?:at once|immediately|straight ?away|without delay)\b",
    re.IGNORECASE,
)
_FEW = {"two": 2, "three": 3, "five": 5, "ten": 10}


def _deadlines(old: Rule, new: Rule) -> Iterator[tuple[Direction, str]]:
    """Times within which something is to be done: less time tightens a duty."""
    before, after = list(_WITHIN.finditer(old.text)), list(_WITHIN.finditer(new.text))
    if len(before) != len(after):
        return
    for was, now in zip(before, after, strict=True):
        if _hours(was) != _hours(now):
            binds = new.force in _DUTY or old.force in _DUTY
            yield (0 if not binds else 1 if _hours(now) < _hours(was) else -1), f"{was.group()} → {now.group()}"


def _hours(match: re.Match[str]) -> int:
    if match.group(2) is None:
        return 0  # at once
    count = (match.group(1) or "1").lower()
    return (_FEW.get(count) or int(count)) * _HOURS[match.group(2).lower()]
