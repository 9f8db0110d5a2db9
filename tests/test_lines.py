"""Plain text and Markdown → blocks: what each line is, and that nothing is rewritten."""

import pytest

from ingest.blocks import Block
from ingest.lines import read_lines


def shown(text: str, block: Block) -> tuple[str, str]:
    """A block's kind (a skipped one's reason) and the words that it starts with after mark and number."""
    words = " / ".join(text[max(start, block.body) : end] for start, end in block.spans if end > block.body)
    return (block.reason if block.kind == "skip" else block.kind), words


def read(text: str) -> list[tuple[str, str]]:
    return [shown(text, block) for block in read_lines(text)]


@pytest.mark.parametrize(
    ("line", "number", "words"),
    [
        ("6.2 Staff must sign out.", "6.2", "Staff must sign out."),
        ("6.2. Staff must sign out.", "6.2", "Staff must sign out."),
        ("6.2) Staff must sign out.", "6.2", "Staff must sign out."),
        ("6.2\tStaff must sign out.", "6.2", "Staff must sign out."),
        ("6.10.3 Staff must sign out.", "6.10.3", "Staff must sign out."),
        ("- 6.2 Staff must sign out.", "6.2", "Staff must sign out."),
        ("• 6.2 Staff must sign out.", "6.2", "Staff must sign out."),
        ("Section 6.2 Staff must sign out.", "6.2", "Staff must sign out."),
        ("Paragraph 6.2: Staff must sign out.", "6.2", "Staff must sign out."),
        ("§ 6.2 Staff must sign out.", "6.2", "Staff must sign out."),
        ("§6.2 Staff must sign out.", "6.2", "Staff must sign out."),
        ("A1 Staff must sign out.", "A1", "Staff must sign out."),
        ("A1. staff must sign out.", "A1", "staff must sign out."),
        ("G2  the clerk must sign out.", "G2", "the clerk must sign out."),
        ("AB12.3 Staff must sign out.", "AB12.3", "Staff must sign out."),
    ],
)
def test_reads_clause_numbers(line, number, words):
    (block,) = read_lines(line)

    assert ("item", number) == (block.kind, block.number)
    assert ("item", words) == shown(line, block)


@pytest.mark.parametrize(
    "line",
    [
        "KS3 pupils must hand theirs in at the gate.",
        "Y7 pupils may keep a simple one in their bags.",
        "Y11 Pupils may keep a simple one in their bags.",
        "A4 paper must not be left in the tray overnight.",
        "2.5 hours of training must be completed each term.",
        "6.2 and 6.3 do not apply to governors or their guests.",
        "1.5 times the usual rate is paid for Sunday work.",
        "12 months after leaving, the record is shredded by the clerk.",
        "24/7 cover is given by the helpline in the holidays.",
        "2026 saw the opening of the new hall, which all may use.",
    ],
)
def test_a_number_that_belongs_to_the_sentence_is_no_clause_number(line):
    assert [("paragraph", line)] == read(line)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("No pupil may join who is under the age of", "18 on the day of the trip."),
        ("Each record is kept by the clerk for at least", "12 months. After that it is shredded."),
        ("Nobody may come in who is under the age of", "16. The porter checks at the door."),
        ("How to report it is described in section", "6.2 of this policy, and on the poster."),
        ("This rule is to be read together with clause", "4.1 Where it is silent, ask the clerk."),
        ("The clerk hands the keys to the porter on", "3 July and fetches them in September."),
    ],
)
def test_a_wrapped_line_that_starts_with_a_number_goes_on(before, after):
    text = f"{before}\n{after}"

    assert [("paragraph", text)] == read(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. be kind\n2. be safe\n3. be here", ["be kind", "be safe", "be here"]),
        ("1) be kind\n   in all weathers\n2) be safe", ["be kind\n   in all weathers", "be safe"]),
        ("1 Kindness\n2 Safety", ["Kindness", "Safety"]),
        ("1\tkindness first\n2\tsafety next", ["kindness first", "safety next"]),
        ("- one\n- two", ["one", "two"]),
        ("* one\n* two", ["one", "two"]),
        ("• one\n• two", ["one", "two"]),
        ("– one\n– two", ["one", "two"]),
        ("o  one\no  two", ["one", "two"]),
        ("➢ one\n❖ two", ["one", "two"]),
        ("\uf0b7 one\n\uf0a7 two", ["one", "two"]),  # Word's bullets, out of a PDF
        ("(cid:127) one\n(cid:127) two", ["one", "two"]),
        ("(a) one\n(b) two", ["one", "two"]),
        ("a) one\nb) two", ["one", "two"]),
        ("(iv) one\n(v) two", ["one", "two"]),
        ("iv. one\nv. two", ["one", "two"]),
        ("2.1 staff sign in\n2.2 visitors sign in", ["staff sign in", "visitors sign in"]),
        ("2.1 staff sign in, and\n2.2 Visitors sign in", ["staff sign in, and", "Visitors sign in"]),
    ],
)
def test_reads_list_items(text, expected):
    assert [("item", words) for words in expected] == read(text)


