"""The index of a folder: stored documents, their vectors and their words, read as one consistent snapshot.

Readers hold a `Snapshot`; when the store's generation moves on they take a new one. Writers hold the folder's lock.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from assistant.coarse import LARGE, Coarse
from assistant.definitions import defined
from assistant.documents import Clause, Document, digest
from assistant.embedding import Embedder
from assistant.errors import (
    IndexBusyError,
    IndexMismatchError,
    IndexUnavailableError,
    UnknownPolicyError,
    VectorServerError,
)
from assistant.health import Finding, findings
from assistant.late import Embedding, Packed, Vectors
from assistant.lexical import Lexicon, Lexicons
from assistant.store import Store, Stored
from assistant.vector_server import Place
from assistant.vectors import VectorStore

log = logging.getLogger(__name__)

DOUBTED = "vectors doubted"
"""Stamped by a reader that found vectors incomplete: the next writer looks at all of them."""

REST = 5.0
"""Seconds before a server that did not answer is asked again by those who hold something to answer from."""
_MAKING = threading.Lock()

Scope = str | tuple[str, ...] | None
"""What is asked: one document (slug), several (those of one school), or all."""


@dataclass(frozen=True)
class Shelf:
    """One document of a snapshot, with its clauses as embedded: a row of `embeddings` for each window, in the clauses' order."""

    stored: Stored
    embeddings: Packed

    @property
    def vectors(self) -> Vectors:
        """The windows' vectors: shape (windows, dimension)."""
        return self.embeddings.vectors

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """The row of each clause's first window: shape (clauses,). An ordinary clause has one."""
        counts = [len(clause.embedding_texts) for clause in self.document.clauses]
        return np.cumsum([0, *counts[:-1]])

    @cached_property
    def document(self) -> Document:
        """The document."""
        return self.stored.document

    @cached_property
    def lexicon(self) -> Lexicon:
        """The document's words, indexed on first use."""
        return Lexicon([clause.embedding_text for clause in self.document.clauses])

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the document today, seen on its own; looked for once a day."""
        return tuple(self._found(date.today()))

    @cached_property
    def _found(self) -> Callable[[date], list[Finding]]:
        return lru_cache(maxsize=1)(partial(findings, [self.document]))  # without self: no cycle keeps its vectors

    @cached_property
    def definitions(self) -> dict[str, Clause]:
        """The clauses that define the document's terms, by term."""
        return defined(self.document)

    @cached_property
    def by_id(self) -> dict[str, Clause]:
        """Clauses by id."""
        return {clause.id: clause for clause in self.document.clauses}


