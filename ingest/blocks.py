"""What readers hand to the splitter: a text, and its stretches with what the format says of each.

A reader of a format with structure (Word's heading styles, HTML's tags) states it; plain text states only lines.
"""

from dataclasses import dataclass, field
from typing import Literal

from assistant.documents import Span, sliced

BlockKind = Literal["heading", "item", "paragraph", "row", "skip"]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text that belongs together: a heading, list item, paragraph or table row.

    `spans` covers the whole stretch, marker and number included; `body` is where the words start after them.
    `depth` is a heading's level (1 outermost; 0: not stated), or a list item's indentation.
    `reason` says why a block of kind "skip" is neither clause nor heading.
    """

    kind: BlockKind
    spans: tuple[Span, ...]
    body: int
    depth: int = 0
    marker: str = ""
    number: str | None = None
    page: int | None = None
    reason: str = ""
    columns: tuple[int, ...] = ()
    """Of a table row: in which columns, from 0, its spans stand; empty where the format does not say."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """A file's text and its blocks, in order, not overlapping; every visible character stands in one of them."""

    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = field(default=())
    ocr_pages: tuple[int, ...] = ()
    """Pages (from 1) whose words were recognised from a picture."""


def body_spans(block: Block) -> tuple[Span, ...]:
    """The block's spans without its marker and number."""
    return tuple((max(start, block.body), end) for start, end in block.spans if end > block.body)


def words(text: str, block: Block) -> str:
    """The block's words after its marker and number, white space folded."""
    return sliced(text, body_spans(block))
