"""An answer as text for a terminal."""

import textwrap
from collections.abc import Sequence

from assistant.answers import LEVELS, Advised, Answer, Quote
from assistant.compose import place
from assistant.diff import KINDS, Change, Difference, Side
from assistant.health import Finding

WIDTH = 96


def text(answer: Answer) -> str:
    """The answer as a person reads it: the safeguarding card first, then the verdict, then the clauses word for word."""
    parts = []
    if answer.safeguarding.advice:
        parts.append(_card(answer))
    parts.append(_wrapped(answer.summary))
    parts += [_quote(quote) for quote in answer.quotes]
    if answer.status == "not_covered" and answer.related:
        parts.append(
            "Nearest clauses (not an answer):\n" + "\n".join(f"  - {place(quote)}" for quote in answer.related)
        )
    parts += [_wrapped(f"Note: {warning}") for warning in answer.warnings]
    return "\n\n".join(parts)


def comparison(answers: Sequence[Answer]) -> str:
    """Answers to one question by document: the safeguarding card once, then a paragraph a document."""
    parts = []
    worst = max(answers, key=lambda answer: LEVELS.index(answer.safeguarding.level), default=None)
    if worst is not None and worst.safeguarding.level in {"same_day", "emergency"}:
        parts.append(_card(worst))
    for answer in answers:
        first = _quote(answer.quotes[0]) if answer.quotes else ""
        parts.append("\n".join(line for line in (_wrapped(f"{answer.policy}: {answer.summary}"), first) if line))
    return "\n\n".join(parts)


def health(found: Sequence[Finding]) -> str:
    """Findings by document, each with its severity, what to do, and the words it is about."""
    if not found:
        return "Nothing was found that is wrong."
    parts = []
    for slug in sorted({row.policy for row in found}):
        rows = [row for row in found if row.policy == slug]
        parts.append(f"{slug}: {len(rows)} finding{'s' if len(rows) > 1 else ''}")
        parts += [_finding(row) for row in rows]
    return "\n\n".join(parts)


def _finding(row: Finding) -> str:
    lines = [textwrap.fill(f"[{row.severity}] {row.message}", WIDTH, initial_indent="  ", subsequent_indent="    ")]
    if row.text:
        place = f" ({row.clause})" if row.clause else ""
        lines.append(f"    “{textwrap.shorten(row.text, 200, placeholder=' …')}”{place}")
    lines += [
        f"    against: “{textwrap.shorten(other['text'], 200, placeholder=' …')}” ({other['clause']})"
        for other in row.related
    ]
    return "\n".join(lines)


def difference(found: Difference) -> str:
    """What a new version changes: the counts, then each change with the words of both versions, in the order of the document."""
    counts = [(kind, sum(change.kind == kind for change in found.changes)) for kind in KINDS]
    told = ", ".join(f"{count} {kind}" for kind, count in counts if count) or "no clause changed"
    head = f"{found.old} → {found.new}: {told}; {found.unchanged} unchanged"
    head += f", {found.renumbered} of them under another number." if found.renumbered else "."
    return "\n\n".join([_wrapped(head), *map(_change, found.changes)])


def _change(change: Change) -> str:
    side = change.new or change.old
    assert side is not None  # a change has at least one side
    where = f"{side.clause}, page {side.page}" if side.page else side.clause
    items = f" (and {change.items} items under it)" if change.items else ""
    reasons = f": {'; '.join(change.reasons)}" if change.reasons else ""
    lines = [
        textwrap.fill(f"[{change.kind}] {where}{items}{reasons}", WIDTH, initial_indent="  ", subsequent_indent="    ")
    ]
    if change.old is not None:
        lines.append(_version("old", change.old))
    if change.new is not None:
        lines.append(_version("new", change.new))
    return "\n".join(lines)


def _version(name: str, side: Side) -> str:
    stems = "".join(f"{stem} … " for stem in side.lead_in)
    return textwrap.fill(
        f"{name}: “{stems}{side.text}”",
        WIDTH,
        initial_indent="    ",
        subsequent_indent="         ",
        break_on_hyphens=False,
        break_long_words=False,
    )


def _card(answer: Answer) -> str:
    lines = [_wrapped(answer.safeguarding.advice)]
    lines += [f"  - {contact(person)}" for person in answer.safeguarding.contacts]
    title = "DATA PROTECTION" if answer.safeguarding.level == "none" else "SAFEGUARDING"
    return f"{title}\n" + "\n".join(lines)


def contact(person: Advised) -> str:
    """A contact on one line."""
    return ", ".join(part for part in (person.role, person.name, person.phone, person.email) if part)


def _quote(quote: Quote) -> str:
    stems = "".join(f"{stem} … " for stem in quote.lead_in)
    page = f", page {quote.page}" if quote.page else ""
    # Lines break at spaces only: broken at a hyphen, a copied quotation would have a space too many.
    body = textwrap.fill(
        f"“{stems}{quote.text}”",
        WIDTH,
        initial_indent="    ",
        subsequent_indent="    ",
        break_on_hyphens=False,
        break_long_words=False,
    )
    return f"{body}\n    ({quote.clause}: {place(quote)}{page}; word for word from {quote.source})"


def _wrapped(words: str) -> str:
    return textwrap.fill(words, WIDTH)
