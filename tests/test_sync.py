"""Files → index, with real files, a real store and a real Chroma; only the embedder is a stand-in that counts."""

import hashlib
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from assistant.documents import Contact, seal, sliced
from assistant.errors import (
    IndexBusyError,
    IndexMismatchError,
    IndexMissingError,
    IndexUnavailableError,
    ManifestError,
    UnknownPolicyError,
    UnreadableFileError,
)
from assistant.index import Index
from assistant.late import Embedding
from assistant.store import Store
from assistant.vectors import VectorStore
from ingest.guard import Guard
from ingest.manifest import Entry, Manifest
from ingest.read import read_document, slug_of
from ingest.sync import NothingToIngestError, find, sync
from tests.fakes import WordLengthEmbedder

KEYS = "# Keys Policy\n\n1.1 Staff must wear a key.\n\n1.2 Staff must not:\n\n- lend a key\n- copy a key.\n"
HATS = "# Hats Policy\n\nPupils may wear a hat.\n\nStaff should wear a hat.\n"


@pytest.fixture
def policies(tmp_path):
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "keys.md").write_text(KEYS)
    (folder / "hats.md").write_text(HATS)
    return folder


@pytest.fixture
def embedder():
    return WordLengthEmbedder()


@pytest.fixture
def index(tmp_path, embedder):
    return Index(tmp_path / "index", embedder)


def statuses(index, *paths, **options):
    return {report.slug: report.status for report in sync(index, paths, **options)}


def assert_whole(index):
    """Every clause of every current document has its vector and its seal."""
    snapshot = index.snapshot()
    for shelf in snapshot.shelves:
        document = shelf.document
        expected = [index.embedder.question(clause.embedding_text).vector for clause in document.clauses]
        assert np.allclose(shelf.vectors, expected)
        for clause in document.clauses:
            assert clause.sha256 == seal(clause.lead_in, sliced(document.text, clause.spans))
    return snapshot


# --- what becomes of a document


def test_new_unchanged_changed_and_removed(index, embedder, policies):
    assert statuses(index, policies) == {"hats": "new", "keys": "new"}
    assert statuses(index, policies) == {"hats": "unchanged", "keys": "unchanged"}

    (policies / "keys.md").write_text(KEYS.replace("wear", "carry"))
    assert statuses(index, policies) == {"hats": "unchanged", "keys": "changed"}

    (policies / "hats.md").unlink()
    assert statuses(index, policies) == {"keys": "unchanged"}
    assert list(assert_whole(index).by_slug) == ["hats", "keys"]

    assert statuses(index, policies, prune=True) == {"keys": "unchanged", "hats": "removed"}
    assert list(assert_whole(index).by_slug) == ["keys"]


def test_a_second_run_embeds_nothing(index, embedder, policies):
    first = list(sync(index, [policies]))
    assert [report.embedded for report in first] == [2, 4]
    assert len(embedder.embedded) == 6

    embedder.embedded.clear()
    second = list(sync(index, [policies]))

    assert embedder.embedded == []
    assert [report.embedded for report in second] == [0, 0]
    assert [report.clauses for report in second] == [2, 4]


def test_a_second_run_reads_no_file_again(index, policies, monkeypatch):
    reports = list(sync(index, [policies]))
    read = []
    monkeypatch.setattr(Guard, "read", lambda *given: read.append(given))

    again = list(sync(index, [policies]))
    assert read == []
    assert again == [replace(report, status="unchanged", embedded=0) for report in reports]


def test_a_file_is_read_again_when_its_manifest_or_its_document_changed(index, policies):
    statuses(index, policies)
    (policies / "keys.md").write_text(KEYS.replace("wear", "carry"))
    statuses(index, policies)
    with index.writing() as writer:
        writer.restore("keys")
    assert statuses(index, policies) == {"hats": "unchanged", "keys": "changed"}
    assert "carry" in assert_whole(index).by_slug["keys"].document.text

    (policies / "policies.toml").write_text('[[documents]]\nfile = "keys.md"\ntitle = "Of Keys"\n')
    assert statuses(index, policies) == {"hats": "unchanged", "keys": "changed"}
    (policies / "policies.toml").unlink()
    assert statuses(index, policies) == {"hats": "unchanged", "keys": "changed"}
    assert statuses(index, policies) == {"hats": "unchanged", "keys": "unchanged"}


