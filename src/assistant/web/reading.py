"""A document as a page of its own: its whole text in its order, one clause set off, pages and clauses marked. Every text is escaped."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from html import escape, unescape
from urllib.parse import quote as quoted

from assistant.documents import Clause, Document, Span, fold

_REFERENCE = re.compile(
    r"\b(?:section|paragraph|clause|para\.?|point) (\d+(?:\.\d+)*(?:\.?[a-z]\b|\([a-z]+\))?)", re.IGNORECASE
)

_STYLE = """
:root { color-scheme: light dark; --ink: #0b0c0c; --paper: #fff; --quiet: #484f54; --mark: #fff2b3; --line: #b1b4b6; --link: #1a5a96; }
@media (prefers-color-scheme: dark) { :root { --ink: #f3f2f1; --paper: #14181d; --quiet: #c3c9ce; --mark: #4d4210; --line: #6b747b; --link: #8cc2f0; } }
body { font: 1.125rem/1.55 Arial, Helvetica, sans-serif; color: var(--ink); background: var(--paper); max-width: 46rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
a { color: var(--link); } .quiet { color: var(--quiet); } .page { border-top: 1px dashed var(--line); color: var(--quiet); font-size: 1rem; margin-top: 1.5rem; }
h1 { font-size: 1.75rem; } h2 { font-size: 1.375rem; } h3, h4, h5, h6 { font-size: 1.1875rem; }
mark { background: var(--mark); color: inherit; padding: .125rem 0; } #here { scroll-margin-top: 5rem; } p:has(> mark) { border-left: 6px solid #00703c; padding-left: .75rem; }
:focus-visible { outline: 4px solid #ffdd00; box-shadow: 0 0 0 6px #0b0c0c; }
"""


def page(document: Document, wanted: str = "", others: Iterable[Document] = ()) -> str:
    """The document as HTML, the clause with the id `wanted` (its stems and list items too) set off under the anchor "here"; where it names one of the `others`, it leads there."""
    chosen = _chosen(document, wanted)
    titles = {
        fold(one.title).lower(): one.slug for one in others if one.slug != document.slug and " " in fold(one.title)
    }
    naming = _naming(titles)
    numbers = {clause.number.rstrip("."): _anchor(clause) for clause in document.clauses if clause.number}
    parts: list[str] = []
    pages = list(enumerate(document.pages, 1))
    anchored: set[str] = set()
    for (start, end), tag, clause in _pieces(document):
        while pages and pages[0][1] <= start:
            parts.append(f'<p class="page">Page {pages.pop(0)[0]}</p>')
        words = escape(document.text[start:end])
        if tag == "p":
            words = _REFERENCE.sub(lambda match: _linked(match, numbers), _named(words, naming, titles))
        if any(begin < end and start < stop for begin, stop in chosen):
            here = "" if "here" in anchored else ' id="here"'
            anchored.add("here")
            words = f"<mark{here}>{words}</mark>"
        name = ""
        if clause is not None and _anchor(clause) not in anchored:
            anchored.add(_anchor(clause))
            name = f' id="{_anchor(clause)}"'
        quiet = ' class="quiet"' if clause is None and tag == "p" else ""
        parts.append(f"<{tag}{name}{quiet}>{words}</{tag}>")
    found = ' <a href="#here">Go to the clause</a>' if chosen else ""
    school = f"{escape(document.organisation)}. " if document.organisation else ""
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="referrer" content="no-referrer"><title>{escape(document.title)}</title><style>{_STYLE}</style></head><body><main>'
        f'<h1>{escape(document.title)}</h1><p class="quiet">{school}{escape(_sentence(document.standing(date.today())))} '
        f"The text as it was read from {escape(document.source)}.{found}</p>{''.join(parts)}</main></body></html>"
    )


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _chosen(document: Document, wanted: str) -> tuple[Span, ...]:
    by_id = {clause.id: clause for clause in document.clauses}
    clause = by_id.get(wanted)
    if clause is None:
        return ()
    stems = tuple(span for stem in clause.lead_in for span in stem.spans)
    return (*stems, *clause.spans, *(span for name in clause.members for span in _chosen(document, name)))


def _pieces(document: Document) -> Iterator[tuple[Span, str, Clause | None]]:
    """The text from its first character to its last: headings, clauses, and what is neither, with a tag for each."""
    levels = sorted({heading.level for heading in document.headings})
    known: list[tuple[Span, str, Clause | None]] = [
        (heading.span, f"h{min(levels.index(heading.level) + 2, 6)}", None) for heading in document.headings
    ]
    known += [(span, "p", clause) for clause in document.clauses for span in clause.spans]
    at = 0
    for span, tag, clause in sorted(known, key=lambda piece: piece[0]):
        if span[0] > at and document.text[at : span[0]].strip():
            yield (at, span[0]), "p", None
        if span[1] > at:
            yield (max(at, span[0]), span[1]), tag, clause
            at = span[1]
    if document.text[at:].strip():
        yield (at, len(document.text)), "p", None


def _anchor(clause: Clause) -> str:
    return re.sub(r"[^\w.-]", "-", clause.id)


def _linked(match: re.Match[str], numbers: dict[str, str]) -> str:
    anchor = numbers.get(match[1])
    return f'<a href="#{anchor}">{match[0]}</a>' if anchor else match[0]


def _naming(titles: Iterable[str]) -> re.Pattern[str]:
    """Finds each of the titles in escaped text, whatever white space stands between their words; finds nothing where there are none."""
    known = (re.escape(escape(title)).replace(r"\ ", r"\s+") for title in sorted(titles, key=len, reverse=True))
    return re.compile(rf"\b(?:{'|'.join(known) or '(?!)'})\b", re.IGNORECASE)


def _named(words: str, naming: re.Pattern[str], titles: dict[str, str]) -> str:
    """Escaped text with a link at each title of another document."""

    def linked(match: re.Match[str]) -> str:
        slug = titles.get(fold(unescape(match[0])).lower())
        return f'<a href="{quoted(slug)}">{match[0]}</a>' if slug else match[0]

    return naming.sub(linked, words)
