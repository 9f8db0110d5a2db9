"""Grows a text and its blocks side by side, for formats whose text is not the file itself (HTML, Word, PDF)."""

from dataclasses import dataclass, field

from assistant.documents import Span, fold
from ingest import patterns
from ingest.blocks import Block, BlockKind


@dataclass(slots=True)
class Builder:
    """The extracted text so far, a line a block, and the blocks."""

    parts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    length: int = 0
    width: int = 0
    """Cells of the last table's header."""

    @property
    def text(self) -> str:
        """The text so far."""
        return "\n".join(self.parts)

    def line(self, words: str) -> Span:
        """Append a line; return its span."""
        start = self.length
        self.parts.append(words)
        self.length += len(words) + 1
        return start, start + len(words)

    def add(
        self,
        words: str,
        kind: BlockKind,
        *,
        depth: int = 0,
        marker: str = "",
        label: str = "",
        page: int | None = None,
    ) -> None:
        """Append a block of `kind`, reading the number that its words start with.

        `label` is a number that the format keeps apart from the words; it is written before them, as the reader of the file sees it.
        """
        words = fold(words)
        if not words:
            return
        label = fold(label)
        words = f"{label} {words}" if label else words
        span = self.line(words)
        kind, offset, number, marker = numbered(words, kind, marker)
        if label and offset <= len(label):
            offset, marker = len(label) + 1, label
        self.blocks.append(Block(kind, (span,), span[0] + offset, depth=depth, marker=marker, number=number, page=page))

    def skip(self, words: str, reason: str, *, page: int | None = None) -> None:
        """Append words that are neither clause nor heading."""
        words = fold(words)
        if words:
            span = self.line(words)
            self.blocks.append(Block("skip", (span,), span[0], reason=reason, page=page))

    def row(self, cells: list[str], *, header: bool, page: int | None = None) -> None:
        """Append a table row, a span for each cell that holds something."""
        spans = tuple(self.line(words) for cell in cells if (words := fold(cell)))
        self.width = len(cells) if header else self.width
        # Cells of a row with more or fewer of them than the header may stand under any of its heads.
        columns = tuple(place for place, cell in enumerate(cells) if fold(cell)) if len(cells) == self.width else ()
        marker = "header" if header else ""
        if spans:
            self.blocks.append(
                Block("row", spans, spans[0][0], depth=len(spans), marker=marker, page=page, columns=columns)
            )


def numbered(words: str, kind: BlockKind, marker: str) -> tuple[BlockKind, int, str | None, str]:
    """Kind, offset of the words after number and marker, number and marker of a block whose format gave `kind`.

    A paragraph that starts with a clause number, a bullet or a letter is a list item to the splitter.
    """
    at = 0
    if kind != "heading" and (match := patterns.BULLET.match(words)) is not None:
        marker, at, kind = match.group().strip(), match.end(), "item"
    if (found := patterns.clause_number(words, at)) is not None:
        return ("heading" if kind == "heading" else "item"), _after(words, found[1]), found[0], marker
    if (
        (match := patterns.PLAIN.match(words, at)) is not None
        and words[match.end() :].strip()
        and (kind == "heading" or words[match.end() - 1] in ".):")
    ):
        if kind == "heading":
            return kind, _after(words, match.end()), match.group(1), marker
        return "item", _after(words, match.end()), None, match.group().strip()
    if kind != "heading" and (match := patterns.LETTER.match(words, at)) is not None:
        return "item", _after(words, match.end()), None, match.group().strip()
    return kind, at, None, marker


def _after(words: str, end: int) -> int:
    return end + len(words[end:]) - len(words[end:].lstrip())
