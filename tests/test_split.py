"""Blocks → clauses: the quirks of real policies, each in a few invented lines."""

import pytest

from assistant.documents import Clause, seal, sliced
from ingest.load import load
from ingest.names import letters, slugify, with_slug
from ingest.split import MAX_STEM, Split, split


def taken(text: str) -> Split:
    return split(load("policy.txt", text.encode()))


def clauses(text: str) -> list[Clause]:
    return list(taken(text).clauses)


def texts(text: str) -> dict[str, str]:
    return {clause.id: clause.text for clause in clauses(text)}


def stems(clause: Clause) -> list[str]:
    return [stem.text for stem in clause.lead_in]


def skipped(text: str) -> list[tuple[str, str]]:
    return [(item.reason, text[slice(*item.span)]) for item in taken(text).skipped]


# --- numbered clauses and lists


def test_a_numbered_clause_is_called_by_its_number():
    text = "# Keys\n\n6 Lending\n\n6.1 Nobody may lend a key.\n\n- 6.2 Staff must sign for a key.\n\n- 6.10 Keys are counted.\n"

    assert texts(text) == {
        "6.1": "Nobody may lend a key.",
        "6.2": "Staff must sign for a key.",
        "6.10": "Keys are counted.",
    }
    assert {("6 Lending",)} == {clause.headings for clause in clauses(text)}
    assert [clause.number for clause in clauses(text)] == ["6.1", "6.2", "6.10"]
    assert {"numbered"} == {clause.kind for clause in clauses(text)}


def test_bullets_of_a_numbered_clause_carry_its_number_and_its_words():
    stem, first, second, after = clauses(
        "5.2 Staff must not upload anything that:\n\n- shows a pupil\n- is untrue.\n\n5.3 Staff may look.\n"
    )

    assert (stem.id, stem.kind, stem.members) == ("5.2", "stem", ("5.2.a", "5.2.b"))
    assert [(c.id, c.text) for c in (first, second)] == [("5.2.a", "shows a pupil"), ("5.2.b", "is untrue.")]
    assert stems(first) == stems(second) == ["Staff must not upload anything that:"]
    assert (first.number, first.modality) == ("5.2.a", "must_not")
    assert (after.id, stems(after), after.modality) == ("5.3", [], "may")


def test_indented_bullets_stand_under_the_item_above():
    text = "- 4.2 Secrets include:\n - names of pupils\n - prices.\n- 4.3 The school is liable.\n"

    assert list(texts(text)) == ["4.2", "4.2.a", "4.2.b", "4.3"]


def test_letters_that_the_document_gives_are_kept():
    text = "3.1 Volunteers must:\n\n(a) sign in;\n(b) wear a badge;\n(d) sign out.\n"

    assert list(texts(text)) == ["3.1", "3.1.a", "3.1.b", "3.1.d"]


def test_roman_numbers_of_items_are_kept():
    text = "3.1 Volunteers must:\n\n(i) sign in;\n(ii) wear a badge;\n(iii) sign out.\n"

    assert list(texts(text)) == ["3.1", "3.1.i", "3.1.ii", "3.1.iii"]


def test_nested_stems_are_inherited_outermost_first():
    text = (
        "Volunteers must not:\n\n- take pictures\n- share with anyone:\n    - an address\n    - a telephone number\n"
        "- give lifts.\n"
    )
    found = clauses(text)

    assert [clause.kind for clause in found] == ["stem", "item", "stem", "item", "item", "item"]
    assert stems(found[3]) == ["Volunteers must not:", "share with anyone:"]
    assert stems(found[5]) == ["Volunteers must not:"]
    assert {"must_not"} == {clause.modality for clause in found}
    assert (found[1].id, found[2].id, found[5].id) == found[0].members


def test_a_list_runs_on_from_a_sentence_without_a_colon():
    stem, first, _ = clauses("When lending a key the porter must\n\n- ask for a name\n- write it down.\n")

    assert (stem.kind, first.modality) == ("stem", "must")
    assert stems(first) == ["When lending a key the porter must"]


def test_paragraphs_too_can_stand_under_a_stem():
    _, first, second, after = clauses(
        "# Keys\n\nThese two rules hold at all times:\n\nNobody may lend a key.\n\nKeys are never copied.\n\n"
        "## Badges\n\nBadges are blue.\n"
    )

    assert stems(first) == stems(second) == ["These two rules hold at all times:"]
    assert stems(after) == []


