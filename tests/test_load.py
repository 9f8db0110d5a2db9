"""One file → its text: what can't be read is refused with a reason and a remedy, never with a traceback."""

import io
import random
import zipfile
from contextlib import suppress

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import UnreadableFileError
from assistant.resources import corpus_folder
from ingest.load import MAX_BYTES, MAX_CHARACTERS, READERS, load
from ingest.package import MAX_UNPACKED
from ingest.split import split


def pdf(*, encrypt=None, text="Staff must wear a key at all times."):
    data = io.BytesIO()
    canvas = Canvas(data, encrypt=encrypt, invariant=True)
    canvas.drawString(72, 700, text)
    canvas.save()
    return data.getvalue()


def package(entries):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return data.getvalue()


def flagged_as_encrypted(data):
    """The package with the bit of its directory set that says that an entry is encrypted."""
    at = data.rindex(b"PK\x01\x02")
    return data[: at + 8] + bytes([data[at + 8] | 1]) + data[at + 9 :]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
"""The head of an old .doc, and of a .docx that Word has encrypted."""


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("keys.txt", b"", r"The file is empty\. Expected the text of a policy"),
        ("keys.pdf", b"", r"The file is empty"),
        ("keys.txt", b" \r\n\t\n", r"The file is empty"),
        ("keys.md", "\ufeff\n".encode(), r"The file is empty"),
        ("keys.txt", b"Wear \x00\x01\x02 a key", r"holds binary data, not text\. Expected \.txt or \.md"),
        ("keys.txt", b"\x89PNG\r\n\x1a\n\x00\x00", r"holds binary data"),
        ("keys.txt", "Wear a key.".encode("utf-16-le"), r"holds binary data"),
        ("keys.txt", b"\xff\xfeW", r"starts as UTF-16 but does not go on so\. Save it as UTF-8"),
        ("keys.pages", b"x", r"Files of kind \.pages can't be read\. Expected one of: \.txt, \.md"),
        ("keys.odt", b"x", r"The file is no \.odt package\. Open it as a text document"),
        ("keys.odt", package({"word/document.xml": "x"}), r"The file is no OpenDocument text"),
        ("keys.odt", package({"content.xml": "<a><b>"}), r"no readable OpenDocument text"),
        ("keys.odt", package({"content.xml": "<a/>", "META-INF/manifest.xml": "<m:encryption-data/>"}), r"The document is encrypted"),
        ("keys.docx", package({"mimetype": "application/vnd.oasis.opendocument.text"}), r"called \.docx but its content is \.odt"),
        ("keys.rtf", b"Wear a key.", r"The file is no Rich Text: it does not start as one"),
        ("keys.rtf", b"{\\rtf1 }", r"The document holds no text"),
        ("keys", b"x", r"Files of kind without a suffix can't be read"),
        ("keys.doc", OLE, r"Files of kind \.doc can't be read"),
        ("keys.txt", b"%PDF-1.7 x", r"called \.txt but its content is \.pdf\. Give it its true suffix"),
        ("keys.md", b"PK\x03\x04xx", r"called \.md but its content is \.docx"),
        ("keys.docx", b"%PDF-1.7 x", r"called \.docx but its content is \.pdf"),
        ("keys.docx", OLE, r"protected by a password, or is an old \.doc\. Open it in Word"),
        ("keys.pdf", b"{\\rtf1 x}", r"called \.pdf but its content is \.rtf"),
        ("keys.html", b"PK\x03\x04xx", r"called \.html but its content is \.docx"),
        ("keys.docx", b"Wear a key.", r"The file is no \.docx package\. Open it as a Word document"),
        ("keys.docx", b"PK\x03\x04" + bytes(100), r"The file is no \.docx package"),
        ("keys.docx", package({"a.txt": "x"}), r"The file is no Word document\. Open it in Word and save it again"),
        ("keys.docx", flagged_as_encrypted(package({"a.txt": "x"})), r"The document is encrypted\. Save it without a password"),
        ("keys.docx", package({"bomb.xml": bytes(MAX_UNPACKED + 1)}), r"unpacks to 200 MB, more than the 200 MB allowed"),
        ("keys.pdf", b"%PDF-1.7\nnothing more", r"The file is no readable PDF\. Open it and print it to PDF again"),
        ("keys.pdf", b"Wear a key.", r"The file is no readable PDF"),
        ("keys.pdf", pdf(encrypt=StandardEncryption("open sesame")), r"The PDF is encrypted\. Save it without a password"),
        ("keys.pdf", pdf(text=""), r"no text layer: its pages are pictures\. Run text recognition"),
        ("keys.html", b"<html><body><script>x</script></body></html>", r"The page holds no text"),
        ("keys.html", b"<frameset><frame src='a.html'></frameset>", r"The page holds no text"),
        ("keys.txt", b"x" * (MAX_BYTES + 1), r"The file has 50 MB, more than the 50 MB allowed"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused(name, data, message):
    with pytest.raises(UnreadableFileError, match=message):
        load(name, data)


def test_a_text_of_more_than_a_few_books_is_refused():
    data = b"Wear a key at all times.\n\n" * (MAX_CHARACTERS // 26 + 1)

    with pytest.raises(UnreadableFileError, match=r"has 5,000,0\d\d characters, more than the 5,000,000 allowed"):
        load("keys.txt", data)


def test_a_pdf_that_only_its_owner_may_change_is_read():
    assert load("keys.pdf", pdf(encrypt=StandardEncryption("", "owner"))).text == "Staff must wear a key at all times."


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Pupils’ keys – caf\u00e9.".encode(), "Pupils’ keys – café."),
        ("Pupils’ keys – café.".encode("utf-16"), "Pupils’ keys – café."),
        (b"\xfe\xff" + "Pupils’ keys".encode("utf-16-be"), "Pupils’ keys"),
        ("Pupils’ keys – café.".encode("cp1252"), "Pupils’ keys – café."),
        ("\ufeffPupils’ keys.".encode(), "\ufeffPupils’ keys."),
        (b"Wear a key\r\nat all times.\r", "Wear a key\r\nat all times.\r"),
        (b"undefined \x81 here \xe9", "undefined \ufffd here \xe9"),
    ],
)
def test_a_text_is_decoded_and_otherwise_left_alone(data, text):
    assert load("keys.txt", data).text == text


