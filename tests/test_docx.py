"""Word documents, built here: what Word shows is read, also what hides in changes, fields, controls and cells."""

import io
import zipfile

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_BREAK
from docx.opc.packuri import PackURI
from docx.opc.part import Part
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
        ("item", 0, "1. two"),
    ]


NUMBERING = {
    "multilevel": [("decimal", "%1"), ("decimal", "%1.%2"), ("lowerLetter", "(%3)"), ("lowerRoman", "(%4)")],
    "roman": [("upperRoman", "Part %1"), ("decimal", "%1.%2"), ("upperLetter", "%3.")],
    "bullets": [("bullet", "•"), ("bullet", "o")],
}


def numbered(word, name, *, num="90", start=None):
    """A list of the document that counts as NUMBERING says; `start` restarts level 0 in a list of the same definition."""
    root = word.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (kind, text) in enumerate(NUMBERING[name])
    )
    if not root.xpath('//w:abstractNum[@w:abstractNumId="90"]'):
        root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'))
    override = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>' if start else ""
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{num}"><w:abstractNumId w:val="90"/>{override}</w:num>'))

    def add(words, level, style=None, num=num):
        paragraph = word.add_paragraph(words, style=style)
        numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        numbering.get_or_add_numId().val = int(num)
        numbering.get_or_add_ilvl().val = level
        return paragraph

    return add


def test_numbers_that_are_not_in_the_text_are_counted_as_word_counts_them(word):
    add = numbered(word, "multilevel")
    add("Keys", 0, "Heading 1")
    add("Staff must not:", 1)
    add("lend a key;", 2)
    add("copy it, that is", 2)
    add("by hand;", 3)
    add("Keys are blue.", 1)
    add("Doors", 0, "Heading 1")
    add("Doors are red.", 1)

    assert [words for _, _, words in blocks(word)] == [
        "1 Keys", "1.1 Staff must not:", "(a) lend a key;", "(b) copy it, that is", "(i) by hand;", "1.2 Keys are blue.", "2 Doors", "2.1 Doors are red.",
    ]  # fmt: skip
    assert [(one.id, one.text, one.modality) for one in clauses(word)] == [
        ("1.1", "Staff must not:", "must_not"),
        ("1.1.a", "lend a key;", "must_not"),
        ("1.1.b", "copy it, that is", "must_not"),
        ("1.1.b.i", "by hand;", "must_not"),
        ("1.2", "Keys are blue.", "statement"),
        ("2.1", "Doors are red.", "statement"),
    ]


def test_roman_parts_and_bullets(word):
    add = numbered(word, "roman")
    add("Keys", 0, "Heading 1")
    add("Doors", 0, "Heading 1")
    add("Doors are red.", 1)
    assert [words for _, _, words in blocks(word)] == ["Part I Keys", "Part II Doors", "II.1 Doors are red."]


def test_bullets_have_no_number(word):
    add = numbered(word, "bullets")
    add("Keys are blue.", 0)
    assert blocks(word) == [("item", 0, "Keys are blue.")]


def test_a_list_goes_on_or_starts_again_as_word_says(word):
    add = numbered(word, "multilevel")
    numbered(word, "multilevel", num="91", start=1)
    add("one", 0)
    word.add_paragraph("A paragraph between them.")
    add("two", 0)
    add("one again", 0, num="91")
    add("two again", 0, num="91")
    assert [words for kind, _, words in blocks(word) if kind == "item"] == [
        "1 one",
        "2 two",
        "1 one again",
        "2 two again",
    ]


def test_a_style_numbers_its_paragraphs(word):
    numbered(word, "multilevel")
    style = word.styles.add_style("Clause", WD_STYLE_TYPE.PARAGRAPH)
    style.element.append(
        parse_xml(f'<w:pPr {nsdecls("w")}><w:numPr><w:ilvl w:val="1"/><w:numId w:val="90"/></w:numPr></w:pPr>')
    )
    word.styles.add_style("Clause two", WD_STYLE_TYPE.PARAGRAPH).base_style = style
    word.add_paragraph("Keys are blue.", style="Clause")
    word.add_paragraph("Doors are red.", style="Clause two")
    assert [one.id for one in clauses(word)] == ["1.1", "1.2"]


