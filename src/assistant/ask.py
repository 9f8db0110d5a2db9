"""The whole pipeline on one screen: question → triage → search → proof → answer."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant import compose
from assistant import examples as known
from assistant.answers import Answer, Quote, Safeguarding, Turn, Verdict
from assistant.boundary import needs_a_word
from assistant.definitions import used
from assistant.documents import Document
from assistant.duty import duty, with_duty
from assistant.errors import QuestionError
from assistant.followup import joined
from assistant.form import SILENT, form_of
from assistant.health import touching
from assistant.index import Index, Scope, Snapshot
from assistant.judge import together
from assistant.late import Embedding
from assistant.modality import modality
from assistant.quoting import antecedent, quote
from assistant.safeguarding import Finding, advise
from assistant.scope import is_declined, is_small_talk
from assistant.search import Hit, Retriever
from assistant.settings import Settings
from assistant.triage import raised, triage
from assistant.verdict import settled, verdict
from assistant.verdict_reader import Reading, shipped

if TYPE_CHECKING:
    from assistant.llm.composer import Composer

MAX_QUESTION = 4000
"""Characters of a question that are read; what comes after is set aside with a warning."""

STAYS = "What you type stays on this machine and is not kept."
MAX_DEFINITIONS = 2
"""Definitions of terms that stand with the other near clauses of an answer."""


class Assistant:
    """Answers questions from the policies of an index."""

    def __init__(self, index: Index, settings: Settings) -> None:
        self.index = index
        self.settings = settings
        self.embedder = index.embedder
        self.retriever = Retriever(index.embedder, settings.threads)
        self.composer = _composer(settings) if settings.llm else None

    @property
    def notice(self) -> str:
        """What happens to what is typed, as a sentence for the screen."""
        return self.composer.notice if self.composer else STAYS

    def warm(self) -> None:
        """Load the models, so that the first question doesn't pay for them."""
        self.embedder.question("warm")
        triage("warm")
        shipped()

    def ask(self, question: str, scope: Scope = None, history: Sequence[Turn] = (), *, id: str | None = None) -> Answer:
        """Answer one question of one policy (slug), of several, or of all (None).

        Raises:
            QuestionError: the question is empty.
            UnknownPolicyError: `scope` names a document that is not there.
            IndexMissingError, IndexMismatchError: the index can't be used.
        """
        *_, last = self.answers(question, scope, history, id=id)
        return last

    def answers(
        self, question: str, scope: Scope = None, history: Sequence[Turn] = (), *, id: str | None = None
    ) -> Iterator[Answer]:
        """The answer at once, made without a language model; then, where one is set, the answer with its part. Raises what `ask` raises."""
        first = self._extractive(question, scope, history, id)
        yield first
        if self.composer is not None:
            documents = [shelf.document for shelf in self.index.snapshot().chosen(scope)]
            yield self.composer.answer(
                first, history, documents, lambda searches: self._extractive(question, scope, history, id, searches)
            )

    def _extractive(
        self, question: str, scope: Scope, history: Sequence[Turn], id: str | None, searches: Sequence[str] = ()
    ) -> Answer:
        """The answer without a language model; `searches` are put to the policies beside the question."""
        began = time.perf_counter()
        asked, warnings = _cleaned(question)
        snapshot = self.index.snapshot()
        documents = tuple(shelf.document for shelf in snapshot.chosen(scope))
        read = joined(asked, history)
        embedding = self.embedder.question(read)
        alone = embedding.vector if read == asked else self.embedder.question(asked).vector
        finding = triage(asked, small_talk=is_small_talk(asked, alone))
        declined = is_declined(asked, None if history else alone) and finding == Finding()
        triaged = time.perf_counter()
        runs = [] if declined else [self.retriever.search(snapshot, read, scope, embedding=embedding)]
        runs += [self.retriever.search(snapshot, words, scope) for words in searches]
        rule = duty(self.retriever, snapshot, scope, finding.level, finding.branch)
        searched = time.perf_counter()
        readings = _Readings(snapshot, read)
        answering, near = together(runs, self.settings.quotes, readings.doubt)
        chosen = with_duty(answering, rule, self.settings.quotes)
        chosen = _with_antecedent(chosen)
        near = [item for item in near if item.clause.id not in {one.clause.id for one in chosen}]
        terms = _definitions(snapshot, chosen)
        taken = {item.clause.id for item in terms}
        near = [*[item for item in near if item.clause.id not in taken][: self.settings.related], *terms]
        quotes, unproved = _proved(snapshot, chosen)
        related, _ = _proved(snapshot, near)
        if not declined and needs_a_word(read, finding.worry, quotes):
            finding = raised(finding, "consult", "boundary")
        card = advise(finding, documents)
        quoted = [snapshot.by_slug[slug].document for slug in sorted({item.policy for item in quotes})]
        answer = Answer(
            question,
            scope if isinstance(scope, str) else None,
            "answered" if quotes else "declined" if declined else "not_covered",
            quotes=quotes,
            related=related,
            safeguarding=card,
            warnings=(
                *warnings,
                *([compose.BEHIND] if snapshot.behind else []),
                *_unconfirmed(snapshot, documents, card),
                *([compose.UNPROVED] if unproved else []),
                *_status(quoted),
                *_recognised(quoted, quotes),
                *_defects(snapshot, quotes),
            ),
            id=id,
        )
        if quotes:
            given = _verdict(embedding, quotes[0], chosen, readings) if answering else None
            answer = replace(answer, verdict=given, summary=compose.summary(quotes, given, form_of(read)))
        else:
            titles = tuple(document.title for document in documents)
            answer = replace(answer, summary=compose.DECLINED if declined else compose.silence(titles))
        done = time.perf_counter()
        spent = {"triage": triaged - began, "search": searched - triaged, "compose": done - searched}
        spent["total"] = done - began
        return replace(answer, timings_ms={name: round(1000 * seconds, 1) for name, seconds in spent.items()})


