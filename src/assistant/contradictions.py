"""Rules that contradict each other: of one document, or of the documents of one school. Pure: no model.

Two sentences say the same when they share almost all of their words, are about the same people and name the same numbers. They contradict
each other when one demands or forbids what the other permits or turns round, when one says must and the other should, or when one makes
an exception that the other does not know.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.documents import Clause, Document, Modality
from assistant.lexical import terms
from assistant.rules import Rule, exceptions, rules

Kind = Literal["opposite", "weaker", "exception"]

ALIKE = 0.75
"""Least share of their words that two sentences have in common (Jaccard) to say the same."""
LEAST = 3
"""Words in common that two sentences have at least."""

MOST = 200
"""Sentences with a word in common beyond which the word finds nothing: time stays in proportion to the document's length."""

_FORCE = frozenset(
    terms("must may not never shall need required allowed permitted forbidden prohibited expected advised")
)
_WHO = frozenset(
    terms(
        "staff teacher employee governor trustee volunteer visitor contractor pupil student child learner parent carer headteacher head principal "
        "dsl manager leader school trust academy former current"
    )
)
_OPPOSITE: frozenset[frozenset[Modality]] = frozenset(
    frozenset(pair)
    for pair in (("must", "must_not"), ("should", "should_not"), ("must", "should_not"), ("should", "must_not"), ("may", "must_not"))
)  # fmt: skip
_WEAKER: frozenset[frozenset[Modality]] = frozenset(
    frozenset(pair) for pair in (("must", "should"), ("must_not", "should_not"))
)


_NEGATED = re.compile(r"\b(?:no|not|nor|never|none|without)\b", re.IGNORECASE)
"""A duty with one of these may say what a ban says ("kept no longer than needed")."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Two clauses that contradict each other, in the documents' order, and how; `words` are the exception that only one makes."""

    kind: Kind
    first: tuple[Document, Clause]
    second: tuple[Document, Clause]
    forces: tuple[Modality, Modality]
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence that demands, forbids or permits something, reduced to what it is about."""

    document: Document
    clause: Clause
    rule: Rule
    about: frozenset[str]
    who: frozenset[str]
    numbers: tuple[str, ...]
    excepted: str

    @property
    def sense(self) -> tuple[object, ...]:
        """What two sentences share that say the same with the same force: one of them is enough."""
        return self.about, self.who, self.numbers, self.rule.force, self.excepted


def clashes(documents: Sequence[Document]) -> Iterator[Clash]:
    """The contradictions among the rules of `documents`, each pair of clauses once."""
    every = (one for document in documents for clause in document.clauses for one in _said(document, clause))
    first: dict[tuple[object, ...], _Said] = {}
    for one in every:
        first.setdefault(one.sense, one)
    said = list(first.values())
    holding: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(said):
        for term in one.about:
            holding[term].append(at)
    told: set[tuple[str, str]] = set()
    for at, one in enumerate(said):
        rarest = sorted(one.about, key=lambda term: len(holding[term]))[:3]
        for to in sorted({to for term in rarest if len(holding[term]) <= MOST for to in holding[term] if to > at}):
            other = said[to]
            pair = (one.clause.id, other.clause.id)
            if one.clause is other.clause or pair in told or not _alike(one, other):
                continue
            if (kind := _kind(one, other)) is not None:
                told.add(pair)
                forces = (one.rule.force, other.rule.force)
                words = one.excepted or other.excepted if kind == "exception" else ""
                yield Clash(kind, (one.document, one.clause), (other.document, other.clause), forces, words)


def _said(document: Document, clause: Clause) -> Iterator[_Said]:
    for rule in rules(clause):
        if rule.force == "statement" or rule.text.endswith(("?", ":")):
            continue
        excepted = exceptions(rule.text)
        bare = rule.text.replace(excepted, " ") if excepted else rule.text
        found = frozenset(terms(bare))
        about = found - _FORCE - _WHO
        if len(about) >= LEAST:
            around = frozenset(terms(" ".join((*clause.headings[-2:], *rule.stems))))
            numbers = tuple(sorted(re.findall(r"\d+", bare)))
            yield _Said(document, clause, rule, about, (found | around) & _WHO, numbers, excepted)


def _alike(one: _Said, other: _Said) -> bool:
    shared = len(one.about & other.about)
    alike = shared >= LEAST and shared / len(one.about | other.about) >= ALIKE
    return alike and one.who == other.who and one.numbers == other.numbers


def _kind(one: _Said, other: _Said) -> Kind | None:
    forces = frozenset((one.rule.force, other.rule.force))
    if forces in _OPPOSITE and not one.excepted and not other.excepted:
        freed = one if one.rule.force in {"must", "should", "may"} else other
        return None if _NEGATED.search(freed.rule.text) else "opposite"
    if forces in _WEAKER:
        return "weaker"
    if len(forces) == 1 and one.rule.sense == 1 and bool(one.excepted) != bool(other.excepted):
        return "exception"
    return None


# Ages of former pupils

_FORMER = re.compile(r"\b(?:ex|former|past|previous|prior)[- ](?:pupil|student|learner)", re.IGNORECASE)
_AGES = {"sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty-one": 21}
_AGE = re.compile(
    rf"\b(?:under|below|reached|turned|until|least)\s(?:the )?(?:age of )?(\d\d|{'|'.join(_AGES)})\b", re.IGNORECASE
)


def age_of(clause: Clause) -> int | None:
    """The age that a clause on former pupils sets, if it sets one."""
    words = clause.bare_text
    former, match = _FORMER.search(words), _AGE.search(words)
    if former is None or match is None:
        return None
    return _AGES.get(match.group(1).lower()) or int(match.group(1))
