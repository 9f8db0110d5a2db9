"""What the running program says on standard error: by default errors as text; by one setting a line of JSON for every response and error.

A line of JSON never holds what somebody typed: of errors it has the kind and the place, not the message, as that may quote a question; of other people's code only who
spoke; of addresses only those that this program serves, without what follows the question mark.
"""

import io
import json
import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType

_OURS = "assistant"
_FIELDS = ("method", "path", "status", "milliseconds")
log = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """A record as a line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, without a newline."""
        ours = record.name.partition(".")[0] == _OURS
        row: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage() if ours else "not shown",
        }
        row |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if not ours:
            row["place"] = f"{record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[0] is not None:
            row["error"] = record.exc_info[0].__name__
            row["frames"] = _frames(record.exc_info[2])
        return json.dumps(row, ensure_ascii=True)


def _frames(found: TracebackType | None) -> list[str]:
    """Where an error went through, innermost last: file, line and function."""
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(found)]


class _Strays(io.TextIOBase):
    """Stands in for standard error: what is printed there past the journal is told, not shown."""

    def write(self, text: str) -> int:
        """Take a piece of text; a line's end tells it."""
        if "\n" in text:
            log.warning("A part of the program printed a line, which is not shown")
        return len(text)


@contextmanager
def structured() -> Iterator[None]:
    """Inside the block standard error holds lines of JSON alone."""
    before = sys.stderr
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    handler.setLevel(logging.INFO)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(_OURS).setLevel(logging.INFO)
    logging.captureWarnings(True)
    threading.excepthook = lambda found: _unhandled(
        found.exc_type, found.exc_value or found.exc_type(), found.exc_traceback
    )
    sys.stderr = _Strays()
    try:
        yield
    finally:
        sys.stderr = before  # what stopped the program is told as ever


def _unhandled(kind: type[BaseException], error: BaseException, found: TracebackType | None) -> None:
    log.critical("An error was not handled", exc_info=(kind, error, found))
