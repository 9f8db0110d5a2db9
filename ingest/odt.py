"""OpenDocument text (.odt) → text and blocks, with the structure that its styles and lists state."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from assistant.documents import fold
from assistant.errors import UnreadableFileError
from ingest import patterns
from ingest.blocks import Extracted
from ingest.builder import Builder
from ingest.numbering import Counter, Format, Level
from ingest.package import open_package

_SPACES = {
    name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
    for name in ("office", "text", "table", "style", "drawing")
} | {
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
}
RUNNING = 30
"""Words of a cell with several paragraphs from which a table of one row or column is taken for layout."""

MAX_DEPTH = 100
"""Elements nested deeper than this are read as one run of text."""


def _q(name: str) -> str:
    """A tag or attribute as lxml writes it: "text:p" → "{urn:…}p"."""
    space, _, local = name.partition(":")
    return f"{{{_SPACES[space]}}}{local}"


_FORMATS: dict[str, Format] = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "": "none",
}
_INDEXES = {_q(f"text:{name}") for name in ("table-of-content", "alphabetical-index", "table-index", "illustration-index")}  # fmt: skip
_ASIDE = {_q(name) for name in ("text:tracked-changes", "office:annotation", "text:note", "drawing:text-box", "office:forms")}  # fmt: skip


def read_odt(data: bytes) -> Extracted:
    """Text and blocks of an OpenDocument text; running heads and feet come last, as skipped."""
    with open_package(data, "text document", ".odt") as package:
        names = set(package.namelist())
        if "content.xml" not in names:
            raise UnreadableFileError("The file is no OpenDocument text. Open it and save it again as .odt.")
        try:
            if "META-INF/manifest.xml" in names and b"encryption-data" in package.read("META-INF/manifest.xml"):
                raise UnreadableFileError("The document is encrypted. Save it without a password.")
            parts = {name: _parsed(package.read(name)) for name in ("content.xml", "styles.xml", "meta.xml") if name in names}  # fmt: skip
            reader = _Reader(parts["content.xml"], parts.get("styles.xml"))
            reader.read()
        except UnreadableFileError:
            raise
        except Exception as error:  # a damaged package makes zipfile and lxml raise whatever they stumble over
            raise UnreadableFileError(
                "The file is no readable OpenDocument text. Open it and save it again as .odt."
            ) from error
    title = parts["meta.xml"].find(f".//{_q('dc:title')}") if "meta.xml" in parts else None
    return Extracted(
        reader.builder.text,
        tuple(reader.builder.blocks),
        title=fold(title.text or "") or None if title is not None else None,
        warnings=tuple(_warnings(parts["content.xml"])),
    )


def _parsed(xml: bytes) -> Any:  # noqa: ANN401 - lxml has no types
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))


def _warnings(content: Any) -> Iterator[str]:  # noqa: ANN401
    if content.find(f".//{_q('text:changed-region')}") is not None:
        yield "The document has tracked changes that nobody accepted: insertions were read, deletions left out. Accept or reject them."
    if content.find(f".//{_q('office:annotation')}") is not None:
        yield "The document has comments, which are not read. Settle them before the policy goes out."


def _text(element: Any, depth: int = 0) -> str:  # noqa: ANN401
    """The words of a paragraph, without notes, comments and boxes."""
    parts = [element.text or ""]
    for child in element:
        if child.tag in {_q("text:s"), _q("text:tab"), _q("text:line-break")}:
            parts.append(" ")
        elif isinstance(child.tag, str) and child.tag not in _ASIDE and depth < MAX_DEPTH:
            parts.append(_text(child, depth + 1))
        parts.append(child.tail or "")
    return "".join(parts)


class _Reader:
    """Walks a document's body once; numbers are counted on the way, notes wait for the end of their section."""

    def __init__(self, content: Any, styles: Any) -> None:  # noqa: ANN401
        self.content = content
        roots = [root for root in (styles, content) if root is not None]
        self.styles = {one.get(_q("style:name")): one for root in roots for one in root.iter(_q("style:style"))}
        self.lists = {one.get(_q("style:name")): one for root in roots for one in root.iter(_q("text:list-style"))}
        outline = next((one for root in roots for one in root.iter(_q("text:outline-style"))), None)
        self.outline = Counter(_levels(outline))
        self.master = [one for root in roots for one in root.iter(_q("style:master-page"))]
        self.counters: dict[str, Counter] = {}
        self.builder = Builder()
        self.waiting: list[str] = []

    def read(self) -> None:
        """Fill the builder."""
        body = self.content.find(f"{_q('office:body')}/{_q('office:text')}")
        if body is None:
            raise UnreadableFileError("The file is no OpenDocument text. Open it and save it again as .odt.")
        self._flow(body, 0)
        self._flush()
        if not self.builder.text.strip():
            raise UnreadableFileError("The document holds no text (pictures only?). Save it with its text.")
        running = [one for page in self.master for part in page for one in part.iter(_q("text:p"))]
        for words in dict.fromkeys(fold(_text(one)) for one in running):
            self.builder.skip(words, "page furniture")

    def _flow(self, element: Any, depth: int) -> None:  # noqa: ANN401
        for child in element:
            if depth > MAX_DEPTH:
                self.builder.add(_text(child), "paragraph")
            elif child.tag in {_q("text:p"), _q("text:h")}:
                self._paragraph(child, depth)
            elif child.tag == _q("text:list"):
                self._list(child, 0, child.get(_q("text:style-name")) or "", depth)
            elif child.tag == _q("table:table"):
                self._table(child, depth)
            elif child.tag in _INDEXES:
                for one in child.iter(_q("text:p")):
                    self.builder.skip(_text(one), "contents table")
            elif child.tag in {_q("text:section"), _q("text:index-body")}:
                self._flow(child, depth + 1)

    def _flush(self) -> None:
        """Notes stand at the end of the section that refers to them: inside it they would cut a list from its stem."""
        for words in self.waiting:
            self.builder.add(words, "paragraph")
        self.waiting = []

    def _list(self, element: Any, level: int, style: str, depth: int) -> None:  # noqa: ANN401
        goes_on = element.get(_q("text:continue-numbering")) == "true" or element.get(_q("text:continue-list"))
        if style not in self.counters or (level == 0 and not goes_on):
            self.counters[style] = Counter(_levels(self.lists.get(style)))
        for item in element:
            fresh = item.tag == _q("text:list-item")  # a list header has no number
            for child in item:
                if child.tag == _q("text:list") and depth < MAX_DEPTH:
                    inner = child.get(_q("text:style-name")) or style
                    self._list(child, level + 1, inner, depth + 1)
                elif child.tag in {_q("text:p"), _q("text:h")}:
                    start = item.get(_q("text:start-value"))
                    label = self.counters[style].label(level, int(start) if start else None) if fresh else None
                    self._paragraph(child, depth, label=label, level=level)
                    fresh = False

    def _paragraph(self, element: Any, depth: int, *, label: str | None = None, level: int = 0) -> None:  # noqa: ANN401
        """Add a paragraph; `label` is its number in a list ("" for a bullet, None outside lists)."""
        words = fold(_text(element))
        outline = element.get(_q("text:outline-level")) if element.tag == _q("text:h") else None
        if words:
            self._add(element, words, int(outline) if outline and outline.isdigit() else None, label, level)
        for note in element.iter(_q("text:note-body")):
            self.waiting.append(fold(" ".join(_text(one) for one in note)))
        for box in element.iter(_q("drawing:text-box")):
            if depth < MAX_DEPTH:
                self._flow(box, depth + 1)

    def _add(self, element: Any, words: str, outline: int | None, label: str | None, level: int) -> None:  # noqa: ANN401
        names = self._style_names(element)
        if label is None and outline is not None:
            label = self.outline.label(outline - 1) or None
        if "title" in names:
            self.builder.add(words, "heading", depth=1)
        elif outline is not None and not patterns.is_sentence(words):
            self._flush()
            self.builder.add(words, "heading", depth=outline, label=label or "")
        elif patterns.SIGNATURE.fullmatch(words):
            self.builder.skip(words, "signature slip")
        elif patterns.looks_like_heading(words) and label != "" and self._is_bold(element, names):
            self._flush()
            self.builder.add(words, "heading", depth=level + 1 if label else 0, label=label or "")
        elif label is not None:
            self.builder.add(words, "item", depth=level, marker="•", label=label)
        else:
            self.builder.add(words, "paragraph")

    def _style_names(self, element: Any) -> dict[str, Any]:  # noqa: ANN401
        """The paragraph's style and those it is based on, by name in small letters, innermost first."""
        found: dict[str, Any] = {}
        name = element.get(_q("text:style-name"))
        while name in self.styles and name.lower() not in found:
            found[name.lower()] = self.styles[name]
            name = self.styles[name].get(_q("style:parent-style-name"))
        return found

    def _is_bold(self, element: Any, names: dict[str, Any]) -> bool:  # noqa: ANN401
        if any(_weight(style) == "bold" for style in names.values()):
            return True
        bold = [child for child in element if _weight(self.styles.get(child.get(_q("text:style-name")))) == "bold"]
        return bool(bold) and fold("".join(map(_text, bold))) == fold(_text(element))

    def _table(self, table: Any, depth: int) -> None:  # noqa: ANN401
        heads = {row for group in table.iter(_q("table:table-header-rows")) for row in group}
        rows = [(row, _cells(row)) for row in _rows(table)]
        filled = [[cell for cell in cells if fold("".join(cell.itertext()))] for _, cells in rows]
        flat = sum(map(bool, filled)) == 1 or all(len(cells) <= 1 for cells in filled)
        cells = [cell for row in filled for cell in row]
        if depth < MAX_DEPTH and (
            any(cell.find(f".//{_q('text:h')}") is not None for cell in cells)
            or (flat and any(len(cell) > 1 and len("".join(cell.itertext()).split()) >= RUNNING for cell in cells))
        ):
            for cell in cells:
                self._flow(cell, depth + 1)
            return
        above: dict[int, Any] = {}
        for place, (row, own) in enumerate(rows):
            for column, cell in enumerate(own):  # a cell that is covered from above holds for this row too
                above[column] = above.get(column) if cell.tag == _q("table:covered-table-cell") else cell
            shown = [above[column] for column in range(len(own)) if above[column] is not None]
            words = [" ".join(_text(one) for one in cell.iter(_q("text:p"), _q("text:h"))) for cell in shown]
            paragraphs = [one for cell in shown for one in cell.iter(_q("text:p")) if fold(_text(one))]
            bold = bool(paragraphs) and all(self._is_bold(one, self._style_names(one)) for one in paragraphs)
            header = place == 0 and len(rows) > 1 and len(shown) > 1 and (row in heads or bold)
            self.builder.row(words, header=header)


