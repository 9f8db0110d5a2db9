"""PDF → text and blocks: lines by position, paragraphs by spacing, headings by size and weight, running heads by recurrence."""

import io
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pdfplumber

from assistant.documents import fold
from assistant.errors import UnreadableFileError
from ingest import ocr, patterns
from ingest.blocks import Extracted
from ingest.pdf_lines import MARGIN, Line, joined, lines_of, words_of
from ingest.pdf_sheet import Sheet

_NOTE = re.compile(r"(?:\d{1,3}|[*†‡])(?![\d.,)])\s?\S")

ENTRIES = 5
"""Lines in a row that end in the number of a page and so make a contents table."""

MAX_PAGES = 1500
"""A PDF of more pages is refused: a handbook of a school has some hundred."""

OCR_SECONDS = 120
"""Time after which no further page of one file is recognised: each takes some seconds."""


def read_pdf(data: bytes) -> Extracted:
    """Text and blocks of a PDF; pages without a text layer are recognised by Tesseract where it is installed."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                raise UnreadableFileError(
                    f"The PDF has {len(pdf.pages):,} pages, more than the {MAX_PAGES:,} allowed. Split it."
                )
            pages, scanned = _pages(pdf)
            title = fold(str((pdf.metadata or {}).get("Title") or "")) or None
    except UnreadableFileError:
        raise
    except Exception as error:  # a damaged file makes pdfminer raise whatever it stumbles over
        if "Password" in repr(error):
            raise UnreadableFileError("The PDF is encrypted. Save it without a password.") from error
        raise UnreadableFileError("The file is no readable PDF. Open it and print it to PDF again.") from error
    bare = [number for number, lines in enumerate(pages, 1) if not lines]
    if len(bare) == len(pages):
        raise UnreadableFileError(
            "The PDF has no text layer: its pages are pictures. Run text recognition (OCR) over it, or ask for the Word file."
        )
    title = (
        title
        if title and len(title.split()) > 1 and not re.search(r"\.(?:docx?|pdf)$|^microsoft word", title, re.IGNORECASE)
        else None
    )
    return replace(_assembled(pages, title, tuple(_warnings(bare, scanned))), ocr_pages=tuple(scanned))


def _pages(pdf: "pdfplumber.PDF") -> tuple[list[list[Line]], list[int]]:
    """Lines by page, and which pages were recognised from pictures."""
    pages: list[list[Line]] = []
    scanned: list[int] = []
    spent = 0.0
    for number, page in enumerate(pdf.pages, 1):
        words = words_of(page)
        if not words and page.images and spent < OCR_SECONDS and ocr.is_installed():
            began = time.monotonic()
            words = ocr.recognised(page)
            spent += time.monotonic() - began
            scanned += [number] if words else []
        pages.append(lines_of(page, number, words))
        page.close()  # pdfplumber would keep each page's objects until the end
    return pages, scanned


def _warnings(bare: list[int], scanned: list[int]) -> Iterator[str]:
    if scanned:
        yield f"OCR: scanned pages, read by text recognition: {', '.join(map(str, scanned))}. Check what is quoted from them against the page."
    if bare:
        yield f"Pages without text (scanned?): {', '.join(map(str, bare))}."


def _assembled(pages: list[list[Line]], title: str | None, warnings: tuple[str, ...]) -> Extracted:
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
    sheet = Sheet(
        size=size,
        pitch=statistics.median(gaps) if gaps else size * 1.2,
        levels=sorted({line.size for line in kept if line.size > size + 0.5}, reverse=True),
    )
    vocabulary = Counter(re.findall(r"\w[\w'’]*(?:-\w[\w'’]*)*", " ".join(line.text for line in kept).lower()))
    listed = _listed(kept)
    notes = _notes(kept, size, sheet.pitch)
    whole = zip(joined(kept, vocabulary), kept, strict=True)
    for line in lines:
        sheet.turn(line.page)
        if line in running:
            sheet.skip(line, "page furniture")
            continue
        mended, printed = next(whole)
        if printed in listed:
            sheet.skip(mended, "contents table")
        elif printed in notes:
            sheet.waiting.append(mended)
        elif mended.text:
            sheet.place(mended)
    sheet.flush()
    return Extracted(
        "\n".join(sheet.parts), tuple(sheet.blocks), title=title, pages=tuple(sheet.starts), warnings=warnings
    )


def _notes(lines: list[Line], size: float, pitch: float) -> set[Line]:
    """The footnotes: lines at the foot of a page, from the first that starts with a mark on, in smaller print or set apart and called above."""
    notes: set[Line] = set()
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    for page in pages.values():
        small: list[Line] = []
        for line in reversed(page):
            if line.size > size - 0.8 or line.top < line.height / 2 or line.cells:
                break
            small.insert(0, line)
        first = next((at for at, line in enumerate(small) if _NOTE.match(line.text)), len(small))
        notes.update(small[first:] if len(small) < len(page) else [])
        notes.update(_set_apart(page, pitch))
    return notes


def _listed(lines: list[Line]) -> set[Line]:
    """The entries of a contents table without rules or leader dots: lines in a row that end in the numbers of pages, never a lower one."""
    last_page = max((line.page for line in lines), default=0)
    found: set[Line] = set()
    run: list[tuple[int, Line]] = []
    for line in lines:
        match = re.search(r"[A-Za-z)’'\"”] (\d{1,3})$", line.text)
        page = int(match.group(1)) if match and not line.cells and len(line.text) < 100 else 0
        if not (run[-1][0] if run else 1) <= page <= last_page:
            run = []
        if 1 <= page <= last_page:
            run.append((page, line))
        if len(run) >= ENTRIES and run[-1][0] > run[0][0]:
            found |= {entry for _, entry in run}
    return found


def _set_apart(page: list[Line], pitch: float) -> list[Line]:
    """The last lines of a page that stand apart and start with a number that a line above carries after a word ("volunteers 3 and")."""
    for at in range(1, len(page)):
        before, line = page[at - 1], page[at]
        mark = re.match(r"(\d{1,2}) ?(?=[A-Z“‘\"'h])", line.text)
        if mark is None or line.top < line.height / 2 or line.top - before.top < 1.4 * pitch or line.cells:
            continue
        called = re.compile(rf"[A-Za-z”’\"')] ?{mark.group(1)}(?![\d.:/%)-])(?=\W|$)")
        if not any(line.cells for line in page[at:]) and any(called.search(above.text) for above in page[:at]):
            return page[at:]
    return []


def _running(pages: list[list[Line]]) -> set[Line]:
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
