"""Yes, no or depends, on the question as asked; None where that can't be told for sure.

Read by code from the question's form and the clause's force: "may I …?" under "must not" is no, "is it wrong to …?" is yes. Where
the question touches the clause's exception or condition, or form or force are unclear, there is no verdict and the clause speaks for itself.
"""

from assistant.answers import Verdict
from assistant.documents import Modality
from assistant.form import Form, form_of
from assistant.lexical import terms
from assistant.modality import limits
from assistant.search import widened

_VERDICT: dict[tuple[Form, str], Verdict] = {
    ("permission", "not"): "no",
    ("wrong", "not"): "yes",
    ("denied", "not"): "yes",
    ("obligation", "must"): "yes",
    ("denied", "may"): "no",
}
_FORCE: dict[Modality, str] = {"must_not": "not", "should_not": "not", "must": "must", "may": "may"}


def verdict(question: str, modality: Modality, text: str) -> Verdict | None:
    """The verdict of a clause, of force `modality` and with the words `text`, on the question."""
    found = _VERDICT.get((form_of(question), _FORCE.get(modality, "")))
    if found is None:
        return None
    return None if touches_limit(question, text) else found


def touches_limit(question: str, text: str) -> bool:
    """Whether the question speaks of what the clause excepts or makes its condition ("my niece" under "unless … family members")."""
    asked = set(terms(widened(question)))
    stated = set(terms(" ".join(text[:start] for start, _ in limits(text)[:1]) or text))
    excepted = {term for start, end in limits(text) for term in terms(text[start:end])}
    return bool(asked & (excepted - stated))
