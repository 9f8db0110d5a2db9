"""How policies number, mark and furnish their text: the patterns that readers and splitter share."""

import re
from collections import Counter

from assistant.dates import DATE

# Word's bullets leave a PDF as characters of the Symbol and Wingdings fonts, or as glyphs without a name ("(cid:127)").
BULLET = re.compile(
    r"(?:[-*+•●▪◦‣·○■□➢❖✓–—\uf000-\uf0ff]|\(cid:\d{1,5}\)|o(?=\s{2,}|\t))[ \t]+|[•●▪◦‣■□➢❖✓\uf000-\uf0ff](?=\w)"
)
TIGHT = re.compile(r"[-–—](?=[A-Za-z])")
"""A dash that stands close to its words: a bullet where the line before or after has one too."""
DOTTED = re.compile(
    r"(?:(?:section|part|clause|paragraph|article|appendix|annex)\s+|§\s*)?(\d{1,3}(?:\.\d{1,3})+)[.):]?(?=\s)"
    r"(?!\s+(?-i:of|and|or|above|below|per|times|hours?|days?|weeks?|months?|years?|minutes?|million|metres?|miles?)\b)",
    re.IGNORECASE,
)
# "KS3 pupils", "Y7 pupils" and "A4 paper" start sentences: a code stands apart, or a capital follows it.
CODED = re.compile(r"(?!KS\d|Y\d|EY\d)([A-Z]{1,2}\d{1,3}(?:\.\d{1,3})*)(?:[.):](?=\s)|(?=\s{2,}|\t|\s+[A-Z“\"'‘(\[]))")
# "1(a)", "2 (a)(ii)", "1.a": a number that goes on in letters.
_MIXED = re.compile(r"(\d{1,3}(?:\.\d{1,3})*(?:(?:\s?\([a-z]{1,4}\)){1,2}|\.[a-z]))[.):]?(?=\s)")
# "§4 Staff must", "Rule 3 Staff must", "Article 4: Staff must"; "Article 8 ECHR gives" is a sentence.
_NAMED = re.compile(
    r"(?:§\s*|(?i:clause|rule)\s+|(?i:article|paragraph|section)\s+(?=\d{1,3}\s?[.:)–-]\s))(\d{1,3})\s?[.:)–-]?(?=\s+[A-Z])"
)
_IN_BRACKETS = re.compile(r"\((\d{1,3}(?:\.\d{1,3})+)\)(?=\s)")
_IN_BOLD = re.compile(r"(?:\*\*|__)(\d{1,3}(?:\.\d{1,3})+)[.):]?(?:\*\*|__)[.):]?(?=\s)")
_DASH = re.compile(r"\s*[-–—](?=\s)")
ALONE = re.compile(r"(?:\*\*|__)?(\d{1,3}(?:\.\d{1,3})+)[.):]?(?:\*\*|__)?")
"""A clause's number in a line (or cell) of its own."""
SECTION = re.compile(
    r"(?:(?:section|part|article|appendix|annex|schedule|chapter)\s+"
    r"((?-i:[A-Z]?\d{1,3}|[A-Z]|[IVXLC]{1,5})|one|two|three|four|five|six|seven|eight|nine|ten)|§\s*(\d{1,3}))\b[.):]?\s*[-–—:]?\s*",
    re.IGNORECASE,
)
LABEL = re.compile(r"(?:[IVX]{1,5}|[A-Z])[.)]\s")
"""A heading's label where headings are counted in capital letters or Roman numbers."""
PLAIN = re.compile(r"(\d{1,3})(?:[.):]|(?=\s))(?=\s|$)")
LETTER = re.compile(r"(?:\(([a-z]{1,2}|[ivx]{1,5}|[A-Z]|[IVX]{1,5}|\d{1,3})\)|([a-z]|[ivx]{1,5})[.)])(?=\s)")
_ROMAN = re.compile(r"(?=.)x{0,3}(?:ix|iv|v?i{0,3})")

