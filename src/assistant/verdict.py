"""Yes, no or depends, on the question as asked; None where that can't be told for sure.

The reader's chances decide, where they are clear; the question's form (code) says whether there is anything to decide, and the clause's force
(code) has a veto: a reader that says "yes" to "may I …?" under "must not" is not believed unless it is nearly certain.
"""

from assistant.answers import Verdict
from assistant.documents import Modality
from assistant.form import Form, form_of
from assistant.reader import Reading

SURE = 0.62
"""Chance from which a verdict is given."""

AGAINST = 0.9
"""The same, where form and force speak for the contrary."""

_EXPECTED: dict[tuple[Form, str], Verdict] = {
    ("permission", "not"): "no",
    ("wrong", "not"): "yes",
    ("denied", "not"): "yes",
    ("obligation", "must"): "yes",
    ("permission", "may"): "yes",
    ("wrong", "may"): "no",
    ("denied", "may"): "no",
    ("obligation", "may"): "no",
}
_FORCE: dict[Modality, str] = {"must_not": "not", "should_not": "not", "must": "must", "should": "must", "may": "may"}


def verdict(question: str, modality: Modality, reading: Reading | None) -> Verdict | None:
    """The verdict of a clause of force `modality` on the question."""
    form = form_of(question)
    if form == "open" or reading is None:
        return None
    chances = {name: reading.verdicts[name] for name in ("yes", "no", "depends")}
    total = sum(chances.values()) or 1.0
    if reading.verdicts["info"] > 0.5 and form in {"unknown", "confirm"}:
        return None
    chances = {name: chance / total for name, chance in chances.items()}
    best = max(chances, key=lambda name: chances[name])
    expected = _EXPECTED.get((form, _FORCE.get(modality, "")))
    needed = AGAINST if expected is not None and {best, expected} == {"yes", "no"} else SURE
    return best if chances[best] >= needed else None  # type: ignore[return-value]
