"""How policies number, mark and furnish their text: the patterns that readers and splitter share."""

import re
from itertools import pairwise

_MONTHS = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTHS}\.?,?\s+(?:\d{{1,2}},?\s+)?(?:19|20)\d\d\b"
    r"|\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d\d)\b|\b(?:19|20)\d\d-\d\d-\d\d\b",
    re.IGNORECASE,
)

BULLET = re.compile(r"(?:[-*+•●▪◦‣·○■□➢❖✓–—]|o(?=\s{2,}|\t))[ \t]+")
DOTTED = re.compile(
    r"(?:(?:section|part|clause|paragraph|article|appendix|annex)\s+|§\s*)?(\d{1,3}(?:\.\d{1,3})+)[.):]?(?=\s)",
    re.IGNORECASE,
)
CODED = re.compile(r"([A-Z]{1,2}\d{1,3}(?:\.\d{1,3})*)[.):]?(?=\s)")
SECTION = re.compile(
    r"(?:section|part|article|appendix|annex|schedule|chapter|§)\s*([A-Z0-9]{1,3}|[IVX]+)\b[.):]?\s*[-–—:]?\s*",
    re.IGNORECASE,
)
PLAIN = re.compile(r"(\d{1,3})(?:[.):]|(?=\s))(?=\s|$)")
LETTER = re.compile(r"(?:\(([a-z]{1,2}|[ivx]{1,5})\)|([a-z]|[ivx]{1,5})[.)])(?=\s)")

RULE = re.compile(r"[\s\-_=*~|:+.─━]+")
_LEADER = re.compile(r"\.{3,}|…|\t\s*\d{1,3}\s*$|\s{3,}\d{1,3}\s*$")
CONTENTS = re.compile(r"(?:table of )?contents(?: page)?:?|index", re.IGNORECASE)
PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–]?\s*\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?\s*[-–]?", re.IGNORECASE)
PAGE_OF = re.compile(
    r"(?:.{0,80}\b)?page\s+\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?\b.{0,80}|\d{1,3}\s*(?:of|/)\s*\d{1,3}", re.IGNORECASE
)
CONTROL = re.compile(
    r"(?:date of (?:issue|review|approval|adoption|next review)|(?:next |last |policy )?review(?:ed)?(?: date| due| deadline| frequency)?|"
    r"last updated|published(?: date)?|date published|version(?: number)?|approved(?: by| on)?|adopted(?: by| on)?|ratified(?: by| on)?|"
    r"issued|effective(?: from| date)?|policy owner|author|owner|document owner|status)\s*(?:[:–—-]|\bon\b|\bby\b|\d)[^\n]{0,160}",
    re.IGNORECASE,
)
SIGNATURE = re.compile(
    r"(?:(?:print(?:ed)? )?name|sign(?:ed|ature)?|date(?: signed)?|position|job title|role|employee signature|"
    r"line manager)\b[^.:]{0,40}(?::|[_.…]{3,})[\s_.…(]*(?:[^.]{0,40}\))?[\s_.…)]*",
    re.IGNORECASE,
)
PLEDGE = re.compile(
    r"\bI (?:confirm (?:that )?I )?(?:have|acknowledge that I have)\b[^.]{0,60}\bread\b[^.]{0,40}\bunderst(?:ood|and)\b",
    re.IGNORECASE,
)
TERMINAL = re.compile(r"[.!?:;…]['\"”’)\]*_]*\s*$")

_AUDIENCE = re.compile(
    r"(?:all |the |our |other )?(?:staff|teachers?|teaching staff|support staff|employees?|pupils?|students?|children|learners?|parents?|carers?|governors?|"
    r"trustees?|governing (?:body|board)|head ?teacher|principal|senior leadership team|slt|senior leaders|managers?|line managers|"
    r"volunteers?|visitors?|contractors?|dsl|designated safeguarding lead|ict (?:team|lead)|hr|the school|the trust)"
    r"(?:\s*(?:/|and|&|,)\s*(?:staff|pupils?|students?|parents?|carers?|governors?|trustees?|volunteers?|visitors?|headteacher))*s?['’]?",
    re.IGNORECASE,
)
_VERBISH = re.compile(
    r"\b(?:must|shall|should|will|may|can|cannot|is|are|was|were|be|been|has|have|had|do|does|did|include[sd]?|apply|applies|need|ensure)\b",
    re.IGNORECASE,
)
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "of",
        "on",
        "or",
        "over",
        "the",
        "to",
        "via",
        "with",
        "your",
        "our",
        "their",
        "its",
        "&",
        "–",
        "-",
        "/",
    ]
)