class _Readings:
    """What the trained reader says of one question and a clause; each is read at most once."""

    def __init__(self, snapshot: Snapshot, question: str) -> None:
        self.snapshot = snapshot
        self.question = question
        self._known: dict[str, Mapping[Reading, float] | None] = {}

    def of(self, hit: Hit) -> Mapping[Reading, float] | None:
        """The chances of each reading; of a long clause, of the window that was found. None without a reader or where the clause is not proved."""
        if hit.clause.id not in self._known:
            self._known[hit.clause.id] = self._chances(hit)
        return self._known[hit.clause.id]

    def doubt(self, hit: Hit) -> float:
        """The chance that the clause does not answer; none where there is no reading."""
        chances = self.of(hit)
        return chances["silent"] if chances else 0.0

    def _chances(self, hit: Hit) -> Mapping[Reading, float] | None:
        reader = shipped()
        quotes, _ = _proved(self.snapshot, [hit])
        if reader is None or not quotes:
            return None
        heading = quotes[0].headings[-1] if quotes[0].headings else ""
        said = hit.window or " ".join((*quotes[0].lead_in, quotes[0].text))
        return reader.chances(self.question, quotes[0].modality, heading, said)


def _verdict(embedding: Embedding, quote: Quote, chosen: Sequence[Hit], readings: _Readings) -> Verdict | None:
    """What code and the trained reader come to, of the best clause."""
    form = form_of(readings.question)
    found = next(hit for hit in chosen if hit.clause.id == quote.clause)
    ruled = verdict(readings.question, quote.modality, quote.text)
    chances = readings.of(found) if form not in SILENT else None
    if chances is None:
        return ruled
    examples = known.of(embedding)
    alike = examples.read(embedding.vector, found.vector, form) if examples and found.vector is not None else None
    return settled(ruled, chances, alike, form, quote.modality)


