"""The contract's answer object, checked: keys, types, and what each status promises. Used wherever an answer comes out."""

import re
from collections.abc import Mapping
from typing import Any

from assistant.documents import fold

ANSWER = [
    "id",
    "question",
    "policy",
    "status",
    "verdict",
    "summary",
    "quotes",
    "related",
    "safeguarding",
    "warnings",
    "answered_by",
    "timings_ms",
]
QUOTE = [
    "policy",
    "title",
    "organisation",
    "clause",
    "number",
    "headings",
    "lead_in",
    "text",
    "spans",
    "source",
    "page",
    "modality",
    "score",
    "standing",
    "cells",
]
MODALITIES = {"must", "must_not", "should", "should_not", "may", "may_if", "statement"}


def check_answer(row: Mapping[str, Any], sources: Mapping[str, str] | None = None) -> None:
    """Assert that a JSON answer object keeps the contract; with `sources` (text by slug), that every quote is verbatim."""
    assert list(row) == ANSWER
    assert isinstance(row["question"], str)
    assert row["policy"] is None or isinstance(row["policy"], str)
    assert row["status"] in {"answered", "not_covered", "declined", "error"}
    assert row["verdict"] in {"yes", "no", "depends", None}
    assert isinstance(row["summary"], str)
    assert row["summary"].strip()
    assert bool(row["quotes"]) == (row["status"] == "answered")
    assert row["verdict"] is None or row["status"] == "answered"
    assert isinstance(row["answered_by"], str)
    assert all(isinstance(warning, str) and warning for warning in row["warnings"])
    assert list(row["timings_ms"]) == ["triage", "search", "compose", "total"]
    assert all(isinstance(spent, float) and spent >= 0 for spent in row["timings_ms"].values())
    names = [quote["clause"] for quote in (*row["quotes"], *row["related"])]
    assert len(names) == len(set(names)), "a clause stands once, as a quote or as related"
    for quote in (*row["quotes"], *row["related"]):
        check_quote(quote, sources)
        assert row["policy"] in {None, quote["policy"]}
    check_safeguarding(row["safeguarding"])


def check_quote(quote: Mapping[str, Any], sources: Mapping[str, str] | None = None) -> None:
    """Assert that a quote keeps the contract; with `sources`, that its spans slice the document's text to its words."""
    assert list(quote) == QUOTE
    assert quote["clause"].startswith(quote["policy"] + "/")
    assert not any(character.isspace() for character in quote["clause"])
    assert quote["modality"] in MODALITIES
    assert isinstance(quote["score"], float)
    assert isinstance(quote["title"], str)
    assert quote["number"] is None or isinstance(quote["number"], str)
    assert quote["page"] is None or quote["page"] >= 1
    assert all(isinstance(heading, str) for heading in (*quote["headings"], *quote["lead_in"]))
    assert quote["text"] == fold(quote["text"]) != ""
    assert all(0 <= start < end for start, end in quote["spans"])
    if sources is not None:
        source = sources[quote["policy"]]
        assert fold(" ".join(source[start:end] for start, end in quote["spans"])) == quote["text"]
        assert all(_letters(stem) in _letters(source) for stem in quote["lead_in"])  # a table's bars may stand between


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text)


def check_safeguarding(card: Mapping[str, Any]) -> None:
    """Assert that the safeguarding card keeps the contract."""
    assert list(card) == ["level", "advice", "contacts"]
    assert card["level"] in {"none", "consult", "same_day", "emergency"}
    assert bool(card["advice"]) == bool(card["contacts"]) == (card["level"] != "none")
    for contact in card["contacts"]:
        assert list(contact) == ["role", "name", "phone", "email", "source"]
        assert isinstance(contact["role"], str)
        assert contact["source"] in {"settings", "national"} or "/" in contact["source"]
    if card["level"] == "emergency":
        assert card["contacts"][0]["phone"] == "999"
