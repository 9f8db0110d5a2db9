"""What is kept, where an administrator turned it on: a log of questions, and administrators' actions in a chain of hashes. One SQLite file of its own.

By default nothing is kept and the file is not made. A log that can't be written (disk full, file locked) never takes an answer away.
"""

import atexit
import hashlib
import json
import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.answers import Answer
from assistant.errors import RecordsError
from assistant.masking import Masker
from assistant.settings import Settings

log = logging.getLogger(__name__)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS question (
    number INTEGER PRIMARY KEY, time TEXT NOT NULL, schools TEXT NOT NULL, status TEXT NOT NULL, verdict TEXT, level TEXT NOT NULL,
    clauses TEXT NOT NULL, topic TEXT NOT NULL, milliseconds INTEGER NOT NULL, made_by TEXT NOT NULL, reported INTEGER NOT NULL, text TEXT, mark TEXT);
CREATE TABLE IF NOT EXISTS audit (
    number INTEGER PRIMARY KEY, time TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL, hash TEXT NOT NULL);
"""
_COLUMNS = "time, schools, status, verdict, level, clauses, topic, milliseconds, made_by, reported, text, mark"
WAITING = 1000
"""Rows that may wait for the writer; what comes beyond them is dropped and counted."""
_TOGETHER = 100
"""Rows written in one transaction at most."""
_HOUR = 3600.0
_ALIKE = 60
"""Seconds by which the wall clock may run away from the steady one between two looks and still not have been set."""
_ORIGIN = "0" * 64
NOTHING_NEAR = "nothing near it"
HELPFUL = "helpful"
PROBLEMS = {
    "clause": "The clause does not answer the question",
    "missing": "A clause that answers is missing",
    "verdict": "Yes, no or it depends: the wrong one",
    "safeguarding": "The safeguarding advice is wrong",
    "document": "The document is out of date or is not ours",
    "other": "Something else",
}
"""What a person may say is wrong with an answer."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question as it is kept: no name of who asked; words only where text is kept, with personal data masked."""

    time: str
    """UTC, to the minute."""
    schools: tuple[str, ...]
    status: str
    verdict: str | None
    level: str
    clauses: tuple[str, ...]
    topic: str
    """Heading of the nearest clause; of the question itself nothing."""
    milliseconds: int
    made_by: str
    reported: bool = False
    text: str | None = None
    mark: str | None = None
    """HELPFUL, or one of PROBLEMS, where the row is a person's verdict on an answer."""


def row(answer: Answer, schools: Sequence[str], text: bool, *, mark: str | None = None) -> Row:
    """What is kept of an answer, or of a person's verdict on it. With `text`, the question's words too where nothing answered it or it was reported, masked."""
    reported = mark is not None and mark != HELPFUL
    nearest = next((item for item in (*answer.quotes, *answer.related)), None)
    kept = text and (reported or (answer.status == "not_covered" and mark is None))
    return Row(
        _minute(datetime.now(UTC)),
        tuple(sorted(schools)),
        answer.status,
        answer.verdict,
        answer.safeguarding.level,
        tuple(item.clause for item in answer.quotes),
        nearest.headings[-1] if nearest and nearest.headings else NOTHING_NEAR,
        round(answer.timings_ms.get("total", 0.0)),
        answer.answered_by,
        reported,
        Masker().mask(answer.question) if kept else None,
        mark,
    )


