"""The vectors, in Chroma. The only import of chromadb. Disposable: `ingest` makes them again from the stored clauses.

An entry's id is the document's version and the clause's place in it, so that two versions never mix.
"""

import threading
from collections.abc import Sequence
from pathlib import Path

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError

from assistant.embedding import Vectors
from assistant.errors import IndexMismatchError

BATCH = 1000
_CLIENTS: dict[Path, ClientAPI] = {}
_LOCK = threading.Lock()


class VectorStore:
    """Vectors of clauses by document version, in a folder."""

    def __init__(self, folder: Path) -> None:
        path = (folder / "chroma").resolve()
        with _LOCK:
            if path not in _CLIENTS or not path.exists():
                _CLIENTS[path] = chromadb.PersistentClient(
                    path=str(path), settings=ChromaSettings(anonymized_telemetry=False, allow_reset=False)
                )
            self.client = _CLIENTS[path]
        self.collection = self.client.get_or_create_collection(
            "clauses", metadata={"hnsw:space": "cosine"}, embedding_function=None
        )

    def put(self, version: str, vectors: Vectors) -> None:
        """Store the vectors of a version's clauses, in order of the clauses."""
        for start in range(0, len(vectors), BATCH):
            part = vectors[start : start + BATCH]
            self.collection.upsert(
                ids=[f"{version}#{start + n}" for n in range(len(part))],
                embeddings=part,
                metadatas=[{"version": version, "place": start + n} for n in range(len(part))],
            )

    def get(self, version: str, count: int) -> Vectors:
        """The vectors of a version's `count` clauses: shape (count, dimension).

        Raises:
            IndexMismatchError: some are missing; the remedy is to ingest again.
        """
        if not count:
            return np.zeros((0, 0), dtype=np.float32)
        try:
            found = self.collection.get(where={"version": version}, include=["embeddings", "metadatas"])
        except ChromaError as error:
            raise _damaged(version, str(error)) from error
        if len(found["ids"]) != count or found["embeddings"] is None or found["metadatas"] is None:
            raise _damaged(version, f"{len(found['ids'])} of {count} vectors")
        order = np.argsort([int(str(entry["place"])) for entry in found["metadatas"]])
        return np.asarray(found["embeddings"], dtype=np.float32)[order]

    def keep_only(self, versions: Sequence[str]) -> None:
        """Drop every version but these: old ones, and those that a killed ingest left behind."""
        kept = set(versions)
        stored = {str(entry["version"]) for entry in self.collection.get(include=["metadatas"])["metadatas"] or []}
        for version in stored - kept:
            self.collection.delete(where={"version": version})

    def clear(self) -> None:
        """Drop everything."""
        self.client.delete_collection("clauses")
        self.collection = self.client.get_or_create_collection(
            "clauses", metadata={"hnsw:space": "cosine"}, embedding_function=None
        )


def _damaged(version: str, seen: str) -> IndexMismatchError:
    return IndexMismatchError(
        f"The vectors of {version} are incomplete ({seen}). Run `policy-assistant ingest` again: it makes them from the stored documents."
    )
