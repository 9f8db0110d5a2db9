"""The triage's ordinary code: words that mean danger, personal data gone astray, and the office that a concern is about."""

import pytest

from assistant.answers import LEVELS
from assistant.documents import CONTACT_ROLES
from assistant.safeguarding import Finding
from assistant.triage import UNNAMED, decide, triage
from assistant.triage_model import BRANCHES, Chances


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
    ],
)
def test_danger_in_plain_words_is_an_emergency(assistant, question):
    assert assistant.ask(question, "oakfield").safeguarding.level == "emergency"


@pytest.mark.parametrize(
    "question", ["Her hair has gone blue for the play, is that allowed?", "My laptop screen went blue, who fixes it?"]
)
def test_blue_hair_is_none(assistant, question):
    assert assistant.ask(question, "oakfield").safeguarding.level != "emergency"


@pytest.mark.parametrize(
    ("head", "named", "branch"),
    [(UNNAMED - 0.1, False, "staff"), (UNNAMED - 0.1, True, "headteacher"), (UNNAMED, False, "headteacher")],
)
def test_it_is_about_the_headteacher_where_they_are_named_or_it_is_likely(head, named, branch):
    chances = Chances(
        {level: float(level == "same_day") for level in LEVELS},
        {name: {"headteacher": head, "staff": 0.4}.get(name, 0.0) for name in BRANCHES},
    )
    assert decide(chances, head_named=named) == Finding("same_day", branch)


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
