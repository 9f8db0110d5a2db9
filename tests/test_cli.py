"""The installed command, run as a program: what it prints, how it ends."""

import json
import shlex
import shutil
import signal
import sys

import pytest

from assistant.cli import _stoppable, cli
from tests.commands import POLICY_ASSISTANT, answers, free_port, help_of, run, run_program, started, wait_for
from tests.conftest import REPOSITORY
from tests.contract import check_answer

COMMANDS = ("ask", "chat", "compare", "diff", "eval", "health", "ingest", "serve")

POLICY = "# Kettle policy\n\n1. Kettles must be tested in September.\n\n2. Staff must not:\n\n(a) lend a kettle;\n\n(b) boil eggs.\n"


# --- help


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command):
    shown = help_of(command)
    assert f"Example: policy-assistant {command} " in " ".join(shown.split())
    assert "--index" in shown


def test_help_lists_the_commands_and_loads_nothing_heavy():
    done = run("--help", timeout=20)
    assert done.returncode == 0
    assert all(f"\n  {command} " in done.stdout for command in COMMANDS)
    heavy = run_program(
        sys.executable,
        "-c",
        "import sys; from assistant.cli import cli; cli.main(['--help'], standalone_mode=False);"
        "[cli.main([name, '--help'], standalone_mode=False) for name in ('ask', 'ingest', 'eval', 'serve')]; print('HEAVY', *sys.modules)",
    )
    loaded = set(heavy.stdout.partition("HEAVY")[2].split())
    assert "assistant.cli" in loaded
    assert not loaded & {"torch", "chromadb", "gradio", "sentence_transformers", "numpy", "langchain_core", "pydantic"}


def test_the_version_is_told():
    assert "policy-assistant, version " in run("--version").stdout


@pytest.mark.parametrize("module", ["ingest", "evals"])
def test_modules_do_the_work_of_their_commands(module):
    done = run_program(sys.executable, "-m", module, "--help", cwd=REPOSITORY)
    assert done.returncode == 0
    assert "Example: policy-assistant" in done.stdout


# --- users' mistakes


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder of things that go wrong."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "empty").mkdir()
    (folder / "damaged").mkdir()
    (folder / "damaged" / "documents.sqlite3").write_bytes(b"no database at all" * 100)
    (folder / "file").write_text("x", encoding="utf-8")
    (folder / "q.jsonl").write_text('{"id": "q", "question": "May I?"}\n', encoding="utf-8")
    (folder / "bad.jsonl").write_text('{"id": "q"}\n', encoding="utf-8")
    (folder / "other.jsonl").write_text('{"id": "q", "question": "May I?", "policy": "nope"}\n', encoding="utf-8")
    (folder / "broken").mkdir()
    (folder / "broken" / "policies.toml").write_text("[[documents]\n", encoding="utf-8")
    (folder / "broken" / "kettles.md").write_text(POLICY, encoding="utf-8")
    (folder / "kettles.md").write_text(POLICY, encoding="utf-8")
    return folder


