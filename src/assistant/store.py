"""The documents as read, with their clauses and original files, in one SQLite file: the truth that the vectors are made from.

A document's new version becomes current in one transaction, so a process killed at any moment leaves the old or the new, whole.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from assistant.documents import Clause, Contact, Coverage, Document, Heading, Passage, Skipped, digest
from assistant.errors import IndexMismatchError, IndexMissingError, IndexUnavailableError

FORMAT = "1"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS document (
    slug TEXT PRIMARY KEY, version TEXT NOT NULL UNIQUE, added TEXT NOT NULL, body TEXT NOT NULL, file BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS former (
    number INTEGER PRIMARY KEY, slug TEXT NOT NULL, version TEXT NOT NULL, added TEXT NOT NULL, body TEXT NOT NULL, file BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS former_of ON former (slug, number);
CREATE TABLE IF NOT EXISTS reading (slug TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, report TEXT NOT NULL);
"""
KEPT = 3
"""Former versions kept of each document: to undo a change, and to say what changed."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A current document and when it was added (ISO 8601, UTC)."""

    document: Document
    version: str
    added: str


def damage(file: Path) -> str | None:
    """What is wrong with a SQLite database, or None where it is sound or not there."""
    if not file.exists():
        return None
    try:
        with closing(sqlite3.connect(file)) as connection:
            found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if found == "ok" else found


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite database as it stands at one moment, while others write to it.

    Raises:
        IndexMismatchError: it is damaged or can't be read.
    """
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as held,
            closing(sqlite3.connect(target)) as copy,
        ):
            held.backup(copy)
    except sqlite3.Error as error:
        raise IndexMismatchError(f"{source} can't be copied ({error}). Check the file and the space left.") from error


class Store:
    """Reads and writes the store of one index folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "documents.sqlite3"

    def exists(self) -> bool:
        """Whether the folder holds a store."""
        return self.path.exists()

    @contextmanager
    def _open(self, *, create: bool = False, to_read: bool = False) -> Iterator[sqlite3.Connection]:
        if not create and not self.path.exists():
            raise IndexMissingError(
                f"There is no index in {self.path.parent}. Run `policy-assistant ingest PATH --index {self.path.parent}` first."
            )
        connection = _reading(self.path) if to_read else sqlite3.connect(self.path, timeout=30)
        try:
            if not to_read:
                connection.execute("PRAGMA synchronous=FULL")
            yield connection
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)  # Python's own errors have none
            # Locked, full or read-only, the file is sound; SQLITE_ERROR is a store without its tables, or with broken text.
            if isinstance(error, sqlite3.OperationalError) and code != sqlite3.SQLITE_ERROR:
                raise IndexUnavailableError(
                    f"The index in {self.path.parent} can't be used now ({error}). Check that the disk is not full, that the folder may be written, and that no other program holds it; then try again."
                ) from error
            raise IndexMismatchError(
                f"The index in {self.path.parent} is damaged ({error}). Delete the folder and run `policy-assistant ingest` again."
            ) from error
        finally:
            connection.close()

    def create(self) -> None:
        """Make an empty store, or leave the one there; for one writer at a time.

        It is made in a folder of its own and moved into place, so that a reader finds a whole one or none.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if not self.exists():
            made = Store(self.path.parent / "new")
            shutil.rmtree(made.path.parent, ignore_errors=True)  # of a writer that was killed
            made.path.parent.mkdir()
            with made._open(create=True) as connection:
                connection.executescript(_SCHEMA)
                with connection:
                    connection.execute(
                        "INSERT INTO meta VALUES ('format', ?), ('generation', '0'), ('id', ?)", (FORMAT, uuid4().hex)
                    )
                connection.execute("PRAGMA journal_mode=WAL")  # last: all of it stands in the one file that is moved
            made.path.replace(self.path)
            shutil.rmtree(made.path.parent, ignore_errors=True)
        self.check()

    def check(self) -> None:
        """Refuse a store that another version of this program wrote."""
        found = self.meta("format")
        if found != FORMAT:
            raise IndexMismatchError(
                f"The index in {self.path.parent} has format {found}, this program writes {FORMAT}. Delete the folder and run `policy-assistant ingest`."
            )

    def meta(self, key: str) -> str | None:
        """A stamped value, or None."""
        with self._open(to_read=True) as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def stamp(self, key: str, value: str) -> None:
        """Stamp a value."""
        with self._open() as connection, connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def take_new_id(self) -> None:
        """Take another id: of a copy, so that it and its original don't share vectors on a server."""
        self.stamp("id", uuid4().hex)

    def confirm(self, organisation: str, contacts: tuple[Contact, ...]) -> None:
        """Note that these contacts of an organisation were confirmed today; it holds until they change."""
        value = f"{digest(repr(contacts))} {date.today().isoformat()}"
        with self._open() as connection, connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"contacts:{organisation}", value))
            _advance(connection)

    def confirmations(self) -> dict[str, tuple[str, date]]:
        """By organisation: the digest of the contacts that were confirmed, and when."""
        with self._open(to_read=True) as connection:
            rows = connection.execute("SELECT key, value FROM meta WHERE key LIKE 'contacts:%'").fetchall()
        return {
            key.removeprefix("contacts:"): (value.split()[0], date.fromisoformat(value.split()[1]))
            for key, value in rows
        }

    def generation(self) -> int:
        """Grows with every change: a reader that holds an older one reads again."""
        return int(self.meta("generation") or 0)

    def current(self, held: Mapping[str, Stored] | None = None) -> list[Stored]:
        """Current documents, in the order of slugs; those of `held` (by version) that are the same still are not read again."""
        kept = held or {}
        with self._open(to_read=True) as connection:
            rows = connection.execute(
                # What a version leaves open (contacts) changes with a put, which `added` tells.
                "SELECT version, added, CASE WHEN version || ' ' || added IN (SELECT value FROM json_each(?)) THEN NULL ELSE body END "
                "FROM document ORDER BY slug",
                (json.dumps([f"{stored.version} {stored.added}" for stored in kept.values()]),),
            ).fetchall()
        return [
            kept[version] if body is None else Stored(_decoded(body), version, added) for version, added, body in rows
        ]

    def one(self, slug: str) -> Stored | None:
        """The current document of a slug."""
        with self._open(to_read=True) as connection:
            row = connection.execute("SELECT version, added, body FROM document WHERE slug = ?", (slug,)).fetchone()
        return Stored(_decoded(row[2]), row[0], row[1]) if row else None

    def readings(self) -> dict[str, tuple[str, str]]:
        """By slug, of current documents as files gave them: the fingerprint of file and reader, and the report of that reading as JSON."""
        with self._open(to_read=True) as connection:
            rows = connection.execute("SELECT slug, fingerprint, report FROM reading").fetchall()
        return {slug: (fingerprint, report) for slug, fingerprint, report in rows}

    def note_reading(self, slug: str, fingerprint: str, report: str) -> None:
        """Note of what the current document of a slug was read; forgotten when another takes its place."""
        with self._open() as connection, connection:
            connection.execute("INSERT OR REPLACE INTO reading VALUES (?, ?, ?)", (slug, fingerprint, report))

    def versions(self) -> dict[str, str]:
        """Current version by slug."""
        with self._open(to_read=True) as connection:
            return dict(connection.execute("SELECT slug, version FROM document").fetchall())

    def file(self, slug: str) -> bytes | None:
        """The original file of a document."""
        with self._open(to_read=True) as connection:
            row = connection.execute("SELECT file FROM document WHERE slug = ?", (slug,)).fetchone()
        return bytes(row[0]) if row else None

    def former(self, slug: str) -> tuple[Stored, bytes] | None:
        """The version before the current one (of a removed document: the last), with its file."""
        with self._open(to_read=True) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'former'").fetchone():
                return None  # a store that this version has not written to yet
            row = connection.execute(
                "SELECT version, added, body, file FROM former WHERE slug = ? ORDER BY number DESC", (slug,)
            ).fetchone()
        return (Stored(_decoded(row[2]), row[0], row[1]), bytes(row[3])) if row else None

    def removed(self) -> dict[str, str]:
        """Titles by slug of the documents that were removed and can be put back."""
        with self._open(to_read=True) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'former'").fetchone():
                return {}
            rows = connection.execute(
                "SELECT slug, body FROM former WHERE slug NOT IN (SELECT slug FROM document) ORDER BY number"
            ).fetchall()
        return {slug: str(json.loads(body)["title"]) for slug, body in rows}

    def put(self, document: Document, file: bytes) -> None:
        """Make a document current, in place of the one of its slug, which becomes the former."""
        added = datetime.now(UTC).isoformat(timespec="microseconds")
        with self._open() as connection, connection:
            _retire(connection, document.slug, unless=document.version)
            connection.execute(
                "INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?, ?)",
                (document.slug, document.version, added, _encoded(document), file),
            )
            connection.execute("DELETE FROM reading WHERE slug = ?", (document.slug,))
            _advance(connection)

    def remove(self, slug: str) -> None:
        """Drop a document; it becomes the former of its slug."""
        with self._open() as connection, connection:
            _retire(connection, slug)
            connection.execute("DELETE FROM document WHERE slug = ?", (slug,))
            connection.execute("DELETE FROM reading WHERE slug = ?", (slug,))
            _advance(connection)


