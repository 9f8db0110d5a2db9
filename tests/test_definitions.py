"""Definitions are found, and stand beside the clause that uses their term."""

from pathlib import Path

import pytest

from assistant.definitions import defined, used
from ingest.manifest import Manifest
from ingest.read import read_document


def policy(text):
    return read_document(Path("keys.md"), f"# Keys\n\n{text}\n".encode(), Manifest(), "keys")


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("“Key holder” means anyone who carries a key of the school.", ["key holder"]),
        ("The term 'key holder' refers to anyone who carries a key.", ["key holder"]),
        ("In this policy, “staff” includes volunteers and governors.", ["staff"]),
        ("**Key holder** (KH) means anyone who carries a key.", ["key holder"]),
        ("## Definitions\n\n- Key holder: anyone who carries a key.\n- Fob – a key without a lock of its own.", ["key holder", "fob"]),
        ("## Glossary\n\nA key is a thing that opens a door of the school.", ["a key"]),
        ("Key holders: anyone who carries a key.", []),
        ("Staff must wear a key, which means that it can be seen.", []),
        ("“Keep it safe” is what the porter says of every key.", []),
    ],
)  # fmt: skip
def test_definitions_are_recognised(text, terms):
    assert list(defined(policy(text))) == terms


def test_the_definitions_that_a_clause_uses_go_with_it():
    document = policy(
        "## Definitions\n\n“Key holder” means anyone with a key.\n\n“Fob” means a round key.\n\n## Rules\n\nKey holders must sign the register.\n\nDoors are red."
    )
    definitions = defined(document)
    rule, plain = document.clauses[-2:]
    assert [one.text for one in used(definitions, [rule])] == ["“Key holder” means anyone with a key."]
    assert used(definitions, [plain]) == []
    assert used(definitions, [definitions["fob"]]) == []


def test_an_answer_holds_the_definition_of_its_term(assistant_over):
    text = "# Keys\n\n## Definitions\n\n“Key holder” means anyone who carries a fob or a metal key of the school.\n\n## Rules\n\n2.1 Key holders must sign the register in the office every September.\n\n2.2 Doors are red.\n"
    answer = assistant_over({"keys.md": text}).ask("Do key holders have to sign the register?")
    assert answer.quotes[0].clause == "keys/2.1"
    assert any(quote.text.startswith("“Key holder” means") for quote in answer.related)
