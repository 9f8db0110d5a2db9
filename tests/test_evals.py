"""The measures: each check as a table, the interval against published values, the files of questions, the gate."""

import json

import pytest

from assistant.errors import QuestionError
from evals import checks
from evals.checks import BAD_IF_HIGH, CHECKS, quotes_are_verbatim
from evals.gate import TOLERANCE, fallen
from evals.questions import Question, read_questions
from evals.report import failures, figures, table
from evals.scoring import by_tag, qrels_text, retrieval, scored, totals, wilson


def question(**fields):
    return Question.model_validate({"id": "q", "question": "May I?", **fields})


def row(
    *quoted, status=None, near=(), verdict=None, level="none", contacts=(), policy="att", spans=((0, 4),), text="Word"
):
    def quote(name):
        return {"clause": name, "policy": name.split("/")[0], "spans": spans, "text": text}

    return {
        "status": status or ("answered" if quoted else "not_covered"),
        "verdict": verdict,
        "quotes": [quote(name) for name in quoted],
        "related": [quote(name) for name in near],
        "safeguarding": {
            "level": level,
            "advice": "",
            "contacts": [{"role": role, "phone": phone} for role, phone in contacts],
        },
    }


ONE = question(expected_clauses=[["att/1", "att/2"]])
TWO = question(expected_clauses=[["att/1"], ["att/5", "att/6"]])
YES = question(expected_clauses=[["att/1"]], expected_verdict="yes")
NO = question(expected_clauses=[["att/1"]], expected_verdict="no")
OPEN = question(expected_clauses=[["att/1"]], expected_verdict=None)
SILENT = question(expected_status="not_covered")
TEMPTING = question(expected_status="not_covered", tags=["tempting"])
TALK = question(expected_status="declined")
EVERYDAY = question(expected_level="none")
CONSULT = question(expected_level="consult", expected_contact="dsl")
CONCERN = question(expected_level="same_day", expected_contact="dsl")
HEAD = question(expected_level="same_day", expected_contact="chair_of_governors")
DANGER = question(expected_level="emergency", expected_contact="999")
DSL, HEADTEACHER, CHAIR = ("Designated Safeguarding Lead", "1"), ("Headteacher", "2"), ("Chair of governors", "3")
NINES = ("Emergency services", "999")

