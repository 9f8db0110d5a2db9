"""An answer as HTML: every text from documents and people is escaped; nothing here decides anything."""

import re
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from urllib.parse import quote as quoted

from assistant.answers import Advised, Answer, Quote, Safeguarding
from assistant.compose import FORCE
from assistant.modality import limits
from assistant.records import PROBLEMS

CHECKED = (
    "The words were cut from the stored document when this answer was made, and match the hash taken when it was read."
)
FIRST = '<p class="lead">Act on the advice above first. The nearest rules of the policies follow; they may not be about this case.</p>'
_LEVEL = {
    "none": "A matter of data protection",
    "emergency": "Emergency",
    "same_day": "Tell someone today",
    "consult": "Speak to someone first",
}
_VERDICT = {"yes": "Yes", "no": "No", "depends": "It depends"}


def conversation(turns: list[tuple[str, str]]) -> str:
    """Questions with their answers (already HTML), newest first, so that the answer is under the eyes."""
    rows = [
        f'<article class="turn"><h2 class="asked"><span class="sr">Question: </span>{escape(question)}</h2>{answer}</article>'
        for question, answer in reversed(turns)
    ]
    return "\n".join(rows)


def answer(given: Answer, sheets: str = "", *, marked: bool = False) -> str:
    """One answer: safeguarding first, then the verdict, the quotes, what is near, what to mind; `sheets`: links to the evidence sheet, as HTML; `marked`:
    a person may say whether it helped."""
    parts = [safeguarding(given.safeguarding)]
    worried = given.status == "answered" and given.safeguarding.level in {"same_day", "emergency"}
    if worried:
        parts.append(FIRST)
    if worried and given.verdict is None and given.answered_by == "extractive":
        # Without its headline: "The policy says must" would look like the answer.
        parts += [quote(item) for item in apart(given.quotes)]
    elif given.status == "answered":
        word = f"<strong>{_VERDICT[given.verdict]}.</strong> " if given.verdict else ""
        rest = given.summary.removeprefix(_VERDICT[given.verdict]).lstrip(":, ") if given.verdict else given.summary
        parts.append(f'<p class="verdict">{word}{escape(rest[:1].upper() + rest[1:])}</p>')
        parts += [quote(item) for item in apart(given.quotes)]
    else:
        kind = {"not_covered": "Not covered", "declined": "Not a policy question", "error": "No answer"}[given.status]
        parts.append(f'<p class="verdict"><strong>{kind}.</strong> {escape(given.summary)}</p>')
    if given.warnings:
        parts.append(
            '<ul class="notes">' + "".join(f"<li>{escape(warning)}</li>" for warning in given.warnings) + "</ul>"
        )
    if given.related and given.status in {"answered", "not_covered"}:
        label = "Nearest clauses: <em>not an answer</em>" if given.status == "not_covered" else "Related clauses"
        parts.append(f"<details><summary>{label}</summary>{''.join(quote(item) for item in given.related)}</details>")
    if given.status in {"answered", "not_covered"}:
        parts.append(f'<p class="tools">{sheets} {problem(given)}</p>')
        if marked:
            parts.append(MARKING)
    return "\n".join(part for part in parts if part)


MARKING = (
    '<div class="marking tools"><button type="button" class="plain" data-mark="helpful">This answer helped</button>'
    "<details><summary>Report a problem with this answer</summary>"
    "<p>Your question is kept with the report as the notice above says. Nobody is told at once: where a child may be at risk, speak to the safeguarding lead.</p>"
    f"<label>What is wrong? <select>{''.join(f'<option value={key}>{escape(words)}</option>' for key, words in PROBLEMS.items())}</select></label> "
    '<button type="button" class="plain" data-mark="">Send the report</button></details><span class="told"></span></div>'
)
"""A person's verdict on an answer (page.js sends it)."""


def problem(given: Answer) -> str:
    """The button that copies a report of this answer, for whoever runs the program. The question is left out: it may name people."""
    clauses = ", ".join(item.clause for item in given.quotes) or "none"
    report = (
        f"A problem with an answer of Policy Assistant. Status: {given.status}; verdict: {given.verdict or 'none'}; clauses quoted: {clauses}; "
        f"safeguarding level: {given.safeguarding.level}; made by: {given.answered_by}. What was wrong with it: "
    )
    return f'<button type="button" class="plain" data-copy="{escape(report)}">Copy a report of a problem with this answer</button>'


