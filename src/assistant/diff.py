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
from assistant.moves import is_reversed, moves, turned
from assistant.rules import Direction, Rule, rules

Kind = Literal["added", "dropped", "tightened", "loosened", "reversed", "mixed", "reworded"]
KINDS: tuple[Kind, ...] = ("reversed", "loosened", "tightened", "mixed", "dropped", "added", "reworded")

ALIKE = 0.5
"""Least likeness (0 to 1) of two clauses that are taken for versions of one."""
SAME_PLACE = 0.35
"""The same where both have the same number, or the same place under the same heading."""


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
            stayed = _local(old[at].id) == _local(new[to].id)
            if score >= (SAME_PLACE if stayed else ALIKE):
                yield score + 0.1 * stayed, at, to


def _local(name: str) -> str:
    """A clause's id without its document's slug."""
    return name.partition("/")[2]


# What a change means


def _compared(old: Clause, new: Clause, was_text: str, now_text: str) -> Change | None:
    """What changed from `old` to `new`; None where the words are the same, or only the stem's are and the force is not touched.

    `was_text` and `now_text` are the letters of the whole versions: a sentence that only moved to another clause has not come or gone.
    """
    if _key(old.bare_text) == _key(new.bare_text):
        return None
    findings: list[tuple[Direction, str]] = []
    reverses = False
    for was, now in _aligned(rules(old), rules(new)):
        if was is not None and now is not None:
            reverses = reverses or is_reversed(was, now)
            findings += moves(was, now)
        elif now is not None and now.sense and _key(now.text) not in was_text:
            findings.append((now.sense, f"new sentence: “{now.text}”"))
        elif was is not None and was.sense and _key(was.text) not in now_text:
            findings.append((turned(was.sense), f"sentence gone: “{was.text}”"))
    directions = {direction for direction, _ in findings if direction}
    kind: Kind = "reworded"
    if reverses:
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
