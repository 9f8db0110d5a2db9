"""Known examples lead a question to what its answer reads like; they are never shown, and belong to one model."""

import json
import shutil

import numpy as np
import pytest
import torch

from assistant import examples, integrity, search
from assistant.embedding import WEIGHTS
from assistant.errors import ModelError
from assistant.examples import COARSE, FORMS, LOOKED_AT, NEAREST, Examples, Table, shipped
from assistant.late import Embedding
from assistant.search import Retriever

STRANGE = "A lad from my old form keeps ringing my home number of an evening."


def along(*places):
    return Table.of((100 * torch.eye(8)[list(places)]).to(torch.int8), 0.01)


def unit(*values):
    vector = np.array([*values, *[0.0] * (8 - len(values))], dtype=np.float32)
    return vector / np.linalg.norm(vector)


@pytest.fixture
def few():
    return Examples(
        torch.eye(8),
        along(0, 0, 1, 2),
        along(4, 5, 6),
        np.array([0, 0, 1, 2]),
        np.array([1, 1, 0, -1], dtype=np.int8),
        np.array([FORMS.index(form) for form in ("permission", "permission", "wrong", "open")], dtype=np.int8),
    )


def test_an_answer_is_expected_to_read_like_what_answered_the_nearest_examples(few):
    expected = few.expected(unit(1, 0.02, 0.01))
    assert expected[4] > 0.99  # both examples along the question's axis have the clause along axis 4
    assert np.argsort(-expected)[:3].tolist() == [4, 5, 6]


def test_examples_that_disagree_expect_less(few):
    assert np.linalg.norm(few.expected(unit(1, 1))) < 0.8 < np.linalg.norm(few.expected(unit(1)))


def test_similar_questions_under_similar_clauses_tell_how_they_were_answered(few):
    told = few.read(unit(1), unit(0, 0, 0, 0, 1), "permission")
    assert sum(told.values()) == pytest.approx(1, abs=1e-3)
    assert told["no"] > 0.99
    assert few.read(unit(0, 1), unit(0, 0, 0, 0, 0, 1), "wrong")["yes"] > 0.99


def test_an_example_that_asks_in_another_form_counts_less(few):
    both = unit(1, 1), unit(0, 0, 0, 0, 1, 1)
    asked = few.read(*both, "permission")["yes"]
    assert asked < few.read(*both, "wrong")["yes"]


def test_the_shipped_examples_are_numbers_alone_and_belong_together():
    with np.load(WEIGHTS / "examples.npz") as held:
        assert all(np.issubdtype(held[name].dtype, np.number) for name in held.files)
    examples = shipped()
    assert len(examples.questions.eighths) == len(examples.answers) == len(examples.verdicts) == len(examples.forms)
    assert len(examples.questions.eighths) > 20_000 > 20 * NEAREST
    assert set(np.unique(examples.answers)) == set(range(len(examples.clauses.eighths)))


def test_a_coarse_look_at_all_finds_the_nearest_of_all():
    examples = shipped()
    chance = np.random.default_rng(1)
    rows = chance.choice(len(examples.questions.eighths), 40, replace=False)
    found = 0
    for row in examples.questions.at(rows).numpy():
        blurred = row + chance.normal(0, 0.02, len(row)).astype(np.float32)
        exact = examples.questions.exactly(np.arange(len(examples.questions.eighths)), blurred)
        rough = examples.questions.roughly(blurred)
        assert np.allclose(rough, examples.questions.coarse.numpy() @ blurred[:COARSE], atol=1e-5)
        near = set(np.argsort(-rough)[:LOOKED_AT].tolist())
        found += len(near & set(np.argsort(-exact)[:NEAREST].tolist()))
    assert found >= 0.98 * 40 * NEAREST


def test_what_is_expected_is_nearer_to_the_answer_than_to_other_clauses(assistant):
    said = [one.vector for one in assistant.embedder.clauses(
        ["Staff must not give pupils a personal telephone number, and report any call from a pupil to the DSL.", "Lunch is served from noon.", "The policy is reviewed each year."]
    )]  # fmt: skip
    expected = shipped().expected(assistant.embedder.question(STRANGE).vector)
    assert int(np.argmax([vector @ expected for vector in said])) == 0


def test_no_word_of_an_example_reaches_an_answer(assistant):
    answer = assistant.ask(STRANGE)
    texts = [shelf.document.text for shelf in assistant.index.snapshot().shelves]
    quoted = [*answer.quotes, *answer.related]
    assert quoted
    assert all(any(quote.text in text for text in texts) for quote in quoted)
    assert "examples" not in json.dumps(answer.as_dict())


def test_another_model_is_searched_without_examples(assistant, monkeypatch):
    """Its vectors have no words, and another meaning along each axis."""
    monkeypatch.setattr(examples, "shipped", lambda *_: pytest.fail("examples of the packaged model were asked"))
    asked = assistant.embedder.question(STRANGE)
    hits = Retriever(assistant.embedder).search(
        assistant.index.snapshot(), STRANGE, None, embedding=Embedding(asked.vector)
    )
    assert hits[0].score == pytest.approx(max(hit.dense for hit in hits), abs=search.WORDS)


def test_damaged_examples_are_not_read(tmp_path):
    folder = tmp_path / "weights"
    shutil.copytree(WEIGHTS, folder)
    path = folder / "examples.npz"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    integrity.check.cache_clear()
    with pytest.raises(ModelError, match=r"examples\.npz"):
        shipped(folder)


def test_without_examples_there_are_none(tmp_path):
    assert shipped(tmp_path) is None
