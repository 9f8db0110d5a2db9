"""Before the walk: blocks that belong together are joined, what is neither clause nor heading is marked as skipped, the title is found."""

import re
from dataclasses import replace

from assistant.documents import Span, sliced
from ingest import patterns
from ingest.blocks import Block, body_spans
from ingest.blocks import words as words_of

ENTRIES = 5
"""Numbered titles in a row that make a contents table, where most of their numbers come again."""


def joined(text: str, blocks: list[Block]) -> list[Block]:
    """Join a sentence that a blank line, a page's foot or a page's head cut in two."""
    result: list[Block] = []
    last: int | None = None
    for block in blocks:
        before = result[last] if last is not None else None
        if (
            before is not None
            and block.kind == "paragraph"
            and before.kind in {"paragraph", "item"}
            and patterns.runs_on(sliced(text, body_spans(before)[-1:]), words_of(text, block))
        ):
            assert last is not None
            result[last] = replace(before, spans=before.spans + block.spans)
            continue
        if before is not None and last is not None and _is_second_line_of_title(text, result[: last + 1], block):
            result[last] = replace(before, spans=before.spans + block.spans)
            continue
        result.append(block)
        if block.kind != "skip" or block.reason not in {"page furniture"}:
            last = len(result) - 1
    return result


_KIND = re.compile(
    r"\b(?:polic(?:y|ies)|procedures?|code(?: of conduct)?|guidance|guidelines|statement|plan|agreement|handbook|strategy)\W*$",
    re.IGNORECASE,
)
"""What a document's title ends with."""


def _is_second_line_of_title(text: str, before: list[Block], block: Block) -> bool:
    """Whether a heading is the rest of the document's title: as large as the first line, and only it says what the document is ("Child Protection and" | "Safeguarding Policy")."""
    first = before[-1]
    return (
        first.kind == block.kind == "heading"
        and first.depth == block.depth > 0
        and not (first.number or block.number)
        and first.spans + block.spans == body_spans(first) + body_spans(block)  # without a Markdown heading's marks
        and all(one.kind == "skip" for one in before[:-1])
        and _KIND.search(words_of(text, first)) is None
        and _KIND.search(words_of(text, block)) is not None
        and len(words_of(text, block).split()) <= 4
    )


def classified(text: str, blocks: list[Block]) -> list[Block]:
    """Mark contents tables, sign-off slips and acknowledgements as skipped; settle what is a heading."""
    result: list[Block] = []
    section = ""
    listed = _listed_headings(text, blocks) | _contents_pages(text, blocks)
    for n, block in enumerate(blocks):
        words = words_of(text, block)
        if block.kind == "heading" and not block.number and patterns.is_label(words):
            block = replace(block, kind="paragraph", depth=0, spans=body_spans(block))
        if n in listed:
            block = replace(block, kind="skip", reason="contents table", spans=_whole(block))
        elif block.kind == "heading":
            section = "contents" if patterns.CONTENTS.fullmatch(words.strip(" :*_")) else words.lower()
            if section == "contents" and not _contents_follow(text, blocks, n):
                section = ""
        elif block.kind != "skip":
            is_entry = section == "contents" and _is_entry(text, blocks, n)
            section = "" if section == "contents" and not is_entry else section
            if is_entry:
                block = replace(block, kind="skip", reason="contents table", spans=_whole(block))
            elif patterns.PLEDGE.search(words) and _slip_follows(blocks, n):
                block = replace(block, kind="skip", reason="signature slip")
            elif re.fullmatch(r"acknowledge?ments?", section.strip(" :")):
                block = replace(block, kind="skip", reason="acknowledgements")
            elif not re.search(r"\w", words):
                block = replace(block, kind="skip", reason="no words")
            elif block.kind == "row" and _is_blank_form(words):
                block = _labels(text, blocks, n)
        result.append(block)
    return result


def _listed_headings(text: str, blocks: list[Block]) -> set[int]:
    """Places of the entries of a contents table that no heading announces: numbered titles in a row, which all come again in their order."""
    found: set[int] = set()
    run: list[int] = []
    for n, block in enumerate([*blocks, Block("paragraph", (), 0)]):
        if block.kind == "skip":
            continue
        if block.number and block.kind in {"item", "heading"} and _is_title(words_of(text, block)):
            run.append(n)
            continue
        if len(run) >= ENTRIES:
            later = {other.number for other in blocks[n:]}
            found |= set(run) if sum(blocks[at].number in later for at in run) >= 0.7 * len(run) else set()
        run = []
    return found


