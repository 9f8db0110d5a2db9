"""A PDF's page → printed lines in reading order: words by their places, columns one after the other, a table row by row."""

import re
import statistics
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from assistant.dates import DATE
from assistant.documents import fold
from ingest.pdf_columns import Word, ordered, rows_of

MARGIN = 0.12
"""Share of a page's height, at its top and at its foot, where running heads and feet stand."""

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_LIGATURE = re.compile("[ﬀ-ﬆ]")
_HEAVY = re.compile(r"bold|black|heavy|semib", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: words, page (from 1), position and size in points, weight. A table row has its cells, `text` joins them."""

    text: str
    page: int
    top: float
    bottom: float
    left: float
    right: float
    width: float
    """Of the page."""
    size: float
    bold: bool
    height: float
    cells: tuple[str, ...] = ()
    columns: tuple[int, ...] = ()
    """Which columns of the table the cells stand in, from 0."""
    bullet: bool = False
    """Whether a drawn mark, no letter, stands before the line: browsers print the marks of lists so."""

    @property
    def shape(self) -> str:
        """The words with their numbers taken out: a running head differs only in them."""
        return re.sub(r"\d+", "#", DATE.sub("D", self.text)).strip()


def words_of(page: Any) -> list[Word]:  # noqa: ANN401 - pdfplumber has no types
    """A page's words. Letters that another font had to supply go back to their word ("a" in "Ball" of a subset font)."""
    found: list[Word] = []
    for char in page.chars:
        # pdfminer's own mark fails where a rotation leaves 1e-17 instead of 0; the size that it gives a turned letter is the letter's width.
        char["upright"] = abs(char["matrix"][1]) <= abs(char["matrix"][0])
        char["size"] = char["size"] if char["upright"] else round(char["x1"] - char["x0"], 1)
    for word in page.extract_words(
        extra_attrs=["fontname", "size", "upright"],
        x_tolerance=2,
        y_tolerance=3,
        keep_blank_chars=False,
        line_dir_rotated="ltr",  # turned heads of columns are read from their foot up
        char_dir_rotated="btt",
    ):
        last = found[-1] if found else None
        if (
            last is not None
            and word["fontname"] != last["fontname"]
            and abs(word["top"] - last["top"]) < 2
            and abs(word["size"] - last["size"]) < 0.5
            and -0.5 < word["x0"] - last["x1"] < 0.08 * word["size"]
        ):
            last.update(text=last["text"] + word["text"], x1=word["x1"], fontname=word["fontname"])
        else:
            found.append(dict(word))
    return found


def lines_of(page: Any, number: int, words: list[Word]) -> list[Line]:  # noqa: ANN401
    """The lines of a page in reading order."""
    rows, words = _tables(page, number, words) if len(page.edges) >= 6 else ([], words)
    lines = []
    marks = [one for one in (*page.curves, *page.rects) if _is_mark(one)]
    tables = [(min(line.left for line in table), table[0].top, max(line.right for line in table)) for table in rows]
    for row, shift in ordered(words, tables):
        line = _line(row, page, number)
        if line is not None:
            lines.append(replace(line, left=line.left - shift, bullet=any(_stands_before(one, line) for one in marks)))
    for table in rows:
        # A page's number may come first in the file, though it stands at the foot.
        below = (n for n, line in enumerate(lines) if table[0].top < line.top < (1 - MARGIN) * line.height)
        at = next(below, len(lines))
        lines[at:at] = table
    return lines


def _is_mark(drawn: Any) -> bool:  # noqa: ANN401
    """Whether something drawn is as small, and as high as wide, as a list's mark."""
    width, height = drawn["x1"] - drawn["x0"], drawn["bottom"] - drawn["top"]
    return bool(1.5 <= width <= 7 and 1.5 <= height <= 7 and abs(width - height) < 1)


def _stands_before(mark: Any, line: Line) -> bool:  # noqa: ANN401
    """Whether a mark stands at the height of a line, a little to its left."""
    return bool(line.top <= (mark["top"] + mark["bottom"]) / 2 <= line.bottom and 0 < line.left - mark["x1"] < 24)


def _line(row: list[Word], page: Any, number: int) -> Line | None:  # noqa: ANN401
    text = fold(_LIGATURE.sub(lambda match: _LIGATURES[match.group()], " ".join(str(word["text"]) for word in row)))
    if not text:
        return None
    weights = [len(str(word["text"])) for word in row if _HEAVY.search(str(word["fontname"]))]
    return Line(
        text,
        number,
        float(min(word["top"] for word in row)),
        float(max(word["bottom"] for word in row)),
        float(row[0]["x0"]),
        float(max(word["x1"] for word in row)),
        float(page.width),
        round(statistics.median(float(word["size"]) for word in row), 1),
        sum(weights) >= 0.8 * sum(len(str(word["text"])) for word in row),
        float(page.height),
    )


# Tables


def _tables(page: Any, number: int, words: list[Word]) -> tuple[list[list[Line]], list[Word]]:  # noqa: ANN401
    """The ruled tables of a page, a line a row, and the words outside them."""
    tables = []
    # The grey behind a cell's words is no rule between rows; rules that are drawn as boxes are thin.
    ruled = page.filter(
        lambda one: not (one["object_type"] == "rect" and not one["stroke"] and one["width"] > 3 and one["height"] > 3)
    )
    tables_found = ruled.find_tables() or page.find_tables()
    for table in tables_found:
        inside = [word for word in words if _within(word, table.bbox)]
        rows = [[[word for word in inside if cell and _within(word, cell)] for cell in row.cells] for row in table.rows]
        filled = [sum(map(bool, row)) for row in rows]
        if sum(count >= 2 for count in filled) < 2 and max(filled, default=0) < 3:
            continue  # a frame round the text
        held = {id(word) for row in rows for cell in row for word in cell}
        lines = [line for row in rows if (line := _row(row, page, number)) is not None]
        words = [word for word in words if id(word) not in held]
        tables.append(lines)
    return tables, words


def _within(word: Word, box: tuple[float, float, float, float]) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _row(row: list[list[Word]], page: Any, number: int) -> Line | None:  # noqa: ANN401
    cells = []
    for cell in row:
        lines = [line for words in rows_of(cell) if (line := _line(words, page, number)) is not None]
        cells.append(" ".join(line.text for line in joined(lines, Counter()) if line.text))
    whole = _line([word for cell in row for word in cell], page, number)
    if whole is None:
        return None
    filled = tuple(cell for cell in cells if cell)
    columns = tuple(place for place, cell in enumerate(cells) if cell)
    # Turned words head their columns.
    turned = sum(any(not word["upright"] for word in cell) for cell in row) >= 2
    return replace(whole, text="\n".join(filled), cells=filled, columns=columns, bold=whole.bold or turned)


# Words that a line's end cut in two

_CUT = re.compile(r"(\w[\w'’]*)([-\u2010\u00ad])$")
_REST = re.compile(r"([a-z][\w'’]*)\S*")


def joined(lines: list[Line], vocabulary: Counter[str]) -> list[Line]:
    """Lines whose cut words are whole again: the rest of such a word moves up to where it begins, which may leave a line empty.

    A hyphen stays where the word is written with one elsewhere ("well-being"); a soft one always goes. `vocabulary` counts the
    document's words in small letters; what it does not know follows the document's habit.
    """
    cut = [_cut(line, after) for line, after in pairwise(lines)]
    known = [(first + rest, f"{first}-{rest}") for pair in cut if pair for first, rest in [pair]]
    breaks = sum(vocabulary[bare] > 0 for bare, _ in known) > sum(vocabulary[hyphened] > 0 for _, hyphened in known)
    result: list[Line] = []
    for at, line in enumerate(lines):
        text = line.text
        if at and cut[at - 1] is not None:
            text = text[_REST.match(text).end() :].strip()  # type: ignore[union-attr]
        pair = cut[at] if at < len(cut) else None
        if pair is not None:
            first, rest = pair
            keeps = vocabulary[f"{first}-{rest}"] > 0 or not (vocabulary[first + rest] > 0 or breaks)
            soft = line.text.endswith("\u00ad")
            moved = _REST.match(lines[at + 1].text).group()  # type: ignore[union-attr]
            text = f"{text if keeps and not soft else text[:-1]}{moved}"
        result.append(replace(line, text=text))
    return result


def _cut(line: Line, after: Line) -> tuple[str, str] | None:
    """The two parts, in small letters, of a word that the end of `line` cuts."""
    first, rest = _CUT.search(line.text), _REST.match(after.text)
    if first is None or rest is None or line.cells or after.cells:
        return None
    return first.group(1).lower(), rest.group(1).lower()
