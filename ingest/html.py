"""HTML → text and blocks. What browsers show as navigation, banners and footers is kept in the text, as skipped."""

import re
import warnings

from bs4 import BeautifulSoup
from bs4.element import CData, Comment, NavigableString, PreformattedString, Tag

from assistant.documents import fold
from assistant.errors import UnreadableFileError
from ingest import patterns
from ingest.blocks import Extracted
from ingest.builder import Builder

_HIDDEN = frozenset({"script", "style", "template", "noscript", "svg", "head", "iframe", "object", "select", "button"})
_AROUND = frozenset({"nav", "header", "footer", "aside", "dialog"})
_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alert"})
_NAMED = re.compile(
    r"\b(?:cookie|consent|breadcrumbs?|site-?(?:nav|header|footer|menu)|skip-?link|share-?(?:bar|links)|sidebar|menu)\b",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    {
        "p",
        "div",
        "form",
        "section",
        "article",
        "main",
        "body",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "blockquote",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "figure",
        "figcaption",
        "address",
        "details",
        "summary",
        "hr",
        "caption",
    }
)
_STRUCK = ["del", "s", "strike"]
_THROUGH = re.compile(r"\btext-decoration(?:-line)?\s*:[^;]{0,200}?\bline-through\b", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
# Of a style sheet only what names elements, classes and ids is followed, as Word and Google write it; no element's place among others.
_SELECTOR = re.compile(r"(?=.)(?:[a-z][a-z0-9]*)?(?:[.#][a-z_][\w-]*)*", re.IGNORECASE | re.ASCII)
_LISTS = ["ul", "ol", "table"]
_BREAK = "\u2028"
"""Stands for <br> until white space is folded."""

CHANGED = "The page has words that are struck out, or tracked changes that nobody accepted: insertions were read, what is struck was left out. Accept or reject them and save the page again."
"""What the report says of a page with such words."""

MAX_STYLES = 100
"""Names in a page's style sheets that strike through; further ones are not followed."""

MAX_DEPTH = 200
"""Elements nested deeper than this are read as one run of text: no page of a school needs more."""


def read_html(data: bytes) -> Extracted:
    """Text and blocks of an HTML page."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "looks like a file name", "looks like XML": the suffix said HTML
            soup = BeautifulSoup(data, "lxml")
    except (ValueError, AssertionError, RecursionError) as error:
        raise UnreadableFileError(
            f"The page can't be parsed as HTML ({error}). Save it again as HTML or as text."
        ) from error
    changed = _strike(soup)
    builder = Builder()
    _walk(soup.body or soup, builder, 0, around=False, lists=0)
    text = builder.text
    if not text.strip():
        raise UnreadableFileError("The page holds no text. Check that it is the policy and not a frame or a script.")
    title = fold(soup.title.get_text()) if soup.title else None
    return Extracted(text, tuple(builder.blocks), title=title or None, warnings=(CHANGED,) if changed else ())


def _strike(soup: BeautifulSoup) -> bool:
    """Take out what is struck through, by its tag or by its style; return whether that, or an insertion that somebody signed, was there."""
    struck = soup.find_all(_STRUCK) + soup.find_all(style=_THROUGH)
    names: dict[str, None] = {}
    for sheet in soup.find_all("style"):
        for rule in _COMMENT.sub("", sheet.get_text()).split("}"):
            named, _, style = rule.rpartition("{")
            if _THROUGH.search(style) is not None:
                names.update(dict.fromkeys(name.strip() for name in named.rpartition("{")[2].split(",")))
    selectors = [name for name in names if _SELECTOR.fullmatch(name)][:MAX_STYLES]
    struck += soup.select(",".join(selectors)) if selectors else []
    found = any(tag.get_text().strip() for tag in struck) or soup.find("ins", datetime=True) is not None
    for tag in struck:
        if not tag.decomposed and tag.name not in {"html", "body"}:
            tag.decompose()
    return found


def _is_around(tag: Tag) -> bool:
    """Whether an element is furniture of the site rather than part of the policy."""
    if tag.name in {"header", "footer"} and tag.find_parent(["article", "main"]) is not None:
        return tag.name == "footer"
    if tag.name in _AROUND or str(tag.get("role", "")).lower() in _ROLES:
        return True
    names = [*(tag.get("class") or []), tag.get("id") or ""]
    return tag.name in {"div", "section", "ul", "a", "p"} and any(_NAMED.search(str(name)) for name in names)


def _walk(tag: Tag, builder: Builder, depth: int, *, around: bool, lists: int) -> None:
    """Read an element's children: runs of inline content become paragraphs, block elements their own blocks."""
    run: list[str] = []

    def flush() -> None:
        _paragraph("".join(run), builder, around=around)
        run.clear()

    for child in tag.children:
        if isinstance(child, NavigableString):
            if not isinstance(child, Comment | CData | PreformattedString):
                run.append(str(child))
        elif isinstance(child, Tag):
            if _is_hidden(child):
                continue
            if child.name == "br":
                run.append(_BREAK)
            elif child.name not in _BLOCKS and not _is_around(child) and child.find(list(_BLOCKS)) is None:
                run.append(child.get_text())
            else:
                flush()
                _block(child, builder, depth + 1, around=around or _is_around(child), lists=lists)
    flush()


def _is_hidden(tag: Tag) -> bool:
    """Whether an element holds nothing to read; a form does where the site wraps its whole page in one."""
    return tag.name in _HIDDEN or (tag.name == "form" and tag.find(["p", "li", "h1", "h2", "h3", "table"]) is None)


def _paragraph(words: str, builder: Builder, *, around: bool) -> None:
    if around:
        builder.skip(words, "around the page")
        return
    run = ""
    for line in words.split(_BREAK):
        if patterns.DOTTED.match(line.strip()) is not None or patterns.BULLET.match(line.strip()) is not None:
            builder.add(run, "paragraph")
            run = ""
        run += _BREAK + line
    builder.add(run, "paragraph")


def _block(tag: Tag, builder: Builder, depth: int, *, around: bool, lists: int) -> None:
    if depth > MAX_DEPTH:
        _paragraph(tag.get_text(" "), builder, around=around)
    elif around:
        _walk(tag, builder, depth, around=True, lists=lists)
    elif re.fullmatch(r"h[1-6]", tag.name):
        builder.add(tag.get_text(), "heading", depth=int(tag.name[1]))
    elif tag.name in {"ul", "ol"}:
        _walk(tag, builder, depth, around=False, lists=lists + 1)
    elif tag.name in {"li", "dd"}:
        _item(tag, builder, depth, lists)
    elif tag.name == "tr":
        cells = tag.find_all(["td", "th"], recursive=False)
        headed = tag.parent is not None and tag.parent.name == "thead" and len(cells) > 1
        header = bool(cells) and (headed or all(cell.name == "th" for cell in cells))
        builder.row([cell.get_text(" ") for cell in cells], header=header)
    else:
        _walk(tag, builder, depth, around=False, lists=lists)


def _item(tag: Tag, builder: Builder, depth: int, lists: int) -> None:
    """A list item: its own words, then the lists inside it; words after such a list are an item of their own, not stitched to the first."""
    own: list[str] = []

    def flush() -> None:
        builder.add("".join(own), "item", depth=lists, marker="•")
        own.clear()

    for child in tag.children:
        if isinstance(child, Tag) and (child.name in _LISTS or child.find(_LISTS) is not None):
            flush()
            _block(child, builder, depth + 1, around=False, lists=lists)
        elif isinstance(child, Tag) and not _is_hidden(child):
            own.append(("\n" if child.name in _BLOCKS or child.name == "br" else "") + child.get_text())
        elif isinstance(child, NavigableString) and not isinstance(child, Comment | CData):
            own.append(str(child))
    flush()
