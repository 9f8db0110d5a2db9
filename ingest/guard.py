"""Reads files in a process of its own, within bounded time and memory: a hostile file ends in a line, not with the program.

The process is started with the first file that needs it, serves all that follow, and is replaced where a file made it fail.
"""

import contextlib
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from assistant.documents import Document
from assistant.errors import UnreadableFileError
from ingest.manifest import Manifest
from ingest.read import read_document

SECONDS = 300
"""Longest time for one file: 300 pages of PDF take some 30 seconds, scanned pages are recognised for at most two minutes."""

MEMORY = 3 * 2**30
"""Bytes of memory that the reading process may take (where the system can limit it)."""

HARMLESS = 200_000
"""Bytes: a text file up to this size is read at once, without another process."""

_HEAD = struct.Struct("!Q")


class Guard:
    """A reading process; use it as a context, which ends it."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self.seconds = seconds
        self.memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._replies: queue.Queue[bytes | None] = queue.Queue()

    def __enter__(self) -> "Guard":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def read(self, path: Path, data: bytes, manifest: Manifest, slug: str) -> Document:
        """One file as a document.

        Raises:
            UnreadableFileError: with the reason; also where reading takes too long, too much memory, or ends the process.
        """
        if path.suffix.lower() in {".txt", ".md", ".markdown"} and len(data) <= HARMLESS:
            return read_document(path, data, manifest, slug)
        reply = self._asked(pickle.dumps((path, data, manifest, slug)))
        if isinstance(reply, str):
            raise UnreadableFileError(reply)
        return reply

    @property
    def process_id(self) -> int | None:
        """The reading process, where one is running."""
        return self._process.pid if self._process else None

    def _asked(self, request: bytes) -> Document | str:
        process = self._running()
        assert process.stdin is not None  # it was started with a pipe
        try:
            process.stdin.write(_HEAD.pack(len(request)) + request)
            process.stdin.flush()
            answer = self._replies.get(timeout=self.seconds)
        except queue.Empty:
            self._end()
            return f"Reading it took more than {self.seconds:.0f} seconds and was stopped. Save it again, or split it."
        except OSError:
            answer = None
        if answer is None:
            self._end()
            return (
                "Reading it ended the reading process: the file is damaged or hostile. Save it again from its program."
            )
        reply: Document | str = pickle.loads(answer)
        return reply

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            self._replies = queue.Queue()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ingest.guard", str(self.memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )
            threading.Thread(target=_listen, args=(self._process.stdout, self._replies), daemon=True).start()
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()


def _listen(stream: IO[bytes], replies: "queue.Queue[bytes | None]") -> None:
    """Put each reply into the queue, and None when the process has ended."""
    with contextlib.suppress(OSError, ValueError):  # the stream is closed from the other side
        while (reply := _received(stream)) is not None:
            replies.put(reply)
    replies.put(None)


def _received(stream: IO[bytes]) -> bytes | None:
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    size = int(_HEAD.unpack(head)[0])
    body = stream.read(size)
    return body if len(body) == size else None


def serve(memory: int) -> None:
    """Read files that the other side sends until it closes the pipe."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not reach the pipe
    with contextlib.suppress(ImportError, ValueError, OSError):  # not every system can limit memory
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    while (request := _received(requests)) is not None:
        answer = pickle.dumps(_answer(*pickle.loads(request)))
        replies.write(_HEAD.pack(len(answer)) + answer)
        replies.flush()


def _answer(path: Path, data: bytes, manifest: Manifest, slug: str) -> Document | str:
    try:
        return read_document(path, data, manifest, slug)
    except UnreadableFileError as error:
        return str(error)
    except RecursionError:
        return "The file is nested too deeply to be read. Save it again as plain text."
    except MemoryError:
        return "Reading it takes more memory than is allowed. Save it without large pictures, or split it."
    except Exception as error:  # a fault of ours: the other files go on, and the line says where to look
        return f"The reader failed on it ({type(error).__name__}: {error}). Report this file as a fault of the program."


if __name__ == "__main__":
    serve(int(sys.argv[1]))
