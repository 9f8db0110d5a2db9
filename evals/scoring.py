"""Scores of a run: per question, per measure with counts and confidence intervals, per category."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ir_measures import RR, R, Success, calc_aggregate, nDCG
from ir_measures.util import Qrel, ScoredDoc

from evals.checks import CHECKS, Row, quotes_are_verbatim, ranked
from evals.questions import Question


@dataclass(frozen=True, slots=True)
class Score:
    """A measure's value: the mean of `count` zeros and ones, with its 95 % Wilson interval."""

    name: str
    value: float
    count: int
    low: float
    high: float


def wilson(successes: float, count: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a share (Wilson 1927)."""
    if not count:
        return 0.0, 1.0
    z, share = 1.96, successes / count
    middle = share + z * z / (2 * count)
    width = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return max(0.0, (middle - width) / (1 + z * z / count)), min(1.0, (middle + width) / (1 + z * z / count))


def scored(
    questions: Sequence[Question], rows: Sequence[Row], sources: Mapping[str, str] | None = None
) -> dict[str, dict[str, float]]:
    """Question id → check → value; checks that do not apply are left out."""
    table: dict[str, dict[str, float]] = {}
    for question, row in zip(questions, rows, strict=True):
        values = {check.__name__: value for check in CHECKS if (value := check(question, row)) is not None}
        if (verbatim := quotes_are_verbatim(question, row, sources)) is not None:
            values["quotes_are_verbatim"] = verbatim
        table[question.id] = values
    return table


def totals(table: Mapping[str, Mapping[str, float]]) -> list[Score]:
    """Means over all questions to which a check applies, in the checks' order."""
    result = []
    for name in [check.__name__ for check in CHECKS] + ["quotes_are_verbatim"]:
        values = [row[name] for row in table.values() if name in row]
        if values:
            result.append(Score(name, sum(values) / len(values), len(values), *wilson(sum(values), len(values))))
    return result


def by_tag(questions: Sequence[Question], table: Mapping[str, Mapping[str, float]]) -> dict[str, list[Score]]:
    """Totals of each tag and of each policy."""
    groups: dict[str, list[str]] = {}
    for question in questions:
        for tag in (*question.tags, f"policy:{question.policy or 'all'}"):
            groups.setdefault(tag, []).append(question.id)
    return {tag: totals({name: table[name] for name in names}) for tag, names in sorted(groups.items())}


def retrieval(questions: Sequence[Question], rows: Sequence[Row]) -> dict[str, float]:
    """The field's measures over the shown ranking, by ir_measures: every alternative of every group is relevant. A question without a row counts 0."""
    qrels = [
        Qrel(question.id, name, 1)
        for question in questions
        for group in question.expected_clauses or ()
        for name in group
    ]
    if not qrels:
        return {}
    run = [
        ScoredDoc(question.id, name, float(-place))
        for question, row in zip(questions, rows, strict=True)
        for place, name in enumerate(dict.fromkeys(ranked(row)))
    ]
    values = calc_aggregate([Success @ 1, Success @ 3, R @ 5, RR, nDCG @ 5], qrels, run)
    return {str(measure): round(float(value), 4) for measure, value in values.items()}


def qrels_text(questions: Sequence[Question]) -> str:
    """The judgements in TREC form: query, 0, clause, 1."""
    return "".join(
        f"{question.id} 0 {name} 1\n"
        for question in questions
        for group in question.expected_clauses or ()
        for name in group
    )