RULE = re.compile(r"[\s\-_=*~|:+.─━]+")
_LEADER = re.compile(r"\.{3,}[\s|]*\d{1,3}[\s|]*$|(?:\.\s?){5,}[\s|]*$|…[\s|]*(?:…|\d{1,3}[\s|]*$)")
_APART = re.compile(r"(?<!\s)(\s+)\d{1,3}\s*$")
CONTENTS = re.compile(r"(?:table of )?contents(?: page)?:?|index", re.IGNORECASE)
PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–]?\s*\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?\s*[-–]?", re.IGNORECASE)
_PAGE = re.compile(r"(.{0,80}?)\bpage\s+\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?\b(.{0,80})", re.IGNORECASE)
_PAGE_OF = re.compile(r"(\d{1,3})\s*(?:of|/)\s*(\d{1,3})", re.IGNORECASE)
CONTROL = re.compile(
    r"(?:date of (?:issue|review|approval|adoption|next review)|(?:next |last |policy )?review(?:ed)?(?: date| due| deadline| frequency)?|"
    r"last updated|published(?: date)?|date published|version(?: number)?|approved(?: by| on)?|adopted(?: by| on)?|ratified(?: by| on)?|"
    r"issued|effective(?: from| date)?|policy owner|author|owner|document owner|status)\s*(?:[:–—-]|\bon\b|\bby\b|\d)[^\n]{0,160}",
    re.IGNORECASE,
)
SIGNATURE = re.compile(
    r"(?:(?:(?:print(?:ed)? |full )?name|sign(?:ed|ature)?|date(?: signed)?|employee signature|line manager)\b[^.:]{0,40}|"
    r"(?:position|job title|role|post)\s*(?:\([^)]{0,40}\)\s*)?)"
    r"(?::|[_.…]{3,})[\s_.…(]*(?:[^.]{0,40}\))?[\s_.…)]*",
    re.IGNORECASE,
)
PLEDGE = re.compile(
    r"\bI (?:confirm (?:that )?I )?(?:have|acknowledge that I have)\b[^.]{0,60}\bread\b[^.]{0,40}\bunderst(?:ood|and)\b",
    re.IGNORECASE,
)
TERMINAL = re.compile(r"[.!?:;…]['\"”’)\]*_]*\s*$")

