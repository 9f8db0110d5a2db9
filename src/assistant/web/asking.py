"""The Ask page: choose a school, type, read, follow up."""

import logging
from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant.answers import Answer, Turn
from assistant.ask import Assistant
from assistant.documents import Document
from assistant.errors import AssistantError
from assistant.web import cards

log = logging.getLogger(__name__)

EXAMPLES = (
    "Can I accept a friend request from a pupil's parent?",
    "A former pupil has followed me on Instagram. Is that a problem?",
    "Who do I tell about something worrying a pupil posted?",
    "Can I post a photo of my class on my own Instagram?",
)
EVERYWHERE = "All of them"


def schools(documents: tuple[Document, ...]) -> dict[str, tuple[str, ...]]:
    """Slugs of the documents by school, in order of names; a document without a school stands for itself."""
    found: dict[str, tuple[str, ...]] = {}
    for name, slug in sorted((document.organisation or document.title, document.slug) for document in documents):
        found[name] = (*found.get(name, ()), slug)
    return found


def ask_page(blocks: gr.Blocks, open_assistant: Callable[[], Assistant]) -> None:
    """Lay the page out inside `blocks`. `open_assistant` gives the assistant; it may take a while at first."""
    asked: gr.State = gr.State([])
    school = gr.Radio(choices=[], label="Whose policies?", elem_id="school")
    question = gr.Textbox(
        label="Your question",
        placeholder="In your own words. Leave out names.",
        lines=2,
        max_lines=8,
        max_length=4000,
        elem_id="question",
    )
    with gr.Row():
        send = gr.Button("Ask", variant="primary", elem_id="ask")
        clear = gr.Button("Clear", elem_id="clear")
    with gr.Row(elem_id="examples"):
        examples = [gr.Button(example, size="sm", variant="secondary") for example in EXAMPLES]
    shown = gr.HTML("", elem_id="answers", padding=False)

    def fill(request: gr.Request) -> tuple[Any, str]:
        """The schools to choose from; `?school=…&question=…` in the address opens a given school (its name, or a slug) and question."""
        found = _schools(open_assistant)
        wanted = str(request.query_params.get("school", ""))
        chosen = next(
            (name for name, slugs in found.items() if wanted == name or wanted in slugs),
            next(iter(found), EVERYWHERE),
        )
        return gr.Radio(choices=[*found, EVERYWHERE], value=chosen), str(request.query_params.get("question", ""))[
            :4000
        ]

    def respond(
        words: str, name: str | None, history: list[tuple[str, str, str]]
    ) -> tuple[str, list[tuple[str, str, str]], str]:
        """Answer, and show the conversation."""
        if not words or not words.strip():
            return _shown(history, "Type a question first."), history, ""
        given = _answered(open_assistant, words, name, history)
        history = [*history, (words, given.summary, cards.answer(given))]
        return _shown(history), history, ""

    blocks.load(fill, outputs=[school, question], api_name=False)
    inputs, outputs = [question, school, asked], [shown, asked, question]
    for event in (send.click, question.submit):
        event(respond, inputs, outputs, api_name=False, show_progress="minimal")
    clear.click(lambda: ("", [], ""), outputs=outputs, api_name=False)
    for button, example in zip(examples, EXAMPLES, strict=True):
        button.click(
            lambda name, history, words=example: respond(words, name, history),
            [school, asked],
            outputs,
            api_name=False,
        )


def _shown(history: list[tuple[str, str, str]], notice: str = "") -> str:
    turns = [(words, html) for words, _, html in history]
    said = f'<p class="verdict" role="alert">{notice}</p>' if notice else ""
    return (
        f'<div class="pa" role="region" aria-live="polite" aria-label="Answers">{said}{cards.conversation(turns)}</div>'
    )


def _schools(open_assistant: Callable[[], Assistant]) -> dict[str, tuple[str, ...]]:
    return schools(tuple(shelf.document for shelf in open_assistant().index.snapshot().shelves))


def _answered(
    open_assistant: Callable[[], Assistant], words: str, name: str | None, history: list[tuple[str, str, str]]
) -> Answer:
    """The answer, or what went wrong as a sentence."""
    turns = [
        turn for question, summary, _ in history[-6:] for turn in (Turn("user", question), Turn("assistant", summary))
    ]
    try:
        return open_assistant().ask(words, _schools(open_assistant).get(name or ""), turns)
    except AssistantError as error:
        return Answer(words, None, "error", summary=str(error))
    except Exception:
        log.exception("A question could not be answered")  # the question itself is not logged
        return Answer(
            words,
            None,
            "error",
            summary="Something went wrong inside this program; no answer was made. Try again, and tell whoever runs it.",
        )
