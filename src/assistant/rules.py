"""The sentences of a clause as rules: each with its force, its conditions and its exceptions."""

import re
from dataclasses import dataclass
from typing import Literal

from assistant.documents import Clause, Modality
from assistant.modality import modality

Direction = Literal[-1, 0, 1]
"""-1 loosens, 1 tightens, 0 can't be told."""

DUTY, BAN, LEAVE = {"must", "should"}, {"must_not", "should_not"}, {"may", "may_if"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of a clause under the clause's stems, with its own force."""

    text: str
    stems: tuple[str, ...]
    force: Modality

    @property
    def whole(self) -> str:
        """Stems and sentence."""
        return " ".join((*self.stems, self.text))

    @property
    def sense(self) -> Direction:
        """1 where it binds more the more people and cases it holds for, -1 where it frees more, 0 where it does neither."""
        return 1 if self.force in DUTY | BAN else -1 if self.force in LEAVE else 0

    @property
    def limbs(self) -> tuple["Limb", ...]:
        """Its outermost conditions and exceptions, in order."""
        return limbs(self.text, self.force)


@dataclass(frozen=True, slots=True)
class Limb:
    """A condition ("if the porter agrees") or an exception ("except to the porter"): `start` and `end` are offsets into the sentence."""

    kind: Literal["condition", "exception"]
    text: str
    start: int
    end: int

    @property
    def is_leave(self) -> bool:
        """Whether somebody's permission is what it turns on."""
        return _PERMISSION.search(self.text) is not None


def rules(clause: Clause) -> list[Rule]:
    """The sentences of a clause, each with its force."""
    stems = tuple(stem.text for stem in clause.lead_in)
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z“\"'(])", clause.text)
    return [Rule(sentence, stems, modality(sentence, stems)) for sentence in sentences]


_PERMISSION = re.compile(
    r"\b(?:permission|consent\w*|approv\w+|agree\w*|authori[sz]\w+|allow\w*|permit\w*|licen[cs]e)\b", re.IGNORECASE
)
_GIVEN = r"(?:permission|consent|approval|agreement|authori[sz]ation)"
_EXCEPTION = re.compile(
    r"\b(?:unless|except(?!ion)|with the exception of|save (?:where|when|that|as|in|for|with|to)|other than|apart from|but not\b(?! limited)|"
    rf"excluding|does not apply|without(?= [^,.;]{{0,60}}{_GIVEN})|until)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:only (?:if|when|where|with|by|after|do so|in|on|for|during|once)|provided|subject to|as long as|so long as|on condition|if (?!in doubt|possible|necessary|any\b)|"
    r"where (?!possible|practicable|appropriate|necessary)|when(?:ever)? |while |whilst |during |once |in (?:an emergency|emergencies|exceptional circumstances)\b|"
    rf"with (?:[\w’'-]+ ){{0,6}}{_GIVEN})",
    re.IGNORECASE,
)
# Nobody's permission is in these, and a prohibition still ends at them: "must not enter without a badge".
_WITHOUT = re.compile(r"\bwithout (?!delay|exception|fail|prejudice|limit)", re.IGNORECASE)
_MODAL = re.compile(r"\b(?:must|shall|should|may|can|will|not|never)$", re.IGNORECASE)


def limbs(text: str, force: Modality) -> tuple[Limb, ...]:
    """The outermost conditions and exceptions of a sentence with this force."""
    found: list[Limb] = []
    for start, kind in sorted(_starts(text, force)):
        if not found or start >= found[-1].end:
            end = _end(text, start)
            found.append(Limb(kind, text[start:end].strip(" ,"), start, end))
    return tuple(found)


def _starts(text: str, force: Modality) -> set[tuple[int, Literal["condition", "exception"]]]:
    found: set[tuple[int, Literal["condition", "exception"]]] = {
        (match.start(), "exception") for match in _EXCEPTION.finditer(text)
    }
    if force in BAN:
        found |= {(match.start(), "exception") for match in _WITHOUT.finditer(text)}
    elif force in LEAVE:
        # "may lend a key without permission" frees; it is no exception.
        found = {(at, kind) for at, kind in found if not _WITHOUT.match(text, at)}
    taken = {at for at, _ in found}
    return found | {(match.start(), "condition") for match in _CONDITION.finditer(text) if match.start() not in taken}


def _end(text: str, start: int) -> int:
    """Where a limb that begins at `start` ends: with its bracket, at the comma after an opening or a parenthesis, else with its clause."""
    before = text[:start].rstrip()
    if before.endswith("("):
        stop = ")"
    elif not before or (before.endswith(",") and _MODAL.search(before[:-1].rstrip())):
        stop = ","
    else:
        stop = ".;"
    rest = re.match(rf"[^.;{stop}]*", text[start:])
    return start + (rest.end() if rest else 0)


def exceptions(text: str) -> str:
    """The first exception that a sentence makes ("unless …", "except …"); "" where it makes none."""
    return next((limb.text for limb in limbs(text, "statement") if limb.kind == "exception"), "")
