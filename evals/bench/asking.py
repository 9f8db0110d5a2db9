"""The whole answer against embedding the question alone, and against LangChain's tutorial RAG."""

import gc
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from assistant import ask, examples, triage
from assistant.ask import Assistant
from assistant.documents import Document
from assistant.embedding import SentenceEmbedder
from assistant.index import Index, Shelf, Snapshot
from assistant.lexical import terms
from assistant.search import CANDIDATES, DENSE, sought, widened
from assistant.settings import read_settings
from evals import baseline
from evals.bench.measure import Clock, interleaved, ratios, resident, summary
from evals.bench.sizes import Held, Sampled, documents, shelves
from evals.questions import FOLDER, read_questions

TARGETS = {400: 1.5, 10_000: 1.5, 100_000: 2.0, 1_000_000: 4.0}
"""Most times the cost of embedding the question, by number of clauses (the issue's targets)."""


def questions(limit: int) -> list[str]:
    """Questions of the dev set, as typed."""
    return [question.question for question in read_questions(FOLDER / "corpus-dev.jsonl")[:limit]]


@contextmanager
def without_models() -> Iterator[None]:
    """Answers without the triage's model and the verdict's reader, whose costs are stated apart."""
    with patch.object(ask, "shipped", lambda: None), patch.object(triage, "shipped", lambda: None):
        yield


def first(snapshot: Snapshot, clauses: int) -> tuple[Shelf, ...]:
    """Documents in their order, until they have so many clauses."""
    total = list(accumulate(len(shelf.document.clauses) for shelf in snapshot.shelves))
    return snapshot.shelves[: next((place for place, reached in enumerate(total, 1) if reached >= clauses), None)]


def small(index: Path, rounds: int, clock: Clock) -> dict[str, Any]:
    """About 400 clauses of the corpus: embedding alone, the answer with and without the models of triage and verdict, the triage alone, the tutorial RAG; a round a question."""
    embedder = SentenceEmbedder()
    held = first(Index(index, embedder).snapshot(), 400)
    assistant = Assistant(Held(index, embedder, held), read_settings(index=index))
    asked = questions(rounds)
    store = baseline.build([shelf.document for shelf in held])

    def bare(number: int) -> None:
        with without_models():
            assistant.ask(asked[number])

    times = interleaved(
        {
            "embed": lambda number: embedder.question(asked[number]),
            "answer": lambda number: assistant.ask(asked[number]),
            "answer_without_models": bare,
            "triage": lambda number: triage.triage(asked[number]),
            "langchain_rag": lambda number: store.similarity_search(asked[number], k=4),
        },
        len(asked),
        warm=len(asked),
        clock=clock,
    )
    return {
        "clauses": sum(len(shelf.document.clauses) for shelf in held),
        **{name: summary(seconds) for name, seconds in times.items()},
        "ratios": {
            "answer/embed": ratios(times["answer"], times["embed"]),
            "answer_without_models/embed": ratios(times["answer_without_models"], times["embed"]),
            "triage/embed": ratios(times["triage"], times["embed"]),
            "answer/langchain_rag": ratios(times["answer"], times["langchain_rag"]),
        },
    }


def large(clauses: int, rounds: int, clock: Clock) -> dict[str, Any]:
    """Synthetic clauses, all asked at once: embedding alone against the answer without the models of triage and verdict, whose cost does not grow; and recall."""
    embedder = SentenceEmbedder()
    sampled = Sampled(embedder, shared_words=clauses > 200_000)
    embedder.warm()
    began = time.perf_counter()
    made = shelves(clauses, sampled)
    built = time.perf_counter() - began
    assistant = Assistant(Held(Path(), embedder, made), read_settings())
    asked = questions(rounds)
    with without_models():
        began = time.perf_counter()
        assistant.ask(asked[0])
        first_answer = time.perf_counter() - began
        tasks: dict[str, Callable[[int], object]] = {
            "embed": lambda number: embedder.question(asked[number]),
            "answer": lambda number: assistant.ask(asked[number]),
        }
        # The first answer that quotes a document looks for what is wrong with it, once.
        once = interleaved(tasks, len(asked), warm=0, clock=clock)["answer"]
        times = interleaved(tasks, len(asked), clock=clock)
    return {
        "clauses": sum(len(shelf.document.clauses) for shelf in made),
        "documents": len(made),
        "made_in_s": round(built, 1),
        "first_answer_s": round(first_answer, 2),
        "answer_first_time": summary(once),
        **{name: summary(seconds) for name, seconds in times.items()},
        "ratios": {"answer/embed": ratios(times["answer"], times["embed"])},
        "recall_of_candidates": recall(assistant, asked[:10]),
        "target": TARGETS.get(clauses),
    }


