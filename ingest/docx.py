"""Word documents (.docx) → text and blocks, with the structure that Word's styles and numbering state."""

import io
import re
from collections.abc import Iterator

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from assistant.documents import fold
from assistant.errors import UnreadableFileError
from ingest import patterns
from ingest.blocks import Extracted
from ingest.builder import Builder
from ingest.docx_lists import Lists
from ingest.package import open_package

MAX_NESTED = 20
"""Tables inside tables deeper than this are read as the words of one cell."""

RUNNING = 30
"""Words of a cell with several paragraphs from which a table of one row or column is taken for layout, not for a form."""


def read_docx(data: bytes) -> Extracted:
    """Text and blocks of a Word document; running heads and feet come last, as skipped."""
    with open_package(data, "Word document", ".docx") as package:
        names = set(package.namelist())
    if "word/document.xml" not in names:
        raise UnreadableFileError("The file is no Word document. Open it in Word and save it again as .docx.")
    try:
        word = docx.Document(io.BytesIO(data))
        reader = _Reader(word)
        reader.read()
    except UnreadableFileError:
        raise
    except Exception as error:  # a damaged package makes python-docx and lxml raise whatever they stumble over
        raise UnreadableFileError(
            "The file is no readable Word document. Open it in Word and save it again as .docx."
        ) from error
    return Extracted(
        reader.builder.text,
        tuple(reader.builder.blocks),
        title=fold(word.core_properties.title or "") or None,
        warnings=tuple(_warnings(word, names)),
    )


