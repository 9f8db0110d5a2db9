"""Hostile files: each ends in a line, within its time and memory, and the files after it are read."""

import io
import time
import zipfile
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import UnreadableFileError
from ingest.guard import Guard
from ingest.manifest import Manifest
from tests import large
from tests.seeds import HTML, opened, printed, word

GOOD = ("good.docx", word())


def package(source, part, change):
    """A package with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, change(data.decode()).encode() if entry.filename == part else data)
    return out.getvalue()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
NESTED = "<w:tbl><w:tr><w:tc>" * 3000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3000


def bomb():
    """A PDF whose page unpacks to 2 GB of white space and words."""
    data = io.BytesIO()
    canvas = Canvas(data, pageCompression=1, invariant=True)
    canvas.drawString(72, 700, "Keys are blue.")
    canvas._code.append(" " * 80_000_000)
    canvas.save()
    return data.getvalue()


HOSTILE = {
    "zip bomb": ("keys.docx", lambda: package(word(), "word/document.xml", lambda xml: xml.replace("<w:body>", "<w:body>" + " " * (201 * 2**20)))),
    "laughing document": ("keys.docx", lambda: package(word(), "word/document.xml", lambda xml: xml.replace("<w:document", f"<!DOCTYPE d [{LAUGHS}]><w:document", 1).replace("lend", "&l11;"))),
    "laughing text": ("keys.odt", lambda: package(opened(), "content.xml", lambda xml: f"<!DOCTYPE d [{LAUGHS}]>" + xml.replace("lend", "&l11;"))),
    "tables in tables": ("keys.docx", lambda: package(word(), "word/document.xml", lambda xml: xml.replace("<w:body>", "<w:body>" + NESTED))),
    "lists in lists": ("keys.html", lambda: HTML.replace("<li>", "<ul><li>" * 20000).encode()),
    "groups in groups": ("keys.rtf", lambda: b"{\\rtf1 " * 100000 + b"Keys"),
    "a line of 10 MB": ("keys.txt", lambda: b"Staff must wear a key and " * 400_000),
    "a line of 4 MB": ("keys.txt", lambda: b"Staff must wear a key and " * 160_000),
    "a line of 4 MB with no space": ("keys.md", lambda: b"x" * 4_000_000),
    "4 MB of brackets": ("keys.md", lambda: b"[(" * 2_000_000),
    "4 MB of capitals": ("keys.txt", lambda: b"Keys Of Elm " * 350_000),
    "4 MB of bars": ("keys.md", lambda: b"| " * 2_000_000),
    "4 MB of short lines": ("keys.txt", lambda: b"1.\n" * 1_300_000),
    "a page of white space": ("keys.pdf", lambda: bomb()),
    "half a file": ("keys.pdf", lambda: printed()[:1500]),
}  # fmt: skip


@pytest.fixture(scope="module")
def guard():
    with Guard(seconds=50) as one:
        yield one


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_read_or_refused_in_a_line_and_the_next_is_read(kind, guard):
    name, make = HOSTILE[kind]
    data = make()
    began = time.monotonic()
    refused = ""
    try:
        assert guard.read(Path(name), data, Manifest(), "keys").clauses
    except UnreadableFileError as error:
        refused = str(error)
    assert "\n" not in refused
    assert "Report this file" not in refused
    assert time.monotonic() - began < 60
    assert guard.read(Path(GOOD[0]), GOOD[1], Manifest(), "good").clauses


def test_a_file_that_takes_too_long_is_stopped_and_the_next_is_read():
    with Guard(seconds=0.01) as guard:
        with pytest.raises(UnreadableFileError, match=r"took more than 0 seconds and was stopped"):
            guard.read(Path("keys.pdf"), printed(), Manifest(), "keys")
        guard.seconds = 60
        assert guard.read(Path("keys.pdf"), printed(), Manifest(), "keys").clauses


def test_a_reading_process_that_dies_is_replaced():
    with Guard() as guard:
        assert guard.read(*_good()).clauses
        guard._process.kill()
        guard._process.wait()
        with pytest.raises(UnreadableFileError, match="ended the reading process"):
            guard.read(*_good())
        assert guard.read(*_good()).clauses


def test_memory_is_bounded():
    with Guard(memory=120 * 2**20) as guard, pytest.raises(UnreadableFileError) as refused:
        guard.read(Path("keys.txt"), b"Staff must wear a key.\n\n" * 200_000, Manifest(), "keys")
    assert "\n" not in str(refused.value)


def test_a_policy_of_300_pages_is_read_within_bounds(tmp_path):
    large.write(tmp_path / "large.docx")
    document, seconds, memory = large.read(tmp_path / "large.docx")
    assert len(document.clauses) == large.PAGES * large.CLAUSES_A_PAGE
    assert document.clauses[-1].number == "300.9"
    assert seconds < 30
    assert memory < 300


def _good():
    return Path(GOOD[0]), GOOD[1], Manifest(), "good"
