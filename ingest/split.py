"""Blocks → clauses, headings and a list of everything that is neither. Pure: no files, no model.

A clause is the smallest unit that is cited: a numbered paragraph, a list item (with the stem above it), a paragraph, a
table row (with its header). Nothing is lost: what is no clause and no heading is listed as skipped, with the reason.
"""

import re
from dataclasses import dataclass, replace

from assistant.documents import Clause, ClauseKind, Coverage, Heading, Passage, Skipped, sliced
from ingest import patterns
from ingest.accounting import coverage, unaccounted
from ingest.blocks import Block, Extracted, body_spans
from ingest.blocks import words as words_of
from ingest.classify import classified, joined, title_of
from ingest.names import Draft, Stem, finished

MAX_STEM = 700
"""Characters: a paragraph longer than this that ends in a colon still introduces its list, but by its last sentence."""


@dataclass(frozen=True, slots=True)
class Split:
    """A document taken apart. The coverage's three shares sum to 1."""

    clauses: tuple[Clause, ...]
    headings: tuple[Heading, ...]
    skipped: tuple[Skipped, ...]
    coverage: Coverage
    title: str | None


def split(extracted: Extracted) -> Split:
    """Take a document apart into clauses."""
    text = extracted.text
    blocks = classified(text, joined(text, list(extracted.blocks)))
    title, title_block = title_of(text, blocks)
    drafts, headings, skipped = _Splitter(text, title_block).run(blocks)
    clauses = finished(drafts)
    rest = unaccounted(text, blocks)
    everything = tuple(sorted((*skipped, *rest), key=lambda item: item.span))
    return Split(clauses, headings, everything, coverage(text, blocks), title)


