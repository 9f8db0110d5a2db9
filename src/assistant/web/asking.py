"""The Ask page: choose a school, type, read, follow up."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from html import escape
from typing import Any

import gradio as gr

from assistant import evidence
from assistant.answers import Answer, Turn
from assistant.ask import Assistant
from assistant.documents import schools
from assistant.errors import AssistantError
from assistant.web import cards

log = logging.getLogger(__name__)

EXAMPLES = (
    "Can I accept a friend request from a pupil's parent?",
    "A former pupil has followed me on Instagram. Is that a problem?",
    "Who do I tell about something worrying a pupil posted?",
    "Can I post a photo of my class on my own Instagram?",
    "Am I allowed to say where I work on my profile?",
    "May I check Facebook on my phone at lunch?",
)
"""Questions of which those are offered that the chosen school's policies answer."""
OFFERED = 4
EVERYWHERE = "All of them"
MANY = 12
"""More schools than this get a box to find one by its name."""
LOADING = "Reading the policies; this takes a moment the first time. You can type your question already."


def ask_page(blocks: gr.Blocks, open_assistant: Callable[[], Assistant], *, marked: bool = False) -> None:
    """Lay the page out inside `blocks`. `open_assistant` gives the assistant; it may take a while at first. `marked`: people may say whether an answer helped."""
    asked: gr.State = gr.State([])
    notice = gr.HTML(f'<p class="pa lead" role="status">{LOADING}</p>', elem_id="loading", padding=False)
    wanted = gr.Textbox(label="Find your school", max_length=200, visible=False, elem_id="find")
    school = gr.Radio(choices=[], label="Whose policies?", elem_id="school")
    question = gr.Textbox(
        label="Your question",
        placeholder="In your own words. Leave out names.",
        info="Ctrl and Enter sends it.",
        lines=2,
        max_lines=8,
        max_length=4000,
        elem_id="question",
    )
    with gr.Row():
        send = gr.Button("Ask", variant="primary", elem_id="ask")
        clear = gr.Button("Clear", elem_id="clear")
    with gr.Row(elem_id="examples"):
        examples = [gr.Button("", size="sm", variant="secondary", visible=False) for _ in range(OFFERED)]
    shown = gr.HTML("", elem_id="answers", padding=False)

    def fill(request: gr.Request) -> tuple[Any, ...]:
        """The schools to choose from; `?school=…&question=…` in the address opens a given school (its name, or a slug) and question."""
        try:
            found = _schools(open_assistant)
        except AssistantError as error:
            return f'<p class="pa verdict" role="alert">{escape(str(error))}</p>', gr.skip(), gr.skip(), gr.skip()
        named = str(request.query_params.get("school", ""))
        chosen = next(
            (name for name, slugs in found.items() if named == name or named in slugs),
            EVERYWHERE if named == EVERYWHERE else next(iter(found), EVERYWHERE),
        )
        given = str(request.query_params.get("question", ""))[:4000]
        return (
            gr.HTML(visible=False),
            gr.Radio(choices=[*found, EVERYWHERE], value=chosen),
            gr.Textbox(visible=len(found) > MANY),
            given or gr.skip(),
        )

    def offer(name: str | None) -> list[Any]:
        """The examples that the school's policies answer."""
        suited = [words for words in EXAMPLES if _is_answered(open_assistant, words, name)][:OFFERED]
        return [gr.Button(words, visible=True) for words in suited] + [
            gr.Button(visible=False) for _ in range(OFFERED - len(suited))
        ]

    def narrow(words: str) -> Any:  # noqa: ANN401 - an update of the list
        found = [name for name in _schools(open_assistant) if words.strip().lower() in name.lower()]
        return gr.Radio(choices=[*found, EVERYWHERE])

    def respond(
        words: str, name: str | None, history: list[tuple[str, str, str]]
    ) -> Iterator[tuple[str, list[tuple[str, str, str]], str]]:
        """Answer, and show the conversation; the clauses at once, a language model's part (where one is set) when it comes."""
        if not words or not words.strip():
            yield _shown(history, "Type a question first."), history, ""
            return
        for given in _answers(open_assistant, words, name, history):
            turns = [
                *history,
                (words, given.summary, cards.answer(given, _sheets(open_assistant, given), marked=marked)),
            ]
            yield _shown(turns), turns, ""

    blocks.load(fill, outputs=[notice, school, wanted, question], api_name=False, show_progress="hidden")
    school.change(offer, [school], examples, api_name=False, show_progress="minimal")
    wanted.change(narrow, [wanted], [school], api_name=False, show_progress="hidden")
    inputs, outputs = [question, school, asked], [shown, asked, question]
    for event in (send.click, question.submit):
        event(respond, inputs, outputs, api_name=False, show_progress="minimal")
    clear.click(lambda: ("", [], ""), outputs=outputs, api_name=False)
    for button in examples:
        button.click(respond, [button, school, asked], outputs, api_name=False)


def _shown(history: list[tuple[str, str, str]], notice: str = "") -> str:
    turns = [(words, html) for words, _, html in history]
    said = f'<p class="verdict" role="alert">{notice}</p>' if notice else ""
    return f'<div class="pa" role="region" aria-label="Answers">{said}{cards.conversation(turns)}</div>'


def _schools(open_assistant: Callable[[], Assistant]) -> dict[str, tuple[str, ...]]:
    return schools(shelf.document for shelf in open_assistant().index.snapshot().shelves)


def _is_answered(open_assistant: Callable[[], Assistant], words: str, name: str | None) -> bool:
    try:
        return open_assistant().ask(words, _schools(open_assistant).get(name or "")).status == "answered"
    except AssistantError:
        return False


def _sheets(open_assistant: Callable[[], Assistant], given: Answer) -> str:
    """Links that save the evidence sheet."""
    if given.status not in {"answered", "not_covered"}:
        return ""
    documents = {shelf.document.slug: shelf.document for shelf in open_assistant().index.snapshot().shelves}
    made = datetime.now().astimezone()
    name = f"evidence-{made:%Y%m%d-%H%M%S}"
    return " ".join(
        (
            cards.download(
                "Evidence sheet to print", f"{name}.html", "text/html", evidence.page(given, documents, made)
            ),
            cards.download("as Markdown", f"{name}.md", "text/markdown", evidence.markdown(given, documents, made)),
        )
    )


def _answers(
    open_assistant: Callable[[], Assistant], words: str, name: str | None, history: list[tuple[str, str, str]]
) -> Iterator[Answer]:
    """The answer, then the same with a language model's part where one is set; or what went wrong as a sentence."""
    turns = [
        turn for question, summary, _ in history[-6:] for turn in (Turn("user", question), Turn("assistant", summary))
    ]
    try:
        yield from open_assistant().answers(words, _schools(open_assistant).get(name or ""), turns)
    except AssistantError as error:
        yield Answer(words, None, "error", summary=str(error))
    except Exception:
        log.exception("A question could not be answered")  # the question itself is not logged
        yield Answer(
            words,
            None,
            "error",
            summary="Something went wrong inside this program; no answer was made. Try again, and tell whoever runs it.",
        )
