"""The vectors of clauses, in Chroma, and of their words, in files. The only import of chromadb. Disposable: `ingest` makes them again from the stored clauses.

Each version of a document has a collection and a file of its own, written before the version becomes current and never changed after:
a process that reads while another writes never sees either half-written, and what it remembers never goes stale.
The collections lie in the index folder or, where the settings name a Chroma server, in a database there that is the index's own;
the words' files, some 5 KB a clause that Chroma would write twice, always lie in the index folder (docs/decisions/0012).
"""

import hashlib
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from zipfile import BadZipFile

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError, NotFoundError
from chromadb.utils.embedding_functions import known_embedding_functions, sparse_known_embedding_functions

from assistant import vector_server
from assistant.errors import IndexMismatchError, IndexUnavailableError
from assistant.late import NOTHING, Embedding, Packed, Vectors
from assistant.store import damage
from assistant.vector_server import Place

BATCH = 500
"""Clauses sent at once: at most 23 MB, where a Chroma server takes 40."""

_CLIENTS: dict[Path | Place, ClientAPI] = {}
_LOCK = threading.Lock()


class VectorStore:
    """Vectors of clauses by document version, of one index."""

    def __init__(self, folder: Path, server: Place | None = None, *, mend: bool = False) -> None:
        """Open the vectors of an index folder, or those on a server; `mend` starts anew where they are damaged or gone (they are disposable).

        Raises:
            IndexMismatchError: they are damaged or gone, and not to be mended.
            IndexUnavailableError: Chroma can't open them, as it writes when it opens and nothing can be written.
            VectorServerError: the server does not answer, or is no Chroma server of this version.
        """
        self.server = server
        self.words = folder / "words"
        with _LOCK:
            self.client = _in_folder(folder, mend=mend) if server is None else _on_server(server, make=mend)

    def put(self, version: str, embeddings: Sequence[Embedding]) -> None:
        """Store what a version's clauses were embedded as, in their order.

        Raises:
            IndexUnavailableError: they can't be written.
            VectorServerError: the server does not answer.
        """
        packed = Packed(embeddings)
        try:
            self.drop(version)  # a killed ingest may have left it behind
            with self._reached():
                collection = self.client.create_collection(_name(version), embedding_function=None)
                for start in range(0, len(packed), BATCH):
                    part = packed.vectors[start : start + BATCH]
                    collection.add(ids=[str(start + n) for n in range(len(part))], embeddings=part)
            self._write_words(version, packed)
        except (ChromaError, OSError) as error:
            raise IndexUnavailableError(
                f"The vectors of {version} can't be written ({error}). Check that the disk is not full and that the folder may be written; then try again."
            ) from error

    def get(self, version: str, count: int) -> Packed:
        """What a version's `count` clauses were embedded as.

        Raises:
            IndexMismatchError: some are missing; the remedy is to ingest again.
            VectorServerError: the server does not answer.
        """
        if not count:
            return NOTHING
        try:
            with self._reached():
                found = self.client.get_collection(_name(version), embedding_function=None).get(include=["embeddings"])
        except ChromaError as error:
            raise _damaged(version, str(error)) from error
        if len(found["ids"]) != count or found["embeddings"] is None:
            raise _damaged(version, f"{len(found['ids'])} of {count} vectors")
        places = np.argsort([int(place) for place in found["ids"]])
        vectors: Vectors = np.asarray(found["embeddings"], dtype=np.float32)[places]
        try:
            with self._words_of(version).open("rb") as file, np.load(file) as held:
                return Packed.of(vectors, held["words"], held["counts"])
        except FileNotFoundError as error:
            raise _damaged(version, "their words are not there") from error
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise _damaged(version, f"their words can't be read: {error}") from error

    def drop(self, version: str) -> None:
        """Drop a version, if it is there."""
        with suppress(NotFoundError), self._reached():
            self.client.delete_collection(_name(version))
        self._words_of(version).unlink(missing_ok=True)

    def keep_only(self, versions: Sequence[str]) -> set[str]:
        """Drop every version but these: old ones, and those that a killed ingest left behind. Returns those of them that are there; `get` says whether they are whole."""
        wanted = {_name(version): version for version in versions}
        with self._reached():
            names = {collection.name for collection in self.client.list_collections()}
            for name in names - wanted.keys():
                self.client.delete_collection(name)
        files = {file.name: file for file in self.words.glob("*")}
        for name in files.keys() - {f"{name}.npz" for name in wanted}:
            files[name].unlink(missing_ok=True)
        return {wanted[name] for name in names & wanted.keys() if f"{name}.npz" in files}

    def clear(self) -> None:
        """Drop everything."""
        self.keep_only([])

    def _words_of(self, version: str) -> Path:
        return self.words / f"{_name(version)}.npz"

    def _write_words(self, version: str, packed: Packed) -> None:
        self.words.mkdir(exist_ok=True)
        made = self._words_of(version).with_suffix(".new")
        with made.open("wb") as file:
            np.savez(file, words=packed.words, counts=packed.counts)
            file.flush()
            os.fsync(file.fileno())
        made.replace(self._words_of(version))

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """What goes wrong on the way to a server becomes a sentence; what is not there stays NotFoundError."""
        try:
            yield
        except NotFoundError:
            raise
        except Exception as error:  # chromadb lets through its client's errors, bare exceptions and its own
            if self.server is None:
                raise
            raise self.server.away(error) from error


