"""Word documents, built here: what Word shows is read, also what hides in changes, fields, controls and cells."""

import io
import zipfile

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from assistant.errors import UnreadableFileError
from ingest.docx import read_docx
from ingest.split import split


@pytest.fixture
def word():
    return docx.Document()


def saved(word):
    data = io.BytesIO()
    word.save(data)
    return data.getvalue()


def blocks(word):
    extracted = read_docx(saved(word))
    return [
        (block.reason or block.kind, block.depth, " / ".join(extracted.text[start:end] for start, end in block.spans))
        for block in extracted.blocks
    ]


def clauses(word):
    return list(split(read_docx(saved(word))).clauses)


def append(paragraph, xml):
    paragraph._p.append(parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1)))


def test_styles_say_what_is_heading_item_and_paragraph(word):
    word.add_paragraph("Keys Policy", style="Title")
    word.add_heading("Keys", 1)
    word.add_heading("Spare keys", 2)
    word.add_paragraph("Hide them.")
    word.add_paragraph("one", style="List Bullet")
    word.add_paragraph("deeper", style="List Bullet 2")
    word.add_paragraph("two", style="List Number")
    word.add_paragraph("  \t ")

    assert blocks(word) == [
        ("heading", 1, "Keys Policy"),
        ("heading", 1, "Keys"),
        ("heading", 2, "Spare keys"),
        ("paragraph", 0, "Hide them."),
        ("item", 0, "one"),
        ("item", 1, "deeper"),
        ("item", 0, "two"),
    ]


def test_words_own_numbering_makes_a_list_item(word):
    paragraph = word.add_paragraph("lend a key")
    numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    numbering.get_or_add_numId().val = 1
    numbering.get_or_add_ilvl().val = 2

    assert blocks(word) == [("item", 2, "lend a key")]


def test_bullets_stand_under_their_stem(word):
    word.add_paragraph("5.2 Staff must not:")
    word.add_paragraph("lend a key", style="List Bullet")
    word.add_paragraph("copy a key", style="List Bullet")

    assert [(clause.id, clause.modality) for clause in clauses(word)] == [
        ("5.2", "must_not"),
        ("5.2.a", "must_not"),
        ("5.2.b", "must_not"),
    ]


def test_a_short_line_all_in_bold_is_a_heading(word):
    word.add_paragraph().add_run("Spare keys").bold = True
    word.add_paragraph().add_run("Staff must hide the spare keys at night.").bold = True
    word.add_paragraph("Wear a ").add_run("key").bold = True

    assert [kind for kind, _, _ in blocks(word)] == ["heading", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ('<w:ins w:id="1" w:author="x"><w:r><w:t>not </w:t></w:r></w:ins>', "Staff must not lend a key."),
        ('<w:del w:id="1" w:author="x"><w:r><w:delText>always </w:delText></w:r></w:del>', "Staff must lend a key."),
        ('<w:moveFrom w:id="1" w:author="x"><w:r><w:t>always </w:t></w:r></w:moveFrom>', "Staff must lend a key."),
        ('<w:moveTo w:id="1" w:author="x"><w:r><w:t>not </w:t></w:r></w:moveTo>', "Staff must not lend a key."),
        ("<w:sdt><w:sdtContent><w:r><w:t>not </w:t></w:r></w:sdtContent></w:sdt>", "Staff must not lend a key."),
        ('<w:fldSimple w:instr="REF x"><w:r><w:t>not </w:t></w:r></w:fldSimple>', "Staff must not lend a key."),
        ('<w:smartTag w:element="x"><w:r><w:t>not </w:t></w:r></w:smartTag>', "Staff must not lend a key."),
        ("<w:hyperlink><w:r><w:t>not </w:t></w:r></w:hyperlink>", "Staff must not lend a key."),
        ("<w:r><w:t>not</w:t><w:tab/></w:r>", "Staff must not lend a key."),
        ("<w:r><w:t>re</w:t><w:noBreakHyphen/><w:t>lend or </w:t></w:r>", "Staff must re-lend or lend a key."),
        ('<w:r><w:instrText>PAGE</w:instrText></w:r>', "Staff must lend a key."),
    ],
)  # fmt: skip
def test_words_are_read_as_word_shows_them_with_every_change_accepted(word, part, expected):
    """A tracked "not" that was left out would turn a prohibition into a duty."""
    paragraph = word.add_paragraph("Staff must ")
    append(paragraph, part)
    paragraph.add_run("lend a key.")

    assert [clause.text for clause in clauses(word)] == [expected]


