"""Whom a text is about, by its words."""

import pytest

from assistant.whom import People, people


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One of our TAs has been sending her son messages at night.", People(colleague_acts=True)),
        ("our football coach keeps hugging the yr 13s", People(colleague_acts=True)),
        ("kids say sir's been texting them", People(colleague_acts=True)),
        ("A boy keeps lifting skirts with his phone, his mates laugh.", People(pupil_acts=True)),
        ("A boy keeps getting lifts off a member of staff.", People()),
        ("A Year 10 girl gets messages from him every night.", People()),
        ("My trainee has had a child open up to her about home.", People(colleague_tells=True)),
        ("The librarian says a boy is hungry every day.", People(colleague_tells=True)),
        ("A TA told me that Mr Jones slapped a boy.", People()),
        ("A girl told me that her dad hits her.", People()),
        ("Mrs Hale gave me a note about the trip.", People()),
    ],
)
def test_a_colleague_acts_or_tells(text, expected):
    assert people(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The headteacher hit a child.",
        "hedteacher been texting a y11",
        "haed techer texts a yr 10",
        "our exec head grabbed a lad",
        "I saw the head holding a boy by the throat",
        "I can't tell the head, he was there.",
        "He shut her in a cupboard. Who is above him?",
    ],
)
def test_the_head_is_complained_of(text):
    assert people(text).head_complained_of


@pytest.mark.parametrize(
    "text",
    [
        "Should I tell the headteacher?",
        "Is this one for the head?",
        "I reported it to our headteacher.",
        "The head is away until Monday.",
        "The head's on leave.",
        "The head of year shouted at her.",
        "He banged his head.",
        "As a head, I have been told that a teacher hit a pupil.",
        "I'm the headteacher and a teacher hit a pupil.",
    ],
)
def test_the_head_is_the_one_told_asked_or_away(text):
    assert not people(text).head_complained_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("As a head: whom do I ring?", True),
        ("I'm the acting headteacher.", True),
        ("As head of a small primary I was told this.", True),
        ("I am the head of maths.", False),
        ("I'm the head cook.", False),
        ("As head of year I look after 200 of them.", False),
        ("I'm telling the head.", False),
    ],
)
def test_a_headteacher_asks(text, expected):
    assert people(text).asked_by_head is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A coach hit a boy. Do I tell the headteacher?", True),
        ("A coach hit a boy. Is that for the head?", True),
        ("A coach hit a boy and the head is away.", True),
        ("I'm the headteacher. A coach hit a boy.", True),
        ("A coach hit a boy.", False),
        ("The head hit a boy. Do I tell the head?", False),
        ("Do I tell the head that I saw her hit a boy?", False),
        ("I'd ask the head but I watched her hit a boy.", False),
        ("The head was at the back of the hall, hitting a boy.", False),
        ("The head is away with Year 6 and a boy says that she hits them.", False),
    ],
)
def test_the_head_is_merely_told(text, expected):
    """Where in doubt, not: the card must never send anybody to the one whom it is about."""
    assert people(text).head_merely_told is expected
