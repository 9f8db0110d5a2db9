"""A worried story is answered with the rule on what to do, beside what it is about."""

import pytest

from assistant.answers import Level
from assistant.boundary import sends_to_dsl
from assistant.duty import duty, with_duty
from assistant.safeguarding import Branch

SCHOOL = ("harbour-safeguarding", "harbour-code-of-conduct", "harbour-mobile-phones")


def told(assistant, question):
    answer = assistant.ask(question, SCHOOL)
    return answer, " ".join(item.text for item in answer.quotes[:2])


@pytest.mark.parametrize(
    "story",
    [
        "A girl in my tutor group told me her stepdad hits her with a belt",
        "boy in y4 has bruises on his arms again and says he fell",
        "Same boy again in filthy clothes, no coat, nicking food from the others. Been like it since half term.",
    ],
)
def test_a_story_of_a_child_is_answered_with_the_rule_that_sends_to_the_dsl(assistant, story):
    answer, quoted = told(assistant, story)
    assert answer.safeguarding.level == "same_day"
    assert sends_to_dsl(quoted)
    assert len(answer.quotes) <= assistant.settings.quotes + 1


def test_a_lead_by_an_older_name_is_one(assistant):
    rule = duty(assistant.retriever, assistant.index.snapshot(), "thornbury", "same_day", "child")
    assert rule is not None
    assert "child protection" in rule.clause.text


def test_a_story_of_the_headteacher_is_answered_with_the_rule_that_sends_elsewhere(assistant):
    answer, quoted = told(assistant, "The headteacher has been sending a Year 6 girl private messages at night")
    assert answer.safeguarding.contacts[0].role == "Chair of governors"
    assert "chair of governors" in quoted


@pytest.mark.parametrize("scope", ["harbour-data-protection", "harbour-acceptable-use"])
def test_policies_without_such_a_rule_are_not_made_to_have_one(assistant, scope):
    snapshot = assistant.index.snapshot()
    branches: tuple[Branch, ...] = ("child", "staff", "headteacher")
    assert [duty(assistant.retriever, snapshot, scope, "same_day", branch) for branch in branches] == [None] * 3


@pytest.mark.parametrize(("level", "branch"), [("none", "none"), ("consult", "child"), ("same_day", "abuse_of_staff")])
def test_it_is_looked_for_where_somebody_must_act_today(assistant, level: Level, branch: Branch):
    assert duty(assistant.retriever, assistant.index.snapshot(), SCHOOL, level, branch) is None


def test_the_rule_stands_second_and_once(assistant):
    snapshot = assistant.index.snapshot()
    rule = duty(assistant.retriever, snapshot, SCHOOL, "same_day", "child")
    others = [
        hit for hit in assistant.retriever.search(snapshot, "May I post photos?", SCHOOL, 4)
        if hit.clause.id != rule.clause.id
    ][:3]  # fmt: skip

    assert with_duty(others, rule, 3) == [others[0], rule, others[1]]
    assert with_duty([*others[:2], rule], rule, 3) == [others[0], rule, others[1]]
    assert with_duty([rule, *others], rule, 4) == [rule, *others]
    assert with_duty(others, rule, 1) == others[:1]
    assert with_duty([], rule, 3) == [rule]
    assert with_duty(others, None, 3) == others


def test_where_the_question_finds_nothing_the_rule_stands_alone_without_a_verdict(assistant, monkeypatch):
    monkeypatch.setattr("assistant.judge.height", lambda: 0.99)
    answer = assistant.ask("The headteacher has been sending a Year 6 girl private messages at night", SCHOOL)
    assert (answer.status, len(answer.quotes), answer.verdict) == ("answered", 1, None)
