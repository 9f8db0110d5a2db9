"""A language model's part in answers, through LangChain's real client and a server on loopback."""

import json
import sys
import time
from dataclasses import replace

import pytest

from assistant.answers import LEVELS, Turn
from assistant.ask import STAYS, Assistant
from assistant.errors import SettingsError
from assistant.llm.gate import CONCERN, CONTRADICTED, FOREIGN, UNSUPPORTED, raisable
from assistant.llm.support import sources
from assistant.masking import personal
from assistant.settings import Settings
from tests.commands import run, run_program
from tests.contract import check_answer
from tests.openai_server import scripted

NAME = "openai:scripted"
ASKED = ("May staff have contact with pupils on social media?", "oakfield")
CLAUSE = "oakfield/who-it-is-for-official-and-private-posts/3"
SENTENCE = "Members of staff may not have contact with pupils on social media in any circumstances."


@pytest.fixture
def server():
    with scripted() as script:
        yield script


@pytest.fixture(scope="module", autouse=True)
def warm(assistant):
    """The first question of all loads LangChain's client: seconds on a busy machine, which no test means to measure."""
    with scripted() as script:
        script.replies = [draft()]
        settings = Settings(index=assistant.index.folder, llm=NAME, llm_url=script.url, llm_timeout=60)
        Assistant(assistant.index, settings).ask(*ASKED)


@pytest.fixture
def asked(assistant, server):
    """The assistant over the shipped corpus, with the scripted model."""
    settings = Settings(index=assistant.index.folder, llm=NAME, llm_url=server.url, llm_timeout=4)
    return Assistant(assistant.index, settings)


def draft(**changed):
    row = {
        "clauses": [CLAUSE],
        "verdict": "no",
        "summary": [{"text": SENTENCE, "clauses": [CLAUSE]}],
        "concern": "none",
    }
    return {**row, **changed}


def said(text, *clauses):
    return [{"text": text, "clauses": list(clauses or (CLAUSE,))}]


def test_a_good_draft_words_the_answer(asked, server, assistant):
    server.replies = [draft()]
    answer, plain = asked.ask(*ASKED, id="q1"), assistant.ask(*ASKED)
    check_answer(answer.as_dict())
    assert answer.answered_by == NAME
    assert (
        answer.summary
        == f"No: {SENTENCE[:-1]} (“Official and private posts” of Social Media Policy, Oakfield Primary School)."
    )
    assert (answer.verdict, answer.quotes, answer.safeguarding) == ("no", plain.quotes, plain.safeguarding)
    assert answer.warnings == plain.warnings
    (request,) = server.requests
    assert request["stream"] is True
    assert request["response_format"]["json_schema"]["name"] == "Draft"


def test_the_answer_without_the_model_comes_first(asked, server, assistant):
    """It is on screen before the model has been asked."""
    server.replies = [draft()]
    answers = asked.answers(*ASKED)
    first = next(answers)
    assert server.requests == []
    assert (first.quotes, first.summary, first.answered_by) == (
        assistant.ask(*ASKED).quotes,
        assistant.ask(*ASKED).summary,
        "extractive",
    )
    assert [answer.answered_by for answer in answers] == [NAME]


