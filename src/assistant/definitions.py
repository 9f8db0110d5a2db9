"""What a document says its terms mean, so that a definition can stand beside the clause that uses the term."""

import re
from collections.abc import Sequence

from assistant.documents import Clause, Document

_SECTION = re.compile(r"\b(?:definitions?|glossary|terminology|interpretation)\b", re.IGNORECASE)
_QUOTED = re.compile(
    r"(?:(?:for the purposes? of|in) this (?:policy|document|agreement|code),?\s*)?(?:the terms? )?[“\"‘'*_]{1,3}(?P<term>[A-Za-z][\w’'/ -]{1,50}?)[”\"’'*_]{1,3}"
    r"(?:\s*\([^)]{1,40}\))?[:,]?\s*(?:(?:in this policy )?(?:means?|refers? to|includes?|covers?|describes?|is defined as|are defined as)\b)",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"[“\"‘'*_]{0,3}(?P<term>[A-Z][\w’'/-]*(?: [\w’'/&-]+){0,4}?)[”\"’'*_]{0,3}(?:\s*\([^)]{1,40}\))?\s*(?::|–|—|\s-\s|means\b|refers? to\b|is defined as\b|is\b|are\b)"
)


def defined(document: Document) -> dict[str, Clause]:
    """The clauses that define a term, by the term in small letters: a quoted term that "means" something, or an entry of a section of definitions."""
    found: dict[str, Clause] = {}
    for clause in document.clauses:
        inside = any(_SECTION.search(heading) for heading in clause.headings[-2:])
        match = _QUOTED.match(clause.text) or (_LISTED.match(clause.text) if inside else None)
        if match is not None and len(clause.text) > match.end() + 10:
            found.setdefault(match.group("term").strip().lower(), clause)
    return found


def used(definitions: dict[str, Clause], clauses: Sequence[Clause]) -> list[Clause]:
    """The definitions of terms that the clauses use, each once, without those that are among the clauses."""
    words = " ".join(clause.bare_text for clause in clauses).lower()
    taken = {clause.id for clause in clauses}
    found = []
    for term, definition in definitions.items():
        if definition.id not in taken and re.search(rf"\b{re.escape(term)}s?\b", words) is not None:
            taken.add(definition.id)
            found.append(definition)
    return found
