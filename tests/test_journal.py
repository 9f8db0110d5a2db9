"""The journal as lines of JSON: what happened, and nothing that anybody typed; and an app behind a proxy that names who asks, with its log."""

import json
import logging
import sys
import threading

import httpx
import pytest

from assistant.compare import gathered
from assistant.journal import JsonLines
from assistant.records import Records
from assistant.users import User, Users
from tests.commands import answers, free_port, started, wait_for

OURS = "Oakfield Primary School"
TYPED = "Zanzibar"
PASSWORD = "correct horse battery"
QUESTION = f"May I post photos of pupils from {TYPED}?"


class Proxied:
    """The app as it stands behind a reverse proxy of this machine, and what it has written."""

    def __init__(self, address, folder):
        self.address = address
        self.kept = Records(folder / "records.sqlite3", 30)
        self.written: list[str] = []

    def client(self, *names, **headers):
        given = [("X-User", name) for name in names] + list(headers.items())
        return httpx.Client(base_url=self.address, headers=given, timeout=60)

    def get(self, path, *names, **headers):
        with self.client(*names, **headers) as client:
            return client.get(path)

    def called(self, name, endpoint, *data):
        with self.client(name) as client:
            event = client.post(f"/gradio_api/call/{endpoint}", json={"data": list(data)}).json()["event_id"]
            said = client.get(f"/gradio_api/call/{endpoint}/{event}").text
        return json.loads(said.rpartition("data: ")[2])[0]

    def rows(self, count):
        """What the log holds, when it holds so many rows."""
        for _ in range(100):
            if len(found := self.kept.questions()) >= count:
                break
            threading.Event().wait(0.05)
        return found


@pytest.fixture(scope="module")
def site(corpus_index, tmp_path_factory):
    folder = tmp_path_factory.mktemp("proxied")
    users = Users(folder / "users.json")
    users.put(User("boss", "admin"), PASSWORD)
    users.put(User("ann", "staff", frozenset({OURS})), None)
    env = {
        "ASSISTANT_USERS": str(users.path),
        "ASSISTANT_RECORDS": str(folder / "records.sqlite3"),
        "ASSISTANT_LOG": "text",
        "ASSISTANT_JOURNAL": "json",
        "ASSISTANT_IDENTITY_HEADER": "X-User",
        "ASSISTANT_TRUSTED_PROXIES": "127.0.0.1",
    }
    port = free_port()
    made = Proxied(f"http://127.0.0.1:{port}", folder)
    with started("serve", "--port", port, "--index", corpus_index, env=env) as process:
        wait_for(lambda: answers(f"{made.address}/health"), process)
        for pipe in (process.stdout, process.stderr):
            threading.Thread(target=lambda pipe=pipe: made.written.extend(pipe), daemon=True).start()
        yield made


# --- who asks, by the proxy's header


def test_the_proxy_s_header_says_who_asks_and_what_they_see(site):
    assert site.get("/alive", "ann").status_code == 200
    assert {row["organisation"] for row in site.called("ann", "policies")} == {OURS}
    assert len({row["organisation"] for row in site.called("boss", "policies")}) > 1
    assert site.get("/read/thornbury", "ann").status_code == 404
    assert site.get("/read/oakfield", "ann").status_code == 200


@pytest.mark.parametrize("names", [(), ("",), ("nobody",), ("ann", "boss"), ("ann,boss",), ("ANN",)])
def test_no_name_an_unknown_one_or_two_let_nobody_in(site, names):
    assert site.get("/alive", *names).status_code == 401


def test_the_proxy_says_too_whether_the_way_was_encrypted_and_whence_it_came(site):
    far = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    assert "strict-transport-security" in site.get("/alive", "ann", **far).headers
    assert site.get("/metrics", "ann", **far).status_code == 404


def test_there_are_no_tools_unless_the_setting_asks_for_them(site):
    with site.client("boss") as client:
        assert client.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).status_code == 404


# --- what is kept of the API's and the comparison's questions


