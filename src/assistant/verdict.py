"""Yes, no or depends, on the question as asked; None where that can't be told for sure.

Read by code from the question's form and the clause's force: "may I …?" under "must not" is no, "is it wrong to …?" is yes. A short
"may I …?" leaves a clause's condition open: it depends. Where a longer question touches the clause's exception or condition, or form or
force are unclear, code says nothing. A trained reader (`assistant.verdict_reader`) may doubt what code says, and speaks where code does
not and it is sure; where neither is, there is no verdict and the clause speaks for itself.
"""

import re
from collections.abc import Mapping

from assistant.answers import Verdict
from assistant.documents import Modality
from assistant.form import Form, form_of
from assistant.lexical import terms
from assistant.modality import limits
from assistant.search import widened
from assistant.verdict_reader import Reading

_VERDICT: dict[tuple[Form, str], Verdict] = {
    ("permission", "not"): "no",
    ("wrong", "not"): "yes",
    ("denied", "not"): "yes",
    ("obligation", "must"): "yes",
    ("denied", "may"): "no",
}
_FORCE: dict[Modality, str] = {"must_not": "not", "should_not": "not", "must": "must", "may": "may"}

_NEVER: frozenset[tuple[Form, Modality, Verdict]] = frozenset(
    {("permission", "should", "no"), ("confirm", "must_not", "yes"), ("confirm", "should_not", "yes")}
)
"""What the reader may not say: that advice forbids what it does not speak of, or that a prohibition says yes."""

SURE = 0.725
"""The chance from which the reader speaks where code does not; chosen on the dev questions (docs/evaluation.md)."""
DOUBTED = 0.55
"""The chance under which the reader's doubt silences code."""
REMINDED = 1.25
"""What the examples' answers weigh beside the reader's chances of 1."""
SHORT = 9
"""Words: a question this short says nothing of the circumstances. Chosen on the training clauses (docs/evaluation.md)."""
_CONDITION = re.compile(
    r"\b(?:if|where|unless|without|provided|with|subject to|as long as|so long as|only)\b", re.IGNORECASE
)


def verdict(question: str, modality: Modality, text: str) -> Verdict | None:
    """The verdict of a clause, of force `modality` and with the words `text`, on the question."""
    form = form_of(question)
    if form == "permission" and len(question.split()) <= SHORT and _turns(modality, text):
        return "depends"
    found = _VERDICT.get((form, _FORCE.get(modality, "")))
    if found is None:
        return None
    return None if touches_limit(question, text) else found


def settled(
    ruled: Verdict | None,
    chances: Mapping[Reading, float] | Mapping[Verdict, float],
    alike: Mapping[Verdict, float] | None,
    form: Form,
    modality: Modality,
) -> Verdict | None:
    """What code and reader come to, of a question that asks yes or no: code's word unless the reader doubts it; else the reader's, where it is sure.

    `alike`: how similar questions under similar clauses were answered, which makes the reader surer or less sure, and never says another thing than it.
    """
    given: Verdict = max(("yes", "no", "depends"), key=lambda one: chances[one])
    if alike is not None:
        chances = {one: (chances[one] + REMINDED * alike[one]) / (1 + REMINDED) for one in alike}
    if ruled is not None:
        return ruled if chances[ruled] >= DOUBTED else None
    return given if chances[given] >= SURE and (form, modality, given) not in _NEVER else None


def touches_limit(question: str, text: str) -> bool:
    """Whether the question speaks of what the clause excepts or makes its condition ("my niece" under "unless … family members")."""
    asked = set(terms(widened(question)))
    stated = set(terms(" ".join(text[:start] for start, _ in limits(text)[:1]) or text))
    excepted = {term for start, end in limits(text) for term in terms(text[start:end])}
    return bool(asked & (excepted - stated))


def _turns(modality: Modality, text: str) -> bool:
    """Whether leave or prohibition turns on a condition."""
    if modality == "may_if":
        return True
    return modality in {"must_not", "should_not"} and any(
        _CONDITION.match(text[start:end]) is not None for start, end in limits(text)
    )
