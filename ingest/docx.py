"""Word documents (.docx) → text and blocks, with the structure that Word's styles and numbering state."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import Table
from docx.text.paragraph import Paragraph

from assistant.documents import fold
from assistant.errors import UnreadableFileError
from ingest import patterns
from ingest.blocks import Extracted
from ingest.builder import Builder

MAX_UNPACKED = 200 * 2**20
"""Bytes: a package that unpacks to more is refused before it is read (a zip bomb, or no policy)."""


def read_docx(data: bytes) -> Extracted:
    """Text and blocks of a Word document; running heads and feet come last, as skipped."""
    _check_package(data)
    try:
        word = docx.Document(io.BytesIO(data))
    except Exception as error:  # a damaged package makes python-docx and lxml raise whatever they stumble over
        raise UnreadableFileError(
            "The file is no readable Word document. Open it in Word and save it again as .docx."
        ) from error
    builder = Builder()
    for child in _children(word.element.body):
        if child.tag == qn("w:p"):
            _paragraph(Paragraph(child, word._body), builder)
        else:
            _table(Table(child, word._body), builder)
    if not builder.text.strip():
        raise UnreadableFileError("The document holds no text (pictures only?). Save it with its text.")
    for words in _running(word):
        builder.skip(words, "page furniture")
    return Extracted(
        builder.text,
        tuple(builder.blocks),
        title=fold(word.core_properties.title or "") or None,
        warnings=tuple(_unread(word.element.body)),
    )


def _children(element: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """Paragraphs and tables in order, those inside content controls too."""
    for child in element:
        if child.tag in {qn("w:p"), qn("w:tbl")}:
            yield child
        elif child.tag in {qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:smartTag"), qn("w:ins")}:
            yield from _children(child)


_LEFT_OUT = {
    qn("w:del"),
    qn("w:moveFrom"),
    qn("w:txbxContent"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


def _text(element: BaseOxmlElement) -> str:
    """The words of a paragraph as Word shows them with every change accepted: insertions, fields and controls included."""
    parts = []
    for child in element:
        if child.tag == qn("w:t"):
            parts.append(child.text or "")
        elif child.tag in _BREAKS:
            parts.append(_BREAKS[child.tag])
        elif child.tag not in _LEFT_OUT and child.tag not in {qn("w:pPr"), qn("w:rPr")}:
            parts.append(_text(child))
    return "".join(parts)


def _unread(body: BaseOxmlElement) -> Iterator[str]:
    """What the document holds beside its text, for a person to look at."""
    for tag, name in (
        ("w:txbxContent", "text boxes"),
        ("w:footnoteReference", "footnotes"),
        ("w:endnoteReference", "endnotes"),
    ):
        if next(body.iter(qn(tag)), None) is not None:
            yield f"The document has {name}, which are not read. Move rules that stand there into the text."


def _check_package(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
            encrypted = any(entry.flag_bits & 1 for entry in package.infolist())
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, ValueError) as error:
        raise UnreadableFileError(
            "The file is no .docx package. Open it in Word and save it again as .docx."
        ) from error
    if encrypted:
        raise UnreadableFileError("The document is encrypted. Save it without a password.")
    if unpacked > MAX_UNPACKED:
        raise UnreadableFileError(
            f"The package unpacks to {unpacked // 2**20} MB, more than the {MAX_UNPACKED // 2**20} MB allowed. Save it without large pictures."
        )


def _paragraph(paragraph: Paragraph, builder: Builder) -> None:
    words = fold(_text(paragraph._p))
    if not words:
        return
    style = (paragraph.style.name or "").lower() if paragraph.style is not None else ""
    if (match := re.fullmatch(r"heading (\d)", style)) is not None:
        builder.add(words, "heading", depth=int(match.group(1)))
    elif style == "title":
        builder.add(words, "heading", depth=1)
    elif style.startswith("toc ") or style == "toc heading":
        builder.skip(words, "contents table")
    elif patterns.SIGNATURE.fullmatch(words):
        builder.skip(words, "signature slip")
    elif (level := _list_level(paragraph, style)) is not None:
        builder.add(words, "item", depth=level, marker="•")
    elif _is_bold(paragraph) and patterns.looks_like_heading(words):
        builder.add(words, "heading")
    else:
        builder.add(words, "paragraph")


def _list_level(paragraph: Paragraph, style: str) -> int | None:
    """The depth (0 outermost) of a paragraph that Word numbers or bullets, else None."""
    properties = paragraph._p.pPr
    numbering = properties.numPr if properties is not None else None
    if numbering is not None and numbering.numId is not None and numbering.numId.val:
        return int(numbering.ilvl.val) if numbering.ilvl is not None else 0
    if (
        match := re.fullmatch(r"list (?:bullet|number|paragraph)\s*(\d)?", style)
    ) is not None and style != "list paragraph":
        return int(match.group(1) or 1) - 1
    return None


def _is_bold(paragraph: Paragraph) -> bool:
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(run.bold for run in runs)


def _table(table: Table, builder: Builder) -> None:
    """A row a block; a first row of bold cells, or one that Word marks as repeated, is the header."""
    for place, row in enumerate(table.rows):
        seen: list[object] = []
        cells = []
        for cell in row.cells:
            if cell._tc not in seen:  # python-docx repeats a merged cell
                seen.append(cell._tc)
                cells.append("\n".join(_text(paragraph) for paragraph in cell._tc.iter(qn("w:p"))))
        marked = row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None
        bold = all(_is_bold(paragraph) for cell in row.cells for paragraph in cell.paragraphs if paragraph.text.strip())
        builder.row(cells, header=place == 0 and len(table.rows) > 1 and len(cells) > 1 and (marked or bold))


def _running(word: WordDocument) -> Iterator[str]:
    """The words of the running heads and feet, each once."""
    seen: set[str] = set()
    for section in word.sections:
        for part in (section.header, section.footer, section.first_page_header, section.first_page_footer):
            for paragraph in part.paragraphs if not part.is_linked_to_previous else []:
                words = fold(paragraph.text)
                if words and words not in seen:
                    seen.add(words)
                    yield words
