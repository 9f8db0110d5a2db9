"""`policy-assistant backup` and `restore`: documents, users and records in one file. Vectors are made again from the documents."""

import os
import tempfile
import zipfile
from pathlib import Path

import click

from assistant.errors import IndexMismatchError, SettingsError
from assistant.settings import Settings, read_settings
from assistant.store import Store, copy_database, damage

_INDEX = click.option(
    "--index", "folder", type=click.Path(path_type=Path), help="Index folder (default: ASSISTANT_INDEX or ./index)."
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_INDEX
def backup(file: Path, folder: Path | None) -> None:
    """Save documents, users and records in one file, while the app runs. Keep it as you keep the originals.

    Example: policy-assistant backup /backups/monday.zip
    """
    settings = read_settings(index=folder)
    Store(settings.index).check()
    partial = file.with_name(file.name + ".part")
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as out:
        partial.chmod(0o600)
        for name, path in _places(settings).items():
            if not path.exists():
                continue
            copy = path
            if path.suffix == ".sqlite3":
                copy = Path(place) / name
                copy_database(path, copy)
            out.write(copy, name)
        names = out.namelist()
    partial.replace(file)
    click.echo(f"{file} holds {', '.join(names)}.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_INDEX
def restore(file: Path, folder: Path | None) -> None:
    """Put back what a backup holds; what is there already is not replaced.

    Example: policy-assistant restore /backups/monday.zip --index new-index
    """
    settings = read_settings(index=folder)
    with tempfile.TemporaryDirectory() as place:
        held = _unpacked(file, _places(settings), Path(place))
        for path in held.values():
            if path.exists():
                raise SettingsError(f"{path} is there already, and a backup replaces nothing. Move it away first.")
        for copy, path in held.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
                out.write(copy.read_bytes())
    from assistant.embedding import SentenceEmbedder
    from assistant.index import Index

    index = Index(settings.index, SentenceEmbedder(settings.model, threads=settings.threads), settings.chroma)
    index.store.take_new_id()
    with index.writing():
        pass  # whoever opens it for writing makes the vectors that are missing
    click.echo(f"{len(index.snapshot().shelves)} documents were put back from {file}.")


def _places(settings: Settings) -> dict[str, Path]:
    """Names in a backup, and where they stand."""
    places = {"documents.sqlite3": Store(settings.index).path, "records.sqlite3": settings.records}
    return places if settings.users is None else {**places, "users.json": settings.users}


def _unpacked(file: Path, places: dict[str, Path], place: Path) -> dict[Path, Path]:
    """The files of a backup, checked: copy → where it goes."""
    try:
        with zipfile.ZipFile(file) as held:
            if "documents.sqlite3" not in held.namelist() or held.testzip() is not None:
                raise IndexMismatchError(f"{file} is no whole backup. Take another.")
            names = [name for name in places if name in held.namelist()]  # nothing else in it is unpacked
            copies = {Path(held.extract(name, place)): places[name] for name in names}
    except zipfile.BadZipFile as error:
        raise IndexMismatchError(f"{file} is no backup of this program ({error}). Take another.") from error
    wrong = next((copy for copy in copies if copy.suffix == ".sqlite3" and damage(copy)), None)
    if wrong is not None:
        raise IndexMismatchError(f"{wrong.name} in {file} is damaged. Take another backup.")
    return copies