class Records:
    """The file. Questions are written by one thread; administrators' actions at once, by whoever did them."""

    def __init__(self, path: Path, days: int, every: float = _HOUR) -> None:
        self.path = path
        self.days = days
        self.every = every
        """Seconds between two looks for what has been kept long enough."""
        self.lost = 0
        """Rows that could not be written since the start."""
        self._waiting: queue.Queue[Row] = queue.Queue(WAITING)
        self._writer: threading.Thread | None = None
        self._starting = threading.Lock()
        self._looked: tuple[float, datetime] | None = None

    def start(self) -> None:
        """Start the writer, which also deletes what has been kept long enough: at once and every hour, whether anybody asks or not."""
        with self._starting:
            if self._writer is None:
                self._writer = threading.Thread(target=self._write, name="records", daemon=True)
                self._writer.start()
                atexit.register(self.flush)

    def note(self, made: Row) -> None:
        """Keep a question's row: soon, by the writer. Never raises and never waits."""
        self.start()
        try:
            self._waiting.put_nowait(made)
        except queue.Full:
            self.lost += 1

    def flush(self, seconds: float = 3) -> None:
        """Wait until what waits is written, at most so long."""
        until = time.monotonic() + seconds
        while self._waiting.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.01)

    def _write(self) -> None:
        while True:
            made: list[Row] = []
            try:
                self._tidy()
            except (RecordsError, OSError) as error:
                log.warning("What was kept long enough could not be deleted: %s", error)
            with suppress(queue.Empty):
                made.append(self._waiting.get(timeout=self.every))
                while len(made) < _TOGETHER:
                    made.append(self._waiting.get_nowait())
            try:
                if made:
                    self._insert(made)
            except (RecordsError, OSError) as error:
                self.lost += len(made)
                log.warning("%d rows of the log were lost: %s", len(made), error)
            finally:
                for _ in made:
                    self._waiting.task_done()

    def _insert(self, made: Sequence[Row]) -> None:
        with self._open() as connection, connection:
            connection.executemany(
                f"INSERT INTO question ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", [_flat(one) for one in made]
            )

    def _tidy(self) -> None:
        """Delete what has been kept long enough, where it is time to look.

        A row that was written while the clock was ahead would be kept for as much longer. It is dated now, once the clock has not been set between two looks;
        where most rows lie ahead it is the clock of now that is wrong.
        """
        steady, now = time.monotonic(), datetime.now(UTC)
        before = self._looked
        if (before is not None and steady - before[0] < self.every) or not self.path.exists():
            return
        self._looked = (steady, now)
        if before is not None and abs((now - before[1]).total_seconds() - (steady - before[0])) < _ALIKE:
            with self._open() as connection, connection:
                connection.execute(
                    "UPDATE question SET time = ?1 WHERE time > ?1 AND (SELECT 2 * sum(time > ?1) <= count(*) FROM question)",
                    (_minute(now),),
                )
        self.erase(now - timedelta(days=self.days))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new = not self.path.exists()
            connection = sqlite3.connect(self.path, timeout=5)
        except (sqlite3.Error, OSError) as error:
            raise RecordsError(
                f"The records in {self.path} can't be opened ({error}). Check the folder and its rights."
            ) from error
        try:
            if new:
                self.path.chmod(0o600)
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(_SCHEMA)
            if "mark" not in {column[1] for column in connection.execute("PRAGMA table_info(question)")}:
                connection.execute("ALTER TABLE question ADD COLUMN mark TEXT")  # a file of an earlier version
            yield connection
        except sqlite3.Error as error:
            raise RecordsError(
                f"The records in {self.path} can't be used now ({error}). Check that the disk is not full, that the file may be written, and that no other program holds it."
            ) from error
        finally:
            connection.close()

    def questions(self) -> list[Row]:
        """What is kept of questions, oldest first.

        Raises:
            RecordsError: the file can't be used.
        """
        with self._open() as connection:
            found = connection.execute(f"SELECT {_COLUMNS} FROM question ORDER BY number").fetchall()
        return [_row(values) for values in found]

    def erase(self, before: datetime | None = None) -> int:
        """Delete the questions kept before a moment, or all; returns how many. The actions of administrators stay."""
        moment = _minute(before) if before else "9999"
        with self._open() as connection:
            with connection:
                count = connection.execute("DELETE FROM question WHERE time < ?", (moment,)).rowcount
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # else the words stay in the write-ahead log
        return int(count)

    def counts(self, seen: Callable[[tuple[str, ...]], bool]) -> list[tuple[str, int]]:
        """Topics of the questions that nothing answered, the most frequent first, of rows whose schools may be `seen`."""
        found: dict[str, int] = {}
        for made in self.questions():
            if made.status == "not_covered" and made.mark is None and seen(made.schools):
                found[made.topic] = found.get(made.topic, 0) + 1
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))

    def act(self, actor: str, action: str, detail: str) -> None:
        """Put an administrator's action at the end of the chain: each hash covers the row and the hash before it."""
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        with self._open() as connection:
            connection.isolation_level = None
            connection.execute("BEGIN IMMEDIATE")  # nobody else takes the end of the chain meanwhile
            last = connection.execute("SELECT hash FROM audit ORDER BY number DESC LIMIT 1").fetchone()
            link = _link(last[0] if last else _ORIGIN, (moment, actor, action, detail))
            connection.execute(
                "INSERT INTO audit (time, actor, action, detail, hash) VALUES (?,?,?,?,?)",
                (moment, actor, action, detail, link),
            )
            connection.execute("COMMIT")

    def actions(self) -> list[tuple[str, str, str, str, str]]:
        """Administrators' actions in their order: time, actor, action, detail, hash."""
        with self._open() as connection:
            return connection.execute("SELECT time, actor, action, detail, hash FROM audit ORDER BY number").fetchall()

    def broken(self) -> int | None:
        """Place (from 1) of the first action that was changed, or before which one was taken out; None where the chain holds."""
        before = _ORIGIN
        for place, (*values, found) in enumerate(self.actions(), 1):
            before = _link(before, tuple(values))
            if before != found:
                return place
        return None


def records(settings: Settings) -> Records | None:
    """The records, where the settings want any: a log, or a sign-in whose administrators' actions are noted."""
    return Records(settings.records, settings.log_days) if settings.log != "off" or settings.has_sign_in else None


def audit(settings: Settings, actor: str, action: str, detail: str) -> None:
    """Note an administrator's action, where records are kept; a failure is logged and stops nothing."""
    kept = records(settings)
    if kept is not None:
        act(kept, actor, action, detail)


def act(kept: Records, actor: str, action: str, detail: str) -> None:
    """Note an action; a failure is logged and stops nothing."""
    try:
        kept.act(actor, action, detail)
    except RecordsError as error:
        log.error("An action of an administrator (%s by %s) was not noted: %s", action, actor, error)


def noticed(notice: str, settings: Settings) -> str:
    """The notice for the screen, with what is kept where the log is on."""
    if settings.log == "off":
        return notice
    words = (
        "no words"
        if settings.log == "metadata"
        else "the words of unanswered and reported ones, names and numbers masked as far as the program finds them"
    )
    kept = f"For {settings.log_days} days it is kept when something was asked, of which school, and which clauses answered; {words}; never who asked."
    return f"{notice.replace(' and is not kept', '')} {kept}"


def _minute(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def _link(before: str, values: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps([before, *values], ensure_ascii=True).encode()).hexdigest()


def _flat(made: Row) -> tuple[Any, ...]:
    return tuple(json.dumps(value) if isinstance(value, tuple) else value for value in asdict(made).values())


def _row(values: tuple[Any, ...]) -> Row:
    moment, schools, status, verdict, level, clauses, topic, spent, made_by, reported, text, mark = values
    return Row(
        moment,
        tuple(json.loads(schools)),
        status,
        verdict,
        level,
        tuple(json.loads(clauses)),
        topic,
        spent,
        made_by,
        bool(reported),
        text,
        mark,
    )
