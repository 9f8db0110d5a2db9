"""Rich Text (.rtf) → text and blocks: striprtf gives the words and the numbers of lists, a paragraph a line and a table row a line of bars."""

import re

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
_NOTED = re.compile(r"\{\\(?:\*\\)?(footnote|annotation|shptxt)\b")


def read_rtf(data: bytes) -> Extracted:
    """Text and blocks of a Rich Text document."""
    if not data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableFileError(
            "The file is no Rich Text: it does not start as one. Open it and save it again as .rtf."
        )
    source = data.decode("cp1252", "replace").replace("\x01", " ")
    warnings = []
    if _REVISED.search(source) is not None:
        warnings.append(
            "The document has tracked changes that nobody accepted: insertions were read, deletions left out. Accept or reject them."
        )
        source = _accepted(source)
    for kind in sorted(set(_NOTED.findall(source))):
        name = {"footnote": "footnotes", "annotation": "comments", "shptxt": "text boxes"}[kind]
        warnings.append(f"The document has {name}, which are not read. Move rules that stand there into the text.")
    try:
        text = rtf_to_text(_OUTLINE.sub(r"\\outlinelevel\1 " + "\x01" + r"\1", source), errors="replace")
    except (ValueError, KeyError, IndexError, LookupError, UnicodeError, OverflowError, TypeError) as error:
        raise UnreadableFileError("The file is no readable Rich Text. Open it and save it again as .rtf.") from error
    builder = Builder()
    for line in text.split("\n"):
        level = _LEVEL.search(line)
        _add(fold(_LEVEL.sub("", line).replace("\x00", "")), int(level.group(1)) + 1 if level else None, builder)
    if not builder.text.strip():
        raise UnreadableFileError("The document holds no text (pictures only?). Save it with its text.")
    return Extracted(builder.text, tuple(builder.blocks), warnings=tuple(warnings))


def _accepted(source: str) -> str:
    """The source without the groups that hold tracked deletions."""
    parts, at = [], 0
    while (match := _DELETED.search(source, at)) is not None:
        depth, end = 0, len(source)
        for brace in _BRACE.finditer(source, match.start()):
            depth += {"{": 1, "}": -1}.get(brace.group(), 0)
            if not depth:
                end = brace.end()
                break
        parts.append(source[at : match.start()])
        at = end
    return "".join((*parts, source[at:]))


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
