"""Files → index, with a progress bar, and what became of each document."""

import json
import time
from dataclasses import asdict
from pathlib import Path

import click
from tqdm import tqdm

from assistant.embedding import SentenceEmbedder
from assistant.index import Index
from assistant.settings import Settings
from ingest.sync import Report, elapsed, sync


def run(settings: Settings, paths: tuple[Path, ...], *, prune: bool = False, as_json: bool = False) -> list[Report]:
    """Ingest, showing progress on a terminal, and print the report."""
    began = time.perf_counter()
    index = Index(settings.index, SentenceEmbedder(settings.model, threads=settings.threads), settings.chroma)
    reports = []
    with tqdm(unit="clause", disable=None, leave=False) as bar:
        for report in sync(index, paths, prune=prune, progress=lambda done, total: bar.update(done) if done else None):
            bar.set_description(report.slug)
            reports.append(report)
    if as_json:
        rows = [{key: value for key, value in asdict(report).items() if key != "embedded"} for report in reports]
        click.echo(json.dumps({"documents": rows, "seconds": elapsed(began)}, ensure_ascii=False, indent=2))
    else:
        click.echo(table(reports, settings.index, elapsed(began)))
    return reports


def table(reports: list[Report], folder: Path, seconds: float) -> str:
    """The report for a person: a row a document, then what went wrong."""
    width = max([len(report.slug) for report in reports] + [8])
    lines = [f"{'document':{width}}  clauses  embedded  clauses/headings/skipped  status"]
    for report in reports:
        shares = f"{report.coverage.clauses:7.1%} {report.coverage.headings:7.1%} {report.coverage.skipped:7.1%}"
        lines.append(f"{report.slug:{width}}  {report.clauses:7}  {report.embedded:8}  {shares:>24}  {report.status}")
    lines += [f"{report.source}: not read. {report.reason}" for report in reports if report.status == "failed"]
    lines += [f"{report.source}: {warning}" for report in reports for warning in report.warnings]
    count = sum(report.status not in {"failed", "removed"} for report in reports)
    lines.append(
        f"{count} documents, {sum(report.clauses for report in reports if report.status not in {'failed', 'removed'})} clauses in {folder} ({seconds:.1f} s)"
    )
    return "\n".join(lines)