def test_the_api_s_question_is_kept_like_the_page_s(site):
    before = len(site.kept.questions())
    given = site.called("ann", "ask", QUESTION, "oakfield", "[]")
    row = site.rows(before + 1)[before]
    assert (row.status, row.schools, row.text) == ("answered", (OURS,), None)
    assert list(row.clauses) == [quote["clause"] for quote in given["quotes"]]


def test_an_unanswered_one_s_words_are_kept_masked(site):
    before = len(site.kept.questions())
    given = site.called("ann", "ask", "How many days of paternity leave does Mr Harris Bell of 7B get?", "", "[]")
    assert given["status"] == "not_covered"
    row = site.rows(before + 1)[before]
    assert "paternity leave" in row.text
    assert "Bell" not in row.text


def test_a_comparison_is_kept_as_one_question(site):
    before = len(site.kept.questions())
    given = site.called("boss", "compare", QUESTION)
    (row,) = site.rows(before + 1)[before:]
    assert len(given["answers"]) == 12
    assert OURS in row.schools
    assert len(row.schools) > 1
    assert (row.status, row.text) == ("answered", None)
    assert {clause.split("/")[0] for clause in row.clauses} == {
        one["policy"] for one in given["answers"] if one["quotes"]
    }


def test_a_comparison_that_nothing_answers_counts_as_unanswered(assistant):
    question = "How many days of paternity leave do I get?"
    one = gathered(question, [assistant.ask(question, slug) for slug in ("oakfield", "thornbury")])
    assert (one.status, one.quotes) == ("not_covered", ())


# --- the journal


def test_the_journal_is_json_and_holds_nothing_typed(site):
    with site.client() as nobody, site.client("boss") as boss:
        nobody.post("/sign-in", data={"name": TYPED, "password": TYPED + TYPED})
        for path in (f"/{TYPED}", f"/read/{TYPED}", f"/?question={TYPED}", f"/assets/{TYPED}", f"/alive?{TYPED}"):
            boss.get(path)
        boss.post("/report", json={"question": QUESTION, "school": TYPED})
        boss.post("/report", content=TYPED)
        boss.post("/gradio_api/queue/join", json={"fn_index": 0, "data": [TYPED], "session_hash": TYPED})
        boss.post("/gradio_api/call/ask", json={"data": [TYPED, TYPED, TYPED, TYPED]})
        boss.post("/gradio_api/upload", files={"files": (f"{TYPED}.txt", TYPED.encode())})
    site.called("boss", "ask", QUESTION, TYPED, TYPED)
    site.called("boss", "compare", QUESTION)
    rows = [json.loads(line) for line in site.written if not line.startswith("Policy Assistant: http")]
    assert not [line for line in site.written if TYPED in line]
    seen = {(row.get("method"), row.get("path"), row.get("status")) for row in rows}
    assert {
        ("POST", "/sign-in", 401),
        ("GET", "not served", 404),
        ("GET", "/read", 404),
        ("POST", "/gradio_api/call/ask", 200),
    } <= seen
    assert all({"time", "level", "logger", "message"} <= row.keys() for row in rows)


def record(name, message, *arguments, error=None):
    return logging.LogRecord(name, logging.ERROR, "x.py", 7, message, arguments, error)


@pytest.mark.parametrize("name", ["assistant.web", "uvicorn.error", "gradio"])
def test_an_error_is_told_by_kind_and_place_not_by_what_it_says(name):
    try:
        int(TYPED)
    except ValueError:
        line = JsonLines().format(record(name, "It failed", error=sys.exc_info()))
    row = json.loads(line)
    assert TYPED not in line
    assert row["error"] == "ValueError"
    assert row["frames"][0].startswith("test_journal.py:")


def test_what_others_say_is_not_shown():
    line = JsonLines().format(record("langchain.x", f"asked {TYPED} %s", TYPED))
    assert TYPED not in line
    assert json.loads(line)["place"] == "x:7"
