"""The `ingest` sub-command. What it needs is imported when it runs, so that `--help` answers at once."""

from pathlib import Path

import click


@click.command(name="ingest")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--index", "folder", type=click.Path(path_type=Path), help="Index folder (default: ASSISTANT_INDEX or ./index)."
)
@click.option("--prune", is_flag=True, help="Drop documents that are no longer under the paths.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def ingest(paths: tuple[Path, ...], folder: Path | None, *, prune: bool, as_json: bool) -> None:
    """Read policy files and folders (default: the corpus) into the index.

    Example: policy-assistant ingest my-policies/ --index index
    """
    from assistant.resources import corpus_folder
    from assistant.settings import read_settings
    from ingest.run import run

    settings = read_settings(index=folder)
    run(settings, paths or (settings.corpus or corpus_folder(),), prune=prune, as_json=as_json)