TABLE = [
    ("right_clause_first", ONE, row("att/2", "att/9"), 1.0),
    ("right_clause_first", ONE, row("att/9", "att/1"), 0.0),
    ("right_clause_first", ONE, row(near=["att/1"]), 0.0),
    ("right_clause_first", SILENT, row("att/1"), None),
    ("right_clause_first", question(), row("att/1"), None),
    ("ranked_first", ONE, row(near=["att/1"]), 1.0),
    ("ranked_first", ONE, row("att/9", near=["att/1"]), 0.0),
    ("right_clause_in_three", ONE, row("att/8", near=["att/9", "att/1"]), 1.0),
    ("right_clause_in_three", ONE, row("att/7", "att/8", near=["att/9", "att/1"]), 0.0),
    ("both_parts_in_five", TWO, row("att/1", near=["att/6"]), 1.0),
    ("both_parts_in_five", TWO, row("att/5", "att/6"), 0.0),
    ("both_parts_in_five", TWO, row("att/1", near=["att/2", "att/3", "att/4", "att/7", "att/5"]), 0.0),
    ("both_parts_in_five", ONE, row("att/1"), None),
    ("covered_is_answered", ONE, row("att/9"), 1.0),
    ("covered_is_answered", ONE, row(), 0.0),
    ("covered_is_answered", SILENT, row(), None),
    ("silence_is_said", SILENT, row(), 1.0),
    ("silence_is_said", SILENT, row("att/1"), 0.0),
    ("silence_is_said", SILENT, row(status="declined"), 0.0),
    ("silence_is_said", ONE, row(), None),
    ("tempting_silence_is_said", TEMPTING, row(), 1.0),
    ("tempting_silence_is_said", SILENT, row(), None),
    ("other_is_declined", TALK, row(status="declined"), 1.0),
    ("other_is_declined", TALK, row(), 0.0),
    ("other_is_declined", ONE, row(), None),
    ("verdict_given", YES, row("att/1", verdict="depends"), 1.0),
    ("verdict_given", YES, row("att/1"), 0.0),
    ("verdict_given", OPEN, row("att/1"), None),
    ("verdict_right", YES, row("att/1", verdict="yes"), 1.0),
    ("verdict_right", YES, row("att/1", verdict="depends"), 0.0),
    ("verdict_right", YES, row("att/1"), None),
    ("verdict_flipped", YES, row("att/1", verdict="no"), 1.0),
    ("verdict_flipped", NO, row("att/1", verdict="yes"), 1.0),
    ("verdict_flipped", YES, row("att/1", verdict="depends"), 0.0),
    ("verdict_flipped", YES, row("att/1"), 0.0),
    ("open_has_no_verdict", OPEN, row("att/1"), 1.0),
    ("open_has_no_verdict", OPEN, row("att/1", verdict="yes"), 0.0),
    ("open_has_no_verdict", ONE, row("att/1"), None),
    ("concern_found", CONCERN, row(level="consult"), 1.0),
    ("concern_found", CONCERN, row(), 0.0),
    ("concern_found", DANGER, row(level="same_day"), 1.0),
    ("concern_found", CONSULT, row(), None),
    ("emergency_found", DANGER, row(level="emergency", contacts=[NINES, DSL]), 1.0),
    ("emergency_found", DANGER, row(level="emergency", contacts=[DSL, NINES]), 0.0),
    ("emergency_found", DANGER, row(level="emergency"), 0.0),
    ("emergency_found", DANGER, row(level="same_day", contacts=[NINES]), 0.0),
    ("emergency_found", CONCERN, row(level="emergency"), None),
    ("false_alarm", EVERYDAY, row(level="consult"), 1.0),
    ("false_alarm", EVERYDAY, row(), 0.0),
    ("false_alarm", question(), row(level="consult"), None),
    ("loud_false_alarm", EVERYDAY, row(level="consult"), 0.0),
    ("loud_false_alarm", EVERYDAY, row(level="same_day"), 1.0),
    ("loud_false_alarm", EVERYDAY, row(level="emergency"), 1.0),
    ("level_right", CONCERN, row(level="same_day"), 1.0),
    ("level_right", CONCERN, row(level="emergency"), 0.0),
    ("level_right", EVERYDAY, row(), 1.0),
    ("first_contact_right", CONCERN, row(level="same_day", contacts=[DSL, HEADTEACHER]), 1.0),
    ("first_contact_right", CONCERN, row(level="same_day", contacts=[HEADTEACHER, DSL]), 0.0),
    ("first_contact_right", CONCERN, row(), 0.0),
    ("first_contact_right", CONSULT, row(level="consult", contacts=[HEADTEACHER]), 1.0),
    ("first_contact_right", HEAD, row(level="same_day", contacts=[CHAIR]), 1.0),
    ("first_contact_right", HEAD, row(level="same_day", contacts=[HEADTEACHER]), 0.0),
    ("first_contact_right", DANGER, row(level="emergency", contacts=[NINES]), 1.0),
    ("first_contact_right", EVERYDAY, row(), None),
    ("quotes_stay_in_scope", question(policy="att"), row("att/1", near=["att/2"]), 1.0),
    ("quotes_stay_in_scope", question(policy="att"), row("att/1", near=["neu/2"]), 0.0),
    ("quotes_stay_in_scope", question(policy="att"), row(), None),
    ("quotes_stay_in_scope", question(), row("neu/1"), None),
]


@pytest.mark.parametrize(("name", "asked", "answer", "value"), TABLE)
def test_a_check(name, asked, answer, value):
    assert getattr(checks, name)(asked, answer) == value


def test_every_check_is_in_the_table():
    assert {name for name, *_ in TABLE} == {check.__name__ for check in CHECKS} >= BAD_IF_HIGH


@pytest.mark.parametrize(
    ("text", "spans", "value"),
    [
        ("One two", ((0, 7),), 1.0),
        ("One three", ((0, 3), (8, 13)), 1.0),
        ("two three", ((4, 13),), 1.0),
        ("two four", ((4, 13),), 0.0),
        ("One", ((0, 7),), 0.0),
    ],
)
def test_verbatim_is_checked_against_the_source(text, spans, value):
    source = {"att": "One two\nthree"}
    assert quotes_are_verbatim(ONE, row("att/1", text=text, spans=spans), source) == value
    assert quotes_are_verbatim(ONE, row(near=["att/1"], text=text, spans=spans), source) == value


