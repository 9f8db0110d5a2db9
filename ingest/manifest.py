"""policies.toml: what a folder's files are called, whose they are, and whom its organisations name."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from assistant.documents import CONTACT_ROLES, Contact
from assistant.errors import ManifestError

NAME = "policies.toml"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the manifest says of one file; everything is optional."""

    slug: str | None = None
    title: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """Entries by file name, contacts by organisation."""

    entries: dict[str, Entry] = field(default_factory=dict)
    contacts: dict[str, tuple[Contact, ...]] = field(default_factory=dict)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder; an empty one where there is none.

    Raises:
        ManifestError: it is no TOML, or holds something unknown.
    """
    path = folder / NAME
    if not path.exists():
        return Manifest()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ManifestError(f"{path} can't be read as TOML ({error}). Mend it, or move it away.") from error
    _known(table, {"organisations", "documents"}, path)
    contacts = {}
    for organisation in _rows(table, "organisations", path):
        _known(organisation, {"name", "contacts"}, path)
        name = _text(organisation, "name", path, needed=True)
        contacts[str(name)] = _contacts(organisation.get("contacts", {}), path)
    entries = {}
    for row in _rows(table, "documents", path):
        _known(row, {"file", "slug", "title", "organisation"}, path)
        entry = Entry(_text(row, "slug", path), _text(row, "title", path), _text(row, "organisation", path))
        if entry.slug is not None and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", entry.slug):
            raise ManifestError(
                f"{path}: the slug {entry.slug!r} can't be used. Expected small letters, digits and hyphens."
            )
        if entry.organisation is not None and contacts and entry.organisation not in contacts:
            raise ManifestError(
                f"{path}: the organisation {entry.organisation!r} of {row.get('file')!r} is not listed. Add it under [[organisations]]."
            )
        entries[str(_text(row, "file", path, needed=True))] = entry
    slugs = [entry.slug for entry in entries.values() if entry.slug]
    twice = next((slug for slug in slugs if slugs.count(slug) > 1), None)
    if twice is not None:
        raise ManifestError(f"{path}: the slug {twice!r} is given to two files. Give each its own.")
    return Manifest(entries, contacts)


def _rows(table: dict[str, object], key: str, path: Path) -> list[dict[str, object]]:
    rows = table.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ManifestError(f"{path}: {key!r} is no list of tables. Expected [[{key}]] entries.")
    return rows


def _known(row: dict[str, object], keys: set[str], path: Path) -> None:
    unknown = next((key for key in row if key not in keys), None)
    if unknown is not None:
        raise ManifestError(f"{path}: there is no key {unknown!r}. Expected one of: {', '.join(sorted(keys))}.")


def _text(row: dict[str, object], key: str, path: Path, *, needed: bool = False) -> str | None:
    value = row.get(key)
    if value is None and not needed:
        return None
    if not isinstance(value, str) or not value.strip():
        raise ManifestError(f"{path}: {key!r} is {value!r}. Expected a text.")
    return value.strip()


def _contacts(table: object, path: Path) -> tuple[Contact, ...]:
    if not isinstance(table, dict):
        raise ManifestError(f"{path}: 'contacts' is {table!r}. Expected tables such as [organisations.contacts.dsl].")
    unknown = next((role for role in table if role not in CONTACT_ROLES), None)
    if unknown is not None:
        raise ManifestError(
            f"{path}: there is no contact role {unknown!r}. Expected one of: {', '.join(CONTACT_ROLES)}."
        )
    found = []
    for role, row in table.items():
        if not isinstance(row, dict):
            raise ManifestError(
                f"{path}: the contact {role!r} is {row!r}. Expected a table with name, phone or email, such as [organisations.contacts.dsl]."
            )
        _known(row, {"name", "phone", "email"}, path)
        found.append(Contact(role, _text(row, "name", path), _text(row, "phone", path), _text(row, "email", path)))
    return tuple(found)
