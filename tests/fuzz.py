"""`python -m tests.fuzz`: mutated files through every reader and the splitter; counts crashes, hangs, leaks and unsound splits.

A *crash* is any end but a document or an `UnreadableFileError` (a killed process too), a *hang* a file that takes more than SLOW seconds, a
*leak* memory that grows by more than LEAK after a worker has warmed up. Files are made from seeds by numbers: every case can be run again.
"""

import argparse
import contextlib
import io
import json
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path
from types import FrameType

from assistant.errors import UnreadableFileError
from assistant.resources import corpus_folder
from ingest.load import load
from ingest.split import split
from tests.seeds import seeds
from tests.sound import assert_sound

SLOW = 20
"""Seconds of processor time: other programs may hold the machine meanwhile."""

LEAK = 200 * 2**20
"""Bytes."""

CHUNK = 500
"""Cases a worker: its memory is compared after a fifth of them and at its end."""

Case = tuple[str, bytes]
"""A file's name and its bytes."""


class Hang(BaseException):
    """Raised by the alarm; no reader's `except Exception` swallows it."""


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes cut, flipped, doubled, swapped or blown up at random."""
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        if not changed:
            break
        start = chance.randrange(len(changed))
        end = min(len(changed), start + chance.choice([1, 8, 64, 1024]))
        kind = chance.randrange(7)
        if kind == 0:
            del changed[start:]
        elif kind == 1:
            del changed[start:end]
        elif kind == 2:
            changed[start:end] = bytes(chance.randrange(256) for _ in range(end - start))
        elif kind == 3:
            changed[start:start] = changed[start:end] * chance.choice([1, 3, 200])
        elif kind == 4:
            other = chance.randrange(len(changed))
            changed[start:end], changed[other:other] = changed[other : other + end - start], changed[start:end]
        elif kind == 5:
            changed[start] ^= 1 << chance.randrange(8)
        else:
            changed[start:start] = chance.choice(_BITS)
    return bytes(changed)


_BITS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"<table>" * 300, b"<w:tbl><w:tr><w:tc>", b"</w:p>", b"<li><ul>" * 100, b"<!--", b"]]>",
    b"&amp;&#0;&#x10FFFF;", b"{\\rtf1 " * 50, b"\\u-1 ?", b"\\'", b"9" * 40, b"1.1.1.1.1.1.1.1 ", b"(" * 500, b"| " * 300 + b"\n", b"- " * 200,
    b"%PDF-1.7", b"endobj", b"<< /Length 99999999 >>", b"stream\n", b"PK\x05\x06", b"x" * 20000, b" " * 20000, b"\n" * 2000, b"w:val=\"-1\"",
)  # fmt: skip


def inside(data: bytes, chance: random.Random) -> bytes:
    """A package with one of its XML parts mutated: the zip itself is whole, so the reader gets further."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as written:
        names = [name for name in package.namelist() if name.endswith(".xml")]
        wanted = chance.choice([name for name in names if "document" in name or "content" in name or "number" in name] or names)  # fmt: skip
        for entry in package.infolist():
            part = package.read(entry)
            written.writestr(entry.filename, mutated(part, chance) if entry.filename == wanted else part)
    return out.getvalue()


def case(number: int, files: list[Case]) -> Case:
    """The file of one number."""
    chance = random.Random(number)
    name, data = files[number % len(files)]
    if name.endswith((".docx", ".odt")) and chance.random() < 0.7:
        return name, inside(data, chance)
    if chance.random() < 0.02:
        name = name.rsplit(".", 1)[0] + chance.choice([".pdf", ".docx", ".odt", ".rtf", ".html", ".txt"])  # mislabelled
    return name, mutated(data, chance)


def tried(name: str, data: bytes) -> str:
    """What became of a file: "read", "refused", or what went wrong with it."""

    def rung(_signal: int, _frame: FrameType | None) -> None:
        raise Hang

    signal.signal(signal.SIGPROF, rung)
    signal.setitimer(signal.ITIMER_PROF, SLOW)
    try:
        extracted = load(name, data)
        result = split(extracted)
        signal.setitimer(signal.ITIMER_PROF, 0)
        assert_sound(extracted, result)
    except UnreadableFileError as error:
        return "refused" if str(error).count("\n") == 0 else "crash: a message of several lines"
    except Hang:
        return "hang"
    except AssertionError as error:
        return f"unsound: {str(error)[:200]}"
    except Exception as error:
        return f"crash: {type(error).__name__}: {str(error)[:200]}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return "read"


def resident() -> int:
    """Bytes of memory that this process holds now."""
    with contextlib.suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
    return 0


def work(start: int, count: int) -> None:
    """Try `count` cases, a JSON line each: number, suffix, outcome, seconds of processor time; then how much the memory grew."""
    files = all_seeds()
    warm = 0
    for at in range(count):
        number = start + at
        name, data = case(number, files)
        print(json.dumps({"at": number, "kind": name.rsplit(".", 1)[-1]}), flush=True)
        began = time.process_time()
        outcome = tried(name, data)
        print(json.dumps({"outcome": outcome, "seconds": round(time.process_time() - began, 3)}), flush=True)
        if at == count // 5:
            warm = resident()
    print(json.dumps({"grown": max(0, resident() - warm) if warm else 0}), flush=True)


def all_seeds() -> list[Case]:
    """Small files of every kind, made here, and the smallest of the corpus."""
    corpus = [
        (name, (corpus_folder() / name).read_bytes())
        for name in ("thornbury.md", "harbour-whistleblowing.txt", "harbour-mobile-phones.html")
    ]
    return [*seeds(), *corpus]


def main() -> None:
    """Run the cases in workers, one after the other, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        work(options.first, options.files)
        return
    outcomes: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    slowest, grown, at = 0.0, 0, options.first
    began = time.perf_counter()
    while at < options.first + options.files:
        count = min(CHUNK, options.first + options.files - at)
        command = [sys.executable, "-m", "tests.fuzz", "--worker", "--first", str(at), "--files", str(count)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
        ended = at + count
        for line in done.stdout.splitlines():
            row = json.loads(line)
            if "at" in row:
                number, kind = row["at"], row["kind"]
                kinds[kind] += 1
            elif "outcome" in row:
                outcomes[row["outcome"].split(":")[0]] += 1
                slowest = max(slowest, row["seconds"])
                if row["outcome"] not in {"read", "refused"}:
                    print(f"case {number} (.{kind}): {row['outcome']}", flush=True)
            else:
                grown = max(grown, row["grown"])
        if done.returncode:
            print(f"case {number} (.{kind}): the process ended with {done.returncode}", flush=True)
            outcomes["crash"] += 1
            ended = number + 1
        at = ended
    print(
        f"{sum(kinds.values()):,} files ({', '.join(f'{count:,} .{kind}' for kind, count in sorted(kinds.items()))}) in {time.perf_counter() - began:.0f} s: "
        f"{outcomes['read']:,} read, {outcomes['refused']:,} refused, {outcomes['crash']} crashes, {outcomes['hang']} hangs, {outcomes['unsound']} unsound; "
        f"slowest {slowest:.1f} s, memory of a worker grew by at most {grown / 2**20:.0f} MB"
    )
    sys.exit(int(outcomes["crash"] + outcomes["hang"] + outcomes["unsound"] > 0 or grown > LEAK))


if __name__ == "__main__":
    main()
