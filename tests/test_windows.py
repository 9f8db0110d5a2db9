"""Long clauses are searched by windows and quoted whole; ordinary ones are embedded and ranked as ever."""

import numpy as np
import pytest

from assistant.documents import fold
from assistant.examples import expected
from assistant.lexical import terms
from assistant.search import LIKENESS, WORDS, _scaled, relevance, widened
from assistant.windows import LONG, STRETCH, windows
from tests.contract import check_answer

FILLER = [
    f"The {colour} room on the {floor} floor is cleaned on {day}, aired by the caretaker, and set out again for the lesson after."
    for colour, floor, day in zip(
        ["blue", "red", "green", "brown", "black", "white", "grey", "pink"] * 3,
        ["ground", "first", "second"] * 8,
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"] * 5,
        strict=False,
    )
]
RULE = "Staff must not lend the minibus to a parent."
PAGE = " ".join([*FILLER, RULE])
"""A clause of a page without a break, whose rule stands at its end."""

TEXT = f"# Rooms Policy\n\n## Rooms\n\n1.1 Keys are kept in the office.\n\n1.2 {PAGE}\n\n1.3 Lamps are switched off at night.\n"


def test_an_ordinary_text_is_one_window():
    assert windows("x " * (LONG // 2)) == ("x " * (LONG // 2),)


@pytest.mark.parametrize(
    "text",
    [PAGE, fold(f"{'no stop here ' * 300} end."), "x" * 5000, f"Short. {'y' * 2000} Short.", "keys; " * 400],
    ids=["sentences", "one sentence", "one word", "mixed", "semicolons"],
)
def test_windows_are_short_and_hold_every_character(text):
    held = set()
    bare = text.replace(" ", "")
    for window in windows(text):
        assert len(window) <= 2 * STRETCH + 1
        letters = window.replace(" ", "")
        at = bare.find(letters)
        while at >= 0:
            held |= set(range(at, at + len(letters)))
            at = bare.find(letters, at + 1)
    assert held == set(range(len(bare)))


def test_a_rule_at_the_end_of_a_page_is_found_and_the_clause_is_quoted_whole(assistant_over):
    assistant = assistant_over({"rooms.md": TEXT})
    assert len(PAGE) > 2000
    answer = assistant.ask("May I lend the minibus to a parent?")
    row = answer.as_dict()
    check_answer(row, {"rooms": TEXT})
    assert (row["status"], row["verdict"]) == ("answered", "no")
    first = answer.quotes[0]
    assert (first.clause, first.text, first.modality) == ("rooms/1.2", PAGE, "must_not")
    assert len(first.spans) == 1


def test_a_clause_that_grows_long_is_embedded_again_and_only_it(assistant_over, tmp_path):
    from ingest.sync import sync

    assistant = assistant_over({"rooms.md": TEXT})
    changed = TEXT.replace(RULE, "Staff must not lend the boat to a parent.")
    (tmp_path / "policies" / "rooms.md").write_text(changed, encoding="utf-8")
    (report,) = sync(assistant.index, [tmp_path / "policies"])
    assert (report.status, report.embedded) == ("changed", 2)  # the sentence, alone and with the one before it
    assert assistant.ask("May I lend the boat to a parent?").verdict == "no"


def test_no_clause_of_the_corpus_is_long_and_its_scores_are_those_of_whole_clauses(assistant):
    """A row a clause, and the score of each is that of its text embedded whole."""
    snapshot = assistant.index.snapshot()
    question = "A former pupil has followed me on Instagram. Is that a problem?"
    asked = assistant.embedder.question(question)
    likely = expected(asked)
    for shelf in snapshot.shelves:
        clauses = shelf.document.clauses
        assert [clause.embedding_texts for clause in clauses] == [(clause.embedding_text,) for clause in clauses]
        assert len(shelf.embeddings) == len(clauses)
        assert np.array_equal(shelf.starts, np.arange(len(clauses)))
        places = {clause.id: place for place, clause in enumerate(clauses)}
        dense = shelf.vectors @ asked.vector
        shared = _scaled(shelf.lexicon.scores(terms(widened(question))))
        for hit in assistant.retriever.search(snapshot, question, shelf.document.slug):
            place = places[hit.clause.id]
            own = relevance(float(dense[place]), asked, shelf.embeddings[place])
            alike = (own + LIKENESS * float(shelf.vectors[place] @ likely)) / (1 + LIKENESS)
            assert hit.dense == pytest.approx(float(dense[place]), abs=1e-6)
            assert hit.score == pytest.approx(max(0, alike + WORDS * float(shared[place])), abs=1e-6)
            assert hit.window == ""