def _contents_pages(text: str, blocks: list[Block]) -> set[int]:
    """Places of all that stands on a page below "Contents", where nothing there is a sentence or a row of a table."""
    found: set[int] = set()
    for n, block in enumerate(blocks):
        if (
            block.kind != "heading"
            or block.page is None
            or not patterns.CONTENTS.fullmatch(words_of(text, block).strip(" :*_"))
        ):
            continue
        below = [at for at in range(n + 1, len(blocks)) if blocks[at].page == block.page and blocks[at].kind != "skip"]
        goes_on = any(other.page is not None and other.page > block.page for other in blocks[n:])
        words = [words_of(text, blocks[at]) for at in below if blocks[at].kind != "row"]
        titles = len(words) == len(below) and all(
            _is_title(one.rstrip(" :")) and not patterns.is_dated(one) for one in words
        )
        found |= set(below) if goes_on and titles and len(below) >= ENTRIES else set()
    return found


def _is_title(words: str) -> bool:
    return 0 < len(words.split()) <= 12 and patterns.TERMINAL.search(words) is None


def _whole(block: Block) -> tuple[Span, ...]:
    return ((block.spans[0][0], block.spans[-1][1]),)


def _contents_follow(text: str, blocks: list[Block], n: int) -> bool:
    ahead = next((at for at in range(n + 1, min(n + 4, len(blocks))) if blocks[at].reason != "rule line"), n)
    return blocks[ahead].reason == "contents table" or _is_entry(text, blocks, ahead)


def _is_entry(text: str, blocks: list[Block], n: int) -> bool:
    """Whether block `n`, in a contents section, is an entry: short, no sentence."""
    if n >= len(blocks) or blocks[n].kind not in {"item", "paragraph", "row"}:
        return False
    if blocks[n].kind == "row":
        return _is_listing(text, blocks[n])
    raw = text[blocks[n].spans[0][0] : blocks[n].spans[-1][1]]
    return all(
        patterns.is_contents_entry(line)
        or (len(line.split()) <= 14 and not re.search(r"[.;:]\s*$", line) and not patterns.is_dated(line))
        for line in raw.splitlines()
    )


def _is_listing(text: str, row: Block) -> bool:
    """Whether a table's row names a section and its page: one cell, a number in a cell of its own or at a cell's end, or the heads of such columns."""
    cells = [text[start:end].strip(" *_") for start, end in row.spans]
    heads = {"section", "contents", "content", "page", "title", "heading", "number", "no", "part"}
    return (
        len(cells) == 1
        or any(
            re.fullmatch(r"[§A-Z]?\d{1,3}(?:\.\d{1,3})*\.?", cell) or patterns.is_contents_entry(cell) for cell in cells
        )
        or all(set(re.findall(r"[a-z]+", cell.lower())) <= heads for cell in cells)
    )


def _slip_follows(blocks: list[Block], n: int) -> bool:
    return any(block.reason == "signature slip" for block in blocks[n + 1 : n + 6])


def _is_blank_form(words: str) -> bool:
    """Whether a row holds nothing but labels of cells left empty, or drafting instructions in tags."""
    bare = re.sub(r"<[^>]*>", " ", words)
    return (
        re.fullmatch(
            r"[\W_]*(?:(?:insert [\w ()]*|contact details|e-?mail|tel(?:ephone)?|phone|name|role|title)[\W_]*)+",
            bare,
            re.IGNORECASE,
        )
        is not None
    )


def _labels(text: str, blocks: list[Block], n: int) -> Block:
    """Row `n`, which holds labels alone: the header of what is filled in below it, or a form that nobody filled in."""
    if _heads_filled_rows(text, blocks, n):
        return replace(blocks[n], marker="header")
    return replace(blocks[n], kind="skip", reason="unfilled table row", spans=_whole(blocks[n]))


def _heads_filled_rows(text: str, blocks: list[Block], n: int) -> bool:
    """Whether row `n` is the header of a table ("Role | Name") in which something is filled in."""
    opens = n == 0 or blocks[n - 1].kind != "row"
    if blocks[n].marker != "header" and not (opens and len(blocks[n].spans) > 1):
        return False
    for block in (blocks[place] for place in range(n + 1, len(blocks))):
        if block.kind == "row" and not _is_blank_form(words_of(text, block)):
            return True
        if block.kind != "row" and block.reason != "rule line":
            break
    return False


def title_of(text: str, blocks: list[Block]) -> tuple[str | None, Block | None]:
    """The document's title: the first heading, if it stands before any clause and carries no number."""
    for block in blocks:
        if block.kind == "heading":
            words = words_of(text, block).strip("*_ ")
            generic = patterns.CONTENTS.fullmatch(words) or re.fullmatch(
                r"(?:introduction|purpose|scope|rationale)", words, re.IGNORECASE
            )
            whole = sliced(text, block.spans).strip("#*_ ")
            labelled = patterns.SECTION.match(whole) or patterns.LABEL.match(whole)
            unfit = block.number or generic or labelled or patterns.is_dated(words)
            return (None, None) if unfit else (words, block)
        if block.kind != "skip":
            return None, None
    return None, None
