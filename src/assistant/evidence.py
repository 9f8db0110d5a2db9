"""The evidence sheet: a question, the clauses word for word, and what proves them; to file, as Markdown or as a page to print."""

from collections.abc import Mapping
from datetime import datetime
from html import escape

from assistant.answers import Answer, Quote
from assistant.documents import Document

NOTICE = (
    "Made by Policy Assistant from the documents named below. Every clause was cut from the stored document and matched the hash taken "
    "when it was read. It is not legal advice, and nobody has been told of it by this program."
)
_STATUS = {
    "answered": "Answered from the clauses below.",
    "not_covered": "Not covered by the documents asked.",
    "declined": "Not a question about policy.",
    "error": "No answer was made.",
}


def markdown(answer: Answer, documents: Mapping[str, Document], made: datetime) -> str:
    """The sheet as Markdown. `documents` holds every quoted slug; `made` is shown to the minute, with its offset."""
    lines = ["# Evidence sheet", "", *(f"- {name}: {value}" for name, value in _facts(answer, made)), ""]
    for number, quote in enumerate(answer.quotes, 1):
        lines += [f"## {number}. {_place(quote)}", ""]
        lines += [f"> {words}" for words in (*quote.lead_in, quote.text)]
        lines += ["", *(f"- {name}: {value}" for name, value in _proof(quote, documents[quote.policy])), ""]
    if answer.warnings:
        lines += ["## To mind", "", *(f"- {warning}" for warning in answer.warnings), ""]
    return "\n".join([*lines, NOTICE, ""])


def page(answer: Answer, documents: Mapping[str, Document], made: datetime) -> str:
    """The sheet as one HTML page that needs nothing else, laid out for paper."""
    parts = [_list(_facts(answer, made))]
    for number, quote in enumerate(answer.quotes, 1):
        words = "".join(f"<p>{escape(said)}</p>" for said in (*quote.lead_in, quote.text))
        parts.append(f"<h2>{number}. {escape(_place(quote))}</h2><blockquote>{words}</blockquote>")
        parts.append(_list(_proof(quote, documents[quote.policy])))
    if answer.warnings:
        parts.append(
            "<h2>To mind</h2><ul>" + "".join(f"<li>{escape(warning)}</li>" for warning in answer.warnings) + "</ul>"
        )
    return (
        '<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Evidence sheet</title><style>'
        "body{font:12pt/1.5 Arial,Helvetica,sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c}"
        "blockquote{margin:0;padding-left:1rem;border-left:4px solid #00703c}dt{font-weight:bold}dd{margin:0 0 .25rem;overflow-wrap:anywhere}"
        f"</style><h1>Evidence sheet</h1>{''.join(parts)}<p>{escape(NOTICE)}</p></html>"
    )


def _facts(answer: Answer, made: datetime) -> list[tuple[str, str]]:
    facts = [("Question", " ".join(answer.question.split())), ("Made", f"{made:%d %B %Y, %H:%M %z}".strip())]
    facts.append(("Result", _STATUS[answer.status]))
    if answer.verdict:
        facts.append(("Verdict", answer.verdict))
    if answer.safeguarding.advice:
        facts.append(("Advice", answer.safeguarding.advice))
    return facts


def _place(quote: Quote) -> str:
    return " · ".join(part for part in (quote.organisation, quote.title, quote.number or "") if part)


def _proof(quote: Quote, document: Document) -> list[tuple[str, str]]:
    where = ", ".join(f"{start}–{end}" for start, end in quote.spans)
    return [
        ("Clause", quote.clause),
        ("Headings", " › ".join(quote.headings) or "none"),
        ("State of the document", quote.standing),
        ("File", f"{document.source}{f', page {quote.page}' if quote.page else ''}"),
        ("sha256 of the file", document.sha256),
        ("Version as read", document.version),
        ("Characters of its text", where),
    ]


def _list(rows: list[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows) + "</dl>"