def test_a_second_run_changes_nothing_for_readers(index, policies):
    statuses(index, policies)
    snapshot = index.snapshot()
    statuses(index, policies)

    assert index.snapshot() is snapshot


def test_an_edited_document_embeds_only_its_own_new_clauses(index, embedder, policies):
    statuses(index, policies)
    embedder.embedded.clear()
    (policies / "keys.md").write_text(KEYS + "\n1.3 Keys are blue.\n")

    assert [report.embedded for report in sync(index, [policies])] == [0, 1]
    assert embedder.embedded == ["Keys are blue."]
    assert_whole(index)


def test_an_edited_stem_embeds_its_items_again(index, embedder, policies):
    statuses(index, policies)
    embedder.embedded.clear()
    (policies / "keys.md").write_text(KEYS.replace("Staff must not:", "Nobody may:"))
    statuses(index, policies)

    assert embedder.embedded == ["Nobody may:", "Nobody may: lend a key", "Nobody may: copy a key."]
    assert_whole(index)


def test_the_same_clause_twice_is_embedded_once(index, embedder, policies):
    (policies / "hats.md").write_text("# Hats Policy\n\nWear a hat.\n\nWear a hat.\n")
    statuses(index, policies / "hats.md")

    assert embedder.embedded == ["Wear a hat."]
    assert_whole(index)


def test_a_new_title_changes_the_document_and_embeds_nothing(index, embedder, policies):
    statuses(index, policies)
    embedder.embedded.clear()
    (policies / "policies.toml").write_text('[[documents]]\nfile = "hats.md"\ntitle = "Of Hats"\n')

    assert statuses(index, policies) == {"hats": "changed", "keys": "unchanged"}
    assert embedder.embedded == []
    assert assert_whole(index).by_slug["hats"].document.title == "Of Hats"


def test_new_contacts_change_the_document(index, policies):
    manifest = policies / "policies.toml"
    manifest.write_text(
        '[[organisations]]\nname = "Elm Hill"\n[organisations.contacts.dsl]\nname = "Ms Grey"\n'
        '[[documents]]\nfile = "hats.md"\norganisation = "Elm Hill"\n'
    )
    statuses(index, policies)
    assert index.snapshot().by_slug["hats"].document.contacts == (Contact("dsl", "Ms Grey"),)
    manifest.write_text(manifest.read_text().replace("Grey", "Fox"))

    assert statuses(index, policies)["hats"] == "changed"
    assert index.snapshot().by_slug["hats"].document.contacts == (Contact("dsl", "Ms Fox"),)


def test_progress_counts_to_the_number_of_clauses(index, policies):
    calls = []
    list(sync(index, [policies / "keys.md"], progress=lambda done, total: calls.append((done, total))))

    assert sum(done for done, _ in calls) == 4
    assert {total for _, total in calls} == {4}


def test_the_file_itself_is_kept(index, policies):
    statuses(index, policies)

    assert index.store.file("keys") == KEYS.encode()
    assert index.store.file("gloves") is None
    assert index.snapshot().by_slug["keys"].document.sha256 == hashlib.sha256(KEYS.encode()).hexdigest()


# --- what can't be read


def test_an_unreadable_file_is_reported_and_the_others_go_on(index, policies):
    (policies / "broken.pdf").write_bytes(b"%PDF-1.7 no more")
    (policies / "empty.txt").write_bytes(b"")
    (policies / "only.md").write_text("# A heading\n\n## And another\n")
    reports = {report.slug: report for report in sync(index, [policies])}

    assert {slug: report.status for slug, report in reports.items()} == {
        "broken": "failed",
        "empty": "failed",
        "hats": "new",
        "keys": "new",
        "only": "failed",
    }
    assert reports["broken"].reason.startswith("The file is no readable PDF.")
    assert reports["only"].reason.startswith("No clause was found in the text.")
    assert list(assert_whole(index).by_slug) == ["hats", "keys"]


