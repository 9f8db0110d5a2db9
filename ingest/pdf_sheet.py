"""Printed lines, one after the other → the text of a PDF and its blocks."""

import re
from dataclasses import dataclass, field, replace

from assistant.documents import Span
from ingest import patterns
from ingest.blocks import Block
from ingest.builder import numbered
from ingest.pdf_lines import Line

MAX_HEADING = 160
"""Characters: lines in a heading's print that go on longer are running text."""

_ROUND = re.compile(r"o \S")
"""Word's second mark of a list, an "o" of Courier; the white that sets it apart is one blank here."""
_AROUND = {"page furniture", "repeated table header"}


@dataclass(slots=True)
class Sheet:
    """The text so far, a line a part, and its blocks. `size` is that of the body's print, `pitch` the distance of its lines, both in points.

    `levels` are the sizes of larger print, the largest first. `waiting` holds footnotes until the end of their section.
    """

    size: float
    pitch: float
    levels: list[float]
    parts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    waiting: list[Line] = field(default_factory=list)
    length: int = 0
    before: Line | None = None
    header: tuple[str, ...] = ()

    def turn(self, page: int) -> None:
        """Note that lines of `page` follow."""
        while len(self.starts) < page:
            self.starts.append(self.length)

    def _write(self, text: str) -> Span:
        start = self.length
        self.parts.append(text)
        self.length += len(text) + 1
        return start, start + len(text)

    def skip(self, line: Line, reason: str) -> None:
        """Add a line that is neither clause nor heading."""
        spans = tuple(self._write(text) for text in (line.cells or (line.text,)))
        self.blocks.append(Block("skip", spans, spans[0][0], page=line.page, reason=reason))

    def flush(self) -> None:
        """Add the footnotes that wait, each a paragraph: at the foot of their page they would cut a sentence or a list in two."""
        waiting, self.waiting = self.waiting, []
        for line in waiting:
            span = self._write(line.text)
            if re.match(r"\d{1,2}(?!\d)|[*†‡]", line.text) is None and self.blocks[-1].kind == "paragraph":
                self.blocks[-1] = _grown(self.blocks[-1], span)
            else:
                self.blocks.append(Block("paragraph", (span,), span[0], page=line.page))

    def place(self, line: Line) -> None:
        """Add a line to the block it goes on with, or open a new block."""
        if line.cells:
            self._row(line)
        elif patterns.SIGNATURE.fullmatch(line.text):
            self.skip(line, "signature slip")
        elif patterns.is_contents_entry(line.text):
            self.skip(line, "contents table")
        else:
            self._text(line)
        self.before = line

    def _row(self, line: Line) -> None:
        last = self._last()
        opens = last is None or self.blocks[last].kind != "row"
        titled = not opens and not self.header and self.blocks[last or 0].depth == 1
        marker = ""
        if opens or titled:  # a row of one cell may title the table
            self.header = line.cells if line.bold and len(line.cells) > 1 else ()
            marker = "header" if self.header else ""
        elif line.cells == self.header:
            self.skip(line, "repeated table header")
            return
        spans = tuple(self._write(cell) for cell in line.cells)
        self.blocks.append(
            Block("row", spans, spans[0][0], depth=len(spans), marker=marker, page=line.page, columns=line.columns)
        )

    def _last(self) -> int | None:
        """Place of the block that the next line may go on with."""
        places = range(len(self.blocks) - 1, -1, -1)
        return next((place for place in places if self.blocks[place].reason not in _AROUND), None)

    def _text(self, line: Line) -> None:
        last, before = self._last(), self.before
        open_block = self.blocks[last] if last is not None else None
        kind, offset, number, marker = numbered(line.text, "paragraph", "")
        if (
            kind == "item"
            and open_block is not None
            and before is not None
            and _runs_on(open_block, before, line, offset)
        ):
            kind, offset, number, marker = "paragraph", 0, None, ""
        if kind == "paragraph" and (line.bullet or _ROUND.match(line.text)):
            kind, offset, marker = "item", 0 if line.bullet else 2, "•" if line.bullet else "o"
        heading = not line.bullet and _is_heading(line, kind, number, self.size)
        if heading:
            self.flush()
            last, open_block = (last, open_block) if self._last() == last else (None, None)
        span = self._write(line.text)
        if last is not None and open_block is not None and before is not None:
            goes_on = (
                _is_second_line(open_block, line, before)
                if heading
                else kind == "paragraph" and _goes_on(open_block, line, before, self.pitch)
            )
            if goes_on or _is_prose(open_block, line, before, heading=heading):
                grown = _grown(open_block, span)
                prose = grown.kind == "heading" and (not heading or span[1] - grown.body > MAX_HEADING)
                self.blocks[last] = replace(grown, kind="paragraph", depth=0) if prose else grown
                return
        if heading:
            _, offset, number, _ = numbered(line.text, "heading", "")
            depth = self.levels.index(line.size) + 1 if line.size in self.levels else 0
            depth = depth if number is None else number.count(".") + 1
            self.blocks.append(Block("heading", (span,), span[0] + offset, depth=depth, number=number, page=line.page))
            return
        depth = round(line.left / 12) if kind == "item" else 0
        self.blocks.append(
            Block(kind, (span,), span[0] + offset, depth=depth, marker=marker, number=number, page=line.page)
        )


