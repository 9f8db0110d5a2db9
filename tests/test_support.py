"""A sentence is supported where it shortens its clause and changes nothing of the rule."""

import pytest

from assistant.answers import Quote
from assistant.llm.support import supported
from assistant.modality import modality


def clause(text, *lead_in):
    return Quote(
        policy="p",
        title="Policy",
        organisation=None,
        clause="p/1",
        number="1",
        headings=(),
        lead_in=lead_in,
        text=text,
        spans=((0, 1),),
        source="p.txt",
        page=None,
        modality=modality(text, lead_in),
        score=0.9,
    )


FRIENDS = clause(
    "However, staff must not accept or send friend requests from current pupils, or from former pupils under 18, unless they are family members."
)
PHOTOS = clause(
    "Staff may post photographs of pupils on the school's own account with the headteacher's written approval. Photographs must be deleted after 12 months."
)
ITEM = clause("accept friend requests from pupils;", "Staff must not:")
LEAVE = clause("Governors may follow the school's account. Parents must not.")


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        (FRIENDS.text, FRIENDS),
        (
            "Staff must not accept friend requests from current pupils, or from former pupils under 18, unless they are family members.",
            FRIENDS,
        ),
        ("Photographs must be deleted after 12 months.", PHOTOS),
        ("The photographs must be deleted after 12 months", PHOTOS),
        (
            "Staff may post photographs of pupils on the school’s own account with the headteacher’s written approval.",
            PHOTOS,
        ),
        ("Staff must not accept friend requests from pupils.", ITEM),
        ("Governors may follow the school's account.", LEAVE),
    ],
)
def test_a_shortening_is_supported(sentence, quote):
    assert supported(sentence, quote)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        (
            "Staff must accept friend requests from current pupils, or from former pupils under 18, unless they are family members.",
            FRIENDS,
        ),
        ("Staff must not accept friend requests from current pupils.", FRIENDS),  # the exception is gone
        (
            "Staff must not accept friend requests from current pupils, or from former pupils under 16, unless they are family members.",
            FRIENDS,
        ),
        (
            "Staff must not accept friend requests from current pupils, or from pupils under 18, unless they are family members.",
            FRIENDS,
        ),
        (
            "Staff should not accept friend requests from current pupils, or from former pupils under 18, unless they are family members.",
            FRIENDS,
        ),
        (
            "Pupils must not accept friend requests from current staff, or from former pupils under 18, unless they are family members.",
            FRIENDS,
        ),
        ("Staff may post photographs of pupils.", PHOTOS),
        ("Staff may post photographs of pupils on the school's own account.", PHOTOS),  # the condition is gone
        ("Staff may post photographs of pupils on their own account with the headteacher's written approval.", PHOTOS),
        ("Staff may post photographs of pupils on the account with the headteacher's written approval.", PHOTOS),
        ("Photographs must be deleted after 24 months.", PHOTOS),
        ("Photographs must be deleted.", PHOTOS),
        ("Photographs must not be deleted after 12 months.", PHOTOS),
        ("Staff may post photographs. Photographs must be deleted after 12 months.", PHOTOS),
        ("Accept friend requests from pupils.", ITEM),
        ("Staff must accept friend requests from pupils.", ITEM),
        ("Staff must not: worry, accept friend requests from pupils", ITEM),
        ("Parents may follow the school's account.", LEAVE),
        ("Governors must not.", LEAVE),
        ("Governors may follow the school's account <b>always</b>.", LEAVE),
        ("Gоvernors may follow the school's account.", LEAVE),  # a Cyrillic o
        ("Governors may follow\u202e the school's account.", LEAVE),
        ("Governors may follow the school's account?", LEAVE),
        ("", LEAVE),
        ("the the the", LEAVE),
        ("Governors may follow the school's account " * 20, LEAVE),
    ],
)
def test_anything_else_is_not(sentence, quote):
    assert not supported(sentence, quote)
