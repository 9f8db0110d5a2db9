"""One file → its text and blocks; the suffix says which reader."""

import re
from collections.abc import Callable

from assistant.errors import UnreadableFileError
from ingest.blocks import Extracted
from ingest.docx import read_docx
from ingest.html import read_html
from ingest.lines import read_lines
from ingest.odt import read_odt
from ingest.pdf import read_pdf
from ingest.rtf import read_rtf

MAX_BYTES = 50 * 2**20
"""A file larger than this is refused: policies are smaller."""

MAX_CHARACTERS = 5_000_000
"""A text longer than this is refused: a policy of 300 pages has about one million characters."""


def read_text(data: bytes) -> Extracted:
    """Text or Markdown: UTF-8, else UTF-16 with its mark, else Windows-1252; offsets are into the text as decoded."""
    text, warnings = _decoded(data)
    _check_length(text)
    if "\x00" in text:
        raise UnreadableFileError(
            "The file holds binary data, not text. Expected .txt or .md; save it as text, or give it its true suffix."
        )
    if not text.removeprefix("\ufeff").strip():
        raise UnreadableFileError("The file is empty. Expected the text of a policy.")
    return Extracted(text, read_lines(text), warnings=warnings)


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), ()
        except UnicodeDecodeError as error:
            raise UnreadableFileError("The file starts as UTF-16 but does not go on so. Save it as UTF-8.") from error
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), (
            "The file is not UTF-8; it was read as Windows-1252. Check its quotation marks and dashes.",
        )


READERS: dict[str, Callable[[bytes], Extracted]] = {
    ".txt": read_text,
    ".md": read_text,
    ".markdown": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
    ".odt": read_odt,
    ".rtf": read_rtf,
    ".pdf": read_pdf,
}

_MAGIC = ((b"%PDF-", ".pdf"), (b"PK\x03\x04", ".zip"), (b"\xd0\xcf\x11\xe0", ".doc"), (b"{\\rtf", ".rtf"))


def _actual(data: bytes) -> str | None:
    """The suffix that a file's first bytes call for, or None where they don't tell. OpenDocument files name themselves there."""
    found = next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)
    if found != ".zip":
        return found
    named = re.match(rb"mimetypeapplication/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)?", data[30:120])
    if named is None:
        return ".docx"
    return {b"text": ".odt", b"spreadsheet": ".ods", b"presentation": ".odp", None: ".odf"}[named.group(1)]


def load(name: str, data: bytes) -> Extracted:
    """The text and blocks of the file called `name`.

    Raises:
        UnreadableFileError: the file is empty, too large, damaged, or not what its suffix says.
    """
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    reader = READERS.get(suffix)
    if reader is None:
        raise UnreadableFileError(
            f"Files of kind {suffix or 'without a suffix'} can't be read. Expected one of: {', '.join(READERS)}."
        )
    if not data:
        raise UnreadableFileError("The file is empty. Expected the text of a policy.")
    if len(data) > MAX_BYTES:
        raise UnreadableFileError(
            f"The file has {len(data) // 2**20} MB, more than the {MAX_BYTES // 2**20} MB allowed. Save it without large pictures."
        )
    actual = _actual(data)
    if actual == ".doc" and suffix == ".docx":
        raise UnreadableFileError(
            "The file is protected by a password, or is an old .doc. Open it in Word and save it as .docx without a password."
        )
    if actual is not None and actual != suffix and (suffix, actual) != (".odt", ".docx"):  # not every .odt names itself
        raise UnreadableFileError(
            f"The file is called {suffix} but its content is {actual}. Give it its true suffix, or save it again."
        )
    extracted = reader(data)
    _check_length(extracted.text)
    return extracted


def _check_length(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise UnreadableFileError(
            f"The text has {len(text):,} characters, more than the {MAX_CHARACTERS:,} allowed. Split the document."
        )
