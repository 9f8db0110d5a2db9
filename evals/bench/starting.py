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
    """Seconds from starting the web app until its page comes, until it can answer, and what the page says meanwhile."""
    with serving(index) as address:
        came = until_ok(f"{address}/")
        says = "takes a moment the first time" in httpx.get(f"{address}/", timeout=30).text
        ready = came + until_ok(f"{address}/health")
    return {"page_s": round(came, 2), "health_s": round(ready, 2), "says_that_it_is_warming": says}
