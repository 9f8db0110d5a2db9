"""The command `policy-assistant`. Sub-commands are loaded when they are called, so that `--help` answers at once."""

import importlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.ask import Assistant

# Commands that live in packages above this one are named, not imported: this package depends on neither.
COMMANDS = {
    "ask": "assistant.cli:ask",
    "backup": "assistant.backup_command:backup",
    "chat": "assistant.cli:chat",
    "compare": "assistant.cli:compare",
    "diff": "ingest.versions:diff",
    "eval": "evals.command:evaluate",
    "health": "assistant.cli:health",
    "ingest": "ingest.command:ingest",
    "licences": "assistant.licences_command:licences",
    "log": "assistant.records_command:log",
    "restore": "assistant.backup_command:restore",
    "serve": "app:serve",
    "users": "assistant.users_command:users",
}
HELP = {
    "ask": "Answer a question, or a batch of them.",
    "backup": "Save documents, users and records in one file.",
    "chat": "Ask and follow up in the terminal.",
    "compare": "Put one question to every document.",
    "diff": "Say what a new version of a policy adds, drops, tightens, loosens.",
    "eval": "Run a question set and print the measures.",
    "health": "Say what is wrong with the policies themselves.",
    "ingest": "Read policy files and folders into the index.",
    "licences": "List the packages that it runs on, with their licences.",
    "log": "Export, count or erase what is kept of questions.",
    "restore": "Put back what a backup holds.",
    "serve": "Open the web app.",
    "users": "Add, change and remove those who may sign in.",
}


