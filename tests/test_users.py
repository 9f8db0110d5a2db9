"""Who gets in: the file of users, the brake on guessing, sessions, what is demanded before the app listens to others."""

import json
import time

import pytest

from app import check_reach
from assistant.errors import SettingsError
from assistant.settings import Settings
from assistant.users import User, Users
from assistant.web.signin import NAME_FAILURES, Attempts, Door, onward
from tests.commands import POLICY_ASSISTANT, run, run_program

SECRET = "correct horse battery"


@pytest.fixture
def users(tmp_path):
    made = Users(tmp_path / "users.json")
    made.put(User("head", "admin"), SECRET)
    made.put(User("ann", "staff", frozenset({"Oakfield Primary School"})), SECRET)
    made.put(User("proxied", "dsl"), None)
    return made


def test_the_file_holds_argon2id_hashes_and_is_private(users):
    text = users.path.read_text(encoding="utf-8")
    assert SECRET not in text
    assert json.loads(text)["head"]["password"].startswith("$argon2id$")
    assert users.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "password", "known"),
    [
        ("head", SECRET, True),
        ("head", SECRET + " ", False),
        ("nobody", SECRET, False),
        ("proxied", "", False),
        ("", "", False),
    ],
)
def test_a_password_lets_its_user_in_and_nobody_else(users, name, password, known):
    assert (users.check(name, password) is not None) == known


def test_a_wrong_name_takes_as_long_as_a_wrong_password(users):
    users.check("nobody", "x")  # makes the hash that stands in

    def took(name):
        best = 9.0
        for _ in range(3):
            began = time.perf_counter()
            users.check(name, "wrong password")
            best = min(best, time.perf_counter() - began)
        return best

    known, unknown = took("head"), took("nobody")
    assert 0.4 < known / unknown < 2.5


@pytest.mark.parametrize(
    ("user", "password", "said"),
    [
        (User("a b"), SECRET, "no user name"),
        (User("x", "admin", frozenset({"Oakfield"})), SECRET, "administrator sees every school"),
        (User("x"), "short", "has 5 characters"),
    ],
)
def test_what_can_t_be_a_user_is_refused(users, user, password, said):
    before = users.path.read_bytes()
    with pytest.raises(SettingsError, match=said):
        users.put(user, password)
    assert users.path.read_bytes() == before


def test_a_damaged_file_lets_nobody_in_and_shows_no_hash(users):
    users.path.write_text('{"head": {"role": "king", "password": "$argon2id$secret"}}', encoding="utf-8")
    with pytest.raises(SettingsError) as told:
        users.check("head", SECRET)
    assert "$argon2id$" not in str(told.value)


def test_too_many_failures_lock_a_key_for_a_while():
    now = [0.0]
    attempts = Attempts(3, 60, lambda: now[0])
    for _ in range(3):
        assert attempts.wait("ann") == 0
        attempts.failed("ann")
    assert (attempts.wait("ann"), attempts.wait("bob")) == (60, 0)
    now[0] = 60.0
    assert attempts.wait("ann") == 0


def test_a_locked_name_is_refused_with_the_right_password_too_known_or_not(users):
    door = Door(users, 8)
    for name in ("head", "nobody"):
        for _ in range(NAME_FAILURES):
            door._names.failed(name)
        user, told = door.sign_in(name, SECRET, "192.0.2.1")
        assert user is None
        assert told.startswith("Too many attempts. Wait 15 minutes")


def test_a_session_ends_with_the_password_the_user_or_the_sign_out(users):
    door = Door(users, 8)

    def begun(name):
        user, token = door.sign_in(name, SECRET, "192.0.2.1")
        assert user is not None
        assert door.known(token) == user
        return token

    first, second = begun("ann"), begun("ann")
    door.leave(first)
    assert door.known(first) is None
    assert door.known(second) is not None
    users.put(User("ann"), SECRET + "!")
    assert door.known(second) is None
    third = begun("head")
    users.remove("head")
    assert door.known(third) is None
    assert door.known(third[:-2] + "xx") is None
    assert Door(users, 8).known(third) is None  # another start, another key


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ("/read/oakfield?clause=1", "/read/oakfield?clause=1"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
        ("javascript:1", "/"),
    ],
)
def test_after_signing_in_nobody_is_sent_elsewhere(wanted, where):
    assert onward(wanted) == where


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"host": "0.0.0.0"}, "no sign-in is set"),
        ({"host": "192.0.2.7"}, "no sign-in is set"),
        ({"identity_header": "X-User"}, "needs ASSISTANT_TRUSTED_PROXIES"),
        ({"identity_header": "X-User", "trusted_proxies": "proxy.example"}, "Expected addresses or networks"),
        ({"users": "missing.json", "host": "0.0.0.0"}, "names nobody"),
    ],
)
def test_an_open_door_is_refused_before_anything_listens(tmp_path, monkeypatch, settings, said):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=said):
        check_reach(Settings(**settings))


def test_users_are_managed_from_the_command_line(tmp_path):
    file = tmp_path / "users.json"

    def users(*words, said=""):
        return run_program(POLICY_ASSISTANT, "users", *words, "--file", file, said=said)

    added = users("add", "ann", "--school", "Oakfield Primary School", "--password-stdin", said=SECRET + "\n")
    assert (added.returncode, added.stdout) == (0, "ann was added (staff).\n")
    again = users("add", "ann", "--no-password")
    assert again.returncode == 2
    assert "There is a user 'ann' already" in again.stderr
    assert users("passwd", "ann", "--password-stdin", said="another good password\n").returncode == 0
    assert users("list").stdout == "ann\tstaff\tOakfield Primary School\n"
    assert Users(file).check("ann", "another good password") is not None
    assert users("remove", "ann").returncode == 0
    assert users("remove", "ann").returncode == 2
    assert "No file of users is named" in run("users", "list").stderr
