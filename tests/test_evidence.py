"""The evidence sheet: everything that proves a quote stands on it, and nothing typed becomes markup."""

from datetime import UTC, datetime

import pytest

from assistant import evidence

MADE = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
QUESTION = "A former pupil has followed me on Instagram. Is that a problem?"


@pytest.fixture
def documents(assistant):
    return {shelf.document.slug: shelf.document for shelf in assistant.index.snapshot().shelves}


@pytest.mark.parametrize("made", [evidence.markdown, evidence.page])
def test_a_sheet_names_the_clause_the_file_its_hash_the_version_and_the_time(assistant, documents, made):
    answer = assistant.ask(QUESTION, "harbour-trust")
    sheet = made(answer, documents, MADE)
    document = documents["harbour-trust"]
    for words in (QUESTION, document.sha256, document.version, document.source, "21 November 2026, 09:30 +0000"):
        assert words in sheet
    for quote in answer.quotes:
        assert quote.clause in sheet
        assert quote.standing in sheet
        assert all(f"{start}–{end}" in sheet for start, end in quote.spans)


def test_silence_has_a_sheet_too(assistant, documents):
    sheet = evidence.markdown(assistant.ask("How many days of paternity leave do I get?", "oakfield"), documents, MADE)
    assert "Not covered by the documents asked." in sheet


def test_nothing_typed_becomes_markup(assistant, documents):
    sheet = evidence.page(assistant.ask("<script>alert(1)</script> May I post photos?", "oakfield"), documents, MADE)
    assert "<script" not in sheet
    assert "&lt;script&gt;" in sheet
