"""A page's words in reading order: bands of columns between lines that run over them are found by the white that holds over several lines."""

import statistics
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ingest import patterns

GUTTER = 10.0
"""Points: least white between two columns."""
WIDE = 18.0
"""Points: white that a word's space never has; narrower white must hold over more lines."""
FEW, MANY = 3, 5
"""Lines that stand beside each other, at least, in the first columns of a page, with wide and with narrow white between them."""
WRAPPED = 0.3
"""Share of a column's lines, at least, that go on with the line above them."""
EDGES = 40
"""Most places on a page that are tried as the left edge of a column, those first at which most lines start."""
MAX_WORDS, MAX_BANDS = 3_000, 20
"""A page of more words, and the rest of one after so many columns, is read line by line: no print has so many."""

Word = dict[str, Any]
"""text, x0, x1, top, bottom, size (points) and fontname, as pdfplumber gives them."""
Table = tuple[float, float, float]
"""Left edge, top and right edge, in points."""


@dataclass(frozen=True, slots=True)
class _Side:
    """A column's lines from top to bottom, each its words from left to right."""

    lines: list[list[Word]]
    left: float
    right: float
    pitch: float
    """Distance of its lines, in points."""

    def is_close(self, at: int) -> bool:
        """Whether line `at` stands right below the one before it."""
        return _top(self.lines[at]) - _top(self.lines[at - 1]) <= 1.3 * self.pitch

    def fits(self, at: int) -> bool:
        """Whether the first word of line `at` had found room in the line before it: the line was ended on purpose."""
        word, before = self.lines[at][0], self.lines[at - 1][-1]
        return bool(before["x1"] + 0.25 * word["size"] + word["x1"] - word["x0"] < self.right)

    def wraps(self, at: int) -> bool:
        """Whether line `at` goes on with the sentence, or at least with the full line, before it."""
        return (
            self.is_close(at) and not self.fits(at) and (_goes_on(self.lines[at]) or _ends_sentence(self.lines[at - 1]))
        )

    def opens(self, at: int) -> bool:
        """Whether a paragraph or a table's cell begins with line `at`."""
        return not self.is_close(at) or (self.fits(at) and not _goes_on(self.lines[at]))

    def runs(self, least: int) -> bool:
        """Whether a column holds running text: lines of some words that its width breaks. Labels, numbers and names do not."""
        wraps = sum(self.wraps(at) for at in range(1, len(self.lines)))
        words = statistics.median(len(line) for line in self.lines)
        return wraps >= max(least, WRAPPED * (len(self.lines) - 1)) and words >= 3


@dataclass(frozen=True, slots=True)
class _Band:
    """Two columns: their words, and the height at which the first of them starts."""

    left: list[Word]
    right: list[Word]
    top: float
    beside: int
    """Lines of the one that stand beside lines of the other, of the column that has fewer of them."""
    white: float
    """Points between them."""


def ordered(words: list[Word], tables: Sequence[Table] = ()) -> list[tuple[list[Word], float]]:
    """Rows of words in reading order, each with how far its column stands to the right of the first one.

    Words come as the file has them. `tables` are the places of what is no longer among the words: columns end above one that crosses both.
    """
    return _ordered(words, tables, [])


def _ordered(words: list[Word], tables: Sequence[Table], edges: list[float]) -> list[tuple[list[Word], float]]:
    """`edges` grows by the left edges of the columns that are found: further ones of the page need less to be believed."""
    band = _band(words, tables, edges) if len(words) <= MAX_WORDS and len(edges) < MAX_BANDS else None
    if band is None:
        return [(row, 0.0) for row in rows_of(words)]
    inside = {id(word) for word in (*band.left, *band.right)}
    rest = [word for word in words if id(word) not in inside]
    edge = min(word["x0"] for word in band.right)
    edges.append(edge)
    shift = edge - min(word["x0"] for word in band.left)
    left = _ordered(band.left, tables, edges)
    right = [(row, shift + more) for row, more in _ordered(band.right, tables, edges)]
    above = _ordered([word for word in rest if word["top"] < band.top], tables, edges)
    below = _ordered([word for word in rest if word["top"] >= band.top], tables, edges)
    # Text that flows round a box goes on below it; the box waits for the end of the paragraph.
    end = _paragraph_end([row for row, _ in left], [row for row, _ in right], [row for row, _ in below])
    return [*above, *left, *below[:end], *right, *below[end:]]


