"""Who may use the program over a network: a file of users with roles, schools and argon2id hashes of their passwords."""

import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import SettingsError

Role = Literal["staff", "dsl", "admin", "evaluator"]
Right = Literal["documents", "contacts", "counts"]
RIGHTS: Mapping[Role, frozenset[Right]] = {
    "staff": frozenset(),
    "dsl": frozenset({"contacts", "counts"}),
    "admin": frozenset({"documents", "contacts", "counts"}),
    "evaluator": frozenset(),  # asks as staff do; what it asks enters no log
}
"""What a role may do beside asking: change documents, confirm contacts, see the counts of unanswered questions."""

MIN_PASSWORD = 12
"""Characters. Length beats rules about signs (NCSC, password guidance)."""
MAX_PASSWORD = 256
_NAME = re.compile(r"[^\s\x00-\x1f:,;\"]{1,100}")


@dataclass(frozen=True, slots=True)
class User:
    """Whoever asks. `schools`: the organisations whose documents are seen; None: all."""

    name: str
    role: Role = "staff"
    schools: frozenset[str] | None = None

    def may(self, right: Right) -> bool:
        """Whether the role gives the right."""
        return right in RIGHTS[self.role]


LOCAL = User("local", "admin")
"""Whoever sits at the machine, where the app listens on it alone and asks for no sign-in."""
NOBODY = User("nobody", "staff", frozenset())
"""Sees nothing: for work that no request stands behind."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    role: Role
    schools: tuple[str, ...] | None = None
    password: str | None = None


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id with the parameters of RFC 9106 for little memory


@cache
def _nobodys() -> str:
    """A hash to check where there is no such user, so that the time taken tells nothing."""
    return _hasher().hash(os.urandom(16).hex())


class Users:
    """The users of a file; read again when the file changes, so that a removed user is out at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held: tuple[tuple[int, int, int], dict[str, _Entry]] | None = None
        self._reading = threading.Lock()

    def get(self, name: str) -> User | None:
        """The user of a name.

        Raises:
            SettingsError: the file can't be used.
        """
        entry = self._entries().get(name)
        return _user(name, entry) if entry else None

    def all(self) -> list[User]:
        """Everyone, in the order of names."""
        return [_user(name, entry) for name, entry in sorted(self._entries().items())]

    def stamp(self, name: str) -> str:
        """Changes with the user's password: a session that began before it ends. Empty where there is no such user."""
        entry = self._entries().get(name)
        return hashlib.sha256((entry.password or "").encode()).hexdigest()[:16] if entry else ""

    def check(self, name: str, password: str) -> User | None:
        """The user, where the password is right. A wrong name takes as long as a wrong password."""
        entry = self._entries().get(name)
        stored = entry.password if entry and entry.password else _nobodys()
        try:
            _hasher().verify(stored, password[:MAX_PASSWORD])
        except (VerificationError, InvalidHashError):
            return None
        return _user(name, entry) if entry and entry.password else None

    def put(self, user: User, password: str | None) -> None:
        """Add a user, or change one. Without a password only a reverse proxy's identity header lets them in.

        Raises:
            SettingsError: the name, the schools or the password can't be used.
        """
        if not _NAME.fullmatch(user.name):
            raise SettingsError(
                f"{user.name!r} is no user name. Expected 1 to 100 characters without spaces, commas, colons or quotation marks."
            )
        if user.role == "admin" and user.schools is not None:
            raise SettingsError(
                "An administrator sees every school. Leave --school out, or give the role staff, dsl or evaluator."
            )
        if password is not None and not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
            raise SettingsError(
                f"The password has {len(password)} characters. Expected {MIN_PASSWORD} to {MAX_PASSWORD}; three random words do well."
            )
        schools = None if user.schools is None else tuple(sorted(user.schools))
        hashed = None if password is None else _hasher().hash(password)
        with self._writing() as entries:
            entries[user.name] = _Entry(role=user.role, schools=schools, password=hashed)

    def remove(self, name: str) -> None:
        """Take a user out.

        Raises:
            SettingsError: there is no such user.
        """
        with self._writing() as entries:
            if entries.pop(name, None) is None:
                raise SettingsError(
                    f"There is no user {name!r} in {self.path}. `policy-assistant users list` names them."
                )

    def _entries(self) -> dict[str, _Entry]:
        with self._reading:
            try:
                found = self.path.stat()
            except FileNotFoundError:
                return {}
            except OSError as error:
                raise SettingsError(f"The users in {self.path} can't be read: {error.strerror}.") from error
            seen = (found.st_mtime_ns, found.st_size, found.st_ino)
            if self._held is None or self._held[0] != seen:
                self._held = (seen, _read(self.path))
            return self._held[1]

    @contextmanager
    def _writing(self) -> Iterator[dict[str, _Entry]]:
        """The entries, to be changed; written whole beside the file, then put in its place."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(f"{self.path}.lock", timeout=10):
                entries = dict(self._entries())
                yield entries
                partial = self.path.with_name(self.path.name + ".part")
                rows = {name: entry.model_dump(exclude_none=True) for name, entry in sorted(entries.items())}
                with open(partial, "w", encoding="utf-8", opener=_private) as out:
                    json.dump(rows, out, ensure_ascii=False, indent=2)
                    out.flush()
                    os.fsync(out.fileno())
                partial.replace(self.path)
        except Timeout as error:
            raise SettingsError(f"Another process is changing {self.path}. Try again.") from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _read(path: Path) -> dict[str, _Entry]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(rows, dict):
            raise ValueError("it is no JSON object")
        return {str(name): _Entry.model_validate(row) for name, row in rows.items()}
    except (ValueError, ValidationError, OSError) as error:  # the reason alone: the values hold hashes
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise SettingsError(
            f"The users in {path} can't be read ({reason}). Put back a copy, or delete the file and add them again with `policy-assistant users add`."
        ) from None


def _user(name: str, entry: _Entry) -> User:
    return User(name, entry.role, None if entry.schools is None else frozenset(entry.schools))


def roles() -> tuple[Role, ...]:
    """The roles there are."""
    return get_args(Role)
