"""`policy-assistant users`: add, change, list and remove those who may sign in."""

import sys
from pathlib import Path

import click

from assistant.errors import SettingsError
from assistant.records import audit
from assistant.settings import read_settings
from assistant.users import User, Users, roles

_FILE = click.option(
    "--file", "file", type=click.Path(path_type=Path, dir_okay=False), help="File of users (default: ASSISTANT_USERS)."
)
_STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from standard input, a line.")


@click.group()
def users() -> None:
    """Add, change, list and remove those who may sign in.

    Example: policy-assistant users add j.smith --role dsl --school "Oakfield Primary School"
    """


@users.command()
@click.argument("name")
@click.option("--role", type=click.Choice(roles()), default="staff", show_default=True)
@click.option("--school", "schools", multiple=True, help="Only this school's documents; may be given again.")
@click.option("--no-password", is_flag=True, help="For those whom a reverse proxy signs in.")
@_STDIN
@_FILE
def add(
    name: str, role: str, schools: tuple[str, ...], file: Path | None, *, no_password: bool, password_stdin: bool
) -> None:
    """Add a user."""
    held = _users(file)
    if held.get(name) is not None:
        raise SettingsError(
            f"There is a user {name!r} already. Change the password with `users passwd`, or remove the user first."
        )
    password = None if no_password else _password(password_stdin)
    held.put(User(name, role, frozenset(schools) or None), password)  # type: ignore[arg-type]  # click has checked the role
    audit(read_settings(), "command line", "user added", f"{name}, {role}")
    click.echo(f"{name} was added ({role}).")


@users.command()
@click.argument("name")
@_STDIN
@_FILE
def passwd(name: str, file: Path | None, *, password_stdin: bool) -> None:
    """Change a password; the user's open sessions end."""
    held = _users(file)
    user = held.get(name)
    if user is None:
        raise SettingsError(f"There is no user {name!r} in {held.path}. `policy-assistant users list` names them.")
    held.put(user, _password(password_stdin))
    audit(read_settings(), "command line", "password changed", name)
    click.echo(f"The password of {name} was changed.")


@users.command()
@click.argument("name")
@_FILE
def remove(name: str, file: Path | None) -> None:
    """Remove a user; their open sessions end."""
    _users(file).remove(name)
    audit(read_settings(), "command line", "user removed", name)
    click.echo(f"{name} was removed.")


@users.command(name="list")
@_FILE
def listed(file: Path | None) -> None:
    """List the users: name, role, schools."""
    for user in _users(file).all():
        click.echo(f"{user.name}\t{user.role}\t{'; '.join(sorted(user.schools)) if user.schools else 'all schools'}")


def _users(file: Path | None) -> Users:
    path = file or read_settings().users
    if path is None:
        raise SettingsError("No file of users is named. Set ASSISTANT_USERS, or give --file users.json.")
    return Users(path)


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
