"""Blocks → clauses, headings and a list of everything that is neither. Pure: no files, no model.

A clause is the smallest unit that is cited: a numbered paragraph, a list item (with the stem above it), a paragraph, a
table row (with its header). Nothing is lost: what is no clause and no heading is listed as skipped, with the reason.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from assistant.documents import Clause, ClauseKind, Coverage, Heading, Passage, Skipped, Span, seal, sliced
from assistant.modality import modality
from ingest import patterns
from ingest.blocks import Block, Extracted

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


@dataclass(slots=True)
class _Stem:
    """A block that introduces the ones below it: its words, how deep it stands, its clause."""

    passage: Passage
    depth: int
    number: str | None
    clause: int
    is_item: bool
    members: int = 0


@dataclass(slots=True)
class _Draft:
    """A clause in the making."""

    kind: ClauseKind
    block: Block
    headings: tuple[Heading, ...]
    passage: Passage
    stems: tuple[_Stem, ...] = ()
    number: str | None = None
    members: list[str] = field(default_factory=list)


def split(extracted: Extracted) -> Split:
    """Take a document apart into clauses."""
    text = extracted.text
    blocks = _classified(text, _joined(text, list(extracted.blocks)))
    title, title_block = _title(text, blocks)
    drafts, headings, skipped = _Splitter(text, title_block).run(blocks)
    clauses = _finished(drafts)
    rest = _unaccounted(text, blocks)
    everything = tuple(sorted((*skipped, *rest), key=lambda item: item.span))
    return Split(clauses, headings, everything, _coverage(text, blocks), title)


def _words(text: str, block: Block) -> str:
    """The block's words after its marker and number, white space folded."""
    return sliced(text, _body_spans(block))


def _body_spans(block: Block) -> tuple[Span, ...]:
    return tuple((max(start, block.body), end) for start, end in block.spans if end > block.body)


def _joined(text: str, blocks: list[Block]) -> list[Block]:
    """Join a sentence that a blank line, a page's foot or a page's head cut in two."""
    result: list[Block] = []
    last: int | None = None
    for block in blocks:
        before = result[last] if last is not None else None
        if (
            before is not None
            and block.kind == "paragraph"
            and before.kind in {"paragraph", "item"}
            and patterns.runs_on(sliced(text, _body_spans(before)[-1:]), _words(text, block))
        ):
            assert last is not None
            result[last] = replace(before, spans=before.spans + block.spans)
            continue
        result.append(block)
        if block.kind != "skip" or block.reason not in {"page furniture"}:
            last = len(result) - 1
    return result


def _classified(text: str, blocks: list[Block]) -> list[Block]:
    """Mark contents tables, sign-off slips and acknowledgements as skipped; settle what is a heading."""
    result: list[Block] = []
    section = ""
    for n, block in enumerate(blocks):
        words = _words(text, block)
        if block.kind == "heading":
            section = "contents" if patterns.CONTENTS.fullmatch(words.strip(" :*_")) else words.lower()
            if section == "contents" and not _contents_follow(text, blocks, n):
                section = ""
        elif block.kind != "skip":
            if section == "contents" and (block.kind == "row" or _is_entry(text, blocks, n)):
                block = replace(block, kind="skip", reason="contents table", spans=_whole(block))
            elif section == "contents":
                section = ""
            elif patterns.PLEDGE.search(words) and _slip_follows(blocks, n):
                block = replace(block, kind="skip", reason="signature slip")
            elif re.fullmatch(r"acknowledge?ments?", section.strip(" :")):
                block = replace(block, kind="skip", reason="acknowledgements")
            elif not re.search(r"\w", words):
                block = replace(block, kind="skip", reason="no words")
            elif block.kind == "row" and _is_blank_form(words) and not _heads_filled_rows(text, blocks, n):
                block = replace(block, kind="skip", reason="unfilled table row", spans=_whole(block))
        result.append(block)
    return result


def _whole(block: Block) -> tuple[Span, ...]:
    return ((block.spans[0][0], block.spans[-1][1]),)


def _contents_follow(text: str, blocks: list[Block], n: int) -> bool:
    ahead = [block for block in blocks[n + 1 : n + 4] if block.reason != "rule line"]
    return bool(ahead) and (
        ahead[0].kind == "row" or ahead[0].reason == "contents table" or _is_entry(text, blocks, n + 1)
    )


