"""The web app: settings → index → assistant → pages → launch. `python app.py`, or `policy-assistant serve`."""

import threading
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from assistant.cli import run_command
from assistant.errors import AssistantError, SettingsError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from assistant.ask import Assistant
    from assistant.index import Index
    from assistant.settings import Settings


class Opened:
    """The assistant, made once, on the first call; whoever comes meanwhile waits."""

    def __init__(self, make: "Callable[[], Assistant]") -> None:
        self.make = make
        self.made: Assistant | None = None
        self.making = threading.Lock()

    def __call__(self) -> "Assistant":
        """The assistant.

        Raises:
            AssistantError: it can't be made; the next call tries again.
        """
        with self.making:
            if self.made is None:
                self.made = self.make()
            return self.made

    def warm(self) -> None:
        """Make it and load the models, so that the first question doesn't pay for them."""
        with suppress(AssistantError):  # told to whoever asks
            self().warm()


def build(index: "Index", settings: "Settings") -> "Assistant":
    """The assistant of an index; the corpus is ingested first where there is none."""
    from assistant.ask import Assistant

    if not index.store.exists():
        from assistant.resources import corpus_folder
        from ingest.run import run

        click.echo(f"There is no index in {settings.index}: reading the corpus.")
        run(settings, (settings.corpus or corpus_folder(),))
    index.snapshot()
    return Assistant(index, settings)


def check_reach(settings: "Settings") -> None:
    """Refuse to listen beyond this machine without a sign-in, and a sign-in that lets nobody or everybody in.

    Raises:
        SettingsError: with what to set.
    """
    from assistant.settings import LOOPBACK
    from assistant.users import Users

    if settings.host not in LOOPBACK and not settings.has_sign_in:
        raise SettingsError(
            f"The web app was told to listen on {settings.host}, where others reach it, but no sign-in is set. Set ASSISTANT_USERS to a file made with `policy-assistant users add` (docs/security.md), or leave --host at 127.0.0.1."
        )
    if settings.identity_header is not None and (not settings.proxies or settings.users is None):
        raise SettingsError(
            "ASSISTANT_IDENTITY_HEADER needs ASSISTANT_TRUSTED_PROXIES (whose word is taken) and ASSISTANT_USERS (roles and schools by name)."
        )
    if settings.users is not None and not Users(settings.users).all():
        raise SettingsError(
            f"The file of users {settings.users} names nobody. Add one first: policy-assistant users add NAME --role admin --file {settings.users}"
        )


def vectors_at(server: str) -> str:
    """Where vectors lie, as a sentence for whoever starts the app."""
    from assistant.settings import LOOPBACK

    parts = urlsplit(server)
    bare = parts.scheme == "http" and parts.hostname not in LOOPBACK
    return (
        f"Vectors of clauses and of their words lie on the Chroma server {server}; it gets no text and no question."
        + (
            " They cross the network unencrypted, and that server lets in whoever reaches it: keep it on a network of its own."
            if bare
            else ""
        )
    )


@click.command()
@click.option("--host", help="Address to listen on (default 127.0.0.1: this machine only).")
@click.option("--port", type=int, help="Port to listen on (default 7860).")
@click.option(
    "--index", "folder", type=click.Path(path_type=Path), help="Index folder (default: ASSISTANT_INDEX or ./index)."
)
def serve(host: str | None, port: int | None, folder: Path | None) -> None:
    """Open the web app; builds the index from the corpus first where there is none.

    Example: policy-assistant serve --port 7860
    """
    from assistant.settings import LOOPBACK, read_settings

    settings = read_settings(host=host, port=port, index=folder)
    check_reach(settings)
    if settings.host not in LOOPBACK and not settings.proxies:
        click.echo(
            "Passwords cross the network unencrypted: put a proxy with TLS in front (docs/deployment.md).", err=True
        )
    from assistant import journal

    with journal.structured() if settings.journal == "json" else nullcontext():
        _serve(settings)


def _serve(settings: "Settings") -> None:
    from assistant.web.opening import launch

    who = "by sign-in" if settings.users is not None else "this machine only"
    click.echo(f"Policy Assistant: http://{settings.host}:{settings.port} ({who}; Ctrl-C stops it)")
    if settings.chroma is not None:
        click.echo(vectors_at(settings.chroma))
    launch(lambda: _site(settings), settings.host, settings.port)  # what takes seconds to import comes while it listens


def _site(settings: "Settings") -> "ASGIApp":
    from assistant.ask import STAYS
    from assistant.embedding import SentenceEmbedder
    from assistant.index import Index
    from assistant.records import noticed, records
    from assistant.users import Users
    from assistant.web.meters import Meters
    from assistant.web.page import pages
    from assistant.web.server import site
    from assistant.web.signin import Door
    from assistant.web.views import Guarded, Views
    from ingest.library import Library

    index = Index(settings.index, SentenceEmbedder(settings.model, threads=settings.threads), settings.chroma)
    if index.store.exists():
        index.snapshot()  # an index that can't be used is told here, not to every visitor
    opened = Opened(lambda: build(index, settings))
    kept = records(settings)
    if kept is not None:
        kept.start()
    views = Views(opened, kept, Meters(), settings.log)
    door = Door(Users(settings.users), settings.session_hours) if settings.users is not None else None
    notice = opened().notice if settings.llm else STAYS
    blocks = pages(views, Guarded(Library(index), views), noticed(notice, settings))
    threading.Thread(target=opened.warm, daemon=True).start()  # only now: the page comes first
    return site(blocks, views, settings, door)


if __name__ == "__main__":
    run_command(serve)