def _composer(settings: Settings) -> "Composer":
    """Imported here: LangChain's clients take seconds to load, and nobody who sets no model waits for them."""
    from assistant.llm.composer import Composer

    return Composer(settings)


def _with_antecedent(chosen: Sequence[Hit]) -> list[Hit]:
    """What was chosen; where the first clause speaks of the one before it ("The same rule …"), that one stands beside it."""
    if not chosen:
        return []
    first, *others = chosen
    meant = antecedent(first.document, first.clause)
    if meant is None:
        return [first, *others]
    found = next(
        (item for item in others if item.clause.id == meant.id), replace(first, clause=meant, window="", vector=None)
    )
    return [first, found, *(item for item in others if item is not found)]


def _definitions(snapshot: Snapshot, chosen: Sequence[Hit]) -> list[Hit]:
    """What the terms of the first clause mean, in its own document's words."""
    if not chosen:
        return []
    first = chosen[0]
    definitions = snapshot.by_slug[first.document.slug].definitions
    asked = {item.clause.id for item in chosen}
    found = [clause for clause in used(definitions, [first.clause]) if clause.id not in asked]
    return [Hit(first.document, clause, 0.0, 0.0, 0.0) for clause in found[:MAX_DEFINITIONS]]


def _proved(snapshot: Snapshot, chosen: Sequence[Hit]) -> tuple[tuple[Quote, ...], bool]:
    """The quotations that hold, and whether one did not. A long clause has the force of the window that was found."""
    made = [quote(snapshot, item.document, item.clause, item.score) for item in chosen]
    made = [
        replace(one, modality=modality(item.window)) if one is not None and item.window else one
        for one, item in zip(made, chosen, strict=True)
    ]
    return tuple(item for item in made if item is not None), None in made


def _cleaned(question: str) -> tuple[str, list[str]]:
    """The question without control characters, and warnings about what was set aside."""
    bare = " ".join("".join(character if character.isprintable() else " " for character in question).split())
    if not bare:
        raise QuestionError("The question is empty. Expected a question about the school's policies, in any words.")
    if len(bare) > MAX_QUESTION:
        return bare[:MAX_QUESTION], [f"Only the first {MAX_QUESTION} characters of the question were read."]
    return bare, []


def _status(quoted: Sequence[Document]) -> list[str]:
    """A line for each quoted document that is past its review."""
    return [
        f"{document.title} ({document.slug}): its {document.standing(date.today())}; check that it is still in force."
        for document in quoted
        if document.is_overdue(date.today())
    ]


def _unconfirmed(snapshot: Snapshot, documents: tuple[Document, ...], card: Safeguarding) -> list[str]:
    """A line where the card names people of the school whom nobody has confirmed."""
    named = any(
        person.source == "settings" and (person.name or person.phone or person.email) for person in card.contacts
    )
    if not named or all(snapshot.confirmed(document) for document in documents if document.contacts):
        return []
    return [
        "The names and numbers of the school's contacts have not been confirmed by the school; if one is wrong, ask the office."
    ]


def _recognised(quoted: Sequence[Document], quotes: tuple[Quote, ...]) -> list[str]:
    """A line for each quoted clause whose words were read from a picture."""
    scanned = {(document.slug, page) for document in quoted for page in document.ocr_pages}
    return [
        f"{item.clause}: OCR: its words were read from a scanned page by text recognition; check them against page {item.page} of {item.source}."
        for item in quotes
        if (item.policy, item.page) in scanned
    ]


_TOLD = frozenset({"placeholder", "superseded_law", "misnamed_law", "contradiction", "person_named"})


def _defects(snapshot: Snapshot, quotes: tuple[Quote, ...]) -> list[str]:
    """What is wrong with the quoted clauses themselves, a line each."""
    return [
        f"{item.clause}: {found.message}"
        for item in quotes
        for found in touching(snapshot.by_slug[item.policy].findings, item.clause)
        if found.kind in _TOLD
    ]
