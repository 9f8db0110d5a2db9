"""The web app: settings → index → assistant → pages → launch. `python app.py`, or `policy-assistant serve`."""

import threading
from functools import cache
from pathlib import Path

import click

from assistant.ask import Assistant
from assistant.cli import run_command
from assistant.embedding import SentenceEmbedder
from assistant.errors import SettingsError
from assistant.index import Index
from assistant.resources import corpus_folder
from assistant.settings import Settings, read_settings


def build(settings: Settings) -> Assistant:
    """The assistant of the settings' index; the corpus is ingested first where there is none."""
    index = Index(settings.index, SentenceEmbedder(settings.model, threads=settings.threads))
    if not index.store.exists():
        from ingest.command import run

        click.echo(f"There is no index in {settings.index}: reading the corpus.")
        run(settings, (settings.corpus or corpus_folder(),))
    index.snapshot()
    return Assistant(index, settings)


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
    settings = read_settings(host=host, port=port, index=folder)
    if settings.host not in {"127.0.0.1", "localhost", "::1"}:
        raise SettingsError(
            f"The web app was told to listen on {settings.host}, but it has no sign-in yet. Leave --host at 127.0.0.1 and put a signed-in proxy in front."
        )
    from assistant.web.page import launch, pages

    assistant = cache(lambda: build(settings))
    loaded = assistant()
    threading.Thread(target=loaded.embedder.question, args=("warm",), daemon=True).start()
    click.echo(f"Policy Assistant: http://{settings.host}:{settings.port} (this machine only; Ctrl-C stops it)")
    launch(pages(assistant), settings.host, settings.port)


if __name__ == "__main__":
    run_command(serve)
