"""What a question is answered with: the contract's answer object, as values."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from assistant.documents import Modality, Span

Status = Literal["answered", "not_covered", "declined", "error"]
Verdict = Literal["yes", "no", "depends"]
Level = Literal["none", "consult", "same_day", "emergency"]
LEVELS: tuple[Level, ...] = ("none", "consult", "same_day", "emergency")


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation before the question."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A clause as quoted: every word verbatim, proved against the stored source when the answer was made."""

    policy: str
    title: str
    organisation: str | None
    clause: str
    number: str | None
    headings: tuple[str, ...]
    lead_in: tuple[str, ...]
    text: str
    spans: tuple[Span, ...]
    source: str
    page: int | None
    modality: Modality
    score: float
    standing: str = ""
    """Whether the document's review is due or was, in words; empty where the document was not at hand."""
    cells: tuple[tuple[str, str], ...] = ()
    """Of a table's row: its cells, each after the head of its column (empty where the table has none)."""


@dataclass(frozen=True, slots=True)
class Advised:
    """Whom to go to. `source` says where the name or number comes from: a clause id, "settings", or "national"."""

    role: str
    name: str | None
    phone: str | None
    email: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Safeguarding:
    """The safeguarding advice that goes with an answer; fixed, tested wording."""

    level: Level = "none"
    advice: str = ""
    contacts: tuple[Advised, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer object of the contract."""

    question: str
    policy: str | None
    status: Status
    verdict: Verdict | None = None
    summary: str = ""
    quotes: tuple[Quote, ...] = ()
    related: tuple[Quote, ...] = ()
    safeguarding: Safeguarding = Safeguarding()
    warnings: tuple[str, ...] = ()
    answered_by: str = "extractive"
    timings_ms: dict[str, float] = field(default_factory=dict)
    id: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready values, keys in the contract's order."""
        row = asdict(self)
        return {"id": row.pop("id"), **row}