@dataclass(frozen=True)
class Snapshot:
    """All current documents at one moment."""

    generation: int
    shelves: tuple[Shelf, ...]
    confirmations: Mapping[str, tuple[str, date]] = field(default_factory=dict)
    """By organisation: the digest of the contacts that were confirmed, and when."""

    behind: str = ""
    """Why newer documents could not be read, where there are newer ones."""

    def confirmed(self, document: Document) -> date | None:
        """When the contacts of a document's organisation were confirmed, as they stand now; None where they were not."""
        found = self.confirmations.get(document.organisation or "")
        return found[1] if found is not None and found[0] == digest(repr(document.contacts)) else None

    def within(self, organisations: frozenset[str]) -> "Snapshot":
        """The documents of some organisations alone, as if there were no others."""
        return Snapshot(
            self.generation,
            tuple(shelf for shelf in self.shelves if shelf.document.organisation in organisations),
            {name: found for name, found in self.confirmations.items() if name in organisations},
            self.behind,
        )

    @cached_property
    def by_slug(self) -> dict[str, Shelf]:
        """Shelves by slug."""
        return {shelf.document.slug: shelf for shelf in self.shelves}

    @cached_property
    def lexicons(self) -> Lexicons:
        """The words of all documents, indexed on first use."""
        return Lexicons([shelf.lexicon for shelf in self.shelves])

    @cached_property
    def filled(self) -> tuple[Shelf, ...]:
        """The shelves whose documents have clauses."""
        return tuple(shelf for shelf in self.shelves if shelf.document.clauses)

    @property
    def coarse(self) -> Coarse | None:
        """All vectors in half precision, made on first use; None where there are too few for it to pay."""
        with _MAKING:  # of all who ask first, one makes them
            return self._coarse

    @cached_property
    def _coarse(self) -> Coarse | None:
        if sum(len(shelf.starts) for shelf in self.filled) < LARGE:
            return None
        return Coarse([shelf.vectors for shelf in self.filled], [shelf.starts for shelf in self.filled])

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the documents today, held against each other too; looked for once a day."""
        return tuple(self._found(date.today()))

    @cached_property
    def _found(self) -> Callable[[date], list[Finding]]:
        return lru_cache(maxsize=1)(partial(findings, [shelf.document for shelf in self.shelves]))

    def chosen(self, scope: Scope) -> tuple[Shelf, ...]:
        """The shelves of a slug, of several, or all.

        Raises:
            UnknownPolicyError: no document has this slug.
        """
        if scope is None:
            return self.shelves
        slugs = (scope,) if isinstance(scope, str) else scope
        unknown = next((slug for slug in slugs if slug not in self.by_slug), None)
        if unknown is not None:
            raise UnknownPolicyError(unknown, tuple(self.by_slug))
        return tuple(self.by_slug[slug] for slug in slugs)


class Index:
    """An index folder and the embedder that its vectors are made by."""

    def __init__(self, folder: Path, embedder: Embedder, chroma: str | None = None) -> None:
        """`chroma`: address of the Chroma server that holds the vectors; default: the folder does."""
        self.folder = folder
        self.embedder = embedder
        self.chroma = chroma
        self.store = Store(folder)
        self._snapshot: Snapshot | None = None
        self._reading = threading.Lock()
        self._rests_until = 0.0

    def snapshot(self) -> Snapshot:
        """The current documents; read again only when something changed.

        Raises:
            IndexMissingError: there is no index in the folder.
            IndexMismatchError: it was built by another model or program version, or is damaged.
            VectorServerError: the server of its vectors does not answer, and nothing was read before.
        """
        with self._reading:
            held = self._snapshot
            try:
                generation = self.store.generation()
            except IndexUnavailableError:
                if held is None:
                    raise
                return held
            if held is None or (held.generation != generation and time.monotonic() >= self._rests_until):
                self._check_stamp()
                try:
                    held = self._read(attempts=5)
                except VectorServerError as error:
                    if held is None:
                        raise
                    self._rests_until = time.monotonic() + REST
                    held = held if held.behind else replace(held, behind=str(error))
                self._snapshot = held
            return held

    def vectors(self, *, mend: bool = False) -> VectorStore:
        """The vectors, in the folder or on the server; raises what `VectorStore` raises."""
        if self.chroma is None:
            return VectorStore(self.folder, mend=mend)
        known = self.store.meta("id")
        if known is None:
            raise IndexMismatchError(
                f"The vectors of {self.folder} were never put on {self.chroma}. Run `policy-assistant ingest`: it makes them from the stored documents."
            )
        return VectorStore(self.folder, Place(self.chroma, f"policy-assistant-{known}"), mend=mend)

    def _read(self, attempts: int) -> Snapshot:
        """Read all shelves. A writer may swap a document meanwhile: then its old vectors are gone, and reading starts again."""
        generation = self.store.generation()
        held = {shelf.stored.version: shelf for shelf in self._snapshot.shelves} if self._snapshot else {}

        @cache
        def vectors() -> VectorStore | None:  # a removal needs none
            try:
                return self.vectors()
            except IndexUnavailableError as error:
                log.warning("%s Until then, every start embeds the documents anew.", error)
                return None

        def shelf_of(stored: Stored) -> Shelf:
            before = held.get(stored.version)
            if before is None:
                texts, kept = stored.document.embedding_texts, vectors()
                return Shelf(
                    stored, kept.get(stored.version, len(texts)) if kept else Packed(self.embedder.clauses(texts))
                )
            return before if before.stored is stored else Shelf(stored, before.embeddings)

        try:
            current = self.store.current({version: shelf.stored for version, shelf in held.items()})
            shelves = tuple(shelf_of(stored) for stored in current)
        except IndexMismatchError:
            if attempts > 1 and self.store.generation() != generation:
                return self._read(attempts - 1)
            with suppress(IndexMismatchError):  # a reader may be one who can't write
                self.store.stamp(DOUBTED, "yes")
            raise
        return Snapshot(generation, shelves, self.store.confirmations())

    def _check_stamp(self) -> None:
        self.store.check()
        model = self.store.meta("model")
        if model is not None and model != self.embedder.name:
            raise IndexMismatchError(
                f"The index in {self.folder} was built with the model {model}, but the settings name {self.embedder.name}. "
                f"Run `policy-assistant ingest --index {self.folder}` to embed its documents again, or set ASSISTANT_MODEL back."
            )

    @contextmanager
    def writing(self) -> Iterator["Writer"]:
        """Hold the folder for writing; one process at a time.

        Raises:
            IndexBusyError: another process is writing.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / "lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise IndexBusyError(
                f"Another process is writing the index in {self.folder}. Wait until it has finished, then try again."
            ) from error
        try:
            self.store.create()
            yield Writer(self)
        finally:
            lock.release()


