"""What is wrong with the policies themselves: findings, each with its quote and place, its severity, and what to do.

Only what a program can be sure of is reported: a DSL who is sent after shadows stops reading. Facts about law and platforms stand in
`dated.toml`, each with its date.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from assistant.contradictions import age_of, clashes
from assistant.dates import DATE, parse, review_dates
from assistant.documents import Clause, Document, Span, fold
from assistant.modality import modality

Severity = Literal["high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")
RULES = 2
"""Clauses with a force that a policy has at least."""
OLD = 2
"""Years after which a person named in a policy may have left."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `spans` and `text` are of the document's text, verbatim; none where something is missing."""

    policy: str
    kind: str
    severity: Severity
    message: str
    clause: str | None = None
    text: str | None = None
    spans: tuple[Span, ...] = ()
    related: tuple[dict[str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The finding in the contract's form."""
        return asdict(self)


def findings(documents: Sequence[Document], today: date | None = None) -> list[Finding]:
    """What is wrong with the documents, most severe first, then by document and place.

    References from one document to another are looked up among all of `documents`.
    """
    now = today or date.today()
    found: list[Finding] = []
    for document in documents:
        for check in _CHECKS:
            found += check(document, now)
        found += _missing_policies(document, documents)
    found += _ages_between(documents)
    schools: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        schools[document.organisation or document.slug].append(document)
    found += [finding for school in schools.values() for finding in _clashes(school)]
    return sorted(found, key=lambda item: (SEVERITIES.index(item.severity), item.policy, item.spans[:1]))


def touching(found: Sequence[Finding], clause: str) -> list[Finding]:
    """The findings that stand in a clause (by id)."""
    return [item for item in found if item.clause == clause or any(row["clause"] == clause for row in item.related)]


def _at(document: Document, start: int, end: int, kind: str, severity: Severity, message: str) -> Finding:
    """A finding that quotes `document.text[start:end]`."""
    clause = next((one.id for one in document.clauses if any(a < end and start < b for a, b in one.spans)), None)
    return Finding(document.slug, kind, severity, message, clause, fold(document.text[start:end]), ((start, end),))


# Review dates


def _review(document: Document, now: date) -> Iterator[Finding]:
    dates = review_dates(document.text)
    if not dates:
        if sum(clause.modality != "statement" for clause in document.clauses) < RULES:
            return  # a form or a letter, no policy
        yield Finding(
            document.slug,
            "review_missing",
            "medium",
            "It gives no date for its next review. Agree one and write it on the first page.",
        )
        return
    latest, start, end = max(dates)
    if latest < now:
        years = (12 * (now.year - latest.year) + now.month - latest.month) // 12  # it says the month, not the day
        late = f"{years} year{'s' if years > 1 else ''} ago" if years else f"{(now - latest).days} days ago"
        yield _at(
            document,
            start,
            end,
            "review_overdue",
            "high" if years else "medium",
            f"Its review was due in {latest:%B %Y}, {late}. Review it, or confirm that it is still in force.",
        )
    by_date: dict[date, tuple[int, int]] = {}
    following = [due for due, begin, stop in dates if _NEXT.search(document.text[begin:stop])]
    for due, begin, stop in dates:
        if following and due < min(following):
            continue  # "Date of review: March 2020, date of next review: March 2021": the first was the last review
        by_date.setdefault(due, (begin, stop))
    if len(by_date) > 1:
        first = _at(
            document,
            *by_date[min(by_date)],
            "dates_disagree",
            "medium",
            f"It gives {len(by_date)} dates for its review ({', '.join(f'{due:%B %Y}' for due in sorted(by_date))}). Keep one.",
        )
        others = [_at(document, *by_date[due], "", "low", "") for due in sorted(by_date)[1:]]
        yield Finding(
            **{**_fields(first), "related": tuple({"clause": o.clause or "", "text": o.text or ""} for o in others)}
        )


_NEXT = re.compile(r"\b(?:next|due|deadline|by)\b", re.IGNORECASE)


def _fields(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in Finding.__slots__}


# Words left over from a template

_PLACEHOLDER = re.compile(
    r"\[\s*(?:insert|enter|add|state|specify|describe|name of|your|school name|school's name|academy name|date|delete|you may|include|amend|complete|choose|select|number|post|say|"
    r"role|job title|xx+)\b[^\]\n]{0,300}\]|<i>\s*(?:insert|enter|add|delete|post holder|second post)[^<\n]{0,120}</i>|\bX{3,}\b|\bTBC\b|\bto be confirmed\b"
    r"|\{\{?\s*\w[^}\n]{0,60}\}\}?|<<[^>\n]{1,80}>>",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(
    r"\b(?:model|template|exemplar|specimen) (?:\w+ ){0,3}(?:policy|policies|document)\b|\bpolicy template\b|\bmodel policy\b",
    re.IGNORECASE,
)
_EITHER = re.compile(
    r"\b(?:school|academy|trust|college)\s?/\s?(?:school|academy|trust|college|setting)\b", re.IGNORECASE
)
_MARKUP = re.compile(
    r"</?(?:ul|ol|li|p|br|div|span|a|table|tr|td|b|strong|em|font|style|h[1-6])\b[^>\n]{0,200}>?", re.IGNORECASE
)


def _left_over(document: Document, _now: date) -> Iterator[Finding]:
    seen: dict[str, list[re.Match[str]]] = defaultdict(list)
    for match in _PLACEHOLDER.finditer(document.text):
        seen[fold(match.group()).lower()].append(match)
    for matches in seen.values():
        times = f" It stands there {len(matches)} times." if len(matches) > 1 else ""
        yield _at(
            document,
            *matches[0].span(),
            "placeholder",
            "high",
            f"A blank of the template was never filled in.{times} Fill it in, or delete the sentence.",
        )
    head = _TEMPLATE.search(document.title) or _TEMPLATE.search(document.text[:1500])
    either = list(_EITHER.finditer(document.text))
    if head is not None or len(either) >= 3:
        place = _TEMPLATE.search(document.text[:1500]) or (either[0] if either else None)
        said = "It is a model or template and names no school that adopted it. Adopt it under the school's name before relying on it."
        yield (
            _at(document, *place.span(), "template", "high", said)
            if place is not None
            else Finding(document.slug, "template", "high", said)
        )
    if not document.source.lower().endswith((".html", ".htm", ".md")):
        found = list(_MARKUP.finditer(document.text))
        if found:
            yield _at(
                document,
                *found[0].span(),
                "markup",
                "low",
                f"Web-page code stands in the text ({len(found)} {'place' if len(found) == 1 else 'places'}). Save the document again without it.",
            )


# Law, bodies and platforms


@cache
def _dated() -> dict[str, Any]:
    return tomllib.loads((files("assistant") / "dated.toml").read_text(encoding="utf-8"))


def _out_of_date(document: Document, _now: date) -> Iterator[Finding]:
    for law in _dated()["law"]:
        match = re.search(law["pattern"], document.text)
        if match is not None:
            yield _at(document, *match.span(), law["kind"], "medium", law["message"])
    names = []
    for platform in _dated()["platform"]:
        found = list(re.finditer(platform["pattern"], document.text))
        names += found
        if found:
            listed = ", ".join(dict.fromkeys(match.group().strip() for match in found))
            yield _at(document, *found[0].span(), "dated_platform", "low", f"{platform['message']} Named: {listed}.")
    current = _dated()["current"]
    social = re.search(r"\b(?:Facebook|Twitter)\b", document.text)
    enough = "|".join([current["covers"], *(rf"\b{name}\b" for name in current["names"][:3])])
    if social is not None and re.search(enough, document.text, re.IGNORECASE) is None:
        yield _at(document, *social.span(), "dated_platform", "low", current["message"])


# People

_LEAD = re.compile(
    r"designated (?:safeguarding|senior|child protection)|\bDSL\b|safeguarding (?:lead|officer|team)|child protection (?:officer|lead|co-?ordinator|teacher)|lead safeguarding",
    re.IGNORECASE,
)
_CHILDREN = re.compile(r"social (?:media|network)|safeguard|child protection", re.IGNORECASE)
_NAME = r"(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][a-z]+(?:[-'’][A-Z][a-z]+)? [A-Z][a-z]+(?:[-'’][A-Z][a-z]+)?"
_ROLE = r"(?:Designated Safeguarding Lead|DSL|Head ?teacher|Principal|Chair of (?:Governors|Trustees)|Executive Head|CEO|COO|Data Protection Officer|Business Manager)"
_PERSON = re.compile(
    rf"\b({_NAME})\s?(?:,|\(|[-–])\s?(?:the )?(?:\w+ )?{_ROLE}\b|\b(?:Lead|{_ROLE})(?: at [A-Z]+| is)?\s?[:,]?\s({_NAME})(?=,| \(|\.|$)",
    re.MULTILINE,
)
_NO_NAME = re.compile(
    r"\b(?:Designated|Safeguarding|Lead|Child|Protection|Data|Chair|Head|School|Governing|Senior|Local|Authority|Social|Media|Policy|Officer|Team|Staff|The|Safer|Trust|Academy|Primary|Education)\b"
)


def _people(document: Document, now: date) -> Iterator[Finding]:
    if _LEAD.search(document.text) is None and _is_on_children(document):
        yield Finding(
            document.slug,
            "no_contact",
            "high",
            "It names no safeguarding contact at all. Say in it who the Designated Safeguarding Lead is and how to reach them.",
        )
    elif not any(contact.role == "dsl" and contact.name for contact in document.contacts):
        match = next((one for one in _LEAD.finditer(document.text) if not one.group().lower().endswith("team")), None)
        named = next(iter(_named(document)), None)
        if match is not None and named is None:
            yield _at(
                document,
                *match.span(),
                "role_unnamed",
                "medium",
                "It sends staff to a safeguarding lead without saying who that is. Name the post holder in the policy, or in policies.toml.",
            )
    written = [parse(match.group()) for match in DATE.finditer(document.text)]
    years = [day.year for day in written if day is not None and day <= now]
    for match in _named(document):
        if years and now.year - max(years) >= OLD:
            yield _at(
                document,
                *match.span(),
                "person_named",
                "medium",
                f"It names a person, and its latest date is of {max(years)}. Check that the person still holds the post.",
            )


def _is_on_children(document: Document) -> bool:
    """Whether it is about what its reader may have to tell the safeguarding lead: in its title, or again and again."""
    mentions = len(_CHILDREN.findall(document.text))
    return _CHILDREN.search(document.title) is not None or mentions >= min(5, 1 + len(document.clauses) // 10)


def _named(document: Document) -> list[re.Match[str]]:
    found = []
    seen = set()
    for match in _PERSON.finditer(document.text):
        name = match.group(1) or match.group(2)
        if _NO_NAME.search(name) is None and name not in seen:
            seen.add(name)
            found.append(match)
    return found


# Clauses against each other


def _contradictions(document: Document, _now: date) -> Iterator[Finding]:
    ages: dict[int, list[Clause]] = defaultdict(list)
    for clause in document.clauses:
        if (age := age_of(clause)) is not None:
            ages[age].append(clause)
    if len(ages) > 1:
        first = ages[max(ages)][0]
        others = [clause for age in sorted(ages) if age != max(ages) for clause in ages[age]]
        yield Finding(
            document.slug,
            "contradiction",
            "high",
            f"It sets different ages for contact with former pupils ({', '.join(map(str, sorted(ages)))}). Until it is mended, keep to the stricter and ask the DSL.",
            first.id,
            first.text,
            first.spans,
            tuple({"clause": clause.id, "text": clause.text} for clause in others),
        )


def _ages_between(documents: Sequence[Document]) -> Iterator[Finding]:
    """Documents of one school that set different ages for contact with former pupils."""
    schools: dict[str, list[tuple[int, Document, Clause]]] = defaultdict(list)
    for document in documents:
        for clause in document.clauses:
            if document.organisation and (age := age_of(clause)) is not None:
                schools[document.organisation].append((age, document, clause))
    for rows in schools.values():
        age, document, clause = max(rows, key=lambda row: row[0])
        others = [row for row in rows if row[0] != age and row[1].slug != document.slug]
        if others:
            yield Finding(
                document.slug,
                "contradiction",
                "high",
                f"Another policy of the same school ({others[0][1].title}) sets another age for contact with former pupils ({others[0][0]}, not {age}). Keep to the stricter and mend one.",
                clause.id,
                clause.text,
                clause.spans,
                tuple({"clause": other.id, "text": other.text} for _, _, other in others),
            )


_SAID = {
    "opposite": "Another clause says the opposite ({other}). Ask which holds, and mend one; until then keep to the stricter.",
    "weaker": "Another clause says the same with another force ({other}: {theirs}, here {ours}). Choose one; until then keep to the stricter.",
    "exception": "Another clause says the same {without} the exception “{words}” ({other}). Write it into both, or into none.",
}


def _clashes(documents: Sequence[Document]) -> Iterator[Finding]:
    """Rules of the documents, which are those of one school, that contradict each other."""
    for clash in clashes(documents):
        (document, clause), (elsewhere, other) = clash.first, clash.second
        place = other.number or other.id
        yield Finding(
            document.slug,
            "contradiction",
            "high" if clash.kind == "opposite" else "medium",
            _SAID[clash.kind].format(
                other=f"{place} of {elsewhere.title}" if elsewhere is not document else place,
                ours=_force(clash.forces[0]),
                theirs=_force(clash.forces[1]),
                without="without" if clash.words in clause.text else "with",
                words=clash.words,
            ),
            clause.id,
            clause.text,
            clause.spans,
            ({"clause": other.id, "text": other.text},),
        )


def _force(modality: str) -> str:
    return modality.replace("_", " ")


def _duplicates(document: Document, _now: date) -> Iterator[Finding]:
    seen: dict[str, Clause] = {}
    told: set[str] = set()
    for clause in document.clauses:
        if clause.kind == "row":
            continue
        stem = " ".join(passage.text for passage in clause.lead_in)
        for sentence in re.split(r"(?<=[.!?])\s+", clause.text):
            key = f"{stem} {sentence}".lower().strip()
            other = seen.setdefault(key, clause)
            whole = len(sentence.split()) >= 8 and re.search(r"[.!?]\W*$", sentence) is not None
            whole = whole and _PLACEHOLDER.search(sentence) is None  # reported as what it is
            if whole and other is not clause and clause.id not in told and _repeats(clause, other, sentence):
                told.add(clause.id)
                yield Finding(
                    document.slug,
                    "duplicate",
                    "low",
                    "It says the same thing twice. Delete one, so that the two can't come to differ.",
                    clause.id,
                    clause.text,
                    clause.spans,
                    ({"clause": other.id, "text": other.text},),
                )


def _repeats(clause: Clause, other: Clause, sentence: str) -> bool:
    """Whether a sentence that stands in both says the same in both: the clause is no more than it, or it is a rule that needs nothing before it."""
    if _parallel(clause, other):
        return False
    first = clause.text.startswith(sentence) and other.text.startswith(sentence)
    alone = sentence in {clause.text, other.text} or first
    bound = re.match(
        r"\W*(?:it|they|this|these|those|that|he|she|there|such|the (?:company|programme|program|scheme))\b",
        sentence,
        re.IGNORECASE,
    )
    return alone or (bound is None and modality(sentence, tuple(one.text for one in clause.lead_in)) != "statement")


def _parallel(clause: Clause, other: Clause) -> bool:
    """Whether two clauses stand in steps of one procedure ("Stage 1", "Stage 2"), each of which says what holds for it."""
    first, second = clause.headings[-1:], other.headings[-1:]
    return first != second and [re.sub(r"\d+", "#", one) for one in first] == [
        re.sub(r"\d+", "#", one) for one in second
    ]


_ENTRY = re.compile(r"\W*(\d{1,2}(?:\.\d{1,2})*)[.)]?[\s|]+([A-Za-z][^\n|]*?)[\s.…|]*\d*[\s|]*$")


def _contents(document: Document, _now: date) -> Iterator[Finding]:
    """Entries of a contents table whose number stands before another heading."""
    headings: dict[str, list[str]] = defaultdict(list)
    for one in document.headings:
        if (match := _ENTRY.match(one.text)) is not None:
            headings[match.group(1)].append(match.group(2))
    for skipped in document.skipped:
        entry = _ENTRY.match(document.text[slice(*skipped.span)]) if skipped.reason == "contents table" else None
        if entry is None or entry.group(1) not in headings:
            continue
        # Numbers may start again in an appendix: one heading that fits is enough.
        listed = _plain(entry.group(2))
        stands = [_plain(title) for title in headings[entry.group(1)]]
        if not any(listed.startswith(title) or title.startswith(listed) for title in stands):
            yield _at(
                document,
                *skipped.span,
                "contents_differ",
                "low",
                f"The contents call section {entry.group(1)} “{fold(entry.group(2))}”, the text “{fold(headings[entry.group(1)][0])}”. Make them the same.",
            )


def _plain(title: str) -> str:
    bare = re.sub(r"\([^)]*\)?|\bpage\s*$", "", title.lower().replace("&", " and "))
    return " ".join(re.findall(r"[a-z]+", bare))


def _broken(document: Document, _now: date) -> Iterator[Finding]:
    for clause in document.clauses:
        if clause.kind == "row":
            continue  # its spans are cells
        for (_, end), (start, _) in zip(clause.spans, clause.spans[1:], strict=False):
            between = document.text[end:start]
            if _is_furniture(document, end, start):
                said = "Words of the page's head or foot stand inside this sentence."
            elif (
                not between.strip()
                and re.search(r"[a-z,]\s*$", document.text[max(0, end - 3) : end])
                and document.text[start].islower()
            ):
                said = "A line break cuts this sentence in two."
            else:
                continue
            yield Finding(
                document.slug,
                "broken_sentence",
                "low",
                f"{said} Mend it, so that nobody reads half a rule.",
                clause.id,
                clause.text,
                clause.spans,
            )
            break


def _is_furniture(document: Document, start: int, end: int) -> bool:
    """Whether a page's head or foot stands between; in a PDF it always does, and is no defect."""
    return not document.pages and any(
        skipped.reason == "page furniture" and start <= skipped.span[0] < end for skipped in document.skipped
    )


# References

_REFERENCE = re.compile(
    r"\b((?:[A-Z][\w'’&-]+,? (?:and |of |for |the |& )?){1,6}(?:Policy|Procedures?|Code of Conduct|Agreement))\b"
)


def _missing_policies(document: Document, documents: Sequence[Document]) -> Iterator[Finding]:
    own = [other for other in documents if other.organisation == document.organisation]
    if document.organisation is None or len(own) < 2:
        return  # a policy on its own refers to others of necessity
    known = [other for other in documents if other.organisation in {None, document.organisation}]
    titles = [_key(title) for other in known for title in (other.title, *(heading.text for heading in other.headings))]
    missing: dict[str, re.Match[str]] = {}
    for match in _REFERENCE.finditer(document.text):
        key = _key(match.group(1))
        if key and not any(title and (key <= title or title <= key) for title in titles):
            missing.setdefault(re.sub(r"^(?:The|Our|This|Its)\s", "", fold(match.group(1))), match)
    if missing:
        first = next(iter(missing.values()))
        yield _at(
            document,
            *first.span(1),
            "missing_policy",
            "low",
            f"It refers to documents that are not in the index: {', '.join(missing)}. Ingest them, or mend the reference.",
        )


def _key(title: str) -> frozenset[str]:
    small = {
        "the",
        "and",
        "of",
        "for",
        "policy",
        "procedure",
        "procedures",
        "school",
        "staff",
        "trust",
        "academy",
        "our",
        "this",
        "a",
    }
    return frozenset(word for word in re.findall(r"[a-z]+", title.lower()) if word not in small)


_CHECKS: tuple[Callable[[Document, date], Iterator[Finding]], ...] = (
    _review,
    _left_over,
    _out_of_date,
    _people,
    _contradictions,
    _duplicates,
    _contents,
    _broken,
)
