"""Plain text and Markdown → blocks. Offsets are into the file as decoded: nothing is rewritten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.documents import Span
from ingest import patterns
from ingest.blocks import Block

_LINE = re.compile(r"[^\n]*\n|[^\n]+$")
_ATX = re.compile(r"(#{1,6})[ \t]+")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_OPENS = re.compile(r"\s*(?:[-*+•][ \t]+)?(\d{1,3}(?:\.\d{1,3})*)(?:[.):]|(?=\s))(?=\s)")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the text, without its end: where it starts, its words, and its place among the lines."""

    start: int
    text: str
    place: int

    @property
    def indent(self) -> int:
        """Columns before the first visible character (a tab counts four)."""
        return len(self.text[: len(self.text) - len(self.text.lstrip())].expandtabs(4))

    @property
    def span(self) -> Span:
        """The visible part."""
        lead = len(self.text) - len(self.text.lstrip())
        return self.start + lead, self.start + len(self.text.rstrip())


def read_lines(text: str) -> tuple[Block, ...]:
    """Blocks of a text whose structure is in its lines: Markdown marks, list marks, numbers, blank lines."""
    lines = [
        _Line(match.start(), match.group().rstrip("\r\n"), place)
        for place, match in enumerate(_LINE.finditer(text, 1 if text.startswith("\ufeff") else 0))
    ]
    furniture = patterns.furniture_lines([line.text for line in lines])
    matter = _front_matter(lines)
    blocks: list[Block] = [_skip(line, "front matter") for line in lines[:matter] if line.text.strip()]
    chunk: list[_Line] = []
    for line in lines[matter:]:
        if line.place in furniture:
            blocks += _chunk(chunk)
            chunk = []
            blocks.append(_skip(line, "page furniture"))
        elif line.text.strip():
            chunk.append(line)
        else:
            blocks += _chunk(chunk)
            chunk = []
    blocks += _chunk(chunk)
    return tuple(_with_numbers(text, blocks))


def _with_numbers(text: str, blocks: list[Block]) -> Iterator[Block]:
    """The blocks, each number that stands in a line of its own made one with the paragraph after it."""
    held: Block | None = None
    for block in blocks:
        if held is not None and block.kind == "paragraph":
            yield replace(block, kind="item", spans=held.spans + block.spans, number=held.number)
            held = None
            continue
        if held is not None:
            yield held
            held = None
        words = text[slice(*block.spans[0])]
        match = patterns.ALONE.fullmatch(words) if block.kind in {"heading", "paragraph"} else None
        if match is not None:
            held = replace(block, number=match.group(1))
        else:
            yield block
    if held is not None:
        yield held


def _front_matter(lines: list[_Line]) -> int:
    """How many lines of YAML front matter the text starts with."""
    if not lines or lines[0].text.strip() != "---":
        return 0
    return next((n + 1 for n, line in enumerate(lines[1:80], 1) if line.text.strip() in {"---", "..."}), 0)


def _skip(line: _Line, reason: str) -> Block:
    return Block("skip", (line.span,), line.span[0], reason=reason)


def _chunk(lines: list[_Line]) -> Iterator[Block]:
    """Blocks of consecutive lines with no blank line among them."""
    if not lines:
        return
    if all("|" in line.text for line in lines) and lines[0].text.lstrip().startswith("|"):
        yield from map(_row, lines)
        return
    contents = sum(patterns.is_contents_entry(line.text) for line in lines) * 2 >= len(lines) >= 3
    pending: list[_Line] = []
    opened: Block | None = None
    for n, line in enumerate(lines):
        block = _skip(line, "contents table") if contents else _opening(line, lines, n)
        if block is None and opened is not None and pending:
            pending.append(line)
            continue
        if opened is not None:
            yield _closed(opened, pending)
        opened, pending = block or Block("paragraph", (line.span,), line.span[0]), [line]
        if opened.kind in {"heading", "skip", "row"}:
            yield opened
            opened, pending = None, []
    if opened is not None:
        yield _closed(opened, pending)


def _closed(opened: Block, lines: list[_Line]) -> Block:
    return replace(opened, spans=((lines[0].span[0], lines[-1].span[1]),))


def _opening(line: _Line, lines: list[_Line], n: int) -> Block | None:
    """The block that `line` opens, or None where it goes on with the line before."""
    start, end = line.span
    words = line.text.strip()
    if (match := _ATX.match(words)) is not None:
        number, body = _heading_number(words, match.end())
        return Block("heading", ((start, end),), start + body, depth=len(match.group(1)), number=number)
    if patterns.RULE.fullmatch(words) or _FENCE.match(words):
        return _skip(line, "rule line")
    if n + 1 < len(lines) and _underlines(lines[n + 1].text, words):
        number, body = _heading_number(words, 0)
        return Block(
            "heading", ((start, end),), start + body, depth=1 if "=" in lines[n + 1].text else 2, number=number
        )
    if patterns.SIGNATURE.fullmatch(words) and (n + 1 == len(lines) or len(words) <= 80):
        return _skip(line, "signature slip")
    if patterns.is_control(words):
        return Block("paragraph", ((start, end),), start)
    if (marked := _marked(line, words, lines, n)) is not None:
        return marked
    short = n == 0 and len(words) < 45 and max(len(other.text) for other in lines) > 60
    if len(lines) == 1 or short or (n == 0 and words.isupper() and not lines[1].text.isupper()):
        return _heading(line, words)
    return None