def test_what_a_content_control_holds_is_read_in_its_place(word):
    word.add_paragraph("Before.")
    word.element.body.insert(
        1,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>Inside.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    word.add_paragraph("After.")

    assert [words for _, _, words in blocks(word)] == ["Before.", "Inside.", "After."]


def test_a_line_break_inside_a_paragraph_is_white_space(word):
    run = word.add_paragraph().add_run("Wear a key")
    run.add_break(WD_BREAK.LINE)
    run.add_text("at all times.")

    assert [clause.text for clause in clauses(word)] == ["Wear a key at all times."]


def table(word, rows, *, bold=False, marked=False):
    made = word.add_table(len(rows), len(rows[0]))
    for row, cells in zip(made.rows, rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.paragraphs[0].add_run(words).bold = bold and row._index == 0
    if marked:
        made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return made


@pytest.mark.parametrize("mark", ["bold", "marked"])
def test_the_header_of_a_table_goes_with_each_row(word, mark):
    table(word, [["When", "To whom"], ["First time", "the porter"], ["Later", ""]], **{mark: True})
    header, first, later = clauses(word)

    assert (header.kind, header.text) == ("stem", "When To whom")
    assert [(row.text, row.lead_in[0].text, len(row.spans)) for row in (first, later)] == [
        ("First time the porter", "When To whom", 2),
        ("Later", "When To whom", 1),
    ]


def test_a_table_without_a_header_has_none(word):
    table(word, [["Porter", "Ms Grey"], ["Clerk", "Mr Fox"]])

    assert [(clause.kind, clause.lead_in) for clause in clauses(word)] == [("row", ()), ("row", ())]


def test_a_merged_cell_is_read_once_and_a_table_in_a_cell_too(word):
    made = table(word, [["Keys", "Keys too"], ["Porter", "Clerk"]])
    made.rows[0].cells[0].merge(made.rows[0].cells[1])
    inner = made.rows[1].cells[1].add_table(1, 1)
    inner.rows[0].cells[0].text = "on Fridays"

    assert [words for _, _, words in blocks(word)] == ["Keys Keys too", "Porter / Clerk on Fridays"]


def test_running_heads_and_feet_come_last_as_skipped(word):
    word.add_paragraph("Wear a key.")
    word.sections[0].header.paragraphs[0].text = "Elm Hill School"
    word.sections[0].footer.paragraphs[0].text = "Page 1"

    assert blocks(word)[1:] == [("page furniture", 0, "Elm Hill School"), ("page furniture", 0, "Page 1")]


def test_contents_and_slips_are_skipped(word):
    word.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    word.add_paragraph("Contents", style="TOC Heading")
    word.add_paragraph("1 Keys\t2", style="toc 1")
    word.add_paragraph("Signed: ______")
    word.add_paragraph("Wear a key.")

    assert [kind for kind, _, _ in blocks(word)] == ["contents table", "contents table", "signature slip", "paragraph"]


def test_text_that_is_not_read_is_warned_of(word):
    paragraph = word.add_paragraph("Wear a key.")
    append(paragraph, '<w:r><w:footnoteReference w:id="2"/></w:r>')
    append(
        paragraph, "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Boxed.</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    )
    extracted = read_docx(saved(word))

    assert extracted.text == "Wear a key."
    assert [warning.split(",")[0] for warning in extracted.warnings] == [
        "The document has text boxes",
        "The document has footnotes",
    ]


def test_the_title_is_that_of_the_documents_properties(word):
    word.add_paragraph("Wear a key.")
    word.core_properties.title = " Keys  Policy "

    assert read_docx(saved(word)).title == "Keys Policy"


def test_a_document_of_pictures_only_is_refused(word):
    with pytest.raises(UnreadableFileError, match=r"holds no text \(pictures only\?\)\. Save it with its text"):
        read_docx(saved(word))


def test_xml_entities_that_multiply_are_refused(word):
    """A billion laughs in document.xml must not fill the memory."""
    word.add_paragraph("Wear a key.")
    package = io.BytesIO(saved(word))
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    out = io.BytesIO()
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "word/document.xml":
                xml = data.decode().replace("<w:document", f"<!DOCTYPE d [{bomb}]><w:document", 1)
                data = xml.replace("Wear a key.", "Wear &l11; a key.").encode()
            new.writestr(entry, data)

    with pytest.raises(UnreadableFileError, match="no readable Word document"):
        read_docx(out.getvalue())