@pytest.mark.parametrize(
    ("changed", "verdict", "warning"),
    [
        ({"clauses": ["oakfield/9", "att/6.2", "", CLAUSE, CLAUSE]}, "no", None),
        ({"clauses": []}, "no", None),
        ({"verdict": "yes"}, "depends", CONTRADICTED),
        ({"verdict": "yes", "clauses": []}, "depends", CONTRADICTED),
        ({"verdict": "yes", "summary": []}, "no", None),
        ({"verdict": "yes", "summary": said("The sentence is a summary of the clause.")}, "no", UNSUPPORTED),
        ({"verdict": "none"}, "no", None),
        ({"verdict": "depends"}, "no", None),
        ({"summary": []}, "no", None),
        ({"summary": said("Staff may have contact with pupils on social media.")}, "no", UNSUPPORTED),
        (
            {"summary": said("Members of staff may have contact with pupils on social media in any circumstances.")},
            "no",
            UNSUPPORTED,
        ),
        ({"summary": said(SENTENCE, "att/6.2")}, "no", UNSUPPORTED),
        ({"summary": said("Ring 07700 900123 for leave.")}, "no", FOREIGN),
        ({"summary": said("See https://leave.example.com for leave.")}, "no", FOREIGN),
        ({"summary": said("Mrs Okafor allows it.")}, "no", FOREIGN),
        ({"summary": [*said(SENTENCE), *said("Ring 07700 900123.")]}, "no", FOREIGN),
        ({"summary": said("x" * 1000)}, "no", UNSUPPORTED),
    ],
)
def test_the_gate(asked, server, assistant, changed, verdict, warning):
    server.replies = [draft(**changed)]
    answer, plain = asked.ask(*ASKED), assistant.ask(*ASKED)
    check_answer(answer.as_dict())
    assert answer.verdict == verdict
    assert answer.quotes == plain.quotes
    assert [line for line in answer.warnings if line not in plain.warnings] == ([warning] if warning else [])
    if "summary" in changed and len(changed["summary"]) < 2:
        assert answer.summary == plain.summary


def test_near_clauses_fill_free_room_where_they_may_answer_and_the_verdicts_clause_stays_first(
    asked, server, assistant
):
    plain = assistant.ask(*ASKED)
    server.replies = [draft(clauses=[quote.clause for quote in reversed((*plain.quotes, *plain.related))])]
    answer = asked.ask(*ASKED)
    check_answer(answer.as_dict())
    assert answer.quotes[0] == plain.quotes[0]
    assert len(answer.quotes) <= asked.settings.quotes
    assert {quote.clause for quote in (*answer.quotes, *answer.related)} == {
        quote.clause for quote in (*plain.quotes, *plain.related)
    }


OPEN = ("What happens to staff who break the rules on social media?", "oakfield")


@pytest.mark.parametrize("is_held", [True, False])
def test_the_order_is_believed_of_a_model_that_can_shorten_the_clause(asked, server, assistant, is_held):
    """SmolLM2-135M says yes to every question, and puts any clause first."""
    plain = assistant.ask(*OPEN)
    last = (*plain.quotes, *raisable(plain, asked.settings.quotes))[-1]
    assert last != plain.quotes[0]
    words = sources(last)[0] if is_held else "The sentence is a summary of the clause."
    server.replies = [draft(clauses=[last.clause], verdict="none", summary=said(words, last.clause))]
    answer = asked.ask(*OPEN)
    check_answer(answer.as_dict())
    assert answer.quotes[0] == (last if is_held else plain.quotes[0])
    assert (answer.summary == plain.summary) != is_held


def test_a_model_knows_clauses_by_number(asked, server, assistant):
    """Ids are long, and small models mistype them. Offered are those that may be quoted."""
    plain = assistant.ask(*OPEN)
    offered = (*plain.quotes, *raisable(plain, asked.settings.quotes))
    assert len(plain.quotes) < len(offered) < len((*plain.quotes, *plain.related))
    last = str(len(offered))
    numbers = ["77", "0", "", last]
    server.replies = [draft(clauses=numbers, verdict="none", summary=said(sources(offered[-1])[0], "77", last))]
    answer = asked.ask(*OPEN)
    check_answer(answer.as_dict())
    assert [quote.clause for quote in answer.quotes] == [offered[-1].clause, plain.quotes[0].clause]
    assert server.sent.count("\nNumber: ") == len(offered)
    assert all(quote.clause not in server.sent for quote in offered)


def test_no_model_raises_a_clause_where_the_policies_are_silent(asked, assistant):
    plain = assistant.ask(*OPEN)
    near = replace(plain, quotes=(), related=(*plain.quotes, *plain.related))
    assert raisable(near, asked.settings.quotes) == ()


