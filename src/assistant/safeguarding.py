"""Fixed, tested wording for each branch of the triage, and whom to go to. No model writes any of this.

Sources: Keeping Children Safe in Education, part one (concerns, disclosure, danger) and part four (allegations, low-level concerns);
docs/safeguarding.md says how far each was checked.
"""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

from assistant.answers import Advised, Level, Safeguarding
from assistant.documents import CONTACT_ROLES, Document

Branch = Literal[
    "none",
    "child",
    "fgm",
    "staff",
    "staff_to_head",
    "headteacher",
    "proprietor",
    "dsl",
    "self_harm_adult",
    "boundary",
    "danger",
    "whistleblowing",
    "abuse_of_staff",
    "data",
]

NOBODY_TOLD = "Nobody has been told by this page."
_CHILD = (
    "Listen, and do not promise to keep it secret. Do not ask leading questions, do not investigate, and do not copy or forward any image. "
    "Write down what was said in the person's own words."
)
_AWAY = "If the DSL is not there, go to the deputy or a senior leader; anyone may ring children's social care or the police themselves."

_ADVICE: dict[tuple[Level, Branch], str] = {
    (
        "emergency",
        "danger",
    ): f"Emergency: call 999 now if anyone is in immediate danger. Then tell the Designated Safeguarding Lead (DSL) or the headteacher. {NOBODY_TOLD}",
    (
        "emergency",
        "self_harm_adult",
    ): "Emergency: call 999 now if a life is at risk, and stay with the person. Go to someone on site straight away. "
    f"If it is about yourself, please tell a person near you now. {NOBODY_TOLD}",
    (
        "none",
        "data",
    ): "This goes to the Data Protection Officer (DPO). Where personal data was lost or seen by the wrong person, tell them at once: a breach may have to be "
    "reported within 72 hours. If a child could be found or harmed through it, tell the Designated Safeguarding Lead (DSL) too. "
    f"{NOBODY_TOLD}",
    (
        "same_day",
        "child",
    ): f"Tell the Designated Safeguarding Lead (DSL) now, in person, before the child goes home. {_CHILD} {_AWAY} "
    f"If anyone is in immediate danger, call 999. {NOBODY_TOLD}",
    (
        "same_day",
        "fgm",
    ): "Tell the Designated Safeguarding Lead (DSL) now, in person, before the child goes home. Where a girl under 18 told a teacher that it was done to her, or a "
    "teacher saw signs of it, that teacher must also report it to the police (101) themselves: a duty in law that nobody else can do for them. Do not examine her, and "
    f"do not speak to her family. {_CHILD} {_AWAY} If anyone is in immediate danger, or she is about to travel, call 999. {NOBODY_TOLD}",
    (
        "same_day",
        "staff",
    ): "Tell the headteacher now; the headteacher contacts the Local Authority Designated Officer (LADO). Do not speak to the person concerned, "
    f"and do not investigate. Write down what was seen or said. If a child is in immediate danger, call 999. {NOBODY_TOLD}",
    (
        "same_day",
        "staff_to_head",
    ): "As the headteacher, contact the Local Authority Designated Officer (LADO) now, before you speak to the person concerned or look into it. "
    f"Write down what was seen or said, and to whom. If a child is in immediate danger, call 999. {NOBODY_TOLD}",
    (
        "same_day",
        "dsl",
    ): "This is about the Designated Safeguarding Lead, so tell the headteacher now, not the DSL. Do not speak to the person concerned, and do not investigate. "
    f"If a child is in immediate danger, call 999. {NOBODY_TOLD}",
    (
        "same_day",
        "headteacher",
    ): "This is about the headteacher, so tell the chair of governors now, not the headteacher. Do not speak to the person concerned, and do not investigate. "
    f"If the chair can't be reached, go to the Local Authority Designated Officer (LADO). If a child is in immediate danger, call 999. {NOBODY_TOLD}",
    (
        "same_day",
        "proprietor",
    ): "This is about the person who runs the school, so go to the Local Authority Designated Officer (LADO) directly. Do not speak to the person concerned, "
    f"and do not investigate. If a child is in immediate danger, call 999. {NOBODY_TOLD}",
    (
        "same_day",
        "whistleblowing",
    ): "A concern that is not being acted on can be taken further: to the chair of governors, to children's social care, or to the NSPCC whistleblowing "
    f"advice line. If a child is in immediate danger, call 999. {NOBODY_TOLD}",
    (
        "consult",
        "child",
    ): f"Speak to the Designated Safeguarding Lead (DSL) before acting, and write down what was noticed. {NOBODY_TOLD}",
    (
        "consult",
        "boundary",
    ): f"A professional boundary is touched: speak to the Designated Safeguarding Lead (DSL) before acting, and keep a note. {NOBODY_TOLD}",
    (
        "consult",
        "staff",
    ): "This may be a low-level concern: share it with the headteacher (or the DSL, where the policy says so), however small it seems. "
    f"It is a neutral act. {NOBODY_TOLD}",
    (
        "consult",
        "headteacher",
    ): f"This is about the headteacher, so share it with the chair of governors. It is a neutral act. {NOBODY_TOLD}",
    (
        "consult",
        "dsl",
    ): f"This is about the Designated Safeguarding Lead, so share it with the headteacher. It is a neutral act. {NOBODY_TOLD}",
    (
        "consult",
        "abuse_of_staff",
    ): f"Tell the headteacher or a senior leader, and keep the evidence. If there are threats, call the police. {NOBODY_TOLD}",
}

