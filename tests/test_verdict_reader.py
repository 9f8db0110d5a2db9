"""The trained reader of verdicts, and how its word is weighed against code's."""

import numpy as np
import pytest

from assistant.encoder import packed, unpacked
from assistant.verdict import settled
from assistant.verdict_reader import READINGS, pair, shipped


def chances(**given):
    rest = (1 - sum(given.values())) / (len(READINGS) - len(given))
    return {reading: given.get(reading, rest) for reading in READINGS}


@pytest.mark.parametrize(
    ("ruled", "found", "form", "modality", "verdict"),
    [
        ("no", chances(no=0.95), "permission", "must", "no"),
        ("no", chances(no=0.05, yes=0.9), "permission", "must", None),
        (None, chances(yes=0.95), "unknown", "must", "yes"),
        (None, chances(yes=0.5), "unknown", "must", None),
        (None, chances(depends=0.95), "permission", "must", "depends"),
        (None, chances(open=0.97), "unknown", "must", None),
        (None, chances(silent=0.6, no=0.4), "unknown", "must", None),
        # Advice forbids nothing that it does not speak of, and a prohibition says yes to nothing.
        (None, chances(no=0.99), "permission", "should", None),
        (None, chances(yes=0.99), "permission", "should", "yes"),
        (None, chances(yes=0.99), "confirm", "must_not", None),
    ],
)
def test_code_speaks_first_the_reader_doubts_and_completes(ruled, found, form, modality, verdict):
    assert settled(ruled, found, None, form, modality) == verdict


@pytest.mark.parametrize(
    ("ruled", "found", "alike", "verdict"),
    [
        (None, chances(no=0.6), {"yes": 0.0, "no": 1.0, "depends": 0.0}, "no"),
        (None, chances(no=0.8), {"yes": 0.5, "no": 0.5, "depends": 0.0}, None),
        (None, chances(no=0.42, yes=0.5), {"yes": 0.0, "no": 1.0, "depends": 0.0}, None),
        ("no", chances(no=0.6, yes=0.3), {"yes": 0.9, "no": 0.1, "depends": 0.0}, None),
        ("no", chances(no=0.2, yes=0.6), {"yes": 0.0, "no": 1.0, "depends": 0.0}, "no"),
    ],
)
def test_how_similar_questions_were_answered_moves_the_reader_and_never_speaks_alone(ruled, found, alike, verdict):
    assert settled(ruled, found, alike, "permission", "must") == verdict


@pytest.mark.parametrize(
    ("question", "modality", "clause", "reading"),
    [
        ("Can I add a pupil on Facebook?", "must_not", "Staff must not add pupils on social media.", "no"),
        ("Can I add a pupil on Facebook?", "may", "Staff may add pupils on social media.", "yes"),
        ("So I can't add a pupil on Facebook?", "must_not", "Staff must not add pupils on social media.", "yes"),
        ("Is it wrong to add a pupil on Facebook?", "must_not", "Staff must not add pupils on social media.", "yes"),
        ("Can I add a pupil on Facebook?", "must", "The boiler must be serviced every year.", "silent"),
        ("Do I have to tell the head about my blog?", "must", "Staff must tell the headteacher of any blog.", "yes"),
    ],
)
def test_the_shipped_reader_follows_force_and_polarity(question, modality, clause, reading):
    found = shipped().chances(question, modality, "", clause)
    assert sum(found.values()) == pytest.approx(1, abs=1e-4)
    assert max(found, key=found.get) == reading


def test_the_reader_is_told_what_code_has_read():
    assert pair("Can I?", "must_not", "Phones", "Staff must not, unless asked.") == (
        "Can I?",
        "permission . must not . condition . Phones | Staff must not, unless asked.",
    )


def test_packed_weights_come_back_within_half_a_step():
    weights = {"a": np.random.default_rng(1).normal(size=(7, 5)).astype(np.float32), "b": np.ones(3, np.float32)}
    back = unpacked(packed(weights))
    assert set(back) == {"a", "b"}
    steps = np.abs(weights["a"]).max(axis=1, keepdims=True) / 127
    assert (np.abs(back["a"] - weights["a"]) <= steps / 2 + 1e-7).all()
    assert (back["b"] == 1).all()