class _Splitter:
    """Walks the blocks once, keeping the path of headings and the stack of stems."""

    def __init__(self, text: str, title: Block | None) -> None:
        self.text = text
        self.title = title
        self.path: list[Heading] = []
        self.stems: list[Stem] = []
        self.header: Passage | None = None
        self.columns: tuple[int, ...] = ()
        self.broken: tuple[Block, list[Stem]] | None = None
        self.drafts: list[Draft] = []
        self.headings: list[Heading] = []
        self.skipped: list[Skipped] = []
        self.previous: Block | None = None
        self.group: Heading | None = None

    def run(self, blocks: list[Block]) -> tuple[list[Draft], tuple[Heading, ...], list[Skipped]]:
        """Walk; return drafts, headings and what was skipped."""
        for n, block in enumerate(blocks):
            if block.kind == "skip":
                self.skipped += [Skipped(span, block.reason) for span in block.spans]
                if block.reason == "rule line" and self.previous is not None and self.previous.kind == "row":
                    continue
                if block.reason not in {"page furniture", "repeated table header"}:
                    self.header = None if block.reason != "rule line" else self.header
                continue
            if block.kind == "heading" and self._introduces(block, blocks, n):
                if block.spans[0][0] < block.body:
                    self.skipped.append(Skipped((block.spans[0][0], block.body), "marks between blocks"))
                self._paragraph(replace(block, kind="paragraph", depth=0), blocks, n)
            elif block.kind == "heading":
                self._heading(block, blocks, n)
            elif block.kind == "row":
                self._row(block, blocks, n)
            elif block.kind == "item":
                self._item(block, blocks, n)
            else:
                self._paragraph(block, blocks, n)
            self.previous = block
        return self.drafts, tuple(self.headings), self.skipped

    # --- headings

    def _heading(self, block: Block, blocks: list[Block], n: int) -> None:
        self.stems, self.header, self.broken = [], None, None
        words = sliced(self.text, block.spans).lstrip("# ").strip()
        shown = re.sub(r"^(?:-+\s+)", "", words).strip("*_ ")
        level = self._level(block, shown, blocks, n)
        heading = Heading(shown, level, (block.spans[0][0], block.spans[-1][1]))
        self.headings.append(heading)
        if block is self.title:
            return
        while self.path and self.path[-1].level >= level:
            self.path.pop()
        if not patterns.CONTENTS.fullmatch(shown.strip(" :")):
            self.path.append(heading)

    def _level(self, block: Block, words: str, blocks: list[Block], n: int) -> int:
        """How deep a heading stands: as the format says; else by its number; else by what stands around it."""
        if block.depth and not block.number:
            return block.depth * 10
        if block.number:
            return (
                (block.depth or block.number.count(".") + 1) * 10
                if block.depth > 1
                else (block.number.count(".") + 1) * 10
            )
        last = self.path[-1] if self.path else None
        ahead = _ahead(blocks, n)
        numbered = self._current_number()
        if numbered and ahead is not None and ahead.number and ahead.number.startswith(numbered + "."):
            return 25
        follows = (
            self.previous is not None
            and self.previous.kind == "heading"
            and last is not None
            and self.previous is not self.title
        )
        if follows and last is not None and last.level in {10, 11}:
            self.group = last
            return 20
        if self.group is not None and self.group in self.path:
            kin = self.group.text.lower().split()[-1].rstrip("s:")
            if patterns.is_audience(words) or kin in words.lower():
                return 20
        self.group = None
        return 10

    def _current_number(self) -> str | None:
        for heading in reversed(self.path):
            if (match := re.match(r"(\d+)[.\s)]", heading.text)) is not None:
                return match.group(1)
        return None

    # --- clauses

    def _item(self, block: Block, blocks: list[Block], n: int) -> None:
        self.header = None
        while self.stems and not self._holds(self.stems[-1], block):
            self.stems.pop()
        if not self.stems and self._resumes(block):
            assert self.broken is not None
            self.stems = list(self.broken[1])
        self._clause("numbered" if block.number else "item", block, blocks, n)

    def _holds(self, stem: Stem, block: Block) -> bool:
        """Whether a list item stands under the stem."""
        if block.number is not None:
            return stem.number is not None and block.number.startswith(stem.number + ".")
        if stem.number is not None or not stem.is_item:
            return True
        return block.depth > stem.depth or (block.depth == stem.depth and patterns.nests(stem.marker, block.marker))

    def _paragraph(self, block: Block, blocks: list[Block], n: int) -> None:
        self.header = None
        if (self.previous is not None and self.previous.kind == "item") or (self.stems and self.stems[-1].is_item):
            if self.stems and self.previous is not None and self.previous.kind == "item":
                self.broken = self.previous, self.stems
            self.stems = []  # a list is over when a paragraph follows it
        if self.stems and (self.stems[-1].members >= 3 or self._is_stem(block, blocks, n)):
            self.stems = []
        self._clause("paragraph", block, blocks, n)

    def _row(self, block: Block, blocks: list[Block], n: int) -> None:
        passage = Passage(sliced(self.text, block.spans), block.spans)
        opens = self.previous is None or self.previous.kind != "row"
        ruled = n + 1 < len(blocks) and blocks[n + 1].reason == "rule line"
        if opens:
            self.stems = []
            self.header, self.columns = None, ()
        if block.marker == "header" or (opens and ruled and len(block.spans) > 1):
            self.header, self.columns = passage, block.columns
            self.drafts.append(Draft("stem", block, tuple(self.path), passage))
            return
        draft = Draft("row", block, tuple(self.path), passage)
        # A row of one cell under a header of three or more titles the rows below it.
        if self.header is not None and (len(block.spans) > 1 or len(self.header.spans) <= 2):
            draft.stems = (Stem(self._heads(block), 0, None, -1, False),)
        self.drafts.append(draft)

    def _heads(self, row: Block) -> Passage:
        """The header's cells over those that a row fills: a cross says nothing without the head of its column."""
        assert self.header is not None
        spans = tuple(
            span for span, place in zip(self.header.spans, self.columns, strict=False) if place in row.columns
        )
        # One head is enough where the label at the row's start has none.
        says = len(spans) > 1 or (len(spans) == 1 and row.columns[0] not in self.columns)
        return Passage(sliced(self.text, spans), spans) if says else self.header

    def _clause(self, kind: ClauseKind, block: Block, blocks: list[Block], n: int) -> None:
        spans = body_spans(block)
        passage = Passage(sliced(self.text, spans), spans)
        draft = Draft(kind, block, tuple(self.path), passage, tuple(self.stems), block.number)
        for stem in self.stems:
            stem.members += 1
        self.drafts.append(draft)
        if self._is_stem(block, blocks, n):
            draft.kind = "stem"
            if kind == "paragraph":
                self.stems = []
            self.stems.append(
                Stem(
                    _last_sentence(self.text, passage),
                    block.depth,
                    block.number,
                    len(self.drafts) - 1,
                    kind != "paragraph",
                    marker=block.marker,
                )
            )

    def _introduces(self, block: Block, blocks: list[Block], n: int) -> bool:
        """Whether what is set as a heading is the stem of a list ("The headteacher will ensure that:", "The headteacher:" before "ensures …")."""
        words, ahead = words_of(self.text, block), _ahead(blocks, n)
        return (
            block is not self.title
            and not block.number
            and words.rstrip("*_ ").endswith(":")
            and ahead is not None
            and ahead.kind == "item"
            and not ahead.number
            and (patterns.is_stem(words) or patterns.leads_to(words, words_of(self.text, ahead)))
        )

    def _resumes(self, item: Block) -> bool:
        """Whether an item goes on with the list that a paragraph broke off: the same marks, as deep, and a small letter, so that it needs a stem."""
        if self.broken is None or item.kind != "item" or item.number:
            return False
        last, _ = self.broken
        return (
            last.depth == item.depth
            and last.number is None
            and not patterns.nests(last.marker, item.marker)
            and words_of(self.text, item)[:1].islower()
        )

    def _is_stem(self, block: Block, blocks: list[Block], n: int) -> bool:
        """Whether a block introduces the next ones: it ends in a colon (or runs into a list) and something follows that it can hold."""
        words = words_of(self.text, block)
        ahead = _ahead(blocks, n)
        if ahead is None or ahead.kind in {"heading", "row"}:
            return False
        if re.search(r":[\s*_'\"”’-]*$", words) or (
            words.endswith(";") and block.kind == "paragraph" and ahead.kind == "item"
        ):
            if ahead.kind == "item":
                stem = Stem(Passage("", ()), block.depth, block.number, 0, block.kind == "item", marker=block.marker)
                return self._holds(stem, ahead)
            return block.kind == "paragraph"
        return (
            ahead.kind == "item"
            and not ahead.number
            and patterns.TERMINAL.search(words) is None
            and not patterns.is_dated(words)
            and not self._resumes(ahead)
            and (block.kind == "paragraph" or ahead.depth > block.depth + (ahead.marker == block.marker))
            and len(words.split()) > 2
        )


def _ahead(blocks: list[Block], n: int) -> Block | None:
    """The next block after `n` that is not skipped."""
    return next((blocks[place] for place in range(n + 1, len(blocks)) if blocks[place].kind != "skip"), None)


def _last_sentence(text: str, passage: Passage) -> Passage:
    """A long paragraph introduces its list by its last sentence only; a shorter one whole."""
    if len(passage.text) <= MAX_STEM:
        return passage
    start, end = passage.spans[-1]
    breaks = [match.end() for match in re.finditer(r"[.!?]\s+", text[start:end])]
    return Passage(sliced(text, ((start + breaks[-1], end),)), ((start + breaks[-1], end),)) if breaks else passage
