"""A backup brings back documents, users and records on another machine, with the same answers."""

import pytest

from assistant.ask import Assistant
from assistant.index import Index
from assistant.records import Records
from assistant.resources import corpus_folder
from assistant.settings import Settings
from assistant.users import User, Users
from ingest.sync import sync
from tests.commands import run

QUESTION = "Can I accept a friend request from a parent?"


@pytest.fixture
def small(embedder, tmp_path):
    """The index folder of two policies: a restored index is embedded anew, clause by clause."""
    index = Index(tmp_path / "small", embedder)
    files = [corpus_folder() / name for name in ("oakfield.docx", "thornbury.md")]
    assert {report.status for report in sync(index, files)} == {"new"}
    return index.folder


def test_what_was_saved_comes_back_and_answers_alike(small, embedder, tmp_path):
    def env(place):
        return {
            "ASSISTANT_USERS": str(tmp_path / place / "users.json"),
            "ASSISTANT_RECORDS": str(tmp_path / place / "records.sqlite3"),
        }

    (tmp_path / "old").mkdir()
    Users(tmp_path / "old" / "users.json").put(User("ann", "dsl"), "correct horse battery")
    Records(tmp_path / "old" / "records.sqlite3", 30).act("boss", "document added", "x")
    saved = run("backup", tmp_path / "b.zip", "--index", small, env=env("old"))
    assert (saved.returncode, saved.stderr) == (0, "")
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0
    back = run("restore", tmp_path / "b.zip", "--index", tmp_path / "new" / "index", env=env("new"))
    assert (back.returncode, back.stderr) == (0, "")
    assert Users(tmp_path / "new" / "users.json").check("ann", "correct horse battery") is not None
    assert Records(tmp_path / "new" / "records.sqlite3", 30).broken() is None

    def answered(folder):
        return Assistant(Index(folder, embedder), Settings(index=folder)).ask(QUESTION)

    assert answered(tmp_path / "new" / "index").quotes == answered(small).quotes
    again = run("restore", tmp_path / "b.zip", "--index", tmp_path / "new" / "index", env=env("new"))
    assert again.returncode == 2
    assert "is there already" in again.stderr


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_backup_changes_nothing(tmp_path, content):
    file = tmp_path / "b.zip"
    file.write_bytes(content)
    done = run("restore", file, "--index", tmp_path / "index")
    assert done.returncode == 2
    assert "Take another" in done.stderr
    assert not (tmp_path / "index").exists()
