"""Numbering in the wild: how schools count their clauses, each way in a few invented lines, and what the splitter makes of it."""

import pytest

from ingest.builder import numbered
from ingest.load import load
from ingest.split import split
from tests.sound import assert_sound

WEAR, LEND, COUNT = "Staff must wear a key.", "Staff must not lend it.", "Staff must count it."

# What is written, and for each clause its id, its words and the innermost heading.
WAYS = {
    "1 / 1.1 / 1.1.1": (
        f"1. Keys\n\n1.1 {WEAR}\n\n1.1.1 {LEND}\n\n2. Doors\n\n2.1 {COUNT}\n",
        [("1.1", WEAR, "1. Keys"), ("1.1.1", LEND, "1. Keys"), ("2.1", COUNT, "2. Doors")],
    ),
    "1 / 1.1 / 1.1.1 with no blank line": (
        f"1. Keys\n1.1 {WEAR}\n1.1.1 {LEND}\n2. Doors\n2.1 {COUNT}\n",
        [("1.1", WEAR, "1. Keys"), ("1.1.1", LEND, "1. Keys"), ("2.1", COUNT, "2. Doors")],
    ),
    "1.1. and 1.1)": (
        f"1.1. {WEAR}\n\n1.2) {LEND}\n\n1.3: {COUNT}\n",
        [("1.1", WEAR, ""), ("1.2", LEND, ""), ("1.3", COUNT, "")],
    ),
    "1.1 – words": (f"1.1 – {WEAR}\n\n1.2 - {LEND}\n", [("1.1", WEAR, ""), ("1.2", LEND, "")]),
    "(1.1)": (f"(1.1) {WEAR}\n\n(1.2) {LEND}\n", [("1.1", WEAR, ""), ("1.2", LEND, "")]),
    "a tab after it": (f"1.1\t{WEAR}\n1.2\t{LEND}\n", [("1.1", WEAR, ""), ("1.2", LEND, "")]),
    "bold numbers": (f"**1.1** {WEAR}\n\n__1.2.__ {LEND}\n", [("1.1", WEAR, ""), ("1.2", LEND, "")]),
    "a number in a line of its own": (f"1.1\n\n{WEAR}\n\n1.2\n\n{LEND}\n", [("1.1", WEAR, ""), ("1.2", LEND, "")]),
    "a number in the line above": (f"1.1\n{WEAR}\n1.2\n{LEND}\n", [("1.1", WEAR, ""), ("1.2", LEND, "")]),
    "1(a)": (
        f"1(a) {WEAR}\n\n1 (b) {LEND}\n\n2(a)(iv) {COUNT}\n",
        [("1.a", WEAR, ""), ("1.b", LEND, ""), ("2.a.iv", COUNT, "")],
    ),
    "1.a": (f"1.a {WEAR}\n\n1.b {LEND}\n", [("1.a", WEAR, ""), ("1.b", LEND, "")]),
    "A1": (
        f"# Keys\n\nA1 {WEAR}\n\nA2 {LEND}\n\nB1.1 {COUNT}\n",
        [("A1", WEAR, ""), ("A2", LEND, ""), ("B1.1", COUNT, "")],
    ),
    "§4": (f"§4 {WEAR}\n\n§ 5 {LEND}\n\n§5.1 {COUNT}\n", [("4", WEAR, ""), ("5", LEND, ""), ("5.1", COUNT, "")]),
    "§ headings": (
        f"§1 Keys\n\n§1.1 {WEAR}\n\n§2 Doors\n\n§2.1 {LEND}\n",
        [("1.1", WEAR, "§1 Keys"), ("2.1", LEND, "§2 Doors")],
    ),
    "Rule 3, Clause 4, Article 5.": (
        f"Rule 3 {WEAR}\n\nClause 4: {LEND}\n\nArticle 5. {COUNT}\n",
        [("3", WEAR, ""), ("4", LEND, ""), ("5", COUNT, "")],
    ),
    "Section 3": (
        f"Section 1: Keys\n\n{WEAR}\n\nSection 2 - Doors\n\n{LEND}\n\nSECTION 3\n\n{COUNT}\n",
        [
            ("section-1-keys/1", WEAR, "Section 1: Keys"),
            ("section-2-doors/1", LEND, "Section 2 - Doors"),
            ("section-3/1", COUNT, "SECTION 3"),
        ],
    ),
    "Part Two, Appendix A": (
        f"Part One: Keys\n\n{WEAR}\n\nAppendix A\n\n{LEND}\n\nAnnex 2 – Doors\n\n{COUNT}\n",
        [
            ("part-one-keys/1", WEAR, "Part One: Keys"),
            ("appendix-a/1", LEND, "Appendix A"),
            ("annex-2-doors/1", COUNT, "Annex 2 – Doors"),
        ],
    ),
    "I. II.": (
        f"I. Keys\n\n{WEAR}\n\nII. Doors\n\n{LEND}\n",
        [("i-keys/1", WEAR, "I. Keys"), ("ii-doors/1", LEND, "II. Doors")],
    ),
    "(1) (2)": (f"# Keys\n\n(1) {WEAR}\n\n(2) {LEND}\n", [("preamble/1", WEAR, ""), ("preamble/2", LEND, "")]),
    "numbers that start again in each section": (
        f"# K\n\nKEYS\n\n1. {WEAR}\n2. {LEND}\n\nDOORS\n\n1. {COUNT}\n2. {LEND}\n",
        [("keys/1", WEAR, "KEYS"), ("keys/2", LEND, "KEYS"), ("doors/1", COUNT, "DOORS"), ("doors/2", LEND, "DOORS")],
    ),
    "numbers missing": (f"1.1 {WEAR}\n\n1.4 {LEND}\n\n3.2 {COUNT}\n", [("1.1", WEAR, ""), ("1.4", LEND, ""), ("3.2", COUNT, "")]),
    "numbers twice": (
        f"1.1 {WEAR}\n\n1.1 {LEND}\n\n# Doors\n\n1.1 {COUNT}\n",
        [("1.1", WEAR, ""), ("preamble/1.1", LEND, ""), ("doors/1.1", COUNT, "Doors")],
    ),
    "headings in capitals": (
        f"# K\n\nKEYS AND LOCKS\n\n{WEAR}\n\nDOORS\n{LEND}\nThe porter sees to it every evening of the week at six.\n",
        [
            ("keys-and-locks/1", WEAR, "KEYS AND LOCKS"),
            ("doors/1", f"{LEND} The porter sees to it every evening of the week at six.", "DOORS"),
        ],
    ),
    "headings in bold": (
        f"# K\n\n**Keys**\n\n{WEAR}\n\n__Doors__\n\n{LEND}\n\n**3. Lamps**\n\n3.1 {COUNT}\n",
        [("keys/1", WEAR, "Keys"), ("doors/1", LEND, "Doors"), ("3.1", COUNT, "3. Lamps")],
    ),
    "headings underlined": (
        f"# K\n\nKeys\n----\n\n{WEAR}\n\nDoors\n–––––\n\n{LEND}\n\nLamps\n~~~~~\n{COUNT}\n",
        [("keys/1", WEAR, "Keys"), ("doors/1", LEND, "Doors"), ("lamps/1", COUNT, "Lamps")],
    ),
    "numbered headings underlined": (
        f"1. KEYS\n-------\n\n1.1 {WEAR}\n\n2. DOORS\n--------\n\n2.1 {LEND}\n",
        [("1.1", WEAR, "1. KEYS"), ("2.1", LEND, "2. DOORS")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WAYS.values(), ids=WAYS)
def test_a_way_of_counting_is_understood(text, expected):
    extracted = load("policy.txt", text.encode())
    result = split(extracted)
    assert_sound(extracted, result)
    assert [(one.id, one.text, one.headings[-1] if one.headings else "") for one in result.clauses] == expected
    assert "must_not" in {one.modality for one in result.clauses}


LISTS = {
    "•": "1.1 Staff must not:\n\n• lend a key\n• copy a key\n",
    "• close to its words": "1.1 Staff must not:\n\n•lend a key\n•copy a key\n",
    "dashes": "1.1 Staff must not:\n\n- lend a key\n– copy a key\n",
    "dashes close to their words": "1.1 Staff must not:\n\n-lend a key\n-copy a key\n",
    "glyphs of Wingdings": "1.1 Staff must not:\n\n\uf0b7 lend a key\n➢ copy a key\n",
    "(a)": "1.1 Staff must not:\n\n(a) lend a key\n\n(b) copy a key\n",
    "a)": "1.1 Staff must not:\na) lend a key\nb) copy a key\n",
    "(i)": "1.1 Staff must not:\n\n(i) lend a key\n\n(ii) copy a key\n",
    "(A)": "1.1 Staff must not:\n\n(A) lend a key\n\n(B) copy a key\n",
    "(1)": "1.1 Staff must not:\n\n(1) lend a key\n\n(2) copy a key\n",
    "under 2.": "2. Staff must not:\n\n(a) lend a key\n\n(b) copy a key\n",
    "bullets under 2.": "2. Staff must not:\n\n• lend a key\n\n• copy a key\n",
    "1. under (a)": "(a) Staff must not:\n1. lend a key\n2. copy a key\n",
}


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS)
def test_items_of_every_mark_carry_their_stem(text):
    stem, *items = split(load("policy.txt", text.encode())).clauses
    assert (stem.kind, stem.text, stem.members) == ("stem", "Staff must not:", tuple(one.id for one in items))
    assert [one.text for one in items] == ["lend a key", "copy a key"]
    assert {one.modality for one in items} == {"must_not"}


def test_lists_in_lists_are_told_by_their_marks_where_nothing_is_indented():
    text = (
        "1.1 Staff must not:\n\n(a) lend a key;\n\n(b) copy:\n\n(i) a key;\n\n(ii) a lock;\n\n(iii) a card;\n\n(iv) a code;\n\n"
        "(v) a lamp;\n\n(c) lose a key.\n\n1.2 Staff may look.\n"
    )
    found = {one.id: [stem.text for stem in one.lead_in] for one in split(load("policy.txt", text.encode())).clauses}
    inner = ["Staff must not:", "copy:"]
    assert found == {
        "1.1": [],
        "1.1.a": inner[:1],
        "1.1.b": inner[:1],
        **{f"1.1.b.{mark}": inner for mark in ("i", "ii", "iii", "iv", "v")},
        "1.1.c": inner[:1],
        "1.2": [],
    }


def test_the_ninth_letter_is_no_roman_number():
    items = "".join(
        f"({mark}) {word}\n\n" for mark, word in zip("ghij", ("one:", "two:", "three", "four"), strict=True)
    )
    found = split(load("policy.txt", f"1.1 Staff must not:\n\n{items}".encode())).clauses
    assert [one.id for one in found] == ["1.1", "1.1.g", "1.1.h", "1.1.i", "1.1.j"]
    assert {len(one.lead_in) for one in found[1:]} == {1}


@pytest.mark.parametrize(
    "sentence",
    [
        "Part of the school is closed on Fridays in May, and staff keep out.",
        "Article 8 ECHR gives everyone a right to a private life.",
        "Section 175 of the Education Act 2002 applies to schools.",
        "(2018) is the year of the Act.",
        "-5 degrees is too cold for the playground.",
        "A. Smith keeps the keys of the hall.",
        "2.5 hours a week are set aside for it.",
        "KS3 pupils must wait.",
    ],
)  # fmt: skip
def test_a_sentence_that_begins_like_a_number_is_whole(sentence):
    (only,) = split(load("policy.txt", f"{sentence}\n".encode())).clauses
    assert (only.text, only.number) == (sentence, None)


@pytest.mark.parametrize(
    ("words", "number"),
    [("6.2 Wear a key", "6.2"), ("1(a) Wear a key", "1.a"), ("§4 Wear a key", "4"), ("**6.2** Wear a key", "6.2")],
)
def test_readers_of_other_formats_count_alike(words, number):
    kind, at, found, _ = numbered(words, "paragraph", "")
    assert (kind, found, words[at:]) == ("item", number, "Wear a key")


def test_a_contents_table_that_no_heading_announces_is_no_clause():
    titles = ["Purpose", "Scope", "How to Raise a Concern", "How the School will respond", "Costs", "Review"]
    contents = "\n\n".join(f"{n}.0 {title}" for n, title in enumerate(titles, 1))
    body = "\n\n".join(f"{n}.0 {title}\n\n{n}.1 {WEAR}" for n, title in enumerate(titles, 1))
    result = split(load("policy.txt", f"# Keys\n\nA word first.\n\n{contents}\n\nKeys are old.\n\n{body}\n".encode()))
    assert [one.id for one in result.clauses if one.text == WEAR] == [f"{n}.1" for n in range(1, 7)]
    assert [item.reason for item in result.skipped] == ["contents table"] * 6


def test_a_line_that_only_dates_the_policy_is_no_title():
    result = split(load("policy.txt", f"Policy Date: January 2016\n\n{WEAR}\n".encode()))
    assert result.title is None
