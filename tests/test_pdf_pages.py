"""PDFs as schools publish them: faults that real files showed, each in a page of our own."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.pdf import read_pdf
from ingest.split import split
from tests.test_pdf import HEIGHT, apart, clauses, printed


def told(data):
    return [(one.text, [stem.text for stem in one.lead_in]) for one in clauses(data)]


def reasons(data):
    return [item.reason for item in split(read_pdf(data)).skipped]


def test_a_footnote_in_the_print_of_the_text_takes_no_stem():
    page = ["Staff must:", ("• wear a key 2 , and", {"left": 90}), ("• show it.", {"left": 90})]
    data = printed(
        [*page, apart("2 Keys are counted by the porter", gap=38)],
        [("• hide it at night;", {"left": 90}), apart("Doors are red.")],
    )  # fmt: skip
    assert told(data) == [
        ("Staff must:", []),
        ("wear a key 2 , and", ["Staff must:"]),
        ("show it.", ["Staff must:"]),
        ("hide it at night;", ["Staff must:"]),
        ("Doors are red.", []),
        ("2 Keys are counted by the porter", []),
    ]


def test_a_number_at_the_foot_that_nothing_calls_is_no_footnote():
    data = printed(["Staff must:", ("• wear a key.", {"left": 90}), apart("2 Keys hang in the hall.", gap=35)], ["Doors are red."])  # fmt: skip
    assert [text for text, _ in told(data)][-1] == "Doors are red."


def grid(rows, heads=(), grey=False):
    """A PDF with a ruled table; `heads` are turned by 90 degrees above the columns; `grey` fills the ground of each printed line."""
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(595, HEIGHT), invariant=True)
    columns = [72, 300, 360, 420, 480][: len(rows[0]) + 1]
    top = 700
    if heads:
        canvas.grid(columns, [top, top - 120])
    for x, head in zip(columns, heads, strict=False):
        canvas.saveState()
        canvas.translate(x + 20, top - 115)
        canvas.rotate(90)
        canvas.drawString(0, 0, head)
        canvas.restoreState()
    top -= 120 if heads else 0
    canvas.grid(columns, [top - 40 * n for n in range(len(rows) + 1)])
    for n, row in enumerate(rows):
        for x, cell in zip(columns, row, strict=False):
            for m, line in enumerate(cell.split("\n")):
                if grey and line:
                    canvas.setFillGray(0.8)
                    canvas.rect(x + 2, top - 18 - 40 * n - 14 * m, 50, 12, stroke=0, fill=1)
                    canvas.setFillGray(0)
                canvas.setFont("Helvetica-Bold" if "*" in line else "Helvetica", 11)
                canvas.drawString(x + 4, top - 15 - 40 * n - 14 * m, line.strip("*"))
    canvas.showPage()
    canvas.save()
    return data.getvalue()


def test_grey_behind_words_cuts_no_row_in_two():
    rows = [
        ["Lending a key to\nanother pupil", "a letter", "a call"],
        ["Losing a key that\nopens a lab", "a call", "a bill"],
    ]
    assert [text for text, _ in told(grid(rows, grey=True))] == [
        "Lending a key to another pupil a letter a call",
        "Losing a key that opens a lab a call a bill",
    ]


@pytest.mark.parametrize("label", ["Offence", ""])
def test_turned_heads_are_read_and_a_cross_has_the_head_of_its_column(label):
    rows = [["Lending a key", "x", "", ""], ["Selling a key", "", "x", "x"]]
    found = told(grid(rows, heads=(label, "Talk to pupil", "Letter home", "Police")))
    assert [(text, [stem.strip() for stem in stems]) for text, stems in found] == [
        (f"{label} Talk to pupil Letter home Police".strip(), []),
        ("Lending a key x", [f"{label} Talk to pupil".strip()]),
        ("Selling a key x x", [f"{label} Letter home Police".strip()]),
    ]


def test_the_last_row_of_a_table_is_a_row_where_a_page_begins_with_the_rest_of_a_cell():
    """A table's end on a page of its own: one row with all its cells, under what is left of the row before."""
    rows = [["", "asks at\nthe lodge.", ""], ["Lending a key\nto a hirer", "the porter\ncounts", "each\nweek"]]
    assert [text for text, _ in told(grid(rows))] == ["asks at the lodge.", "Lending a key to a hirer the porter counts each week"]  # fmt: skip


def test_a_row_that_titles_a_table_stands_above_its_header():
    rows = [
        ["*Keys of the labs*", "", ""],
        ["*Door*", "*Who*", "*When*"],
        ["Lab one", "porter", "daily"],
        ["Lab two", "clerk", "weekly"],
    ]
    assert told(grid(rows))[1:] == [
        ("Door Who When", []),
        ("Lab one porter daily", ["Door Who When"]),
        ("Lab two clerk weekly", ["Door Who When"]),
    ]


def test_a_table_of_people_behind_the_contents_is_kept_with_its_labels():
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(595, HEIGHT), invariant=True)
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawString(72, 740, "Contents")
    canvas.setFont("Helvetica", 11)
    for n in range(6):
        canvas.drawString(72, 700 - 20 * n, f"{n + 1}. Keys of house {n}")
    canvas.showPage()
    rows = [
        ["Role", "Name", "Telephone"],
        ["Safeguarding lead", "Ms Grey", "01234 567890"],
        ["Head", "Mr Fox", "01234 567891"],
    ]
    canvas.grid([72, 220, 360, 500], [700, 660, 620, 580])
    for n, row in enumerate(rows):
        for x, cell in zip((80, 230, 370), row, strict=True):
            canvas.drawString(x, 675 - 40 * n, cell)
    canvas.showPage()
    canvas.save()
    assert told(data.getvalue()) == [
        ("Role Name Telephone", []),
        ("Safeguarding lead Ms Grey 01234 567890", ["Role Name Telephone"]),
        ("Head Mr Fox 01234 567891", ["Role Name Telephone"]),
    ]


