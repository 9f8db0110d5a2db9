"""Which questions lean on the one before, and what is then searched."""

import pytest

from assistant.answers import Turn
from assistant.followup import joined, leans

BEFORE = [Turn("user", "Can I be friends with a pupil on Facebook?"), Turn("assistant", "The policy says “must not”.")]


@pytest.mark.parametrize(
    "question",
    [
        "What about ex-pupils?",
        "and what about their parents",
        "But what if they are family?",
        "Even if it's my cousin?",
        "What if they're 18?",
        "Why not?",
        "why?",
        "Does that apply to governors?",
        "Is that the same for supply staff?",
        "Same for WhatsApp?",
        "So is that allowed after they leave?",
        "How about them?",
        "Can I do it anyway?",
        "Which clause?",
        "ok and after they've left?",
    ],
)
def test_a_question_that_leans_is_read_after_the_one_before(question):
    assert leans(question)
    assert joined(question, BEFORE) == f"Can I be friends with a pupil on Facebook? {question}"
    assert joined(question, ()) == question


@pytest.mark.parametrize(
    "question",
    [
        "Can I post photos of pupils on my own page?",
        "Who is the Designated Safeguarding Lead?",
        "May I use the school logo in a presentation for a conference?",
        "What must I do when a parent sends me a friend request?",
        "Am I allowed to keep pupils' work at home?",
    ],
)
def test_a_question_that_stands_alone_is_read_alone(question):
    assert not leans(question)
    assert joined(question, BEFORE) == question


@pytest.mark.parametrize(
    ("history", "read"),
    [
        ([], "What about them?"),
        ([Turn("assistant", "Hello.")], "What about them?"),
        ([Turn("user", "   ")], "What about them?"),
        ([Turn("user", "First?"), Turn("user", "Second?")], "Second? What about them?"),
        ([Turn("user", "First?"), Turn("user", "\x00\ud800")], "First? What about them?"),
        ([Turn("user", "Two\nlines?\x07")], "Two lines? What about them?"),
    ],
)
def test_the_last_question_of_the_history_counts(history, read):
    assert joined("What about them?", history) == read


def test_a_long_question_before_is_cut():
    assert len(joined("What about them?", [Turn("user", "word " * 10_000)])) < 700
