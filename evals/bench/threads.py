"""How many threads a question, a batch of clauses and a long run of clauses are best given."""

import os
from collections.abc import Callable
from functools import partial
from typing import Any

from assistant.embedding import SentenceEmbedder
from evals.bench.asking import questions
from evals.bench.grammar import rules
from evals.bench.measure import interleaved, summary


def threads(rounds: int) -> dict[str, Any]:
    """Milliseconds by what is embedded and by threads, all of them in turn."""
    texts = list(rules(0, 256))
    asked = questions(rounds)
    embedders = {count: SentenceEmbedder(threads=count) for count in range(1, (os.cpu_count() or 1) + 1)}

    def timed(task: Callable[[SentenceEmbedder, int], object], times: int, warm: int) -> dict[str, Any]:
        tasks = {str(count): partial(task, by) for count, by in embedders.items()}
        return {name: summary(seconds) for name, seconds in interleaved(tasks, times, warm).items()}

    return {
        "question": timed(lambda by, number: by.question(asked[number]), rounds, 3),
        "batch of 32 clauses": timed(lambda by, _: by.clauses(texts[:32]), rounds // 4 or 1, 1),
        "256 clauses": timed(lambda by, _: by.clauses(texts), rounds // 20 or 1, 1),
    }