def rows_of(words: Iterable[Word]) -> list[list[Word]]:
    """Words that stand beside each other, in the order given."""
    rows: list[list[Word]] = []
    for word in words:
        middle = (word["top"] + word["bottom"]) / 2
        if rows and rows[-1][-1]["top"] <= middle <= rows[-1][-1]["bottom"] and word["x0"] >= rows[-1][-1]["x0"]:
            rows[-1].append(word)
        else:
            rows.append([word])
    return rows


def _clusters(words: Iterable[Word]) -> list[list[Word]]:
    """Words by the height at which they stand, top to bottom, left to right in each."""
    clusters: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word["top"], word["x0"])):
        if clusters and (word["top"] + word["bottom"]) / 2 <= clusters[-1][0]["bottom"]:
            clusters[-1].append(word)
        else:
            clusters.append([word])
    return [sorted(cluster, key=lambda word: word["x0"]) for cluster in clusters]


def _top(line: list[Word]) -> float:
    return float(min(word["top"] for word in line))


def _bottom(line: list[Word]) -> float:
    return float(max(word["bottom"] for word in line))


def _ends_sentence(line: list[Word]) -> bool:
    return patterns.TERMINAL.search(line[-1]["text"]) is not None


def _goes_on(line: list[Word]) -> bool:
    """Whether a line begins in the middle of a sentence."""
    return bool(line[0]["text"][0].islower())


# Bands


def _band(words: list[Word], tables: Sequence[Table], known: Sequence[float]) -> _Band | None:
    """The columns that stand side by side over most lines, if any do."""
    lines = _clusters(words)
    bands = (
        _columns(run, edge, known=any(abs(edge - one) <= 2 for one in known))
        for edge in dict.fromkeys([*known, *_edges(lines)])
        for run in _uncrossed(lines, edge, tables)
    )
    return max((band for band in bands if band is not None), key=lambda band: (band.beside, band.white), default=None)


def _edges(lines: list[list[Word]]) -> list[float]:
    """Where words of some lines start behind white, from left to right: left edges of what may be a column."""
    starts = sorted(
        word["x0"]
        for line in lines
        for before, word in zip([None, *line], line, strict=False)
        if before is None or word["x0"] - before["x1"] >= GUTTER
    )
    groups: list[list[float]] = []
    for start in starts:
        if groups and start - groups[-1][0] <= 2:
            groups[-1].append(start)
        else:
            groups.append([start])
    often = sorted((group for group in groups[1:] if len(group) > 1), key=len, reverse=True)[:EDGES]
    return sorted(group[0] for group in often)


def _crosses(x0: float, x1: float, edge: float) -> bool:
    """Whether something stands in the white before a column's left edge."""
    return x0 < edge - 0.5 and x1 > edge - GUTTER


def _uncrossed(lines: list[list[Word]], edge: float, tables: Sequence[Table]) -> Iterator[list[list[Word]]]:
    """Runs of lines, one after the other, that leave the white before `edge` free."""
    ends = [top for x0, top, x1 in tables if _crosses(x0, x1, edge)]
    run: list[list[Word]] = []
    for line in lines:
        crossed = any(_crosses(word["x0"], word["x1"], edge) for word in line)
        if run and (crossed or any(_top(run[-1]) < end <= _top(line) for end in ends)):
            yield run
            run = []
        if not crossed:
            run.append(line)
    if run:
        yield run


