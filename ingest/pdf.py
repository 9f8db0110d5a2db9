"""PDF → text and blocks: lines by position, paragraphs by spacing, headings by size and weight, running heads by recurrence."""

import io
import re
import statistics
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pdfplumber

from assistant.dates import DATE
from assistant.documents import Span, fold
from assistant.errors import UnreadableFileError
from ingest import patterns
from ingest.blocks import Block, Extracted
from ingest.builder import numbered

MARGIN = 0.12
"""Share of a page's height, at its top and at its foot, where running heads and feet stand."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed line: words, page (from 1), position and size in points, weight."""

    text: str
    page: int
    top: float
    bottom: float
    left: float
    size: float
    bold: bool
    height: float

    @property
    def shape(self) -> str:
        """The words with their numbers taken out: a running head differs only in them."""
        return re.sub(r"\d+", "#", DATE.sub("D", self.text)).strip()


def read_pdf(data: bytes) -> Extracted:
    """Text and blocks of a PDF that has a text layer."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            pages = [_lines(page, number) for number, page in enumerate(pdf.pages, 1)]
            title = fold(str((pdf.metadata or {}).get("Title") or "")) or None
    except Exception as error:  # a damaged file makes pdfminer raise whatever it stumbles over
        if "Password" in repr(error):
            raise UnreadableFileError("The PDF is encrypted. Save it without a password.") from error
        raise UnreadableFileError("The file is no readable PDF. Open it and print it to PDF again.") from error
    bare = [number for number, lines in enumerate(pages, 1) if not lines]
    if len(bare) == len(pages):
        raise UnreadableFileError(
            "The PDF has no text layer: its pages are pictures. Run text recognition (OCR) over it, or ask for the Word file."
        )
    warnings = (f"Pages without text (scanned?): {', '.join(map(str, bare))}.",) if bare else ()
    title = (
        title
        if title and len(title.split()) > 1 and not re.search(r"\.(?:docx?|pdf)$|^microsoft word", title, re.IGNORECASE)
        else None
    )
    return _assembled(pages, title, warnings)


def _lines(page: "pdfplumber.page.Page", number: int) -> list[_Line]:
    words = page.extract_words(extra_attrs=["fontname", "size"], x_tolerance=2, y_tolerance=3, keep_blank_chars=False)
    rows: list[list[dict[str, Any]]] = []
    for word in words:
        middle = (word["top"] + word["bottom"]) / 2
        if rows and rows[-1][-1]["top"] <= middle <= rows[-1][-1]["bottom"] and word["x0"] >= rows[-1][-1]["x0"]:
            rows[-1].append(word)
        else:
            rows.append([word])
    lines = []
    for row in rows:
        text = " ".join(str(word["text"]) for word in row)
        weights = [
            len(str(word["text"]))
            for word in row
            if re.search(r"bold|black|heavy|semib", str(word["fontname"]), re.IGNORECASE)
        ]
        lines.append(
            _Line(
                fold(text),
                number,
                float(min(word["top"] for word in row)),
                float(max(word["bottom"] for word in row)),
                float(row[0]["x0"]),
                round(statistics.median(float(word["size"]) for word in row), 1),
                sum(weights) >= 0.8 * sum(len(str(word["text"])) for word in row),
                float(page.height),
            )
        )
    return [line for line in lines if line.text]


def _assembled(pages: list[list[_Line]], title: str | None, warnings: tuple[str, ...]) -> Extracted:
    running = _running(pages)
    lines = [line for page in pages for line in page]
    kept = [line for line in lines if line not in running]
    body = Counter(line.size for line in kept for _ in range(len(line.text))).most_common(1)
    size = body[0][0] if body else 11.0
    gaps = [
        after.top - before.top
        for before, after in pairwise(kept)
        if before.page == after.page and 0 < after.top - before.top < 60 and before.size == after.size == size
    ]
    pitch = statistics.median(gaps) if gaps else size * 1.2
    text_parts: list[str] = []
    at, starts = 0, [0]
    blocks: list[Block] = []
    before: _Line | None = None
    levels = sorted({line.size for line in kept if line.size > size + 0.5}, reverse=True)
    for line in lines:
        while len(starts) < line.page:
            starts.append(at)
        span = (at, at + len(line.text))
        text_parts.append(line.text)
        at += len(line.text) + 1
        if line in running:
            blocks.append(Block("skip", (span,), span[0], page=line.page, reason="page furniture"))
            continue
        _place(blocks, line, span, before, size=size, pitch=pitch, levels=levels)
        before = line
    return Extracted("\n".join(text_parts), tuple(blocks), title=title, pages=tuple(starts), warnings=warnings)


def _running(pages: list[list[_Line]]) -> set[_Line]:
    """Lines in the margins that recur on other pages, and page numbers there."""
    edge = [
        line
        for page in pages
        for line in page
        if line.top < MARGIN * line.height or line.bottom > (1 - MARGIN) * line.height
    ]
    on_pages: dict[str, set[int]] = {}
    for line in edge:
        on_pages.setdefault(line.shape, set()).add(line.page)
    least = 2 if len(pages) <= 4 else 3
    return {
        line
        for line in edge
        if (len(on_pages[line.shape]) >= least and not patterns.BULLET.match(line.text))
        or patterns.PAGE_NUMBER.fullmatch(line.text)
        or patterns.is_page_number(line.text)
        or (
            patterns.is_control(line.text)
            and any(line.shape in shape for shape, where in on_pages.items() if len(where) >= least)
        )
    }


def _place(
    blocks: list[Block],
    line: _Line,
    span: Span,
    before: _Line | None,
    *,
    size: float,
    pitch: float,
    levels: list[float],
) -> None:
    """Add a line to the block it goes on with, or open a new block."""
    last = next((place for place in range(len(blocks) - 1, -1, -1) if blocks[place].reason != "page furniture"), None)
    kind, offset, number, marker = numbered(line.text, "paragraph", "")
    if kind == "item" and last is not None and before is not None and _runs_on(blocks[last], before, line, offset):
        kind, offset, number, marker = "paragraph", 0, None, ""
    contents = patterns.is_contents_entry(line.text)
    heading = not contents and _is_heading(line, kind, number, size)
    if patterns.SIGNATURE.fullmatch(line.text):
        blocks.append(Block("skip", (span,), span[0], page=line.page, reason="signature slip"))
        return
    if contents:
        blocks.append(Block("skip", (span,), span[0], page=line.page, reason="contents table"))
        return
    if (
        last is not None
        and before is not None
        and not heading
        and kind == "paragraph"
        and _goes_on(blocks[last], line, before, pitch)
    ):
        opened = blocks.pop(last)
        blocks.insert(last, _grown(opened, span))
        return
    if heading:
        _, offset, number, marker = numbered(line.text, "heading", "")
        if (
            last is not None
            and before is not None
            and blocks[last].kind == "heading"
            and number is None
            and before.size == line.size
            and before.bold == line.bold
            and before.page == line.page
            and 0 < line.top - before.top < 1.4 * max(line.size * 1.2, 10)
            and len(before.text) > 45
        ):
            blocks[last] = _grown(blocks[last], span)
            return
        depth = levels.index(line.size) + 1 if line.size in levels else (0 if number is None else number.count(".") + 1)
        blocks.append(
            Block(
                "heading",
                (span,),
                span[0] + offset,
                depth=depth if number is None else number.count(".") + 1,
                number=number,
                page=line.page,
            )
        )
        return
    depth = round(line.left / 12) if kind == "item" else 0
    blocks.append(Block(kind, (span,), span[0] + offset, depth=depth, marker=marker, number=number, page=line.page))


def _runs_on(block: Block, before: _Line, line: _Line, offset: int) -> bool:
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


def _is_heading(line: _Line, kind: str, number: str | None, size: float) -> bool:
    bare = line.text[numbered(line.text, "heading", "")[1] :]
    if kind == "item" and not number and not patterns.PLAIN.match(line.text):
        return False
    if len(bare) > 110 or not bare or re.search(r"[.;,]$", bare):
        return False
    if line.size >= size + 1.0:
        return True
    return (line.bold or bare.isupper()) and patterns.looks_like_heading(bare)


def _goes_on(block: Block, line: _Line, before: _Line, pitch: float) -> bool:
    """Whether a line is the next line of the paragraph or list item above it."""
    if block.kind not in {"paragraph", "item"} or (line.bold != before.bold and patterns.looks_like_heading(line.text)):
        return False
    if line.page != before.page:
        return patterns.TERMINAL.search(before.text) is None
    gap = line.top - before.top
    return abs(line.size - before.size) < 0.6 and gap <= 1.35 * pitch
