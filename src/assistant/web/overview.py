"""The Compare page, for safeguarding leads: one question put to every school; and what the pages share."""

import logging
from collections.abc import Callable

import gradio as gr

from assistant.answers import Answer
from assistant.ask import Assistant
from assistant.documents import Document
from assistant.errors import AssistantError
from assistant.web import tables

log = logging.getLogger(__name__)
READING = '<p class="pa lead" role="status">Reading the policies…</p>'
FAILED = "Something went wrong inside this program. Try again, and tell whoever runs it."


def compare_page(open_assistant: Callable[[], Assistant], compare: Callable[[str], dict[str, Answer]]) -> None:
    """A question, and a row for each school. `compare` puts it to all of them, and gives their answers by name."""
    question = gr.Textbox(
        label="One question for every school",
        placeholder="For example: may staff be friends with parents online?",
        max_length=4000,
        elem_id="compared",
    )
    send = gr.Button("Compare", variant="primary", elem_id="compare")
    shown = gr.HTML("", elem_id="comparison", padding=False)

    def respond(words: str) -> str:
        if not words or not words.strip():
            return tables.said("Type a question first.")
        return safely(lambda: tables.comparison(words, compare(words), documents(open_assistant)))

    for event in (send.click, question.submit):
        event(respond, [question], [shown], api_name=False, show_progress="minimal")


def documents(open_assistant: Callable[[], Assistant]) -> dict[str, Document]:
    """The documents by slug, in its order."""
    return {slug: shelf.document for slug, shelf in sorted(open_assistant().index.snapshot().by_slug.items())}


def safely(make: Callable[[], str]) -> str:
    """What `make` gives, or what went wrong as a sentence."""
    try:
        return make()
    except AssistantError as error:
        return tables.said(str(error))
    except Exception:
        log.exception("A page could not be made")  # what was typed is not logged
        return tables.said(FAILED)
