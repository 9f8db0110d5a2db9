import pytest

from assistant.documents import Contact
from assistant.errors import ManifestError
from assistant.resources import corpus_folder
from ingest.manifest import NAME, Entry, Manifest, read_manifest


def written(folder, text, encoding="utf-8"):
    (folder / NAME).write_bytes(text.encode(encoding))
    return folder


def test_reads_documents_and_contacts(tmp_path):
    manifest = read_manifest(
        written(
            tmp_path,
            """
            [[organisations]]
            name = "Elm Hill School"
            [organisations.contacts.dsl]
            name = "Ms Grey"
            phone = "01632 960999"
            [organisations.contacts.lado]
            email = "lado@council.example"

            [[documents]]
            file = "Keys 2024.txt"
            slug = "keys"
            title = "Keys Policy"
            organisation = "Elm Hill School"

            [[documents]]
            file = "hats.md"
            """,
        )
    )

    assert manifest.entries == {"Keys 2024.txt": Entry("keys", "Keys Policy", "Elm Hill School"), "hats.md": Entry()}
    assert manifest.contacts == {
        "Elm Hill School": (
            Contact("dsl", "Ms Grey", "01632 960999"),
            Contact("lado", None, None, "lado@council.example"),
        )
    }


def test_a_folder_without_a_manifest_has_an_empty_one(tmp_path):
    assert read_manifest(tmp_path) == Manifest()


def test_an_editors_byte_order_mark_does_no_harm(tmp_path):
    manifest = read_manifest(written(tmp_path, '[[documents]]\nfile = "a.md"\n', "utf-8-sig"))

    assert list(manifest.entries) == ["a.md"]


def test_an_organisation_without_contacts_is_allowed(tmp_path):
    assert read_manifest(written(tmp_path, '[[organisations]]\nname = "Elm Hill"\n')).contacts == {"Elm Hill": ()}


def test_the_shipped_manifest_names_a_safeguarding_lead_for_each_school():
    contacts = read_manifest(corpus_folder()).contacts

    assert contacts
    assert all(any(contact.role == "dsl" for contact in people) for people in contacts.values() if people)


ORGANISATION = '[[organisations]]\nname = "Elm Hill"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[documents]\n", r"policies\.toml can't be read as TOML"),
        ('documents = "all"\n', r"'documents' is no list of tables\. Expected \[\[documents\]\]"),
        ("[documents]\nfile = 'a.md'\n", r"'documents' is no list of tables"),
        ("organisations = [1, 2]\n", r"'organisations' is no list of tables"),
        ("[[documents]]\nslug = 'a'\n", r"'file' is None\. Expected a text"),
        ("[[documents]]\nfile = 3\n", r"'file' is 3\. Expected a text"),
        ("[[documents]]\nfile = ' '\n", r"'file' is ' '\. Expected a text"),
        ("[[documents]]\nfile = 'a.md'\ntitle = ['A']\n", r"'title' is \['A'\]\. Expected a text"),
        ("[[documents]]\nfile = 'a.md'\nslug = 'A b'\n", r"the slug 'A b' can't be used\. Expected small letters"),
        ("[[documents]]\nfile = 'a.md'\nslug = '-a'\n", r"the slug '-a' can't be used"),
        (
            "[[documents]]\nfile = 'a.md'\nslug = 'x'\n[[documents]]\nfile = 'b.md'\nslug = 'x'\n",
            r"'x' is given to two files",
        ),
        (
            "[[documents]]\nfile = 'a.md'\norganization = 'X'\n",
            r"no key 'organization'\. Expected one of: file, organisation",
        ),
        ("[[document]]\nfile = 'a.md'\n", r"no key 'document'\. Expected one of: documents, organisations"),
        (
            f"{ORGANISATION}[[documents]]\nfile = 'a.md'\norganisation = 'X'\n",
            r"the organisation 'X' of 'a\.md' is not listed",
        ),
        ("[[organisations]]\n", r"'name' is None\. Expected a text"),
        (f"{ORGANISATION}phone = '1'\n", r"no key 'phone'\. Expected one of: contacts, name"),
        (f"{ORGANISATION}contacts = 'Ms Grey'\n", r"'contacts' is 'Ms Grey'\. Expected tables such as"),
        (
            f"{ORGANISATION}[organisations.contacts]\ndsl = 'Ms Grey'\n",
            r"the contact 'dsl' is 'Ms Grey'\. Expected a table",
        ),
        (
            f"{ORGANISATION}[organisations.contacts.boss]\nname = 'X'\n",
            r"no contact role 'boss'\. Expected one of: dsl, deputy_dsl",
        ),
        (
            f"{ORGANISATION}[organisations.contacts.dsl]\nmobile = '1'\n",
            r"no key 'mobile'\. Expected one of: email, name, phone",
        ),
        (f"{ORGANISATION}[organisations.contacts.dsl]\nphone = 1632\n", r"'phone' is 1632\. Expected a text"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused(tmp_path, text, message):
    with pytest.raises(ManifestError, match=message):
        read_manifest(written(tmp_path, text))


def test_a_manifest_that_is_no_utf_8_is_refused(tmp_path):
    with pytest.raises(ManifestError, match="can't be read as TOML"):
        read_manifest(written(tmp_path, '[[documents]]\nfile = "a.md" # caf\xe9', "latin-1"))


def test_a_manifest_that_is_a_folder_is_refused(tmp_path):
    (tmp_path / NAME).mkdir()

    with pytest.raises(ManifestError, match="can't be read as TOML"):
        read_manifest(tmp_path)
