"""`python -m tests.large`: a policy of 300 pages, written by LibreOffice in every format, read as ingest reads it; writes the table of docs/formats.md."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import docx

from assistant.documents import Document
from assistant.resources import corpus_folder
from ingest.guard import Guard
from ingest.load import load
from ingest.manifest import Manifest
from ingest.split import split

PAGE = Path(__file__).parents[1] / "docs" / "formats.md"
BEGIN, END = "<!-- large -->\n", "<!-- /large -->"
HEAD = "| file | MB | pages | characters | clauses | seconds | memory (MB) |\n| --- | --- | --- | --- | --- | --- | --- |\n"
PAGES = 300
CLAUSES_A_PAGE = 9


def rules() -> list[str]:
    """The sentences that the policy is made of: those of a policy of the corpus."""
    source = corpus_folder() / "harbour-code-of-conduct.txt"
    return [clause.text for clause in split(load(source.name, source.read_bytes())).clauses if len(clause.text) > 120]


def write(file: Path, pages: int = PAGES) -> None:
    """Write a Word file of numbered clauses, with a heading and a page break for each page."""
    word = docx.Document()
    words = rules()
    for page in range(pages):
        word.add_heading(f"{page + 1} Part {page + 1}", 1)
        for n in range(CLAUSES_A_PAGE):
            word.add_paragraph(f"{page + 1}.{n + 1} {words[(page * 7 + n) % len(words)]}")
        if page + 1 < pages:
            word.add_page_break()
    word.save(str(file))


def converted(source: Path, folder: Path) -> list[Path]:
    """The file as LibreOffice writes it in each format."""
    soffice = shutil.which("soffice")
    if soffice is None:
        raise SystemExit("LibreOffice is not installed. Install it: apt-get install libreoffice-writer.")
    made = []
    for suffix in ("docx", "odt", "rtf", "pdf"):
        command = [soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", suffix, "--outdir", str(folder / suffix), str(source)]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=900)
        made.append(folder / suffix / source.with_suffix(f".{suffix}").name)
    return made


def read(file: Path) -> tuple[Document, float, float]:
    """The document, and of the process that read it: seconds of processor time, and the most memory (MB) that it had."""
    with Guard() as guard:
        document = guard.read(file, file.read_bytes(), Manifest(), "large")
        process = Path(f"/proc/{guard.process_id}")
        user, system = (process / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        peak = re.search(r"VmHWM:\s+(\d+) kB", (process / "status").read_text(encoding="ascii"))
    assert peak is not None
    return document, (int(user) + int(system)) / os.sysconf("SC_CLK_TCK"), int(peak.group(1)) / 1024


def main() -> None:
    """Write the table into the page."""
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "large.docx"
        write(source)
        rows = []
        for file in converted(source, Path(name)):
            document, seconds, memory = read(file)
            pages = len(document.pages) or PAGES
            row = f"| {file.name} | {file.stat().st_size / 1e6:.2f} | {pages} | {len(document.text):,} | {len(document.clauses):,} | {seconds:.1f} | {memory:.0f} |"
            sys.stdout.write(f"{row}\n")
            rows.append(f"{row}\n")
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(before + BEGIN + HEAD + "".join(rows) + END + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
