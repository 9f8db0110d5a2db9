"""PDFs, printed here: lines become paragraphs again, what runs on each page is skipped, a sentence survives the page's end."""

import io
import shutil

import pdfplumber
import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import UnreadableFileError
from assistant.resources import corpus_folder
from ingest.pdf import read_pdf
from ingest.split import split
from tests.conftest import missing

HEIGHT = 842


def printed(*pages, title=None, head=None, foot=None):
    """A PDF: each page a list of lines, a line a text or (text, options): size, bold, left, gap above it (in lines)."""
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(595, HEIGHT), invariant=True)
    if title:
        canvas.setTitle(title)
    for number, lines in enumerate(pages, 1):
        canvas.setFont("Helvetica", 9)
        if head:
            canvas.drawString(72, HEIGHT - 40, head)
        if foot:
            canvas.drawString(72, 40, foot.format(number))
        y = HEIGHT - 130
        for line in lines:
            text, options = (line, {}) if isinstance(line, str) else line
            y -= 14 * options.get("gap", 1)
            canvas.setFont("Helvetica-Bold" if options.get("bold") else "Helvetica", options.get("size", 11))
            canvas.drawString(options.get("left", 72), y, text)
        canvas.showPage()
    canvas.save()
    return data.getvalue()


def apart(text, **options):
    """A line with a blank one above it."""
    return text, {"gap": 2, **options}


def blocks(data):
    extracted = read_pdf(data)
    return [
        (
            block.reason or block.kind,
            " / ".join(extracted.text[start:end].replace("\n", " ") for start, end in block.spans),
        )
        for block in extracted.blocks
    ]


def clauses(data):
    return list(split(read_pdf(data)).clauses)


def test_lines_become_paragraphs_by_their_spacing():
    data = printed(
        [
            "Everybody wears a key",
            "at all times.",
            apart(
                "Keys are counted",
            ),
            "each Friday.",
        ]
    )

    assert blocks(data) == [
        ("paragraph", "Everybody wears a key at all times."),
        ("paragraph", "Keys are counted each Friday."),
    ]


def test_size_and_weight_make_headings():
    data = printed(
        [
            ("Keys Policy", {"size": 20}),
            apart("Spare Keys", size=14),
            apart("Hide the spare keys from the pupils at night."),
            apart("Lost Keys", bold=True),
            apart("Tell the porter of a lost key on the same day."),
            "Whoever finds one hands it in at the gate.",
        ]
    )
    found = split(read_pdf(data))

    assert found.title == "Keys Policy"
    assert [(heading.text, heading.level) for heading in found.headings] == [
        ("Keys Policy", 10),
        ("Spare Keys", 20),
        ("Lost Keys", 10),
    ]
    assert [clause.id for clause in found.clauses] == ["spare-keys/1", "lost-keys/1"]


def test_bullets_and_numbers_open_clauses_of_their_own():
    data = printed(
        [
            "4.1 Staff must not:",
            ("• lend a key to anybody who", {"left": 90}),
            ("asks for it", {"left": 99}),
            ("• copy a key.", {"left": 90}),
            apart("4.2 Keys are blue."),
        ]
    )

    assert [(clause.id, clause.text, clause.modality) for clause in clauses(data)] == [
        ("4.1", "Staff must not:", "must_not"),
        ("4.1.a", "lend a key to anybody who asks for it", "must_not"),
        ("4.1.b", "copy a key.", "must_not"),
        ("4.2", "Keys are blue.", "statement"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("How it is done is described in section", "6.2 of this policy and on the poster."),
        ("Nobody may join who is under the age of", "18. The porter checks it at the door."),
        ("All of this holds in the same way for", "KS3 pupils and for their guests."),
        ("Those who think twice before they post", "will see … that it is never private."),
        ("Everybody fills in the slip that is on", "page 4 and hands it to the porter."),
    ],
)
def test_a_wrapped_line_goes_on_whatever_it_starts_with(before, after):
    assert blocks(printed([before, after])) == [("paragraph", f"{before} {after}")]


def test_what_runs_on_every_page_is_skipped_and_the_page_of_a_clause_is_known():
    data = printed(
        ["Keys are blue."],
        ["Keys are red."],
        ["Keys are green."],
        head="Elm Hill School",
        foot="Keys Policy - page {} of 3",
    )
    extracted = read_pdf(data)
    found = split(extracted)

    assert [(clause.text, clause.page) for clause in found.clauses] == [
        ("Keys are blue.", 1),
        ("Keys are red.", 2),
        ("Keys are green.", 3),
    ]
    assert [item.reason for item in found.skipped] == ["page furniture"] * 6
    assert [extracted.text[start:][:15] for start in extracted.pages] == ["Elm Hill School"] * 3