def _is_entry(text: str, blocks: list[Block], n: int) -> bool:
    """Whether block `n`, in a contents section, is an entry: short, no sentence."""
    if n >= len(blocks) or blocks[n].kind not in {"item", "paragraph", "row"}:
        return False
    raw = text[blocks[n].spans[0][0] : blocks[n].spans[-1][1]]
    return all(
        patterns.is_contents_entry(line) or (len(line.split()) <= 14 and not re.search(r"[.;:]\s*$", line))
        for line in raw.splitlines()
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


def _heads_filled_rows(text: str, blocks: list[Block], n: int) -> bool:
    """Whether row `n` is the header of a table ("Role | Name") in which something is filled in."""
    if blocks[n].marker != "header" and not (n + 1 < len(blocks) and blocks[n + 1].reason == "rule line"):
        return False
    for block in blocks[n + 1 :]:
        if block.kind == "row" and not _is_blank_form(_words(text, block)):
            return True
        if block.kind != "row" and block.reason != "rule line":
            break
    return False


def _title(text: str, blocks: list[Block]) -> tuple[str | None, Block | None]:
    """The document's title: the first heading, if it stands before any clause and carries no number."""
    for block in blocks:
        if block.kind == "heading":
            words = _words(text, block).strip("*_ ")
            generic = patterns.CONTENTS.fullmatch(words) or re.fullmatch(
                r"(?:introduction|purpose|scope|rationale)", words, re.IGNORECASE
            )
            return (None, None) if block.number or generic else (words, block)
        if block.kind != "skip":
            return None, None
    return None, None


class _Splitter:
    """Walks the blocks once, keeping the path of headings and the stack of stems."""

    def __init__(self, text: str, title: Block | None) -> None:
        self.text = text
        self.title = title
        self.path: list[Heading] = []
        self.stems: list[_Stem] = []
        self.header: Passage | None = None
        self.drafts: list[_Draft] = []
        self.headings: list[Heading] = []
        self.skipped: list[Skipped] = []
        self.previous: Block | None = None
        self.group: Heading | None = None

    def run(self, blocks: list[Block]) -> tuple[list[_Draft], tuple[Heading, ...], list[Skipped]]:
        """Walk; return drafts, headings and what was skipped."""
        for n, block in enumerate(blocks):
            if block.kind == "skip":
                self.skipped += [Skipped(span, block.reason) for span in block.spans]
                if block.reason == "rule line" and self.previous is not None and self.previous.kind == "row":
                    continue
                if block.reason != "page furniture":
                    self.header = None if block.reason != "rule line" else self.header
                continue
            if block.kind == "heading":
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
        self.stems, self.header = [], None
        words = sliced(self.text, block.spans).lstrip("# ").strip()
        shown = re.sub(r"^(?:-+\s+)", "", words).strip("*_ ")
        level = self._level(block, shown, blocks, n)
        heading = Heading(shown, level, (block.spans[0][0], block.spans[-1][1]))
        self.headings.append(heading)
        if block is self.title:
            return
        while self.path and self.path[-1].level >= level:
            self.path.pop()
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
        ahead = next((other for other in blocks[n + 1 :] if other.kind != "skip"), None)
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
        self._clause("numbered" if block.number else "item", block, blocks, n)

    def _holds(self, stem: _Stem, block: Block) -> bool:
        """Whether a list item stands under the stem."""
        if block.number is not None:
            return stem.number is not None and block.number.startswith(stem.number + ".")
        if stem.number is not None or not stem.is_item:
            return True
        return block.depth > stem.depth

    def _paragraph(self, block: Block, blocks: list[Block], n: int) -> None:
        self.header = None
        if (self.previous is not None and self.previous.kind == "item") or (self.stems and self.stems[-1].is_item):
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
            self.header = None
            if block.marker == "header" or (ruled and len(block.spans) > 1):
                self.header = passage
                self.drafts.append(_Draft("stem", block, tuple(self.path), passage))
                return
        draft = _Draft("row", block, tuple(self.path), passage)
        if self.header is not None:
            draft.stems = (_Stem(self.header, 0, None, -1, False),)
        self.drafts.append(draft)

    def _clause(self, kind: ClauseKind, block: Block, blocks: list[Block], n: int) -> None:
        spans = _body_spans(block)
        passage = Passage(sliced(self.text, spans), spans)
        draft = _Draft(kind, block, tuple(self.path), passage, tuple(self.stems), block.number)
        for stem in self.stems:
            stem.members += 1
        self.drafts.append(draft)
        if self._is_stem(block, blocks, n):
            draft.kind = "stem"
            if kind == "paragraph":
                self.stems = []
            self.stems.append(
                _Stem(
                    _last_sentence(self.text, passage),
                    block.depth,
                    block.number,
                    len(self.drafts) - 1,
                    kind != "paragraph",
                )
            )

    def _is_stem(self, block: Block, blocks: list[Block], n: int) -> bool:
        """Whether a block introduces the next ones: it ends in a colon (or runs into a list) and something follows that it can hold."""
        words = _words(self.text, block)
        ahead = next((other for other in blocks[n + 1 :] if other.kind != "skip"), None)
        if ahead is None or ahead.kind in {"heading", "row"}:
            return False
        if re.search(r":[\s*_'\"”’-]*$", words):
            if ahead.kind == "item":
                return self._holds(_Stem(Passage("", ()), block.depth, block.number, 0, block.kind == "item"), ahead)
            return block.kind == "paragraph"
        return (
            ahead.kind == "item"
            and not ahead.number
            and patterns.TERMINAL.search(words) is None
            and (block.kind == "paragraph" or ahead.depth > block.depth)
            and len(words.split()) > 2
        )


def _last_sentence(text: str, passage: Passage) -> Passage:
    """A long paragraph introduces its list by its last sentence only; a shorter one whole."""
    if len(passage.text) <= MAX_STEM:
        return passage
    start, end = passage.spans[-1]
    breaks = [match.end() for match in re.finditer(r"[.!?]\s+", text[start:end])]
    return Passage(sliced(text, ((start + breaks[-1], end),)), ((start + breaks[-1], end),)) if breaks else passage


# --- names of clauses


def slugify(words: str) -> str:
    """Heading words as they stand in an id: small letters, digits and hyphens, at most eight words."""
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", words.lower()))[:8])


def _section(headings: tuple[Heading, ...]) -> str:
    names = [
        name
        for heading in headings[-2:]
        if (name := slugify(re.sub(r"^\W*(?:\d[\d.]*|[A-Z]\d+)[.)]?\s+", "", heading.text)))
    ]
    return "-".join(names) or "preamble"


def letters(n: int) -> str:
    """0 → a, 25 → z, 26 → aa."""
    return letters(n // 26 - 1) + chr(97 + n % 26) if n >= 26 else chr(97 + n)


def _finished(drafts: list[_Draft]) -> tuple[Clause, ...]:
    """Give each draft its id, its force and its seal. Ids lack the document's slug: `with_slug` adds it."""
    numbers = Counter(draft.number for draft in drafts if draft.number)
    ordinals: Counter[str] = Counter()
    taken: set[str] = set()
    ids: list[str] = []
    children: Counter[int] = Counter()
    for draft in drafts:
        parent = draft.stems[-1].clause if draft.stems else -1
        if draft.number:
            name = draft.number
            if numbers[name] > 1 and name in taken:
                name = f"{_section(draft.headings)}/{name}"
        elif (
            parent >= 0
            and draft.kind in {"item", "stem"}
            and draft.block.kind == "item"
            and _root_number(drafts, parent)
        ):
            lettered = re.fullmatch(r"\(?([a-z]{1,5})[.)]", draft.block.marker)
            name = f"{ids[parent]}.{lettered.group(1) if lettered else letters(children[parent])}"
            children[parent] += 1
        else:
            section = _section(draft.headings)
            ordinals[section] += 1
            name = f"{section}/{ordinals[section]}"
        unique, again = name, 2
        while unique in taken:
            unique, again = f"{name}-{again}", again + 1
        taken.add(unique)
        ids.append(unique)
        for stem in draft.stems[-1:]:
            if stem.clause >= 0:
                drafts[stem.clause].members.append(unique)
    clauses = []
    for name, draft in zip(ids, drafts, strict=True):
        lead_in = tuple(stem.passage for stem in draft.stems)
        number = draft.number or (
            name if _root_number(drafts, draft.stems[-1].clause if draft.stems else -1) and "/" not in name else None
        )
        clauses.append(
            Clause(
                id=name,
                kind=draft.kind,
                number=number,
                headings=tuple(heading.text for heading in draft.headings),
                lead_in=lead_in,
                text=draft.passage.text,
                spans=draft.passage.spans,
                page=draft.block.page,
                members=tuple(draft.members),
                modality=modality(draft.passage.text, tuple(stem.text for stem in lead_in)),
                sha256=seal(lead_in, draft.passage.text),
            )
        )
    return tuple(clauses)


def _root_number(drafts: list[_Draft], parent: int) -> str | None:
    """The number of the clause at the root of a list, if it has one."""
    while parent >= 0:
        if drafts[parent].number:
            return drafts[parent].number
        parent = drafts[parent].stems[-1].clause if drafts[parent].stems else -1
    return None


def with_slug(clauses: tuple[Clause, ...], slug: str) -> tuple[Clause, ...]:
    """Clauses whose ids, and their members' ids, start with the document's slug."""
    return tuple(
        replace(clause, id=f"{slug}/{clause.id}", members=tuple(f"{slug}/{member}" for member in clause.members))
        for clause in clauses
    )


# --- accounting


def _visible(text: str, spans: tuple[Span, ...]) -> int:
    return sum(not character.isspace() for start, end in spans for character in text[start:end])


def _coverage(text: str, blocks: list[Block]) -> Coverage:
    """Shares of the visible characters that stand in clauses, in headings, and elsewhere."""
    total = sum(not character.isspace() for character in text)
    if not total:
        return Coverage(0.0, 0.0, 1.0)
    in_clauses = sum(_visible(text, block.spans) for block in blocks if block.kind in {"item", "paragraph", "row"})
    in_headings = sum(_visible(text, block.spans) for block in blocks if block.kind == "heading")
    return Coverage(in_clauses / total, in_headings / total, (total - in_clauses - in_headings) / total)


def _unaccounted(text: str, blocks: list[Block]) -> list[Skipped]:
    """Visible stretches that no block holds (bars of tables, marks between blocks), so that nothing is lost silently."""
    result, at = [], 0
    for start, end in [*sorted(span for block in blocks for span in block.spans), (len(text), len(text))]:
        gap = text[at:start]
        if gap.strip():
            lead = len(gap) - len(gap.lstrip())
            result.append(Skipped((at + lead, at + len(gap.rstrip())), "marks between blocks"))
        at = max(at, end)
    return result