def test_verbatim_is_not_scored_without_quotes_or_sources():
    assert quotes_are_verbatim(ONE, row(), {"att": ""}) is None
    assert quotes_are_verbatim(ONE, row("att/1"), None) is None


# Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I, method 3.
@pytest.mark.parametrize(
    ("successes", "count", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0),
    ],
)
def test_the_wilson_interval_is_the_published_one(successes, count, low, high):
    assert wilson(successes, count) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_nothing_measured_says_nothing():
    assert wilson(0, 0) == (0.0, 1.0)


# --- scores of a run

QUESTIONS = [
    question(id="a", policy="att", expected_clauses=[["att/1", "att/2"]], tags=["plain"]),
    question(id="b", policy="att", expected_clauses=[["att/3"]], tags=["plain", "slang"]),
    question(id="c", expected_status="not_covered"),
    question(id="d"),
]
ROWS = [row("att/2", near=["att/1"]), row("att/9", near=["att/3"]), row(), row("att/1")]


def test_means_are_over_the_questions_that_a_check_applies_to():
    found = {score.name: (score.value, score.count) for score in totals(scored(QUESTIONS, ROWS))}
    assert found["right_clause_first"] == (0.5, 2)
    assert found["right_clause_in_three"] == (1.0, 2)
    assert found["silence_is_said"] == (1.0, 1)
    assert "concern_found" not in found


def test_scores_are_told_by_tag_and_by_policy():
    groups = by_tag(QUESTIONS, scored(QUESTIONS, ROWS))
    assert set(groups) == {"plain", "slang", "policy:att", "policy:all"}
    assert next(score for score in groups["slang"] if score.name == "right_clause_first").value == 0.0


def test_retrieval_is_measured_over_the_shown_ranking():
    found = retrieval(QUESTIONS, ROWS)
    assert found["Success@1"] == 0.5
    assert found["Success@3"] == 1.0
    assert found["R@5"] == 1.0
    assert found["RR"] == 0.75
    assert retrieval([question()], [row("att/1")]) == {}


def test_a_question_without_an_answer_counts_as_a_miss():
    assert retrieval(QUESTIONS[:2], [ROWS[0], row()])["Success@3"] == 0.5


def test_judgements_are_written_in_trec_form():
    assert qrels_text(QUESTIONS) == "a 0 att/1 1\na 0 att/2 1\nb 0 att/3 1\n"


def test_figures_hold_what_was_measured():
    found = figures(QUESTIONS, ROWS, None)
    assert found["questions"] == 4
    assert found["measures"]["right_clause_first"]["count"] == 2
    assert json.loads(json.dumps(found)) == found


def test_the_table_shows_value_interval_count_and_the_other_run():
    lines = table(totals(scored(QUESTIONS, ROWS)), {"right_clause_first": 0.25}).splitlines()
    line = next(line for line in lines if line.startswith("right_clause_first"))
    assert line.split() == ["right_clause_first", "50.0%", "9.5%", "–", "90.5%", "2", "25.0%"]


def test_failures_are_named_whichever_way_is_bad():
    assert failures(
        ONE, {"right_clause_first": 0.0, "false_alarm": 1.0, "level_right": 1.0, "verdict_flipped": 0.0}
    ) == [
        "right_clause_first",
        "false_alarm",
    ]


# --- files of questions


def test_jsonl_and_csv_hold_the_same(tmp_path):
    full = {
        "id": "q1",
        "question": "May I, or not?",
        "policy": "att",
        "expected_clauses": [["att/1", "att/2"], ["att/3"]],
        "expected_status": "answered",
        "expected_verdict": "no",
        "expected_level": "none",
        "expected_contact": "dsl",
        "tags": ["plain", "slang"],
        "history": [{"role": "user", "content": "Before?"}],
    }
    (tmp_path / "q.jsonl").write_text(
        "\ufeff" + json.dumps(full) + '\n\n{"id": 2, "question": "Why?"}\n', encoding="utf-8"
    )
    (tmp_path / "q.csv").write_text(
        "\ufeffid,question,policy,expected_clauses,expected_status,expected_verdict,expected_level,expected_contact,tags,history\n"
        'q1,"May I, or not?",att,att/1|att/2; att/3,answered,no,none,dsl,plain; slang,"[{""role"": ""user"", ""content"": ""Before?""}]"\n'
        "2,Why?,,,,,,,,\n",
        encoding="utf-8",
    )
    lines, cells = read_questions(tmp_path / "q.jsonl"), read_questions(tmp_path / "q.csv")
    assert lines == cells
    assert lines[0].expected_clauses == (("att/1", "att/2"), ("att/3",))
    assert lines[0].turns[0].content == "Before?"
    assert (lines[1].id, lines[1].policy, lines[1].expected_clauses) == ("2", None, None)