def test_a_sentence_cut_by_a_page_is_one_clause_of_two_spans():
    data = printed(
        ["Staff must not:", ("• lend a key, and must see to it that", {"left": 90})],
        [("their own is safe at all times.", {"left": 90}), ("• copy a key.", {"left": 90})],
        foot="{} of 2",
    )
    extracted = read_pdf(data)
    _, cut, after = split(extracted).clauses

    assert cut.text == "lend a key, and must see to it that their own is safe at all times."
    assert (len(cut.spans), cut.modality, cut.page) == (2, "must_not", 1)
    assert (after.text, after.lead_in[0].text) == ("copy a key.", "Staff must not:")


def test_a_line_that_happens_to_stand_at_the_foot_is_kept():
    data = printed(["Keys are blue.", apart("Keys are red.", gap=43)], ["Keys are green."])

    assert "Keys are red." in [clause.text for clause in clauses(data)]


def test_a_contents_table_and_a_slip_are_skipped():
    data = printed(
        [
            "Why we have keys ................ 2",
            "Who must wear them .............. 3",
            apart("Everybody wears a key at all times."),
            apart("Full name (capitals): ......................"),
            apart("Signed: _______________"),
        ]
    )

    assert [kind for kind, _ in blocks(data)] == ["contents table"] * 2 + ["paragraph"] + ["signature slip"] * 2


def test_pages_of_pictures_are_warned_of():
    assert read_pdf(printed(["Keys are blue."], [], ["Keys are red."], [])).warnings == (
        "Pages without text (scanned?): 2, 4.",
    )


def test_a_pdf_of_pictures_only_is_refused():
    with pytest.raises(
        UnreadableFileError, match=r"no text layer: its pages are pictures\. Run text recognition \(OCR\)"
    ):
        read_pdf(printed([], []))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Keys Policy", "Keys Policy"),
        ("Microsoft Word - keys v3", None),
        ("Keys final.docx", None),
        ("untitled", None),
        (None, None),
    ],
)
def test_only_a_real_title_is_taken_from_the_properties(title, expected):
    assert read_pdf(printed(["Keys are blue."], title=title)).title == expected


COLUMN = "All the keys of the school hang", "on the board beside the office", "and nobody takes one away from", "it who has not written their own"  # fmt: skip


def test_two_columns_are_read_one_after_the_other():
    left = [f"{line} {n}" for n in "abc" for line in COLUMN]
    right = [f"{line} {n}" for n in "xyz" for line in COLUMN]
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(595, HEIGHT), invariant=True)
    canvas.setFont("Helvetica", 11)
    canvas.drawString(72, 720, "This line runs over both of the columns of the page and stands above them all.")
    for n, (one, other) in enumerate(zip(left, right, strict=True)):
        canvas.drawString(72, 690 - 14 * n, one)
        canvas.drawString(310, 683 - 14 * n, other)  # the lines of the columns need not stand side by side
    canvas.showPage()
    canvas.save()
    text = read_pdf(data.getvalue()).text
    assert text.split("\n")[1:] == left + right


def test_labels_beside_their_texts_are_no_columns():
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(595, HEIGHT), invariant=True)
    for n in range(12):
        canvas.drawString(72, 700 - 14 * n, f"Key {n}")
        canvas.drawString(310, 700 - 14 * n, "hangs on the board beside the office")
    canvas.showPage()
    canvas.save()
    assert read_pdf(data.getvalue()).text.startswith("Key 0 hangs on the board beside the office\nKey 1 hangs")


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["Our infor-", "mation is kept. Ask for information."], "Our information is kept. Ask for information."),
        (["Every well-", "being lead asks about well-being."], "Every well-being lead asks about well-being."),
        (["It is never co-", "opted by anybody at all here."], "It is never co-opted by anybody at all here."),
        (["Our infor-", "mation is kept by a regi-", "strar. Ask for information."], "Our information is kept by a registrar. Ask for information."),
        (["See www.elm.uk/our-", "policies/keys for the list."], "See www.elm.uk/our-policies/keys for the list."),
        (["They count the items of Key Stage 1-", "2 and tell the office of them."], "They count the items of Key Stage 1- 2 and tell the office of them."),
    ],
)  # fmt: skip
def test_a_word_that_the_end_of_a_line_cuts_is_whole_again(lines, text):
    assert [clause.text for clause in clauses(printed(lines))] == [text]


