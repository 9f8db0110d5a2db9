"""What is kept: nothing by default; what an administrator turned on, masked, for so many days; a chain that shows tampering."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from assistant.answers import Answer, Quote, Safeguarding
from assistant.records import HELPFUL, NOTHING_NEAR, Records, Row, noticed, records, row
from assistant.settings import Settings
from tests.commands import POLICY_ASSISTANT, run_program

NAMED = "Jayden Smith in 7B (07700 900123) wants to follow me. May he?"


def near(heading="Friend requests"):
    return Quote("oak", "T", "O", "oak/1", "1", (heading,), (), "x", (), "t.txt", None, "must", 0.1)


def asked(status, question=NAMED, quotes=(), related=()):
    return Answer(
        question,
        None,
        status,
        quotes=quotes,
        related=related,
        safeguarding=Safeguarding("consult"),
        timings_ms={"total": 41.6},
    )


@pytest.fixture
def kept(tmp_path):
    return Records(tmp_path / "records.sqlite3", 30)


def written(kept, *rows):
    for one in rows:
        kept.note(one)
    kept.flush()
    return kept.questions()


def test_nothing_is_kept_by_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert records(Settings()) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "status", "mark", "held"),
    [
        (False, "not_covered", "other", False),
        (True, "answered", None, False),
        (True, "not_covered", None, True),
        (True, "answered", "verdict", True),
        (True, "answered", HELPFUL, False),
        (True, "not_covered", HELPFUL, False),
    ],
)
def test_words_are_kept_masked_and_only_of_unanswered_and_reported_questions(kept, text, status, mark, held):
    made = row(asked(status), ["Oakfield"], text, mark=mark)
    (found,) = written(kept, made)
    assert found == made
    assert (found.mark, found.reported) == (mark, mark not in {None, HELPFUL})
    assert (found.text is not None) == held
    raw = b"".join(path.read_bytes() for path in kept.path.parent.iterdir())
    assert not any(word in raw for word in (b"Jayden", b"07700", b"900123"))
    assert (b"wants to follow me" in raw) == held


def test_a_row_says_what_became_of_the_question_and_not_who_asked(kept):
    made = row(asked("answered", quotes=(near(),)), ["B", "A"], False)
    assert (made.schools, made.clauses, made.topic, made.milliseconds, made.level) == (
        ("A", "B"),
        ("oak/1",),
        "Friend requests",
        42,
        "consult",
    )
    assert made.time.endswith("Z")
    assert len(made.time) == len("2026-11-21T13:30Z")
    assert not {"user", "name", "address"} & set(Row.__slots__)


def test_topics_of_unanswered_questions_are_counted_for_the_schools_seen(kept):
    written(
        kept,
        row(asked("not_covered", related=(near("Pets"),)), ["A"], False),
        row(asked("not_covered", related=(near("Pets"),)), ["A"], False),
        row(asked("not_covered"), ["A"], False),
        row(asked("not_covered"), ["A"], False, mark=HELPFUL),
        row(asked("answered", quotes=(near("Pets"),)), ["A"], False),
        row(asked("not_covered", related=(near("Secret"),)), ["A", "B"], False),
    )
    assert kept.counts(lambda schools: set(schools) <= {"A"}) == [("Pets", 2), (NOTHING_NEAR, 1)]


def test_what_is_too_old_is_deleted_from_the_file_too(kept):
    old = (datetime.now(UTC) - timedelta(days=31)).strftime("%Y-%m-%dT%H:%MZ")
    new = (datetime.now(UTC) - timedelta(days=29)).strftime("%Y-%m-%dT%H:%MZ")
    rows = [
        Row(moment, (), "not_covered", None, "none", (), "t", 1, "extractive", text=f"words of {moment}")
        for moment in (old, new)
    ]
    found = written(kept, *rows)  # the writer clears up after its first row
    assert kept.erase(datetime.now(UTC) - timedelta(days=30)) <= 1
    assert [one.time for one in kept.questions()] == [new]
    assert len(found) <= 2
    raw = b"".join(path.read_bytes() for path in kept.path.parent.iterdir())
    assert f"words of {old}".encode() not in raw
    assert kept.erase() == 1
    assert kept.questions() == []


@pytest.mark.parametrize("harm", ["locked", "no folder", "read-only"])
def test_a_log_that_can_t_be_written_takes_nothing_away(tmp_path, harm):
    kept = Records(tmp_path / "records.sqlite3", 30)
    made = row(asked("answered"), [], False)
    if harm == "no folder":
        (tmp_path / "file").write_text("")
        kept = Records(tmp_path / "file" / "records.sqlite3", 30)
    elif harm == "read-only":
        kept.path.write_bytes(b"this is no database, and it stays as it is" * 50)
    else:
        written(kept, made)
    with closing(sqlite3.connect(kept.path if harm == "locked" else ":memory:")) as other:
        if harm == "locked":
            other.execute("BEGIN EXCLUSIVE")
        kept.note(made)
        kept.flush(8)
    assert kept.lost == 1


def test_more_than_can_wait_is_dropped_without_waiting(tmp_path):
    kept = Records(tmp_path / "records.sqlite3", 30)
    made = row(asked("answered"), [], False)
    for _ in range(3000):
        kept.note(made)
    kept.flush(20)
    assert len(kept.questions()) + kept.lost == 3000


def test_a_changed_or_missing_action_breaks_the_chain(kept):
    for number in range(4):
        kept.act("boss", "document added", f"number {number}")
    assert kept.broken() is None
    with closing(sqlite3.connect(kept.path)) as connection, connection:
        connection.execute("UPDATE audit SET actor = 'someone' WHERE number = 3")
    assert kept.broken() == 3
    with closing(sqlite3.connect(kept.path)) as connection, connection:
        connection.execute("DELETE FROM audit WHERE number = 2")
    assert kept.broken() == 2


@pytest.mark.parametrize(("log", "said"), [("off", "is not kept"), ("metadata", "no words"), ("text", "masked")])
def test_the_notice_says_what_is_kept(log, said):
    notice = noticed("What you type stays on this machine and is not kept.", Settings(log=log))
    assert said in notice
    assert ("is not kept" in notice) == (log == "off")


def test_the_command_exports_counts_erases_and_checks(kept):
    written(kept, row(asked("not_covered", related=(near("Pets"),)), ["A"], True))

    def log(*words):
        return run_program(
            POLICY_ASSISTANT, "log", *words, env={"ASSISTANT_RECORDS": str(kept.path), "ASSISTANT_LOG": "text"}
        )

    assert '"topic": "Pets"' in log("export").stdout
    assert log("counts").stdout == "1\tPets\n"
    assert log("erase", "--yes").stdout == "1 questions were erased.\n"
    shown = log("actions")
    assert (shown.returncode, "log erased" in shown.stdout, shown.stdout.endswith("The chain holds.\n")) == (
        0,
        True,
        True,
    )


def test_a_file_of_an_earlier_version_is_read_and_written_on(kept):
    written(kept, row(asked("answered"), ["A"], False))
    with closing(sqlite3.connect(kept.path)) as connection, connection:
        connection.execute("ALTER TABLE question DROP COLUMN mark")
    found = written(kept, row(asked("answered"), ["A"], False, mark="clause"))
    assert [one.mark for one in found] == [None, "clause"]


def test_the_file_is_private(kept):
    kept.act("boss", "signed in", "")
    assert os.stat(kept.path).st_mode & 0o077 == 0
