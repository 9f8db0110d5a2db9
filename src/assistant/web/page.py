"""The page where staff ask: choose a school, type, read."""

import json
import logging
import time
from collections.abc import Callable
from typing import Any, NoReturn

import gradio as gr

from assistant.answers import Answer, Turn
from assistant.ask import Assistant
from assistant.batch import answer_row
from assistant.compare import as_dict
from assistant.compare import compare as comparing
from assistant.documents import Document
from assistant.errors import AssistantError, SettingsError
from assistant.web import cards
from assistant.web.theme import CSS, HEAD, theme

log = logging.getLogger(__name__)

INTRODUCTION = """<div class="pa"><h1>Policy Assistant</h1>
<p class="lead">Finds what your school's policies say and shows the clause, word for word. It is not legal advice, it reports nothing to anyone, and it is not for pupils.
Leave out names. What you type stays on this machine and is not kept.</p></div>"""
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


def pages(open_assistant: Callable[[], Assistant]) -> gr.Blocks:
    """The web app's pages. `open_assistant` gives the assistant; it may take a while at first."""
    with gr.Blocks(title="Policy Assistant", analytics_enabled=False, fill_width=True) as blocks:
        gr.HTML(INTRODUCTION)
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
        _endpoints(open_assistant)
    return blocks


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