def _in_folder(folder: Path, *, mend: bool) -> ClientAPI:
    path = (folder / "chroma").resolve()
    if path in _CLIENTS and not path.exists():
        _CLIENTS.pop(path).close()  # type: ignore[attr-defined]  # its files are gone: what it wrote would be lost
    if path not in _CLIENTS:
        # Asked before Chroma opens it: a client that failed to open can't be closed.
        if (found := damage(path / "chroma.sqlite3")) is not None:
            if not mend:
                raise _damaged(f"the documents in {folder}", found)
            shutil.rmtree(path)
        try:
            _CLIENTS[path] = chromadb.PersistentClient(
                path=str(path), settings=ChromaSettings(anonymized_telemetry=False, allow_reset=False)
            )
        except ChromaError as error:
            # Chroma remembers the client that it could not open, and the next attempt would get that one.
            SharedSystemClient._identifier_to_system.pop(str(path), None)
            raise IndexUnavailableError(
                f"The vectors in {path} can't be opened ({error}). Check that the disk is not full and that the folder may be written; then try again."
            ) from error
    return _CLIENTS[path]


def _on_server(place: Place, *, make: bool) -> ClientAPI:
    """A client of a database, looked for first; `make` makes it where there is none."""
    if place not in _CLIENTS or make:
        vector_server.check(place, make=make)
    if place not in _CLIENTS:
        _CLIENTS[place] = _client(place)
    return _CLIENTS[place]


def _client(place: Place) -> ClientAPI:
    # A server's collection may name one that loads a model with code of its own (as in CVE-2026-45829); vectors are made elsewhere.
    known_embedding_functions.clear()
    sparse_known_embedding_functions.clear()
    where = {"chroma_server_host": place.host, "chroma_server_http_port": place.port}  # else the environment's
    try:
        client = chromadb.HttpClient(
            place.host,
            place.port,
            ssl=place.is_encrypted,
            database=place.database,
            settings=ChromaSettings(anonymized_telemetry=False, allow_reset=False, **where),  # type: ignore[arg-type]
        )
    except Exception as error:  # as in `_reached`
        raise place.away(error) from error
    client._server._session.timeout = vector_server.PATIENCE  # type: ignore[attr-defined]  # chromadb has no setting for it
    return client


def _name(version: str) -> str:
    """A collection's name: Chroma allows no "@" and no long names."""
    return f"v{hashlib.sha256(version.encode()).hexdigest()[:32]}"


def _damaged(version: str, seen: str) -> IndexMismatchError:
    return IndexMismatchError(
        f"The vectors of {version} are incomplete ({seen}). Run `policy-assistant ingest` again: it makes them from the stored documents."
    )
