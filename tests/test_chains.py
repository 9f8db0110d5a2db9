"""LangChain's view: the retriever, the Runnable and the tool, and the examples of docs/langchain.md as they stand."""

import re

import pytest

from assistant.chains import ClauseRetriever, runnable, tool
from tests.conftest import REPOSITORY
from tests.contract import check_answer

EXAMPLES = re.findall(
    r"```python\n(.+?)```", (REPOSITORY / "docs" / "langchain.md").read_text(encoding="utf-8"), re.DOTALL
)


@pytest.mark.parametrize("example", EXAMPLES, ids=["retriever", "runnable", "tool"])
def test_an_example_of_the_docs_runs_and_has_ten_lines(monkeypatch, corpus_index, capsys, example):
    monkeypatch.setenv("ASSISTANT_INDEX", str(corpus_index))
    assert len([line for line in example.splitlines() if line]) <= 10
    exec(example, {})
    assert capsys.readouterr().out.strip()


def test_the_retriever_gives_clauses_of_its_scope_best_first(assistant):
    found = ClauseRetriever(assistant=assistant, scope="oakfield", k=4).invoke(
        "May staff have contact with pupils on social media?"
    )
    assert len(found) == 4
    assert [document.id for document in found] == [document.metadata["clause"] for document in found]
    assert {document.metadata["policy"] for document in found} == {"oakfield"}
    scores = [document.metadata["score"] for document in found]
    assert scores == sorted(scores, reverse=True)
    text = assistant.index.snapshot().by_slug["oakfield"].document.text
    start, end = found[0].metadata["spans"][0]
    assert " ".join(text[start:end].split()) in found[0].page_content


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("May staff have contact with pupils on social media?", "answered"),
        ({"question": "May staff have contact with pupils on social media?", "policy": "oakfield"}, "answered"),
        (
            {
                "question": "why?",
                "policy": "oakfield",
                "history": [{"role": "user", "content": "May staff have contact with pupils on social media?"}],
            },
            "answered",
        ),
        ({"question": "May staff have contact with pupils on social media?", "policy": "nowhere"}, "error"),
        ("", "error"),
    ],
)
def test_the_runnable_keeps_the_contract(assistant, asked, status):
    row = runnable(assistant).invoke(asked)
    check_answer(row)
    assert row["status"] == status


def test_runnables_batch(assistant):
    assert len(runnable(assistant).batch(["May staff have contact with pupils on social media?", "hello"])) == 2


def test_the_tool_tells_an_agent_what_it_takes(assistant):
    made = tool(assistant)
    assert (made.name, set(made.args)) == ("school_policy", {"question", "policy"})
    assert made.args["policy"]["description"]
    check_answer(made.invoke({"question": "May staff have contact with pupils on social media?"}))
