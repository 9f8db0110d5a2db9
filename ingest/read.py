"""One file as a document: its clauses, its title, whose it is, when it is to be reviewed."""

import hashlib
import re
from collections import Counter
from pathlib import Path

from assistant.dates import review_due
from assistant.documents import Document
from assistant.errors import UnreadableFileError
from ingest.load import load
from ingest.manifest import Manifest
from ingest.names import with_slug
from ingest.split import split

BEGINNING = 1000
"""Characters in which a document says what its school wants, where it names it once."""
_WANTS = r"(?:(?:is|are) committed|wants|wishes|believes|aims|expects|recogni[sz]es|will)\b"
_OF_ANY = re.compile(r"(?:(?:Safe|Learning|Whole|Every|School|Academy|College|Academies|Education|Trust)\s?)+")


def slug_of(path: Path) -> str:
    """A file's slug: its stem in small letters, spaces to hyphens; other characters that an id can't hold go."""
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", path.stem.lower())).strip("-")
    return slug or "document"


def read_document(path: Path, data: bytes, manifest: Manifest, slug: str) -> Document:
    """One file as a document.

    Raises:
        UnreadableFileError: with the reason.
    """
    extracted = load(path.name, data)
    parts = split(extracted)
    if not parts.clauses:
        raise UnreadableFileError("No clause was found in the text. Check that the file is the policy, with its text.")
    entry = manifest.entries.get(path.name)
    organisation = (entry.organisation if entry else None) or _organisation(extracted.text)
    title = (
        (entry.title if entry else None) or parts.title or extracted.title or path.stem.replace("-", " ").capitalize()
    )
    return Document(
        slug=slug,
        title=_presentable(title),
        organisation=organisation,
        source=path.name,
        sha256=hashlib.sha256(data).hexdigest(),
        text=extracted.text,
        pages=extracted.pages,
        review_due=review_due(extracted.text),
        clauses=with_slug(parts.clauses, slug),
        headings=parts.headings,
        skipped=parts.skipped,
        coverage=parts.coverage,
        contacts=manifest.contacts.get(organisation or "", ()),
        warnings=extracted.warnings,
        ocr_pages=extracted.ocr_pages,
    )


def _presentable(title: str) -> str:
    """A title in capitals is shown in small letters, with capitals at the words' heads."""
    if not title.isupper():
        return title
    small = {"AND", "OF", "THE", "FOR", "TO", "IN", "ON", "A"}
    return " ".join(word.lower() if n and word in small else word.capitalize() for n, word in enumerate(title.split()))


def _organisation(text: str) -> str | None:
    """The school or trust that a text names most often, if it names one twice, or says at its beginning what that one wants."""
    names = re.findall(
        r"\b((?:(?:St\.|[A-Z][\w'’-]+) ){1,4}(?:(?:Community |Church of England |C of E |Catholic )?(?:Primary|Junior|Infant|High|Secondary|Nursery|Special|Grammar) )?"
        r"(?:School|Academy|College|Academies Trust|Academy Trust|Education Trust|Learning Trust|Trust))\b",
        text,
    )
    names = [re.sub(r"^(?:The|At|In|Of|All|Our|This|For|And|As|From)\s+", "", name) for name in names]
    counted = Counter(
        name
        for name in names
        if not _OF_ANY.fullmatch(name) and not re.match(r"(?:Primary|High|Secondary|Academy|Education|Multi) ", name)
    )
    best, count = next(iter(counted.most_common(1)), ("", 0))
    speaks = re.search(rf"{re.escape(best)}\s(?:and [\w ]+ )?{_WANTS}", text[:BEGINNING]) if count == 1 else None
    return best if count >= 2 or speaks else None