def _underlines(rule: str, words: str) -> bool:
    bare = rule.strip()
    return (
        re.fullmatch(r"-{3,}|={3,}|~{3,}|\*{3,}|–{3,}|—{3,}|─{3,}", bare) is not None
        and "\t" not in words
        and len(words) <= 100
        and not words.endswith((".", ";"))
        and patterns.BULLET.match(words) is None
    )


def _heading_number(words: str, begin: int) -> tuple[str | None, int]:
    """The number a heading carries after offset `begin`, and where its words start."""
    for pattern in (patterns.DOTTED, patterns.PLAIN, patterns.CODED):
        if (match := pattern.match(words, begin)) is not None:
            return match.group(1), match.end() + len(words[match.end() :]) - len(words[match.end() :].lstrip())
    return None, begin


def _heading(line: _Line, words: str) -> Block | None:
    if not patterns.looks_like_heading(words):
        return None
    start, end = line.span
    number, body = _heading_number(words, len(words) - len(words.lstrip("*_")))
    return Block("heading", ((start, end),), start + (body if number else 0), number=number)


def _number_runs_on(lines: list[_Line], n: int, number: str, after: str) -> bool:
    """Whether the number that starts line `n` belongs to the sentence that the line before breaks off."""
    if n == 0:
        return False
    above = (_OPENS.match(lines[place].text) for place in range(n - 1, -1, -1))
    previous = next((match for match in above if match is not None), None)
    return patterns.number_runs_on(lines[n - 1].text, after, number, previous.group(1) if previous else None)


def _marked(line: _Line, words: str, lines: list[_Line], n: int) -> Block | None:
    """The list item, numbered clause or numbered heading that `words` opens, or None."""
    alone = len(lines) == 1
    start, end = line.span
    marker, at = "", 0
    if (match := patterns.BULLET.match(words) or _tight(words, lines, n)) is not None:
        marker, at = match.group().strip(), match.end()
    single = patterns.ALONE.fullmatch(words) if n + 1 < len(lines) else None
    if single is not None and not _number_runs_on(lines, n, single.group(1), lines[n + 1].text):
        return Block("item", ((start, end),), end, depth=line.indent, number=single.group(1))
    if alone and not marker and (heading := _section(line, words)) is not None:
        return heading
    if (found := patterns.clause_number(words, at)) is not None:
        number, at = found
        rest = words[at:].strip()
        if not marker and _number_runs_on(lines, n, number, rest):
            return None
        if not marker and alone and patterns.looks_like_heading(rest) and len(rest.split()) <= 10:
            return Block(
                "heading", ((start, end),), start + at + _gap(words, at), depth=number.count(".") + 1, number=number
            )
        return Block(
            "item", ((start, end),), start + at + _gap(words, at), depth=line.indent, marker=marker, number=number
        )
    if marker:
        return Block("item", ((start, end),), start + at, depth=line.indent, marker=marker)
    if (match := patterns.PLAIN.match(words)) is not None and words[match.end() :].strip():
        body = match.end() + _gap(words, match.end())
        if (alone or _opens_section(lines, n, match.group(1))) and patterns.looks_like_heading(words[body:]):
            return Block("heading", ((start, end),), start + body, depth=1, number=match.group(1))
        opens = words[match.end() - 1] in ".):" or (not alone and not re.match(r" ?[a-z]", words[match.end() :]))
        if opens and not _number_runs_on(lines, n, match.group(1), words[match.end() :]):
            return Block("item", ((start, end),), start + body, depth=line.indent, marker=match.group().strip())
    if (match := patterns.LETTER.match(words)) is not None:
        body = match.end() + _gap(words, match.end())
        return Block("item", ((start, end),), start + body, depth=line.indent, marker=match.group().strip())
    return None


def _section(line: _Line, words: str) -> Block | None:
    """The heading of a line that stands alone and begins with "Section 3", "Appendix B" or "§4"."""
    match = patterns.SECTION.match(words)
    if match is None or len(words.split()) > 14 or words.endswith("."):
        return None
    return (
        None
        if re.match(r"\d", words[match.end() :])
        else Block(
            "heading", (line.span,), line.start + len(line.text) - len(line.text.lstrip()) + match.end(), depth=1
        )
    )


def _tight(words: str, lines: list[_Line], n: int) -> re.Match[str] | None:
    """A dash close to its words, in a list of such lines."""
    match = patterns.TIGHT.match(words)
    beside = [lines[place].text.strip() for place in (n - 1, n + 1) if 0 <= place < len(lines)]
    return match if match is not None and any(patterns.TIGHT.match(other) for other in beside) else None


def _opens_section(lines: list[_Line], n: int, number: str) -> bool:
    """Whether the next line is the first clause of section `number` ("1.1" after "1. Keys")."""
    ahead = patterns.clause_number(lines[n + 1].text.strip()) if n + 1 < len(lines) else None
    return ahead is not None and ahead[0].startswith(f"{number}.")


def _gap(words: str, at: int) -> int:
    return len(words[at:]) - len(words[at:].lstrip())


def _row(line: _Line) -> Block:
    """A row of a Markdown table: a span for each cell that holds something."""
    if patterns.RULE.fullmatch(line.text.strip()):
        return _skip(line, "rule line")
    spans, at = [], line.start
    for cell in line.text.split("|"):
        bare = cell.strip()
        if bare:
            begin = at + cell.index(bare)
            spans.append((begin, begin + len(bare)))
        at += len(cell) + 1
    return Block("row", tuple(spans), spans[0][0] if spans else line.start, depth=len(spans))