_NO_ROOM = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY})


def _reading(path: Path) -> sqlite3.Connection:
    """A connection to read by, also where nothing can be written: SQLite wants to make a file beside the database even then, unless it is told that nobody writes."""
    connection = sqlite3.connect(path, timeout=30)
    try:
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError as error:
        log = path.with_name(f"{path.name}-wal")
        is_left_over = (
            log.exists() and log.stat().st_size > 0
        )  # what a killed writer had not moved into the database yet
        if error.sqlite_errorcode & 0xFF in _NO_ROOM and not is_left_over:
            connection.close()
            return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.DatabaseError:
        pass  # whoever reads by it meets the same, and says it
    return connection


def _retire(connection: sqlite3.Connection, slug: str, unless: str = "") -> None:
    """Keep the current document of a slug among the former ones, unless it is of the version that takes its place."""
    connection.execute(
        "INSERT INTO former (slug, version, added, body, file) SELECT slug, version, added, body, file FROM document WHERE slug = ? AND version != ?",
        (slug, unless),
    )
    connection.execute(
        "DELETE FROM former WHERE slug = ? AND number NOT IN (SELECT number FROM former WHERE slug = ? ORDER BY number DESC LIMIT ?)",
        (slug, slug, KEPT),
    )


def _advance(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")


def _encoded(document: Document) -> str:
    return json.dumps(asdict(document), default=str, ensure_ascii=False)


def _decoded(body: str) -> Document:
    row = json.loads(body)
    row["review_due"] = date.fromisoformat(row["review_due"]) if row["review_due"] else None
    row["pages"] = tuple(row["pages"])
    row["warnings"] = tuple(row["warnings"])
    row["ocr_pages"] = tuple(row.get("ocr_pages", ()))  # stores written before it was kept
    row["coverage"] = Coverage(**row["coverage"])
    row["contacts"] = tuple(Contact(**contact) for contact in row["contacts"])
    row["headings"] = tuple(
        Heading(heading["text"], heading["level"], _span(heading["span"])) for heading in row["headings"]
    )
    row["skipped"] = tuple(Skipped(_span(skipped["span"]), skipped["reason"]) for skipped in row["skipped"])
    row["clauses"] = tuple(_clause(clause) for clause in row["clauses"])
    return Document(**row)


def _span(pair: list[int]) -> tuple[int, int]:
    return pair[0], pair[1]


def _clause(row: dict[str, Any]) -> Clause:
    row["spans"] = tuple(_span(pair) for pair in row["spans"])
    row["headings"] = tuple(row["headings"])
    row["members"] = tuple(row["members"])
    row["lead_in"] = tuple(
        Passage(stem["text"], tuple(_span(pair) for pair in stem["spans"])) for stem in row["lead_in"]
    )
    return Clause(**row)
