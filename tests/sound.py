"""What holds for whatever is split: nothing invented, nothing lost, nothing twice."""

import math
import re

from assistant.documents import seal, sliced
from ingest.blocks import Extracted
from ingest.split import Split

# A list mark, a clause number or a letter, or both: all that may stand outside clauses, headings and what is skipped.
MARK = re.compile(
    r"(?:(?:[-*+•●▪◦‣·○■□➢❖✓–—o\uf000-\uf0ff]|\(cid:\d+\))\s*)?(?:(?:section|part|clause|rule|paragraph|article|appendix|annex)\s+|§\s*)?"
    r"(?:[*_]{0,2}\(?[A-Z]{0,2}\d{1,3}(?:\.\d{1,3})*(?:(?:\s?\([a-z]{1,4}\)){1,2}|\.[a-z])?\s?[.):–-]{0,2}[*_]{0,2}[.):]?|\(?[a-z]{1,5}[.)])?(?:\s*[-–—])?",
    re.IGNORECASE,
)


def assert_sound(extracted: Extracted, result: Split) -> None:
    text = extracted.text
    spans = [span for clause in result.clauses for span in clause.spans]
    for clause in result.clauses:
        assert clause.text
        assert clause.text == sliced(text, clause.spans)
        assert clause.sha256 == seal(clause.lead_in, clause.text)
        assert all(stem.text and stem.text == sliced(text, stem.spans) for stem in clause.lead_in)
    assert all(start < end <= len(text) for start, end in spans)

    taken = sorted([*spans, *(heading.span for heading in result.headings), *(item.span for item in result.skipped)])
    at = 0
    for start, end in [*taken, (len(text), len(text))]:
        assert start >= at, f"{text[start:at]!r} is taken twice"
        assert MARK.fullmatch(text[at:start].strip()), f"{text[at:start]!r} is lost"
        at = end

    ids = [clause.id for clause in result.clauses]
    assert len(ids) == len(set(ids))
    assert not any(re.search(r"\s", name) for name in ids)
    assert {member for clause in result.clauses for member in clause.members} <= set(ids)

    shares = (result.coverage.clauses, result.coverage.headings, result.coverage.skipped)
    assert math.isclose(sum(shares), 1)
    assert all(-1e-9 <= share <= 1 for share in shares)
