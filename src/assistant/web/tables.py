"""Policies, comparisons and findings as HTML: every text from documents and people is escaped."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from assistant.answers import LEVELS, Answer
from assistant.documents import Clause, Document
from assistant.health import Finding
from assistant.web import cards

_VERDICT = {"yes": "Yes", "no": "No", "depends": "It depends"}
_SEVERITY = {"high": "Mend now", "medium": "Mend soon", "low": "Tidy up"}


def said(words: str) -> str:
    """A sentence to the person."""
    return f'<div class="pa" role="alert"><p class="verdict">{escape(words)}</p></div>'


def state(document: Document, found: Sequence[Finding]) -> str:
    """A policy's state in words."""
    kinds = {row.kind for row in found if row.policy == document.slug}
    words = []
    if document.review_due is None:
        words.append("no review date")
    elif document.review_due < date.today():
        words.append(f"review was due {document.review_due:%B %Y}")
    else:
        words.append(f"in force, review due {document.review_due:%B %Y}")
    if "template" in kinds:
        words.append("a template, not adopted")
    if "placeholder" in kinds:
        words.append("blanks not filled in")
    if kinds & {"superseded_law", "misnamed_law"}:
        words.append("names law that was replaced")
    if "contradiction" in kinds:
        words.append("contradicts itself")
    return "; ".join(words)


def policies(documents: Sequence[Document], found: Sequence[Finding]) -> str:
    """The table of all policies."""
    rows = "".join(
        f'<tr><th scope="row">{escape(one.title)}<br><code>{escape(one.slug)}</code></th><td>{escape(one.organisation or "")}</td>'
        f"<td>{escape(state(one, found))}</td><td>{len(one.clauses)}</td><td>{sum(row.policy == one.slug for row in found)}</td></tr>"
        for one in documents
    )
    return (
        '<div class="pa scroll" tabindex="0" role="region" aria-label="Policies"><table><caption class="sr">Policies</caption><thead><tr><th scope="col">Policy</th>'
        '<th scope="col">School</th><th scope="col">State</th><th scope="col">Clauses</th><th scope="col">Findings</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def comparison(question: str, answers: Sequence[Answer], documents: Mapping[str, Document]) -> str:
    """A question's answers, a row a policy; the safeguarding card once, the gravest."""
    gravest = max((answer.safeguarding for answer in answers), key=lambda card: LEVELS.index(card.level), default=None)
    card = cards.safeguarding(gravest) if gravest is not None and gravest.level in {"same_day", "emergency"} else ""
    rows = "".join(_compared(answer, documents[answer.policy or ""]) for answer in answers)
    return (
        f'<div class="pa" role="region" aria-live="polite" aria-label="Comparison"><h2 class="asked">{escape(question)}</h2>{card}'
        '<div class="scroll" tabindex="0" role="region" aria-label="A row for each policy"><table><thead><tr><th scope="col">Policy</th><th scope="col">Answer</th><th scope="col">Clause, word for word</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></div>"
    )


def _compared(answer: Answer, document: Document) -> str:
    name = f"{escape(document.organisation)}<br>" if document.organisation else ""
    word = {"not_covered": "Not covered", "declined": "Not a policy question"}.get(answer.status, "See the clause")
    word = _VERDICT[answer.verdict] if answer.verdict else word
    clause = cards.quote(answer.quotes[0]) if answer.quotes else ""
    return (
        f'<tr><th scope="row">{name}{escape(document.title)}</th><td><strong>{word}</strong></td><td>{clause}</td></tr>'
    )


def reader(document: Document, found: Sequence[Finding], wanted: str) -> str:
    """A policy clause by clause under its headings, those with the wanted words, after what is wrong with it."""
    words = wanted.lower().split()
    clauses = [one for one in document.clauses if all(word in one.bare_text.lower() for word in words)]
    parts, above = [], None
    for clause in clauses:
        if clause.headings != above:
            above = clause.headings
            parts.append(f"<h3>{escape(' › '.join(clause.headings))}</h3>" if clause.headings else "")
        parts.append(_clause(clause))
    count = f"{len(clauses)} of {len(document.clauses)} clauses" if words else f"{len(document.clauses)} clauses"
    return (
        f'<div class="pa"><h2 class="asked">{escape(document.title)}</h2><p class="lead">{count}; '
        f"{document.coverage.skipped:.0%} of the text is in no clause (page heads, contents tables and the like).</p>"
        f"{_findings(found)}{''.join(parts)}</div>"
    )


def _clause(clause: Clause) -> str:
    stems = "".join(f'<span class="stem">{escape(stem.text)}</span> ' for stem in clause.lead_in)
    return f'<figure class="quote"><blockquote>{stems}{cards.marked(clause.text)}</blockquote><figcaption><code>{escape(clause.id)}</code></figcaption></figure>'


def _findings(found: Sequence[Finding]) -> str:
    if not found:
        return ""
    rows = "".join(
        f"<li><b>{_SEVERITY[row.severity]}.</b> {escape(row.message)}"
        + (f" <q>{escape(row.text[:240])}</q>" if row.text else "")
        + (f" <code>{escape(row.clause)}</code>" if row.clause else "")
        + "</li>"
        for row in found
    )
    return (
        f'<details open><summary>What is wrong with it ({len(found)})</summary><ul class="notes">{rows}</ul></details>'
    )
