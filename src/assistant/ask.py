"""The whole pipeline on one screen: question → triage → search → proof → answer."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant import compose, verdict
from assistant.answers import Answer, Quote, Safeguarding, Turn
from assistant.documents import Document
from assistant.embedding import Embedder
from assistant.errors import QuestionError
from assistant.followup import joined
from assistant.index import Index, Scope, Snapshot
from assistant.quoting import quote
from assistant.safeguarding import advise, sends_to_dsl
from assistant.scope import is_declined
from assistant.search import Hit, Retriever
from assistant.settings import Settings
from assistant.silence import answering
from assistant.triage import raised, triage

MAX_QUESTION = 4000
"""Characters of a question that are read; what comes after is set aside with a warning."""


class Assistant:
    """Answers questions from the policies of an index."""

    def __init__(self, index: Index, settings: Settings) -> None:
        self.index = index
        self.settings = settings
        self.embedder: Embedder = index.embedder
        self.retriever = Retriever(index.embedder)

    def ask(self, question: str, scope: Scope = None, history: Sequence[Turn] = (), *, id: str | None = None) -> Answer:
        """Answer one question of one policy (slug), of several, or of all (None).

        Raises:
            QuestionError: the question is empty.
            UnknownPolicyError: `scope` names a document that is not there.
            IndexMissingError, IndexMismatchError: the index can't be used.
        """
        began = time.perf_counter()
        asked, warnings = _cleaned(question)
        snapshot = self.index.snapshot()
        documents = tuple(shelf.document for shelf in snapshot.chosen(scope))
        read = joined(asked, history)
        vector = self.embedder.question(read)
        finding = triage(asked, vector if read == asked else self.embedder.question(asked))
        triaged = time.perf_counter()
        hits = [] if is_declined(asked) else self.retriever.search(snapshot, read, scope, vector=vector)
        searched = time.perf_counter()
        quotes, related, unproved = self._quoted(snapshot, read, hits)
        if quotes and sends_to_dsl(quotes[0].text):
            finding = raised(finding, "consult", "boundary")
        card = advise(finding, documents)
        if unproved:
            warnings.append(compose.UNPROVED)
        warnings += _status(documents, quotes)
        answer = self._composed(
            question,
            scope if isinstance(scope, str) else None,
            asked,
            quotes,
            related,
            card,
            documents,
            declined=is_declined(asked) and card.level == "none",
        )
        done = time.perf_counter()
        timings = {
            "triage": triaged - began,
            "search": searched - triaged,
            "compose": done - searched,
            "total": done - began,
        }
        rounded = {name: round(1000 * seconds, 1) for name, seconds in timings.items()}
        return replace(answer, warnings=tuple(warnings), id=id, timings_ms=rounded)

    def _quoted(
        self, snapshot: Snapshot, asked: str, hits: list[Hit]
    ) -> tuple[tuple[Quote, ...], tuple[Quote, ...], bool]:
        """The clauses that answer and the near ones, proved; and whether a proof failed."""
        chosen = answering(asked, hits)[: self.settings.quotes]
        near = [hit for hit in hits if hit not in chosen][: self.settings.related]
        proved = [quote(snapshot, hit.document, hit.clause, hit.score) for hit in chosen]
        beside = [quote(snapshot, hit.document, hit.clause, hit.score) for hit in near]
        return tuple(item for item in proved if item), tuple(item for item in beside if item), None in proved

    def _composed(
        self,
        question: str,
        policy: str | None,
        asked: str,
        quotes: tuple[Quote, ...],
        related: tuple[Quote, ...],
        card: Safeguarding,
        documents: tuple[Document, ...],
        *,
        declined: bool,
    ) -> Answer:
        if declined:
            return Answer(question, policy, "declined", summary=compose.DECLINED)
        if not quotes:
            return Answer(
                question,
                policy,
                "not_covered",
                summary=compose.silence(tuple(document.title for document in documents)),
                related=related,
                safeguarding=card,
            )
        given = verdict.verdict(asked, quotes[0])
        return Answer(question, policy, "answered", given, compose.summary(quotes, given), quotes, related, card)


def _cleaned(question: str) -> tuple[str, list[str]]:
    """The question without control characters, and warnings about what was set aside."""
    bare = " ".join("".join(character if character.isprintable() else " " for character in question).split())
    if not bare:
        raise QuestionError("The question is empty. Expected a question about the school's policies, in any words.")
    if len(bare) > MAX_QUESTION:
        return bare[:MAX_QUESTION], [f"Only the first {MAX_QUESTION} characters of the question were read."]
    return bare, []


def _status(documents: tuple[Document, ...], quotes: tuple[Quote, ...]) -> list[str]:
    """A line for each quoted document that is past its review, or was read with warnings."""
    quoted = {item.policy for item in quotes}
    today = date.today()
    return [
        f"{document.title} ({document.slug}): its review was due {document.review_due:%B %Y}; check that it is still in force."
        for document in documents
        if document.slug in quoted and document.review_due is not None and document.review_due < today
    ]