def test_a_heading_style_that_holds_a_rule_makes_a_clause(word):
    """Many policies number their paragraphs by giving them a heading's style."""
    word.add_heading("Keys", 1)
    word.add_heading("Staff must wear a key at all times and must show it to the porter when they are asked.", 2)
    word.styles.add_style("House heading", WD_STYLE_TYPE.PARAGRAPH).base_style = word.styles["Heading 1"]
    word.add_paragraph("Doors", style="House heading")
    assert [(kind, depth) for kind, depth, _ in blocks(word)] == [("heading", 1), ("paragraph", 0), ("heading", 1)]


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


BOX = "<w:txbxContent><w:p><w:r><w:t>Boxed.</w:t></w:r></w:p></w:txbxContent>"
TWICE = (
    '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    f'<mc:Choice Requires="wps">{BOX}</mc:Choice><mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent></w:r>'
)


@pytest.mark.parametrize("box", [f"<w:r><w:pict>{BOX}</w:pict></w:r>", TWICE], ids=["old", "new, twice in the file"])
def test_a_text_box_is_read_once_after_its_paragraph(word, box):
    append(word.add_paragraph("Wear a key."), box)
    word.add_paragraph("Doors are red.")
    assert [words for _, _, words in blocks(word)] == ["Wear a key.", "Boxed.", "Doors are red."]


def test_footnotes_stand_at_the_end_of_their_section(tmp_path):
    note = f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2"><w:p><w:r><w:t>Spare keys too.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    word = docx.Document()
    word.add_heading("Keys", 1)
    append(word.add_paragraph("Staff must:"), '<w:r><w:footnoteReference w:id="2"/></w:r>')
    word.add_paragraph("wear a key", style="List Bullet")
    word.add_heading("Doors", 1)
    part = Part(PackURI("/word/footnotes.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml", note.encode(), word.part.package)  # fmt: skip
    word.part.relate_to(part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes")
    assert [words for _, _, words in blocks(word)] == ["Keys", "Staff must:", "wear a key", "Spare keys too.", "Doors"]


def test_tracked_changes_and_comments_are_warned_of(word):
    paragraph = word.add_paragraph("Wear a key.")
    append(paragraph, '<w:ins w:id="1" w:author="x"><w:r><w:t> Always.</w:t></w:r></w:ins>')
    word.add_comment(paragraph.runs, "Is this so?")
    extracted = read_docx(saved(word))
    assert extracted.text == "Wear a key. Always."
    assert [warning.split(",")[0].split(" that ")[0] for warning in extracted.warnings] == [
        "The document has tracked changes",
        "The document has comments",
    ]


def test_a_deleted_paragraph_mark_joins_two_paragraphs(word):
    first = word.add_paragraph("Staff must")
    properties = first._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:rPr {nsdecls("w")}><w:del w:id="1" w:author="x"/></w:rPr>'))
    word.add_paragraph("wear a key.")
    assert [words for _, _, words in blocks(word)] == ["Staff must wear a key."]


def test_a_layout_table_is_read_as_running_text(word):
    made = word.add_table(1, 2)
    left, right = made.rows[0].cells
    left.text = "Our school looks after its keys and expects everyone who holds one to do the same, whoever they are."
    left.add_paragraph("Staff must wear a key at all times when they are on the site of the school.")
    right.text = "Doors are red."
    assert [(kind, words[:12]) for kind, _, words in blocks(word)] == [
        ("paragraph", "Our school l"),
        ("paragraph", "Staff must w"),
        ("paragraph", "Doors are re"),
    ]


def test_a_cell_merged_downwards_holds_for_each_row(word):
    made = table(word, [["Keys", "Wear them."], ["", "Return them."]])
    made.columns[0].cells[0].merge(made.columns[0].cells[1])
    assert [words for _, _, words in blocks(word)] == ["Keys / Wear them.", "Keys / Return them."]


def test_a_deleted_row_is_left_out(word):
    made = table(word, [["Keys", "Wear them."], ["Doors", "Shut them."]])
    made.rows[1]._tr.get_or_add_trPr().append(parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="x"/>'))
    assert [words for _, _, words in blocks(word)] == ["Keys / Wear them."]


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
