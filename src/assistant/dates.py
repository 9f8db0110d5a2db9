"""Dates as policies write them, and the one by which a policy says that it is to be reviewed."""

import re
from datetime import date

_MONTHS = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTHS}\.?,?\s+(?:\d{{1,2}},?\s+)?(?:19|20)\d\d\b"
    r"|\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d\d)\b|\b(?:19|20)\d\d-\d\d-\d\d\b",
    re.IGNORECASE,
)
_DUE = re.compile(
    r"(?:next review(?: deadline| date| due)?|review (?:date|due|deadline)|date of (?:next )?review|(?:to be|due to be|will be) reviewed"
    r"(?: by| on| in)?|review by|for review(?: in| by)?"
    r"|review to be completed(?: by)?)[\s|*_]*(?:is|due|in|on|:|[-–—])?[\s|*_]*(?:by:?\s+)?",
    re.IGNORECASE,
)
_SHORT = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def parse(words: str) -> date | None:
    """The date that `words` name ("October 2024", "1st May 2025", "03/09/2026", "2026-09-03"), a month by its last day; or None."""
    if (match := re.search(r"\b(\d{4})-(\d\d)-(\d\d)\b", words)) is not None:
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if (match := re.search(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)\b", words)) is not None:
        year = int(match[3])
        return _date(year + 2000 if year < 100 else year, int(match[2]), int(match[1]))
    if (
        match := re.search(
            r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([A-Za-z]{3,9})\.?,?\s+(?:(\d{1,2}),?\s+)?((?:19|20)\d\d)", words
        )
    ) is not None:
        name, year, day = match[2].lower()[:3], int(match[4]), match[1] or match[3]
        if name in _SHORT:
            month = _SHORT.index(name) + 1
            return _date(year, month, int(day)) if day else _last_day(year, month)
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _last_day(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1).replace(day=1) - date.resolution


def review_dates(text: str) -> list[tuple[date, int, int]]:
    """The dates that `text` gives for its own next review, with the place of the words that say so."""
    found = []
    for match in _DUE.finditer(text):
        after = text[match.end() : match.end() + 40]
        named = DATE.match(after.lstrip())
        if named is not None and (due := parse(named.group())) is not None:
            end = match.end() + (len(after) - len(after.lstrip())) + named.end()
            found.append((due, match.start(), end))
    return found


def review_due(text: str) -> date | None:
    """The latest date that `text` gives for its own next review, or None. Where two disagree, the later one: no false alarm."""
    return max((due for due, _, _ in review_dates(text)), default=None)