def recall(assistant: Assistant, asked: list[str]) -> float:
    """Of the candidates that an exact search finds (every cosine and every sum in 64-bit numbers), the share that the search finds too."""
    snapshot = assistant.index.snapshot()
    edges = np.cumsum([0, *(len(shelf.starts) for shelf in snapshot.filled)])
    shares = []
    for question in asked:
        embedding = assistant.embedder.question(question)
        vector = sought(embedding, examples.expected(embedding))
        exact = [
            np.maximum.reduceat(np.asarray(shelf.vectors, np.float64) @ vector, shelf.starts)
            for shelf in snapshot.filled
        ]
        words = snapshot.lexicons.scores(terms(widened(question)))
        fused = DENSE * _share(np.concatenate(exact)) + (1 - DENSE) * _share(words.astype(np.float64))
        hits = assistant.retriever.search(snapshot, question, None, limit=CANDIDATES, embedding=embedding)
        found = {hit.clause.id for hit in hits}
        least = np.partition(fused, -min(CANDIDATES, len(fused)))[-min(CANDIDATES, len(fused))]
        for place in np.flatnonzero(fused > least + 1e-6):  # of those that are as high as the last, any will do
            which = int(np.searchsorted(edges, place, side="right")) - 1
            clause = snapshot.filled[which].document.clauses[place - edges[which]]
            shares.append(clause.id in found)
    return round(sum(shares) / len(shares), 3) if shares else 1.0


def _share(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    span = scores.max() - scores.min()
    return (scores - scores.min()) / span if span else np.zeros_like(scores)


def stored(clauses: int) -> dict[str, Any]:
    """A synthetic index on disk: what writing and opening it cost, and the memory of a process that answers from it, by 100,000 clauses."""
    embedder = SentenceEmbedder()
    with tempfile.TemporaryDirectory() as folder, without_models():
        sampled = Sampled(embedder)
        made = documents(clauses)
        large, little = Path(folder, "large"), Path(folder, "little")
        _write(little, made[:1], sampled)
        began = time.perf_counter()
        _write(large, made, sampled)
        written = time.perf_counter() - began
        sizes = [sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) for path in (large, little)]
        question = questions(1)[0]
        Assistant(Index(little, embedder), read_settings(index=little)).ask(question)  # what any index takes
        gc.collect()
        before = resident()
        assistant = Assistant(Index(large, embedder), read_settings(index=large))
        began = time.perf_counter()
        assistant.index.snapshot()
        opened = time.perf_counter() - began
        assistant.ask(question)
        gc.collect()
        taken = resident() - before
        held = assistant.index.snapshot().shelves
    share = 100_000 / sum(len(one.clauses) for one in made)
    return {
        "clauses": sum(len(one.clauses) for one in made),
        "documents": len(made),
        "written_ms_a_document": round(1000 * written / len(made), 1),
        "opened_ms_a_document": round(1000 * opened / len(made), 1),
        "memory_mb_per_100000_clauses": round(taken * share / 2**20),
        "of_which_vectors_and_words_mb": round(sum(shelf.embeddings.size for shelf in held) * share / 2**20),
        "disk_mb_per_100000_clauses": round((sizes[0] - sizes[1]) * share / 2**20),
    }


def _write(path: Path, made: Sequence[Document], embedder: Sampled) -> None:
    with Index(path, embedder).writing() as writer:
        for document in made:
            writer.put(document, document.text.encode())
