"""The web app: its pages, its API for programs, and how it is served."""

import json
import time
from collections.abc import Callable
from html import escape
from typing import Any, NoReturn

import gradio as gr

from assistant.ask import STAYS, Assistant
from assistant.batch import answer_row
from assistant.compare import as_dict
from assistant.compare import compare as comparing
from assistant.errors import AssistantError, SettingsError
from assistant.web.asking import ask_page
from assistant.web.overview import compare_page, policies_page
from assistant.web.theme import CSS, HEAD, theme

INTRODUCTION = """<div class="pa"><h1>Policy Assistant</h1>
<p class="lead">Finds what your school's policies say and shows the clause, word for word. It is not legal advice, it reports nothing to anyone, and it is not for pupils.
Leave out names. What you type stays on this machine and is not kept.</p></div>"""


def introduction(notice: str) -> str:
    """The head of the page; `notice` says where questions go."""
    return INTRODUCTION.replace(STAYS, escape(notice))


def pages(open_assistant: Callable[[], Assistant]) -> gr.Blocks:
    """The web app's pages. `open_assistant` gives the assistant; it may take a while at first."""
    with gr.Blocks(title="Policy Assistant", analytics_enabled=False, fill_width=True) as blocks:
        gr.HTML(introduction(open_assistant().notice))
        with gr.Tabs():
            with gr.Tab("Ask", id="ask"):
                ask_page(blocks, open_assistant)
            with gr.Tab("Compare", id="compare"):
                compare_page(open_assistant)
            with gr.Tab("Policies", id="policies"):
                policies_page(blocks, open_assistant)
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


def launch(blocks: gr.Blocks, host: str, port: int) -> NoReturn:
    """Serve the pages until Ctrl-C, which is passed on.

    Raises:
        SettingsError: the port is taken, or the address is not this machine's.
    """
    blocks.queue(default_concurrency_limit=8, max_size=256)
    try:
        _open(blocks, host, port)
    except OSError as error:
        raise SettingsError(
            f"The web app can't listen on {host}, port {port}: another program has it. Stop that one, or name another with --port."
        ) from error
    try:
        while True:
            time.sleep(3600)
    finally:
        blocks.close(verbose=False)


def _open(blocks: gr.Blocks, host: str, port: int) -> None:
    blocks.launch(
        server_name=host,
        server_port=port or None,
        share=False,
        quiet=True,
        show_error=False,
        prevent_thread_lock=True,  # Gradio's own waiting takes Ctrl-C for a good end, with status 0
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
        footer_links=[],
        theme=theme(),
        css=CSS,
        head=HEAD,
        max_file_size="1mb",
    )
