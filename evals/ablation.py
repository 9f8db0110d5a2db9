"""What each part of the search gives: `python -m evals ablation QUESTIONS --index INDEX` leaves one out at a time and measures again."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from unittest.mock import patch

import click

from assistant import examples, judge, search
from assistant.ask import Assistant
from assistant.embedding import SentenceEmbedder
from assistant.index import Index
from assistant.settings import read_settings
from evals.questions import read_questions
from evals.run import generate
from evals.scoring import scored, totals

SHOWN = (
    "ranked_first",
    "right_clause_in_three",
    "both_parts_in_five",
    "covered_is_answered",
    "silence_is_said",
    "verdict_given",
    "verdict_right",
)

UNDOUBTED = 0.41
"""The height of silence without the reader's doubt: it answered as many of the covered dev questions."""

VARIANTS: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "as shipped": nullcontext,
    "ranked by vectors alone": lambda: patch.object(search, "relevance", lambda dense, *_: max(0.0, dense)),
    "found by vectors alone": lambda: patch.object(search, "DENSE", 1.0),
    "staff's words not widened": lambda: patch.object(search, "widened", str),
    "without examples": lambda: patch.object(examples, "shipped", lambda *_: None),
    "without the reader's doubt": lambda: patch.multiple(judge, DOUBT=0.0, height=lambda: UNDOUBTED),
    "10 candidates": lambda: patch.object(search, "CANDIDATES", 10),
}


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--index", "folder", type=click.Path(path_type=Path), help="Index folder.")
def ablation(path: Path, folder: Path | None) -> None:
    """Leave out one part of the search at a time.

    Example: python -m evals ablation evals/data/real-dev.jsonl --index real-index
    """
    settings = read_settings(index=folder)
    questions = read_questions(path)
    assistant = Assistant(
        Index(settings.index, SentenceEmbedder(settings.model, threads=settings.threads), settings.chroma), settings
    )
    click.echo(f"{'':28}" + "".join(f"{name:>24}" for name in SHOWN))
    for name, variant in VARIANTS.items():
        with variant():
            found = {score.name: score.value for score in totals(scored(questions, generate(assistant, questions)))}
        click.echo(f"{name:28}" + "".join(f"{found[shown]:24.1%}" if shown in found else f"{'':24}" for shown in SHOWN))