def test_a_text_that_is_no_utf_8_is_read_with_a_warning():
    assert load("keys.txt", "café".encode("cp1252")).warnings == (
        "The file is not UTF-8; it was read as Windows-1252. Check its quotation marks and dashes.",
    )
    assert load("keys.txt", "café".encode()).warnings == ()


@pytest.mark.parametrize("name", ["keys.TXT", "Keys Policy v2.1 (final).txt", ".hidden.txt", "a/b.txt"])
def test_the_last_suffix_counts_in_capitals_too(name):
    assert load(name, b"Wear a key.").text == "Wear a key."


def test_every_kind_of_file_has_a_reader():
    assert set(READERS) == {".txt", ".md", ".markdown", ".html", ".htm", ".docx", ".odt", ".rtf", ".pdf"}


@pytest.mark.parametrize(
    ("name", "rounds"),
    [("oakfield.docx", 60), ("willow-bank.pdf", 12), ("tees-valley-union-model.html", 40), ("harbour-trust.txt", 40)],
)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(name, rounds):
    whole = (corpus_folder() / name).read_bytes()
    chance = random.Random(name)
    for _ in range(rounds):
        data = bytearray(whole)
        if chance.random() < 0.4:
            del data[chance.randrange(len(data)) :]
        for _ in range(chance.choice([0, 3, 30, 300])):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(UnreadableFileError):
            split(load(name, bytes(data)))
