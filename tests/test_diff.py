"""Two versions of a policy: what came, what went, and which way each rule moved."""

import json
from pathlib import Path

import pytest

from assistant.diff import diff
from assistant.documents import sliced
from ingest.manifest import Manifest
from ingest.read import read_document
from tests.commands import run


def policy(text, slug="keys"):
    return read_document(Path(f"{slug}.md"), f"# Keys\n\n{text}\n".encode(), Manifest(), slug)


def changes(old, new):
    return [(change.kind, *change.reasons) for change in diff(policy(old), policy(new)).changes]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # force
        ("Staff should wear a key.", "Staff must wear a key.", ("tightened", "should → must")),
        ("Staff must wear a key.", "Staff should wear a key.", ("loosened", "must → should")),
        ("Staff must not lend a key.", "Staff should not lend a key.", ("loosened", "must not → should not")),
        ("Staff must not lend a key.", "Staff may lend a key.", ("loosened", "must not → may")),
        ("Staff may lend a key.", "Staff must not lend a key.", ("tightened", "may → must not")),
        ("Staff must lend a key.", "Staff must not lend a key.", ("reversed", "must → must not")),
        ("Staff should not lend keys.", "Staff should lend keys.", ("reversed", "should not → should")),
        ("A key opens the door of the hall.", "A key must open the door of the hall.", ("tightened", "no rule → must")),
        # ages
        ("Staff must not drive pupils who are under 18.", "Staff must not drive pupils who are under 19.", ("tightened", "age 18 → 19")),
        ("Staff must not drive pupils under the age of nineteen.", "Staff must not drive pupils under the age of eighteen.", ("loosened", "age 19 → 18")),
        ("Pupils who are over 16 may hold a key.", "Pupils who are over 17 may hold a key.", ("tightened", "age 16 → 17")),
        ("Pupils aged 16 or over may hold a key.", "Pupils aged 14 or over may hold a key.", ("loosened", "age 16 → 14")),
        ("Pupils must not hold a key until they have reached the age of 16.", "Pupils must not hold a key until they have reached the age of 17.",
         ("tightened", "age 16 → 17")),
        ("Staff must not drive a pupil unless the pupil is over 16.", "Staff must not drive a pupil unless the pupil is over 18.", ("tightened", "age 16 → 18")),
        # exceptions and conditions
        ("Staff must not lend a key.", "Staff must not lend a key unless the porter agrees.", ("loosened", "new condition: “unless the porter agrees”")),
        ("Staff must not lend a key, except to the porter.", "Staff must not lend a key.", ("tightened", "condition gone: “except to the porter”")),
        ("Staff may lend a key.", "Staff may lend a key with the approval of the porter.",
         ("tightened", "may → may, under conditions", "new condition: “with the approval of the porter”")),
        # deadlines
        ("Staff must report a lost key within 24 hours.", "Staff must report a lost key within two days.", ("loosened", "within 24 hours → within two days")),
        ("Staff must report a lost key within a week.", "Staff must report a lost key within 24 hours.", ("tightened", "within a week → within 24 hours")),
        ("Staff must report a lost key immediately.", "Staff must report a lost key within 24 hours.", ("loosened", "immediately → within 24 hours")),
        ("Staff must tell the head within one week.", "Staff must tell the head at once.", ("tightened", "within one week → at once")),
        ("Staff must tell the head at once.", "Staff must tell the head immediately.", ("reworded",)),
        ("Staff are required to wear a badge.", "Staff are encouraged to wear a badge.", ("loosened", "must → should")),
        ("Staff do not have to wear a badge.", "Staff must wear a badge.", ("tightened", "no rule → must")),
        ("Visitors must sign in.", "Visitors must sign in unless they are governors.", ("loosened", "new condition: “unless they are governors”")),
        ("Pupils under 16 must not hold a key.", "Pupils under 14 must not hold a key.", ("loosened", "age 16 → 14")),
        # both ways, and no way that can be told
        ("Staff should lend a key within a day.", "Staff must lend a key within two days.", ("mixed", "should → must", "within a day → within two days")),
        ("A key is blue and opens the hall.", "A key is red and opens the hall.", ("reworded",)),
        ("Keys are blue and open the hall. Staff may lend them.", "Keys are blue and open the hall. Staff may lend them. Staff must return them.",
         ("tightened", "new sentence: “Staff must return them.”")),
    ],
)  # fmt: skip
def test_the_way_that_a_rule_moved_is_told(old, new, expected):
    assert changes(old, new) == [expected]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Staff must wear a key.", "staff  must wear a key"),
        ("Staff must wear a “key”.", 'Staff must wear a "key".'),
        ("1.1 Staff must wear a key.", "1.2 Staff must wear a key."),
        ("Staff must not:\n\n- lend a key;\n- copy a key.", "All staff must not:\n\n- lend a key;\n- copy a key."),
        ("Keys are blue and open the hall. Staff must return them all.\n\nKeys are old.", "Keys are blue and open the hall.\n\nStaff must return them all.\n\nKeys are old."),
    ],
)  # fmt: skip
def test_what_only_looks_different_changes_no_rule(old, new):
    assert [kind for kind, *_ in changes(old, new) if kind != "reworded"] == []