def safeguarding(card: Safeguarding) -> str:
    """The card: words first, colour second; numbers and addresses as links."""
    if not card.advice:
        return ""
    people = "".join(f"<li>{contact(person)}</li>" for person in card.contacts)
    return (
        f'<section class="card {card.level}" aria-label="{"Advice" if card.level == "none" else "Safeguarding advice"}"><h3>{_LEVEL[card.level]}</h3>'
        f"<p>{escape(card.advice)}</p><ul>{people}</ul></section>"
    )


def contact(person: Advised) -> str:
    """Role, name, telephone and e-mail of a contact."""
    parts = [f"<b>{escape(person.role)}</b>"]
    if person.name:
        parts.append(escape(person.name))
    if person.phone:
        parts.append(f'<a href="tel:{escape(re.sub(r"[^0-9+]", "", person.phone))}">{escape(person.phone)}</a>')
    if person.email:
        parts.append(f'<a href="mailto:{escape(person.email)}">{escape(person.email)}</a>')
    if len(parts) == 1 and person.source == "settings":
        parts.append("(no name or number entered: ask the school office)")
    return ", ".join(parts)


def quote(item: Quote) -> str:
    """A quote card: the clause verbatim with its stem, where it stands, and what its check means."""
    number = f"{escape(item.number)} · " if item.number else ""
    headings = " › ".join(escape(heading) for heading in item.headings)
    page = f", page {item.page}" if item.page else ""
    school = f"{escape(item.organisation)}, " if item.organisation else ""
    standing = f" · {escape(item.standing)}" if item.standing else ""
    force = f'<span class="force">{escape(FORCE[item.modality])}</span>' if FORCE[item.modality] else ""
    return (
        f'<figure class="quote"><blockquote>{_said(item)}</blockquote>'
        f"<figcaption><cite>{school}{escape(item.title)}</cite>{standing}<br>{number}{headings}{page} {force}"
        f'<br><span class="checked" title="{CHECKED}">✓ Word for word from {escape(item.source)}</span> <code>{escape(item.clause)}</code>'
        f"<br>{opening(item.policy, item.clause, item.title)} {copying(item)}</figcaption></figure>"
    )


def _said(item: Quote) -> str:
    """The clause's words after its stems; of a table's row, a line a cell, after its column's head."""
    heads = any(head for head, _ in item.cells)
    stems = "".join(
        f'<span class="stem">{escape(stem)}</span> ' for stem in (item.lead_in[:-1] if heads else item.lead_in)
    )
    cells = (
        f'<span class="cell">{f"<b>{escape(head)}</b> " if head else ""}{marked(words)}</span> '
        for head, words in item.cells
    )
    return stems + ("".join(cells) or marked(item.text))


def apart(quotes: Sequence[Quote]) -> list[Quote]:
    """The quotes without those that an earlier one holds whole: the items of a list that is shown with its stem."""
    shown: list[Quote] = []
    for item in quotes:
        if not any(one.policy == item.policy and set(item.spans) <= set(one.spans) for one in shown):
            shown.append(item)
    return shown


def opening(slug: str, clause: str, title: str, label: str = "Open the document here") -> str:
    """The link to a document at a clause: in the panel beside the answer; without scripts, in a tab."""
    address = f"/read/{quoted(slug)}?clause={quoted(clause, safe='')}#here"
    return f'<a class="open" href="{escape(address)}" target="document" data-title="{escape(title)}">{label}</a>'


def copying(item: Quote) -> str:
    """The button that copies a clause with its place."""
    words = " ".join((*item.lead_in, item.text))
    place = ", ".join(part for part in (item.organisation, item.title, item.number, item.clause) if part)
    return f'<button type="button" class="plain" data-copy="{escape(f"“{words}” ({place})")}">Copy the clause</button>'


def download(label: str, name: str, kind: str, text: str) -> str:
    """A link that saves `text` as a file. The text is in the link: the server keeps nothing."""
    return f'<a download="{escape(name)}" href="data:{kind};charset=utf-8;base64,{b64encode(text.encode()).decode()}">{label}</a>'


def marked(text: str) -> str:
    """Verbatim text with its exceptions and conditions set off. The characters are unchanged."""
    parts, at = [], 0
    for start, end in limits(text):
        if start >= at:
            parts += [escape(text[at:start]), f'<span class="limit">{escape(text[start:end])}</span>']
            at = end
    return "".join([*parts, escape(text[at:])])
