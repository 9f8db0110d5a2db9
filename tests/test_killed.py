"""An ingest killed at any moment (SIGKILL, as when the machine loses power) leaves every document wholly old or wholly new.

Two folders hold versions A and B of the same documents; a real process ingests them in turn, without end, and is killed at
random moments. After each death a fresh process, as an app would be, opens the index and checks it clause by clause.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

DOCUMENTS = ("badges", "hats", "keys")
CLAUSES = 40
KILLS = 27

# Imports once and forks for each task, so that a kill costs no new start of the interpreter.
PROGRAM = """
import itertools, json, os, sys, time
from pathlib import Path

import numpy as np

from assistant.documents import seal, sliced
from assistant.errors import AssistantError
from assistant.index import Index
from assistant.vectors import VectorStore
from ingest.sync import sync
from tests.fakes import WordLengthEmbedder

root = Path(sys.argv[1])


def say(value):
    os.write(1, (json.dumps(value) + "\\n").encode())


def ingest(folder, version):
    for report in sync(Index(folder, WordLengthEmbedder()), [root / version]):
        assert report.status != "failed", report


def once(folder, version):
    began = time.perf_counter()
    ingest(folder, version)
    say(time.perf_counter() - began)


def forever(folder, version):
    VectorStore(folder)
    say("started")
    for turn in itertools.count("AB".index(version)):
        ingest(folder, "AB"[turn % 2])


def read(folder, _):
    embedder = WordLengthEmbedder()
    try:
        snapshot = Index(folder, embedder).snapshot()
    except AssistantError as error:
        return say(repr(error))
    found = {}
    for shelf in snapshot.shelves:
        document = shelf.document
        expected = [embedder.question(clause.embedding_text).vector for clause in document.clauses]
        found[document.slug] = {
            "versions": sorted({clause.text.split()[-1] for clause in document.clauses}),
            "clauses": len(document.clauses),
            "vectors": bool(np.allclose(shelf.vectors, expected)),
            "proved": all(c.sha256 == seal(c.lead_in, sliced(document.text, c.spans)) for c in document.clauses),
        }
    say(found)


for line in sys.stdin:
    task, folder, version = line.split()
    process = os.fork()
    if not process:
        say(os.getpid())
        try:
            globals()[task](Path(folder), version)
            status = 0
        except BaseException as error:
            say(repr(error))
            status = 1
        os._exit(status)
    say(os.waitpid(process, 0)[1])
"""


class Processes:
    """Starts tasks in processes of their own, one after another."""

    def __init__(self, root):
        self.program = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, task, folder, version="A"):
        self.program.stdin.write(f"{task} {folder} {version}\n")
        self.program.stdin.flush()
        return self.hear()

    def hear(self):
        return json.loads(self.program.stdout.readline())

    def run(self, task, folder, version="A"):
        """What the task said; it must have ended well."""
        self.start(task, folder, version)
        said = self.hear()
        assert self.hear() == 0, said
        return said

    def kill(self, folder, version, *, after, at_once=False):
        """Ingest without end, and kill that `after` seconds, counted from the start or from when the index stands open."""
        process = self.start("forever", folder, version)
        if not at_once:
            assert self.hear() == "started"
        time.sleep(after)
        os.kill(process, signal.SIGKILL)
        status = self.hear()
        assert (self.hear() if status == "started" else status) == signal.SIGKILL

    def end(self):
        self.program.stdin.close()
        self.program.stdout.close()
        assert self.program.wait(timeout=30) == 0


@pytest.fixture
def processes(tmp_path):
    for version in "AB":
        (tmp_path / version).mkdir()
        for name in DOCUMENTS:
            rules = "".join(
                f"{n // 20 + 1}.{n % 20 + 1} Staff must follow rule {n} on {name} in version {version}\n\n"
                for n in range(CLAUSES)
            )
            (tmp_path / version / f"{name}.md").write_text(f"# Policy on {name}\n\n{rules}")
    started = Processes(tmp_path)
    yield started
    started.end()


def whole(versions):
    return {"versions": versions, "clauses": CLAUSES, "vectors": True, "proved": True}


@pytest.mark.slow
def test_killed_at_any_moment_each_document_is_wholly_old_or_wholly_new(processes, tmp_path):
    index = tmp_path / "index"
    processes.run("once", index, "A")
    lasts = processes.run("once", index, "B")
    chance = random.Random(2026)
    seen = set()
    for n in range(KILLS):
        at_once = n % 3 == 0
        processes.kill(index, "AB"[n % 2], after=chance.uniform(0, 0.3 if at_once else 1.5 * lasts), at_once=at_once)
        found = processes.run("read", index)

        assert list(found) == list(DOCUMENTS)
        for document in found.values():
            assert document in (whole(["A"]), whole(["B"]))
        seen.add("".join(document["versions"][0] for document in found.values()))

    assert len(seen) > 2, "hardly a kill fell into an ingest"
    processes.run("once", index, "A")
    assert processes.run("read", index) == {name: whole(["A"]) for name in DOCUMENTS}


@pytest.mark.slow
def test_killed_while_the_index_is_made_the_next_ingest_makes_it(processes, tmp_path):
    chance = random.Random(7)
    for n in range(15):
        index = tmp_path / f"index-{n}"
        processes.kill(index, "A", after=chance.uniform(0, 0.4), at_once=True)
        found = processes.run("read", index)
        if isinstance(found, dict):
            assert all(document in (whole(["A"]), whole(["B"])) for document in found.values())
        else:
            assert found.startswith(("IndexMissingError", "IndexMismatchError"))

        processes.run("once", index, "B")
        assert processes.run("read", index) == {name: whole(["B"]) for name in DOCUMENTS}
