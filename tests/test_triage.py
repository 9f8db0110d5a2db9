"""The triage's ordinary code: words that mean danger, personal data gone astray, and the office that a concern is about."""

import pytest

from assistant.answers import LEVELS
from assistant.documents import CONTACT_ROLES
from assistant.safeguarding import Finding
from assistant.triage import UNNAMED, decide, triage
from assistant.triage_model import BRANCHES, Chances
from assistant.whom import People


@pytest.mark.parametrize(
    "question",
    [
        "I emailed the class list to the wrong parent.",
        "left my school laptop on the train, who do i tell",
        "sent the y4 class list to the wrong mum by mistake",
        "Who deals with a subject access request?",
        "My school account's been hacked, who needs to know? It's sending emails to parents from my outlook account",
        "I used cc instead of bcc to all the parents",
    ],
)
def test_personal_data_goes_to_the_dpo_without_an_alarm(assistant, question):
    card = assistant.ask(question, "oakfield").safeguarding
    assert card.level == "none"
    assert [contact.role for contact in card.contacts] == [CONTACT_ROLES["dpo"]]
    assert "72 hours" in card.advice


@pytest.mark.parametrize(
    "question",
    [
        "Can pupils have their phones out at break?",
        "I left my lunch on the train, is there a shop near?",
        "May I wear trainers on sports day?",
        "Can I send a letter home about the trip?",
        "May I put photos on the school website?",
    ],
)
def test_other_everyday_questions_bring_no_card(assistant, question):
    assert assistant.ask(question, "oakfield").safeguarding.advice == ""


@pytest.mark.parametrize(
    "question",
    [
        "The baby was floppy and a funny blue colour when mum handed him over.",
        "We can't wake him and he has been sick.",
        "I'm sat in the car park with all my tablets.",
        "He drank some of the anti-freeze.",
        "A toddler has swallowed a battery.",
        "Her tongue is swelling up.",
        "A stranger walked off with one of our Reception children.",
        "They forced a Year 9 into a van.",
        "She has legged it towards the main road.",
        "Dad isn't meant to see him, and now he has just taken him from the gate.",
        "One of ours is wandering along the hard shoulder.",
        "Two Year 9s are on the train tracks.",
        "There's a pupil on the hard shoulder, a child is on the hard shoulder!",
    ],
)
def test_danger_in_plain_words_is_an_emergency(assistant, question):
    assert assistant.ask(question, "oakfield").safeguarding.level == "emergency"


@pytest.mark.parametrize(
    "question",
    [
        "Her hair has gone blue for the play, is that allowed?",
        "My laptop screen went blue, who fixes it?",
        "A pigeon made off with a boy's sandwich on the trip.",
        "We bundled the costumes into a van.",
        "The cross-country team ran off towards the river.",
        "Who locks the bleach away?",
        "She was told that she is not allowed to collect the keys and took it well.",
        "We were stuck on the motorway and the coach was late.",
    ],
)
def test_words_of_danger_in_everyday_use_are_none(assistant, question):
    assert assistant.ask(question, "oakfield").safeguarding.level != "emergency"


@pytest.mark.parametrize(
    ("question", "level"),
    [
        ("At dinner she fishes crusts out of the bins.", "same_day"),
        ("he ate his apple from the canteen bin", "same_day"),
        ("Can pupils take food waste out to the bins?", "none"),
        ("Who empties the food bins?", "none"),
        ("hes been finding food in bins and she gets her dinner out of the bin", "same_day"),
        ("Can pupils eat crisps if they put packets in the bin?", "none"),
        ("Must pupils pick up food and put it in the bin?", "none"),
        ("Can we take food waste from the bins for compost?", "none"),
    ],
)
def test_food_taken_out_of_a_bin_is_a_sign_of_neglect(assistant, question, level):
    assert assistant.ask(question, "oakfield").safeguarding.level == level


@pytest.mark.parametrize(
    ("head", "named", "branch"),
    [(UNNAMED - 0.1, False, "staff"), (UNNAMED - 0.1, True, "headteacher"), (UNNAMED, False, "headteacher")],
)
def test_it_is_about_the_headteacher_where_they_are_named_or_it_is_likely(head, named, branch):
    chances = Chances(
        {level: float(level == "same_day") for level in LEVELS},
        {name: {"headteacher": head, "staff": 0.4}.get(name, 0.0) for name in BRANCHES},
    )
    assert decide(chances, People(head_named=named)) == Finding("same_day", branch)