@pytest.mark.parametrize("level", LEVELS)
def test_the_level_rises_and_never_falls(asked, server, assistant, level):
    server.replies = [draft(concern=level)]
    for question in (
        ASKED[0],
        "a pupil says he has taken a load of tablets. May staff have contact with pupils on social media?",
    ):
        plain, answer = assistant.ask(question, "oakfield"), asked.ask(question, "oakfield")
        check_answer(answer.as_dict())
        rises = LEVELS.index(level) > LEVELS.index(plain.safeguarding.level)
        assert answer.safeguarding.level == (level if rises else plain.safeguarding.level)
        assert (CONCERN in answer.warnings) == rises


@pytest.mark.parametrize(
    ("replies", "reason", "requests"),
    [
        ([429], "is asked too often", 2),
        ([500], "failed (status 500)", 2),
        ([503], "failed (status 503)", 2),
        ([401], "failed (status 401)", 1),
        ([400], "failed (status 400)", 2),  # the second time in another way
        (["refuse"], "refused to answer", 1),
        (["die"], "broke off", 2),
        ([""], "can't be read", 2),
        (["{nope"], "can't be read", 2),
        (["null"], "can't be read", 2),
        (["[]"], "can't be read", 2),
        ([json.dumps({"clauses": []})], "can't be read", 2),
        ([json.dumps(draft(verdict="certainly"))], "can't be read", 2),
        ([json.dumps(draft())[:-20]], "can't be read", 2),
        (["for ever"], "did not come to an end", 1),
    ],
)
def test_a_failure_leaves_the_answer_made_without_it(asked, server, assistant, replies, reason, requests):
    server.replies = replies
    answer, plain = asked.ask(*ASKED), assistant.ask(*ASKED)
    check_answer(answer.as_dict())
    assert (answer.summary, answer.verdict, answer.quotes, answer.answered_by) == (
        plain.summary,
        plain.verdict,
        plain.quotes,
        "extractive",
    )
    (warning,) = [line for line in answer.warnings if line not in plain.warnings]
    assert warning.startswith(f"The language model ({NAME}) ")
    assert reason in warning
    assert len(server.requests) == requests


@pytest.mark.parametrize("fault", [429, 500, "die", "{nope"])
def test_one_failure_is_tried_again(asked, server, fault):
    server.replies = [fault, draft()]
    assert asked.ask(*ASKED).answered_by == NAME


SCHEMA, OBJECT = "json_schema", "json_object"


@pytest.mark.parametrize("fault", [400, 422, 500, "Certainly! The policy says no.", "```json\n{}\n```"])
def test_a_server_that_takes_no_schema_is_asked_for_an_object_then_and_afterwards(asked, server, fault):
    """As llama-cpp-python's server: status 500 at a schema; others answer in prose."""
    server.replies = [lambda request: draft() if form(request) == OBJECT else fault]
    assert [asked.ask(*ASKED).answered_by for _ in range(2)] == [NAME] * 2
    assert [form(request) for request in server.requests] == [SCHEMA, OBJECT, OBJECT]
    assert server.requests[1]["response_format"]["schema"]["title"] == "Draft"
    assert '"title": "Draft"' in server.requests[1]["messages"][0]["content"]


def form(request):
    return request["response_format"]["type"]


@pytest.mark.parametrize("fault", [429, 503, "die"])
def test_another_failure_is_no_reason_to_ask_in_another_way(asked, server, fault):
    server.replies = [fault, draft()]
    assert asked.ask(*ASKED).answered_by == NAME
    assert {form(request) for request in server.requests} == {SCHEMA}


def test_a_model_that_cannot_take_all_clauses_gets_those_that_answer(asked, server, assistant):
    near = f"Number: {len(assistant.ask(*OPEN).quotes) + 1}\n"
    server.replies = [lambda request: "too long" if near in request["messages"][1]["content"] else draft()]
    assert (asked.ask(*OPEN).answered_by, len(server.requests)) == (NAME, 2)
    server.replies, before = ["too long"], len(server.requests)
    assert "can't take a question and clauses of this length" in asked.ask(*OPEN).warnings[-1]
    assert len(server.requests) - before == 2


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_the_stated_time_is_kept_and_the_stream_is_broken_off(assistant, server, fault):
    server.replies = [fault]
    slow = Assistant(
        assistant.index, Settings(index=assistant.index.folder, llm=NAME, llm_url=server.url, llm_timeout=0.7)
    )
    began = time.monotonic()
    answer = slow.ask(*ASKED)
    assert 0.7 <= time.monotonic() - began < 1.5
    assert "did not answer in time" in answer.warnings[-1]
    assert fault == "hang" or server.hung_up.wait(2)


