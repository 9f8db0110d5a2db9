"""For LangChain's users: the clause retriever, the assistant as a Runnable, and the assistant as a tool (docs/langchain.md)."""

from collections.abc import Mapping
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as Found
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import ConfigDict

from assistant.ask import Assistant
from assistant.batch import answer_row
from assistant.index import Scope
from assistant.quoting import quote


class ClauseRetriever(BaseRetriever):
    """Clauses nearest to a question, best first, proved against the stored source. Scores run from 0 to 1."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    assistant: Assistant
    scope: Scope = None
    """A slug, several, or None for all policies."""
    k: int = 5

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Found]:
        snapshot = self.assistant.index.snapshot()
        hits = self.assistant.retriever.search(snapshot, query, self.scope, max(1, self.k))
        quotes = [quote(snapshot, hit.document, hit.clause, hit.score) for hit in hits]
        return [
            Found(
                id=found.clause,
                page_content=" ".join([*found.lead_in, found.text]),
                metadata={
                    "clause": found.clause,
                    "policy": found.policy,
                    "title": found.title,
                    "organisation": found.organisation,
                    "headings": list(found.headings),
                    "modality": found.modality,
                    "source": found.source,
                    "spans": [list(span) for span in found.spans],
                    "score": found.score,
                },
            )
            for found in quotes
            if found is not None
        ]


def runnable(assistant: Assistant) -> Runnable[str | Mapping[str, Any], dict[str, Any]]:
    """The assistant as a Runnable: a question, or {"question", "policy", "history"}, in; the contract's answer object out."""

    def policy_assistant(asked: str | Mapping[str, Any]) -> dict[str, Any]:
        row = {"question": asked} if isinstance(asked, str) else dict(asked)
        return answer_row(assistant, row, "The input")

    return RunnableLambda(policy_assistant)


def tool(assistant: Assistant) -> BaseTool:
    """The assistant as a tool of an agent. What it returns is for reading out as it stands: clauses word for word, with the card first."""

    def school_policy(question: str, policy: str | None = None) -> dict[str, Any]:
        """Find what the school's policies say: clauses quoted word for word, a verdict, and whom to tell where a child may be at risk.

        Args:
            question: The question in the words of the person who asks.
            policy: Slug of one policy; all policies where it is left out.
        """
        return answer_row(assistant, {"question": question, "policy": policy}, "The call")

    return StructuredTool.from_function(school_policy, parse_docstring=True)