MISTAKES = {
    "no index": ("ask 'May I?' --index none", "There is no index in none. Run `policy-assistant ingest"),
    "index is a file": ("ask 'May I?' --index file", "There is no index in file"),
    "damaged index": ("ask 'May I?' --index damaged", "is damaged"),
    "unknown policy": ("ask 'May I?' --policy nope --index CORPUS", "No policy is called 'nope'. Expected one of: "),
    "no question": ("ask", "Expected either a QUESTION or --batch FILE"),
    "empty question": ("ask ' ' --index CORPUS", "The question is empty"),
    "question and batch": (
        "ask 'May I?' --batch q.jsonl --output o.jsonl",
        "Expected either a QUESTION or --batch FILE",
    ),
    "no output": ("ask --batch q.jsonl", "--output"),
    "no batch file": ("ask --batch none.jsonl --output o.jsonl", "'none.jsonl' does not exist"),
    "batch is a folder": ("ask --batch empty --output o.jsonl", "'empty' is a directory"),
    "output in no folder": ("ask --batch q.jsonl --output none/o.jsonl --index CORPUS", "none/o.jsonl"),
    "output is a folder": ("ask --batch q.jsonl --output empty --index CORPUS", "'empty' is a directory"),
    "no such path": ("ingest none --index i", "none does not exist"),
    "path too long": (f"ingest {'x' * 300} --index i", "File name too long"),
    "empty folder": ("ingest empty --index i", "No policy was found under empty"),
    "index under a file": ("ingest kettles.md --index file/i", "file/i"),
    "broken manifest": ("ingest broken --index i", "policies.toml"),
    "no question set": ("eval --questions none.jsonl --index CORPUS", "'none.jsonl' does not exist"),
    "bad question set": (
        "eval --questions bad.jsonl --index CORPUS",
        "bad.jsonl, question 1: question: Field required",
    ),
    "question set of others": ("eval --questions other.jsonl --index CORPUS", "nope, which the index in "),
    "no saved run": ("eval --questions q.jsonl --rescore none.jsonl --index CORPUS", "'none.jsonl' does not exist"),
    "open to all": ("serve --host 0.0.0.0 --index CORPUS", "leave --host at 127.0.0.1"),
    "no port": ("serve --port 99999 --index CORPUS", "99999"),
    "port in words": ("serve --port web --index CORPUS", "'web' is not a valid integer"),
    "unknown command": ("frob", "No such command 'frob'"),
    "unknown option": ("ask 'May I?' --frob", "No such option"),
}