def test_clauses_that_came_and_went_stand_in_the_order_of_the_document():
    old = "Staff must wear a key.\n\nStaff must wash the car.\n\nPupils may borrow books."
    new = "Staff must wear a key.\n\nVisitors sign the register.\n\nPupils may borrow books.\n\nNobody may smoke."
    found = diff(policy(old), policy(new))

    assert [(one.kind, (one.new or one.old).text) for one in found.changes] == [
        ("dropped", "Staff must wash the car."),
        ("added", "Visitors sign the register."),
        ("added", "Nobody may smoke."),
    ]
    assert (found.unchanged, found.renumbered) == (2, 0)


def test_a_stem_that_changes_counts_its_items_and_a_number_that_moves_is_counted():
    old = "2.1 Staff must not:\n\n- lend a key;\n- copy a key.\n\n2.2 Keys are blue."
    new = "2.1 Staff should not:\n\n- lend a key;\n- copy a key.\n\n2.3 Keys are blue."
    found = diff(policy(old), policy(new))

    assert [(one.kind, one.items, one.new.clause) for one in found.changes] == [("loosened", 2, "keys/2.1")]
    assert (found.unchanged, found.renumbered) == (1, 1)


def test_both_sides_are_verbatim():
    old, new = policy("Staff should\nwear a key."), policy("All staff must\nwear a key.")
    (change,) = diff(old, new).changes

    assert sliced(old.text, change.old.spans) == change.old.text
    assert sliced(new.text, change.new.spans) == change.new.text


def test_a_document_against_itself_and_against_another(real_policies):
    att, neu = (
        read_document(Path(f"{name}.txt"), (real_policies / f"{name}.txt").read_bytes(), Manifest(), name)
        for name in ("att", "neu")
    )
    same = diff(att, att)
    assert (same.changes, same.unchanged) == ((), len(att.clauses))
    other = diff(att, neu)
    matched = other.unchanged + sum(one.old is not None and one.new is not None for one in other.changes)
    assert matched < 0.2 * len(att.clauses)


def test_the_command_takes_files_and_slugs(tmp_path):
    (tmp_path / "old.md").write_text("# Keys\n\n1.1 Staff should wear a key.\n", encoding="utf-8")
    (tmp_path / "new.md").write_text("# Keys\n\n1.1 Staff must wear a key.\n", encoding="utf-8")
    index = tmp_path / "index"
    assert run("ingest", tmp_path / "old.md", "--index", index).returncode == 0
    shown = run("diff", "old", tmp_path / "new.md", "--index", index)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "1 tightened" in shown.stdout
    assert "should → must" in shown.stdout
    row = json.loads(run("diff", tmp_path / "old.md", tmp_path / "new.md", "--json", "--index", index).stdout)
    assert set(row) == {"old", "new", "changes", "unchanged", "renumbered"}
    assert set(row["changes"][0]) == {"kind", "reasons", "old", "new", "items"}


@pytest.mark.parametrize(
    ("old", "said"),
    [("nobody", "No policy is called 'nobody'"), ("bad.pdf", "bad.pdf can't be read. The file is no readable PDF.")],
)
def test_a_version_that_cannot_be_read_is_one_line(tmp_path, old, said):
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    done = run("diff", old, "nobody", "--index", tmp_path / "index", cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
