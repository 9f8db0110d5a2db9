"""Yes, no, depends, or nothing: from the question's form and the clause's force."""

import pytest

from assistant.form import form_of
from assistant.verdict import verdict

BAN = "Staff must not lend keys to visitors."
DUTY = "Staff must sign the book when they take a key."
LEAVE = "Staff may borrow a bicycle."
TURNING = "Staff must not lend keys to visitors unless the caretaker agrees."
ALLOWED_IF = "Staff may borrow a bicycle if the office has a spare one."


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Can I lend my key?", "permission"),
        ("is it ok to lend my key", "permission"),
        ("Am I allowed to lend my key?", "permission"),
        ("Is it wrong to lend my key?", "wrong"),
        ("any problem if I lend my key?", "wrong"),
        ("Do I have to sign the book?", "obligation"),
        ("must I sign the book", "obligation"),
        ("So I can't lend my key?", "denied"),
        ("I can't lend my key, right?", "denied"),
        ("we're not allowed to lend keys where pupils can see, are we?", "denied"),
        ("I can lend my key, right?", "permission"),
        ("lending a key isn't against the rules, is it?", "permission"),
        ("nobody minds where I leave the key, do they?", "permission"),
        ("I must sign the book, mustn't I?", "obligation"),
        ("I don't have to sign the book when I know the caretaker, do I?", "confirm"),
        ("nobody needs to sign the book, do they?", "confirm"),
        ("I'd be in trouble for what I did, wouldn't I?", "wrong"),
        ("cd i get the sack over a lost key", "wrong"),
        ("shd I sign the book", "obligation"),
        ("ought I to sign when I take a key?", "obligation"),
        ("Who keeps the book?", "open"),
        ("so who keeps the book, do you know?", "open"),
        ("a parent asks for the key, I tell who?", "open"),
        ("keep the key when I leave?", "unknown"),
        ("lend it the lad who locks up, ok?", "permission"),
        ("anything against lending my key?", "wrong"),
        ("is that naughty?", "wrong"),
        ("what happens if I lose a key", "open"),
        ("keys", "statement"),
        ("Lend it him?", "unknown"),
        ("should children be left alone", "unknown"),
        ("Can't I just delete it", "unknown"),
        ("I would like to know whether staff drive pupils home", "unknown"),
        ("Please confirm that I log every visitor", "unknown"),
        ("the plumber wants my key, do i hand it over", "unknown"),
        ("A girl told me that her stepdad comes into her room. The bus goes at 3.15.", "statement"),
    ],
)
def test_the_form_of_a_question(question, form):
    assert form_of(question) == form


@pytest.mark.parametrize(
    ("question", "modality", "text", "expected"),
    [
        ("Can I lend my key to a visitor?", "must_not", BAN, "no"),
        ("Is it wrong to lend my key to a visitor?", "must_not", BAN, "yes"),
        ("So I can't lend my key to a visitor?", "must_not", BAN, "yes"),
        ("Do I have to sign the book?", "must", DUTY, "yes"),
        ("So I can't borrow a bicycle?", "may", LEAVE, "no"),
        ("Who keeps the book?", "must", DUTY, None),
        ("Can I take a key without signing?", "must", DUTY, None),
        ("Can I lend my key?", "must_not", TURNING, "depends"),
        ("Can I borrow a bicycle?", "may_if", ALLOWED_IF, "depends"),
        (
            "Can I borrow a bicycle tomorrow, since the office tells me that there is a spare one?",
            "may_if",
            ALLOWED_IF,
            None,
        ),
        ("Can I lend my key to the plumber who came this morning if the caretaker agrees?", "must_not", TURNING, None),
        ("Are keys interesting?", "statement", "Keys are made of brass.", None),
    ],
)
def test_the_verdict_is_on_the_question_as_asked(question, modality, text, expected):
    assert verdict(question, modality, text) == expected
