"""The shipped weights are the files that were listed when they were made: `python -m assistant.integrity` writes the list anew, after training."""

import hashlib
import sys
from functools import cache
from pathlib import Path

from assistant.errors import ModelError

LIST = "SHA256SUMS"
"""The list beside the weights, a hash and a file name a line: `sha256sum --check` reads it too."""


def sha256(path: Path) -> str:
    """A file's hash."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(folder: Path) -> None:
    """List every file of a folder of weights."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != LIST)
    lines = [f"{sha256(path)}  {path.name}\n" for path in files]
    (folder / LIST).write_text("".join(lines), encoding="ascii", newline="\n")


@cache
def check(folder: Path) -> None:
    """Hash every file that is listed, once in a process.

    Raises:
        ModelError: there is no list, or a file is missing, damaged or another.
    """
    listed = folder / LIST
    if not listed.exists():
        raise ModelError(
            f"The weights in {folder} have no list of hashes ({LIST}). Reinstall policy-assistant; if you have just trained them: python -m assistant.integrity."
        )
    for line in listed.read_text(encoding="ascii", errors="replace").splitlines():
        expected, _, name = line.partition("  ")
        path = folder / name
        found = sha256(path) if path.is_file() else "none: the file is missing"
        if found != expected:
            raise ModelError(
                f"The weights {path} have sha256 {found}, expected {expected}: the file is damaged or another. "
                "Reinstall policy-assistant; if you have just trained them: python -m assistant.integrity."
            )


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "weights")