def test_a_heading_ends_a_list():
    found = clauses("Staff must not:\n\n- lend a key\n\n# Badges\n\n- Badges are blue.\n")

    assert stems(found[-1]) == []
    assert found[-1].modality == "statement"


def test_a_paragraph_ends_a_list():
    found = clauses("Staff must not:\n\n- lend a key\n\nBadges are blue.\n\n- They have a clip.\n")

    assert [stems(clause) for clause in found] == [[], ["Staff must not:"], [], []]


def test_a_sentence_without_its_bullet_stays_outside_the_list():
    """A writer who forgets a bullet must not make the sentence part of the prohibition above."""
    found = clauses("Staff must not:\n\n- lend a key\n- copy a key\n\nThe porter may lend one.\n\n- hide a key\n")

    assert (found[3].text, stems(found[3]), found[3].modality) == ("The porter may lend one.", [], "may")


def test_lists_that_restart_at_one_are_marks_and_not_clause_numbers():
    text = "We are:\n\n1. Kind\n2. Safe\n\n# Money\n\nWe are:\n\n1. Thrifty\n2. Open\n\n# Work\n\n1.1 Staff must be on time.\n"
    found = texts(text)

    assert list(found) == ["preamble/1", "preamble/2", "preamble/3", "money/1", "money/2", "money/3", "1.1"]
    assert [found[f"{s}/{n}"] for s in ("preamble", "money") for n in (2, 3)] == ["Kind", "Safe", "Thrifty", "Open"]
    assert not any(clause.number for clause in clauses(text)[:-1])


def test_a_long_paragraph_introduces_its_list_by_its_last_sentence():
    opening = "The hall is old and much loved by all who use it. " * 15
    found = clauses(f"{opening}Those who hire it must:\n\n- sweep it\n- lock it.\n")

    assert len(found[0].text) > MAX_STEM
    assert stems(found[1]) == ["Those who hire it must:"]
    assert found[1].modality == "must"


def test_a_colon_before_a_heading_introduces_nothing():
    assert [c.kind for c in clauses("Note the following:\n\n# Keys\n\nWear a key.\n")] == ["paragraph", "paragraph"]


# --- names


def test_a_clause_without_a_number_is_called_by_its_headings():
    text = "# Policy\n\nAll read this.\n\n## Keys\n\nWear a key.\n\nCount the keys.\n\n### Spare keys\n\nHide them.\n"

    assert list(texts(text)) == ["preamble/1", "keys/1", "keys/2", "keys-spare-keys/1"]


def test_the_same_heading_under_two_parents_gives_two_names():
    text = "# Policy\n\n## Keys\n\n### Staff\n\nWear a key.\n\n## Badges\n\n### Staff\n\nWear a badge.\n"

    assert texts(text) == {"keys-staff/1": "Wear a key.", "badges-staff/1": "Wear a badge."}


def test_headings_without_marks_that_name_people_stand_under_the_one_before():
    text = (
        "School Policy\n\nRoles\n\nStaff\n\n- Wear a key.\n\nGovernors\n\n- Wear a badge.\n\nKeys\n\nCount them.\n\n"
        "Private use\n\nStaff\n\n- Use your own.\n\nParents/Carers\n\n- Ask first.\n"
    )

    assert list(texts(text)) == [
        "roles-staff/1",
        "roles-governors/1",
        "keys/1",
        "private-use-staff/1",
        "private-use-parents-carers/1",
    ]


def test_the_same_heading_twice_goes_on_counting():
    text = "# Policy\n\n## Keys\n\nWear a key.\n\n## Badges\n\nWear a badge.\n\n## Keys\n\nCount them.\n"

    assert list(texts(text)) == ["keys/1", "badges/1", "keys/2"]


def test_a_number_used_twice_gives_two_names():
    text = "4.1 Wear a key.\n\n# Appendix\n\n4.1 Wear a badge.\n\n4.1 Wear a hat.\n"

    assert list(texts(text)) == ["4.1", "appendix/4.1", "appendix/4.1-2"]


