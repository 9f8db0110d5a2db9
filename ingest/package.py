"""Zip packages (.docx, .odt), checked before anything in them is read."""

import io
import zipfile
import zlib

from assistant.errors import UnreadableFileError

MAX_UNPACKED = 200 * 2**20
"""Bytes: a package that unpacks to more is refused before it is read (a zip bomb, or no policy)."""

MAX_ENTRIES = 5000
"""A package of more parts is refused: a document has some dozens, and one for each picture."""


def open_package(data: bytes, kind: str, suffix: str) -> zipfile.ZipFile:
    """The package of a document of `kind`. Reading a part yields at most the size that was checked here: zipfile sees to that.

    Raises:
        UnreadableFileError: it is no package, is encrypted, or unpacks to too much.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        entries = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, ValueError, OSError, EOFError, IndexError) as error:
        raise UnreadableFileError(
            f"The file is no {suffix} package. Open it as a {kind} and save it again as {suffix}."
        ) from error
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFileError("The document is encrypted. Save it without a password.")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED:
        raise UnreadableFileError(
            f"The package unpacks to {unpacked // 2**20} MB, more than the {MAX_UNPACKED // 2**20} MB allowed. Save it without large pictures."
        )
    if len(entries) > MAX_ENTRIES:
        raise UnreadableFileError(
            f"The package has {len(entries):,} parts, more than the {MAX_ENTRIES:,} allowed. Save it without its pictures."
        )
    return package
