"""Which of the best clauses answer the question, if any."""

from assistant.embedding import tuned_facts
from assistant.search import Hit

UNTUNED_HEIGHT = 0.35


def height() -> float:
    """The cosine under which nothing answers: learned with the shipped weights, else a first guess."""
    learned = tuned_facts().get("nothing")
    return float(learned) if isinstance(learned, int | float) else UNTUNED_HEIGHT


def answering(question: str, hits: list[Hit]) -> list[Hit]:
    """The hits that answer, best first; none where the policies are silent."""
    if not hits or max(hit.dense for hit in hits[:3]) < height():
        return []
    best = hits[0]
    return [hit for hit in hits if hit is best or (hit.dense >= height() and hit.score >= best.score - 0.15)]
