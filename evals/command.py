"""The `eval` sub-command. What it needs is imported when it runs, so that `--help` answers at once."""

from pathlib import Path

import click

DEFAULT = Path(__file__).parent / "data" / "corpus-test.jsonl"


@click.command(name="eval")
@click.option(
    "--questions",
    "path",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    default=DEFAULT,
    help="Question set, JSONL or CSV.",
)
@click.option(
    "--report",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for run.jsonl, figures.json, report.html.",
)
@click.option("--baseline", "run", help="A saved run.jsonl to compare with, or 'langchain': the tutorial RAG, run now.")
@click.option("--llm", "model", help="A language model (provider:model): its answers, beside those made without one.")
@click.option(
    "--rescore",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Score a saved run.jsonl instead of answering again.",
)
@click.option(
    "--index",
    "index_folder",
    type=click.Path(path_type=Path),
    help="Index folder (default: ASSISTANT_INDEX or ./index).",
)
def evaluate(
    path: Path, folder: Path | None, run: str | None, model: str | None, rescore: Path | None, index_folder: Path | None
) -> None:
    """Run a question set, print the measures, write the report.

    Example: policy-assistant eval --questions evals/data/corpus-test.jsonl --baseline langchain --report report
    """
    if model and (run or rescore):
        raise click.UsageError(
            "--llm answers anew, beside the answers without a model: leave out --baseline and --rescore."
        )
    from evals.run import evaluate as answer_and_score

    answer_and_score(path, folder, run, model, rescore, index_folder)