def test_a_server_that_is_not_there(assistant):
    gone = Assistant(
        assistant.index,
        Settings(index=assistant.index.folder, llm=NAME, llm_url="http://127.0.0.1:9/v1", llm_timeout=4),
    )
    assert "could not be reached" in gone.ask(*ASKED).warnings[-1]


def test_the_model_is_not_asked_where_nothing_is_found_or_nothing_was_asked(asked, server):
    for question in ("How many days of paternity leave do I get?", "hello there"):
        assert asked.ask(question, "oakfield").answered_by == "extractive"
    assert server.requests == []


def test_what_is_personal_is_masked_and_comes_back(asked, server):
    question = "May staff such as Jayden Smith (07700 900123, j@example.com) have contact with pupils on social media?"
    server.replies = [draft()]
    answer = asked.ask(question, "oakfield")
    assert answer.question == question
    for words in ("Jayden", "Smith", "900123", "j@example.com"):
        assert words not in server.sent
    assert "May staff such as [NAME_1] ([PHONE_1], [EMAIL_1])" in server.sent


def test_placeholders_in_a_summary_come_back_on_screen(assistant_over, server):
    rule = "Staff who lose a school phone must ring Mrs Okafor on 01632 960983 the same day."
    small = assistant_over(
        {"phones.txt": f"Phones Policy\n\n1 Lost phones\n\n1.1 {rule}\n\n1.2 Staff must charge phones at school.\n"}
    )
    masked = "Staff who lose a school phone must ring [NAME_1] on [PHONE_1] the same day."
    server.replies = [draft(clauses=["phones/1.1"], summary=said(masked, "phones/1.1"), verdict="none")]
    settings = Settings(index=small.index.folder, llm=NAME, llm_url=server.url)
    answer = Assistant(small.index, settings).ask("Whom do staff ring who lose a school phone?")
    assert masked in server.sent
    assert answer.summary == f"{rule[:-1]} (clause 1.1 of Phones Policy)."


def test_contacts_in_clauses_are_masked_too(asked, server):
    server.replies = [draft()]
    for question in (
        "Who is the Designated Safeguarding Lead?",
        "Who do I ring about a concern?",
        "What is the LADO's number?",
    ):
        asked.ask(question)
    kinds = {
        item.kind for request in server.requests for item in personal(request["messages"][1]["content"], guess=False)
    }
    assert server.requests
    assert not kinds & {"phone", "email", "upn"}


HISTORY = [Turn("user", "May staff follow pupils on Instagram?"), Turn("assistant", "No: the policy says must not.")]


def test_a_follow_up_is_searched_for_as_the_model_writes_it_out(asked, server):
    server.replies = [{"searches": ["May staff follow former pupils?"]}, draft()]
    answer = asked.ask("and what about former pupils?", "oakfield", HISTORY)
    check_answer(answer.as_dict())
    assert [request["response_format"]["json_schema"]["name"] for request in server.requests] == ["Searches", "Draft"]
    assert "May staff follow pupils on Instagram?" in server.requests[0]["messages"][1]["content"]
    assert "must not" not in server.requests[0]["messages"][1]["content"]  # earlier answers are not sent


@pytest.mark.parametrize("search", ["May staff sell paint?", "ignore this", "", "x" * 5000])
def test_a_search_in_words_that_nobody_typed_is_dropped(asked, server, assistant, search):
    server.replies = [{"searches": [search]}, draft(clauses=[], summary=[], verdict="none")]
    question = "and what about former pupils?"
    answer, plain = asked.ask(question, "oakfield", HISTORY), assistant.ask(question, "oakfield", HISTORY)
    assert (answer.quotes, answer.related, answer.verdict) == (plain.quotes, plain.related, plain.verdict)


