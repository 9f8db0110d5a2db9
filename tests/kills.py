"""`python -m tests.kills`: `kill -9` of the app and of an ingest at random moments, while people ask; counts what was lost, halved or wrong.

The corpus is ingested in two versions in turn, without end; four people ask without a break. Every answer that arrives has to be whole and every quotation to be
in one version of its document; after every start all documents have to be there. Prints one line; status 1 where anything was lost, halved or wrong.

Processes are forked from one that has imported everything, so that a kill costs no new start of the interpreter; the app's every tenth start, and the first, is the
installed command's, and those starts are timed.
"""

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from assistant.documents import fold
from assistant.resources import corpus_folder
from ingest.load import load
from tests.commands import POLICY_ASSISTANT, answers, called, free_port, run
from tests.contract import check_answer

QUESTIONS = (
    "Can I accept a friend request from a pupil's parent?",
    "A former pupil has followed me on Instagram. Is that a problem?",
    "May I post photos of pupils?",
    "Who do I tell about something worrying a pupil posted?",
    "Do I have to tell anyone if I lose my school phone?",
    "How many days of paternity leave do I get?",
)
PEOPLE = 4
COLD = 10
SETTLED = 300
"""Seconds within which a started app must answer."""


PROGRAM = """
import json, os, sys
import chromadb, gradio, sentence_transformers, torch, transformers
import app, assistant.web.server, ingest.command, ingest.library
from assistant.cli import main

for line in sys.stdin:
    process = os.fork()
    if not process:
        for stream, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY)):
            os.dup2(os.open(os.devnull, mode), stream)
        sys.argv = ["policy-assistant", *json.loads(line)]
        main()
    print(process, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""


class Process:
    """`policy-assistant`, one at a time, forked from a process that has imported everything; or, cold, the installed command."""

    def __init__(self) -> None:
        self.warm = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ended = threading.Event()
        self.status: int | None = None
        self.ended.set()

    def start(self, *arguments: object, cold: bool = False) -> None:
        """Start it; the one before must have ended."""
        self.ended.wait()
        if cold:
            made = subprocess.Popen(
                [POLICY_ASSISTANT, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            self.number = made.pid
        else:
            made = None
            self.warm.stdin.write(json.dumps([str(one) for one in arguments]) + "\n")
            self.warm.stdin.flush()
            self.number = int(self.warm.stdout.readline())
        self.ended.clear()
        threading.Thread(target=self._wait, args=(made,), daemon=True).start()

    def _wait(self, made: subprocess.Popen | None) -> None:
        self.status = made.wait() if made is not None else int(self.warm.stdout.readline())
        self.ended.set()

    def kill(self) -> None:
        """SIGKILL, and wait for the end."""
        if not self.ended.is_set():
            with suppress(ProcessLookupError):
                os.kill(self.number, signal.SIGKILL)
            self.ended.wait()

    def close(self) -> None:
        """Kill it, and end what it is forked from."""
        self.kill()
        self.warm.stdin.close()
        self.warm.wait()


class Ground:
    """Two versions of the corpus, an index of them, and what their documents say."""

    def __init__(self, folder: Path) -> None:
        self.index = folder / "index"
        self.sources: dict[str, list[str]] = {}
        for version in "AB":
            shutil.copytree(corpus_folder(), folder / version, ignore=shutil.ignore_patterns("build", "README.md"))
        for file in sorted((folder / "B").iterdir()):
            if file.suffix in {".md", ".txt"}:
                file.write_text(file.read_text("utf-8").replace(" must ", " must, as before, "), "utf-8")
        self.versions = {version: folder / version for version in "AB"}
        for version in "AB":
            for file in self.versions[version].iterdir():
                if file.suffix != ".toml":
                    self.sources.setdefault(file.name, []).append(load(file.name, file.read_bytes()).text)

    def wrong(self, row: dict) -> str:
        """What is wrong with an answer; empty where it is whole and every quotation stands in one version of its document."""
        try:
            check_answer(row)
        except AssertionError as error:
            return f"half: {error}"
        if row["status"] == "error":
            return f"refused: {row['summary']}"
        by_source: dict[str, list] = {}
        for quote in (*row["quotes"], *row["related"]):
            by_source.setdefault(quote["source"], []).append(quote)
        for source, quotes in by_source.items():
            if not any(all(_stands(quote, text) for quote in quotes) for text in self.sources[source]):
                return f"quotation: {[quote['clause'] for quote in quotes]}"
        return ""


def _stands(quote: dict, text: str) -> bool:
    return fold(" ".join(text[start:end] for start, end in quote["spans"])) == quote["text"]


class Run:
    """The app, the ingest and the people, until told to end."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.counts: Counter[str] = Counter()
        self.failures: list[str] = []
        self.restarts: list[float] = []
        self.app, self.ingest = Process(), Process()
        self.start(cold=True)
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.asking, args=(n,)) for n in range(PEOPLE)]
        self.threads.append(threading.Thread(target=self.ingesting))

    def start(self, *, cold: bool) -> None:
        """Start the app."""
        self.began, self.cold = time.monotonic(), cold
        self.app.start("serve", "--port", self.port, "--index", self.ground.index, cold=cold)

    def failed(self, what: str) -> None:
        """Note what must not be."""
        self.failures.append(what)
        print(what, flush=True)

    def asking(self, number: int) -> None:
        """A person who asks without end; a connection that is cut is no answer, and asked again."""
        chance = random.Random(number)
        while not self.ended.is_set():
            try:
                row = called(self.address, "ask", chance.choice(QUESTIONS), "", "[]")
            except (OSError, http.client.HTTPException) as error:
                away = isinstance(getattr(error, "reason", error), ConnectionRefusedError)
                self.counts["away" if away else "cut"] += 1
                time.sleep(0.5)
                continue
            except ValueError as error:
                self.failed(f"half: {error}")
                continue
            self.counts["answers"] += 1
            if wrong := self.ground.wrong(row):
                self.failed(wrong)
            time.sleep(chance.expovariate(2))

    def ingesting(self) -> None:
        """Ingest the versions in turn; what is killed is followed by the other version."""
        turn = 0
        while not self.ended.is_set():
            turn += 1
            self.ingest.start("ingest", "--index", self.ground.index, self.ground.versions["AB"[turn % 2]])
            self.ingest.ended.wait()
            self.counts["ingests"] += self.ingest.status == 0
            if self.ingest.status not in {0, -signal.SIGKILL}:
                self.failed(f"ingest ended with {self.ingest.status}")

    def settle(self) -> None:
        """Wait until the started app answers; all documents must be there."""
        while not answers(f"{self.address}/health"):
            if self.app.ended.is_set() or time.monotonic() - self.began > SETTLED:
                ended = f"ended with {self.app.status}" if self.app.ended.is_set() else f"took over {SETTLED} s"
                self.failed(f"the app did not come back: its start {ended}")
                return
            time.sleep(0.05)
        found = called(self.address, "policies")
        if self.cold:
            self.restarts.append(time.monotonic() - self.began)
        if lost := set(self.ground.sources) - {row["source"] for row in found}:
            self.failed(f"lost: {sorted(lost)}")

    def kill(self, chance: random.Random) -> None:
        """One kill, of the app or of the ingest; a third of the app's fall into its start, the others after an answer at least."""
        if chance.random() < 0.5:
            while self.ingest.ended.is_set():
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 5))
            self.ingest.kill()
            self.counts["ingest killed"] += 1
            return
        self.app.kill()
        self.counts["app killed"] += 1
        self.start(cold=self.counts["app killed"] % COLD == 0)
        if self.cold or chance.random() < 2 / 3:
            self.settle()
            wanted = self.counts["answers"] + chance.randint(1, 12)
            while self.counts["answers"] < wanted and not self.app.ended.is_set():
                time.sleep(0.02)
        time.sleep(chance.uniform(0, 1))

    def end(self) -> None:
        """Let everything end."""
        self.ended.set()
        self.ingest.kill()
        for thread in self.threads:
            thread.join()
        self.ingest.close()
        self.app.close()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=120, help="end after so long even where kills are left")
    options = parser.parse_args()
    chance = random.Random(2026)
    with tempfile.TemporaryDirectory() as folder:
        ground = Ground(Path(folder))
        made = run("ingest", "--index", ground.index, ground.versions["A"], timeout=900)
        assert made.returncode == 0, made.stderr
        going = Run(ground)
        until = time.monotonic() + 60 * options.minutes
        done = 0
        try:
            going.settle()
            first = going.restarts.pop()
            for thread in going.threads:
                thread.start()
            while done < options.kills and time.monotonic() < until:
                going.kill(chance)
                done += 1
                if done % 20 == 0:
                    print(done, dict(going.counts), f"{max(going.restarts, default=0):.1f} s", flush=True)
            going.settle()
        finally:
            with suppress(KeyboardInterrupt):
                going.end()
        last = json.loads(run("ingest", "--json", "--index", ground.index, ground.versions["A"], timeout=900).stdout)
        states = Counter(row["status"] for row in last["documents"])
    counts, times = going.counts, sorted(going.restarts) or [first]
    print(
        f"{done} kills (app {counts['app killed']}, ingest {counts['ingest killed']}): {counts['answers']:,} answers whole, {counts['cut']:,} questions cut off and asked again, "
        f"{counts['ingests']} ingests ended; {len(going.failures)} lost, halved or wrong; first start {first:.1f} s, {len(times)} restarts of the command under load: median {times[len(times) // 2]:.1f} s, "
        f"longest {times[-1]:.1f} s; the ingest after it all: {dict(states)}"
    )
    sys.exit(int(bool(going.failures) or "failed" in states or sum(states.values()) != len(ground.sources)))


if __name__ == "__main__":
    main()