def is_audience(words: str) -> bool:
    """Whether a heading only names people ("Staff", "Parents/Carers"): such headings stand under another."""
    return _AUDIENCE.fullmatch(words.strip(" :")) is not None


def is_control(line: str) -> bool:
    """Whether a line only states dates, versions or owners of the document."""
    bare = line.strip(" *_|#\t")
    return len(bare) <= 170 and (CONTROL.fullmatch(bare) is not None or DATE.fullmatch(bare) is not None)


def is_contents_entry(line: str) -> bool:
    """Whether a line ends as entries of a contents table do: leader dots or a page number set apart."""
    return _LEADER.search(line) is not None


def is_title_case(words: str) -> bool:
    """Whether most of the words that count begin with a capital."""
    counted = [word for word in re.findall(r"[\w'’&/-]+", words) if word.lower() not in _SMALL]
    return bool(counted) and sum(not word[0].islower() for word in counted) >= 0.7 * len(counted)


def looks_like_heading(words: str) -> bool:
    """Whether a line that stands alone reads as a heading: short, a capital first, no sentence, no closing stop."""
    bare = words.strip().strip("*_").strip()
    if not bare or len(bare) > 110 or not re.match(r"[A-Z0-9“\"'‘(\[]", bare) or is_control(bare):
        return False
    count = len(bare.split())
    if bare.isupper() and count <= 14 and re.search(r"[A-Z]{3}", bare) and not bare.endswith((".", ";", ",")):
        return True
    if bare.endswith(":"):
        return count <= 10 and is_title_case(bare) and _VERBISH.search(bare) is None
    if re.search(r"[.;,!]$", bare) or (bare.endswith("?") and count > 12):
        return False
    return count <= (12 if is_title_case(bare) else 9) and (
        is_title_case(bare) or _VERBISH.search(bare) is None or bare.endswith("?")
    )


def furniture_lines(lines: list[str]) -> set[int]:
    """Indexes of lines that are running heads or feet of a page that was turned into text.

    A page number counts when it says so ("3 of 6", "Page 2"); a line of dates counts when it recurs, stands beside a page
    number, or is part of one that recurs.
    """
    stripped = [line.strip() for line in lines]
    numbers = {n for n, line in enumerate(stripped) if line and PAGE_OF.fullmatch(line) and len(line) <= 90}
    beside = {m for n in numbers for m in range(n - 2, n + 3)}
    shapes = {
        n: re.sub(r"\d+", "#", DATE.sub("D", line)) for n, line in enumerate(stripped) if line and len(line) <= 120
    }
    often = {
        shape
        for shape in set(shapes.values())
        if sum(other == shape for other in shapes.values()) >= 3 and re.search(r"[A-Za-z]{3}", shape)
    }
    found = set(numbers)
    for n, shape in shapes.items():
        control = is_control(stripped[n])
        if (control and (n in beside or shape in often or any(shape in other for other in often))) or (
            shape in often and n in beside
        ):
            found.add(n)
    return found


def runs_on(before: str, after: str) -> bool:
    """Whether a stretch goes on in the next one: no stop before, a small letter after."""
    return (
        bool(before.strip())
        and TERMINAL.search(before) is None
        and re.match(r"\s*[a-z(“‘'\"]?[a-z]", after) is not None
    )


def is_increasing(numbers: list[str]) -> bool:
    """Whether dotted numbers never go back ("1.1", "1.2", "2.1")."""
    keys = [tuple(int(part) for part in number.split(".")) for number in numbers]
    return all(first <= second for first, second in pairwise(keys))