def test_a_file_that_became_unreadable_leaves_its_old_version(index, policies):
    statuses(index, policies)
    (policies / "keys.md").write_bytes(b"")

    assert statuses(index, policies, prune=True) == {"hats": "unchanged", "keys": "failed"}
    assert len(assert_whole(index).by_slug["keys"].document.clauses) == 4


def test_two_files_of_one_name_are_not_mixed(index, policies):
    (policies / "Keys.txt").write_text("Wear two keys.")
    reports = {report.source: report for report in sync(index, [policies])}

    assert [reports[name].status for name in ("Keys.txt", "hats.md", "keys.md")] == ["new", "new", "failed"]
    assert reports["keys.md"].reason == (
        "Its slug 'keys' is taken by Keys.txt. Rename one, or give it a slug in policies.toml."
    )


def test_a_slug_in_the_manifest_settles_it(index, policies):
    (policies / "Keys.txt").write_text("Wear two keys.")
    (policies / "policies.toml").write_text('[[documents]]\nfile = "Keys.txt"\nslug = "keys-2"\n')

    assert statuses(index, policies) == {"keys-2": "new", "hats": "new", "keys": "new"}


def test_a_manifest_that_cannot_be_used_stops_before_anything_changes(index, policies):
    (policies / "policies.toml").write_text("[[documents]]\n")

    with pytest.raises(ManifestError, match="'file' is None"):
        statuses(index, policies)
    assert not index.folder.exists()


# --- which files


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a.txt", True),
        ("A B (final).DOCX", True),
        ("deep/er/a.pdf", True),
        (".hidden.txt", False),
        (".git/a.txt", False),
        ("~$a.docx", False),
        ("README.md", False),
        ("licence.txt", False),
        ("build/a.txt", False),
        ("policies.toml", False),
        ("a.png", False),
        ("a.txt.bak", False),
        ("a", False),
    ],
)
def test_only_policies_are_found_in_a_folder(tmp_path, name, found):
    (tmp_path / "sure.txt").write_text("x")
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).touch()

    assert [str(file.path.relative_to(tmp_path)) for file in find([tmp_path])] == sorted(
        ["sure.txt", name] if found else ["sure.txt"]
    )


def test_a_file_named_outright_is_taken_whatever_it_is_called(tmp_path):
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "keys.odt").write_text("x")

    assert [file.path.name for file in find([tmp_path / "README.md", tmp_path / "keys.odt"])] == [
        "README.md",
        "keys.odt",
    ]


def test_a_file_named_twice_is_found_once(policies):
    assert len(find([policies / "keys.md", policies, policies / "." / "keys.md"])) == 2


def test_each_folder_has_its_own_manifest(policies):
    (policies / "old").mkdir()
    (policies / "old" / "keys.md").write_text(KEYS)
    (policies / "old" / "policies.toml").write_text('[[documents]]\nfile = "keys.md"\nslug = "old-keys"\n')

    assert [file.manifest.entries for file in find([policies])] == [{}, {}, {"keys.md": Entry("old-keys")}]


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("gone", r"gone does not exist\. Expected a policy file or a folder"),
        ("empty", r"No policy was found under .*empty\. Expected files of kind \.txt"),
    ],
)
def test_nothing_to_ingest_is_a_mistake(tmp_path, index, missing, message):
    (tmp_path / "empty").mkdir()

    with pytest.raises(NothingToIngestError, match=message):
        statuses(index, tmp_path / missing)
    assert not index.folder.exists()


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("beech-hill.txt", "beech-hill"),
        ("Social Media Policy 2024.docx", "social-media-policy-2024"),
        ("Staff’s phones_v2.1.pdf", "staffs-phones-v2-1"),
        ("--x--.md", "x"),
        ("☺.md", "document"),
    ],
)
def test_a_slug_is_the_files_stem(tmp_path, name, slug):
    assert slug_of(tmp_path / name) == slug


# --- a document as read


