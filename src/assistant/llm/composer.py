"""Asks a language model to order the clauses, give a verdict and word a summary; the gate decides what of that is shown.

The answer made without it comes in and, where the model fails or takes too long, goes out again with a warning.
"""

import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from pydantic import BaseModel, Field

from assistant.answers import LEVELS, Answer, Quote, Turn
from assistant.documents import Document
from assistant.errors import LanguageModelError, SettingsError
from assistant.followup import joined, leans
from assistant.lexical import terms
from assistant.llm.chat import Chat, PromptTooLongError
from assistant.llm.gate import Draft, gated, raisable
from assistant.llm.prompts import read_prompt
from assistant.masking import Masker
from assistant.search import widened
from assistant.settings import Settings

MAX_SEARCHES = 3
BEFORE = 3
"""Questions of the history that the model sees."""

_PARTS = re.compile(
    r"\?.+\?|\b(?:and|also|or)\b(?:,? (?:if so|then|also))?,? (?:can|could|may|must|should|do|does|am|are|is|will|would|what|who|whom|when|where|how|which)\b",
    re.IGNORECASE | re.DOTALL,
)


class Searches(BaseModel):
    """The questions to search for."""

    searches: list[str] = Field(
        description="One to three questions, or none.", json_schema_extra={"maxItems": MAX_SEARCHES}
    )


class Composer:
    """A language model's part in answers.

    Raises:
        SettingsError: the model or a prompt can't be used.
    """

    def __init__(self, settings: Settings) -> None:
        if settings.llm is None:
            raise SettingsError("ASSISTANT_LLM names no language model. Expected provider:model.")
        self._chat = Chat(settings.llm, settings.llm_url, settings.llm_timeout)
        self._prompts = {name: read_prompt(name, settings.prompts) for name in ("answer", "search")}
        self._settings = settings

    @property
    def notice(self) -> str:
        """Where questions go, as a sentence for the screen."""
        name, host = self._chat.name, self._chat.host
        if self._chat.is_local:
            return f"What you type stays on this machine and is not kept; the language model {name} runs here too."
        return f"What you type is sent to {host}, to the language model {name}, with names, numbers and addresses masked; this program keeps none of it."

    def answer(
        self,
        first: Answer,
        history: Sequence[Turn],
        documents: Sequence[Document],
        again: Callable[[Sequence[str]], Answer],
    ) -> Answer:
        """`first`, the answer made without a model, with the model's part; `again` answers anew with further searches.

        Takes at most the settings' `llm_timeout` seconds, and the time of one search.
        """
        if first.status not in {"answered", "not_covered"}:
            return first
        began = time.monotonic()
        deadline = began + self._settings.llm_timeout
        masker, given = Masker(), first
        try:
            if searches := self._searches(first.question, history, masker, deadline):
                given = _safest(again(searches), first)
            if given.quotes:
                read = joined(first.question, history)
                draft = self._draft(read, given, masker, deadline)
                given = replace(
                    gated(given, draft, read, masker, documents, self._settings.quotes), answered_by=self._chat.name
                )
        except LanguageModelError as error:
            told = f"The language model ({self._chat.name}) {error}; this answer was made without it."
            given = replace(given, warnings=(*given.warnings, told))
        spent = 1000 * (time.monotonic() - began)
        times = {
            name: round(value + spent * (name in {"compose", "total"}), 1) for name, value in first.timings_ms.items()
        }
        return replace(given, timings_ms=times)

    def _searches(self, question: str, history: Sequence[Turn], masker: Masker, deadline: float) -> list[str]:
        """A follow-up written out, or the parts of a question; only in words that were typed."""
        before = [turn.content[:600] for turn in history if turn.role == "user"][-BEFORE:]
        if not (before and leans(question)) and not _PARTS.search(question):
            return []
        system, user = self._prompts["search"].fill(
            mark=secrets.token_hex(8),
            question=masker.mask(question),
            before="\n".join(masker.mask(words) for words in before) or "(nothing)",
        )
        reply = self._chat.ask(system, user, Searches, deadline)
        typed = set(terms(widened(" ".join([*before, question]))))
        made = [masker.restore(words)[:600] for words in reply.searches[:MAX_SEARCHES]]
        return [words for words in made if (found := set(terms(words))) and found <= typed]

    def _draft(self, read: str, answer: Answer, masker: Masker, deadline: float) -> Draft:
        """The model's draft on the clauses that may be quoted; where they are too much for it, on those that are."""
        mark = secrets.token_hex(8)
        asked = masker.mask(read)
        found = (*answer.quotes, *raisable(answer, self._settings.quotes))
        shown = [_shown(number, quote, mark, masker) for number, quote in enumerate(found, 1)]

        def drafted(clauses: Sequence[str]) -> Draft:
            system, user = self._prompts["answer"].fill(mark=mark, question=asked, clauses="\n\n".join(clauses))
            return _named(self._chat.ask(system, user, Draft, deadline), found)

        try:
            return drafted(shown)
        except PromptTooLongError:
            if found == answer.quotes:
                raise
            return drafted(shown[: len(answer.quotes)])


def _named(draft: Draft, found: Sequence[Quote]) -> Draft:
    """The draft with the clauses' ids in place of the numbers that the model knows them by: small models mistype ids."""
    ids = {str(number): quote.clause for number, quote in enumerate(found, 1)}

    def named(numbers: Sequence[str]) -> list[str]:
        return [ids.get(number, number) for number in numbers]

    lines = [line.model_copy(update={"clauses": named(line.clauses)}) for line in draft.summary]
    return draft.model_copy(update={"clauses": named(draft.clauses), "summary": lines})


def _shown(number: int, quote: Quote, mark: str, masker: Masker) -> str:
    """A clause as the model sees it: between lines that hold a mark drawn for this question, which no document can know."""
    headings = f"Under: {masker.mask(' / '.join(quote.headings), guess=False)}\n" if quote.headings else ""
    words = masker.mask(" ".join([*quote.lead_in, quote.text]), guess=False)
    return f"<<<{mark} clause>>>\nNumber: {number}\n{headings}{words}\n<<<{mark} end>>>"


def _safest(given: Answer, first: Answer) -> Answer:
    """`given` with the safeguarding card of `first` where that is the graver one, and with its quotes where `given` has none."""
    if not given.quotes:
        given = first
    if LEVELS.index(given.safeguarding.level) < LEVELS.index(first.safeguarding.level):
        given = replace(given, safeguarding=first.safeguarding)
    return given
