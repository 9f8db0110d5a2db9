"""Rules that contradict each other are found; rules about other people, places or numbers are left alone."""

from pathlib import Path

import pytest

from assistant.contradictions import clashes
from assistant.health import findings
from ingest.manifest import Manifest
from ingest.read import read_document, slug_of
from ingest.sync import find

LEND = "Staff must not lend the hall key to a visitor."


def policy(text, slug="keys"):
    return read_document(Path(f"{slug}.md"), f"# Keys\n\n{text}\n".encode(), Manifest(), slug)


def told(one, other):
    return [(clash.kind, clash.words) for clash in clashes([policy(f"{one}\n\nKeys are old.\n\n{other}")])]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (LEND, "Staff may lend the hall key to a visitor.", ("opposite", "")),
        ("Staff must lock the front door of the hall.", "Staff must not lock the front door of the hall.", ("opposite", "")),
        (LEND, "Staff should not lend the hall key to a visitor.", ("weaker", "")),
        ("Staff should count the keys of the hall.", "Staff must count the keys of the hall.", ("weaker", "")),
        (LEND, "Staff must not lend the hall key to a visitor unless the porter agrees.", ("exception", "unless the porter agrees")),
        ("Staff must not:\n\n- lend the spare key of the hall", "Staff may:\n\n- lend the spare key of the hall", ("opposite", "")),
        # of others, elsewhere, with other numbers; or the same in other words
        ("Staff may use phones in the hall at lunch.", "Pupils must not use phones in the hall at lunch.", None),
        ("Staff must wear a badge in the red hall.", "Staff should wear a badge in the blue hall.", None),
        ("Staff must report a lost key of the hall within 2 days.", "Staff should report a lost key of the hall within 3 days.", None),
        ("## Staff\n\nThe spare phone may be used in the hall.", "## Pupils\n\nThe spare phone must not be used in the hall.", None),
        ("Records of keys must be kept no longer than needed.", "Records of keys must not be kept longer than needed.", None),
        ("Porters and clerks of the hall must:\n\n- sweep", "Porters and clerks of the hall must not:\n\n- sing", None),
        (LEND, LEND, None),
    ],
)  # fmt: skip
def test_two_rules_are_held_against_each_other(one, other, expected):
    assert told(one, other) == ([expected] if expected else [])


def test_a_finding_names_both_clauses_and_what_to_do():
    found = [row for row in findings([policy(f"1.1 {LEND}\n\n1.2 Staff may lend the hall key to a visitor.")]) if row.kind == "contradiction"]  # fmt: skip
    assert [(row.severity, row.clause, row.related[0]["clause"]) for row in found] == [("high", "keys/1.1", "keys/1.2")]
    assert "(1.2)" in found[0].message


def test_policies_of_one_school_are_held_against_each_other(tmp_path):
    entries = "".join(f'[[documents]]\nfile = "{name}.md"\norganisation = "{org}"\n' for name, org in (("a", "Elm"), ("b", "Elm"), ("c", "Ash")))  # fmt: skip
    (tmp_path / "policies.toml").write_text(entries)
    for name, rule in (("a", LEND), ("b", "Staff should not lend the hall key to a visitor."), ("c", "Staff may lend the hall key to a visitor.")):  # fmt: skip
        (tmp_path / f"{name}.md").write_text(f"# Policy {name}\n\n1.1 {rule}\n")
    documents = [
        read_document(item.path, item.path.read_bytes(), item.manifest, slug_of(item.path)) for item in find([tmp_path])
    ]
    found = [row for row in findings(documents) if row.kind == "contradiction"]
    assert [(row.severity, row.clause, row.related[0]["clause"]) for row in found] == [("medium", "a/1.1", "b/1.1")]
    assert "1.1 of Policy b: should not, here must not" in found[0].message


def test_the_real_policies_contradict_themselves_in_their_known_place_only(real_policies):
    documents = [
        read_document(item.path, item.path.read_bytes(), item.manifest, slug_of(item.path))
        for item in find([real_policies])
    ]
    found = [row for row in findings(documents) if row.kind == "contradiction"]
    assert [row.clause for row in found] == ["beech-hill/safeguarding-children/3"]