def test_both_parts_of_a_question_are_quoted(asked, server, assistant):
    parts = [
        "May staff have contact with pupils on social media?",
        "Who do I tell about something worrying a pupil posted?",
    ]
    server.replies = [{"searches": parts}, draft(clauses=[], summary=[], verdict="none")]
    answer = asked.ask(f"{parts[0]} And {parts[1].lower()}", "oakfield")
    quoted = {quote.clause for quote in answer.quotes}
    assert {assistant.ask(part, "oakfield").quotes[0].clause for part in parts} <= quoted


def test_a_search_never_lowers_the_level(asked, server, assistant):
    question = "and a pupil told me he is going to kill himself tonight, can i follow pupils?"
    server.replies = [{"searches": ["can i follow pupils"]}, draft()]
    assert (
        asked.ask(question, "oakfield", HISTORY).safeguarding
        == assistant.ask(question, "oakfield", HISTORY).safeguarding
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("scripted", "Expected provider:model"),
        ("openai:", "Expected provider:model"),
        ("nobody:model", "can't be used: .*Expected provider:model"),
        ("cohere:command", r"pip install langchain-cohere"),
        ("openai:gpt-x", "can't be used"),  # no key
    ],
)
def test_a_model_that_cannot_be_used_is_told_when_the_program_starts(assistant, monkeypatch, name, said):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(SettingsError, match=rf"ASSISTANT_LLM is '{name}'.*{said}"):
        Assistant(assistant.index, Settings(llm=name))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:1/v1", "stays on this machine"),
        ("http://localhost:1/v1", "stays on this machine"),
        ("https://models.example.com/v1", "sent to models.example.com"),
        (None, "sent to api.openai.com"),
    ],
)
def test_the_screen_says_where_questions_go(assistant, monkeypatch, url, told):
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    assert told in Assistant(assistant.index, Settings(llm=NAME, llm_url=url)).notice
    assert "stays on this machine" in assistant.notice


def test_the_page_says_so():
    from assistant.web.page import introduction

    assert STAYS in introduction(STAYS)
    assert STAYS not in introduction("sent to <models.example.com>")
    assert "sent to &lt;models.example.com&gt;" in introduction("sent to <models.example.com>")


def test_nobody_without_a_model_loads_one():
    script = "import sys, assistant.ask, assistant.chains; sys.exit(any(name.startswith('assistant.llm') for name in sys.modules))"
    assert run_program(sys.executable, "-c", script).returncode == 0


def environment(server):
    return {"ASSISTANT_LLM": NAME, "ASSISTANT_LLM_URL": server.url}


def test_the_command_line_says_so_too_and_keeps_its_json(server, corpus_index):
    server.replies = [draft()]
    done = run("ask", ASKED[0], "--policy", "oakfield", "--json", "--index", corpus_index, env=environment(server))
    assert done.returncode == 0
    assert (
        done.stderr
        == f"What you type stays on this machine and is not kept; the language model {NAME} runs here too.\n"
    )
    assert json.loads(done.stdout)["answered_by"] == NAME


def test_eval_prints_both_columns(server, corpus_index, tmp_path):
    server.replies = [draft()]
    questions = tmp_path / "questions.jsonl"
    row = {
        "id": "1",
        "question": ASKED[0],
        "policy": "oakfield",
        "expected_verdict": "no",
        "expected_clauses": [[CLAUSE]],
    }
    questions.write_text(json.dumps(row), encoding="utf-8")
    done = run("eval", "--llm", NAME, "--questions", questions, "--index", corpus_index, env=environment(server))
    assert done.returncode == 0, done.stderr
    assert f"{NAME}: part in 1 of 1 answers; failed in 0" in done.stdout
    assert "Turned away: verdict 0, summary 0" in done.stdout
    assert done.stdout.splitlines()[3].split()[-1] == "without"
    assert done.stdout.count("100.0%") >= 6
    refused = run("eval", "--llm", NAME, "--baseline", "langchain", "--questions", questions, "--index", corpus_index)
    assert (refused.returncode, "leave out --baseline" in refused.stderr) == (2, True)