def test_a_document_knows_what_its_file_and_its_manifest_say(tmp_path):
    data = b"# KEYS AND HATS OF THE SCHOOL\n\n1.1 Wear a key.\n\nNext review: May 2027\n"
    document = read_document(tmp_path / "keys.md", data, Manifest(), "keys")

    assert document.title == "Keys and Hats of the School"
    assert (document.slug, document.source, document.organisation) == ("keys", "keys.md", None)
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert document.review_due == date(2027, 5, 31)
    assert [clause.id for clause in document.clauses] == ["keys/1.1", "keys/preamble/1"]
    assert document.version.startswith("keys@")

    manifest = Manifest({"keys.md": Entry(None, "Keys", "Elm Hill")}, {"Elm Hill": (Contact("dsl"),)})
    listed = read_document(tmp_path / "keys.md", data, manifest, "keys")

    assert (listed.title, listed.organisation, listed.contacts) == ("Keys", "Elm Hill", (Contact("dsl"),))
    assert listed.version != document.version


def test_a_text_without_heading_is_called_by_its_file(tmp_path):
    assert read_document(tmp_path / "lost-keys.txt", b"Wear a key.", Manifest(), "k").title == "Lost keys"


def test_a_file_without_a_clause_is_no_policy(tmp_path):
    with pytest.raises(
        UnreadableFileError, match=r"No clause was found in the text\. Check that the file is the policy"
    ):
        read_document(tmp_path / "keys.md", b"# Keys\n", Manifest(), "keys")


@pytest.mark.parametrize(
    ("text", "organisation"),
    [
        ("Elm Hill Primary School has keys. At Elm Hill Primary School keys are blue.", "Elm Hill Primary School"),
        ("The Ash Tree Learning Trust lends keys. The Ash Tree Learning Trust counts them.", "Ash Tree Learning Trust"),
        ("Elm Hill School has keys.", None),  # named once: it may be anybody
        ("Elm Hill School is committed to keys.", "Elm Hill School"),
        (f"{'Keys are blue. ' * 80}Elm Hill School is committed to keys.", None),
        (
            "Safe School, safe keys. Keys of a Safe School. Elm Hill School and the county will count them.",
            "Elm Hill School",
        ),
        ("The School has keys. The School counts them.", None),
        ("Keys are blue. Keys are red.", None),
    ],
)
def test_the_school_is_the_one_that_the_text_names_most(tmp_path, text, organisation):
    assert read_document(tmp_path / "k.txt", text.encode(), Manifest(), "k").organisation == organisation


# --- readers and writers


def test_a_folder_without_an_index_says_what_to_run(index):
    with pytest.raises(IndexMissingError, match=r"There is no index in .*index\. Run `policy-assistant ingest PATH"):
        index.snapshot()


def test_an_unknown_policy_is_named_with_those_that_are_known(index, policies):
    statuses(index, policies)
    snapshot = index.snapshot()

    assert [shelf.document.slug for shelf in snapshot.chosen(None)] == ["hats", "keys"]
    assert [shelf.document.slug for shelf in snapshot.chosen(("keys",))] == ["keys"]
    with pytest.raises(UnknownPolicyError, match=r"No policy is called 'gloves'\. Expected one of: hats, keys"):
        snapshot.chosen("gloves")


def test_a_reader_sees_a_new_version_and_reads_only_that(index, policies):
    statuses(index, policies)
    before = index.snapshot().by_slug
    (policies / "keys.md").write_text(KEYS.replace("wear", "carry"))
    statuses(index, policies)
    after = index.snapshot().by_slug

    assert after["hats"] is before["hats"]
    assert after["keys"].document.clauses[0].text == "Staff must carry a key."


def test_a_reader_sees_each_swap_whole(index, policies, tmp_path, embedder):
    """Whatever moment it reads at: all clauses of one version, with the vectors of that version."""
    versions = [
        "# Keys Policy\n\n"
        + "".join(f"{n // 50 + 1}.{n % 50 + 1} Wear {colour} key {n}.\n\n" for n in range(60 + extra))
        for colour, extra in (("red", 0), ("blue", 7))
    ]
    (policies / "keys.md").write_text(versions[0])
    statuses(index, policies)
    done = threading.Event()
    problems, generations = [], set()

    def read():
        reader = Index(tmp_path / "index", WordLengthEmbedder())
        while not done.is_set():
            try:
                snapshot = assert_whole(reader)
                colours = {clause.text.split()[1] for clause in snapshot.by_slug["keys"].document.clauses}
                assert len(colours) == 1
                generations.add(snapshot.generation)
            except Exception as error:
                problems.append(repr(error))
                return

    thread = threading.Thread(target=read)
    thread.start()
    for n in range(1, 9):
        (policies / "keys.md").write_text(versions[n % 2])
        assert statuses(index, policies)["keys"] == "changed"
    done.set()
    thread.join()

    assert problems == []
    assert generations


