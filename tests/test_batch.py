"""One line in, one answer object out, in order; nothing that a line holds stops the others."""

import json

import pytest

from assistant.batch import answer_line
from tests.contract import check_answer

GOOD = '{"id": "after", "question": "May I post photos of pupils?", "policy": "oakfield"}'


def answered(assistant, line, number=1):
    return json.loads(json.dumps(answer_line(assistant, line, number), allow_nan=False))


@pytest.mark.parametrize(
    ("line", "policy"),
    [
        ('{"id": "q", "question": "May I post photos?"}', None),
        ('{"id": "q", "question": "May I post photos?", "policy": null}', None),
        ('{"id": "q", "question": "May I post photos?", "policy": ""}', None),
        ('{"id": "q", "question": "May I post photos?", "policy": "oakfield"}', "oakfield"),
        (
            '{"id": "q", "question": "May I post photos?", "policy": "oakfield", "expected_status": "answered"}',
            "oakfield",
        ),
        ('{"id": "q", "question": "May I post photos?", "history": null}', None),
        ('{"id": "q", "question": "May I post photos?", "history": []}', None),
        ('  {"id": "q", "question": "May I post photos?"}\r', None),
    ],
)
def test_a_good_line_is_answered(assistant, line, policy):
    row = answered(assistant, line)
    check_answer(row)
    assert (row["id"], row["policy"]) == ("q", policy)
    assert row["status"] != "error"


@pytest.mark.parametrize("id", ["q1", "", "a b/c", 7, 0, 1.5, True, None, ["x"], {"a": 1}, "ü😀", "\ud83d"])
def test_the_id_goes_back_as_it_came(assistant, id):
    row = answer_line(assistant, json.dumps({"id": id, "question": "May I post photos?"}), 1)
    assert row["id"] == id
    assert type(row["id"]) is type(id)
    assert row["status"] != "error"


BAD = {
    "no JSON": ("May I post photos?", "Line 4"),
    "cut short": ('{"id": "q", "question": "May I', "Line 4"),
    "two objects": ('{"question": "a"}{"question": "b"}', "Line 4"),
    "a list": ('["May I post photos?"]', "Line 4"),
    "a text": ('"May I post photos?"', "Line 4"),
    "null": ("null", "Line 4"),
    "no question": ('{"id": "q"}', "question"),
    "question null": ('{"id": "q", "question": null}', "question"),
    "question a number": ('{"id": "q", "question": 7}', "question"),
    "question a list": ('{"id": "q", "question": ["May I?"]}', "question"),
    "question empty": ('{"id": "q", "question": ""}', "empty"),
    "question blank": ('{"id": "q", "question": " \\n "}', "empty"),
    "unknown policy": ('{"id": "q", "question": "May I?", "policy": "nope"}', "No policy is called 'nope'"),
    "policy a number": ('{"id": "q", "question": "May I?", "policy": 3}', "policy"),
    "policy a list": ('{"id": "q", "question": "May I?", "policy": ["oakfield"]}', "policy"),
    "history a text": ('{"id": "q", "question": "May I?", "history": "before"}', "history"),
    "history of texts": ('{"id": "q", "question": "May I?", "history": ["before"]}', "history"),
    "unknown role": (
        '{"id": "q", "question": "May I?", "history": [{"role": "system", "content": "x"}]}',
        "history.0.role",
    ),
    "turn without words": ('{"id": "q", "question": "May I?", "history": [{"role": "user"}]}', "history.0.content"),
    "NaN": ('{"id": NaN, "question": "May I?"}', "NaN"),
    "a number of 5,000 digits": ('{"id": ' + "1" * 5000 + ', "question": "May I?"}', "Line 4"),
    "nested 100,000 deep": ("[" * 100_000, "Line 4"),
    "binary": ("\x00\x01\x02\ufffd", "Line 4"),
}


@pytest.mark.parametrize(("line", "said"), BAD.values(), ids=BAD)
def test_a_bad_line_gets_an_error_object_that_says_why(assistant, line, said):
    row = answered(assistant, line, 4)
    check_answer(row)
    assert row["status"] == "error"
    assert said in row["summary"]
    assert row["summary"].startswith("Line 4")
    assert row["warnings"] == [row["summary"]]
    assert row["id"] in {"q", "line-4"}
    assert (row["quotes"], row["related"], row["verdict"]) == ([], [], None)


def test_the_lines_after_a_bad_one_are_answered(assistant):
    rows = [answered(assistant, line, n) for n, (line, _) in enumerate(BAD.values(), 1)]
    assert {row["status"] for row in rows} == {"error"}
    assert answered(assistant, GOOD)["status"] != "error"


def test_a_huge_line_is_answered_from_its_first_characters(assistant):
    row = answered(assistant, json.dumps({"id": "q", "question": "May I post photos of pupils? " * 100_000}))
    check_answer(row)
    assert row["status"] == "answered"
    assert any("first 4000 characters" in warning for warning in row["warnings"])


def test_a_long_history_is_read_from_its_end(assistant):
    turns = [{"role": "user", "content": f"Question {n}?"} for n in range(5000)]
    turns += [
        {"role": "user", "content": "Can I use the school's logo on my own page?"},
        {"role": "assistant", "content": "No."},
    ]
    line = {"question": "And is that still so?", "policy": "harbour-trust"}
    assert (
        answered(assistant, json.dumps({**line, "history": turns}))["quotes"]
        == answered(assistant, json.dumps({**line, "history": turns[-2:]}))["quotes"]
    )


def test_an_answer_is_the_same_from_a_batch_as_alone(assistant):
    row = answer_line(assistant, GOOD, 1)
    alone = assistant.ask("May I post photos of pupils?", "oakfield", id="after").as_dict()
    assert {**row, "timings_ms": None} == {**alone, "timings_ms": None}
