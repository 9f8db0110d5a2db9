"""A quotation is shown only when the stored source, the stored clause and the sealed hash agree; whichever is altered, it is not shown."""

import json
import sqlite3

import pytest

from assistant import compose
from assistant.ask import Assistant
from assistant.documents import fold, seal
from assistant.index import Index
from assistant.quoting import is_proved, quote
from assistant.web import cards
from tests.contract import check_answer

POLICY = """# Heron Lane staff guidance

## 1 Trains and trams

1.1 Staff may bring a folding bicycle into the staff room, if it is dry.

1.2 Staff must not:
(a) leave a bicycle in the fire exit;
(b) charge an electric bicycle overnight in the building;
(c) lend a bicycle to a pupil.

## 2 Kettles

2.1 The caretaker tests every kettle in September, and keeps the record.

2.2 A kettle brought from home must be tested before it is switched on.
"""
QUESTION = "May I bring my folding bicycle into the staff room?"
ITEM_QUESTION = "Can I charge my electric bicycle overnight in the building?"


@pytest.fixture
def heron(assistant_over):
    return assistant_over({"heron-lane.md": POLICY})


def clause_of(assistant, words):
    return next(
        clause
        for clause in assistant.index.snapshot().by_slug["heron-lane"].document.clauses
        if words in clause.text and clause.kind != "stem"
    )


def altered(assistant, change):
    """An assistant over the same index folder after `change` edited the stored document (JSON) behind its back."""
    folder = assistant.index.folder
    connection = sqlite3.connect(folder / "documents.sqlite3")
    with connection:
        body = json.loads(connection.execute("SELECT body FROM document WHERE slug = 'heron-lane'").fetchone()[0])
        change(body)
        connection.execute(
            "UPDATE document SET body = ? WHERE slug = 'heron-lane'", (json.dumps(body, ensure_ascii=False),)
        )
    connection.close()
    return Assistant(Index(folder, assistant.index.embedder), assistant.settings)


def row_of(body, name):
    return next(clause for clause in body["clauses"] if clause["id"] == name)


def in_source(name):
    """One character of the document's text, inside the clause."""

    def change(body):
        at = row_of(body, name)["spans"][0][0] + 3
        body["text"] = body["text"][:at] + "#" + body["text"][at + 1 :]

    return change


def in_clause(name):
    """One word of the clause's text: the source still says the other."""

    def change(body):
        row = row_of(body, name)
        row["text"] = row["text"].replace("bicycle", "tricycle")

    return change


def in_both(name):
    """The source and the clause alike: only the sealed hash still knows."""

    def change(body):
        row = row_of(body, name)
        start, end = row["spans"][0]
        body["text"] = body["text"][:start] + body["text"][start:end].replace("bicycle", "tricycl") + body["text"][end:]
        row["text"] = row["text"].replace("bicycle", "tricycl")

    return change


def in_seal(name):
    """The sealed hash."""

    def change(body):
        row = row_of(body, name)
        row["sha256"] = row["sha256"][::-1]

    return change


def in_spans(name):
    """Where the clause is said to stand."""

    def change(body):
        row = row_of(body, name)
        row["spans"] = [[start + 1, end + 1] for start, end in row["spans"]]

    return change


ALTERATIONS = [in_source, in_clause, in_both, in_seal, in_spans]


def test_the_untouched_clause_is_quoted(heron):
    answer = heron.ask(QUESTION)
    assert answer.quotes[0].clause == clause_of(heron, "folding").id
    assert answer.quotes[0].text == "Staff may bring a folding bicycle into the staff room, if it is dry."
    assert compose.UNPROVED not in answer.warnings


@pytest.mark.parametrize("alteration", ALTERATIONS, ids=lambda alteration: alteration.__name__)
def test_an_altered_clause_is_never_shown_and_the_answer_says_so(heron, alteration):
    name = clause_of(heron, "folding").id
    answer = altered(heron, alteration(name)).ask(QUESTION)
    row = answer.as_dict()
    check_answer(row)
    assert name not in {item.clause for item in (*answer.quotes, *answer.related)}
    assert "staff room, if" not in json.dumps(row)
    assert compose.UNPROVED in answer.warnings


@pytest.mark.parametrize("alteration", ALTERATIONS, ids=lambda alteration: alteration.__name__)
def test_what_is_altered_elsewhere_does_not_hide_the_clause(heron, alteration):
    elsewhere = clause_of(heron, "lend").id
    assert altered(heron, alteration(elsewhere)).ask(QUESTION).quotes[0].clause == clause_of(heron, "folding").id


def stem_words(name):
    def change(body):
        row_of(body, name)["lead_in"][0]["text"] = "Staff may:"

    return change


def stem_source(name):
    def change(body):
        start, end = row_of(body, name)["lead_in"][0]["spans"][0]
        body["text"] = (
            body["text"][:start] + body["text"][start:end].replace("must not", "may also") + body["text"][end:]
        )

    return change


def stem_everywhere(name):
    def change(body):
        stem_words(name)(body)
        row = row_of(body, name)
        start, end = row["lead_in"][0]["spans"][0]
        body["text"] = body["text"][:start] + "Staff may:".ljust(end - start) + body["text"][end:]

    return change


def stem_gone(name):
    def change(body):
        row_of(body, name)["lead_in"] = []

    return change


