"""The extractive composer: chooses clauses, says how they bear on the question, claims nothing that they do not say."""

from assistant.answers import Quote, Verdict
from assistant.documents import Modality
from assistant.form import Form

FORCE: dict[Modality, str] = {
    "must": "must",
    "must_not": "must not",
    "should": "should",
    "should_not": "should not",
    "may": "may",
    "may_if": "may, under conditions",
    "statement": "",
}
ANSWER = {"yes": "Yes", "no": "No", "depends": "It depends"}


def place(quote: Quote) -> str:
    """How a person finds the clause: its number, else its innermost heading; and the document."""
    where = (
        f"clause {quote.number}"
        if quote.number
        else (f"“{quote.headings[-1].rstrip(':')}”" if quote.headings else "the opening")
    )
    school = f", {quote.organisation}" if quote.organisation else ""
    return f"{where} of {quote.title}{school}"


_SENSE: dict[tuple[Form, Verdict], str] = {
    ("wrong", "yes"): ", it goes against the policy",
    ("wrong", "no"): ", it does not go against the policy",
    ("denied", "yes"): ", that is so",
    ("denied", "no"): ", that is not so",
}
"""What a bare yes or no would leave open, by the question's form."""


def summary(quotes: tuple[Quote, ...], verdict: Verdict | None, form: Form = "unknown") -> str:
    """One or two sentences that point at the clauses and name their force."""
    first = quotes[0]
    force = FORCE[first.modality]
    says = f"the policy says “{force}” in {place(first)}" if force else f"see {place(first)}"
    lead = (
        f"{ANSWER[verdict]}{_SENSE.get((form, verdict), '')}: {says}." if verdict else f"{says[0].upper()}{says[1:]}."
    )
    if verdict == "depends":
        lead += " The clause sets a condition or an exception; read it whole."
    if len(quotes) > 1:
        lead += f" See also {place(quotes[1])}."
    return lead


def silence(titles: tuple[str, ...]) -> str:
    """What is said where no clause answers, and whom to ask."""
    asked = f"“{titles[0]}”" if len(titles) == 1 else "These policies"
    verb = "does" if len(titles) == 1 else "do"
    return f"{asked} {verb} not cover this. Ask your headteacher or a senior leader; for anything about a child's safety, the Designated Safeguarding Lead (DSL)."


DECLINED = (
    "This page answers questions about the school's policies. Ask, for example, what staff may post, whom to tell, or what a policy allows. "
    "If anyone is in danger, call 999; if you are worried about a child, go to the Designated Safeguarding Lead (DSL)."
)
BEHIND = "The policies have changed, but what is needed to search the new ones can't be reached: this answer is from those before. Tell whoever runs this program."
UNPROVED = "A clause that seemed to answer failed its check against the stored source and is not shown. Ingest the document again."
