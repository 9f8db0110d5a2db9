"""The regression gate: the committed question sets are answered, and no measure may fall below its committed figure.

`python -m evals gate` compares; `python -m evals gate --move` writes the new figures, to be committed with the reason.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from assistant.ask import Assistant
from assistant.embedding import SentenceEmbedder
from assistant.errors import AssistantError
from assistant.index import Index
from assistant.resources import corpus_folder
from assistant.settings import read_settings
from evals.checks import BAD_IF_HIGH
from evals.questions import FOLDER, read_questions
from evals.report import figures
from evals.run import generate, sources

COMMITTED = FOLDER.parent / "figures.json"
SHARED = FOLDER.parents[1].parent / "shared"
REAL = SHARED / "policies"
DOCUMENTS = {
    "documents-dev": (
        "decoy-primary/2018-online-safety-policy.pdf",
        "decoy-primary/2020-attendance-policy.pdf",
        "decoy-primary/2021-cp-and-safeguarding-policy.pdf",
        "decoy-primary/2022-complaints-policy.pdf",
    ),
    "documents-test": (
        "decoy-primary/2019-2022-accessibility-plan.pdf",
        "decoy-primary/2020-whistleblowing-policy.pdf",
        "decoy-primary/2021-charging-and-remissions-policy.pdf",
        "decoy-primary/Subject-Access-Requests-Policy-2018.pdf",
        "small-company/benefits-and-perks.md",
        "small-company/managing-work-devices.md",
        "small-company/moonlighting.md",
    ),
}
"""Other people's long documents, of matters that few training policies are about, by index."""
TOLERANCE = 0.011
"""A measure may differ by this much: processors round differently."""
STRICT = frozenset({"quotes_are_verbatim", "quotes_stay_in_scope"})
SETS = (
    ("corpus-dev", "corpus"),
    ("corpus-test", "corpus"),
    ("triage-dev", "corpus"),
    ("triage-test", "corpus"),
    ("triage-dev-2", "corpus"),
    ("triage-test-2", "corpus"),
    ("triage-dev-3", "corpus"),
    ("triage-test-3", "corpus"),
    ("everyday-dev", "corpus"),
    ("triage-fresh-dev", "corpus"),
    ("real-dev", "real"),
    ("plain-dev", "real"),
    ("real-test", "real"),
    ("real-dev-2", "real"),
    ("real-dev-3", "real"),
    ("real-test-2", "real"),
    ("real-test-3", "real"),
    ("documents-dev", "documents-dev"),
    ("documents-test", "documents-test"),
)


class GateError(AssistantError):
    """A measure fell below its committed figure, or can't be measured."""


def measure(names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Figures of the named question sets (all, if none is named) whose policies are at hand."""
    result = {}
    with tempfile.TemporaryDirectory() as folder:
        policies: dict[str, tuple[Path, ...]] = {"corpus": (corpus_folder(),), "real": (REAL,)}
        policies |= {name: tuple(SHARED / "documents" / file for file in files) for name, files in DOCUMENTS.items()}
        missing = {index: path for index, paths in policies.items() for path in paths if not path.exists()}
        if missing and os.environ.get("CI"):
            raise GateError(f"{next(iter(missing.values()))} is not there. It is needed where CI is set.")
        policies = {index: paths for index, paths in policies.items() if index not in missing}
        wanted = {index for name, index in SETS if not names or name in names}
        assistants = {
            index: _assistant(paths, Path(folder) / index) for index, paths in policies.items() if index in wanted
        }
        for name, index in SETS:
            path = FOLDER / f"{name}.jsonl"
            if index in assistants and (not names or name in names) and path.exists():
                questions = read_questions(path)
                result[name] = figures(questions, generate(assistants[index], questions), sources(assistants[index]))
    return result


def _assistant(policies: tuple[Path, ...], index: Path) -> Assistant:
    """An assistant over an index made of `policies` by the program's own command: evals knows no part of ingest."""
    subprocess.run(
        [sys.executable, "-m", "ingest", *map(str, policies), "--index", str(index)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    settings = read_settings(index=index)
    return Assistant(
        Index(index, SentenceEmbedder(settings.model, threads=settings.threads), settings.chroma), settings
    )


def fallen(found: dict[str, dict[str, Any]], committed: dict[str, dict[str, Any]]) -> list[str]:
    """What fell, a sentence a measure."""
    result = []
    for name, row in found.items():
        for measured, before in committed.get(name, {}).get("measures", {}).items():
            now = row["measures"].get(measured, {"value": 1.0 if measured in BAD_IF_HIGH else 0.0})["value"]
            worse = now - before["value"] if measured in BAD_IF_HIGH else before["value"] - now
            if worse > (0.0 if measured in STRICT else TOLERANCE):
                result.append(f"{name}: {measured} is {now:.1%}, was {before['value']:.1%}")
    return result


@click.command()
@click.argument("names", nargs=-1)
@click.option("--move", is_flag=True, help="Write the new figures instead of comparing.")
def gate(names: tuple[str, ...], *, move: bool) -> None:
    """Answer the committed question sets and compare with the committed figures.

    Example: python -m evals gate
    """
    found = measure(names)
    committed = json.loads(COMMITTED.read_text(encoding="utf-8")) if COMMITTED.exists() else {}
    for name, row in found.items():
        click.echo(
            name
            + "\n"
            + "\n".join(
                f"  {measured:28} {value['value']:7.1%} of {value['count']}"
                for measured, value in row["measures"].items()
            )
        )
    if move:
        kept = {
            name: {"questions": row["questions"], "measures": row["measures"], "retrieval": row["retrieval"]}
            for name, row in found.items()
        }
        COMMITTED.write_text(json.dumps({**committed, **kept}, indent=1) + "\n", encoding="utf-8")
        return
    if worse := fallen(found, committed):
        raise GateError(
            "Quality fell:\n  "
            + "\n  ".join(worse)
            + "\nMend it, or move the figures with `python -m evals gate --move` and say why in the commit."
        )
    click.echo("No measure fell.")
