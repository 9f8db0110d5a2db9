"""What the policies tell staff to do with a worry, looked for beside the question: a story of a child shares no words with the rule on reporting it."""

import re
from collections.abc import Sequence

from assistant.answers import Level
from assistant.boundary import sends_to_dsl
from assistant.index import Scope, Snapshot
from assistant.safeguarding import Branch
from assistant.search import Hit, Retriever

HEIGHT = 0.5
"""The score from which a clause that names whom to tell is such a rule; chosen on the dev questions (docs/evaluation.md)."""
LOOKED_AT = 5

_CHILD = "Who do I tell if I am worried about a child?"
_STAFF = "Who do I tell if I am worried about how a colleague behaves towards a pupil?"
_HEAD = "Who do I report a concern or an allegation about the headteacher to?"
_ASKED: dict[Branch, str] = {
    "child": _CHILD,
    "fgm": _CHILD,
    "danger": _CHILD,
    "staff": _STAFF,
    "dsl": _STAFF,
    "headteacher": _HEAD,
}
_TELL = r"\b(?:report|refer|tell|told|inform|notif|speak|pass|raise|contact|go to|consult|share|made to)"
_SENDS_TO_PROTECTION = re.compile(
    rf"{_TELL}[^.;]{{0,90}}\b(?:child protection (?:teacher|officer|lead|co-?ordinator)|designated (?:person|teacher))",
    re.IGNORECASE,
)
_SENDS_TO_HEAD = re.compile(rf"{_TELL}[^.;]{{0,90}}\b(?:head ?teacher|principal)\b", re.IGNORECASE)
_SENDS_TO_CHAIR = re.compile(
    rf"{_TELL}[^.;]{{0,90}}\b(?:chair (?:of|to)|LADO\b|local authority designated)", re.IGNORECASE
)


def duty(retriever: Retriever, snapshot: Snapshot, scope: Scope, level: Level, branch: Branch) -> Hit | None:
    """The rule on what to do with such a concern; None where it is none for today, or the policies have no such rule."""
    asked = _ASKED.get(branch)
    if asked is None or level not in {"same_day", "emergency"}:
        return None
    found = retriever.search(snapshot, asked, scope, LOOKED_AT)
    return next((hit for hit in found if hit.score >= HEIGHT and _sends(asked, hit.clause.text)), None)


def _sends(asked: str, text: str) -> bool:
    """Whether a clause itself says whom to tell."""
    if asked == _CHILD:
        return sends_to_dsl(text) or _SENDS_TO_PROTECTION.search(text) is not None
    return (_SENDS_TO_HEAD if asked == _STAFF else _SENDS_TO_CHAIR).search(text) is not None


def with_duty(chosen: Sequence[Hit], rule: Hit | None, most: int) -> list[Hit]:
    """At most `most` of what was chosen, the rule second, or alone: what the question found by itself stays first."""
    if rule is None or (chosen and rule.clause.id == chosen[0].clause.id):
        return list(chosen)
    return [*chosen[:1], rule, *(hit for hit in chosen[1:] if hit.clause.id != rule.clause.id)][:most]
