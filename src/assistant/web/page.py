"""The web app: its pages and its API for programs."""

import json
from collections.abc import Callable
from html import escape
from typing import Any

import gradio as gr

from assistant.ask import STAYS, Assistant
from assistant.batch import answer_row
from assistant.compare import as_dict
from assistant.compare import compare as comparing
from assistant.errors import AssistantError
from assistant.web.asking import ask_page
from assistant.web.leads import leads_page
from assistant.web.overview import compare_page
from assistant.web.shelves import Shelving, policies_page

INTRODUCTION = """<div class="pa"><h1>Policy Assistant</h1>
<p class="lead">Finds what your school's policies say and shows the clause, word for word. It is not legal advice, it reports nothing to anyone, and it is not for pupils.
Leave out names. What you type stays on this machine and is not kept.</p></div>"""


def introduction(notice: str) -> str:
    """The head of the page; `notice` says where questions go."""
    return INTRODUCTION.replace(STAYS, escape(notice))


PANEL = """<aside id="panel" aria-labelledby="panel-title" hidden><header><h2 id="panel-title">Document</h2>
<button type="button">Close</button></header><iframe name="document" title="The document"></iframe></aside>
<div id="said" class="sr" role="status"></div><p id="connection" role="alert" hidden></p>"""


def pages(open_assistant: Callable[[], Assistant], shelving: Shelving | None = None, notice: str = STAYS) -> gr.Blocks:
    """The web app's pages. `open_assistant` gives the assistant; it may take a while at first. `shelving` changes the documents, where that is
    allowed. `notice` says what happens to what is typed."""
    with gr.Blocks(title="Policy Assistant", analytics_enabled=False, fill_width=True) as blocks:
        gr.HTML(introduction(notice))
        with gr.Tabs():
            with gr.Tab("Ask", id="ask"):
                ask_page(blocks, open_assistant)
            with gr.Tab("Compare", id="compare"):
                compare_page(open_assistant)
            with gr.Tab("Policies", id="policies"):
                policies_page(blocks, open_assistant, shelving)
            with gr.Tab("For DSLs", id="leads"):
                leads_page(blocks, open_assistant)
        gr.HTML(PANEL, padding=False)
        _endpoints(open_assistant)
    return blocks


def _endpoints(open_assistant: Callable[[], Assistant]) -> None:
    """The API for programs: the contract's JSON."""

    def ask(question: str, policy: str = "", history: str = "[]") -> dict[str, Any]:
        """Answer a question of one policy (slug) or of all (empty); history is a JSON list of {role, content}."""
        try:
            turns = json.loads(history or "[]")
        except (ValueError, RecursionError):
            turns = history  # no list: refused with the reason
        return answer_row(open_assistant(), {"question": question, "policy": policy, "history": turns}, "The request")

    def compare(question: str) -> dict[str, Any]:
        """Put one question to every document: an answer object each, in the order of slugs."""
        try:
            return as_dict(question, comparing(open_assistant(), question))
        except AssistantError as error:
            return {"question": question, "answers": [], "error": str(error)}

    def policies() -> list[dict[str, Any]]:
        """The documents that can be asked."""
        return [
            {
                "slug": shelf.document.slug,
                "title": shelf.document.title,
                "organisation": shelf.document.organisation,
                "clauses": len(shelf.document.clauses),
                "source": shelf.document.source,
                "sha256": shelf.document.sha256,
            }
            for shelf in open_assistant().index.snapshot().shelves
        ]

    gr.api(ask, api_name="ask")
    gr.api(compare, api_name="compare")
    gr.api(policies, api_name="policies")
