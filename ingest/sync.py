"""Files and folders → the index: reads what is new or changed, reports what can't be read, and goes on."""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import assistant
from assistant.documents import Coverage, Document
from assistant.errors import AssistantError, UnreadableFileError
from assistant.index import Index, Writer
from ingest.guard import Guard
from ingest.load import READERS
from ingest.manifest import NAME, Manifest, read_manifest
from ingest.read import slug_of

LIBRARIES = ("beautifulsoup4", "lxml", "pdfplumber", "pdfminer.six", "pypdfium2", "python-docx", "striprtf")
"""What reads files beside this program: another version of one may read them otherwise."""

Outcome = Literal["new", "changed", "unchanged", "removed", "failed"]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one document."""

    slug: str
    title: str
    source: str
    sha256: str
    clauses: int
    coverage: Coverage
    status: Outcome
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    embedded: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read, with the manifest of its folder."""

    path: Path
    manifest: Manifest


class NothingToIngestError(AssistantError):
    """The paths hold no file that can be read."""


def find(paths: Sequence[Path]) -> list[Found]:
    """The files under the paths, in order of names; folders are searched, hidden files and builds left out.

    Raises:
        NothingToIngestError: a path does not exist, or nothing is found.
    """
    manifests: dict[Path, Manifest] = {}
    found: dict[Path, Found] = {}
    for path in paths:
        if not path.exists():
            raise NothingToIngestError(f"{path} does not exist. Expected a policy file or a folder of them.")
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and (file == path or _is_policy(file, path)):
                if file.parent not in manifests:
                    manifests[file.parent] = read_manifest(file.parent)
                found.setdefault(file.resolve(), Found(file, manifests[file.parent]))
    if not found:
        raise NothingToIngestError(
            f"No policy was found under {', '.join(map(str, paths))}. Expected files of kind {', '.join(READERS)}."
        )
    return list(found.values())


def _is_policy(file: Path, root: Path) -> bool:
    """Whether a file of a folder is a policy: known kind, not hidden, no README and no manifest."""
    inside = file.relative_to(root).parts
    if any(part.startswith((".", "~$")) or part in {"build", "__pycache__"} for part in inside):
        return False
    return (
        file.name != NAME
        and file.suffix.lower() in READERS
        and file.stem.lower() not in {"readme", "licence", "license"}
    )


def sync(
    index: Index, paths: Sequence[Path], *, prune: bool = False, progress: Callable[[int, int], None] | None = None
) -> Iterator[Report]:
    """Bring the index up to date with the files under `paths`; a report as each document is done.

    `progress` is called with (texts embedded, texts to embed of this document).

    Raises:
        NothingToIngestError, ManifestError, IndexBusyError: before anything is changed.
    """
    files = find(paths)
    with index.writing() as writer, Guard() as guard:
        known = index.store.versions()
        readings = index.store.readings()
        seen: dict[str, Path] = {}
        for found in files:
            entry = found.manifest.entries.get(found.path.name)
            slug = (entry.slug if entry else None) or slug_of(found.path)
            if slug in seen:
                yield _failed(
                    found.path,
                    slug,
                    f"Its slug {slug!r} is taken by {seen[slug].name}. Rename one, or give it a slug in {NAME}.",
                )
                continue
            seen[slug] = found.path
            yield _one(guard, writer, found, slug, readings.get(slug), progress)
        if prune:
            gone = [stored.document for slug in known if slug not in seen and (stored := index.store.one(slug))]
            writer.remove([document.slug for document in gone])
            yield from (_report(document, "removed") for document in gone)


def _one(
    guard: Guard,
    writer: Writer,
    found: Found,
    slug: str,
    reading: tuple[str, str] | None,
    progress: Callable[[int, int], None] | None,
) -> Report:
    try:
        data = found.path.read_bytes()
        mark = fingerprint(found.path.name, data, found.manifest, slug)
        if reading is not None and reading[0] == mark:
            return _unchanged(slug, reading[1])
        document = guard.read(found.path, data, found.manifest, slug)
    except UnreadableFileError as error:
        return _failed(found.path, slug, str(error))
    except OSError as error:
        return _failed(
            found.path, slug, f"The file can't be opened ({error.strerror or error}). Check its name and rights."
        )
    except RecursionError:
        return _failed(found.path, slug, "The file is nested too deeply to be read. Save it again as plain text.")
    stored = writer.store.one(slug)
    before = stored.document if stored is not None else None
    status: Outcome = "new" if before is None else "changed"
    embedded = 0
    if (
        before is not None
        and before.version == document.version
        and replace(before, warnings=()) == replace(document, warnings=())
    ):
        status = "unchanged"
    else:
        total = len(document.embedding_texts)
        embedded = writer.put(document, data, (lambda done: progress(done, total)) if progress else None)
    report = replace(_report(document, status), warnings=document.warnings, embedded=embedded)
    if not document.warnings:  # what went wrong once (a scanned page that took too long) may go well the next time
        writer.store.note_reading(slug, mark, json.dumps(asdict(report)))
    return report


def _report(document: Document, status: Outcome) -> Report:
    return Report(
        document.slug,
        document.title,
        document.source,
        document.sha256,
        len(document.clauses),
        document.coverage,
        status,
    )


def _unchanged(slug: str, noted: str) -> Report:
    """The report of an earlier reading of the same file by the same program."""
    row = json.loads(noted)
    return Report(
        slug, row["title"], row["source"], row["sha256"], row["clauses"], Coverage(**row["coverage"]), "unchanged"
    )


def fingerprint(name: str, data: bytes, manifest: Manifest, slug: str) -> str:
    """The same where reading a file again would give the same document: file, manifest and everything that reads it are the same."""
    told = (_readers(), name, slug, manifest.entries.get(name), sorted(manifest.contacts.items()))
    return hashlib.sha256(repr(told).encode() + b"\0" + data).hexdigest()


@cache
def _readers() -> tuple[str, ...]:
    """The code that reads files, this program's and others'."""
    folders = (Path(__file__).parent, Path(assistant.__file__).parent)
    own = hashlib.sha256(b"".join(file.read_bytes() for folder in folders for file in sorted(folder.glob("*.py"))))
    return (own.hexdigest(), *(f"{name} {version(name)}" for name in LIBRARIES), sys.version)


def _failed(path: Path, slug: str, reason: str) -> Report:
    return Report(slug, path.stem, path.name, "", 0, Coverage(0.0, 0.0, 1.0), "failed", reason)


def elapsed(began: float) -> float:
    """Seconds since `began` (time.perf_counter), to the millisecond."""
    return round(time.perf_counter() - began, 3)
