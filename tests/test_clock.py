"""A clock that is set, far ahead or back, while the program runs: nobody is signed out or let in, nothing is lost, nothing is kept longer, dates are judged anew."""

import json
import shutil
import time
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from assistant.answers import Answer
from assistant.records import Records, row
from assistant.users import User, Users
from assistant.web.signin import NAME_FAILURES
from tests.commands import POLICY_ASSISTANT, answers, free_port, run, run_program, started, wait_for
from tests.conftest import missing

POLICY = (
    "Kite Policy\n\nNext review date: September {year}\n\n1 Flying\n1.1 Staff must not fly kites on the school roof.\n"
)
QUESTION = "Can I fly kites on the school roof?"
SECRET = "correct horse battery"


class Clock:
    """The wall clock of the programs that run under `env`; clocks that nobody can set go on as they are."""

    def __init__(self, folder: Path) -> None:
        found = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
        if shutil.which("faketime") is None or found is None:
            missing("faketime (Debian's package)")
        self.file = folder / "clock"
        self.env = {
            "LD_PRELOAD": str(found),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",  # its name in earlier versions
        }
        self.file.write_text("+0d\n")

    def set(self, days: int) -> None:
        """Put it so many days ahead of the true time."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{days:+}d\n")
        new.replace(self.file)
        time.sleep(3)  # programs look at the file when more than a whole second has passed


@pytest.fixture
def clock(tmp_path):
    return Clock(tmp_path)


@contextmanager
def visitor(address, name):
    with httpx.Client(base_url=address, timeout=60) as client:
        assert client.post("/sign-in", data={"name": name, "password": SECRET}).status_code == 303
        yield client


def asked(client, question=QUESTION):
    event = client.post("/gradio_api/call/ask", json={"data": [question, "", "[]"]}).json()["event_id"]
    said = client.get(f"/gradio_api/call/ask/{event}").text
    assert "event: complete\n" in said, said
    return json.loads(said.rpartition("data: ")[2])[0]


def test_the_app_goes_on_when_its_clock_is_set(clock, tmp_path):
    index, policy, users = tmp_path / "index", tmp_path / "kites.txt", Users(tmp_path / "users.json")
    next_year = date.today().year + 1
    policy.write_text(POLICY.format(year=next_year), encoding="utf-8")
    assert run("ingest", policy, "--index", index).returncode == 0
    users.put(User("boss", "admin"), SECRET)
    users.put(User("ann", "admin"), SECRET)
    env = {
        **clock.env,
        "ASSISTANT_USERS": str(users.path),
        "ASSISTANT_RECORDS": str(tmp_path / "records.sqlite3"),
        "ASSISTANT_LOG": "metadata",
    }
    address = f"http://127.0.0.1:{free_port()}"
    with started("serve", "--port", address.rpartition(":")[2], "--index", index, env=env) as process:
        wait_for(lambda: answers(f"{address}/health"), process)
        with visitor(address, "boss") as client:
            for _ in range(NAME_FAILURES):
                httpx.post(f"{address}/sign-in", data={"name": "ann", "password": "wrong and wrong"}, timeout=60)
            for days in (0, 800, -4000, 1):
                clock.set(days)
                answer = asked(client)
                overdue = [line for line in answer["warnings"] if "review" in line]
                assert answer["quotes"][0]["text"] == "Staff must not fly kites on the school roof."
                assert len(overdue) == (days == 800), (days, overdue)
                locked = httpx.post(f"{address}/sign-in", data={"name": "ann", "password": SECRET}, timeout=60)
                assert "Too many attempts" in locked.text, days
            clock.set(-4000)  # a version that was read while the clock was behind is the current one all the same
            policy.write_text(
                POLICY.format(year=next_year).replace("must not", "may"),
                encoding="utf-8",
            )
            done = run_program(POLICY_ASSISTANT, "ingest", policy, "--index", index, env=clock.env)
            assert done.returncode == 0, done.stderr
            clock.set(0)
            assert asked(client)["quotes"][0]["text"] == "Staff may fly kites on the school roof."
    again = run("ingest", policy, "--index", index)
    assert "unchanged" in again.stdout


def test_a_row_from_a_clock_that_was_ahead_is_kept_no_longer_than_others(tmp_path, monkeypatch):
    ahead = timedelta(0)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + ahead

    monkeypatch.setattr("assistant.records.datetime", Clock)
    kept = Records(tmp_path / "records.sqlite3", 30, every=0)
    found = []
    # The row of -4000 days is as old as its clock said; those of now are not lost to it.
    for days, status in ((400, "answered"), (0, "not_covered"), (-4000, "declined"), (0, None), (29, None), (31, None)):
        ahead = timedelta(days=days)
        if status is not None:
            kept._insert([row(Answer("Why?", None, status), [], False)])
        kept._tidy()
        kept._tidy()
        found.append([one.status for one in kept.questions()])
    both = ["answered", "not_covered"]
    assert found == [["answered"], both, [*both, "declined"], both, both, []]


def test_what_is_wrong_with_a_document_is_judged_by_the_day(assistant, monkeypatch):
    shelf = next(shelf for shelf in assistant.index.snapshot().shelves if shelf.document.review_due is not None)

    class Later(date):
        @classmethod
        def today(cls):
            return shelf.document.review_due + timedelta(days=1)

    class Earlier(Later):
        @classmethod
        def today(cls):
            return shelf.document.review_due

    for day, due in ((Earlier, False), (Later, True), (Earlier, False)):
        monkeypatch.setattr("assistant.index.date", day)
        assert ("review_overdue" in {found.kind for found in shelf.findings}) == due
