"""Which way a rule moved from one version to the next: tightened, loosened, or not to be told. Pure.

What a change of words means is read from what it does: the verb's force, conditions and exceptions that came, went or grew, ages, times and
quantities, people and things added to it. Where that gives no direction for sure it is 0, and the change is called a rewording.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.amounts import amounts, signed
from assistant.documents import Modality
from assistant.modality import modality
from assistant.rules import BAN, DUTY, LEAVE, Direction, Limb, Rule

_BURDEN: dict[Modality, int] = {
    "must_not": 3,
    "must": 3,
    "should_not": 2,
    "should": 2,
    "may_if": 1,
    "may": 0,
    "statement": 0,
}
_NAMES = {"must_not": "must not", "should_not": "should not", "may_if": "may, under conditions", "statement": "no rule"}


def moves(old: Rule, new: Rule) -> list[tuple[Direction, str]]:
    """What changed from one rule to its new version, as (direction, words)."""
    found = [*_force(old, new), *_limbs(old, new), *amounts(old, new), *_hedges(old, new), *_additions(old, new)]
    people = _people(old), _people(new)
    if all(people) and not people[0] & people[1]:
        # A rule for other people is another rule.
        return [(0, words) for _, words in found]
    return found


def is_reversed(old: Rule, new: Rule) -> bool:
    """Whether what was demanded is now forbidden, or what was forbidden is demanded."""
    return (old.force in DUTY and new.force in BAN) or (old.force in BAN and new.force in DUTY)


def turned(direction: Direction) -> Direction:
    """The other way."""
    return signed(-direction)


def _force(old: Rule, new: Rule) -> Iterator[tuple[Direction, str]]:
    if old.force == new.force:
        return
    said = f"{_NAMES.get(old.force, old.force)} → {_NAMES.get(new.force, new.force)}"
    both = {old.force, new.force}
    # "must not without permission" and "may with permission" say the same.
    same = "may_if" in both and any(rule.force in BAN and rule.limbs for rule in (old, new))
    if is_reversed(old, new) or ("statement" in both and both & LEAVE) or same:
        yield 0, said
    else:
        yield (1 if _BURDEN[new.force] > _BURDEN[old.force] else -1), said


# Conditions and exceptions

_STRICTER = re.compile(r"\b(?:written|in writing|prior|advance|express|explicit|formal)\b", re.IGNORECASE)
_ARTICLES = frozenset({"the", "a", "an", "of", "s", "their", "his", "her", "any"})


def _limbs(old: Rule, new: Rule) -> Iterator[tuple[Direction, str]]:
    """Exceptions and conditions that came, went or changed: one more on a duty or a prohibition loosens it, on a leave it tightens it."""
    before, after = list(old.limbs), list(new.limbs)
    sense = new.sense if new.sense == old.sense and (new.force in BAN) == (old.force in BAN) else 0
    for was in list(before):
        same = max(after, key=lambda limb: _alike(was, limb), default=None)
        if same is not None and _alike(was, same) >= 0.5:
            before.remove(was)
            after.remove(same)
            yield from _changed(was, same, sense)
    if len(before) == len(after) == 1:
        yield 0, f"condition changed: “{before[0].text}” → “{after[0].text}”"
        return
    yield from ((_came(limb, new, sense), f"new condition: “{limb.text}”") for limb in after)
    yield from ((turned(_came(limb, old, sense)), f"condition gone: “{limb.text}”") for limb in before)


def _came(limb: Limb, rule: Rule, sense: Direction) -> Direction:
    """What one more condition or exception does to a rule."""
    if rule.force in DUTY and (
        limb.text.lower().startswith(("only", "with ")) or limb.text.lower().startswith("without")
    ):
        return 0  # how a duty is done, or when it holds
    return turned(sense)


def _changed(was: Limb, now: Limb, sense: Direction) -> Iterator[tuple[Direction, str]]:
    """A condition or exception in like words: a permission harder or easier to get, or one case more or fewer."""
    gone, come = _difference(was.text, now.text)
    if not gone and not come:
        return
    said = f"condition changed: “{was.text}” → “{now.text}”"
    if was.is_leave and now.is_leave and sense:
        harder = bool(_STRICTER.search(now.text)) - bool(_STRICTER.search(was.text)) if not (gone and come) else 0
        if not harder and bool(gone) != bool(come):
            joined = _JOINED.match(" ".join(come or gone))
            harder = 0 if joined is None else (1 if joined["by"].lower() == "and" else -1) * (1 if come else -1)
        yield signed(harder), said
    elif (joined := _JOINED.match(" ".join(come or gone))) is not None and not (gone and come):
        wider = 1 if joined["by"].lower() == "or" or was.kind == "exception" else 0
        # One case more of a condition widens the rule, of an exception narrows it.
        yield signed(wider * (1 if come else -1) * sense * (1 if was.kind == "condition" else -1)), said


def _alike(limb: Limb, other: Limb) -> float:
    """How many of their words two limbs of one kind share, from 0 to 1; 1 where one holds all the words of the other."""
    if limb.kind != other.kind and not (limb.is_leave and other.is_leave):
        return 0.0
    mine, yours = _content(limb.text), _content(other.text)
    return len(mine & yours) / (min(len(mine), len(yours)) or 1)


def _content(text: str) -> frozenset[str]:
    return (
        frozenset(re.findall(r"\w+", text.lower()))
        - _ARTICLES
        - {"with", "without", "unless", "except", "if", "when", "only", "has", "have"}
    )


# What was added

_JOINED = re.compile(r"(?:, ?)?(?P<by>and|or)\b", re.IGNORECASE)


def _difference(old: str, new: str) -> tuple[list[str], list[str]]:
    """The run of words that went and the run that came: what is left between the words that two texts begin and end with."""
    was, now = re.findall(r"[\w’'£-]+", old), re.findall(r"[\w’'£-]+", new)
    # "the porter agrees", "the porter and the head agree": a verb's or a noun's s is no change.
    keys = [word.lower().removesuffix("s") for word in was], [word.lower().removesuffix("s") for word in now]
    front = _common(*keys)
    back = _common(keys[0][front:][::-1], keys[1][front:][::-1])
    return was[front : len(was) - back], now[front : len(now) - back]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    return next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))
    )


def _additions(old: Rule, new: Rule) -> Iterator[tuple[Direction, str]]:
    """People and things joined to a rule that else stayed word for word ("staff and volunteers", "a key or a badge")."""
    if old.force != new.force or _key(old.stems) != _key(new.stems):
        return
    gone, come = _difference(old.text, new.text)
    if bool(gone) == bool(come):
        return
    words, fuller = " ".join(come or gone), new if come else old
    at = fuller.text.find(words)
    if at < 0 or any(limb.start <= at < limb.end for limb in fuller.limbs) or not _is_joined(fuller.text, at, words):
        return
    own = modality(re.sub(r"^(?:and|or)\s+", "", words))
    by_or = re.search(r"\bor\b", words, re.IGNORECASE) is not None
    if own != "statement":
        direction: Direction = 0
        if own in DUTY | BAN | LEAVE:
            direction = 1 if own in DUTY | BAN else -1
    elif by_or and new.force in DUTY and _is_after_verb(fuller, at):
        direction = -1  # a choice of what to do
    else:
        direction = new.sense
    yield (direction if come else turned(direction)), f"{'added' if come else 'gone'}: “{words}”"


def _is_joined(text: str, at: int, words: str) -> bool:
    """Whether the words at this place hang on what stands before or after them by "and" or "or"."""
    if len(words.split()) > 8:
        return False
    listed = text[:at].rstrip().endswith(",") and re.search(r"^[^,]*\b(?:and|or)\b", text[at : at + len(words) + 4])
    return bool(listed) or re.search(r"^(?:and|or)\b|\b(?:and|or)$", words, re.IGNORECASE) is not None


_VERB = re.compile(r"\b(?:must|shall|should|may|can|will|is|are|has|have|needs?|ought)\b", re.IGNORECASE)


def _is_after_verb(rule: Rule, at: int) -> bool:
    match = _VERB.search(rule.text)
    return match is None or match.start() < at


def _key(stems: Sequence[str]) -> str:
    return "".join(re.findall(r"\w+", " ".join(stems).lower()))


# Hedges and people

_HEDGE = re.compile(
    r"\b(?:(?:where(?:ver)?|if|whenever|as far as|so far as|when) (?:reasonably )?(?:possible|practicable|appropriate)|normally|usually|generally|ideally|as a rule|in general)\b",
    re.IGNORECASE,
)


def _hedges(old: Rule, new: Rule) -> Iterator[tuple[Direction, str]]:
    """Words that take the edge off a duty or a prohibition."""
    was, now = _HEDGE.search(old.text), _HEDGE.search(new.text)
    if bool(was) == bool(now):
        return
    match = now or was
    sense: Direction = new.sense if new.sense == old.sense == 1 else 0
    yield (turned(sense) if now else sense), f"{'added' if now else 'gone'}: “{match.group() if match else ''}”"


_PEOPLE = re.compile(
    r"\b(?:staff|employee|teacher|governor|trustee|volunteer|visitor|contractor|pupil|student|child(?:ren)?|parent|carer|head ?teacher|principal|porter|cleaner|manager|learner|guest)",
    re.IGNORECASE,
)


def _people(rule: Rule) -> frozenset[str]:
    """The people who stand before the sentence's verb; none where nobody does."""
    verb = _VERB.search(rule.text)
    return frozenset(word.lower() for word in _PEOPLE.findall(rule.text[: verb.start()] if verb else ""))
