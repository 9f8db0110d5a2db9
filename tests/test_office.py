"""Files made by real programs: LibreOffice's writers of DOCX, ODT, RTF and PDF, Chromium's printer. Skipped where they are not installed."""

import shutil
import subprocess

import docx
import pytest

from assistant.resources import corpus_folder
from ingest.load import load
from ingest.split import split
from tests.conftest import CHROMIUM, missing
from tests.sound import assert_sound
from tests.test_docx import numbered, table

RULES = [
    ("1.1", "Staff must not:", "must_not"),
    ("1.1.a", "lend a key to anybody;", "must_not"),
    ("1.1.b", "copy a key.", "must_not"),
    ("1.2", "Keys are blue.", "statement"),
    ("2.1", "Doors are red.", "statement"),
]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Makes the policy with Word's automatic numbers and lets LibreOffice write it in another format."""
    soffice = shutil.which("soffice")
    if soffice is None:
        missing("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("office")
    word = docx.Document()
    add = numbered(word, "multilevel")
    word.sections[0].header.paragraphs[0].text = "Elm Hill School"
    add("Keys", 0, "Heading 1")
    add("Staff must not:", 1)
    add("lend a key to anybody;", 2)
    add("copy a key.", 2)
    add("Keys are blue.", 1)
    add("Doors", 0, "Heading 1")
    add("Doors are red.", 1)
    table(
        word, [["When", "To whom"], ["First time", "the porter"], ["Later", "the head"]], bold=True
    ).style = "Table Grid"
    word.save(folder / "keys.docx")

    def write(suffix):
        out = folder / suffix
        command = [soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", suffix, "--outdir", out, folder / "keys.docx"]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return (out / f"keys.{suffix}").read_bytes()

    return write


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["docx", "odt", "rtf", "pdf"])
def test_what_libreoffice_writes_is_read(written, suffix):
    extracted = load(f"keys.{suffix}", written(suffix))
    result = split(extracted)
    assert_sound(extracted, result)
    # A head that runs over one page only can't be told from the text.
    assert [(one.id, one.text, one.modality) for one in result.clauses if one.text != "Elm Hill School"][:5] == RULES
    assert [heading.text for heading in result.headings] == ["1 Keys", "2 Doors"]
    assert [one.text for one in result.clauses if one.kind == "row"][-2:] == ["First time the porter", "Later the head"]
    assert {one.page for one in result.clauses} == ({1} if suffix == "pdf" else {None})


@pytest.mark.slow
def test_what_chromium_prints_is_read(tmp_path):
    if not CHROMIUM.exists():
        missing(f"Chromium is not in {CHROMIUM}")
    page = corpus_folder() / "harbour-mobile-phones.html"
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={tmp_path / 'phones.pdf'}", f"file://{page}"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    printed = split(load("phones.pdf", (tmp_path / "phones.pdf").read_bytes())).clauses
    source = [one.text for one in split(load(page.name, page.read_bytes())).clauses]
    assert sum(one.text in source for one in printed) >= 0.9 * len(source)
