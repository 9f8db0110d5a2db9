"""Which of the best clauses answer the question, and when none does. Heights are choices on the dev questions (docs/evaluation.md)."""

from collections.abc import Sequence

from assistant.embedding import tuned_facts
from assistant.search import Hit

ALSO = 0.06
"""How far below the best (of scores from 0 to 1) a further clause may stand and still be quoted."""

UNTUNED = 0.35
"""The score under which nothing answers, where no tuned weights are shipped."""


def height() -> float:
    """The score under which nothing answers: it comes with the shipped weights, chosen on the dev questions."""
    chosen = tuned_facts().get("silent_below")
    return float(chosen) if isinstance(chosen, int | float) else UNTUNED


def answering(hits: Sequence[Hit]) -> list[Hit]:
    """Those that answer, best first; none where the policies are silent: the best clause does not come near enough."""
    if not hits or hits[0].score < height():
        return []
    return [hit for hit in hits if hit is hits[0] or (hit.score >= max(height(), hits[0].score - ALSO))]