def _columns(run: list[list[Word]], edge: float, *, known: bool) -> _Band | None:
    """The columns left and right of the white before `edge`, if both hold running text that stands side by side.

    Where the page is `known` to have columns there, two lines beside one do.
    """
    words = [word for line in run for word in line]
    left, right = (_clusters(word for word in words if (word["x0"] >= edge - 0.5) == after) for after in (False, True))
    if len(left) < (2 if known else FEW) or len(right) < (1 if known else FEW):
        return None
    top, bottom = max(_top(left[0]), _top(right[0])), min(_bottom(left[-1]), _bottom(right[-1]))
    one, other = _within(_side(left), top, bottom), _within(_side(right), top, bottom)
    if not one.lines or not other.lines or _are_rows(one, other) or (known and abs(other.left - edge) > 2):
        return None
    white = other.left - one.right
    beside = min(_beside(one, other), _beside(other, one))
    least = 1 if known else FEW if white >= WIDE else MANY
    if beside < least or not (one.runs(1) if known else one.runs(2) and other.runs(2)):
        return None
    spaces = [after["x0"] - before["x1"] for line in (*one.lines, *other.lines) for before, after in pairwise(line)]
    if white < 2 * statistics.median(spaces):  # the words of justified lines stand apart
        return None
    inside = [word for line in one.lines for word in line], [word for line in other.lines for word in line]
    return _Band(*inside, min(_top(one.lines[0]), _top(other.lines[0])), beside, white)


def _side(lines: list[list[Word]]) -> _Side:
    gaps = sorted(_top(after) - _top(before) for before, after in pairwise(lines))
    return _Side(
        lines,
        min(line[0]["x0"] for line in lines),
        max(word["x1"] for line in lines for word in line),
        gaps[len(gaps) // 4] if gaps else 0.0,
    )


def _within(side: _Side, top: float, bottom: float) -> _Side:
    """The side between two heights, and what goes on with it above and below them: lines right beside it, and lines that its width breaks."""
    held = [at for at, line in enumerate(side.lines) if _bottom(line) > top and _top(line) < bottom]
    if not held:
        return _Side([], side.left, side.right, side.pitch)
    first, last = held[0], held[-1]
    for at in range(first - 1, -1, -1):
        if (at == first - 1 and side.is_close(at + 1)) or side.wraps(at + 1):
            first = at
    for at in range(last + 1, len(side.lines)):
        before, line = side.lines[at - 1][0], side.lines[at][0]
        if (at == last + 1 and side.is_close(at) and abs(before["size"] - line["size"]) < 0.6) or side.wraps(at):
            last = at
    return _side(side.lines[first : last + 1])


def _beside(one: _Side, other: _Side) -> int:
    """How many lines of the one stand beside a line of the other."""
    tops = [_top(line) for line in other.lines]
    last = (bisect_left(tops, _bottom(line)) - 1 for line in one.lines)  # of those that begin above the line's foot
    return sum(at >= 0 and _bottom(other.lines[at]) > _top(line) for at, line in zip(last, one.lines, strict=True))


def _are_rows(one: _Side, other: _Side) -> bool:
    """Whether paragraphs start at the same heights left and right: they are the cells of a table's rows."""
    starts = sorted(
        ([_top(side.lines[at]) for at in range(1, len(side.lines)) if side.opens(at)] for side in (one, other)), key=len
    )
    level = sum(any(abs(start - by) <= 3 for by in starts[1]) for start in starts[0])
    return len(starts[0]) >= 2 and level >= 0.8 * len(starts[0])


# Boxes


def _paragraph_end(left: list[list[Word]], right: list[list[Word]], below: list[list[Word]]) -> int:
    """How many of the rows below belong to the paragraph that the left column breaks off; 0 where it goes on in the right one."""
    if not below or not _goes_on(below[0]) or _goes_on(right[0]) or _ends_sentence(left[-1]):
        return 0
    pitch = _side(left).pitch
    if not 0 < _top(below[0]) - _top(left[-1]) <= 1.3 * pitch:
        return 0
    return next((at for at in range(1, len(below)) if _top(below[at]) - _top(below[at - 1]) > 1.3 * pitch), len(below))
