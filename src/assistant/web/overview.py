"""The Compare and Policies pages, for safeguarding leads: one question put to every policy; each policy with what is wrong with it."""

import logging
from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant.ask import Assistant
from assistant.compare import compare
from assistant.documents import Document
from assistant.errors import AssistantError
from assistant.index import Snapshot
from assistant.web import tables

log = logging.getLogger(__name__)
FAILED = "Something went wrong inside this program. Try again, and tell whoever runs it."


def compare_page(open_assistant: Callable[[], Assistant]) -> None:
    """A question, and a row for each policy."""
    question = gr.Textbox(
        label="One question for every policy",
        placeholder="For example: may staff be friends with parents online?",
        max_length=4000,
        elem_id="compared",
    )
    send = gr.Button("Compare", variant="primary", elem_id="compare")
    shown = gr.HTML("", elem_id="comparison", padding=False)

    def respond(words: str) -> str:
        if not words or not words.strip():
            return tables.said("Type a question first.")
        return _safely(lambda: tables.comparison(words, compare(open_assistant(), words), _documents(open_assistant)))

    for event in (send.click, question.submit):
        event(respond, [question], [shown], api_name=False, show_progress="minimal")


def policies_page(blocks: gr.Blocks, open_assistant: Callable[[], Assistant]) -> None:
    """The policies with their state, and one of them clause by clause with what is wrong with it."""
    listed = gr.HTML("", elem_id="policies", padding=False)
    chosen = gr.Radio(choices=[], label="Read a policy", elem_id="policy")
    words = gr.Textbox(label="Only clauses with the words", max_length=200, elem_id="filter")
    shown = gr.HTML("", elem_id="reader", padding=False)

    def fill() -> tuple[str, Any]:
        documents = _documents(open_assistant)
        found = open_assistant().index.snapshot().findings
        return tables.policies(list(documents.values()), found), gr.Radio(
            choices=[(f"{one.title} ({one.slug})", one.slug) for one in documents.values()]
        )

    def read(slug: str | None, wanted: str) -> str:
        return _safely(lambda: _read(open_assistant().index.snapshot(), slug or "", wanted or ""))

    blocks.load(fill, outputs=[listed, chosen], api_name=False)
    for event in (chosen.change, words.submit):
        event(read, [chosen, words], [shown], api_name=False, show_progress="minimal")


def _read(snapshot: Snapshot, slug: str, wanted: str) -> str:
    shelf = snapshot.by_slug.get(slug)
    found = [row for row in snapshot.findings if row.policy == slug]
    return tables.reader(shelf.document, found, wanted) if shelf is not None else ""


def _documents(open_assistant: Callable[[], Assistant]) -> dict[str, Document]:
    return {slug: shelf.document for slug, shelf in sorted(open_assistant().index.snapshot().by_slug.items())}


def _safely(make: Callable[[], str]) -> str:
    """What `make` gives, or what went wrong as a sentence."""
    try:
        return make()
    except AssistantError as error:
        return tables.said(str(error))
    except Exception:
        log.exception("A page could not be made")  # what was typed is not logged
        return tables.said(FAILED)