def test_bullets_of_a_number_used_twice_follow_their_own():
    text = "4.1 Staff must wear:\n\n- a key\n\n# Appendix\n\n4.1 Staff must take:\n\n- a hat\n"

    assert list(texts(text)) == ["4.1", "4.1.a", "appendix/4.1", "appendix/4.1.a"]


def test_edits_elsewhere_move_no_name():
    keys = "\n\n## Keys\n\nWear a key.\n\nNobody may:\n\n- lend one\n- copy one.\n\n2.1 Count the keys.\n"
    badges = "\n\n## Badges\n\nWear a badge.\n"
    before = texts(f"# Policy{badges}{keys}")
    after = texts(f"# Policy{badges}\n\nBadges are blue.\n\n- They have a clip.\n{keys}\n\n## Hats\n\nWear a hat.\n")

    assert len(before) == 6
    assert before.items() < after.items()


def test_more_than_26_bullets_are_lettered_on():
    found = list(texts("1.1 The rooms are:\n\n" + "".join(f"- room {n}\n" for n in range(30))))

    assert [found[n] for n in (1, 26, 27, 30)] == ["1.1.a", "1.1.z", "1.1.aa", "1.1.ad"]
    assert [letters(n) for n in (0, 25, 26, 51, 52)] == ["a", "z", "aa", "az", "ba"]


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("Use of Images", "use-of-images"),
        ("Employee's Duties & Rights", "employees-duties-rights"),
        ("Staff’s phones", "staffs-phones"),
        ("One two three four five six seven eight nine ten", "one-two-three-four-five-six-seven-eight"),
        ("*[insert school name]*", "insert-school-name"),
        ("☺", ""),
    ],
)
def test_heading_words_become_part_of_a_name(words, slug):
    assert slug == slugify(words)


def test_a_heading_without_letters_leaves_the_name_whole():
    assert list(texts("# ☺☺☺\n\n## ☺☺\n\nWear a key.\n")) == ["preamble/1"]


def test_the_slug_goes_before_every_name():
    found = with_slug(taken("5.2 Staff must not:\n\n- lend a key\n").clauses, "keys")

    assert [(clause.id, clause.members) for clause in found] == [("keys/5.2", ("keys/5.2.a",)), ("keys/5.2.a", ())]


def test_the_number_of_a_heading_is_no_part_of_a_name():
    assert list(texts("# Policy\n\n## 3. Wearing keys\n\nAll staff do.\n")) == ["wearing-keys/1"]


# --- titles and headings


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Keys Policy\n\nWear a key.", "Keys Policy"),
        ("KEYS POLICY\n\nWear a key.", "KEYS POLICY"),
        ("\n\n---\n\n**Keys Policy**\n\nWear a key.", "Keys Policy"),
        ("Wear a key.\n\n# Keys Policy", None),
        ("1. Keys\n\nWear a key.", None),
        ("Introduction\n\nWear a key.", None),
    ],
)
def test_the_first_heading_is_the_title(text, title):
    assert title == taken(text).title


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("# T\n\n1 Keys\n\n1.1 Spare keys\n\nHide them.", ("1 Keys", "1.1 Spare keys")),
        ("# T\n\nKEYS\n\nWear one.", ("KEYS",)),
        ("# T\n\n**Keys**\n\nWear one.", ("Keys",)),
        ("# T\n\nKeys\n----\n\nWear one.", ("Keys",)),
        ("# T\n\nKeys:\n\nWear one.", ("Keys:",)),
        ("# T\n\nSection 3 – Keys\n\nWear one.", ("Section 3 – Keys",)),
        ("# T\n\n## A1 Keys\n\nWear one.", ("A1 Keys",)),
        ("# T\n\n## Keys\n\n#### Deep\n\n### Less deep\n\nWear one.", ("Keys", "Less deep")),
    ],
)
def test_a_clause_knows_the_headings_above_it(text, headings):
    assert headings == clauses(text)[-1].headings


# --- what is no clause


CONTENTS = {
    "tabs": "1\tWhy keys matter\t2\n2\tWho wears them\t3\n3\tWhen they are lost\t4\n",
    "dots": "Why keys matter ............ 2\nWho wears them ............. 3\nWhen they are lost ......... 4\n",
    "bullets": "- Why keys matter\n- Who wears them\n- When they are lost\n",
    "table": "| | |\n|---|---|\n| 1. Why keys matter..... | 2 |\n| 2. Who wears them | |\n| 3. When they are lost | 4 |\n",
}


