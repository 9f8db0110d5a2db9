"""The card: fixed wording for every level and branch, the right people, and never the one whom it is about."""

import re
import tomllib
from typing import get_args

import pytest

from assistant.answers import LEVELS, Safeguarding
from assistant.documents import CONTACT_ROLES
from assistant.safeguarding import NOBODY_TOLD, Branch, Finding, advise, national
from tests.conftest import REPOSITORY

BRANCHES = [branch for branch in get_args(Branch) if branch != "none"]
CARDS = [
    *[("emergency", branch) for branch in ("danger", "self_harm_adult")],
    *[
        ("same_day", branch)
        for branch in ("child", "fgm", "staff", "staff_to_head", "dsl", "headteacher", "proprietor", "whistleblowing")
    ],
    *[("consult", branch) for branch in ("child", "boundary", "staff", "headteacher", "dsl", "abuse_of_staff")],
    ("none", "data"),
]
"""Every card that the triage can ask for."""

ALL = [(level, branch) for level in LEVELS[1:] for branch in BRANCHES]
ROLE = CONTACT_ROLES


@pytest.fixture(scope="module")
def schools(assistant):
    """Documents by organisation."""
    found = {}
    for shelf in assistant.index.snapshot().shelves:
        found[shelf.document.organisation] = (*found.get(shelf.document.organisation, ()), shelf.document)
    return found


@pytest.fixture(scope="module")
def manifest():
    """Contacts by organisation, read from the manifest as an outsider would."""
    table = tomllib.loads((REPOSITORY / "corpus" / "policies.toml").read_text(encoding="utf-8"))
    return {row["name"]: row.get("contacts", {}) for row in table["organisations"]}


def numbers(text):
    """Telephone numbers in a text, without their spaces."""
    return {re.sub(r"\D", "", found) for found in re.findall(r"\b\d[\d ]{1,}\d\b", text)}


def test_no_finding_has_no_card(schools):
    assert advise(Finding(), schools["Thornbury Academy"]) == Safeguarding()


@pytest.mark.parametrize(("level", "branch"), ALL)
def test_every_card_says_that_nobody_has_been_told(schools, level, branch):
    card = advise(Finding(level, branch), schools["Thornbury Academy"])
    assert card.level == level
    assert card.advice.endswith("Nobody has been told by this page.")
    assert NOBODY_TOLD == "Nobody has been told by this page."
    assert card.advice.count(NOBODY_TOLD) == 1
    assert card.contacts


@pytest.mark.parametrize("branch", BRANCHES)
@pytest.mark.parametrize("school", ["Thornbury Academy", "Oakfield Primary School", "Teaching Staff Alliance", None])
def test_in_an_emergency_999_stands_first_whatever_is_known(schools, branch, school):
    card = advise(Finding("emergency", branch), schools.get(school, ()))
    assert card.advice.startswith("Emergency: call 999 now")
    assert card.contacts[0].phone == "999"
    assert [contact.phone for contact in card.contacts].count("999") == 1


@pytest.mark.parametrize(("level", "branch"), [card for card in CARDS if card[0] == "same_day"])
def test_a_same_day_card_names_999_for_immediate_danger(schools, level, branch):
    assert "call 999" in advise(Finding(level, branch), schools["Thornbury Academy"]).advice


@pytest.mark.parametrize(
    ("level", "branch", "first"),
    [
        ("same_day", "child", ROLE["dsl"]),
        ("same_day", "fgm", ROLE["dsl"]),
        ("same_day", "staff", ROLE["headteacher"]),
        ("same_day", "staff_to_head", ROLE["lado"]),
        ("same_day", "dsl", ROLE["headteacher"]),
        ("same_day", "headteacher", ROLE["chair_of_governors"]),
        ("same_day", "proprietor", ROLE["lado"]),
        ("same_day", "whistleblowing", ROLE["chair_of_governors"]),
        ("consult", "child", ROLE["dsl"]),
        ("consult", "boundary", ROLE["dsl"]),
        ("consult", "staff", ROLE["headteacher"]),
        ("consult", "dsl", ROLE["headteacher"]),
        ("consult", "headteacher", ROLE["chair_of_governors"]),
        ("consult", "abuse_of_staff", ROLE["headteacher"]),
        ("none", "data", ROLE["dpo"]),
    ],
)
@pytest.mark.parametrize("school", ["Thornbury Academy", "Oakfield Primary School", "Teaching Staff Alliance"])
def test_the_first_person_is_the_right_one_even_where_no_name_is_known(schools, level, branch, first, school):
    assert advise(Finding(level, branch), schools[school]).contacts[0].role == first