def test_a_csv_cell_and_a_json_string_may_hold_line_breaks(tmp_path):
    (tmp_path / "q.csv").write_bytes(b'id,question\r\nq1,"May I\r\npost?"\r\nq2,Why?\r\n')
    assert [item.question.split() for item in read_questions(tmp_path / "q.csv")] == [["May", "I", "post?"], ["Why?"]]
    (tmp_path / "q.jsonl").write_text('{"id": "q", "question": "May I\u2028post?"}\n', encoding="utf-8")
    assert read_questions(tmp_path / "q.jsonl")[0].question == "May I\u2028post?"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("q.jsonl", b"", "holds no question"),
        ("q.jsonl", b"\n\n", "holds no question"),
        ("q.csv", b"id,question\n", "holds no question"),
        ("q.jsonl", b"no JSON", "question 1: "),
        ("q.jsonl", b'{"id": "a", "question": "x"}\n[1]', "question 2: the line: "),
        ("q.jsonl", b'{"id": "a"}', "question 1: question: Field required"),
        ("q.jsonl", b'{"question": "x"}', "question 1: id: Field required"),
        ("q.jsonl", b'{"id": "a", "question": "x", "policy": ["att"]}', "question 1: policy: "),
        ("q.jsonl", b'{"id": "a", "question": "x", "expected_status": "maybe"}', "question 1: expected_status: "),
        ("q.jsonl", b'{"id": "a", "question": "x", "expected_verdict": "perhaps"}', "question 1: expected_verdict: "),
        ("q.jsonl", b'{"id": "a", "question": "x", "expected_clauses": "att/1"}', "question 1: expected_clauses: "),
        ("q.jsonl", b'{"id": "a", "question": "x", "history": [{"role": "x", "content": ""}]}', "history.0.role: "),
        ("q.csv", b"id,question,expected_level\na,x,loud\n", "question 1: expected_level: "),
        ("q.csv", b"id,question,history\na,x,before\n", "question 1: "),
        ("q.csv", b"id;question\na;x\n", "question 1: id: Field required"),
        ("q.csv", "id,question\na,Über\n".encode("cp1252"), "UTF-8"),
        ("q.jsonl", "Über".encode("utf-16"), "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(QuestionError, match=name.replace(".", r"\.")) as caught:
        read_questions(tmp_path / name)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


# --- the gate


def measured(**values):
    return {"real-dev": {"measures": {name: {"value": value, "count": 10} for name, value in values.items()}}}


@pytest.mark.parametrize(
    ("found", "committed", "fell"),
    [
        (measured(level_right=0.90), measured(level_right=0.90), []),
        (measured(level_right=0.95), measured(level_right=0.90), []),
        (measured(level_right=0.90 - TOLERANCE + 0.001), measured(level_right=0.90), []),
        (measured(level_right=0.85), measured(level_right=0.90), ["real-dev: level_right is 85.0%, was 90.0%"]),
        (measured(false_alarm=0.01), measured(false_alarm=0.10), []),
        (measured(false_alarm=0.15), measured(false_alarm=0.10), ["real-dev: false_alarm is 15.0%, was 10.0%"]),
        (
            measured(quotes_are_verbatim=0.999),
            measured(quotes_are_verbatim=1.0),
            ["real-dev: quotes_are_verbatim is 99.9%, was 100.0%"],
        ),
        (measured(), measured(level_right=0.90), ["real-dev: level_right is 0.0%, was 90.0%"]),
        (measured(), measured(false_alarm=0.10), ["real-dev: false_alarm is 100.0%, was 10.0%"]),
        (measured(level_right=0.5), {}, []),
        ({}, measured(level_right=0.9), []),
    ],
)
def test_the_gate_names_what_fell(found, committed, fell):
    assert fallen(found, committed) == fell