def chances(level, branch):
    """Chances of levels and branches; those not named are 0, what is missing to 1 goes to "none"."""
    return Chances(
        {name: level.get(name, 1 - sum(level.values()) if name == "none" else 0.0) for name in LEVELS},
        {name: branch.get(name, 1 - sum(branch.values()) if name == "none" else 0.0) for name in BRANCHES},
    )


@pytest.mark.parametrize(
    ("level", "branch", "named", "expected"),
    [
        # A colleague who acts is likelier complained of, one who tells is not.
        ({"same_day": 1.0}, {"child": 0.6, "staff": 0.2}, People(), ("same_day", "child")),
        ({"same_day": 1.0}, {"child": 0.6, "staff": 0.2}, People(colleague_acts=True), ("same_day", "staff")),
        ({"same_day": 1.0}, {"child": 0.9, "staff": 0.05}, People(colleague_acts=True), ("same_day", "child")),
        ({"same_day": 1.0}, {"child": 0.3, "staff": 0.6}, People(colleague_tells=True), ("same_day", "child")),
        ({"same_day": 1.0}, {"child": 0.3, "staff": 0.6}, People(pupil_acts=True), ("same_day", "child")),
        ({"same_day": 1.0}, {"child": 0.1, "staff": 0.8}, People(colleague_tells=True), ("same_day", "staff")),
        # A boundary that another crosses is the headteacher's, and one that the headteacher crosses is the chair's.
        ({"consult": 1.0}, {"boundary": 0.8, "staff": 0.1}, People(), ("consult", "boundary")),
        ({"consult": 1.0}, {"boundary": 0.8, "staff": 0.1}, People(colleague_acts=True), ("consult", "staff")),
        (
            {"same_day": 1.0},
            {"boundary": 0.5, "child": 0.3, "headteacher": 0.1},
            People(head_named=True, head_acts=True),
            ("same_day", "headteacher"),
        ),
        # 999 first where an emergency is at least as likely as a mere consultation.
        ({"emergency": 0.3, "consult": 0.1}, {"danger": 0.5, "child": 0.3}, People(), ("emergency", "danger")),
        ({"emergency": 0.3, "consult": 0.6}, {"danger": 0.5, "staff": 0.3}, People(), ("same_day", "staff")),
        # Both heads together say whether there is anything.
        ({"consult": 0.75}, {"boundary": 0.8}, People(), ("consult", "boundary")),
        ({"consult": 0.75}, {"boundary": 0.1}, People(), ("none", "none")),
    ],
)
def test_a_finding_comes_from_the_chances_and_the_people_named(level, branch, named, expected):
    assert decide(chances(level, branch), named) == Finding(*expected)


@pytest.mark.parametrize(
    ("question", "branch"),
    [
        ("Our drama teacher slapped a girl across the face.", "staff"),
        ("Our drama teacher slapped a girl across the face. Do I tell the headteacher?", "staff"),
        ("Our drama teacher slapped a girl across the face and the head is away until Monday.", "staff"),
        ("Our headteacher slapped a girl across the face.", "headteacher"),
        ("Our safeguarding lead slapped a girl across the face.", "dsl"),
        ("I am the headteacher. Our drama teacher slapped a girl across the face.", "staff_to_head"),
    ],
)
def test_an_allegation_goes_by_the_office_that_it_is_about(question, branch):
    assert triage(question) == Finding("same_day", branch)


@pytest.mark.parametrize(
    "remark",
    [
        "The projector in room nine is dead.",
        "Spilt coffee all over the registers, drying them on the radiator.",
        "A boy in my class swapped his crisps for a yoghurt.",
        "My Year 2s won the egg and spoon race!",
    ],
)
def test_a_remark_on_everyday_life_brings_no_card(remark):
    assert triage(remark).level == "none"


def test_a_concern_at_the_end_of_a_long_text_is_found():
    """Past the word pieces that the model reads at once, and past those that the embedder reads."""
    talk = (
        "The trip to the farm went well and the coach was on time, everyone had their packed lunch by the pond. " * 20
    )
    assert triage(talk).level == "none"
    found = triage(talk + "On the way back a girl told me that her stepfather comes into her bed at night.")
    assert found.level in {"same_day", "emergency"}


@pytest.mark.parametrize(
    ("question", "branch"),
    [
        ("A Year 7 girl told me that she was cut when she was little, in the village.", "fgm"),
        ("She says that gran will make her a woman in the summer and she is frightened.", "fgm"),
        ("A Year 7 girl told me that her stepdad hits her.", "child"),
    ],
)
def test_the_law_on_fgm_stands_on_its_card(question, branch):
    assert triage(question) == Finding("same_day", branch)
