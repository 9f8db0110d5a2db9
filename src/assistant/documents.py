"""The nouns at the bottom: documents, their clauses, and where each character of a document went.

Offsets are characters (Unicode code points) into `Document.text`, end exclusive.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from assistant.windows import windows

Span = tuple[int, int]
Modality = Literal["must", "must_not", "should", "should_not", "may", "may_if", "statement"]
ClauseKind = Literal["numbered", "item", "paragraph", "row", "stem"]

CONTACT_ROLES: dict[str, str] = {
    "dsl": "Designated Safeguarding Lead",
    "deputy_dsl": "Deputy Designated Safeguarding Lead",
    "headteacher": "Headteacher",
    "chair_of_governors": "Chair of governors",
    "lado": "Local Authority Designated Officer (LADO)",
    "dpo": "Data Protection Officer",
}


def fold(text: str) -> str:
    """Fold white space: runs become one space, ends are stripped. The only freedom a quotation is allowed."""
    return re.sub(r"\s+", " ", text).strip()


def sliced(text: str, spans: tuple[Span, ...]) -> str:
    """The spans' slices of `text`, white space folded, joined by one space."""
    return " ".join(fold(text[start:end]) for start, end in spans)


def digest(text: str) -> str:
    """sha256 of `text` as UTF-8, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Passage:
    """Verbatim words of a document: a lead-in stem, or the words of a clause."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest unit that is cited.

    `text` is verbatim (white space folded) and is what people read; what is embedded may add headings and stems.
    `sha256` seals the stems and the text as they stood when the document was read.
    """

    id: str
    kind: ClauseKind
    number: str | None
    headings: tuple[str, ...]
    lead_in: tuple[Passage, ...]
    text: str
    spans: tuple[Span, ...]
    modality: Modality
    page: int | None = None
    members: tuple[str, ...] = ()
    """Ids of the list items that a stem introduces; empty for every other kind."""
    sha256: str = ""

    @property
    def embedding_text(self) -> str:
        """What is embedded: innermost heading, stems, text. Never shown."""
        heading = (self.headings[-1],) if self.headings else ()
        return " | ".join((*heading, self.bare_text))

    @property
    def embedding_texts(self) -> tuple[str, ...]:
        """The same by windows: one of an ordinary clause, several of a long one, each under the heading."""
        parts = windows(self.bare_text)
        heading = (self.headings[-1],) if self.headings else ()
        return tuple(" | ".join((*heading, part)) for part in parts)

    @property
    def bare_text(self) -> str:
        """Stems and text, without headings: the clause as a reader would say it aloud."""
        return " ".join((*(stem.text for stem in self.lead_in), self.text))


def seal(lead_in: tuple[Passage, ...], text: str) -> str:
    """The hash that proves a quotation: over the stems and the text, in their order."""
    return digest("\x1f".join((*(stem.text for stem in lead_in), text)))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the document: its words, its depth (1 is the outermost) and its place."""

    text: str
    level: int
    span: Span


@dataclass(frozen=True, slots=True)
class Skipped:
    """A stretch of the document that is no clause and no heading, and why."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares of the document's characters (white space not counted); the three sum to 1."""

    clauses: float
    headings: float
    skipped: float


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to go to. `role` is a key of CONTACT_ROLES."""

    role: str
    name: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One policy, as read: its text, its clauses, and everything that is neither."""

    slug: str
    title: str
    organisation: str | None
    source: str
    sha256: str
    """Of the file's bytes."""
    text: str
    pages: tuple[int, ...] = ()
    """Offset at which each page starts; empty where the format has no pages."""
    review_due: date | None = None
    clauses: tuple[Clause, ...] = ()
    headings: tuple[Heading, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    coverage: Coverage = Coverage(0.0, 0.0, 1.0)
    contacts: tuple[Contact, ...] = ()
    warnings: tuple[str, ...] = field(default=())
    ocr_pages: tuple[int, ...] = ()
    """Pages (from 1) whose words were recognised from a picture: quotes from them may hold misread letters."""

    @property
    def embedding_texts(self) -> tuple[str, ...]:
        """What of it is embedded, in order: a text for each window of each clause."""
        return tuple(text for clause in self.clauses for text in clause.embedding_texts)

    @property
    def version(self) -> str:
        """Names this reading of this document: another text, splitter or manifest entry gives another version."""
        return f"{self.slug}@{digest(repr((self.sha256, self.title, self.organisation, self.text, self.clauses)))[:16]}"

    def is_overdue(self, today: date) -> bool:
        """Whether the review that the document names is past."""
        return self.review_due is not None and self.review_due < today

    def standing(self, today: date) -> str:
        """Whether its review is due or was, in words."""
        if self.review_due is None:
            return "no review date"
        return f"review {'was due' if self.is_overdue(today) else 'due'} {self.review_due:%B %Y}"


def schools(documents: Iterable[Document]) -> dict[str, tuple[str, ...]]:
    """Slugs of the documents by school, in order of names; a document without a school stands for itself."""
    found: dict[str, tuple[str, ...]] = {}
    for name, slug in sorted((document.organisation or document.title, document.slug) for document in documents):
        found[name] = (*found.get(name, ()), slug)
    return found
