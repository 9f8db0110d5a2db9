"""What the running program counts, as Prometheus reads it (text format 0.0.4). Numbers alone: no words, no names, no addresses."""

import threading
import time
from collections import Counter
from collections.abc import Mapping

from assistant.answers import Answer

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the buckets that answers are sorted into by the time they took."""


class Meters:
    """Counts since the start."""

    def __init__(self) -> None:
        self.started = time.time()
        self._responses: Counter[int] = Counter()
        self._answers: Counter[tuple[str, str]] = Counter()
        self._took: Counter[float] = Counter()
        self._total = 0.0
        self._changing = threading.Lock()

    def responded(self, status: int) -> None:
        """Count a response."""
        with self._changing:
            self._responses[status] += 1

    def answered(self, answer: Answer) -> None:
        """Count an answer, by what became of it, its level and the time it took."""
        seconds = answer.timings_ms.get("total", 0.0) / 1000
        with self._changing:
            self._answers[answer.status, answer.safeguarding.level] += 1
            self._took[next((bound for bound in SECONDS if seconds <= bound), float("inf"))] += 1
            self._total += seconds

    def text(self, documents: int, lost: int) -> str:
        """All counts; `documents`: how many can be asked, `lost`: rows of the log that could not be written."""
        with self._changing:
            lines = _metric(
                "responses_total", "counter", {f'status="{code}"': n for code, n in self._responses.items()}
            )
            answers = {f'status="{status}",level="{level}"': n for (status, level), n in self._answers.items()}
            lines += _metric("answers_total", "counter", answers)
            below, buckets = 0, {}
            for bound in (*SECONDS, float("inf")):
                below += self._took[bound]
                buckets[f'le="{"+Inf" if bound == float("inf") else bound}"'] = below
            lines += _metric("answer_seconds", "histogram", buckets, "_bucket")
            lines += [
                f"policy_assistant_answer_seconds_sum {self._total}",
                f"policy_assistant_answer_seconds_count {below}",
            ]
            for name, value in (("documents", documents), ("log_rows_lost", lost), ("started_seconds", self.started)):
                lines += _metric(name, "gauge", {"": value})
        return "\n".join(lines) + "\n"


def _metric(name: str, kind: str, values: Mapping[str, float], suffix: str = "") -> list[str]:
    rows = [
        f"policy_assistant_{name}{suffix}{f'{{{labels}}}' if labels else ''} {value}"
        for labels, value in values.items()
    ]
    return [f"# TYPE policy_assistant_{name} {kind}", *rows]