def test_a_page_of_contents_without_numbers_is_skipped_with_its_headings():
    entries = [apart("Keys of the school", bold=True, size=14), *[(f"• House {n}", {"left": 90}) for n in "abcdef"]]
    data = printed([("Contents", {"bold": True, "size": 16}), *entries], [apart("Keys", bold=True, size=14), apart("Wear a key at all times.")])  # fmt: skip
    assert [text for text, _ in told(data)] == ["Wear a key at all times."]
    assert set(reasons(data)) == {"contents table"}


def test_a_cover_that_shares_its_page_with_the_contents_is_kept():
    data = printed(
        [("Contents", {"bold": True, "size": 16}), *[(f"• House {n}", {"left": 90}) for n in "abcdef"], apart("Date of next review: May 2031")],
        ["Wear a key."],
    )  # fmt: skip
    assert "Date of next review: May 2031" in [text for text, _ in told(data)]


def test_a_contents_table_without_leaders_or_rules_is_skipped():
    entries = ["Section Contents Page", *[f"{n} Keys of the house {page}" for n, page in enumerate([2, 2, 3, 3, 4], 1)]]
    data = printed(entries, ["1 Keys of house 1", apart("Wear a key.")], ["Doors are red."], ["Lamps are blue."])
    assert reasons(data) == ["contents table"] * 5


def test_lines_that_end_in_numbers_that_fall_are_no_contents():
    data = printed([f"The house of letter {n} holds keys {count}" for n, count in zip("abcdef", [3, 1, 4, 1, 2, 1], strict=True)], ["a"], ["b"], ["c"])  # fmt: skip
    assert reasons(data) == []


def test_an_o_before_words_is_a_mark_of_a_list_in_a_list():
    lines = [
        "The porter will:",
        ("• count", {"left": 90}),
        ("o keys of the labs", {"left": 104}),
        ("o keys of the hall", {"left": 109}),
        ("• tell the head.", {"left": 90}),
    ]
    assert [(text, stems[1:]) for text, stems in told(printed(lines))[2:]] == [
        ("keys of the labs", []),
        ("keys of the hall", []),
        ("tell the head.", []),
    ]


def test_running_text_in_the_print_of_a_heading_is_a_clause():
    big = {"size": 14}
    data = printed(
        [
            ("Every school has keys of its own and counts them on each", big),
            ("day of the week, and nobody takes one home without a word", big),
            ("to the porter, who writes it down and asks for it again", big),
            apart("Keys are blue and open the doors of the hall, of the labs and of all of the other rooms."),
            apart("Doors are red and are opened by those who have a key, and are shut by the others at night."),
        ]
    )
    assert next(text for text, _ in told(data)).startswith(
        "Every school has keys of its own and counts them on each day of"
    )


def test_a_line_back_at_the_margin_ends_a_list():
    lines = ["The porter keeps:", ("• a list of keys", {"left": 100}), "Staff must ensure that:", ("• no key is lent", {"left": 100})]  # fmt: skip
    assert told(printed(lines))[1:] == [
        ("a list of keys", ["The porter keeps:"]),
        ("Staff must ensure that:", []),
        ("no key is lent", ["Staff must ensure that:"]),
    ]


def test_a_table_stands_where_it_is_printed_though_the_page_number_comes_first_in_the_file():
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(595, HEIGHT), invariant=True)
    canvas.drawString(290, 30, "7")
    canvas.drawString(72, 760, "Keys are counted by these people.")
    canvas.grid([72, 220, 360], [700, 660, 620])
    for n, row in enumerate([["Porter", "Ms Grey"], ["Clerk", "Mr Fox"]]):
        for x, cell in zip((80, 230), row, strict=True):
            canvas.drawString(x, 675 - 40 * n, cell)
    canvas.drawString(72, 560, "Doors are red.")
    canvas.showPage()
    canvas.save()
    texts = [text for text, _ in told(data.getvalue())]
    assert texts == ["Keys are counted by these people.", "Porter Ms Grey", "Clerk Mr Fox", "Doors are red."]


@pytest.mark.parametrize(
    ("second", "title", "headings"),
    [
        ("Safeguarding Policy", "Child Protection and Safeguarding Policy", ()),
        ("Doors", "Child Protection and", ("Doors",)),
    ],
)
def test_a_title_of_two_lines_is_one(second, title, headings):
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(595, HEIGHT), invariant=True)
    canvas.setFont("Helvetica-Bold", 24)
    canvas.drawString(72, 740, "Child Protection and")
    canvas.drawString(72, 650, second)
    canvas.setFont("Helvetica", 11)
    for n in range(6):
        canvas.drawString(
            72, 580 - 30 * n, f"Staff must lock door number {n} of the hall before they go home at night."
        )
    canvas.showPage()
    canvas.save()
    found = split(read_pdf(data.getvalue()))
    assert found.title == title
    assert {clause.headings for clause in found.clauses} == {headings}
