"""One document at a time: added, replaced, removed, put back."""

import pytest

from assistant.errors import UnreadableFileError
from ingest.library import Library

FIRST = "Kite Policy\n\n1 Flying\n1.1 Staff must not fly kites on the roof.\n1.2 Staff may fly kites on the field.\n"
SECOND = FIRST.replace("on the roof", "near the road")


@pytest.fixture
def library(assistant_over):
    assistant = assistant_over({"boats.txt": "Boats\n\n1 Rowing\n1.1 Staff must wear a life jacket.\n"})
    return Library(assistant.index)


def slugs(library):
    return [shelf.document.slug for shelf in library.index.snapshot().shelves]


def texts(library, slug):
    return [clause.text for clause in library.index.snapshot().by_slug[slug].document.clauses]


def added(library, tmp_path, text, **more):
    file = tmp_path / "kites.txt"
    file.write_text(text, encoding="utf-8")
    return library.add(file, **more)


def test_a_document_is_added_with_its_school_and_title(library, tmp_path):
    document = added(library, tmp_path, FIRST, organisation="Heron Lane School", title="Kites")
    assert (document.organisation, document.title) == ("Heron Lane School", "Kites")
    assert slugs(library) == ["boats", "kites"]


def test_a_new_version_takes_the_place_keeps_school_and_title_and_can_be_undone(library, tmp_path):
    added(library, tmp_path, FIRST, organisation="Heron Lane School", title="Kites")
    document = added(library, tmp_path, SECOND)
    assert (document.organisation, document.title) == ("Heron Lane School", "Kites")
    assert any("near the road" in text for text in texts(library, "kites"))
    restored = library.restore("kites")
    assert restored is not None
    assert any("on the roof" in text for text in texts(library, "kites"))
    assert library.restore("kites") is not None  # undone again
    assert any("near the road" in text for text in texts(library, "kites"))


def test_a_removed_document_can_be_put_back(library, tmp_path):
    added(library, tmp_path, FIRST)
    library.remove("kites")
    assert slugs(library) == ["boats"]
    assert library.index.store.removed() == {"kites": "Kite Policy"}
    library.restore("kites")
    assert slugs(library) == ["boats", "kites"]
    assert library.index.store.removed() == {}


def test_no_more_than_three_former_versions_are_kept(library, tmp_path):
    for number in range(6):
        added(library, tmp_path, FIRST.replace("roof", f"roof {number}"))
    for number in (4, 5, 4):
        library.restore("kites")
        assert any(f"roof {number}" in text for text in texts(library, "kites"))


def test_nothing_to_undo_is_none(library):
    assert library.restore("boats") is None
    assert library.restore("nope") is None


def test_a_file_that_can_t_be_read_changes_nothing(library, tmp_path):
    with pytest.raises(UnreadableFileError):
        added(library, tmp_path, " ")
    assert slugs(library) == ["boats"]