WRITER = """
import sys
from pathlib import Path
from assistant.index import Index
from ingest.sync import sync
from tests.fakes import WordLengthEmbedder
folder = Path(sys.argv[1])
for n in range(3):
    (folder / "policies" / "keys.md").write_text("".join(f"{m}.{n + 1} Wear key {n}.\\n\\n" for m in range(1, 61)))
    assert [report.status for report in sync(Index(folder / "index", WordLengthEmbedder()), [folder / "policies"])][-1] in {"new", "changed"}
"""


def test_a_running_app_sees_what_another_process_ingests(index, policies, tmp_path):
    """The web app holds the index open while somebody runs `policy-assistant ingest` beside it."""
    (policies / "keys.md").write_text("".join(f"{m}.1 Wear a key.\n\n" for m in range(1, 61)))
    statuses(index, policies)
    index.snapshot()
    subprocess.run([sys.executable, "-c", WRITER, str(tmp_path)], check=True)

    assert {clause.text for clause in assert_whole(index).by_slug["keys"].document.clauses} == {"Wear key 2."}


def test_a_folder_that_another_process_writes_is_busy(index, policies):
    statuses(index, policies)
    code = "import sys, filelock\nwith filelock.FileLock(sys.argv[1]):\n print('held', flush=True)\n sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(index.folder / "lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        holder.stdout.readline()

        with pytest.raises(
            IndexBusyError, match=r"Another process is writing the index in .*Wait until it has finished"
        ):
            statuses(index, policies)
        assert len(index.snapshot().shelves) == 2  # readers are not kept waiting
        holder.kill()

    assert statuses(index, policies) == {"hats": "unchanged", "keys": "unchanged"}


def test_whoever_stops_half_way_lets_go_of_the_folder(index, policies):
    reports = sync(index, [policies])
    assert next(reports).slug == "hats"
    reports.close()

    assert statuses(index, policies) == {"hats": "unchanged", "keys": "new"}


def test_a_lost_chroma_folder_is_made_again(index, embedder, policies, tmp_path):
    (policies / "keys.md").write_text("1.1 Wear a key.\n")
    subprocess.run([sys.executable, "-c", WRITER, str(tmp_path)], check=True)  # so that this process remembers nothing
    shutil.rmtree(index.folder / "chroma")

    with pytest.raises(IndexMismatchError, match=r"incomplete .*Run `policy-assistant ingest` again"):
        index.snapshot()
    assert statuses(index, policies) == {"hats": "unchanged", "keys": "unchanged"}
    assert len(embedder.embedded) == 62
    assert len(assert_whole(index).shelves) == 2


def test_vectors_that_a_reader_found_incomplete_are_made_again(index, embedder, policies):
    statuses(index, policies)
    version = index.store.versions()["keys"]
    VectorStore(index.folder).put(version, [Embedding(row) for row in np.ones((3, 8), dtype=np.float32)])
    with pytest.raises(IndexMismatchError, match=r"incomplete \(3 of 4 vectors\)"):
        Index(index.folder, embedder).snapshot()
    embedder.embedded.clear()

    assert statuses(index, policies) == {"hats": "unchanged", "keys": "unchanged"}
    assert len(embedder.embedded) == 4
    assert_whole(index)


def emptied(file):
    file.write_bytes(b"")


def halved(file):
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def other_texts_words(file):
    with np.load(file) as held:
        words, counts = held["words"], held["counts"]
    np.savez(file, words=words, counts=counts[:-1])


@pytest.mark.parametrize("spoil", [Path.unlink, emptied, halved, other_texts_words])
def test_words_that_are_lost_or_broken_are_made_again(index, embedder, policies, spoil):
    statuses(index, policies)
    for file in (index.folder / "words").iterdir():
        spoil(file)
    with pytest.raises(IndexMismatchError, match=r"incomplete \(their words .*Run `policy-assistant ingest` again"):
        Index(index.folder, embedder).snapshot()
    embedder.embedded.clear()

    assert statuses(index, policies) == {"hats": "unchanged", "keys": "unchanged"}
    assert len(embedder.embedded) == 6
    assert_whole(index)


