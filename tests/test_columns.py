"""Columns on a part of a page, in PDFs that Chromium and LibreOffice print, and text boxes in LibreOffice's RTF: read one after the other; what only looks like columns is not."""

import shutil
import subprocess

import pdfplumber
import pytest

from ingest.load import load
from ingest.pdf_columns import ordered
from tests.conftest import CHROMIUM, missing

ABOVE = "This policy sets out how keys are kept at the school, who may hold one, and what happens when one is lost. It holds for all who work here."
WORN = "Everybody who works at the school wears a key on a blue cord, and takes it off only when machines are running. A key that is left on a desk is handed to the porter, who writes down where it was found and by whom."
SPARE = "Spare keys hang on the board in the office. Nobody takes one from the board who has not written their name, the hour and the number of the door in the book beside it, and each is back before the office shuts."
LENT = "Visitors are let in by the office and do not hold keys. A visitor who needs a room for longer than a day asks the porter, who may lend a key that opens this room and no other."
COUNTED = "The porter counts all of the keys on each Friday and tells the head of any that is not there. The head decides whether the locks of the doors that it opens are changed."
BELOW = "Whoever is not sure what this policy asks of them speaks to the porter or to the head before they act, and nobody is blamed for having asked them."
LOST = "Lost a key?"
TELL = "Tell the porter at once, at any hour of the day or of the night. You will not be blamed for it, whatever has happened."
ITEMS = ("lend a key to a pupil, to a parent or to anybody else who asks for it", "copy a key, or let a shop copy it for them on the way home", "take a key home over a weekend without the leave of the head", "leave a key in a door, on a desk or in a coat that hangs in the hall")  # fmt: skip


