"""Policies, comparisons and findings as HTML: every text from documents and people is escaped."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape

from assistant.answers import LEVELS, Answer
from assistant.compose import FORCE
from assistant.diff import Change, diff
from assistant.documents import Clause, Document, schools
from assistant.health import Finding
from assistant.web import cards

_VERDICT = {"yes": "Yes", "no": "No", "depends": "It depends"}
SEVERITY = {"high": "Mend now", "medium": "Mend soon", "low": "Tidy up"}


def said(words: str) -> str:
    """A sentence to the person."""
    return f'<div class="pa" role="alert"><p class="verdict">{escape(words)}</p></div>'


def state(document: Document, found: Sequence[Finding]) -> str:
    """A policy's state in words."""
    kinds = {row.kind for row in found if row.policy == document.slug}
    words = []
    overdue = document.review_due is None or document.is_overdue(date.today())
    words.append(("" if overdue else "in force, ") + document.standing(date.today()))
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
    rows = (
        (
            f"{escape(one.title)}<br><code>{escape(one.slug)}</code>",
            escape(one.organisation or ""),
            escape(state(one, found)),
            str(len(one.clauses)),
            f"{one.coverage.clauses:.0%} (left out: {one.coverage.skipped:.0%})",
            str(sum(row.policy == one.slug for row in found)),
        )
        for one in documents
    )
    return f'<div class="pa">{_table("Policies", ("Policy", "School", "State", "Clauses", "Text in clauses", "Findings"), rows)}</div>'