class Part(Index):
    """An index as those see it who are tied to some organisations. Only for reading."""

    def __init__(self, whole: Index, organisations: frozenset[str]) -> None:
        super().__init__(whole.folder, whole.embedder, whole.chroma)
        self.whole = whole
        self.organisations = organisations

    def snapshot(self) -> Snapshot:
        """The current documents of the organisations; raises what the whole index raises."""
        whole = self.whole.snapshot()
        held = self._snapshot
        if held is None or (held.generation, held.behind) != (whole.generation, whole.behind):
            held = self._snapshot = whole.within(self.organisations)
        return held


class Writer:
    """Changes an index; made by `Index.writing`."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.store = index.store
        self.vectors = index.vectors(mend=True)
        self._mend()

    def _mend(self) -> None:
        """Make the vectors fit the store again: after another model, a killed ingest, or a lost Chroma folder."""
        embedder = self.index.embedder
        if self.store.meta("model") not in {None, embedder.name}:
            self.vectors.clear()
        self.store.stamp("model", embedder.name)
        self.store.stamp("dimension", str(embedder.dimension))
        versions = self.store.versions()
        held = self.vectors.keep_only(list(versions.values()))
        doubted = self.store.meta(DOUBTED) == "yes"
        for slug, version in versions.items():
            if doubted or version not in held:
                self._mend_one(slug)
        if doubted:
            self.store.stamp(DOUBTED, "no")

    def _mend_one(self, slug: str) -> None:
        stored = self.store.one(slug)
        assert stored is not None  # it was listed, and nobody else writes
        try:
            self.vectors.get(stored.version, len(stored.document.embedding_texts))
        except IndexMismatchError:
            self.vectors.put(stored.version, self.index.embedder.clauses(stored.document.embedding_texts))

    def put(self, document: Document, file: bytes, progress: Callable[[int], None] | None = None) -> int:
        """Make a document current; embed only the clauses whose words are new. Returns how many texts were embedded."""
        before = self.store.one(document.slug)
        known = self._known(before)
        texts = document.embedding_texts
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known |= dict(zip(missing, self.index.embedder.clauses(missing, progress), strict=True))
        if progress is not None:
            progress(len(texts) - len(missing))
        if before is None or before.version != document.version:  # else only contacts or dates are new
            self.vectors.put(document.version, [known[text] for text in texts])
        self.store.put(document, file)  # from here on readers see the new version
        if before is not None and before.version != document.version:
            self.vectors.drop(before.version)
        return len(missing)

    def _known(self, before: Stored | None) -> dict[str, Embedding]:
        if before is None:
            return {}
        texts = before.document.embedding_texts
        return dict(zip(texts, self.vectors.get(before.version, len(texts)), strict=True))

    def restore(self, slug: str) -> Document | None:
        """Put the former version of a document in the place of the current one; None where there is none."""
        former = self.store.former(slug)
        if former is None:
            return None
        stored, file = former
        self.put(stored.document, file)
        return stored.document

    def remove(self, slugs: Sequence[str]) -> None:
        """Drop documents."""
        versions = self.store.versions()
        for slug in slugs:
            self.store.remove(slug)
            if slug in versions:
                self.vectors.drop(versions[slug])