def paragraphs(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def columns(*texts, style="columns: 2; column-gap: 24pt"):
    return f"<div style='{style}'>{paragraphs(*texts)}</div>"


def grid(widths, *cells, gap="20pt"):
    return f"<div style='display: grid; grid-template-columns: {widths}; gap: {gap}'>{''.join(f'<div>{cell}</div>' for cell in cells)}</div>"


BOX = "<div style='float: right; width: 32%; background: #eee; padding: 8pt; margin-left: 14pt'><b>Lost a key?</b><br>Tell the porter at once, at any hour of the day or of the night. You will not be blamed for it, whatever has happened.</div>"

READ = {
    "a part of the page": (paragraphs(ABOVE) + columns(WORN, SPARE, LENT, COUNTED) + paragraphs(BELOW), [ABOVE, WORN, SPARE, LENT, COUNTED, BELOW]),
    "justified": (paragraphs(ABOVE) + columns(WORN, SPARE, LENT, COUNTED, style="columns: 2; text-align: justify") + paragraphs(BELOW), [ABOVE, WORN, SPARE, LENT, COUNTED, BELOW]),
    "twice": (columns(WORN, SPARE) + paragraphs(BELOW) + columns(LENT, COUNTED) + "<h2>Review of the keys</h2><p>In May.</p>", [WORN, SPARE, BELOW, LENT, COUNTED, "Review of the keys", "In May."]),
    "above and below a table": (columns(WORN, SPARE) + "<table border=1 style='border-collapse: collapse; width: 100%'><tr><td>First time</td><td>the porter</td></tr><tr><td>Later</td><td>the head</td></tr></table>" + columns(LENT, COUNTED), [WORN, SPARE, "First time the porter", "Later the head", LENT, COUNTED]),
    "three": (paragraphs(ABOVE) + columns(WORN, SPARE, LENT, COUNTED, style="columns: 3"), [ABOVE, WORN, SPARE, LENT, COUNTED]),
    "a list": (paragraphs(ABOVE) + f"<ul style='columns: 2; column-gap: 30pt'>{''.join(f'<li>{item}</li>' for item in ITEMS)}</ul>" + paragraphs(BELOW), [ABOVE, *ITEMS, BELOW]),
    "hanging numbers": (paragraphs(ABOVE) + columns(*(f"<span style='display: block; margin-left: 28pt; text-indent: -28pt'>{n}&emsp;{text}</span>" for n, text in (("1.1", WORN), ("1.2", SPARE), ("2.1", LENT), ("2.2", COUNTED)))), [ABOVE, f"1.1 {WORN}", f"1.2 {SPARE}", f"2.1 {LENT}", f"2.2 {COUNTED}"]),
    "a box on the right": (paragraphs(ABOVE) + grid("2fr 1fr", paragraphs(WORN, SPARE), f"<b>{LOST}</b>{paragraphs(TELL)}") + paragraphs(BELOW), [ABOVE, WORN, SPARE, LOST, TELL, BELOW]),
    "a box on the left": (paragraphs(ABOVE) + grid("1fr 2fr", f"<b>{LOST}</b>{paragraphs(TELL)}", paragraphs(WORN, SPARE)) + paragraphs(BELOW), [ABOVE, LOST, TELL, WORN, SPARE, BELOW]),
    "text that flows round a box": (paragraphs(ABOVE) + BOX + paragraphs(f"{WORN} {SPARE} {LENT}", BELOW), [ABOVE, f"{WORN} {SPARE} {LENT}", LOST, TELL, BELOW]),
    "cards": (paragraphs(ABOVE) + grid("1fr 1fr", f"<h2>Keys of the labs</h2>{paragraphs(WORN)}", f"<h2>Keys of the hall</h2>{paragraphs(SPARE)}") + paragraphs(BELOW), [ABOVE, "Keys of the labs", WORN, "Keys of the hall", SPARE, BELOW]),
}  # fmt: skip

ROWS = (("A key was lost on the grounds of the school during the day", "The porter looks for it and tells the head before the gates are shut"), ("A key was lost away from the school or on the way home in the evening", "The head decides whether the locks are changed and who pays for it"), ("A key was lent to a pupil, or to a person who does not work here", "A letter is written and the matter goes to the governors in their next meeting"), ("A key was copied", "The procedure for discipline begins on the same day and the police may be told of it"))  # fmt: skip
TERMS = (("a key", "what opens a door of the school, of whatever kind it is, a fob included, and whoever it was that gave it out"), ("the porter and their deputy", "those who keep the keys and the book, and open the gates in the morning"), ("the board in the office", "the board beside the window on which the spare keys hang, each on a hook of its own"), ("a visitor", "whoever is neither a pupil nor works at the school"))  # fmt: skip


def table(style):
    rows = "".join("<tr>" + "".join(f"<td style='{style}'>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    return f"<table style='border-spacing: 0'>{rows}</table>"


def leaders(n, title):
    return f"<div style='display: flex'>{n}. {title}<i style='flex: 1; overflow: hidden; white-space: nowrap'>{'.' * 200}</i>{n + 1}</div>"


ACROSS = {
    "a table": (table("vertical-align: top; padding: 3pt 8pt; width: 50%"), "A key was copied The procedure for discipline begins"),
    "a tight table": (table("vertical-align: top; padding: 0 8pt 0 0; width: 50%"), "A key was copied The procedure for discipline begins"),
    "hanging numbers": (grid("48pt 1fr", "1.1", WORN, "1.2", SPARE, "2.1", LENT, "2.2", COUNTED), "2.1 Visitors are let in"),
    "definitions": (grid("160pt 1fr", *(cell for row in TERMS for cell in row), gap="4pt"), "the porter and their deputy those who keep the keys"),
    "signatures": (grid("1fr 1fr", *(f"Signed by the head<br>Name ..................<br>on behalf of the {name}<br>Date ..................." for name in ("school", "governors"))), "on behalf of the school on behalf of the governors"),
    "contents": ("".join(leaders(n, title) for n, title in enumerate(("Why we have keys", "Who must wear them", "What a visitor may hold", "Keys that are lost"), 1)), "What a visitor may hold......"),
    "a form": (grid("1fr 1fr", "Name of the pupil: ____", "Class: ____", "Name of the parent: ____", "Telephone: ____", "Number of the key: ____", "Date it was lent: ____", "Number of the door: ____", "Date it came back: ____"), "Number of the key: ____ Date it was lent: ____"),
    "labels of several lines": (grid("110pt 1fr", "<b>The governing body of the school</b>", WORN, "<b>The head teacher and the deputy</b>", SPARE, "<b>The porter and the cleaners</b>", LENT), "and the deputy Spare keys hang"),
    "a narrow justified page": (f"<div style='width: 170pt; text-align: justify; font-size: 13pt'>{paragraphs(WORN, SPARE, LENT)}</div>", "wears a key on a blue cord, and takes it off only when machines are running."),
}  # fmt: skip


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """The words of each block, by the page that Chromium printed for one layout each."""
    if not CHROMIUM.exists():
        missing(f"Chromium is not in {CHROMIUM}")
    folder = tmp_path_factory.mktemp("columns")
    # Margins as wide keep the lines that all pages have out of where running heads are looked for.
    style = "@page { size: A4; margin: 40mm 20mm } body { font: 11pt Arial; line-height: 1.3 } .page { break-after: page } h2 { font-size: 13pt }"
    bodies = [*(body for body, _ in READ.values()), *(body + paragraphs(BELOW) for body, _ in ACROSS.values())]
    pages = "".join(f"<div class=page>{body}</div>" for body in bodies)
    (folder / "keys.html").write_text(f"<!doctype html><meta charset=utf-8><style>{style}</style>{pages}")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={folder / 'keys.pdf'}", f"file://{folder / 'keys.html'}"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with pdfplumber.open(folder / "keys.pdf") as pdf:
        font = pdf.pages[0].chars[0]["fontname"]
    if "Liberation" not in font and "Arial" not in font:
        missing(
            f"The layouts are drawn for Arial's widths, Chromium printed them in {font} (apt-get install fonts-liberation)"
        )
    extracted = load("keys.pdf", (folder / "keys.pdf").read_bytes())
    found = {}
    for block in extracted.blocks:
        words = " ".join(extracted.text[start:end].replace("\n", " ") for start, end in block.spans)
        found.setdefault(block.page, []).append(words)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", READ)
def test_columns_on_a_part_of_a_page_are_read_one_after_the_other(printed, name):
    assert printed[list(READ).index(name) + 1] == READ[name][1]


@pytest.mark.slow
@pytest.mark.parametrize("name", ACROSS)
def test_what_only_looks_like_columns_is_read_across(printed, name):
    assert ACROSS[name][1] in " ".join(printed[len(READ) + list(ACROSS).index(name) + 1])


SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {"office": "office", "text": "text", "style": "style", "draw": "drawing", "fo": "xsl-fo-compatible", "svg": "svg-compatible"}.items()
)  # fmt: skip
STYLES = """
<style:style style:name="Two" style:family="section"><style:section-properties text:dont-balance-text-columns="false"><style:columns fo:column-count="2" fo:column-gap="0.6cm">
<style:column style:rel-width="1*" fo:end-indent="0.3cm"/><style:column style:rel-width="1*" fo:start-indent="0.3cm"/></style:columns></style:section-properties></style:style>
<style:style style:name="P" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.2cm" fo:text-align="justify"/></style:style>
<style:style style:name="H" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.2cm"/><style:text-properties fo:font-size="15pt" fo:font-weight="bold"/></style:style>
<style:style style:name="Box" style:family="graphic"><style:graphic-properties style:wrap="parallel" style:horizontal-pos="right" style:horizontal-rel="paragraph" style:vertical-pos="top" style:vertical-rel="paragraph" fo:padding="0.15cm" fo:margin-left="0.4cm"/></style:style>
"""


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["pdf", "rtf"])
def test_sections_and_frames_of_libreoffice_are_read_in_order(tmp_path, suffix):
    soffice = shutil.which("soffice")
    if soffice is None:
        missing("LibreOffice is not installed")

    def lines(*texts, before=""):
        return "".join(
            f'<text:p text:style-name="{"P" if text.endswith(".") else "H"}">{before}{text}</text:p>' for text in texts
        )

    box = f'<draw:frame draw:style-name="Box" text:anchor-type="paragraph" svg:width="5cm"><draw:text-box>{lines(LOST, TELL)}</draw:text-box></draw:frame>'
    section = f'<text:section text:style-name="Two" text:name="Two">{lines("Staff", WORN, SPARE, "Visitors", LENT)}</text:section>'
    body = lines("Keys Policy", ABOVE) + section + lines("Doubts", BELOW) + lines(f"{COUNTED} {WORN} {LENT}", before=box) + lines(BELOW)  # fmt: skip
    (tmp_path / "keys.fodt").write_text(f'<?xml version="1.0" encoding="UTF-8"?><office:document {SPACES} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>{STYLES}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document>')  # fmt: skip
    command = [soffice, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", suffix, "--outdir", tmp_path, tmp_path / "keys.fodt"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    extracted = load(f"keys.{suffix}", (tmp_path / f"keys.{suffix}").read_bytes())
    assert extracted.warnings == ()
    read = [extracted.text[start:end].replace("\n", " ") for block in extracted.blocks for start, end in block.spans]
    assert read == ["Keys Policy", ABOVE, "Staff", WORN, SPARE, "Visitors", LENT, "Doubts", BELOW, f"{COUNTED} {WORN} {LENT}", LOST, TELL, BELOW]  # fmt: skip


def test_every_word_is_read_once_whatever_the_layout():
    words = [
        {"text": f"w{n}", "x0": x, "x1": x + 30, "top": y, "bottom": y + 10, "size": 10.0}
        for n, (x, y) in enumerate((40 + 35 * (n % 14) + 11 * (n * n % 5), 60 + 12 * (n // 14)) for n in range(400))
        if n % 7
    ]
    read = [word["text"] for row, _ in ordered(words) for word in row]
    assert sorted(read) == sorted(word["text"] for word in words)


def placed(*lines):
    """Words of lines 12 points apart, each a list of (text, left edge); a letter is 5 points wide."""
    return [
        {"text": text, "x0": x, "x1": x + 5 * len(text), "top": 12 * n, "bottom": 12 * n + 10, "size": 10}
        for n, line in enumerate(lines)
        for text, x in line
    ]


@pytest.mark.parametrize(
    "lines",
    [
        [[(f"{letter}.", 72), *((word, 100 + 40 * n) for n, word in enumerate(["nobody", "lends", "a key", "to", "pupils."]))] for letter in "abcdef"],
        [[(word, 72 + 42 * n) for n, word in enumerate(["nobody", "lending", "another", "pupil", "keys", "here"])] for _ in range(8)],
    ],
    ids=["letters of a list", "spaces as wide as the white between columns"],
)  # fmt: skip
def test_white_in_lines_that_belong_together_parts_no_columns(lines):
    assert [[word["text"] for word in row] for row, _ in ordered(placed(*lines))] == [
        [text for text, _ in line] for line in lines
    ]
