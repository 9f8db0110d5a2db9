"""Drafts → clauses: each gets its id, its force and its seal."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from assistant.documents import Clause, ClauseKind, Heading, Passage, seal
from assistant.modality import modality
from ingest.blocks import Block


@dataclass(slots=True)
class Stem:
    """A block that introduces the ones below it: its words, how deep it stands, its clause."""

    passage: Passage
    depth: int
    number: str | None
    clause: int
    is_item: bool
    members: int = 0
    marker: str = ""


@dataclass(slots=True)
class Draft:
    """A clause in the making."""

    kind: ClauseKind
    block: Block
    headings: tuple[Heading, ...]
    passage: Passage
    stems: tuple[Stem, ...] = ()
    number: str | None = None
    members: list[str] = field(default_factory=list)


def slugify(words: str) -> str:
    """Heading words as they stand in an id: small letters, digits and hyphens, at most eight words."""
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", words.lower()))[:8])


def _section(headings: tuple[Heading, ...]) -> str:
    names = [
        name
        for heading in headings[-2:]
        if (name := slugify(re.sub(r"^\W*(?:\d[\d.]*|[A-Z]\d+)[.)]?\s+", "", heading.text)))
    ]
    return "-".join(names) or "preamble"


def letters(n: int) -> str:
    """0 → a, 25 → z, 26 → aa."""
    return letters(n // 26 - 1) + chr(97 + n % 26) if n >= 26 else chr(97 + n)


def finished(drafts: list[Draft]) -> tuple[Clause, ...]:
    """Give each draft its id, its force and its seal. Ids lack the document's slug: `with_slug` adds it."""
    numbers = Counter(draft.number for draft in drafts if draft.number)
    ordinals: Counter[str] = Counter()
    repeated: Counter[str] = Counter()
    taken: set[str] = set()
    ids: list[str] = []
    children: Counter[int] = Counter()
    for draft in drafts:
        parent = draft.stems[-1].clause if draft.stems else -1
        if draft.number:
            name = draft.number
            if numbers[name] > 1 and name in taken:
                name = f"{_section(draft.headings)}/{name}"
        elif (
            parent >= 0
            and draft.kind in {"item", "stem"}
            and draft.block.kind == "item"
            and _root_number(drafts, parent)
        ):
            lettered = re.fullmatch(r"\(?([a-z]{1,5}|[A-Z]{1,5})[.)]", draft.block.marker)
            name = f"{ids[parent]}.{lettered.group(1) if lettered else letters(children[parent])}"
            children[parent] += 1
        else:
            section = _section(draft.headings)
            ordinals[section] += 1
            name = f"{section}/{ordinals[section]}"
        unique = name
        while unique in taken:
            repeated[name] += 1
            unique = f"{name}-{repeated[name] + 1}"
        taken.add(unique)
        ids.append(unique)
        for stem in draft.stems[-1:]:
            if stem.clause >= 0:
                drafts[stem.clause].members.append(unique)
    clauses = []
    for name, draft in zip(ids, drafts, strict=True):
        lead_in = tuple(stem.passage for stem in draft.stems)
        number = draft.number or (
            name if _root_number(drafts, draft.stems[-1].clause if draft.stems else -1) and "/" not in name else None
        )
        clauses.append(
            Clause(
                id=name,
                kind=draft.kind,
                number=number,
                headings=tuple(heading.text for heading in draft.headings),
                lead_in=lead_in,
                text=draft.passage.text,
                spans=draft.passage.spans,
                page=draft.block.page,
                members=tuple(draft.members),
                modality=modality(draft.passage.text, tuple(stem.text for stem in lead_in)),
                sha256=seal(lead_in, draft.passage.text),
            )
        )
    return tuple(clauses)


def _root_number(drafts: list[Draft], parent: int) -> str | None:
    """The number of the clause at the root of a list, if it has one."""
    while parent >= 0:
        if drafts[parent].number:
            return drafts[parent].number
        parent = drafts[parent].stems[-1].clause if drafts[parent].stems else -1
    return None


def with_slug(clauses: tuple[Clause, ...], slug: str) -> tuple[Clause, ...]:
    """Clauses whose ids, and their members' ids, start with the document's slug."""
    return tuple(
        replace(clause, id=f"{slug}/{clause.id}", members=tuple(f"{slug}/{member}" for member in clause.members))
        for clause in clauses
    )