def test_words_that_cannot_be_written_leave_the_former_version(index, policies):
    statuses(index, policies)
    shutil.rmtree(index.folder / "words")
    (index.folder / "words").touch()  # a file where the folder should be
    with pytest.raises(IndexUnavailableError, match=r"can't be written .*Check that the disk is not full"):
        statuses(index, policies)
    (index.folder / "words").unlink()

    assert statuses(index, policies) == {"hats": "unchanged", "keys": "unchanged"}
    assert_whole(index)


def test_vectors_that_a_killed_ingest_left_behind_are_swept_away(index, policies):
    statuses(index, policies)
    orphan = [Embedding(row) for row in np.ones((3, 8), dtype=np.float32)]
    VectorStore(index.folder).put("keys@left-behind", orphan)
    (index.folder / "words" / "half-written.new").touch()
    statuses(index, policies)

    assert len(list((index.folder / "words").iterdir())) == 2

    with pytest.raises(IndexMismatchError, match=r"The vectors of keys@left-behind are incomplete"):
        VectorStore(index.folder).get("keys@left-behind", 3)
    assert_whole(index)


def test_another_model_is_refused_by_readers_and_embeds_again_on_ingest(index, policies):
    statuses(index, policies)
    other = WordLengthEmbedder("other")
    changed = Index(index.folder, other)

    with pytest.raises(
        IndexMismatchError,
        match=r"was built with the model word-length, but the settings name other\. Run `policy-assistant ingest --index",
    ):
        changed.snapshot()
    assert statuses(changed, policies) == {"hats": "unchanged", "keys": "unchanged"}
    assert len(other.embedded) == 6
    assert_whole(changed)
    with pytest.raises(IndexMismatchError, match="was built with the model other"):
        Index(index.folder, WordLengthEmbedder()).snapshot()


def test_an_index_of_another_format_is_refused(index, policies):
    statuses(index, policies)
    index.store.stamp("format", "0")

    with pytest.raises(IndexMismatchError, match=r"has format 0, this program writes 1\. Delete the folder"):
        Index(index.folder, WordLengthEmbedder()).snapshot()
    with pytest.raises(IndexMismatchError, match="has format 0"):
        statuses(index, policies)


@pytest.mark.parametrize(
    ("held", "seen"), [(b"no database at all" * 100, "file is not a database"), (b"", "no such table: meta")]
)
def test_a_damaged_store_is_refused_in_one_sentence(index, policies, held, seen):
    index.folder.mkdir()
    index.store.path.write_bytes(held)

    for use in (index.snapshot, lambda: statuses(index, policies)):
        with pytest.raises(IndexMismatchError, match=rf"is damaged \({seen}\)\. Delete the folder"):
            use()


def test_broken_text_in_the_store_is_damage(index, policies):
    statuses(index, policies)
    with closing(sqlite3.connect(index.store.path)) as held, held:
        held.execute("UPDATE meta SET value = CAST(x'FFFE' AS TEXT) WHERE key = 'format'")

    with pytest.raises(IndexMismatchError, match=r"is damaged \(Could not decode"):
        Index(index.folder, WordLengthEmbedder()).snapshot()


def test_what_a_killed_writer_left_of_a_new_store_is_no_store(index, policies):
    left = Store(index.folder / "new")
    left.path.parent.mkdir(parents=True)
    left.path.write_bytes(b"half")

    with pytest.raises(IndexMissingError, match="There is no index in"):
        index.snapshot()
    assert statuses(index, policies) == {"hats": "new", "keys": "new"}
    assert not left.path.parent.exists()


def test_an_index_without_documents_can_be_read(index, policies):
    statuses(index, policies / "keys.md")
    (policies / "keys.md").unlink()
    statuses(index, policies, prune=True)
    (policies / "hats.md").write_text("")
    statuses(index, policies, prune=True)

    assert list(index.snapshot().by_slug) == ["hats"]