def test_a_word_cut_by_the_end_of_a_page_is_whole_again():
    data = printed(["Our infor-"], ["mation is kept. Ask for information."], foot="{} of 2")
    assert [clause.text for clause in clauses(data)] == ["Our information is kept. Ask for information."]


def test_footnotes_wait_for_the_end_of_their_section():
    data = printed(
        ["Staff must:", ("• wear a key at", {"left": 90}), ("1 Or a fob, where one was", {"size": 8, "gap": 35}), ("given out.", {"size": 8})],
        [("all times,", {"left": 99}), ("• hide it.", {"left": 90}), apart("Doors", bold=True, size=14), apart("Doors are red.")],
    )  # fmt: skip
    found = clauses(data)
    assert [(clause.text, [stem.text for stem in clause.lead_in]) for clause in found] == [
        ("Staff must:", []),
        ("wear a key at all times,", ["Staff must:"]),
        ("hide it.", ["Staff must:"]),
        ("1 Or a fob, where one was given out.", []),
        ("Doors are red.", []),
    ]
    assert [clause.page for clause in found] == [1, 1, 2, 1, 2]


def ruled(pages):
    """A PDF with a ruled table that goes on over the pages: rows of two cells, the first row of each page bold."""
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(595, HEIGHT), invariant=True)
    for rows in pages:
        canvas.grid([72, 230, 520], [700 - 40 * n for n in range(len(rows) + 1)])
        for n, row in enumerate(rows):
            for x, cell in zip((80, 240), row, strict=True):
                canvas.setFont("Helvetica-Bold" if not n else "Helvetica", 11)
                for m, line in enumerate(cell.split("\n")):
                    canvas.drawString(x, 685 - 40 * n - 14 * m, line)
        canvas.showPage()
    canvas.save()
    return data.getvalue()


def test_a_ruled_table_is_read_row_by_row_with_its_header():
    head = ["When", "To whom"]
    data = ruled([[head, ["The first\ntime", "the porter of\nthe school"]], [head, ["Later", "the head"]]])
    assert [(one.kind, one.text, [stem.text for stem in one.lead_in], one.page) for one in clauses(data)] == [
        ("stem", "When To whom", [], 1),
        ("row", "The first time the porter of the school", ["When To whom"], 1),
        ("row", "Later the head", ["When To whom"], 2),
    ]
    assert [item.reason for item in split(read_pdf(data)).skipped] == ["repeated table header"] * 2


def test_a_scanned_page_is_recognised_and_marked(tmp_path):
    if shutil.which("tesseract") is None:
        missing("tesseract is not installed")
    picture = pdfplumber.open(io.BytesIO(printed(["Staff must wear a key at all times.", "Keys are blue."])))
    scan = tmp_path / "scan.png"
    picture.pages[0].to_image(resolution=150).save(scan)
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(595, HEIGHT), invariant=True)
    canvas.drawString(72, 700, "Doors are red.")
    canvas.showPage()
    canvas.drawImage(str(scan), 0, 0, 595, HEIGHT)
    canvas.showPage()
    canvas.save()
    extracted = read_pdf(data.getvalue())
    assert [(one.text, one.page) for one in split(extracted).clauses] == [
        ("Doors are red.", 1),
        ("Staff must wear a key at all times. Keys are blue.", 2),
    ]
    assert extracted.ocr_pages == (2,)
    assert extracted.warnings[0].startswith("OCR: scanned pages, read by text recognition: 2.")


def test_the_prohibition_that_the_corpus_cuts_in_two_is_whole():
    """As in one of the real policies: a page's foot stands in the middle of a "must not"."""
    extracted = read_pdf((corpus_folder() / "willow-bank.pdf").read_bytes())
    found = split(extracted)
    cut = [clause for clause in found.clauses if len(clause.spans) > 1]

    assert [(clause.id, clause.modality, clause.kind) for clause in cut] == [
        ("what-is-not-acceptable/20", "must_not", "item")
    ]
    assert cut[0].lead_in[0].text == "When using social networks, stakeholders must not:"
    assert len(extracted.pages) == 6
    assert {clause.page for clause in found.clauses} == {1, 2, 3, 4, 5, 6}
    assert {item.reason for item in found.skipped} == {"page furniture", "signature slip"}