_LEFT_OUT = {
    qn("w:del"),
    qn("w:moveFrom"),
    qn("w:txbxContent"),
    qn("w:pPr"),
    qn("w:rPr"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_AROUND = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")}


def _text(element: BaseOxmlElement) -> str:
    """The words of a paragraph as Word shows them with every change accepted: insertions, fields and controls included."""
    parts = []
    for child in element:
        if child.tag == qn("w:t"):
            parts.append(child.text or "")
        elif child.tag in _BREAKS:
            parts.append(_BREAKS[child.tag])
        elif child.tag not in _LEFT_OUT:
            parts.append(_text(child))
    return "".join(parts)


def _children(element: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """Paragraphs and tables in order, those inside content controls too."""
    for child in element:
        if child.tag in {qn("w:p"), qn("w:tbl")}:
            yield child
        elif child.tag in _AROUND:
            yield from _children(child)


class _Reader:
    """Walks a document's body once; numbers are counted on the way, notes wait for the end of their section."""

    def __init__(self, word: WordDocument) -> None:
        self.word = word
        self.builder = Builder()
        self.lists = Lists(word)
        self.notes = {kind: dict(_notes(word, kind)) for kind in ("footnote", "endnote")}
        self.waiting: list[str] = []
        self.carried = ""

    def read(self) -> None:
        """Fill the builder."""
        self._flow(self.word.element.body, 0)
        self._flush()
        if not self.builder.text.strip():
            raise UnreadableFileError("The document holds no text (pictures only?). Save it with its text.")
        for words in _running(self.word):
            self.builder.skip(words, "page furniture")

    def _flow(self, element: BaseOxmlElement, depth: int) -> None:
        for child in _children(element):
            if child.tag == qn("w:p"):
                self._paragraph(Paragraph(child, self.word._body))
            else:
                self._table(Table(child, self.word._body), depth)

    def _paragraph(self, paragraph: Paragraph) -> None:
        words = fold(self.carried + _text(paragraph._p))
        if _mark_is_deleted(paragraph._p):  # with the change accepted, the next paragraph goes on in this one
            self.carried = words + " " if words else ""
            return
        self.carried = ""
        if words:
            self._add(paragraph, words)
        for kind, notes in self.notes.items():
            for reference in paragraph._p.iter(qn(f"w:{kind}Reference")):
                self.waiting.append(notes.get(reference.get(qn("w:id")), ""))
        for box in _boxes(paragraph._p):
            self._flow(box, 0)

    def _flush(self) -> None:
        """Notes stand at the end of the section that refers to them: inside it they would cut a list from its stem."""
        for words in self.waiting:
            self.builder.add(words, "paragraph")
        self.waiting = []

    def _add(self, paragraph: Paragraph, words: str) -> None:
        style = (paragraph.style.name or "").lower() if paragraph.style is not None else ""
        place = self.lists.place(paragraph)
        label = self.lists.label(place) if place is not None else ""
        style_depth = _list_depth(style)  # "List Bullet 2" is a list of its own, whose outermost level it is
        heading = 1 if style == "title" else self.lists.outline(paragraph)
        if heading is None and (match := re.fullmatch(r"heading (\d)", style)) is not None:
            heading = int(match.group(1))
        if style.startswith("toc ") or style in {"toc heading", "contents heading"}:
            self.builder.skip(words, "contents table")
        elif heading is not None and not patterns.is_sentence(words):
            self._flush()
            self.builder.add(words, "heading", depth=heading, label=label)
        elif patterns.SIGNATURE.fullmatch(words):
            self.builder.skip(words, "signature slip")
        elif place is not None or style_depth is not None:
            depth = max(place[1] if place is not None else 0, style_depth or 0)
            if label and _is_bold(paragraph) and patterns.looks_like_heading(words):
                self._flush()
                self.builder.add(words, "heading", depth=depth + 1, label=label)
            else:
                self.builder.add(words, "item", depth=depth, marker="•", label=label)
        elif _is_bold(paragraph) and patterns.looks_like_heading(words):
            self._flush()
            self.builder.add(words, "heading")
        else:
            self.builder.add(words, "paragraph")

    def _table(self, table: Table, depth: int) -> None:
        """A row a block; a first row of bold cells, or one that Word marks as repeated, is the header. Layout is read cell by cell."""
        rows = [row for row in table.rows if not _is_deleted(row._tr)]
        own = [_cells(row._tr) for row in rows]
        if depth < MAX_NESTED and self._is_layout(own):
            for cell in (cell for row in own for cell in row):
                self._flow(cell, depth + 1)
            return
        for place, (row, cells) in enumerate(zip(rows, _merged(own), strict=True)):
            marked = row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None
            words = ["\n".join(map(_text, _paragraphs(cell))) for cell in cells]
            paragraphs = [Paragraph(one, self.word._body) for cell in cells for one in cell.findall(qn("w:p"))]
            bold = all(_is_bold(one) for one in paragraphs if one.text.strip())
            self.builder.row(words, header=place == 0 and len(rows) > 1 and len(cells) > 1 and (marked or bold))

    def _is_layout(self, rows: list[list[BaseOxmlElement]]) -> bool:
        """Whether a table only places text on the page: one row or column of running text, or cells that hold headings."""
        filled = [[cell for cell in row if any(one.text for one in cell.iter(qn("w:t")))] for row in rows]
        cells = [cell for row in filled for cell in row]
        if sum(map(bool, filled)) == 1 or all(len(row) <= 1 for row in filled):
            return any(len(cell.findall(qn("w:p"))) > 1 and len(_text(cell).split()) >= RUNNING for cell in cells)
        inside = (Paragraph(one, self.word._body) for cell in cells for one in cell.findall(qn("w:p")))
        return any(self.lists.outline(paragraph) is not None for paragraph in inside)


def _cells(row: BaseOxmlElement) -> list[BaseOxmlElement]:
    """A row's cells as the file has them."""
    found = []
    for child in row:
        if child.tag == qn("w:tc"):
            found.append(child)
        elif child.tag in _AROUND:
            found += _cells(child)
    return found


def _merged(rows: list[list[BaseOxmlElement]]) -> Iterator[list[BaseOxmlElement]]:
    """The cells of each row; one that is merged with the cell above stands for it: its words hold for this row too."""
    above: dict[int, BaseOxmlElement] = {}
    for row in rows:
        column, cells = 0, []
        for cell in row:
            properties = cell.find(qn("w:tcPr"))
            merge = properties.find(qn("w:vMerge")) if properties is not None else None
            if merge is not None and merge.get(qn("w:val")) != "restart":
                cell = above.get(column, cell)
            above[column] = cell
            cells.append(cell)
            span = properties.find(qn("w:gridSpan")) if properties is not None else None
            width = str(span.get(qn("w:val"))) if span is not None else "1"
            column += int(width) if width.isdigit() else 1
        yield cells


def _paragraphs(element: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """All paragraphs inside, those of nested tables and text boxes too."""
    for child in element:
        if child.tag == qn("w:p"):
            yield child
        if not str(child.tag).endswith("}Fallback") and child.tag not in {qn("w:del"), qn("w:moveFrom")}:
            yield from _paragraphs(child)


def _is_deleted(row: BaseOxmlElement) -> bool:
    properties = row.find(qn("w:trPr"))
    return properties is not None and properties.find(qn("w:del")) is not None


def _mark_is_deleted(paragraph: BaseOxmlElement) -> bool:
    """Whether the end of the paragraph itself is a tracked deletion."""
    return paragraph.find("/".join(qn(name) for name in ("w:pPr", "w:rPr", "w:del"))) is not None


def _boxes(paragraph: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """The text boxes anchored in a paragraph. Word writes each twice, for itself and for older versions ("Fallback")."""
    for child in paragraph:
        if child.tag == qn("w:txbxContent"):
            yield child
        elif not str(child.tag).endswith("}Fallback") and child.tag not in {qn("w:del"), qn("w:moveFrom")}:
            yield from _boxes(child)


def _notes(word: WordDocument, kind: str) -> Iterator[tuple[str | None, str]]:
    """Foot- or endnotes by id."""
    for part in word.part.package.iter_parts():
        if str(part.partname) == f"/word/{kind}s.xml":
            root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
            for note in root.iter(qn(f"w:{kind}")):
                if note.get(qn("w:type")) in {None, "normal"}:
                    yield note.get(qn("w:id")), fold(" ".join(_text(one) for one in note.iter(qn("w:p"))))


def _warnings(word: WordDocument, names: set[str]) -> Iterator[str]:
    """What a person should know of how the document was read."""
    body = word.element.body
    changed = {qn(f"w:{name}") for name in ("ins", "del", "moveFrom", "moveTo")}
    if any(element.tag in changed for element in body.iter()):
        yield "The document has tracked changes that nobody accepted: insertions were read, deletions left out. Accept or reject them in Word."
    if "word/comments.xml" in names and next(body.iter(qn("w:commentReference")), None) is not None:
        yield "The document has comments, which are not read. Settle them before the policy goes out."


def _list_depth(style: str) -> int | None:
    """The depth (0 outermost) of a paragraph whose style says that it is a list item, else None."""
    match = re.fullmatch(r"list (?:bullet|number)\s*(\d)?", style)
    return int(match.group(1) or 1) - 1 if match is not None else None


def _is_bold(paragraph: Paragraph) -> bool:
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(run.bold for run in runs)


def _running(word: WordDocument) -> Iterator[str]:
    """The words of running heads and feet, each once."""
    seen = set()
    for section in word.sections:
        for part in (
            section.header,
            section.first_page_header,
            section.even_page_header,
            section.footer,
            section.first_page_footer,
            section.even_page_footer,
        ):
            if part.is_linked_to_previous:
                continue
            for paragraph in part._element.iter(qn("w:p")):
                words = fold(_text(paragraph))
                if words and words not in seen:
                    seen.add(words)
                    yield words