def test_a_list_item_keeps_its_wrapped_lines_and_its_depth():
    text = "- outer item that\n  goes on here\n    - inner item\n"

    outer, inner = read_lines(text)

    assert shown(text, outer) == ("item", "outer item that\n  goes on here")
    assert (outer.depth, inner.depth) == (0, 4)


def test_an_o_that_is_a_word_is_no_bullet():
    assert read("o my, what a long line this is to be sure, and no list at all.") == [
        ("paragraph", "o my, what a long line this is to be sure, and no list at all.")
    ]


@pytest.mark.parametrize(
    ("text", "words", "depth", "number"),
    [
        ("# Lanyards", "Lanyards", 1, None),
        ("### Lanyards", "Lanyards", 3, None),
        ("## 4. Lanyards", "Lanyards", 2, "4"),
        ("## 4.1 Lanyards", "Lanyards", 2, "4.1"),
        ("4. Lanyards", "Lanyards", 1, "4"),
        ("4 Lanyards", "Lanyards", 1, "4"),
        ("4.1 Lanyards", "Lanyards", 2, "4.1"),
        ("Section 4: Lanyards", "Lanyards", 1, None),
        ("Part B – Lanyards", "Lanyards", 1, None),
        ("Appendix 2. Lanyards", "Lanyards", 1, None),
        ("LANYARDS AND KEYS", "LANYARDS AND KEYS", 0, None),
        ("Lanyards", "Lanyards", 0, None),
        ("Lanyards and Keys:", "Lanyards and Keys:", 0, None),
        ("**Lanyards and keys**", "**Lanyards and keys**", 0, None),
        ("What happens if I lose my keys?", "What happens if I lose my keys?", 0, None),
        ("Parents/Carers", "Parents/Carers", 0, None),
    ],
)
def test_reads_headings(text, words, depth, number):
    (block,) = read_lines(text)

    assert ("heading", words) == shown(text, block)
    assert (depth, number) == (block.depth, block.number)


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        ("Lanyards\n--------\n\nWear one.", 2),
        ("Lanyards\n========\n\nWear one.", 1),
        ("4. Lanyards\n---\n\nWear one.", 2),
    ],
)
def test_a_line_underlined_by_dashes_is_a_heading(text, depth):
    heading, rule, paragraph = read_lines(text)

    assert ("heading", "Lanyards", depth) == (*shown(text, heading), heading.depth)
    assert (rule.reason, paragraph.kind) == ("rule line", "paragraph")


@pytest.mark.parametrize(
    "line",
    [
        "Staff must wear a lanyard",  # a verb
        "Wear a lanyard.",  # a stop
        "lanyards",  # a small letter first
        "A lanyard, a key and a badge are to be handed in by everybody who leaves us for good in July",
        "Next review: May 2027",
    ],
)
def test_a_sentence_or_a_date_is_no_heading(line):
    assert [("paragraph", line)] == read(line)


