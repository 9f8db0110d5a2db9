"""The report of a run: a table for the terminal, JSON, and an HTML page with every failure."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from evals.checks import BAD_IF_HIGH, Row, quoted
from evals.questions import Question
from evals.scoring import Score, by_tag, qrels_text, retrieval, scored, totals


def table(scores: Sequence[Score], other: Mapping[str, float] | None = None, label: str = "baseline") -> str:
    """A row a measure: value, interval, count, and the other run's value where there is one."""
    lines = [f"{'measure':28} {'value':>7}  {'95 % interval':>15} {'of':>5}" + (f" {label:>9}" if other else "")]
    for score in scores:
        line = f"{score.name:28} {score.value:7.1%}  {score.low:6.1%} – {score.high:5.1%} {score.count:5}"
        lines.append(line + (f" {other[score.name]:9.1%}" if other and score.name in other else ""))
    return "\n".join(lines)


def figures(questions: Sequence[Question], rows: Sequence[Row], sources: Mapping[str, str] | None) -> dict[str, Any]:
    """Everything measured, as JSON-ready values."""
    each = scored(questions, rows, sources)
    return {
        "questions": len(questions),
        "measures": {
            score.name: {
                "value": round(score.value, 4),
                "count": score.count,
                "interval": [round(score.low, 4), round(score.high, 4)],
            }
            for score in totals(each)
        },
        "retrieval": retrieval(questions, rows),
        "latency_ms": _latency(rows),
        "by_tag": {
            tag: {score.name: [round(score.value, 4), score.count] for score in scores}
            for tag, scores in by_tag(questions, each).items()
        },
    }


def _latency(rows: Sequence[Row]) -> dict[str, float]:
    times = sorted(float(row["timings_ms"]["total"]) for row in rows if row.get("timings_ms"))
    return {"median": times[len(times) // 2], "p95": times[int(0.95 * len(times))]} if times else {}


def write(
    folder: Path,
    questions: Sequence[Question],
    rows: Sequence[Row],
    found: Mapping[str, Any],
    each: Mapping[str, Mapping[str, float]],
) -> None:
    """Write run.jsonl, figures.json, scores.jsonl, qrels.txt and report.html."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.jsonl").write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )
    (folder / "figures.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    (folder / "scores.jsonl").write_text(
        "".join(json.dumps({"id": name, **values}) + "\n" for name, values in each.items()), encoding="utf-8"
    )
    (folder / "qrels.txt").write_text(qrels_text(questions), encoding="utf-8")
    (folder / "report.html").write_text(_html(questions, rows, found, each), encoding="utf-8")


def failures(question: Question, values: Mapping[str, float]) -> list[str]:
    """The checks that a question failed."""
    return [name for name, value in values.items() if value != (0.0 if name in BAD_IF_HIGH else 1.0)]


def _html(
    questions: Sequence[Question],
    rows: Sequence[Row],
    found: Mapping[str, Any],
    each: Mapping[str, Mapping[str, float]],
) -> str:
    bars = "".join(
        f'<tr><th scope="row">{name}</th><td>{row["value"]:.1%}</td><td>{row["interval"][0]:.1%} – {row["interval"][1]:.1%}</td><td>{row["count"]}</td>'
        f'<td><svg width="220" height="16" role="img" aria-label="{row["value"]:.0%}"><rect width="220" height="16" fill="#ddd"/>'
        f'<rect width="{220 * row["value"]:.0f}" height="16" fill="#1d70b8"/><line x1="{220 * row["interval"][0]:.0f}" x2="{220 * row["interval"][1]:.0f}" y1="8" y2="8" stroke="#0b0c0c" stroke-width="3"/></svg></td></tr>'
        for name, row in found["measures"].items()
    )
    wrong = "".join(
        f"<tr><td>{escape(question.id)}</td><td>{escape(question.question)}</td><td>{escape(question.policy or 'all')}</td><td>{escape(', '.join(missed))}</td>"
        f"<td>{escape(_expected(question))}</td><td>{escape(_actual(row))}</td></tr>"
        for question, row in zip(questions, rows, strict=True)
        if (missed := failures(question, each[question.id]))
    )
    return f"""<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Evaluation report</title>
<style>body{{font:1rem/1.5 Arial,sans-serif;margin:2rem;max-width:90rem}}table{{border-collapse:collapse}}td,th{{border:1px solid #b1b4b6;padding:.25rem .5rem;text-align:left;vertical-align:top}}</style>
<h1>Evaluation report</h1><p>{found["questions"]} questions.</p><h2>Measures</h2><table><tr><th>measure<th>value<th>95 % interval<th>of<th></tr>{bars}</table>
<h2>Retrieval (ir_measures)</h2><pre>{escape(json.dumps(found["retrieval"], indent=1))}</pre>
<h2>Failures</h2><table><tr><th>id<th>question<th>policy<th>failed<th>expected<th>actual</tr>{wrong}</table></html>"""


def _expected(question: Question) -> str:
    clauses = " & ".join("|".join(group) for group in question.expected_clauses or ())
    return "; ".join(
        part
        for part in (
            clauses,
            question.expected_status,
            question.expected_verdict,
            question.expected_level,
            question.expected_contact,
        )
        if part
    )


def _actual(row: Row) -> str:
    level = row["safeguarding"]["level"]
    return "; ".join(
        part
        for part in (" ".join(quoted(row)[:3]), row["status"], row["verdict"], level if level != "none" else None)
        if part
    )