def _rows(table: Any) -> Iterator[Any]:  # noqa: ANN401
    """A table's own rows."""
    for child in table:
        if child.tag == _q("table:table-row"):
            yield child
        elif re.search(r"\}table-(?:header-)?row(?:s|-group)$", str(child.tag)):
            yield from _rows(child)


def _cells(row: Any) -> list[Any]:  # noqa: ANN401
    return [child for child in row if child.tag in {_q("table:table-cell"), _q("table:covered-table-cell")}]


def _weight(style: Any) -> str | None:  # noqa: ANN401
    found = style.find(_q("style:text-properties")) if style is not None else None
    return found.get(_q("fo:font-weight")) if found is not None else None


def _levels(style: Any) -> tuple[Level, ...]:  # noqa: ANN401
    """The levels of a list style; those that it does not name have no number."""
    levels = [Level("none", "")] * 10
    for element in style if style is not None else ():
        depth = element.get(_q("text:level"))
        if depth is None or not depth.isdigit() or not 1 <= int(depth) <= 10:
            continue
        place = int(depth)
        kind = _FORMATS.get(element.get(_q("style:num-format")) or "", "decimal")
        if "bullet" in str(element.tag) or "image" in str(element.tag):
            kind = "bullet"
        shown = max(1, int(element.get(_q("text:display-levels")) or 1))
        plain = ".".join(f"%{one}" for one in range(max(1, place - shown + 1), place + 1))
        text = f"{element.get(_q('style:num-prefix')) or ''}{plain}{element.get(_q('style:num-suffix')) or ''}"
        listed = element.get(_q("loext:num-list-format"))
        text = re.sub(r"%(\d{1,2})%", r"%\1", listed) if listed else text
        levels[place - 1] = Level(kind, text, start=int(element.get(_q("text:start-value")) or 1))
    return tuple(levels)