@pytest.mark.parametrize(("line", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_ends_with_status_2_and_one_line_and_leaves_nothing_behind(desk, corpus_index, line, said):
    before = sorted(desk.rglob("*"))
    arguments = [part.replace("CORPUS", str(corpus_index)) for part in shlex.split(line)]
    done = run(*arguments, cwd=desk)
    assert done.returncode == 2, done
    assert said in done.stderr
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert sorted(desk.rglob("*")) == before


def test_a_setting_that_cannot_be_used_is_a_mistake_too(desk):
    done = run("ask", "May I?", env={"ASSISTANT_QUOTES": "99"}, cwd=desk)
    assert done.returncode == 2
    assert done.stderr.startswith("Error: ASSISTANT_QUOTES is '99'")


# --- compare and chat


def test_compare_asks_every_document_apart(corpus_index):
    question = "May staff follow pupils on social media?"
    done = run("compare", question, "--json", "--index", corpus_index)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["question"] == question
    assert [row["policy"] for row in found["answers"]] == sorted(row["policy"] for row in found["answers"])
    for row in found["answers"]:
        check_answer(row)
        assert {quote["policy"] for quote in row["quotes"]} <= {row["policy"]}
    shown = run("compare", question, "--index", corpus_index).stdout
    assert all(f"{row['policy']}: " in shown for row in found["answers"])


def test_chat_keeps_the_thread_and_ends_at_an_empty_line(corpus_index):
    done = run_program(
        POLICY_ASSISTANT,
        "chat",
        "--policy",
        "oakfield",
        "--index",
        corpus_index,
        said="Can I have contact with pupils on social media?\nwhat about former pupils?\n\nnever read\n",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("oakfield/") >= 2
    assert done.stdout.count("> ") == 3


def test_chat_names_an_unknown_policy_before_the_first_question(corpus_index):
    done = run("chat", "--policy", "nobody", "--index", corpus_index)
    assert done.returncode == 2
    assert "nobody" in done.stderr


# --- ask


def test_ask_prints_the_answer_object(corpus_index):
    done = run(
        "ask",
        "A former pupil has followed me on Instagram. Is that a problem?",
        "--policy",
        "harbour-trust",
        "--json",
        "--index",
        corpus_index,
    )
    assert (done.returncode, done.stderr) == (0, "")
    row = json.loads(done.stdout)
    check_answer(row)
    assert (row["status"], row["policy"]) == ("answered", "harbour-trust")


def test_ask_prints_an_answer_for_a_person(corpus_index, monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_INDEX", str(corpus_index))
    question = "A pupil told me that her uncle hits her. What do I do?"
    cli.main(["ask", question, "--policy", "thornbury"], standalone_mode=False)
    shown = capsys.readouterr().out
    assert shown.startswith("SAFEGUARDING\n")
    assert "Samira Haddad, 01632 960301" in shown
    assert "Nobody has been told by this page." in " ".join(shown.split())


def test_ask_answers_a_batch_in_order(corpus_index, tmp_path):
    lines = [
        '{"id": "first", "question": "May I post photos of pupils?", "policy": null}',
        "",
        "no JSON",
        '{"id": "none", "question": "May I?", "policy": "nope"}',
        '{"id": "u2028", "question": "May I post\u2028photos\u0085of pupils?", "policy": "oakfield"}',
        "   ",
        '{"id": "half", "question": "May I post \\ud83d photos?"}',
        '{"id": "follow", "question": "What about that?", "history": [{"role": "user", "content": "\\ud83d photos?"}]}',
        *[json.dumps({"id": n, "question": f"May I bring guest number {n} to the fair?"}) for n in range(30)],
    ]
    (tmp_path / "in.jsonl").write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    done = run_program(
        POLICY_ASSISTANT,
        "ask",
        "--batch",
        tmp_path / "in.jsonl",
        "--output",
        tmp_path / "out.jsonl",
        "--index",
        corpus_index,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").split("\n") if line]
    for row in rows:
        check_answer(row)
    assert [row["id"] for row in rows] == ["first", "line-3", "none", "u2028", "half", "follow", *range(30)]
    assert {row["id"] for row in rows if row["status"] == "error"} == {"line-3", "none"}
    assert rows[0]["policy"] is None
    assert rows[1]["summary"].startswith("Line 3 ")
    assert rows[2]["summary"].startswith("Line 4: ")
    assert rows[4]["question"] == "May I post \ud83d photos?"
    assert {path.name for path in tmp_path.iterdir()} == {"in.jsonl", "out.jsonl"}
    # The model is loaded for the first question and for no other.
    spent = [row["timings_ms"]["total"] for row in rows if row["status"] != "error"]
    assert spent[0] > 5 * sorted(spent)[len(spent) // 2]
    assert max(spent[1:]) < spent[0]


# --- ingest


def test_ingest_reports_each_document_and_goes_on_past_a_bad_one(tmp_path):
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "kettles.md").write_text(POLICY, encoding="utf-8")
    (policies / "old.md").write_text(POLICY.replace("kettle", "boiler"), encoding="utf-8")
    (policies / "empty.txt").write_text("", encoding="utf-8")

    def ingest(*more):
        done = run("ingest", policies, "--index", tmp_path / "index", "--json", *more)
        assert (done.returncode, done.stderr) == (0, "")
        report = json.loads(done.stdout)
        assert list(report) == ["documents", "seconds"]
        assert isinstance(report["seconds"], float)
        for row in report["documents"]:
            assert {"slug", "title", "source", "sha256", "clauses", "coverage", "status", "reason", "warnings"} <= set(
                row
            )
            assert sum(row["coverage"].values()) == pytest.approx(1)
            assert set(row["coverage"]) == {"clauses", "headings", "skipped"}
            assert (row["reason"] is not None) == (row["status"] == "failed")
        return {row["slug"]: row["status"] for row in report["documents"]}

    assert ingest() == {"kettles": "new", "old": "new", "empty": "failed"}
    (policies / "old.md").unlink()
    assert ingest("--prune") == {"kettles": "unchanged", "old": "removed", "empty": "failed"}


def test_ingest_prints_a_table(assistant, corpus_index, tmp_path):
    """A second run over unchanged files embeds nothing."""
    shutil.copytree(corpus_index, tmp_path / "index")
    done = run_program(sys.executable, "-m", "ingest", "--index", tmp_path / "index", cwd=REPOSITORY)
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split() for line in done.stdout.splitlines()]
    assert rows[0][:3] == ["document", "clauses", "embedded"]
    for shelf in assistant.index.snapshot().shelves:
        row = next(row for row in rows if row[0] == shelf.document.slug)
        assert (row[1], row[2], row[-1]) == (str(len(shelf.document.clauses)), "0", "unchanged")


# --- eval


def test_eval_scores_a_question_set_and_writes_its_report(corpus_index, tmp_path, capsys):
    questions = tmp_path / "questions.csv"
    questions.write_text(
        "id,question,policy,expected_clauses,expected_status,expected_level,tags\n"
        "a,A former pupil has followed me on Instagram. Is that a problem?,harbour-trust,harbour-trust/6.4,answered,,plain\n"
        'b,"Hello, how are you?",,,declined,none,talk;plain\n'
        "c,A pupil has a knife in my classroom,oakfield,,,emergency,\n",
        encoding="utf-8",
    )
    common = ["eval", "--questions", str(questions), "--index", str(corpus_index)]
    cli.main([*common, "--report", str(tmp_path / "report")], standalone_mode=False)
    printed = capsys.readouterr().out
    assert "other_is_declined" in printed
    figures = json.loads((tmp_path / "report" / "figures.json").read_text(encoding="utf-8"))
    assert figures["questions"] == 3
    assert figures["measures"]["emergency_found"] == {"value": 1.0, "count": 1, "interval": [0.2065, 1.0]}
    assert figures["measures"]["quotes_are_verbatim"]["value"] == 1.0
    assert set(figures["by_tag"]) == {"plain", "talk", "policy:all", "policy:harbour-trust", "policy:oakfield"}
    rows = [json.loads(line) for line in (tmp_path / "report" / "run.jsonl").read_text(encoding="utf-8").splitlines()]
    for row in rows:
        check_answer(row)
    assert {path.name for path in (tmp_path / "report").iterdir()} == {
        "run.jsonl",
        "figures.json",
        "scores.jsonl",
        "qrels.txt",
        "report.html",
    }
    cli.main([*common, "--rescore", str(tmp_path / "report" / "run.jsonl")], standalone_mode=False)
    assert capsys.readouterr().out.partition("latency")[0] == printed.partition("latency")[0]


# --- Ctrl-C


def test_a_ctrl_c_that_python_loses_stops_a_batch_at_the_next_question(monkeypatch):
    class Losing:
        def __del__(self):
            signal.raise_signal(signal.SIGINT)

    lost = []
    monkeypatch.setattr(sys, "unraisablehook", lambda one: lost.append(one.exc_type))
    before = signal.getsignal(signal.SIGINT)
    with _stoppable() as check:
        check()
        Losing()
        assert lost == [KeyboardInterrupt]
        with pytest.raises(KeyboardInterrupt):
            check()
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_stops_a_batch_and_leaves_no_half_output(corpus_index, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"question": "May I post photos of pupils?"}\n' * 20_000, encoding="utf-8")
    partial = tmp_path / "out.jsonl.part"
    with started(
        "ask", "--batch", tmp_path / "in.jsonl", "--output", tmp_path / "out.jsonl", "--index", corpus_index
    ) as batch:
        wait_for(lambda: partial.exists() and partial.stat().st_size > 0, batch)
        batch.send_signal(signal.SIGINT)
        out, err = batch.communicate(timeout=60)
    assert batch.returncode == 130
    assert (out, err.strip()) == ("", "Stopped.")
    assert not (tmp_path / "out.jsonl").exists()


def test_ctrl_c_stops_the_web_app(corpus_index):
    port = free_port()
    with started("serve", "--port", port, "--index", corpus_index) as server:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/"), server)
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=60)
    assert server.returncode == 130
    assert f"http://127.0.0.1:{port}" in out
    assert err.strip() == "Stopped."
    assert not answers(f"http://127.0.0.1:{port}/")


def test_the_command_is_installed():
    assert shutil.which(POLICY_ASSISTANT)
