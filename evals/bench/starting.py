"""What a person waits for before anything happens: a cold `ask`, `--help`, the page."""

from functools import partial
from pathlib import Path
from typing import Any

import httpx

from evals.bench.measure import interleaved, ratios, summary
from evals.bench.programs import PROGRAM, PYTHON, run, serving, until_ok

QUESTION = "Can I accept a friend request from a pupil's parent?"
HELPED = ("ask", "ingest", "eval", "serve")


def start(index: Path, rounds: int) -> dict[str, Any]:
    """Whole processes in turn."""
    times = interleaved(
        {
            "import sentence_transformers": lambda _: run(*PYTHON, "-c", "import sentence_transformers"),
            "ask": lambda _: run(*PROGRAM, "ask", QUESTION, "--policy", "oakfield", "--index", index),
            "--help": lambda _: run(*PROGRAM, "--help"),
            **{f"{name} --help": partial(_helped, name) for name in HELPED},
        },
        rounds,
    )
    return {
        **{name: summary(seconds) for name, seconds in times.items()},
        "ratios": {"ask/import": ratios(times["ask"], times["import sentence_transformers"])},
        "page": page(index),
    }


def _helped(name: str, _: int) -> None:
    run(*PROGRAM, name, "--help")


def page(index: Path) -> dict[str, Any]:
    """Seconds from starting the web app until it says that it is starting, until its page comes, and until it can answer."""
    with serving(index) as address:
        first = until_ok(f"{address}/", starting=True)
        says = "The program is starting" in httpx.get(f"{address}/", timeout=30).text
        came = first + until_ok(f"{address}/")
        ready = came + until_ok(f"{address}/health")
    times = {"first_s": first, "page_s": came, "health_s": ready}
    return {**{name: round(seconds, 2) for name, seconds in times.items()}, "says_that_it_is_starting": says}
