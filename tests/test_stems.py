"""Stems as people type them, and lists that something interrupts: which words an item hangs on."""

import pytest

from ingest.html import read_html
from ingest.split import split
from tests.test_split import clauses


def told(text):
    return [(one.text, [stem.text for stem in one.lead_in], one.modality) for one in clauses(text)]


def test_a_semicolon_typed_for_a_colon_introduces_a_list():
    assert told("Staff must;\n\n- wear a key;\n- hide it.")[1:] == [
        ("wear a key;", ["Staff must;"], "must"),
        ("hide it.", ["Staff must;"], "must"),
    ]


def test_a_semicolon_before_a_paragraph_introduces_nothing():
    assert told("Keys are blue;\n\nDoors are red.")[1] == ("Doors are red.", [], "statement")


@pytest.mark.parametrize(("title", "stems", "force"), [("Staff must not:", ["Staff must not:"], "must_not"), ("Our keys:", [], "statement")])  # fmt: skip
def test_a_stem_that_is_set_as_a_heading_is_a_stem(title, stems, force):
    result = split(read_html(f"<h1>Keys</h1><h2>Rules</h2><h3>{title}</h3><ul><li>the red key</li></ul>".encode()))
    item = result.clauses[-1]
    assert ([stem.text for stem in item.lead_in], item.modality) == (stems, force)
    assert item.headings == (("Rules",) if stems else ("Rules", title))


def test_a_list_goes_on_after_a_paragraph_where_its_items_need_the_stem():
    text = "Staff must ensure that:\n\n- keys are counted\n\nThe porter counts those of the labs.\n\n- keys are hidden\n\n- Doors are red."
    assert [stems for _, stems, _ in told(text)] == [[], ["Staff must ensure that:"], [], ["Staff must ensure that:"], ["Staff must ensure that:"]]  # fmt: skip


@pytest.mark.parametrize("after", ["Keys are blue.\n\n- Doors are red.", "## Doors\n\n- doors are red."])
def test_a_list_is_over_where_its_items_stand_alone_or_a_heading_stands_between(after):
    assert told(f"Staff must ensure that:\n\n- keys are counted\n\n{after}")[-1][1] == []


def test_a_date_introduces_no_list():
    assert told("Keys are counted.\n\nDate of next review: May 2031\n\n- Doors are red.")[-1][1] == []
