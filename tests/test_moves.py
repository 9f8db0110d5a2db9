"""Which way a rule moved: pairs of invented versions, and the one word that a governor would use for the change."""

from pathlib import Path

import pytest

from assistant.diff import diff
from ingest.manifest import Manifest
from ingest.read import read_document


def policy(text):
    return read_document(Path("keys.md"), f"# Keys\n\n{text}\n".encode(), Manifest(), "keys")


NO_LEND = "Staff must not lend a key"
PAIRS = [
    # a prohibition's exceptions, however they are said
    (f"{NO_LEND} without the porter's permission.", f"{NO_LEND}.", "tightened"),
    (f"{NO_LEND}.", f"{NO_LEND} except with the headteacher's written permission.", "loosened"),
    (f"{NO_LEND} except with the porter's permission.", f"{NO_LEND} except with the porter's written permission.", "tightened"),
    (f"{NO_LEND} without prior consent from the porter.", f"{NO_LEND} without consent from the porter.", "loosened"),
    (f"{NO_LEND} without the porter's permission.", f"{NO_LEND} without the headteacher's permission.", "reworded"),
    (f"{NO_LEND} unless the porter agrees.", f"{NO_LEND} unless the porter and the headteacher agree.", "tightened"),
    (f"{NO_LEND} unless the porter agrees.", f"{NO_LEND} unless the porter or the clerk agrees.", "loosened"),
    (f"{NO_LEND}, except to governors.", f"{NO_LEND}, except to governors and trustees.", "loosened"),
    (f"{NO_LEND}.", "Staff must not, without the porter's permission, lend a key.", "loosened"),
    ("Unless the porter agrees, staff must not lend a key.", f"{NO_LEND}.", "tightened"),
    (f"{NO_LEND} (except in an emergency).", f"{NO_LEND}.", "tightened"),
    (f"{NO_LEND} without the porter's permission.", "Staff may lend a key with the porter's permission.", "reworded"),
    (f"{NO_LEND}.", "Staff may lend a key only with the porter's permission.", "loosened"),
    ("Nobody may enter the boiler room.", "Nobody may enter the boiler room without a helmet.", "loosened"),
    # when a rule holds
    ("Pupils must not use phones during lessons.", "Pupils must not use phones.", "tightened"),
    ("Staff must not use phones.", "Staff must not use phones while pupils are present.", "loosened"),
    ("Staff must wear a badge.", "Staff must wear a badge when visitors are on site.", "loosened"),
    ("Pupils may use phones.", "Pupils may use phones during the lunch break.", "tightened"),
    ("Staff may take a key home if the porter agrees.", "Staff may take a key home.", "loosened"),
    ("If the porter agrees, staff may take a key home.", "Staff may take a key home.", "loosened"),
    ("Staff may take a key home if the porter agrees.", "Staff may take a key home if the porter is told.", "reworded"),
    ("Staff may take a key home.", "Staff may take a key home, but not over the holidays.", "tightened"),
    ("Staff must report a key that is lost if it opens a lab.", "Staff must report a key that is lost if it opens a lab or an office.", "tightened"),
    ("A key is lost if nobody has it.", "A key is lost if nobody has it or knows of it.", "reworded"),
    # force
    ("Staff will wear a badge.", "Staff may wear a badge.", "loosened"),
    ("Staff must sign out each key.", "Staff should sign out each key.", "loosened"),
    ("Staff must sign out each key.", "Staff must sign out each key where possible.", "loosened"),
    ("Staff should normally sign out each key.", "Staff should sign out each key.", "tightened"),
    ("Keys may be copied.", "Keys may not be copied.", "tightened"),
    # quantities and times
    ("At least two adults must be in the lab.", "At least three adults must be in the lab.", "tightened"),
    ("Staff must not accept gifts worth more than £25.", "Staff must not accept gifts worth more than £10.", "tightened"),
    ("Staff may keep gifts worth up to £10.", "Staff may keep gifts worth up to £50.", "loosened"),
    ("Staff must report gifts worth over £50.", "Staff must report gifts worth over £20.", "tightened"),
    ("Staff may claim taxis for journeys of more than ten miles.", "Staff may claim taxis for journeys of more than five miles.", "loosened"),
    ("Pupils may borrow no more than three books.", "Pupils may borrow no more than five books.", "loosened"),
    ("Staff must not accept gifts unless they are worth less than £5.", "Staff must not accept gifts unless they are worth less than £15.", "loosened"),
    ("A trip may go ahead only if at least two adults come.", "A trip may go ahead only if at least four adults come.", "tightened"),
    ("Staff must not be alone with fewer than two pupils.", "Staff must not be alone with fewer than three pupils.", "tightened"),
    ("Keys must be counted every term.", "Keys must be counted every month.", "tightened"),
    ("Parents may appeal within 10 days.", "Parents may appeal within 15 days.", "loosened"),
    ("Staff must not befriend a former pupil within one year of leaving.", "Staff must not befriend a former pupil within three years of leaving.", "tightened"),
    ("Staff must answer within five working days.", "Staff must answer within seven days.", "reworded"),
    ("Staff must report the loss within 48 hours.", "Staff must report the loss immediately.", "tightened"),
    ("Keys are kept for six years.", "Keys are kept for seven years.", "reworded"),
    # ages
    ("Staff must not drive pupils aged under 16.", "Staff must not drive pupils aged under 18.", "tightened"),
    ("Staff must not contact former pupils, other than those over 18.", "Staff must not contact former pupils, other than those over 21.", "tightened"),
    # who and what
    ("Staff must wear a badge.", "Staff and volunteers must wear a badge.", "tightened"),
    ("Staff, governors and volunteers must wear a badge.", "Staff must wear a badge.", "loosened"),
    ("Staff may take a key home.", "Staff and governors may take a key home.", "loosened"),
    ("Staff must not message pupils.", "Staff must not message pupils or their parents.", "tightened"),
    ("Staff must tell the porter.", "Staff must tell the porter and the headteacher.", "tightened"),
    ("Staff must tell the porter.", "Staff must tell the porter or the headteacher.", "loosened"),
    ("Staff must return the key and may not copy it.", "Staff must return the key.", "loosened"),
    ("Teachers must wear a badge.", "Pupils must wear a badge.", "reworded"),
    ("Teachers should count the books.", "Pupils must count the books.", "reworded"),
    ("Staff must store the key in the office.", "Staff must store the key in the safe.", "reworded"),
    ("Staff must not lend a red key.", "Staff must not lend a big red key.", "reworded"),
    ("Staff must give the key to the porter.", "Staff must hand the key to the porter.", "reworded"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "word"), PAIRS)
def test_a_change_is_called_what_it_is(old, new, word):
    (change,) = diff(policy(old), policy(new)).changes
    assert (change.kind, change.reasons) == (word, change.reasons)


OPPOSITE = {"tightened": "loosened", "loosened": "tightened", "reworded": "reworded"}


@pytest.mark.parametrize(("old", "new", "word"), PAIRS)
def test_the_way_back_is_called_the_opposite(old, new, word):
    (change,) = diff(policy(new), policy(old)).changes
    assert (change.kind, change.reasons) == (OPPOSITE[word], change.reasons)
