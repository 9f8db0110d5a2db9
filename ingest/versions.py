"""The `diff` sub-command: two versions of a policy, each a file or a slug of the index."""

import json
from pathlib import Path

import click

from assistant import render
from assistant.diff import diff as differing
from assistant.documents import Document
from assistant.errors import UnknownPolicyError, UnreadableFileError
from assistant.settings import read_settings
from assistant.store import Store
from ingest.guard import Guard
from ingest.manifest import read_manifest
from ingest.read import slug_of


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="Print the difference as JSON.")
@click.option(
    "--index", "folder", type=click.Path(path_type=Path), help="Index folder (default: ASSISTANT_INDEX or ./index)."
)
def diff(old: str, new: str, folder: Path | None, *, as_json: bool) -> None:
    """Say clause by clause what the NEW version adds, drops, tightens and loosens. OLD and NEW are files, or slugs of the index.

    Example: policy-assistant diff oakfield drafts/oakfield-2027.docx
    """
    store = Store(read_settings(index=folder).index)
    found = differing(version(old, store), version(new, store))
    click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2) if as_json else render.difference(found))


def version(name: str, store: Store) -> Document:
    """The document that `name` means: a file, read now, or the one of the index with this slug.

    Raises:
        UnreadableFileError: the file can't be read; the message names it.
        UnknownPolicyError: there is no such file, and no such slug either.
    """
    path = Path(name)
    if path.is_file():
        try:
            with Guard() as guard:
                return guard.read(path, path.read_bytes(), read_manifest(path.parent), slug_of(path))
        except UnreadableFileError as error:
            raise UnreadableFileError(f"{path} can't be read. {error}") from error
    stored = {one.document.slug: one.document for one in store.current()} if store.exists() else {}
    if name not in stored:
        raise UnknownPolicyError(name, tuple(stored))
    return stored[name]
