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


def together(runs: Sequence[Sequence[Hit]], most: int) -> tuple[list[Hit], list[Hit]]:
    """Of one or several searches: at most `most` clauses that answer, the best of each search among them, and all others, both best first."""
    best: dict[str, Hit] = {}
    for hit in (hit for run in runs for hit in run):
        if hit.clause.id not in best or hit.score > best[hit.clause.id].score:
            best[hit.clause.id] = hit
    found = sorted(best.values(), key=lambda hit: -hit.score)
    leads = [answers[0].clause.id for run in runs if (answers := answering(run))]
    ids = dict.fromkeys([*leads, *(hit.clause.id for hit in answering(found))])
    chosen = sorted((best[name] for name in list(ids)[:most]), key=lambda hit: -hit.score)
    taken = {hit.clause.id for hit in chosen}
    return chosen, [hit for hit in found if hit.clause.id not in taken]