_REACHED = re.compile(r"@\w|https?://|www\.|\b0\d{2,5}[\s)]*\d{3}|\(0\d{2,5}\)\s*\d{3}")
_BOX = re.compile(r"\(.*\)|yes|no", re.IGNORECASE)
_COUNTED = re.compile(r"^\W*(?:(?:section|part|appendix|annex|stage|step) )?\w{1,4}\)\s", re.IGNORECASE)
_AUDIENCE = re.compile(
    r"(?:all |the |our |other )?(?:staff|teachers?|teaching staff|support staff|employees?|pupils?|students?|children|learners?|parents?|carers?|governors?|"
    r"trustees?|governing (?:body|board)|head ?teacher|principal|senior leadership team|slt|senior leaders|managers?|line managers|"
    r"volunteers?|visitors?|contractors?|dsl|designated safeguarding lead|ict (?:team|lead)|hr|the school|the trust)"
    r"(?:\s*(?:/|and|&|,)\s*(?:staff|pupils?|students?|parents?|carers?|governors?|trustees?|volunteers?|visitors?|headteacher))*s?['’]?",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:co-?ordinator|officer|lead|leader|manager|clerk|chair|committee|director|investigator|technician|member)s?(?: of \w+)?(?:\s?\(s\))?$",
    re.IGNORECASE,
)
_VERBISH = re.compile(
    r"\b(?:must|shall|should|will|may|can|cannot|is|are|was|were|be|been|has|have|had|do|does|did|include[sd]?|apply|applies|need|ensure)\b",
    re.IGNORECASE,
)
_MODAL = re.compile(r"\b(?:must|shall|should|may|will|can|cannot)\b", re.IGNORECASE)
# After these words a number that starts the next line goes on with the sentence; after the second kind it is a reference.
_DANGLING = re.compile(
    r"\b(?:of|on|the|to|a|an|no|and|or|under|over|for|than|least|most|until|aged?|in|by|with|at|from|years?|between|about|within|"
    r"after|before|every|only|page|is|are)\s*$",
    re.IGNORECASE,
)
_REFERRING = re.compile(
    r"\b(?:sections?|clauses?|paragraphs?|parts?|points?|rules?|appendix|annex|see)\s*$", re.IGNORECASE
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


def clause_number(words: str, at: int = 0) -> tuple[str, int] | None:
    """The number of its own that a clause carries at offset `at` ("6.2", "A1", "1(a)" as "1.a", "§4"), and where it ends; or None."""
    for pattern in (DOTTED, CODED, _MIXED, _NAMED, _IN_BRACKETS, _IN_BOLD):
        if (match := pattern.match(words, at)) is not None:
            dash = _DASH.match(words, match.end())
            return re.sub(r"[()\s]+", ".", match.group(1)).strip("."), dash.end() if dash else match.end()
    return None


def nests(outer: str, inner: str) -> bool:
    """Whether an item marked `inner` goes under one marked `outer`, though no indentation says so: "(i)" under "(b)", "(a)" under "2."."""
    one, other = outer.strip("().: "), inner.strip("().: ")
    if not one or not other or (len(one) == len(other) == 1 and ord(other) == ord(one) + 1):
        return False
    return _style(one) != _style(other)


def _style(bare: str) -> str:
    if bare.isdigit():
        return "number"
    if not bare.isalpha():
        return "bullet"
    kind = "roman" if _ROMAN.fullmatch(bare.lower()) else "letter"
    return kind.upper() if bare.isupper() else kind


def is_audience(words: str) -> bool:
    """Whether a heading only names people ("Staff", "Parents/Carers"): such headings stand under another."""
    return _AUDIENCE.fullmatch(words.strip(" :")) is not None


def is_control(line: str) -> bool:
    """Whether a line only states dates, versions or owners of the document."""
    bare = line.strip(" *_|#\t")
    return len(bare) <= 170 and (CONTROL.fullmatch(bare) is not None or DATE.fullmatch(bare) is not None)


def is_dated(line: str) -> bool:
    """Whether a line is a label and its date ("Policy date: January 2016")."""
    label, colon, rest = line.partition(":")
    return is_control(line) or (
        bool(colon) and len(label.split()) <= 4 and DATE.fullmatch(rest.strip(" .*_")) is not None
    )


def is_label(words: str) -> bool:
    """Whether words that a format calls a heading title nothing: a way to reach someone, or what is left of a cell or of a flowchart's box ("Level)")."""
    bare = _COUNTED.sub("", words)
    return _REACHED.search(bare) is not None or bare.count("(") != bare.count(")") or _BOX.fullmatch(bare) is not None


def is_contents_entry(line: str) -> bool:
    """Whether a line ends as entries of a contents table do: leader dots or a page number set apart."""
    if _LEADER.search(line) is not None:
        return True
    apart = _APART.search(line)
    return apart is not None and ("\t" in apart.group(1) or len(apart.group(1)) >= 3)


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


def is_stem(words: str) -> bool:
    """Whether words that end in a colon demand, forbid or permit what follows, rather than name it."""
    return _MODAL.search(words) is not None


def leads_to(words: str, item: str) -> bool:
    """Whether words that end in a colon need an item to be a sentence: they name who ("The headteacher:"), or have the verb, and it goes on in small letters."""
    bare = words.strip("*_ :")
    named = is_audience(bare) or _ROLE.search(bare) is not None
    return item[:1].islower() and (named or _VERBISH.search(bare) is not None or _VERBISH.match(item) is not None)


def is_sentence(words: str) -> bool:
    """Whether words that a format calls a heading are a rule in a heading's style: some sentences, or more than a heading holds."""
    count = len(words.split())
    return count > 40 or (count > 12 and TERMINAL.search(words) is not None and not words.endswith((":", "?")))


def is_page_number(line: str) -> bool:
    """Whether a line is a page's number with what runs beside it ("3 of 6", "Social Media Policy, page 3"), not a sentence."""
    if (match := _PAGE_OF.fullmatch(line)) is not None:
        return int(match.group(1)) <= int(match.group(2))
    match = _PAGE.fullmatch(line) if len(line) <= 90 else None
    if match is None or line.endswith((".", ",", ";", "!", "?")):
        return False
    around = DATE.sub("", f"{match.group(1)} {match.group(2)}")
    return re.search(r"\w", around) is None or (is_title_case(around) and _VERBISH.search(around) is None)


def furniture_lines(lines: list[str]) -> set[int]:
    """Indexes of lines that are running heads or feet of a page that was turned into text.

    A page number counts when it says so ("3 of 6", "Page 2"); a line of dates counts when it recurs, stands beside a page
    number, or is part of one that recurs.
    """
    stripped = [line.strip() for line in lines]
    shapes = {
        n: re.sub(r"\d+", "#", DATE.sub("D", line)) for n, line in enumerate(stripped) if line and len(line) <= 120
    }
    counted = Counter(shapes.values())
    often = {shape for shape, count in counted.items() if count >= 3 and re.search(r"[A-Za-z]{3}", shape)}
    numbers = {
        n
        for n, line in enumerate(stripped)
        if is_page_number(line) or (shapes.get(n) in often and _PAGE.fullmatch(line) is not None)
    }
    beside = {m for n in numbers for m in range(n - 2, n + 3)}
    found = set(numbers)
    for n, shape in shapes.items():
        control = is_control(stripped[n]) and _MODAL.search(shape) is None
        if (control and (n in beside or shape in often or any(shape in other for other in often))) or (
            shape in often and n in beside and re.match(r"[a-z#]", shape) is None and TERMINAL.search(shape) is None
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


def number_runs_on(before: str, after: str, number: str, previous: str | None) -> bool:
    """Whether a number that starts a line belongs to the sentence of the line before ("under the age of / 18 as friends").

    `previous` is the number that the block before carries: the next of a list opens an item, whatever stands around it.
    """
    if not before.strip() or TERMINAL.search(before) is not None:
        return False
    refers = _REFERRING.search(before) is not None
    small = re.match(r"\s*[a-z]", after) is not None
    if is_next(previous, number):
        return "." in number and small and refers
    return number != "1" and (small or refers or _DANGLING.search(before) is not None)


def is_next(previous: str | None, number: str) -> bool:
    """Whether `number` follows `previous` in a list: 2 after 1, 6.3 after 6.2."""
    if previous is None:
        return False
    *above, last = previous.split(".")
    *over, now = number.split(".")
    return above == over and last.isdigit() and now.isdigit() and int(now) == int(last) + 1
