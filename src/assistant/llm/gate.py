"""What of a language model's draft reaches the answer. The model chooses and shortens; whatever code can't hold to the clauses is left out."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, Field, JsonValue

from assistant.answers import LEVELS, Answer, Quote, Verdict
from assistant.compose import ANSWER, place
from assistant.documents import Document, fold
from assistant.form import form_of
from assistant.judge import height
from assistant.llm.support import MAX_LENGTH, supported
from assistant.masking import Masker, personal
from assistant.modality import limits
from assistant.safeguarding import Branch, Finding, advise

CONTRADICTED = "The language model's verdict could not be held to the words of the clause; read the clause whole."
UNSUPPORTED = "The language model's summary said more than the clauses do; it was left out."
FOREIGN = (
    "A sentence of the language model named a contact, a person or a link that the clauses do not; it was left out."
)
CONCERN = "The language model saw a safeguarding concern in the question."


# What a server can hold a model to; a reply that goes beyond it is read all the same.
_NUMBERS: dict[str, JsonValue] = {"items": {"type": "string", "pattern": "^[1-9][0-9]?$"}, "maxItems": 5}


class Sentence(BaseModel):
    """One sentence of a summary and the clauses that say it."""

    text: str = Field(description="A shortened sentence of a clause.")
    clauses: list[str] = Field(description="Numbers of the clauses that say it.", json_schema_extra=_NUMBERS)


class Draft(BaseModel):
    """How the clauses answer the question."""

    clauses: list[str] = Field(
        description="Numbers of the clauses that answer, the deciding one first.", json_schema_extra=_NUMBERS
    )
    verdict: Literal["yes", "no", "depends", "none"] = Field(description="On the question as asked.")
    summary: list[Sentence] = Field(description="At most two sentences.", json_schema_extra={"maxItems": 2})
    concern: Literal["none", "consult", "same_day", "emergency"] = Field(description="A safeguarding concern.")


_BRANCH: dict[str, Branch] = {"consult": "boundary", "same_day": "child", "emergency": "danger"}
_LINK = re.compile(
    r"(?:https?:|www\.|mailto:)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|uk|io|info|gov|sch|me|app|link)\b\S*",
    re.IGNORECASE,
)


def gated(answer: Answer, draft: Draft, read: str, masker: Masker, documents: Sequence[Document], most: int) -> Answer:
    """`answer`, made without a model, with what of `draft` holds.

    `read` is the question as it was searched, `documents` are those asked, `most` is how many clauses may be quoted.
    """
    ordered = _ordered(answer, draft.clauses, most)
    lines, complaint = _summary(draft.summary[:2], ordered.quotes, masker)
    warnings = [complaint] if complaint else []
    if lines:
        verdict, doubts = _verdict(ordered, draft.verdict, read)
        warnings = [*doubts, *warnings]
        given = replace(ordered, verdict=verdict, summary=_worded(lines, verdict))
    else:  # who can't say what the clause says is not believed on what it means, nor on which comes first
        given = answer
    if LEVELS.index(draft.concern) > LEVELS.index(answer.safeguarding.level):
        warnings.append(CONCERN)
        given = replace(given, safeguarding=advise(Finding(draft.concern, _BRANCH[draft.concern]), tuple(documents)))
    return replace(given, warnings=(*answer.warnings, *warnings))


def _verdict(answer: Answer, wanted: str, read: str) -> tuple[Verdict | None, list[str]]:
    """The verdict that holds: the code's own, or "depends" where the model says otherwise; the model's alone only under plain leave."""
    held, lead, form = answer.verdict, answer.quotes[0], form_of(read)
    if form == "open" or wanted == "none" or held in {wanted, "depends"}:
        return held, []
    if wanted == "depends":
        return ("depends" if limits(lead.text) or lead.modality == "may_if" else held), []
    forbidden = any(quote.modality in {"must_not", "should_not"} for quote in answer.quotes)
    if held is None and lead.modality == "may" and not forbidden:
        if (form, wanted) == ("permission", "yes"):
            return "yes", []
        if (form, wanted) == ("wrong", "no"):
            return "no", []
    if held is None and (form in {"confirm", "unknown", "statement"} or lead.modality == "statement"):
        return None, []
    return "depends", [CONTRADICTED]


def raisable(answer: Answer, most: int) -> tuple[Quote, ...]:
    """Near clauses that a draft may raise to quotes; none where the policies are silent or there is no room for one. `most` is how many clauses may be quoted."""
    if not answer.quotes or len(answer.quotes) >= most:
        return ()
    return tuple(quote for quote in answer.related if quote.score >= height())


def _ordered(answer: Answer, ids: Sequence[str], most: int) -> Answer:
    """The answer with its quotes in the draft's order. Near clauses may fill free room where they may answer; no quote is lost, and the
    clause that a verdict rests on stays first."""
    near = [quote for quote in raisable(answer, most) if quote.clause in ids]
    raised = sorted(near, key=lambda quote: ids.index(quote.clause))[: most - len(answer.quotes)]
    held = answer.quotes[:1] if answer.verdict is not None else ()
    rest = sorted(
        (quote for quote in (*answer.quotes, *raised) if quote not in held),
        key=lambda quote: ids.index(quote.clause) if quote.clause in ids else len(ids),
    )
    return replace(
        answer, quotes=(*held, *rest), related=tuple(quote for quote in answer.related if quote not in raised)
    )


def _summary(
    sentences: Sequence[Sentence], quotes: tuple[Quote, ...], masker: Masker
) -> tuple[list[tuple[str, Quote]], str]:
    """The sentences with the quote that says each, and what to warn of. None of them where one is not supported."""
    lines, complaint = [], ""
    for sentence in sentences:
        text = fold(masker.restore(sentence.text[: MAX_LENGTH + 1]))  # one too long fails the check that follows
        cited = [quote for quote in quotes if quote.clause in sentence.clauses]
        if _foreign(text, cited):
            complaint = FOREIGN
            continue
        source = next((quote for quote in cited if supported(text, quote)), None)
        if source is None:
            return [], UNSUPPORTED
        lines.append((text, source))
    if lines and lines[0][1] is not quotes[0]:
        return [], complaint  # the first sentence is read as what the verdict rests on
    return lines, complaint


def _foreign(text: str, cited: Sequence[Quote]) -> bool:
    """Whether a sentence names a contact, a person or a link that its clauses do not."""
    said = " ".join(part for quote in cited for part in (*quote.lead_in, quote.text))
    named = [text[item.start : item.end] for item in personal(text)] + _LINK.findall(text)
    return any(words not in said for words in named)


def _worded(lines: Sequence[tuple[str, Quote]], verdict: Verdict | None) -> str:
    """The sentences, each with its place, after the verdict."""
    said = " ".join(f"{text.rstrip(' .;,')} ({place(quote)})." for text, quote in lines)
    return f"{ANSWER[verdict]}: {said}" if verdict else said
