"""Triage examples: texts with a level and the branch that decides whom to go to."""

import json
from dataclasses import dataclass
from pathlib import Path

from assistant.answers import LEVELS
from assistant.triage_model import BRANCHES
from training.data import FOLDER


@dataclass(frozen=True, slots=True)
class Concern:
    """A text, its level and branch as places in LEVELS and BRANCHES."""

    text: str
    level: int
    branch: int


_BOUNDARY = {
    "pupil_contact",
    "former_pupil_contact",
    "parent_contact",
    "underage_social_media",
    "data_confidentiality_images",
}


def branch_of(row: dict[str, str]) -> str:
    """The branch that an example's category and contact stand for."""
    contact, category = row["contact"], row["category"]
    if row["level"] == "none":
        return "none"
    if contact == "999":
        return "self_harm_adult" if category == "staff_wellbeing_crisis" else "danger"
    if category == "whistleblowing":
        return "whistleblowing"
    if category == "harassment_of_staff":
        return "abuse_of_staff"
    if contact in {"chair_of_governors", "lado"}:
        return "headteacher" if contact == "chair_of_governors" else "proprietor"
    if contact == "headteacher":
        return "staff"
    if row["level"] == "consult" and category in _BOUNDARY:
        return "boundary"
    return "child" if contact == "dsl" else "abuse_of_staff"


def read(folder: Path = FOLDER) -> list[Concern]:
    """All examples."""
    lines = [
        line for path in sorted(folder.glob("triage-*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()
    ]
    rows = [json.loads(line) for line in lines if line.strip()]
    return [Concern(row["text"], LEVELS.index(row["level"]), BRANCHES.index(branch_of(row))) for row in rows]
