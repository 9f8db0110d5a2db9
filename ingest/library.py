"""Adds, replaces, removes and puts back one document at a time: what the web app's Policies page does."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assistant.documents import Document
from assistant.errors import UnreadableFileError
from assistant.index import Index
from ingest.guard import Guard
from ingest.manifest import Entry, Manifest
from ingest.read import slug_of


class Library:
    """The documents of an index, changed one by one."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def add(
        self, file: Path, organisation: str = "", title: str = "", progress: Callable[[int, int], None] | None = None
    ) -> Document:
        """Read a file into the index, in place of the document of its slug. `progress`: texts embedded, of how many.

        Raises:
            UnreadableFileError: with the reason.
            IndexBusyError: another process is writing.
        """
        slug = slug_of(file)
        data = file.read_bytes()
        with self.index.writing() as writer, Guard() as guard:
            known = [stored.document for stored in self.index.store.current()]
            before = next((document for document in known if document.slug == slug), None)
            school = organisation.strip() or (before.organisation if before else None)
            name = title.strip() or (before.title if before else None)
            manifest = Manifest({file.name: Entry(slug, name, school)})
            try:
                document = guard.read(file, data, manifest, slug)
            except RecursionError as error:
                raise UnreadableFileError("The file is nested too deeply to be read. Save it as plain text.") from error
            contacts = next((one.contacts for one in known if one.organisation == document.organisation), ())
            document = replace(document, contacts=contacts)
            total = len(document.embedding_texts)
            writer.put(document, data, (lambda done: progress(done, total)) if progress else None)
        return document

    def remove(self, slug: str) -> None:
        """Take a document out of the index; it can be put back."""
        with self.index.writing() as writer:
            writer.remove([slug])

    def restore(self, slug: str) -> Document | None:
        """Put the former version of a document back; None where there is none."""
        with self.index.writing() as writer:
            return writer.restore(slug)
