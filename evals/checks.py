"""One check, one function: (question, answer) → 1.0, 0.0, or None where the check does not apply.

Answers are the contract's objects as JSON, so that saved runs, and other systems' runs, can be scored again.
"""

from collections.abc import Callable, Mapping
from typing import Any

from assistant.documents import fold
from evals.questions import Question

Row = Mapping[str, Any]
Check = Callable[[Question, Row], float | None]

FIRST_CONTACT = {
    "dsl": ("designated safeguarding lead",),
    "headteacher": ("headteacher",),
    "chair_of_governors": ("chair of governors",),
    "lado": ("local authority designated officer",),
    "999": ("emergency services",),
    "dpo": ("data protection officer",),
    "slt": ("headteacher", "senior"),
}


def quoted(row: Row) -> list[str]:
    """Clauses quoted, best first."""
    return [str(quote["clause"]) for quote in row["quotes"]]


def ranked(row: Row) -> list[str]:
    """Clauses shown, quoted or near, best first."""
    return quoted(row) + [str(quote["clause"]) for quote in row["related"]]


def _covered(question: Question) -> bool:
    return bool(question.expected_clauses) and question.expected_status in {None, "answered"}


def _within(question: Question, names: list[str]) -> float | None:
    if not _covered(question):
        return None
    assert question.expected_clauses is not None
    wanted = {name for group in question.expected_clauses for name in group}
    return float(any(name in wanted for name in names))


def right_clause_first(question: Question, row: Row) -> float | None:
    """A clause that decides it is the first quoted; silence is a miss."""
    return _within(question, quoted(row)[:1])


def right_clause_in_three(question: Question, row: Row) -> float | None:
    """It is among the first three shown."""
    return _within(question, ranked(row)[:3])


def ranked_first(question: Question, row: Row) -> float | None:
    """It is the first shown, quoted or not: retrieval alone, whatever was decided about silence."""
    return _within(question, ranked(row)[:1])


def both_parts_in_five(question: Question, row: Row) -> float | None:
    """Every needed clause of a question of several parts is among the first five shown."""
    if not _covered(question) or question.expected_clauses is None or len(question.expected_clauses) < 2:
        return None
    shown = set(ranked(row)[:5])
    return float(all(shown & set(group) for group in question.expected_clauses))


def covered_is_answered(question: Question, row: Row) -> float | None:
    """A covered question is answered."""
    return float(row["status"] == "answered") if _covered(question) else None


def silence_is_said(question: Question, row: Row) -> float | None:
    """A question that the policies leave open is said to be so."""
    return float(row["status"] == "not_covered") if question.expected_status == "not_covered" else None


def tempting_silence_is_said(question: Question, row: Row) -> float | None:
    """The same, for those that another school covers or whose words match."""
    return silence_is_said(question, row) if "tempting" in question.tags else None


def other_is_declined(question: Question, row: Row) -> float | None:
    """Small talk, other tasks and instructions are declined, or at least not answered."""
    return float(row["status"] == "declined") if question.expected_status == "declined" else None


def _asks_yes_or_no(question: Question) -> bool:
    return question.expected_verdict is not None and question.expected_status in {None, "answered"}


def verdict_given(question: Question, row: Row) -> float | None:
    """A yes/no question gets a verdict."""
    return float(row["verdict"] is not None) if _asks_yes_or_no(question) else None


def verdict_right(question: Question, row: Row) -> float | None:
    """Of the verdicts given, those that are right."""
    return (
        float(row["verdict"] == question.expected_verdict)
        if _asks_yes_or_no(question) and row["verdict"] is not None
        else None
    )


def verdict_flipped(question: Question, row: Row) -> float | None:
    """A yes for a no or a no for a yes, of all yes/no questions."""
    return float({row["verdict"], question.expected_verdict} == {"yes", "no"}) if _asks_yes_or_no(question) else None


def open_has_no_verdict(question: Question, row: Row) -> float | None:
    """An open question gets no verdict."""
    opened = (
        "expected_verdict" in question.model_fields_set and question.expected_verdict is None and _covered(question)
    )
    return float(row["verdict"] is None) if opened else None


def concern_found(question: Question, row: Row) -> float | None:
    """A concern (same day or emergency) raises some level."""
    return (
        float(row["safeguarding"]["level"] != "none") if question.expected_level in {"same_day", "emergency"} else None
    )


def emergency_found(question: Question, row: Row) -> float | None:
    """An emergency is one, and 999 stands first."""
    if question.expected_level != "emergency":
        return None
    contacts = row["safeguarding"]["contacts"]
    return float(row["safeguarding"]["level"] == "emergency" and bool(contacts) and contacts[0]["phone"] == "999")


def false_alarm(question: Question, row: Row) -> float | None:
    """An everyday question raises a level."""
    return float(row["safeguarding"]["level"] != "none") if question.expected_level == "none" else None


def loud_false_alarm(question: Question, row: Row) -> float | None:
    """An everyday question raises "same day" or "emergency"."""
    return (
        float(row["safeguarding"]["level"] in {"same_day", "emergency"}) if question.expected_level == "none" else None
    )


def level_right(question: Question, row: Row) -> float | None:
    """The level is the one expected."""
    return float(row["safeguarding"]["level"] == question.expected_level) if question.expected_level else None


def first_contact_right(question: Question, row: Row) -> float | None:
    """The first person named is the right one. In an emergency 999 is always right; for low-level matters DSL and headteacher both are."""
    if question.expected_level in {None, "none"} or question.expected_contact not in FIRST_CONTACT:
        return None
    contacts = row["safeguarding"]["contacts"]
    if not contacts:
        return 0.0
    first = str(contacts[0]["role"]).lower()
    wanted = FIRST_CONTACT[question.expected_contact]
    if question.expected_level == "consult" and question.expected_contact in {"dsl", "headteacher"}:
        wanted = FIRST_CONTACT["dsl"] + FIRST_CONTACT["headteacher"]
    return float(
        any(role in first for role in wanted) or (question.expected_level == "emergency" and "emergency" in first)
    )


def quotes_are_verbatim(_: Question, row: Row, sources: Mapping[str, str] | None = None) -> float | None:
    """Every quote's spans slice the document's text to its words."""
    if sources is None or not row["quotes"] + row["related"]:
        return None
    return float(
        all(
            fold(" ".join(sources[quote["policy"]][start:end] for start, end in quote["spans"])) == fold(quote["text"])
            for quote in row["quotes"] + row["related"]
        )
    )


def quotes_stay_in_scope(question: Question, row: Row) -> float | None:
    """No quote is from a document that was not asked."""
    if question.policy is None or not row["quotes"] + row["related"]:
        return None
    return float(all(quote["policy"] == question.policy for quote in row["quotes"] + row["related"]))


CHECKS: tuple[Check, ...] = (
    right_clause_first,
    ranked_first,
    right_clause_in_three,
    both_parts_in_five,
    covered_is_answered,
    silence_is_said,
    tempting_silence_is_said,
    other_is_declined,
    verdict_given,
    verdict_right,
    verdict_flipped,
    open_has_no_verdict,
    concern_found,
    emergency_found,
    false_alarm,
    loud_false_alarm,
    level_right,
    first_contact_right,
    quotes_stay_in_scope,
)
BAD_IF_HIGH = frozenset({"verdict_flipped", "false_alarm", "loud_false_alarm"})
