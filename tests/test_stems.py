"""Stems as people type them, and lists that something interrupts: which words an item hangs on."""

import pytest

from ingest.html import read_html
from ingest.load import read_text
from ingest.split import split
from tests.sound import assert_sound
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


@pytest.mark.parametrize(
    ("title", "item", "is_stem"),
    [
        ("The Designated Safeguarding Lead:", "will keep the keys;", True),
        ("The Porter and the Deputy Officer(s):", "keeps the keys", True),
        ("This policy is meant to see to it:", "that keys are counted", True),
        ("The Designated Safeguarding Lead:", "Ms Grey", False),
        ("Our keys:", "the red key", False),
    ],
)
def test_a_heading_that_its_items_need_to_be_a_sentence_is_their_stem(title, item, is_stem):
    result = split(read_html(f"<h1>Keys</h1><h2>Roles</h2><h3>{title}</h3><ul><li>{item}</li></ul>".encode()))
    clause = result.clauses[-1]
    assert ([stem.text for stem in clause.lead_in], clause.headings) == (([title], ("Roles",)) if is_stem else ([], ("Roles", title)))  # fmt: skip


@pytest.mark.parametrize("label", ["Telephone: 01234 567890", "Email: porter@example.org", "https://keys.example", "(in the lodge)", "Lodge)", "Yes"])  # fmt: skip
def test_a_label_that_is_set_as_a_heading_titles_nothing(label):
    result = split(read_html(f"<h1>Keys</h1><h2>The porter</h2><h3>{label}</h3><p>Keys are blue.</p>".encode()))
    assert [(one.text, one.headings) for one in result.clauses] == [(label, ("The porter",)), ("Keys are blue.", ("The porter",))]  # fmt: skip


@pytest.mark.parametrize(
    "title", ["A) Keys of the labs", "iv) Lost keys", "Stage 2) Appeals", "Keys (labs)", "No keys"]
)
def test_a_title_that_is_counted_or_holds_brackets_is_a_heading(title):
    result = split(read_html(f"<h1>Keys</h1><h2>The porter</h2><h3>{title}</h3><p>Keys are blue.</p>".encode()))
    assert [one.headings[-1] for one in result.clauses] == [title]


@pytest.mark.parametrize("title", ["https://keys.example", "The porter must:", "The porter will:"])
def test_the_mark_of_a_heading_that_is_none_is_accounted_for(title):
    extracted = read_text(f"# Keys\n\nKeys are blue.\n\n## {title}\n\n- counts the keys\n".encode())
    assert_sound(extracted, split(extracted))


def test_a_list_goes_on_after_a_paragraph_where_its_items_need_the_stem():
    text = "Staff must ensure that:\n\n- keys are counted\n\nThe porter counts those of the labs.\n\n- keys are hidden\n\n- Doors are red."
    assert [stems for _, stems, _ in told(text)] == [[], ["Staff must ensure that:"], [], ["Staff must ensure that:"], ["Staff must ensure that:"]]  # fmt: skip


@pytest.mark.parametrize("after", ["Keys are blue.\n\n- Doors are red.", "## Doors\n\n- doors are red."])
def test_a_list_is_over_where_its_items_stand_alone_or_a_heading_stands_between(after):
    assert told(f"Staff must ensure that:\n\n- keys are counted\n\n{after}")[-1][1] == []


def test_a_date_introduces_no_list():
    assert told("Keys are counted.\n\nDate of next review: May 2031\n\n- Doors are red.")[-1][1] == []