@pytest.mark.parametrize("contents", CONTENTS.values(), ids=CONTENTS)
@pytest.mark.parametrize("heading", ["Contents", "CONTENTS", "## Table of contents", "Contents:"])
def test_a_contents_table_is_no_clause_though_its_titles_differ_from_the_headings(heading, contents):
    text = f"# Keys Policy\n\n{heading}\n\n{contents}\n1 Purpose of keys\n\n1.1 Wear a key.\n\n2 Scope\n\n2.1 All staff do.\n"

    assert texts(text) == {"1.1": "Wear a key.", "2.1": "All staff do."}
    assert sum(reason == "contents table" for reason, _ in skipped(text)) == 3


def test_a_section_called_contents_that_holds_rules_is_kept():
    text = (
        "# Lockers\n\n## Contents\n\nThe contents of a locker may be searched by the headteacher at any time of day.\n"
    )

    assert len(clauses(text)) == 1


def test_an_unfilled_table_of_people_is_no_clause():
    text = (
        "# Policy\n\n## People\n\n| | | |\n|---|---|---|\n| <i>Insert title</i> | | |\n| Contact details | Email | |\n| | Tel | |\n"
        "\nThe porter keeps the list.\n"
    )

    assert list(texts(text).values()) == ["The porter keeps the list."]
    assert sum(reason == "unfilled table row" for reason, _ in skipped(text)) == 3


def test_a_filled_table_of_people_is_kept():
    found = clauses("| Role | Name |\n|---|---|\n| Porter | Ms Grey |\n| Clerk | Mr Fox |\n")

    assert [clause.kind for clause in found] == ["stem", "row", "row"]
    assert [clause.text for clause in found] == ["Role Name", "Porter Ms Grey", "Clerk Mr Fox"]
    assert stems(found[2]) == ["Role Name"]
    assert [len(clause.spans) for clause in found] == [2, 2, 2]


def test_a_table_without_a_ruled_header_has_none():
    found = clauses("| Porter | Ms Grey |\n| Clerk | Mr Fox |\n")

    assert [stems(clause) for clause in found] == [[], []]


def test_the_sign_off_slip_is_no_clause():
    text = (
        "# Policy\n\nWear a key.\n\nI have received, read and understood this policy and shall keep to it.\n\n"
        "Name: (please print clearly)\n\nSigned: ______________\n\nDate:\n"
    )

    assert list(texts(text).values()) == ["Wear a key."]
    assert sum(reason == "signature slip" for reason, _ in skipped(text)) == 4


def test_a_promise_without_a_slip_is_a_clause():
    text = (
        "- I have read and understood the rules of the laptop scheme and will pay for any damage.\n\nKeys are counted."
    )

    assert len(clauses(text)) == 2


def test_acknowledgements_are_no_clause():
    text = "# Policy\n\nWear a key.\n\nAcknowledgements\n\nWith thanks to the porters of Elm Hill.\n\nKeys\n\nCount them.\n"

    assert list(texts(text).values()) == ["Wear a key.", "Count them."]
    assert ("acknowledgements", "With thanks to the porters of Elm Hill.") in skipped(text)


def test_front_matter_and_rules_are_no_clause():
    text = "---\ntitle: Keys\n---\n\n# Keys\n\nWear a key.\n\n---\n\n***\n"

    assert list(texts(text).values()) == ["Wear a key."]
    assert [reason for reason, _ in skipped(text)] == ["front matter"] * 3 + ["rule line"] * 2


def test_dates_in_the_body_are_clauses():
    found = texts("# Keys\n\nWear a key.\n\nReview date: March 2027\n\nLast updated: March 2024\n")

    assert list(found.values()) == ["Wear a key.", "Review date: March 2027", "Last updated: March 2024"]


# --- verbatim


@pytest.mark.parametrize(
    "words",
    [
        "Staff of *[insert school name]* must sign for a key.",
        "[Insert school name] keys must be counted.",
        "Ask <<name of porter>> or XXXX for a key.",
        "Keys are “lent” – never given – to pupils’ families… and returned.",
        "Read the **Keys Policy**. *[You may wish to say where it is].*",
        "The porter’s email is porter@school.example.",
    ],
)
def test_placeholders_and_marks_are_kept_as_they_stand(words):
    assert [words] == list(texts(f"# Keys\n\n{words}\n").values())