@pytest.mark.parametrize(
    "alteration", [stem_words, stem_source, stem_everywhere, stem_gone], ids=lambda alteration: alteration.__name__
)
def test_lead_ins_are_proved_too(heron, alteration):
    """ "Staff must not:" turned into "Staff may:" would turn every item into its contrary."""
    name = clause_of(heron, "overnight").id
    assert heron.ask(ITEM_QUESTION).quotes[0].lead_in == ("Staff must not:",)
    answer = altered(heron, alteration(name)).ask(ITEM_QUESTION)
    assert name not in {item.clause for item in (*answer.quotes, *answer.related)}
    assert compose.UNPROVED in answer.warnings


def test_a_stem_is_quoted_with_its_list_or_not_at_all(heron):
    snapshot = heron.index.snapshot()
    document = snapshot.by_slug["heron-lane"].document
    stem = next(clause for clause in document.clauses if clause.kind == "stem")
    items = [clause for clause in document.clauses if clause.id in stem.members]
    quoted = quote(snapshot, document, stem, 1.0)
    assert len(items) == 3
    assert quoted.text == " ".join(part.text for part in (stem, *items))
    assert quoted.text == " ".join(fold(document.text[start:end]) for start, end in quoted.spans)
    damaged = altered(heron, in_source(items[1].id)).index.snapshot()
    assert quote(damaged, damaged.by_slug["heron-lane"].document, stem, 1.0) is None


def test_every_clause_of_the_corpus_is_proved(assistant):
    for shelf in assistant.index.snapshot().shelves:
        document = shelf.document
        assert [clause.id for clause in document.clauses if not is_proved(document, clause)] == []


def test_every_quotation_of_the_corpus_slices_to_its_text(assistant):
    snapshot = assistant.index.snapshot()
    for document in (shelf.document for shelf in snapshot.shelves):
        for clause in document.clauses:
            made = quote(snapshot, document, clause, 0.5)
            assert " ".join(fold(document.text[start:end]) for start, end in made.spans) == made.text
            assert made.text.startswith(clause.text)


def test_the_seal_tells_stems_from_text(heron):
    """The same words, divided otherwise between stem and text, are another seal."""
    item = clause_of(heron, "overnight")
    assert seal(item.lead_in, item.text) == item.sha256 != seal((), item.bare_text)


@pytest.mark.parametrize(
    ("stem", "items", "whole"),
    [
        ("Staff must:", ("hand it in;", "burn it; or", "eat it."), True),
        ("Staff must:", ("hand it in;", "burn it; and", "eat it."), False),
        ("Staff may lend a kettle if:", ("it is dry;", "it is blue; and", "the porter agrees."), True),
        ("Staff may lend a kettle if:", ("it is dry;", "it is blue; or", "the porter agrees."), False),
        ("Staff must not:", ("hand it in;", "burn it; or", "eat it."), False),
    ],
)
def test_an_item_that_holds_only_with_its_siblings_is_quoted_with_them(assistant_over, stem, items, whole):
    listed = "\n".join(f"- {item}" for item in items)
    assistant = assistant_over({"heron-lane.md": f"# Heron Lane\n\n## Kettles\n\n{stem}\n\n{listed}\n"})
    snapshot = assistant.index.snapshot()
    shown = quote(snapshot, snapshot.by_slug["heron-lane"].document, clause_of(assistant, items[0]), 1.0)
    assert shown.text == (" ".join(items) if whole else items[0])
    assert fold(" ".join(snapshot.by_slug["heron-lane"].document.text[start:end] for start, end in shown.spans)) == shown.text  # fmt: skip


# --- a clause that speaks of the one before it


GEESE = """# Geese policy

## Pond

1.1 Geese must not be fed in the summer.

1.2 The same rule applies to the swans on the lake, until the ice is gone.

## Barn

2.1 Farm visitors must not:
(a) climb the ladder;
(b) open the loft.

2.2 However, the vet may climb to the swallows in the loft.

2.3 A lamp is kept at the barn door.

## Mill

3.1 They are counted at the mill each March, the herons and the egrets.
"""


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Can I feed the swans on the lake?", ["geese/1.2", "geese/1.1"]),
        ("May the vet climb up to the swallows?", ["geese/2.2", "geese/2.1"]),
        ("When are herons and egrets counted at the mill?", ["geese/3.1"]),
        ("Where is the lamp of the barn kept?", ["geese/2.3"]),
    ],
)
def test_what_a_clause_speaks_of_stands_beside_it(assistant_over, question, quoted):
    answer = assistant_over({"geese.md": GEESE}).ask(question, "geese")
    assert [one.clause for one in answer.quotes][: len(quoted)] == quoted
    assert len({one.clause for one in (*answer.quotes, *answer.related)}) == len(answer.quotes) + len(answer.related)


# --- a table's row


RULES = """# Boats policy

| Boat | Who may row it | When |
| --- | --- | --- |
| The blue punt | Staff with a badge | Before noon |
| The raft |  | In June |
"""


def test_a_row_s_cells_stand_beside_their_columns_heads(assistant_over):
    assistant = assistant_over({"boats.md": RULES})
    (punt,) = [one for one in assistant.ask("Who may row the blue punt?", "boats").quotes if "punt" in one.text]
    assert punt.cells == (("Boat", "The blue punt"), ("Who may row it", "Staff with a badge"), ("When", "Before noon"))
    assert punt.text == "The blue punt Staff with a badge Before noon"
    html = cards.quote(punt)
    assert "<b>Who may row it</b> Staff with a badge" in html
    assert html.count("Before noon") == 2  # in the quotation and in what its button copies
    snapshot = assistant.index.snapshot()
    document = snapshot.by_slug["boats"].document
    raft = next(clause for clause in document.clauses if "raft" in clause.text)
    assert (
        quote(snapshot, document, raft, 1.0).cells == ()
    )  # a cell is empty: no guess at which stands under which head
