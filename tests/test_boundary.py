"""Professional boundaries: one's own contact with children, and rules that send staff to the safeguarding lead."""

import pytest

from assistant.answers import Quote
from assistant.boundary import LEANING, TOUCHED, is_boundary, needs_a_word, sends_to_dsl


@pytest.mark.parametrize(
    "text",
    [
        "Staff must report it to the Designated Safeguarding Lead on the same day.",
        "If in doubt, speak to the DSL.",
        "Concerns should be referred to the safeguarding team.",
        "You must tell the Designated Senior Person.",
        "Colleagues discuss it with the school's safeguarding lead first.",
    ],
)
def test_a_rule_may_itself_send_staff_to_the_lead(text):
    assert sends_to_dsl(text)


@pytest.mark.parametrize(
    "text",
    [
        "The DSL keeps the register up to date.",
        "Staff must report faults to the caretaker.",
        "Tell the office. The DSL is Ms Jones.",
        "Staff must not post photos of pupils.",
    ],
)
def test_a_rule_that_merely_names_the_lead_sends_nobody(text):
    assert not sends_to_dsl(text)


CONTACT_RULE = "Staff must not accept friend requests from pupils."


@pytest.mark.parametrize(
    ("question", "clause", "expected"),
    [
        ("a lad in my Y9 form has followed me, can I follow back?", CONTACT_RULE, True),
        ("May I message an ex-pupil who is 17?", "Employees should not contact former students online.", True),
        ("Can I add my colleague on LinkedIn?", CONTACT_RULE, False),
        ("May staff follow pupils on social media?", CONTACT_RULE, False),
        ("Can I post photos of pupils?", "Staff must not post images of pupils without consent.", False),
        ("Can pupils follow the school account?", "The press officer keeps the password.", False),
        ("She left in 2019 and she's 16 now, can I add her?", CONTACT_RULE, True),
        ("It's 9pm, can I message my mate?", CONTACT_RULE, False),
        ("Does the policy give an age for adding old pupils?", CONTACT_RULE, False),
        ("A Year 7's mum sent me a friend request.", CONTACT_RULE, False),
        ("The dad of one of my pupils wants to follow me.", CONTACT_RULE, False),
    ],
)
def test_contact_with_children_is_a_boundary(question, clause, expected):
    assert is_boundary(question, clause) is expected


def quote_of(text, modality):
    """A quote with no more than what the rule reads."""
    return Quote("p", "P", "P", "p/1", "1", (), (), text, ((0, 1),), "p.txt", None, modality, 1.0)


LEAVE = quote_of("Staff may contact former students with the head's approval.", "may_if")
BAN = quote_of("Staff must not contact pupils from their own accounts.", "must_not")
LEAD = quote_of("Staff must report it to the Designated Safeguarding Lead.", "must")
KETTLE = quote_of("Kettles must be tested.", "must")


@pytest.mark.parametrize(
    ("question", "worry", "quotes", "expected"),
    [
        ("May I message the ones I taught?", 0.0, [BAN], True),
        ("May I message the ones I taught?", 0.0, [LEAVE, BAN], True),
        ("May I message the ones I taught?", 0.0, [LEAVE], True),
        ("May I message the ones I taught?", 0.0, [KETTLE, BAN], False),
        ("May I message the ones I taught?", TOUCHED, [], True),
        ("May I message the ones I taught?", 0.0, [], False),
        ("May staff message pupils?", 1.0, [BAN], False),
        ("A child has a plaster on.", LEANING - 0.1, [LEAD], False),
        ("A child lied about it.", LEANING, [LEAD], True),
        ("A child lied about it.", 1.0, [KETTLE], False),
        ("Who do I report a safeguarding concern to?", 0.0, [LEAD], True),
        ("Who do I report a safeguarding concern to?", 0.0, [KETTLE], False),
    ],
)
def test_a_word_is_needed_where_rule_or_words_and_the_model_say_so(question, worry, quotes, expected):
    assert needs_a_word(question, worry, quotes) is expected