def _table(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already; a narrow screen stacks them, each after its column's name. The roles stay where stacking takes them from the elements."""
    head = "".join(f'<th role="columnheader">{column}</th>' for column in columns)
    body = "".join(
        f'<tr role="row"><th role="rowheader">{first}</th>'
        + "".join(
            f'<td role="cell" data-column="{column}">{cell}</td>'
            for column, cell in zip(columns[1:], cells, strict=True)
        )
        + "</tr>"
        for first, *cells in rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{name}"><table class="stacks" role="table" aria-label="{name}">'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table></div>'
    )


def added(document: Document) -> str:
    """What was read of a file that was just added: the ingest's report in words."""
    warnings = "".join(f"<li>{escape(warning)}</li>" for warning in document.warnings)
    share = document.coverage
    return (
        f'<div class="pa" role="alert"><p class="verdict">{escape(document.title)}'
        f"{', ' + escape(document.organisation) if document.organisation else ''}: {len(document.clauses)} clauses "
        f"({share.clauses:.0%} of the text; {share.headings:.0%} headings, {share.skipped:.0%} in neither); {escape(document.standing(date.today()))}.</p>"
        + (f'<ul class="notes">{warnings}</ul>' if warnings else "")
        + "</div>"
    )


def comparison(question: str, answers: Mapping[str, Answer], documents: Mapping[str, Document]) -> str:
    """A question's answers by school, a row each; the safeguarding card once, the gravest."""
    cards_given = (answer.safeguarding for answer in answers.values())
    gravest = max(cards_given, key=lambda card: LEVELS.index(card.level), default=None)
    card = cards.safeguarding(gravest) if gravest is not None and gravest.level in {"same_day", "emergency"} else ""
    held = schools(documents.values())
    rows = (_compared(name, answer, [documents[slug] for slug in held[name]]) for name, answer in answers.items())
    differing = "".join(f"<li>{escape(words)}</li>" for words in differences(answers))
    saved = cards.download("Save as CSV", "comparison.csv", "text/csv", comma_separated(question, answers, documents))
    return (
        f'<div class="pa" role="region" aria-live="polite" aria-label="Comparison"><h2 class="asked">{escape(question)}</h2>{card}'
        f'{f"<h3>Where they differ</h3><ul>{differing}</ul>" if differing else ""}<p class="tools">{saved}</p>'
        f"{_table('A row for each school', ('School', 'Answer', 'Clause, word for word'), rows)}</div>"
    )


_AGE = re.compile(
    r"\b(?:under|below|over|aged?|age of|until)(?: the)?(?: age)?(?: of)? (1[0-9]|2[0-5]|sixteen|seventeen|eighteen|nineteen|twenty)\b",
    re.IGNORECASE,
)
_NUMBERS = {"sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20"}


def differences(answers: Mapping[str, Answer]) -> list[str]:
    """What differs between the schools' answers: the verdict, the force of the rule, the ages it names; a line each."""
    verdicts: dict[str, list[str]] = {}
    forces: dict[str, list[str]] = {}
    ages: dict[str, list[str]] = {}
    for name, answer in answers.items():
        if not answer.quotes:
            continue
        first = answer.quotes[0]
        if answer.verdict:
            verdicts.setdefault(_VERDICT[answer.verdict], []).append(name)
        if FORCE[first.modality]:
            forces.setdefault(f"“{FORCE[first.modality]}”", []).append(name)
        for age in sorted(
            {_NUMBERS.get(found.lower(), found) for found in _AGE.findall(" ".join((*first.lead_in, first.text)))}
        ):
            ages.setdefault(age, []).append(name)
    return [
        f"{what}: " + "; ".join(f"{value} ({', '.join(dict.fromkeys(names))})" for value, names in found.items()) + "."
        for what, found in (("Answer", verdicts), ("Force", forces), ("Age", ages))
        if len(found) > 1
    ]


def comma_separated(question: str, answers: Mapping[str, Answer], documents: Mapping[str, Document]) -> str:
    """The comparison as CSV, a row a school with the policy of its clause, or all that were asked; a cell that a spreadsheet would take for a formula is quoted."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["question", "school", "policy", "title", "state", "status", "verdict", "clause", "text"])
    held = schools(documents.values())
    for name, answer in answers.items():
        quote = answer.quotes[0] if answer.quotes else None
        asked = [documents[slug] for slug in ([quote.policy] if quote else held[name])]
        cells = [
            question,
            name,
            "; ".join(document.slug for document in asked),
            "; ".join(document.title for document in asked),
            "; ".join(document.standing(date.today()) for document in asked),
            answer.status,
            answer.verdict or "",
            quote.clause if quote else "",
            " ".join((*quote.lead_in, quote.text)) if quote else "",
        ]
        rows.writerow([f"'{cell}" if cell[:1] in "=+-@" and cell else cell for cell in cells])
    return "\ufeff" + out.getvalue()


def _compared(name: str, answer: Answer, asked: Sequence[Document]) -> tuple[str, str, str]:
    word = {"not_covered": "Not covered", "declined": "Not a policy question"}.get(answer.status, "See the clause")
    word = _VERDICT[answer.verdict] if answer.verdict else word
    if answer.quotes:
        first, *others = (cards.quote(item) for item in cards.apart(answer.quotes))
        more = (
            f"<details><summary>Further clauses ({len(others)})</summary>{''.join(others)}</details>" if others else ""
        )
        found = first + more
    else:
        read = "".join(f"<li>{escape(one.title)} · {escape(one.standing(date.today()))}</li>" for one in asked)
        found = f'<p>What was searched:</p><ul class="notes">{read}</ul>'
    return escape(name), f"<strong>{word}</strong>", found


def reader(document: Document, found: Sequence[Finding], wanted: str, former: Document | None = None) -> str:
    """A policy clause by clause under its headings, those with the wanted words, after what is wrong with it and what changed since the version before."""
    words = wanted.lower().split()
    clauses = [one for one in document.clauses if all(word in one.bare_text.lower() for word in words)]
    parts, above = [], None
    for clause in clauses:
        if clause.headings != above:
            above = clause.headings
            parts.append(f"<h3>{escape(' › '.join(clause.headings))}</h3>" if clause.headings else "")
        parts.append(_clause(clause, document.title))
    count = f"{len(clauses)} of {len(document.clauses)} clauses" if words else f"{len(document.clauses)} clauses"
    return (
        f'<div class="pa"><h2 class="asked">{escape(document.title)}</h2><p class="lead">{count}; '
        f"{document.coverage.skipped:.0%} of the text is in no clause (page heads, contents tables and the like).</p>"
        f"{_findings(found)}{_changed(former, document)}{''.join(parts)}</div>"
    )


def _changed(former: Document | None, document: Document) -> str:
    if former is None:
        return ""
    found = diff(former, document)
    rows = "".join(_change(change) for change in found.changes) or "<li>No clause changed.</li>"
    return f'<details><summary>What changed since the version before ({len(found.changes)})</summary><ul class="notes">{rows}</ul></details>'


def _change(change: Change) -> str:
    why = f": {escape('; '.join(change.reasons))}" if change.reasons else ""
    sides = "".join(
        f"<br>{name}: <q>{escape(' '.join((*side.lead_in, side.text)))}</q> <code>{escape(side.clause)}</code>"
        for name, side in (("Before", change.old), ("Now", change.new))
        if side is not None
    )
    return f"<li><b>{change.kind.capitalize()}</b>{why}{sides}</li>"


def _clause(clause: Clause, title: str) -> str:
    stems = "".join(f'<span class="stem">{escape(stem.text)}</span> ' for stem in clause.lead_in)
    slug = clause.id.split("/", 1)[0]
    return (
        f'<figure class="quote"><blockquote>{stems}{cards.marked(clause.text)}</blockquote><figcaption><code>{escape(clause.id)}</code> '
        f"{cards.opening(slug, clause.id, title)}</figcaption></figure>"
    )


def _findings(found: Sequence[Finding]) -> str:
    if not found:
        return ""
    rows = "".join(
        f"<li><b>{SEVERITY[row.severity]}.</b> {escape(row.message)}"
        + (f" <q>{escape(row.text[:240])}</q>" if row.text else "")
        + (f" <code>{escape(row.clause)}</code>" if row.clause else "")
        + "</li>"
        for row in found
    )
    return (
        f'<details open><summary>What is wrong with it ({len(found)})</summary><ul class="notes">{rows}</ul></details>'
    )