def _is_second_line(block: Block, line: Line, before: Line) -> bool:
    """Whether a heading is the next line of the one above it."""
    return (
        block.kind == "heading"
        and numbered(line.text, "heading", "")[2] is None
        and before.size == line.size
        and before.bold == line.bold
        and before.page == line.page
        and 0 < line.top - before.top < 1.4 * max(line.size * 1.2, 10)
        and len(before.text) > 45
    )


def _is_prose(block: Block, line: Line, before: Line, *, heading: bool) -> bool:
    """Whether lines in the print of a heading are running text: the next one, close below in the same print, goes on with a small letter."""
    return (
        block.kind in {"heading", "paragraph"}
        and (block.kind == "heading" or heading)
        and before.size == line.size
        and before.bold == line.bold
        and before.page == line.page
        and 0 < line.top - before.top < 1.4 * line.size
        and patterns.TERMINAL.search(before.text) is None
        and (line.text[:1].islower() or (block.kind == "paragraph" and len(before.text) > 60))
    )


def _runs_on(block: Block, before: Line, line: Line, offset: int) -> bool:
    """Whether the number that starts a line belongs to the sentence that the line before breaks off."""
    if block.kind not in {"paragraph", "item"} or (match := re.match(r"\d[\d.]*\d|\d", line.text)) is None:
        return False
    previous = block.number or (re.match(r"\d+", block.marker) or [None])[0]
    return patterns.number_runs_on(before.text, line.text[offset:], match.group(), previous)


def _grown(block: Block, span: Span) -> Block:
    """The block with one more line: one span where the lines are neighbours, two where furniture stands between."""
    start, end = block.spans[-1]
    spans = (*block.spans[:-1], (start, span[1])) if span[0] == end + 1 else (*block.spans, span)
    return replace(block, spans=spans)


def _is_heading(line: Line, kind: str, number: str | None, size: float) -> bool:
    bare = line.text[numbered(line.text, "heading", "")[1] :]
    if kind == "item" and not number and not patterns.PLAIN.match(line.text):
        return False
    if len(bare) > 110 or not bare or re.search(r"[.;,]$", bare):
        return False
    if line.size >= size + 1.0:
        return True
    return (line.bold or bare.isupper()) and patterns.looks_like_heading(bare)


def _leaves_list(line: Line, before: Line, depth: int) -> bool:
    """Whether a line to the left of its list's marks, with a capital, opens what follows the list; a short line above has ended."""
    return line.left < 12 * (depth - 0.5) - 6 and line.text[:1].isupper() and before.right < 0.8 * before.width


def _goes_on(block: Block, line: Line, before: Line, pitch: float) -> bool:
    """Whether a line is the next line of the paragraph or list item above it."""
    if block.kind not in {"paragraph", "item"} or (line.bold != before.bold and patterns.looks_like_heading(line.text)):
        return False
    if block.kind == "item" and _leaves_list(line, before, block.depth):
        return False
    if line.page != before.page or line.top < before.top:  # the next page, or the next column
        return patterns.TERMINAL.search(before.text) is None and not patterns.is_dated(before.text)
    gap = line.top - before.top
    return abs(line.size - before.size) < 0.6 and gap <= 1.35 * pitch
