"""Which of the best clauses answer the question, and when none does. Heights are choices on the dev questions (docs/evaluation.md)."""

from collections.abc import Callable, Sequence

from assistant.embedding import tuned_facts
from assistant.search import Hit

ALSO = 0.06
"""How far below the best (of scores from 0 to 1) a further clause may stand and still be quoted."""

DOUBT = 0.1
"""What is taken off the best clause's score where the reader is certain that it does not answer; in proportion where it is less so."""

Doubt = Callable[[Hit], float]
"""The chance that a clause does not answer the question, though it speaks of the matter."""

UNTUNED = 0.35
"""The score under which nothing answers, where no tuned weights are shipped."""


def height() -> float:
    """The score under which nothing answers: it comes with the shipped weights, chosen on the dev questions."""
    chosen = tuned_facts().get("silent_below")
    return float(chosen) if isinstance(chosen, int | float) else UNTUNED


def further() -> float:
    """The score from which a clause may be quoted beside the best: nobody asks the reader about it, so its doubt counts as even."""
    return height() + DOUBT / 2


def answering(hits: Sequence[Hit], doubt: Doubt) -> list[Hit]:
    """Those that answer, best first; none where the policies are silent: the best clause does not come near enough, or the reader doubts it."""
    if not hits or not _answers(hits[0], doubt):
        return []
    return [hit for hit in hits if hit is hits[0] or (hit.score >= max(further(), hits[0].score - ALSO))]


def _answers(hit: Hit, doubt: Doubt) -> bool:
    """Whether the score stands over the height after the reader's doubt, which is asked for only where it decides."""
    over = hit.score - height()
    return over >= DOUBT or (over >= 0 and over >= DOUBT * doubt(hit))


def together(runs: Sequence[Sequence[Hit]], most: int, doubt: Doubt) -> tuple[list[Hit], list[Hit]]:
    """Of one or several searches: at most `most` clauses that answer, the best of each search among them, and all others, both best first."""
    best: dict[str, Hit] = {}
    for hit in (hit for run in runs for hit in run):
        if hit.clause.id not in best or hit.score > best[hit.clause.id].score:
            best[hit.clause.id] = hit
    found = sorted(best.values(), key=lambda hit: -hit.score)
    leads = [answers[0].clause.id for run in runs if (answers := answering(run, doubt))]
    ids = dict.fromkeys([*leads, *(hit.clause.id for hit in answering(found, doubt))])
    chosen = sorted((best[name] for name in list(ids)[:most]), key=lambda hit: -hit.score)
    taken = {hit.clause.id for hit in chosen}
    return chosen, [hit for hit in found if hit.clause.id not in taken]
