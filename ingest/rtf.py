"""Rich Text (.rtf) → text and blocks: striprtf gives the words and the numbers of lists, a paragraph a line and a table row a line of bars.

The words of text boxes, which striprtf leaves out, are put in the place of their shapes before it reads.
"""

import re
from collections.abc import Iterator

from striprtf.striprtf import rtf_to_text

from assistant.documents import fold
from assistant.errors import UnreadableFileError
from ingest import patterns
from ingest.blocks import Extracted
from ingest.builder import Builder

# A heading's level is a property of its paragraph (\outlinelevel0); it is carried through as \x01 and a digit.
_OUTLINE = re.compile(r"\\outlinelevel([0-8])(?!\d) ?")
_LEVEL = re.compile("\x01([0-8])")
_DELETED = re.compile(r"\{(?:\\[a-z]{1,32}-?\d{0,10} ?){0,20}?\\deleted(?![0-9a-z])")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_REVISED = re.compile(r"\\(?:deleted|revised)(?![0-9a-z])")
_SHAPE = re.compile(r"\{(?:\\\*)?\\(?:shp|shpgrp|do)(?![0-9a-z])")
_BOX = re.compile(r"\{(?:\\\*)?\\(?:shptxt|dptxbxtext)(?![0-9a-z]) ?")
# Where a text box begins and ends in the words.
_OPENS, _CLOSES = "\x02", "\x03"
_NOTED = re.compile(r"\{\\(?:\*\\)?(footnote|annotation|shptxt)\b")


def read_rtf(data: bytes) -> Extracted:
    """Text and blocks of a Rich Text document."""
    if not data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableFileError(
            "The file is no Rich Text: it does not start as one. Open it and save it again as .rtf."
        )
    source = re.sub("[\x01-\x03]", " ", data.decode("cp1252", "replace"))
    warnings = []
    if _REVISED.search(source) is not None:
        warnings.append(
            "The document has tracked changes that nobody accepted: insertions were read, deletions left out. Accept or reject them."
        )
        source = _accepted(source)
    source = _unboxed(source)
    for kind in sorted(set(_NOTED.findall(source))):
        name = {"footnote": "footnotes", "annotation": "comments", "shptxt": "text boxes"}[kind]
        warnings.append(f"The document has {name}, which are not read. Move rules that stand there into the text.")
    try:
        text = rtf_to_text(_OUTLINE.sub(r"\\outlinelevel\1 " + "\x01" + r"\1", source), errors="replace")
    except (ValueError, KeyError, IndexError, LookupError, UnicodeError, OverflowError, TypeError) as error:
        raise UnreadableFileError("The file is no readable Rich Text. Open it and save it again as .rtf.") from error
    builder = Builder()
    for line in _behind(text).split("\n"):
        level = _LEVEL.search(line)
        _add(fold(_LEVEL.sub("", line).replace("\x00", "")), int(level.group(1)) + 1 if level else None, builder)
    if not builder.text.strip():
        raise UnreadableFileError("The document holds no text (pictures only?). Save it with its text.")
    return Extracted(builder.text, tuple(builder.blocks), warnings=tuple(warnings))


def _group_end(source: str, start: int) -> int | None:
    """Where the group that begins at `start` ends, or None where it is not closed."""
    depth = 0
    for brace in _BRACE.finditer(source, start):
        depth += {"{": 1, "}": -1}.get(brace.group(), 0)
        if not depth:
            return brace.end()
    return None


def _accepted(source: str) -> str:
    """The source without the groups that hold tracked deletions."""
    parts, at = [], 0
    while (match := _DELETED.search(source, at)) is not None:
        parts.append(source[at : match.start()])
        at = _group_end(source, match.start()) or len(source)
    return "".join((*parts, source[at:]))


def _unboxed(source: str) -> str:
    """The source with the words of each text box, between marks, in place of the drawing that striprtf leaves out."""
    parts, at = [], 0
    while (match := _SHAPE.search(source, at)) is not None and (end := _group_end(source, match.start())) is not None:
        shape = source[match.start() : end]
        # In raw bytes of a picture braces mean nothing, so such a shape may end elsewhere.
        words = "" if r"\bin" in shape else "".join(_boxes(shape))
        parts.append(source[at : match.start()] + (words or shape))
        at = end
    return "".join((*parts, source[at:]))


def _boxes(shape: str) -> Iterator[str]:
    """The text boxes of a shape or group of shapes; the copies for programs that know no shapes stand under \\shprslt, behind them."""
    last = shape.find(r"{\shprslt")
    at, end = 0, last if last >= 0 else len(shape)
    while (match := _BOX.search(shape, at, end)) is not None:
        at = _group_end(shape, match.start()) or end
        yield f"{{{_OPENS}{{{shape[match.end() : at - 1]}}}{_CLOSES}}}"


def _behind(text: str) -> str:
    """The text with each box behind the line in which it is anchored: inside it the box would cut a sentence or a row."""
    parts, waiting = [], []
    for place, piece in enumerate(re.split(f"{_OPENS}([^{_CLOSES}]*){_CLOSES}", text)):
        if place % 2:
            waiting.append(piece)
            continue
        line, end, rest = piece.partition("\n")
        parts.append(line)
        if end:
            parts += ["\n", *(f"{box}\n" for box in waiting), rest]
            waiting = []
    return "".join((*parts, *(f"\n{box}" for box in waiting))).translate({2: None, 3: None})


def _add(words: str, level: int | None, builder: Builder) -> None:
    if words.endswith("|") and words.count("|") > 1:
        builder.row(words.split("|"), header=False)
    elif patterns.is_contents_entry(words):
        builder.skip(words, "contents table")
    elif level is not None and not patterns.is_sentence(words):
        builder.add(words, "heading", depth=level)
    elif patterns.SIGNATURE.fullmatch(words):
        builder.skip(words, "signature slip")
    elif patterns.BULLET.match(words) is None and patterns.looks_like_heading(words):
        builder.add(words, "heading")
    else:
        builder.add(words, "paragraph")