@pytest.mark.parametrize("level", ["consult", "same_day", "emergency"])
@pytest.mark.parametrize(
    ("branch", "never"),
    [
        ("headteacher", {ROLE["headteacher"]}),
        ("dsl", {ROLE["dsl"], ROLE["deputy_dsl"]}),
        ("proprietor", {ROLE["headteacher"], ROLE["chair_of_governors"]}),
    ],
)
@pytest.mark.parametrize("school", ["Thornbury Academy", "Harbour Light Learning Trust", "Oakfield Primary School"])
def test_whoever_it_is_about_is_no_contact(schools, manifest, level, branch, never, school):
    card = advise(Finding(level, branch), schools[school])
    assert not {contact.role for contact in card.contacts} & never
    names = {row.get("name") for role, row in manifest[school].items() if CONTACT_ROLES[role] in never}
    assert not {contact.name for contact in card.contacts if contact.name} & names


@pytest.mark.parametrize(
    ("level", "branch", "said"),
    [
        ("same_day", "headteacher", "tell the chair of governors now, not the headteacher"),
        ("consult", "headteacher", "share it with the chair of governors"),
        ("same_day", "dsl", "tell the headteacher now, not the DSL"),
        ("consult", "dsl", "share it with the headteacher"),
        ("same_day", "staff", "Do not speak to the person concerned"),
        ("same_day", "fgm", "that teacher must also report it to the police (101)"),
        ("same_day", "fgm", "Do not examine her"),
        ("same_day", "staff_to_head", "contact the Local Authority Designated Officer (LADO) now, before you speak"),
        ("same_day", "proprietor", "Local Authority Designated Officer (LADO) directly"),
        ("same_day", "child", "do not promise to keep it secret"),
        ("same_day", "child", "do not investigate"),
        ("same_day", "child", "do not copy or forward any image"),
        ("same_day", "whistleblowing", "NSPCC whistleblowing advice line"),
        ("emergency", "self_harm_adult", "stay with the person"),
        ("consult", "abuse_of_staff", "keep the evidence"),
        ("none", "data", "within 72 hours"),
    ],
)
def test_the_wording_holds_what_the_guidance_asks(schools, level, branch, said):
    assert said in advise(Finding(level, branch), schools["Thornbury Academy"]).advice


@pytest.mark.parametrize("level", LEVELS[1:])
def test_contacts_are_those_of_the_school_asked(schools, manifest, level):
    for school, documents in schools.items():
        for branch in BRANCHES:
            for contact in advise(Finding(level, branch), documents).contacts:
                if contact.source == "settings" and (contact.name or contact.phone or contact.email):
                    role = next(key for key, title in CONTACT_ROLES.items() if title == contact.role)
                    row = manifest[school][role]
                    given = (row.get("name"), row.get("phone"), row.get("email"))
                    assert (contact.name, contact.phone, contact.email) == given


@pytest.mark.parametrize(("level", "branch"), ALL)
def test_no_number_appears_but_the_national_ones_and_the_school_s_own(schools, manifest, level, branch):
    routes = {re.sub(r"\D", "", route.phone) for route in national().values()}
    for school, documents in schools.items():
        own = {re.sub(r"\D", "", row["phone"]) for row in manifest[school].values() if "phone" in row}
        card = advise(Finding(level, branch), documents)
        shown = {re.sub(r"\D", "", contact.phone) for contact in card.contacts if contact.phone}
        assert numbers(card.advice) <= routes
        assert shown <= routes | own


@pytest.mark.parametrize(("level", "branch"), CARDS)
def test_where_several_schools_are_asked_none_of_their_people_is_named(schools, level, branch):
    everything = tuple(document for documents in schools.values() for document in documents)
    for contact in advise(Finding(level, branch), everything).contacts:
        assert contact.name is None
        assert contact.source == "national" or (contact.phone, contact.email) == (None, None)


def test_without_a_manifest_the_clause_that_names_the_role_is_given(assistant_over):
    """So that a school which entered no contacts is still sent to the right office."""
    text = "# Kettles\n\n1.1 Be kind.\n\n1.2 Worries go to the Designated Safeguarding Lead.\n\n1.3 The headteacher tests kettles.\n"
    document = assistant_over({"kettles.md": text}).index.snapshot().shelves[0].document
    contacts = advise(Finding("same_day", "child"), (document,)).contacts
    assert (contacts[0].role, contacts[0].source) == (ROLE["dsl"], "kettles/1.2")
    assert advise(Finding("same_day", "staff"), (document,)).contacts[0].source == "kettles/1.3"


def test_the_national_routes_are_dated_and_sourced():
    table = tomllib.loads((REPOSITORY / "src" / "assistant" / "national.toml").read_text(encoding="utf-8"))
    assert table["emergency"]["phone"] == "999"
    for row in table.values():
        assert {"role", "phone", "verified_on", "source", "checked"} <= set(row)
    assert set(national()) == set(table)
    assert all(route.source == "national" and route.name is None for route in national().values())
