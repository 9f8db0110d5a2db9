"""Vectors on a Chroma server, a real one on loopback: several processes answer from it, indexes don't meet there, and it may go away, come back, or lose everything."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from app import vectors_at
from assistant import index as indexes
from assistant import vector_server
from assistant.ask import Assistant
from assistant.compose import BEHIND
from assistant.errors import IndexMismatchError, VectorServerError
from assistant.index import Index, Part
from assistant.settings import Settings
from assistant.vectors import VectorStore
from ingest.sync import sync
from tests.commands import answers, called, free_port, run, serving
from tests.fakes import WordLengthEmbedder

CHROMA = Path(sys.executable).with_name("chroma")
HATS = "# Hats Policy\n\n1.1 Staff must wear a hat.\n\n1.2 Staff may take the hat off indoors.\n"
KEYS = "# Keys Policy\n\n1.1 Staff must carry the brass key of the school gate.\n"
NEW_KEYS = "# Keys Policy\n\n1.1 Staff must carry the zinc key of the school gate.\n\n1.2 Staff must hand the zinc key to nobody.\n"


class Server:
    """`chroma run` in a folder, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.process = subprocess.Popen(
            [CHROMA, "run", "--path", self.folder, "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: answers(f"{self.address}/api/v2/heartbeat"))

    def kill(self) -> None:
        """End it without warning."""
        self.process.kill()
        self.process.wait()


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A server that goes on running from test to test."""
    server = Server(tmp_path_factory.mktemp("chroma"))
    yield server
    server.kill()


@pytest.fixture
def own(tmp_path):
    """A server for one test to ill-treat."""
    server = Server(tmp_path / "server")
    yield server
    server.kill()


def policies(folder, **texts):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text)
    return folder


def at(folder, server, embedder=None):
    return Index(folder, embedder or WordLengthEmbedder(), server.address)


def statuses(index, folder):
    return {report.slug: report.status for report in sync(index, [folder])}


def whole(index):
    """The clauses' texts by slug, once every document was found to have its own vectors and its own words."""
    snapshot = index.snapshot()
    for shelf in snapshot.shelves:
        expected = [index.embedder.question(clause.embedding_text).vector for clause in shelf.document.clauses]
        assert np.allclose(shelf.vectors, expected, atol=1e-6)
        assert len(shelf.lexicon.scores("key hat")) == len(expected)
    return {shelf.document.slug: [clause.text for clause in shelf.document.clauses] for shelf in snapshot.shelves}


def test_one_process_ingests_and_two_others_answer(own, tmp_path):
    """Through the program itself: real processes, the real model, HTTP; a proxy that the environment names is not asked."""
    folder, index = policies(tmp_path / "policies", hats=HATS, keys=KEYS), tmp_path / "index"
    nowhere = "http://127.0.0.1:9"
    settings = {"ASSISTANT_CHROMA": own.address, "HTTP_PROXY": nowhere, "http_proxy": nowhere}

    def ingested():
        done = run("ingest", folder, "--index", index, env=settings)
        assert done.returncode == 0, done.stderr

    def said(address):
        answer = called(address, "ask", "Which key of the school gate must staff carry?", "keys", "[]")
        return [quote["text"] for quote in answer["quotes"]], answer["warnings"]

    def healthy(address):
        with urllib.request.urlopen(f"{address}/health", timeout=60) as response:
            return json.load(response)["status"]

    ingested()
    assert not (index / "chroma").exists()
    with serving(index, env=settings) as one, serving(index, env=settings) as other:
        assert [said(one)[0][0], said(other)[0][0]] == ["Staff must carry the brass key of the school gate."] * 2
        policies(folder, keys=NEW_KEYS)
        seen: list[str] = []
        writer = threading.Thread(target=ingested)
        writer.start()
        while writer.is_alive():
            seen.append(" ".join(said(one)[0]))
        writer.join()

        assert said(one)[0][0] == said(other)[0][0] == "Staff must carry the zinc key of the school gate."
        assert seen
        assert not any("brass" in words and "zinc" in words for words in seen), seen

        policies(folder, keys=KEYS)
        ingested()
        own.kill()
        for address in (one, other):
            quotes, warnings = said(address)
            assert quotes[0] == "Staff must carry the zinc key of the school gate."
            assert BEHIND in warnings
            assert healthy(address) == "behind"
        own.start()
        until(lambda: all(healthy(address) == "ok" for address in (one, other)), seconds=20)
        assert [said(one)[0][0], said(other)[0][0]] == ["Staff must carry the brass key of the school gate."] * 2


def test_a_new_version_is_seen_whole_by_whoever_reads_meanwhile(shared, tmp_path):
    versions = [
        "# Keys Policy\n\n"
        + "".join(f"{n // 50 + 1}.{n % 50 + 1} Wear {colour} key {n}.\n\n" for n in range(60 + extra))
        for colour, extra in (("red", 0), ("blue", 7))
    ]
    folder = policies(tmp_path / "policies", keys=versions[0])
    statuses(at(tmp_path / "index", shared), folder)
    done, seen, problems = threading.Event(), set(), []

    def read():
        reader = at(tmp_path / "index", shared)
        while not done.is_set():
            try:
                colours = {text.split()[1] for text in whole(reader)["keys"]}
                assert len(colours) == 1
                seen.update(colours)
            except Exception as error:
                problems.append(repr(error))
                return

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(1, 7):
        policies(folder, keys=versions[turn % 2])
        assert statuses(at(tmp_path / "index", shared), folder) == {"keys": "changed"}
    done.set()
    for reader in readers:
        reader.join()

    assert problems == []
    assert seen == {"red", "blue"}


def test_two_indexes_on_one_server_neither_see_nor_sweep_each_other(shared, tmp_path):
    one, other = at(tmp_path / "one", shared), at(tmp_path / "other", shared)
    statuses(one, policies(tmp_path / "first", hats=HATS, keys=KEYS))
    statuses(other, policies(tmp_path / "second", keys=KEYS))
    assert one.vectors().client.database != other.vectors().client.database

    statuses(other, policies(tmp_path / "second", keys=NEW_KEYS))
    with other.writing() as writer:
        writer.vectors.clear()

    assert set(whole(at(tmp_path / "one", shared))) == {"hats", "keys"}
    with pytest.raises(IndexMismatchError, match="incomplete"):
        at(tmp_path / "other", shared).snapshot()


def test_what_is_put_back_from_a_backup_has_a_database_of_its_own(shared, tmp_path):
    settings = {"ASSISTANT_CHROMA": shared.address}
    index = Index(tmp_path / "index", WordLengthEmbedder(), shared.address)
    statuses(index, policies(tmp_path / "policies", keys=KEYS))
    records = {"ASSISTANT_RECORDS": str(tmp_path / "records.sqlite3")}
    assert run("backup", tmp_path / "kept.zip", "--index", index.folder, env=settings | records).returncode == 0
    done = run("restore", tmp_path / "kept.zip", "--index", tmp_path / "back", env=settings | records)

    assert (done.returncode, done.stderr) == (0, "")
    assert indexes.Store(tmp_path / "back").meta("id") != index.store.meta("id")
    assert whole(at(tmp_path / "index", shared)) == whole(index)


def test_only_vectors_go(shared, tmp_path):
    index = at(tmp_path / "index", shared)
    statuses(
        index, policies(tmp_path / "policies", marigold="# Marigold Policy\n\n1.1 Staff must water the marigold.\n")
    )
    (collection,) = index.vectors().client.list_collections()
    held = collection.get(include=["documents", "metadatas", "uris"])

    assert (collection.metadata, held["documents"], held["metadatas"], held["uris"]) == (None, [None], [None], [None])
    assert not any(b"marigold" in file.read_bytes().lower() for file in shared.folder.rglob("*") if file.is_file())


@pytest.mark.filterwarnings("ignore:Could not reconstruct embedding function:UserWarning")
def test_a_collection_that_names_a_model_with_code_runs_it_neither_in_the_server_nor_in_the_app(own, tmp_path):
    """CVE-2026-45829 and -45833 are holes of Chroma's other server, the one in Python; its client would load such a model too."""
    model, ran = tmp_path / "model", tmp_path / "ran"
    model.mkdir()
    (model / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "code.Model"}]')
    (model / "code.py").write_text(f"from pathlib import Path\nPath({str(ran)!r}).touch()\nclass Model: pass\n")
    config = {"model_name": str(model), "device": "cpu", "normalize_embeddings": False}
    named = {
        "type": "known",
        "name": "sentence_transformer",
        "config": config | {"kwargs": {"trust_remote_code": True}},
    }
    collections = f"{own.address}/api/v2/tenants/default_tenant/databases/default_database/collections"

    sent(collections, "POST", {"name": "made", "configuration": {"embedding_function": named}})
    changed = sent(collections, "POST", {"name": "changed"})
    sent(f"{collections}/{changed['id']}", "PUT", {"new_configuration": {"embedding_function": named}})
    client = VectorStore(tmp_path, vector_server.Place(own.address, "default_database")).client
    for name in ("made", "changed"):
        client.get_collection(name, embedding_function=None).add(ids=["1"], embeddings=[[1.0, 2.0]])

    assert {one.name: one.configuration_json["embedding_function"]["name"] for one in client.list_collections()} == {
        "made": "sentence_transformer",
        "changed": "sentence_transformer",
    }
    assert not ran.exists()


def sent(address, method, body):
    request = urllib.request.Request(
        address, json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method
    )
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.load(response)


def test_a_running_app_answers_on_while_its_server_is_away_and_catches_up(own, tmp_path, monkeypatch):
    monkeypatch.setattr(indexes, "REST", 0.2)
    folder, index = policies(tmp_path / "policies", hats=HATS, keys=KEYS), at(tmp_path / "index", own)
    statuses(index, folder)
    assistant = Assistant(index, Settings(index=index.folder))
    ask = lambda: assistant.ask("Which key must staff carry?", "keys")  # noqa: E731
    before = whole(index)
    policies(folder, keys=NEW_KEYS)
    statuses(at(tmp_path / "index", own), folder)
    own.kill()

    assert whole(index) == before
    assert BEHIND in ask().warnings
    assert "can't be used" in Part(index, frozenset()).snapshot().behind
    with pytest.raises(VectorServerError, match=rf"^The Chroma server at {own.address} can't be used .*try again\.$"):
        at(tmp_path / "index", own).snapshot()
    with pytest.raises(VectorServerError):
        statuses(index, folder)
    assert index.store.meta(indexes.DOUBTED) is None

    own.start()
    until(lambda: not index.snapshot().behind, seconds=10)
    assert whole(index)["keys"] != before["keys"]
    assert BEHIND not in ask().warnings


def test_what_needs_no_vectors_is_seen_without_a_server(own, tmp_path):
    index = at(tmp_path / "index", own)
    statuses(index, policies(tmp_path / "policies", hats=HATS, keys=KEYS))
    index.snapshot()
    own.kill()
    index.store.remove("keys")

    assert set(whole(index)) == {"hats"}
    assert not index.snapshot().behind


def test_a_server_that_lost_everything_gets_it_again_by_ingest(own, tmp_path):
    folder, embedder = policies(tmp_path / "policies", hats=HATS, keys=KEYS), WordLengthEmbedder()
    running = at(tmp_path / "index", own, embedder)
    statuses(running, folder)
    before = whole(running)
    own.kill()
    shutil.rmtree(own.folder)
    own.start()

    with pytest.raises(IndexMismatchError, match=r"has no vectors of this index .*Run `policy-assistant ingest`"):
        Index(running.folder, embedder, own.address.replace("127.0.0.1", "localhost")).snapshot()
    embedder.embedded.clear()
    assert statuses(running, folder) == {"hats": "unchanged", "keys": "unchanged"}
    assert len(embedder.embedded) == sum(map(len, before.values()))
    assert whole(running) == whole(at(tmp_path / "index", own)) == before


def test_an_index_moves_from_its_folder_to_a_server_and_back_by_ingest(shared, tmp_path):
    folder = policies(tmp_path / "policies", keys=KEYS)
    in_folder, on_server = Index(tmp_path / "index", WordLengthEmbedder()), at(tmp_path / "index", shared)
    statuses(in_folder, folder)
    with pytest.raises(IndexMismatchError, match="Run `policy-assistant ingest`"):
        on_server.snapshot()

    assert statuses(on_server, folder) == {"keys": "unchanged"}
    assert whole(on_server) == whole(Index(tmp_path / "index", WordLengthEmbedder()))


def test_a_server_that_keeps_silent_is_waited_for_so_long_and_no_longer(own, tmp_path, monkeypatch):
    monkeypatch.setattr(vector_server, "PATIENCE", 0.5)
    index = at(tmp_path / "index", own)
    statuses(index, policies(tmp_path / "policies", keys=KEYS))
    os.kill(own.process.pid, signal.SIGSTOP)
    waking = threading.Timer(10, os.kill, (own.process.pid, signal.SIGCONT))  # else a fault would hang the tests
    waking.start()
    for reader in (index, Index(index.folder, index.embedder, own.address.replace("127.0.0.1", "localhost"))):
        began = time.monotonic()
        with pytest.raises(VectorServerError, match="timed out"):
            reader.snapshot()
        assert time.monotonic() - began < 5
    waking.cancel()


@contextmanager
def answering(bodies):
    """A web server that is no Chroma of this version: JSON by path, 404 elsewhere."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps(bodies.get(self.path)).encode()
            self.send_response(200 if self.path in bodies else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{web.server_port}"
        web.shutdown()


@pytest.mark.parametrize(
    ("bodies", "told"),
    [({}, "it is no Chroma server"), ({"/api/v2/version": "0.6.3"}, r"its version is 0\.6\.3")],
)
def test_another_server_or_version_is_told_in_a_sentence(bodies, told, tmp_path):
    with answering(bodies) as address:
        made = run(
            "ingest", policies(tmp_path / "p", keys=KEYS), "--index", tmp_path / "i", env={"ASSISTANT_CHROMA": address}
        )
    assert made.returncode == 2
    assert len(made.stderr.strip().splitlines()) == 1
    assert f"The Chroma server at {address} can't be used" in made.stderr
    assert told.replace("\\", "") in made.stderr


@pytest.mark.parametrize(
    ("server", "warns"),
    [
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
        ("https://vectors:8000", False),
        ("http://vectors:8000", True),
    ],
)
def test_where_vectors_lie_is_said_and_what_crosses_the_network_bare(server, warns):
    told = vectors_at(server)
    assert server in told
    assert ("unencrypted" in told) == warns
