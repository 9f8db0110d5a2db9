"""Questions → answers → scores → report."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from assistant.ask import Assistant
from assistant.embedding import SentenceEmbedder
from assistant.errors import AssistantError, QuestionError
from assistant.index import Index
from assistant.llm.gate import CONTRADICTED, FOREIGN, UNSUPPORTED
from assistant.settings import read_settings
from evals import baseline
from evals.checks import quoted
from evals.questions import Question, read_questions
from evals.report import figures, table, write
from evals.scoring import scored, totals

_TURNED_AWAY = {
    CONTRADICTED: "verdict",
    UNSUPPORTED: "summary",
    FOREIGN: "contact, person or link",
}


def generate(assistant: Assistant, questions: Sequence[Question]) -> list[dict[str, Any]]:
    """An answer object for each question; one that fails is an error object, never left out."""
    rows = []
    for question in tqdm(questions, unit="question", disable=None, leave=False):
        try:
            rows.append(assistant.ask(question.question, question.policy, question.turns, id=question.id).as_dict())
        except AssistantError as error:
            rows.append(
                {
                    "id": question.id,
                    "status": "error",
                    "verdict": None,
                    "summary": str(error),
                    "quotes": [],
                    "related": [],
                    "safeguarding": {"level": "none", "advice": "", "contacts": []},
                }
            )
    return rows


def sources(assistant: Assistant) -> Mapping[str, str]:
    """Document texts by slug, against which quotes are checked."""
    return {shelf.document.slug: shelf.document.text for shelf in assistant.index.snapshot().shelves}


def evaluate(
    path: Path, folder: Path | None, run: str | None, model: str | None, rescore: Path | None, index_folder: Path | None
) -> None:
    """Run a question set, print the measures, write the report.

    Raises:
        QuestionError: the questions ask what the index does not hold, or there is no such saved run.
    """
    settings = read_settings(index=index_folder, llm=model)
    questions = read_questions(path)
    assistant = Assistant(
        Index(settings.index, SentenceEmbedder(settings.model, threads=settings.threads), settings.chroma), settings
    )
    texts = sources(assistant)
    unknown = sorted({question.policy for question in questions if question.policy and question.policy not in texts})
    if unknown:
        raise QuestionError(
            f"The questions ask {', '.join(unknown)}, which the index in {settings.index} does not hold. Ingest them, or use another --index."
        )
    rows = _saved(rescore, questions) if rescore else generate(assistant, questions)
    found = figures(questions, rows, texts)
    each = scored(questions, rows, texts)
    other, label = _other(run, assistant, questions), "baseline"
    if model:
        plain = generate(Assistant(assistant.index, settings.model_copy(update={"llm": None})), questions)
        click.echo(f"{assistant.notice}\n{_share(rows, plain, model)}")
        other, label = _measured(questions, plain, texts), "without"
    click.echo(table(totals(each), other, label))
    click.echo(f"retrieval: {found['retrieval']}\nlatency: {found['latency_ms']} ms")
    unscored = sum(not values for values in each.values())
    if unscored:
        click.echo(f"{unscored} questions expect nothing that can be scored.")
    if folder is not None:
        write(folder, questions, rows, found, each)
        click.echo(f"Report in {folder}/report.html")


def _saved(path: Path, questions: Sequence[Question]) -> list[dict[str, Any]]:
    """A saved run, in the questions' order; a question that it lacks counts as an error."""
    by_id = {str(row["id"]): row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    missing: dict[str, Any] = {
        "status": "error",
        "verdict": None,
        "quotes": [],
        "related": [],
        "safeguarding": {"level": "none", "advice": "", "contacts": []},
    }
    return [by_id.get(question.id, missing) for question in questions]


def _other(run: str | None, assistant: Assistant, questions: Sequence[Question]) -> dict[str, float] | None:
    if run is None:
        return None
    if run == "langchain":
        rows = baseline.answers([shelf.document for shelf in assistant.index.snapshot().shelves], questions)
    elif Path(run).exists():
        rows = _saved(Path(run), questions)
    else:
        raise QuestionError(
            f"There is no saved run {run!r}. Expected a run.jsonl of an earlier report, or 'langchain'."
        )
    return _measured(questions, rows)


def _measured(
    questions: Sequence[Question], rows: Sequence[dict[str, Any]], texts: Mapping[str, str] | None = None
) -> dict[str, float]:
    return {score.name: score.value for score in totals(scored(questions, rows, texts))}


def _share(rows: Sequence[dict[str, Any]], plain: Sequence[dict[str, Any]], model: str) -> str:
    """How many answers the model had a part in, why not the others that it was asked for, what the gate turned away, and what that left of `plain`."""
    opening = f"The language model ({model}) "
    warnings = [warning for row in rows for warning in row.get("warnings", ())]
    failed = Counter(warning.removeprefix(opening).split(";")[0] for warning in warnings if warning.startswith(opening))
    why = f" ({_counted(failed)})" if failed else ""
    given = sum(row.get("answered_by") == model for row in rows)
    turned = Counter({name: warnings.count(warning) for warning, name in _TURNED_AWAY.items()})
    differ = Counter(
        {
            part: sum(_part(row, part) != _part(other, part) for row, other in zip(rows, plain, strict=True))
            for part in ("verdict", "summary", "quotes", "safeguarding")
        }
    )
    return (
        f"{model}: part in {given} of {len(rows)} answers; failed in {failed.total()}{why}; the others did not need it.\n"
        f"Turned away: {_counted(turned)}. Answers that differ from those without it: {_counted(differ)}."
    )


def _part(row: Mapping[str, Any], part: str) -> object:
    return quoted(row) if part == "quotes" else row[part]


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