class LazyGroup(click.Group):
    """A group whose commands are imported by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the sub-commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The sub-command called `cmd_name`."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, HELP[name]) for name in sorted(COMMANDS)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="policy-assistant")
def cli() -> None:
    """Answers school staff's questions from their own policies, quoting the clause word for word.

    Example: policy-assistant ask "Can I accept my pupil's parent on Facebook?" --policy thornbury
    """


@click.command()
@click.argument("question", required=False)
@click.option("--policy", help="Slug of the policy to ask (default: all).")
@click.option("--json", "as_json", is_flag=True, help="Print the answer object as JSON.")
@click.option(
    "--batch",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="JSONL file of questions, one object a line.",
)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="JSONL file for the answers of a batch."
)
@click.option(
    "--index", "folder", type=click.Path(path_type=Path), help="Index folder (default: ASSISTANT_INDEX or ./index)."
)
def ask(
    question: str | None,
    policy: str | None,
    batch: Path | None,
    output: Path | None,
    folder: Path | None,
    *,
    as_json: bool,
) -> None:
    """Answer a question from the policies, or a batch of questions.

    Example: policy-assistant ask "Do I have to tell anyone?" --policy harbour-trust
    """
    from assistant import render
    from assistant.settings import read_settings

    if (question is None) == (batch is None):
        raise click.UsageError(
            'Expected either a QUESTION or --batch FILE. Example: policy-assistant ask "May I post photos of pupils?"'
        )
    if batch is not None and output is None:
        raise click.UsageError("--batch needs --output FILE for the answers.")
    assistant = _assistant(read_settings(index=folder))
    _tell(assistant)
    if batch is not None and output is not None:
        _batch(assistant, batch, output)
        return
    answer = assistant.ask(question or "", policy)
    click.echo(json.dumps(answer.as_dict(), ensure_ascii=False, indent=2) if as_json else render.text(answer))


@click.command()
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="Print the answers as JSON.")
@click.option(
    "--index", "folder", type=click.Path(path_type=Path), help="Index folder (default: ASSISTANT_INDEX or ./index)."
)
def compare(question: str, folder: Path | None, *, as_json: bool) -> None:
    """Put one question to every document: a row each, with the clause that decides it.

    Example: policy-assistant compare "Can I accept a friend request from a parent?"
    """
    from assistant import compare as comparing
    from assistant import render
    from assistant.settings import read_settings

    assistant = _assistant(read_settings(index=folder))
    _tell(assistant)
    answers = comparing.compare(assistant, question)
    if as_json:
        click.echo(json.dumps(comparing.as_dict(question, answers), ensure_ascii=False, indent=2))
    else:
        click.echo(render.comparison(answers))


@click.command()
@click.argument("slugs", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option(
    "--fail-on",
    type=click.Choice(["high", "medium", "low"]),
    help="Exit with status 1 where a finding is at least this severe.",
)
@click.option(
    "--index", "folder", type=click.Path(path_type=Path), help="Index folder (default: ASSISTANT_INDEX or ./index)."
)
def health(slugs: tuple[str, ...], fail_on: str | None, folder: Path | None, *, as_json: bool) -> int:
    """Say what is wrong with the policies themselves: past review, blanks left in, dead law, rules that contradict each other.

    Example: policy-assistant health oakfield
    """
    from assistant import render
    from assistant.embedding import SentenceEmbedder
    from assistant.health import SEVERITIES
    from assistant.index import Index
    from assistant.settings import read_settings

    settings = read_settings(index=folder)
    snapshot = Index(settings.index, SentenceEmbedder(settings.model), settings.chroma).snapshot()
    chosen = {shelf.document.slug for shelf in snapshot.chosen(slugs or None)}
    found = [row for row in snapshot.findings if row.policy in chosen]
    if as_json:
        click.echo(json.dumps([row.as_dict() for row in found], ensure_ascii=False, indent=2))
    else:
        click.echo(render.health(found))
    reached = SEVERITIES.index(fail_on) if fail_on else -1
    return int(any(SEVERITIES.index(row.severity) <= reached for row in found))


@click.command()
@click.option("--policy", help="Slug of the policy to ask (default: all).")
@click.option(
    "--index", "folder", type=click.Path(path_type=Path), help="Index folder (default: ASSISTANT_INDEX or ./index)."
)
def chat(policy: str | None, folder: Path | None) -> None:
    """Ask and follow up in the terminal; an empty line or Ctrl-D ends it. Nothing is kept.

    Example: policy-assistant chat --policy oakfield
    """
    from assistant import render
    from assistant.answers import Turn
    from assistant.errors import QuestionError
    from assistant.settings import read_settings

    assistant = _assistant(read_settings(index=folder))
    assistant.index.snapshot().chosen(policy)  # an unknown slug is told before the first question
    turns: list[Turn] = []
    _tell(assistant)
    click.echo("Ask about the policies. An empty line ends the conversation.")
    while words := _asked():
        try:
            answer = assistant.ask(words, policy, turns)
        except QuestionError as error:
            click.echo(str(error))
            continue
        click.echo(f"\n{render.text(answer)}\n")
        turns += [Turn("user", words), Turn("assistant", answer.summary)]


def _asked() -> str:
    """The next line typed; empty at the end of the input."""
    try:
        return input("> ").strip()
    except EOFError:
        return ""


def _assistant(settings: Any) -> "Assistant":  # noqa: ANN401 - Settings, imported late
    from assistant.ask import Assistant
    from assistant.embedding import SentenceEmbedder
    from assistant.index import Index

    index = Index(settings.index, SentenceEmbedder(settings.model, threads=settings.threads), settings.chroma)
    index.snapshot()
    return Assistant(index, settings)


def _tell(assistant: "Assistant") -> None:
    """Say on stderr where questions go, where a language model is set."""
    if assistant.composer is not None:
        click.echo(assistant.notice, err=True)


def _batch(assistant: "Assistant", batch: Path, output: Path) -> None:
    """Answer a file of questions in order; a bad line gets an error object and the rest go on."""
    from tqdm import tqdm

    # Split at newlines alone: a JSON string may hold U+2028 and other characters at which splitlines() breaks.
    text = batch.read_text(encoding="utf-8-sig", errors="replace")
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    partial = output.with_name(output.name + ".part")
    with (
        _stoppable() as check,
        partial.open("w", encoding="utf-8", errors="backslashreplace") as out,  # half a surrogate pair stays JSON
    ):
        for row in tqdm(_answers(assistant, lines), total=len(lines), unit="question", disable=None):
            check()
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    partial.replace(output)


@contextmanager
def _stoppable() -> Iterator[Callable[[], None]]:
    """Ctrl-C stops what runs here, at the latest when the given function is called: raised inside a destructor or a callback, KeyboardInterrupt is lost."""
    asked = False

    def stop(*_: object) -> None:
        nonlocal asked
        asked = True
        raise KeyboardInterrupt

    def check() -> None:
        if asked:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)


def _answers(assistant: "Assistant", lines: list[tuple[int, str]]) -> Iterator[dict[str, Any]]:
    from assistant.batch import answer_line

    for number, line in lines:
        yield answer_line(assistant, line, number)


def run_command(command: click.Command) -> NoReturn:
    """Run a command as a program: a user's mistake is one line and status 2, Ctrl-C is 130."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        status = command.main(standalone_mode=False)
        sys.exit(status if isinstance(status, int) else 0)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(128 + signal.SIGINT)
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
        sys.exit(128 + signal.SIGINT)
    except click.ClickException as error:
        click.echo(f"Error: {error.format_message()}", err=True)
        sys.exit(2)
    except AssistantError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        click.echo(f"Error:{where} {error.strerror or error}. Check the path, its rights and the space left.", err=True)
        sys.exit(2)
    except Exception as error:  # a bug: the person gets a sentence, the developer the traceback on request
        if os.environ.get("ASSISTANT_DEBUG"):
            raise
        click.echo(
            f"Error: the program failed ({type(error).__name__}: {error}). This is a fault of the program; set ASSISTANT_DEBUG=1 to see where, and report it.",
            err=True,
        )
        sys.exit(1)


def main() -> NoReturn:
    """The installed command."""
    run_command(cli)


if __name__ == "__main__":
    main()