def test_a_short_first_line_above_long_ones_is_a_heading():
    text = "Lanyards\nEverybody who works here wears a lanyard with a photograph, from gate to gate, all day.\n"

    assert [kind for kind, _ in read(text)] == ["heading", "paragraph"]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("---\ntitle: Keys\nowner: Office\n---\n\nWear a key.", ["front matter"] * 4),
        ("Wear a key.\n\n---\n\n***\n\n___", ["rule line"] * 3),
        ("```\n\nWear a key.\n\n~~~", ["rule line"] * 2),
        ("Wear a key.\n\n3 of 6\n\nPage 4", ["page furniture"] * 2),
        ("Wear a key.\n\nPage 4 of 9", ["page furniture"]),
        ("Wear a key.\n\nKeys and Lanyards Policy – approved March 2021 – page 3", ["page furniture"]),
        ("Wear a key.\n\n3 of 6\nDate of issue: May 2018\n\nor a badge.", ["page furniture"] * 2),
        ("1\tKeys\t4\n2\tBadges\t5\n3\tLanyards\t6", ["contents table"] * 3),
        ("Keys ........ 4\nBadges ...... 5\nLanyards .... 6", ["contents table"] * 3),
        ("Keys     4\nBadges     5\nLanyards     6", ["contents table"] * 3),
        ("Wear a key.\n\nName:\n\nSigned: ____________\n\nDate: ……………", ["signature slip"] * 3),
        ("Wear a key.\n\nName: (please print)\nFull name (capitals): ______", ["signature slip"] * 2),
        ("Wear a key.\n\nJob title:\nPost: ______", ["signature slip"] * 2),
    ],
)
def test_says_why_a_line_is_skipped(text, reasons):
    assert reasons == [block.reason for block in read_lines(text) if block.kind == "skip"]


def test_a_date_line_that_recurs_is_a_page_foot():
    foot = "Date of issue: May 2018 Date of review: May 2021"
    text = f"Wear a key.\n\n{foot}\n\nWear a badge.\n\n{foot}\n\nWear a lanyard.\n\n{foot}\n"

    assert sum(block.reason == "page furniture" for block in read_lines(text)) == 3


def test_a_date_line_that_stands_once_is_the_policys_own():
    assert read("Date of review: May 2021") == [("paragraph", "Date of review: May 2021")]


@pytest.mark.parametrize(
    "line",
    [
        "See page 4 for the form.",
        "All staff must read page 7 before the term starts",
        "Fill in the slip on page 4 and hand it to the office",
        "24/7",
        "Role of the caretaker:",
        "Think twice … then once more",
        "Never say never...",
    ],
)
def test_a_sentence_that_only_looks_like_furniture_stays(line):
    assert "skip" not in [
        block.kind for block in read_lines(f"Some words stand here.\n\n{line}\n\nMore words stand here.")
    ]


def test_a_wrapped_line_that_names_a_page_stays_in_its_sentence():
    text = (
        "Everybody fills in the slip on\npage 4 and hands it to the office before the end of the\nday of the accident."
    )

    assert [("paragraph", text)] == read(text)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("| Who | What |\n|---|---|\n| Porter | Keys |", [["Who", "What"], ["Porter", "Keys"]]),
        ("| Who | What |\n| Porter | |", [["Who", "What"], ["Porter"]]),
        ("| Who |\n|:--:|\n|  Porter at the gate  |", [["Who"], ["Porter at the gate"]]),
    ],
)
def test_reads_the_rows_of_a_table(text, cells):
    rows = [block for block in read_lines(text) if block.kind == "row"]

    assert cells == [[text[start:end] for start, end in row.spans] for row in rows]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_offsets_hold_with_either_line_end(end):
    text = end.join(["# Keys", "", "4.1 Wear one", "at all times.", "", "- or a badge"])

    assert [("heading", "Keys"), ("item", f"Wear one{end}at all times."), ("item", "or a badge")] == read(text)


@pytest.mark.parametrize("blank", ["", " ", "\t", "\xa0", "\u3000", "\u2003", "\x0c", "\x1c"])
def test_any_white_space_makes_a_blank_line(blank):
    text = f"Wear a key at all times.\n{blank}\nWear a badge at all times."

    assert read(text) == [("paragraph", "Wear a key at all times."), ("paragraph", "Wear a badge at all times.")]


def test_a_byte_order_mark_hides_nothing():
    text = "\ufeff# Keys\n\nWear one."

    assert read(text) == [("heading", "Keys"), ("paragraph", "Wear one.")]


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff", " \t\n", "\u3000\n"])
def test_nothing_visible_gives_no_block(text):
    assert read_lines(text) == ()
