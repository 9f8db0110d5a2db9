"""Which of the best clauses answer the question, in which order, and when none does: retrieval's scores and the reader's, weighed.

All weights and heights are choices on the dev questions (docs/evaluation.md says what was tried).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from assistant.embedding import tuned_facts
from assistant.reader import Reading
from assistant.search import Hit

READER = 0.12
"""What one unit of the reader's log-odds weighs beside the fused score (0 to 1)."""

ALSO = 0.22
"""How far below the best a further clause may stand and still be quoted."""

SILENT = -1.4
"""Log-odds under which even the best clause does not answer."""

UNTUNED_HEIGHT = 0.35
"""The cosine under which nothing answers, where no tuned weights are shipped."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A hit with what the reader says of it (None: not read) and the score that orders it."""

    hit: Hit
    reading: Reading | None
    score: float


def height() -> float:
    """The cosine under which nothing answers: learned with the shipped weights."""
    learned = tuned_facts().get("nothing")
    return float(learned) if isinstance(learned, int | float) else UNTUNED_HEIGHT


def judged(hits: Sequence[Hit], readings: Sequence[Reading]) -> list[Judged]:
    """Hits with their readings (of the first ones), in the order of their joint score."""
    found = [
        Judged(hit, reading, hit.score + READER * max(-6.0, min(6.0, reading.answers)))
        for hit, reading in zip(hits, readings, strict=False)
    ]
    found.sort(key=lambda item: -item.score)
    return found + [Judged(hit, None, hit.score - 1.0) for hit in hits[len(readings) :]]


def odds(found: Sequence[Judged]) -> float:
    """Log-odds that the best clause answers: the reader's, and how far the nearest clause stands above the height of nothing."""
    best = found[0]
    above = max(item.hit.dense for item in found[:3]) - height()
    if best.reading is None:
        return 20 * above
    return 0.5 * max(item.reading.answers for item in found[:2] if item.reading is not None) + 10 * above


def answering(found: Sequence[Judged]) -> list[Judged]:
    """Those that answer, best first; none where the policies are silent."""
    if not found or odds(found) < SILENT:
        return []
    best = found[0]
    return [
        item
        for item in found
        if item is best
        or (
            item.score >= best.score - ALSO
            and (item.reading is None or item.reading.answers > 0)
            and item.hit.dense >= height() - 0.05
        )
    ]


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found: the part that the verdict is on, the clauses that answer, and all, best first."""

    first_part: str = ""
    answering: tuple[Judged, ...] = ()
    found: tuple[Judged, ...] = ()


def interleaved(lists: Sequence[Sequence[Judged]]) -> tuple[Judged, ...]:
    """The first of each list, then the second of each; a clause that several hold stands once."""
    order = [item for row in zip_longest(*lists) for item in row if item is not None]
    return tuple(
        {item.hit.clause.id: item for item in reversed(order)}[name]
        for name in dict.fromkeys(item.hit.clause.id for item in order)
    )
