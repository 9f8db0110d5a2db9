"""The lists of a Word document: numbering.xml and the styles that number → a label for each paragraph, counted in order."""

from dataclasses import replace
from typing import cast, get_args

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

from ingest.numbering import Counter, Format, Level

_OTHER: dict[str, Format] = {"decimalZero": "decimal", "ordinal": "decimal", "cardinalText": "decimal"}
MAX_CHAIN = 20
"""Styles that are based on each other are followed so far: a damaged file may hold a circle."""


class Lists:
    """Labels of numbered paragraphs, asked for in the document's order."""

    def __init__(self, word: WordDocument) -> None:
        self.styles = {style.get(qn("w:styleId")): style for style in word.styles.element.iter(qn("w:style"))}
        self.abstract: dict[str, BaseOxmlElement] = {}
        self.lists: dict[str, BaseOxmlElement] = {}
        root = next((part.element for part in word.part.package.iter_parts() if _is_numbering(part)), None)
        if root is not None:
            self.abstract = {one.get(qn("w:abstractNumId")): one for one in root.iter(qn("w:abstractNum"))}
            self.lists = {one.get(qn("w:numId")): one for one in root.iter(qn("w:num"))}
        self.counters: dict[str, Counter] = {}
        self.begun: set[tuple[str, int]] = set()

    def place(self, paragraph: Paragraph) -> tuple[str, int] | None:
        """List and level (0 outermost) of a paragraph that Word numbers or bullets by itself or by its style, else None."""
        properties = paragraph._p.pPr
        own = _list_of(properties)
        name = _value(properties, "w:pStyle") if properties is not None else None
        chain = self._chain(name)
        if own is not None and own[0] is not None:
            return None if own[0] == "0" else (own[0], own[1] or 0)
        for style in chain:
            of_style = _list_of(style.find(qn("w:pPr")))
            if of_style is not None and of_style[0] is not None:
                if of_style[0] == "0":
                    return None
                level = (own[1] if own else None) or of_style[1] or self._linked(of_style[0], chain)
                return of_style[0], level or 0
        return None

    def label(self, place: tuple[str, int]) -> str:
        """Count the paragraph and give its number as Word shows it; "" for a bullet."""
        name, depth = place
        one = self.lists.get(name)
        if one is None:
            return ""
        abstract = self._abstract(one)
        counter = self.counters.setdefault(abstract, Counter(self._levels(abstract)))
        start = None
        if place not in self.begun:
            self.begun.add(place)
            start = _override(one, depth)
        return counter.label(depth, start)

    def outline(self, paragraph: Paragraph) -> int | None:
        """The outline level (1 outermost) that the paragraph or its style gives it, if any: such paragraphs are headings."""
        properties = paragraph._p.pPr
        name = _value(properties, "w:pStyle") if properties is not None else None
        for holder in (properties, *(style.find(qn("w:pPr")) for style in self._chain(name))):
            found = _value(holder, "w:outlineLvl")
            if found is not None:
                return int(found) + 1 if found.isdigit() and int(found) < 9 else None
        return None

    def _chain(self, name: str | None) -> list[BaseOxmlElement]:
        """A style and those it is based on, innermost first."""
        chain: list[BaseOxmlElement] = []
        while name is not None and name in self.styles and len(chain) < MAX_CHAIN:
            chain.append(self.styles[name])
            name = _value(chain[-1], "w:basedOn")
        return chain

    def _linked(self, name: str, chain: list[BaseOxmlElement]) -> int:
        """The level of list `name` that is linked to one of the styles."""
        names = {style.get(qn("w:styleId")) for style in chain}
        one = self.lists.get(name)
        levels = self.abstract[self._abstract(one)].iter(qn("w:lvl")) if one is not None and self.abstract else ()
        return next((_number(level.get(qn("w:ilvl"))) for level in levels if _value(level, "w:pStyle") in names), 0)

    def _abstract(self, one: BaseOxmlElement) -> str:
        """The definition that a list counts by, a style's where it is linked to one."""
        name = _value(one, "w:abstractNumId") or ""
        linked = _value(self.abstract.get(name), "w:numStyleLink")
        if linked is not None:
            name = next((key for key, value in self.abstract.items() if _value(value, "w:styleLink") == linked), name)
        return name

    def _levels(self, abstract: str) -> tuple[Level, ...]:
        definition = self.abstract.get(abstract)
        levels = [Level("decimal", f"%{depth + 1}.") for depth in range(9)]
        for element in definition.findall(qn("w:lvl")) if definition is not None else ():
            depth = _number(element.get(qn("w:ilvl")))
            if depth > 8:
                continue
            kind = _value(element, "w:numFmt") or "decimal"
            levels[depth] = replace(
                levels[depth],
                format=cast(Format, kind if kind in get_args(Format) else _OTHER.get(kind, "decimal")),
                text=_value(element, "w:lvlText") or "",
                start=_number(_value(element, "w:start"), 1),
                legal=element.find(qn("w:isLgl")) is not None,
                restart=_number(_value(element, "w:lvlRestart"), depth) - 1,
            )
        return tuple(levels)


def _is_numbering(part: object) -> bool:
    return str(getattr(part, "partname", "")).endswith("/numbering.xml") and hasattr(part, "element")


def _override(one: BaseOxmlElement, depth: int) -> int | None:
    """The number at which a list starts anew at a level, if it says so."""
    for override in one.findall(qn("w:lvlOverride")):
        if override.get(qn("w:ilvl")) == str(depth) and (start := _value(override, "w:startOverride")) is not None:
            return _number(start, 1)
    return None


def _list_of(properties: BaseOxmlElement | None) -> tuple[str | None, int | None] | None:
    """List and level that paragraph properties name; each may be missing."""
    numbering = properties.find(qn("w:numPr")) if properties is not None else None
    if numbering is None:
        return None
    level = _value(numbering, "w:ilvl")
    return _value(numbering, "w:numId"), _number(level) if level is not None else None


def _value(element: BaseOxmlElement | None, tag: str) -> str | None:
    """The w:val of a child."""
    child = element.find(qn(tag)) if element is not None else None
    found = child.get(qn("w:val")) if child is not None else None
    return str(found) if found is not None else None


def _number(words: object, default: int = 0) -> int:
    return int(str(words)) if str(words).isdigit() else default