def test_a_heading_with_a_placeholder_is_kept():
    assert [h.text for h in taken("Keys of *[insert school name]*\n\nWear one.").headings] == [
        "Keys of *[insert school name]"
    ]


def test_stray_html_in_a_text_file_swallows_nothing():
    """One real policy has an unclosed tag; an HTML parser would drop all that follows it."""
    text = (
        'Links to:\n<ul style="list-style-type: none">• Keys policy• Badges policy\n\nSee <a href="http://keys.example\n\n'
        "4.1 Wear a key.\n\n4.2 <b>Count the keys.\n"
    )
    found = taken(text)

    assert {"4.1": "Wear a key.", "4.2": "<b>Count the keys."}.items() < texts(text).items()
    assert found.coverage.clauses + found.coverage.headings == 1
    assert 'See <a href="http://keys.example' in [clause.text for clause in found.clauses]


def test_white_space_is_folded_and_nothing_else():
    (clause,) = clauses("4.1  Wear\ta key\n   at  all\xa0times.")

    assert clause.text == "Wear a key at all times."


# --- sentences cut in two


@pytest.mark.parametrize(
    "cut",
    [
        "\n\n",
        "\n\n3 of 6\nDate of issue: November 2018\n\n",
        "\n\nPage 3 of 6\n\n",
        "\n\nDate of issue: November 2018 Date of review: May 2021\nPage 3\n\n",
        "\r\n\r\n",
    ],
)
@pytest.mark.parametrize("mark", ["", "- ", "4.1 "])
def test_a_sentence_cut_in_two_is_one_clause_of_two_spans(cut, mark):
    text = f"Staff must not:\n\n- lend a key\n\n# Keys\n\n{mark}Pupils must not borrow a key, and staff must ensure that{cut}their own is safe.\n"
    clause = clauses(text)[-1]

    assert clause.text == "Pupils must not borrow a key, and staff must ensure that their own is safe."
    assert len(clause.spans) == 2
    assert clause.modality == "must_not"
    assert clause.text == sliced(text, clause.spans)


def test_a_list_goes_on_after_a_page_foot():
    text = "Staff must not:\n\n- lend a key\n\n3 of 6\nDate of issue: May 2018\n\n- copy a key.\n"

    assert stems(clauses(text)[-1]) == ["Staff must not:"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Pupils must not borrow a key.", "their own is safe."),
        ("Pupils must not borrow:", "their own is safe."),
        ("Pupils must not borrow a key and staff", "Their own is safe."),
        ("Pupils must not borrow a key and staff", "- their own is safe."),
    ],
)
def test_two_sentences_are_never_stitched(before, after):
    assert all(len(clause.spans) == 1 for clause in clauses(f"{before}\n\n{after}\n"))


def test_a_rule_line_or_a_heading_between_keeps_two_halves_apart():
    for between in ("---", "# Badges", "| a | b |"):
        found = clauses(f"Pupils must not borrow a key and staff\n\n{between}\n\nmust ensure that theirs is safe.\n")

        assert all("staff must ensure" not in clause.text for clause in found)


# --- proof


def test_every_clause_is_sealed_with_its_stems():
    for clause in clauses("Staff must not:\n\n- lend a key\n- copy a key:\n  - by hand\n\n4.1 Wear a key.\n"):
        assert seal(clause.lead_in, clause.text) == clause.sha256


def test_a_seal_tells_a_stem_from_the_text():
    with_stem = clauses("Staff must:\n\n- not lend a key\n")[1]
    without = clauses("- Staff must: not lend a key\n")[0]

    assert with_stem.bare_text == without.bare_text
    assert with_stem.sha256 != without.sha256


def test_a_policy_of_three_hundred_pages_is_split_in_seconds():
    sections = "".join(
        f"## {n} Section\n\n"
        + "".join(
            f"{n}.{m} Staff must sign for key {m} of room {n} before they\ntake it away.\n\n" for m in range(1, 31)
        )
        + f"Page {n} of 300\n\n"
        for n in range(1, 301)
    )
    found = taken(f"# Keys\n\n{sections}")

    assert len(found.clauses) == 9000
    assert sum(item.reason == "page furniture" for item in found.skipped) == 300