_ROLES: dict[Branch, tuple[str, ...]] = {
    "none": (),
    "danger": ("dsl", "deputy_dsl", "headteacher"),
    "self_harm_adult": ("headteacher",),
    "child": ("dsl", "deputy_dsl", "headteacher"),
    "fgm": ("dsl", "deputy_dsl", "headteacher"),
    "boundary": ("dsl", "deputy_dsl"),
    "staff": ("headteacher", "lado"),
    "staff_to_head": ("lado", "chair_of_governors"),
    "dsl": ("headteacher", "lado"),
    "headteacher": ("chair_of_governors", "lado"),
    "proprietor": ("lado",),
    "whistleblowing": ("chair_of_governors", "lado"),
    "abuse_of_staff": ("headteacher",),
    "data": ("dpo",),
}
_NATIONAL: dict[tuple[Level, Branch], tuple[str, ...]] = {
    ("emergency", "danger"): ("emergency",),
    ("emergency", "self_harm_adult"): ("emergency", "samaritans"),
    ("same_day", "child"): ("nspcc",),
    ("same_day", "fgm"): ("police",),
    ("same_day", "whistleblowing"): ("whistleblowing",),
    ("consult", "abuse_of_staff"): ("posh",),
}
_NAMED_IN_TEXT = {
    "dsl": re.compile(
        r"designated safeguarding lead|\bDSL\b|designated senior person|lead safeguarding officer|safeguarding lead|designated (?:teacher|person) for",
        re.IGNORECASE,
    ),
    "deputy_dsl": re.compile(r"deputy (?:designated safeguarding lead|DSL)", re.IGNORECASE),
    "headteacher": re.compile(r"head ?teacher|principal", re.IGNORECASE),
    "chair_of_governors": re.compile(r"chair of (?:the )?(?:governors|governing|trustees)", re.IGNORECASE),
    "lado": re.compile(r"\bLADO\b|local authority designated officer", re.IGNORECASE),
    "dpo": re.compile(r"data protection officer|\bDPO\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What the triage found: how urgent, and whom it is about."""

    level: Level = "none"
    branch: Branch = "none"
    worry: float = field(default=0.0, compare=False)
    """The model's chance that there is a concern of any level, whatever was made of it."""


@cache
def national() -> dict[str, Advised]:
    """The national routes, by key."""
    table = tomllib.loads((files("assistant") / "national.toml").read_text(encoding="utf-8"))
    return {key: Advised(row["role"], None, row["phone"], row.get("email"), "national") for key, row in table.items()}


def advise(finding: Finding, documents: tuple[Document, ...]) -> Safeguarding:
    """The card for a finding; local contacts are those of the documents asked, where there is one organisation among them."""
    if finding == Finding():
        return Safeguarding()
    advice = (
        _ADVICE.get((finding.level, finding.branch))
        or _ADVICE[(finding.level, "danger" if finding.level == "emergency" else "child")]
    )
    numbers = [national()[key] for key in _NATIONAL.get((finding.level, finding.branch), ())]
    if finding.level == "emergency" and not any(number.phone == "999" for number in numbers):
        numbers.insert(0, national()["emergency"])
    people = [_person(role, documents) for role in _ROLES[finding.branch]]
    people = [person for n, person in enumerate(people) if n == 0 or person.name or person.phone or person.email]
    first = [number for number in numbers if number.phone == "999"]
    return Safeguarding(
        finding.level, advice, tuple([*first, *people, *(number for number in numbers if number not in first)])
    )


def _person(role: str, documents: tuple[Document, ...]) -> Advised:
    organisations = {document.organisation for document in documents}
    if len(organisations) == 1:
        contact = next(
            (contact for document in documents for contact in document.contacts if contact.role == role), None
        )
        if contact is not None:
            return Advised(CONTACT_ROLES[role], contact.name, contact.phone, contact.email, "settings")
    if len(documents) == 1:
        named = next((clause for clause in documents[0].clauses if _NAMED_IN_TEXT[role].search(clause.text)), None)
        if named is not None:
            return Advised(CONTACT_ROLES[role], None, None, None, named.id)
    return Advised(CONTACT_ROLES[role], None, None, None, "settings")
