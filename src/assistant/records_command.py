"""`policy-assistant log`: export, count and erase what is kept of questions; check the chain of administrators' actions."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from assistant.records import Records, audit
from assistant.settings import read_settings


@click.group()
def log() -> None:
    """Export, count or erase what is kept of questions; check the chain of administrators' actions.

    Example: policy-assistant log erase --older-than 7
    """


@log.command()
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write (default: the screen).")
def export(output: Path | None) -> None:
    """Write every kept question as a line of JSON."""
    lines = "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in _kept().questions())
    if output is None:
        click.echo(lines, nl=False)
    else:
        output.write_text(lines, encoding="utf-8")
    audit(read_settings(), "command line", "log exported", str(output or "screen"))


@log.command()
@click.option(
    "--older-than", type=click.IntRange(0), help="Only what is older than so many days (default: everything)."
)
@click.confirmation_option(prompt="Erase what is kept of questions? This can't be undone")
def erase(older_than: int | None) -> None:
    """Erase what is kept of questions, in the file too. The actions of administrators stay."""
    before = None if older_than is None else datetime.now(UTC) - timedelta(days=older_than)
    count = _kept().erase(before)
    audit(read_settings(), "command line", "log erased", f"{count} questions")
    click.echo(f"{count} questions were erased.")


@log.command()
def counts() -> None:
    """Topics of the questions that the policies did not answer, the most frequent first."""
    for topic, count in _kept().counts(lambda schools: True):
        click.echo(f"{count}\t{topic}")


@log.command()
def actions() -> int:
    """List administrators' actions and check their chain; status 1 where it is broken."""
    kept = _kept()
    for moment, actor, action, detail, link in kept.actions():
        click.echo(f"{moment}\t{actor}\t{action}\t{detail}\t{link[:12]}")
    broken = kept.broken()
    click.echo(
        "The chain holds."
        if broken is None
        else f"The chain is broken at action {broken}: it was changed, or one before it was taken out."
    )
    return int(broken is not None)


def _kept() -> Records:
    settings = read_settings()
    return Records(settings.records, settings.log_days)
