"""What holds for whatever is split: nothing invented, nothing lost, nothing twice. Every file at hand, and texts made at random."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.documents import Clause, Document
from assistant.errors import UnreadableFileError
from ingest.load import load
from ingest.manifest import Manifest, read_manifest
from ingest.read import read_document, slug_of
from ingest.split import split
from ingest.sync import find
from tests.sound import assert_sound

CORPUS = sorted(
    file
    for file in (Path(__file__).parents[1] / "corpus").iterdir()
    if file.suffix in {".md", ".txt", ".html", ".docx", ".pdf"} and file.stem != "README"
)
REAL = ("att", "beech-hill", "bohunt", "chapmanslade", "neu")

# --- files


def real(policies: Path, slug: str) -> Document:
    file = policies / f"{slug}.txt"
    return read_document(file, file.read_bytes(), Manifest(), slug)


def clause(document: Document, name: str) -> Clause:
    return next(clause for clause in document.clauses if clause.id == f"{document.slug}/{name}")


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.name)
def test_a_file_of_the_corpus_is_split_soundly(file):
    extracted = load(file.name, file.read_bytes())

    assert_sound(extracted, split(extracted))
    assert split(extracted) == split(load(file.name, file.read_bytes()))


@pytest.mark.parametrize("slug", REAL)
def test_a_real_policy_is_split_soundly(slug, real_policies):
    data = (real_policies / f"{slug}.txt").read_bytes()
    extracted = load(f"{slug}.txt", data)

    assert extracted.text == data.decode()
    assert_sound(extracted, split(extracted))
    assert split(extracted) == split(load(f"{slug}.txt", data))


def test_every_file_of_the_corpus_is_in_its_manifest():
    manifest = read_manifest(CORPUS[0].parent)

    assert (
        set(manifest.entries)
        == {file.name for file in CORPUS}
        == {found.path.name for found in find([CORPUS[0].parent])}
    )
    assert {entry.slug or slug_of(Path(name)) for name, entry in manifest.entries.items()} == {
        file.stem for file in CORPUS
    }


@pytest.mark.parametrize(
    ("slug", "names"),
    [
        ("att", ("4.2", "4.2.a", "4.2.e", "4.5", "5.7", "6.1", "6.2", "6.3", "6.12", "9.2")),
        ("neu", ("2.1", "3.1.a", "5.2", "5.2.a", "5.2.c", "5.2.i", "5.3", "8.1", "10.1.c", "12.1.e")),
        (
            "chapmanslade",
            ("behaviour/1", "personal-use-staff/1", "personal-use-pupil/1", "roles-responsibilities-staff/1"),
        ),
        ("bohunt", ("social-media-in-personal-use/1", "policy-statement-and-principles-scope/1")),
        ("beech-hill", ("safeguarding-children/3", "unacceptable-use-of-social-networking-sites-applications/8")),
    ],
)
def test_clauses_of_the_real_policies_have_their_names(slug, names, real_policies):
    document = real(real_policies, slug)

    assert {f"{slug}/{name}" for name in names} <= {clause.id for clause in document.clauses}


@pytest.mark.parametrize(
    ("slug", "kinds"),
    [
        ("att", {"numbered": 40, "item": 25, "paragraph": 3, "stem": 5}),
        ("neu", {"numbered": 25, "item": 45, "paragraph": 5, "stem": 8}),
        ("chapmanslade", {"item": 35, "paragraph": 10, "stem": 1}),
        ("bohunt", {"item": 20, "paragraph": 30, "stem": 4}),
        ("beech-hill", {"item": 45, "paragraph": 12, "stem": 6}),
    ],
)
def test_the_real_policies_have_clauses_of_each_kind(slug, kinds, real_policies):
    found = [clause.kind for clause in real(real_policies, slug).clauses]

    assert all(found.count(kind) >= least for kind, least in kinds.items())
    assert found.count("row") == 0


@pytest.mark.parametrize(
    ("slug", "name", "force"),
    [
        ("beech-hill", "unacceptable-use-of-social-networking-sites-applications/8", "must_not"),
        ("neu", "8.1", "should_not"),
        ("bohunt", "policy-statement-and-principles-scope/1", "statement"),
    ],
)
def test_a_sentence_that_a_page_foot_or_a_blank_line_cut_has_two_spans(slug, name, force, real_policies):
    cut = clause(real(real_policies, slug), name)

    assert len(cut.spans) == 2
    assert cut.modality == force


@pytest.mark.parametrize(
    ("slug", "name", "force"),
    [
        ("att", "6.1", "must_not"),
        ("att", "6.2", "must_not"),
        ("att", "6.3", "must"),
        ("att", "5.7", "must_not"),
        ("att", "6.10", "should_not"),
        ("att", "8.4", "may"),
        ("att", "9.1", "statement"),
        ("neu", "5.2.c", "should_not"),
        ("neu", "5.4", "must_not"),
        ("neu", "3.2.a", "must"),
        ("neu", "conclusion/4", "statement"),
        ("bohunt", "social-media-in-personal-use/2", "may_if"),
        ("beech-hill", "safeguarding-children/3", "must_not"),
    ],
)
def test_clauses_of_the_real_policies_have_their_force(slug, name, force, real_policies):
    assert clause(real(real_policies, slug), name).modality == force


def test_what_real_policies_hold_beside_their_clauses_is_skipped_for_a_reason(real_policies):
    reasons = {
        slug: {item.reason for item in real(real_policies, slug).skipped if item.reason != "marks between blocks"}
        for slug in REAL
    }

    assert reasons == {
        "att": {"contents table", "rule line"},
        "beech-hill": {"page furniture", "signature slip"},
        "bohunt": {"contents table", "rule line", "unfilled table row"},
        "chapmanslade": {"acknowledgements"},
        "neu": set(),
    }


# --- texts made at random

LINES = (
    "# Keys", "## Staff", "STAFF", "Staff", "1. Purpose", "1 Purpose", "2.1 Scope", "Contents", "Acknowledgements",
    "6.2 Staff must not post.", "- 6.2 Staff must not post.", "6.2", "1.", "A1 Wear a key.", "KS3 pupils must wait",
    "Section 3: Reporting", "Section 4.2 of the Act", "§ 4 Keys", "§4.1 Wear a key", "- a bullet", "  - nested:", "    * deeper",
    "• dot", "o  circle", "(a) first", "a) first", "(iv) fourth", "-", "(a)", "Staff must not:", "be aware of", "18 as friends",
    "runs on and on without", "A stop, and then it ends.", "their own is safe", "3 of 6", "Page 3", "page 4 of 9 Policy",
    "Date of issue: May 2018", "Review date: May 2021", "1\tPurpose\t4", "2\tScope\t5", "Purpose ..... 3", "| a | b |",
    "|---|---|", "| | |", "| Insert title | |", "| unclosed", "---", "===", "***", "```", '<ul class="x">• A• B', "<a href=",
    "[insert school name] staff must", "*Note*", "**Bold Heading**", "Name:", "Signed: ______", "I have read and understood it.",
    "\t\tindented", "\x0c", "\u3000", "\ufeff", "\xa0", "\u2028x", "a\rb", "\x1c", "x\x1fy", "\x85", "☺", "…", "“Quoted”", "May 2019",
    "99999 x", "1.1.1.1.1 deep", "12 months after",
)  # fmt: skip
ENDS = ("\n", "\n\n", "\r\n", "\r\n\r\n", "\n\n\n", " \n", "\n \n")
ASSEMBLED = st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(ENDS)), min_size=1, max_size=14).map(
    lambda pairs: "".join(line + end for line, end in pairs)
)


@settings(max_examples=400, deadline=None, derandomize=True)
@example("\u3000\n\nWear a key.")
@example("\ufeff# Keys\n\nWear a key.")
@example("Nobody under\n18 may come.")
@given(ASSEMBLED)
def test_a_text_assembled_at_random_is_split_soundly(text):
    try:
        extracted = load("policy.md", text.encode())
    except UnreadableFileError:
        assert not text.strip()
        return

    assert extracted.text == text
    assert_sound(extracted, split(extracted))
    assert split(extracted) == split(extracted)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(max_size=200))
def test_any_text_is_split_soundly(text):
    try:
        extracted = load("policy.txt", text.encode())
    except UnreadableFileError:
        return

    assert_sound(extracted, split(extracted))


SECTIONS = ("# Doors", "# Lamps", "# Bells")
RULES = (
    "Staff must shut it.", "Nobody may paint it.", "- lend it;", "- copy it.", "Staff must not:", "1. one thing", "(a) another", "7.1 Staff must lock it.",
    "| When | Whom |", "Pupils may hold it when a member of staff stands beside them.",
)  # fmt: skip
SECTION = st.lists(st.sampled_from(RULES), min_size=1, max_size=6).map(lambda lines: "\n\n".join(lines))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.tuples(SECTION, SECTION, SECTION), SECTION)
def test_ids_of_a_section_stay_when_another_changes(sections, other):
    """Edits elsewhere move no id. Numbers are the document's own: here only one section has any."""

    def ids(bodies):
        text = "\n\n".join(f"{head}\n\n{body}" for head, body in zip(SECTIONS, bodies, strict=True))
        return [
            (one.id, one.text)
            for one in split(load("policy.md", text.encode())).clauses
            if one.headings and one.headings[-1] == "Lamps"
        ]

    first, middle, last = sections
    first, last, other = (part.replace("7.1 ", "") for part in (first, last, other))
    assert ids((first, middle, last)) == ids((other, middle, last)) == ids((first, middle, other))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(ASSEMBLED)
def test_a_clause_read_again_by_itself_is_split_soundly(text):
    try:
        clauses = split(load("policy.md", text.encode())).clauses
    except UnreadableFileError:
        return
    for one in clauses:
        again = load("clause.txt", one.text.encode())
        assert_sound(again, split(again))
