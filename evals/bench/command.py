"""`python -m evals bench`: measures, prints, and writes what was measured as JSON."""

import json
import multiprocessing
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from evals.bench import asking, ingesting, starting, threads, users
from evals.bench.measure import Clock, machine
from evals.bench.plots import page
from evals.bench.programs import PROGRAM, run

SECTIONS = ("ask", "sizes", "stored", "ingest", "start", "threads", "users", "processes")


def _apart(measure: Callable[..., dict[str, Any]], *given: object) -> dict[str, Any]:
    """A measure in a process of its own, so that one's memory and threads are not another's."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, given)


def _measured(section: str, index: Path, sizes: tuple[int, ...], clock: Clock, *, quick: bool) -> dict[str, Any]:
    small = 4 if quick else 1
    measures: dict[str, Callable[[], dict[str, Any]]] = {
        "ask": lambda: _apart(asking.small, index, 100 // small, clock),
        "sizes": lambda: {str(size): _apart(asking.large, size, 60 // small, clock) for size in sizes},
        "stored": lambda: _apart(asking.stored, 10_000 // small),
        "ingest": lambda: {
            "throughput": ingesting.throughput(10_000 // (small * small), 5 // small),
            "again": ingesting.again(1000 // (small * small)),
        },
        "start": lambda: starting.start(index, 5 // small),
        "threads": lambda: _apart(threads.threads, 60 // small),
        "users": lambda: users.users(index, (1, 8, 32, 128), 256 // small),
        "processes": lambda: users.processes((1, 2, 4), 16, 512 // small),
    }
    return measures[section]()


@click.command()
@click.option("--only", type=click.Choice(SECTIONS), multiple=True, help="Measure these sections alone.")
@click.option("--size", "sizes", type=int, multiple=True, help="Sizes to ask at (default: 10,000 and 100,000 clauses).")
@click.option(
    "--clock",
    type=click.Choice(["wall", "processor"]),
    default="wall",
    help="What `ask` and `sizes` count: processor time says on a crowded machine too what the work costs.",
)
@click.option("--quick", is_flag=True, help="A quarter of the rounds, smaller ingests.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="JSON file for the figures; a page beside it (.html) draws them.",
)
def bench(only: tuple[str, ...], sizes: tuple[int, ...], clock: Clock, out: Path | None, *, quick: bool) -> None:
    """Measure how fast it is, against what a user would run instead.

    Example: python -m evals bench --only ask --only start --out bench.json
    """
    found: dict[str, Any] = {"machine": machine(), "clock": clock}
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        run(*PROGRAM, "ingest", "--index", index)
        for section in only or SECTIONS:
            found[section] = _measured(section, index, sizes or (10_000, 100_000), clock, quick=quick)
            click.echo(f"{section}: {json.dumps(found[section], indent=2)}")
            if out is not None:
                out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
                out.with_suffix(".html").write_text(page(found), encoding="utf-8")
