"""`python -m tests.formats`: reads every file at hand and writes the table of docs/formats.md. Other people's files are named, not quoted."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from assistant.errors import UnreadableFileError
from assistant.resources import corpus_folder
from ingest.load import READERS, load
from ingest.split import split

PAGE = Path(__file__).parents[1] / "docs" / "formats.md"
SHARED = Path(__file__).parents[2] / "shared"
BEGIN, END = "<!-- table -->\n", "<!-- /table -->"
HEAD = "| file | made by | characters | clauses | in clauses | in headings | skipped | seconds | warnings |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"


def row(file: Path, made_by: str) -> str:
    """A table row for one file."""
    data = file.read_bytes()
    began = time.perf_counter()
    try:
        extracted = load(file.name, data)
        found = split(extracted)
    except UnreadableFileError as error:
        return f"| {file.name} | {made_by} | | | | | | {time.perf_counter() - began:.2f} | not read: {error} |"
    seconds = time.perf_counter() - began
    shares = " | ".join(
        f"{share:.1%}" for share in (found.coverage.clauses, found.coverage.headings, found.coverage.skipped)
    )
    kinds = Counter(warning.split(":")[0].split(",")[0].split(" that ")[0] for warning in extracted.warnings)
    return f"| {file.name} | {made_by} | {len(extracted.text):,} | {len(found.clauses)} | {shares} | {seconds:.2f} | {'; '.join(kinds)} |"


def made(folder: Path) -> list[tuple[Path, str]]:
    """Policies of the corpus written again by real programs, where they are installed."""
    found = []
    if (soffice := shutil.which("soffice")) is not None:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        names = ("oakfield.docx", "harbour-data-protection.docx")
        for suffix in ("docx", "odt", "rtf", "pdf"):
            command = [soffice, profile, "--headless", "--convert-to", suffix, "--outdir", str(folder), *(str(corpus_folder() / name) for name in names)]  # fmt: skip
            subprocess.run(command, check=True, capture_output=True, timeout=180)
            found += [(folder / Path(name).with_suffix(f".{suffix}"), "LibreOffice") for name in names]
    if (chromium := shutil.which("chromium")) is not None:
        for name in ("harbour-mobile-phones", "tees-valley-union-model"):
            out = folder / f"{name}.pdf"
            command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={out}", f"file://{corpus_folder() / name}.html"]  # fmt: skip
            subprocess.run(command, check=True, capture_output=True, timeout=180)
            found.append((out, "Chromium"))
    return found


def main() -> None:
    """Write the table into the page."""
    with tempfile.TemporaryDirectory() as name:
        listed = [(file, "corpus") for file in _files(corpus_folder())]
        listed += made(Path(name))
        listed += [
            (file, f"shared/{folder}") for folder in ("policies", "documents") for file in _files(SHARED / folder)
        ]
        table = HEAD + "".join(f"{row(file, made_by)}\n" for file, made_by in listed)
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(before + BEGIN + table + END + rest.partition(END)[2], encoding="utf-8")
    sys.stdout.write(table)


def _files(folder: Path) -> list[Path]:
    return sorted(
        file
        for file in folder.rglob("*")
        if file.suffix.lower() in READERS and file.stem.lower() != "readme" and "build" not in file.parts
    )


if __name__ == "__main__":
    main()
