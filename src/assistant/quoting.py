"""The proof: a quotation is sliced from the stored source and must match the hash that was sealed when the document was read."""

import re
from datetime import date

from assistant.answers import Quote
from assistant.documents import Clause, Document, fold, seal, sliced
from assistant.index import Snapshot


def is_proved(document: Document, clause: Clause) -> bool:
    """Whether the clause's words, and its stems', are what the stored source says at their spans."""
    stems_hold = all(sliced(document.text, stem.spans) == stem.text for stem in clause.lead_in)
    return (
        stems_hold
        and sliced(document.text, clause.spans) == clause.text
        and seal(clause.lead_in, clause.text) == clause.sha256
    )


def quote(snapshot: Snapshot, document: Document, clause: Clause, score: float) -> Quote | None:
    """The clause as a proved quotation, a stem with the list that it introduces; None where the proof fails."""
    parts = _together(document, clause) or [clause, *_members(snapshot, document, clause)]
    if not all(is_proved(document, part) for part in parts):
        return None
    return Quote(
        policy=document.slug,
        title=document.title,
        organisation=document.organisation,
        clause=clause.id,
        number=clause.number,
        headings=clause.headings,
        lead_in=tuple(stem.text for stem in clause.lead_in),
        text=" ".join(part.text for part in parts),
        spans=tuple(span for part in parts for span in part.spans),
        source=document.source,
        page=clause.page,
        modality=clause.modality,
        score=round(score, 4),
        standing=document.standing(date.today()),
        cells=_cells(document, clause),
    )


def _cells(document: Document, clause: Clause) -> tuple[tuple[str, str], ...]:
    """The cells of a table's row beside their columns' heads, as far as the format says which stands under which."""
    if clause.kind != "row" or len(clause.spans) == 1:
        return ()
    words = [fold(document.text[start:end]) for start, end in clause.spans]
    if not clause.lead_in:
        return tuple(("", said) for said in words)
    heads = [fold(document.text[start:end]) for start, end in clause.lead_in[-1].spans]
    return tuple(zip(heads, words, strict=True)) if len(heads) == len(words) else ()


_OR = re.compile(r"\bor\W*$", re.IGNORECASE)
_AND = re.compile(r"\band\W*$", re.IGNORECASE)


def _together(document: Document, clause: Clause) -> list[Clause]:
    """The whole list where one of its items alone would say something else: a choice of duties ("or"), conditions that all must hold ("and")."""
    if clause.kind != "item" or not clause.lead_in:
        return []
    joint = _OR if clause.modality in {"must", "should"} else _AND if clause.modality in {"may", "may_if"} else None
    stem = next((one for one in document.clauses if clause.id in one.members), None)
    if joint is None or stem is None:
        return []
    items = [one for one in document.clauses if one.id in stem.members]
    return items if any(joint.search(one.text) for one in items[:-1]) else []


def _members(snapshot: Snapshot, document: Document, clause: Clause) -> list[Clause]:
    """The list items under a stem, and theirs, in the document's order."""
    by_id = snapshot.by_slug[document.slug].by_id
    found: list[Clause] = []
    for name in clause.members:
        member = by_id.get(name)
        if member is not None:
            found += [member, *_members(snapshot, document, member)]
    return found


_BACK = re.compile(
    r"\W*(?:the same|the above|they|he or she|such|this (?:rule|also|applies|does|includes|is because|prohibition|requirement|restriction)"
    r"|these (?:principles|requirements|restrictions|rules)|in (?:such|these|this) (?:cases?|circumstances|event)|if (?:so|not)|otherwise|however|similarly|likewise)\b",
    re.IGNORECASE,
)


def antecedent(document: Document, clause: Clause) -> Clause | None:
    """The clause without which this one can't be understood ("The same rule applies to …"): the one before it under the same headings, a list item's stem for its list."""
    if clause.lead_in or _BACK.match(clause.text) is None:
        return None
    held = document.clauses
    at = next(place for place, one in enumerate(held) if one.id == clause.id)
    before = held[at - 1] if at else None
    if before is None or before.headings != clause.headings:
        return None
    return next((one for one in held if before.id in one.members), before)
