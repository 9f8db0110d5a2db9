"""What was measured, drawn: an HTML page without scripts, a bar a figure, the target as a line."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, NamedTuple

WIDTH = 400
"""Pixels of the longest bar of a drawing."""


class Bar(NamedTuple):
    """A figure; `target`: what it may be at most (or, of throughput, at least)."""

    name: str
    value: float
    target: float | None = None


def page(found: Mapping[str, Any]) -> str:
    """The page for the figures of a run, as they are in its JSON."""
    drawn = "".join(_drawing(title, bars) for title, bars in _drawings(found) if bars)
    return f"""<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Bench</title>
<style>body{{font:1rem/1.5 Arial,sans-serif;margin:2rem}}td,th{{padding:.1rem .5rem;text-align:left;font-weight:normal}}td+td{{text-align:right}}</style>
<h1>Bench</h1><p>{escape(", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in found["machine"].items()))}; clock: {escape(found["clock"])}. The black line is the target.</p>{drawn}</html>"""


def _drawings(found: Mapping[str, Any]) -> Iterator[tuple[str, list[Bar]]]:
    ask, sizes, start = found.get("ask", {}), found.get("sizes", {}), found.get("start", {})
    yield (
        "An answer, as a multiple of embedding its question (median)",
        [
            *(
                [Bar(f"{ask['clauses']:,} clauses", ask["ratios"]["answer_without_models/embed"]["median"], 1.5)]
                if ask
                else []
            ),
            *(
                Bar(f"{row['clauses']:,} clauses", row["ratios"]["answer/embed"]["median"], row["target"])
                for row in sizes.values()
            ),
        ],
    )
    yield (
        "Parts of an answer over a school's clauses (median, ms)",
        [Bar(name, row["median_ms"]) for name, row in ask.items() if isinstance(row, dict) and "median_ms" in row],
    )
    if "ingest" in found:
        whole, again = found["ingest"]["throughput"], found["ingest"]["again"]
        yield (
            "Ingest, as a share of encode's throughput (at least)",
            [Bar(f"{whole['clauses']:,} clauses", whole["share_of_encode_throughput"], 0.9)],
        )
        yield (
            "A second run (seconds by 1,000 documents)",
            [Bar("unchanged", again["unchanged_s_per_1000_documents"], 1.0)],
        )
    if start:
        yield (
            "A cold ask, as a multiple of importing sentence-transformers",
            [Bar("ask", start["ratios"]["ask/import"]["median"], 2.0)],
        )
        yield (
            "--help (ms)",
            [Bar(name, row["median_ms"], 300) for name, row in start.items() if name.endswith("--help")],
        )
        yield (
            "The page (seconds from a cold process)",
            [Bar("answers", start["page"]["first_s"], 3.0), Bar("can be asked", start["page"]["page_s"])],
        )
    for section, what in (("users", "people"), ("processes", "processes")):
        rows = found.get(section, {})
        yield f"Answers a second, by {what}", [Bar(count, row["answers_a_second"]) for count, row in rows.items()]
        yield (
            f"Wait, by {what} (median and 95th percentile, ms)",
            [Bar(f"{count}, {name}", row[f"{name}_ms"]) for count, row in rows.items() for name in ("median", "p95")],
        )
    yield (
        "Threads (median, ms)",
        [
            Bar(f"{what}: {count}", row["median_ms"])
            for what, rows in found.get("threads", {}).items()
            for count, row in rows.items()
        ],
    )


def _drawing(title: str, bars: list[Bar]) -> str:
    scale = WIDTH / (max(max(bar.value, bar.target or 0) for bar in bars) or 1)
    rows = "".join(
        f'<tr><th scope="row">{escape(bar.name)}</th><td><svg width="{WIDTH + 2}" height="16" aria-hidden="true"><rect width="{scale * bar.value:.0f}" height="16" fill="#1d70b8"/>'
        + ("" if bar.target is None else f'<rect x="{scale * bar.target:.0f}" width="2" height="16" fill="#0b0c0c"/>')
        + f"</svg></td><td>{bar.value:g}</td><td>{'' if bar.target is None else f'target {bar.target:g}'}</td></tr>"
        for bar in bars
    )
    return f"<h2>{escape(title)}</h2><table>{rows}</table>"
