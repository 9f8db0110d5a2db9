"""The Policies page: every document with its state, read clause by clause; where it is allowed, added, replaced, removed and put back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import gradio as gr

from assistant.ask import Assistant
from assistant.documents import Document
from assistant.errors import AssistantError
from assistant.index import Index
from assistant.web import tables
from assistant.web.overview import READING, documents, safely
from assistant.web.who import current

FILES = [".txt", ".md", ".html", ".htm", ".docx", ".pdf", ".odt", ".rtf"]


class Shelving(Protocol):
    """Changes the documents of the index, one at a time."""

    def add(
        self, file: Path, organisation: str = "", title: str = "", progress: Callable[[int, int], None] | None = None
    ) -> Document:
        """Read a file, in place of the document of its slug."""
        ...

    def remove(self, slug: str) -> None:
        """Take a document out."""
        ...

    def restore(self, slug: str) -> Document | None:
        """Put the former version back; None where there is none."""
        ...


def policies_page(blocks: gr.Blocks, open_assistant: Callable[[], Assistant], shelving: Shelving | None) -> None:
    """The policies with their state, and one of them clause by clause with what is wrong with it."""
    listed = gr.HTML(READING, elem_id="policies", padding=False)
    chosen = gr.Radio(choices=[], label="Read a policy", elem_id="policy")
    words = gr.Textbox(label="Only clauses with the words", max_length=200, elem_id="filter")

    def fill() -> tuple[str, Any]:
        try:
            held = documents(open_assistant)
            found = open_assistant().index.snapshot().findings
        except AssistantError as error:
            return tables.said(str(error)), gr.skip()
        return tables.policies(list(held.values()), found), gr.Radio(
            choices=[(f"{one.title} ({one.slug})", one.slug) for one in held.values()]
        )

    def read(slug: str | None, wanted: str) -> str:
        return safely(lambda: _read(open_assistant().index, slug or "", wanted or ""))

    blocks.load(fill, outputs=[listed, chosen], api_name=False, show_progress="hidden")
    if shelving is not None:
        _changes(blocks, open_assistant, shelving, fill, [listed, chosen], chosen)
    shown = gr.HTML("", elem_id="reader", padding=False)
    for event in (chosen.change, words.submit):
        event(read, [chosen, words], [shown], api_name=False, show_progress="minimal")


def _changes(
    blocks: gr.Blocks,
    open_assistant: Callable[[], Assistant],
    shelving: Shelving,
    fill: Callable[[], tuple[str, Any]],
    filled: list[Any],
    chosen: gr.Radio,
) -> None:
    """Add or replace a document; remove the chosen one; put a former version back."""
    with gr.Accordion("Add, replace or remove a document", open=False, elem_id="changes") as changes:
        gr.HTML(
            '<p class="pa lead">A file with the name of a document that is there takes its place. Every change can be undone.</p>'
        )
        file = gr.File(label=f"A policy ({', '.join(FILES)})", file_types=FILES, elem_id="upload")
        with gr.Row():
            school = gr.Textbox(label="School (as it is called above; empty: read from the text)", max_length=200)
            title = gr.Textbox(label="Title (empty: read from the text)", max_length=200)
        with gr.Row():
            add = gr.Button("Add or replace", variant="primary", elem_id="add")
            remove = gr.Button("Remove the policy chosen above", variant="stop", elem_id="remove")
        former = gr.Radio(choices=[], label="Undo: put the version before back", elem_id="former")
        undo = gr.Button("Put it back", elem_id="undo")
        said = gr.HTML("", elem_id="changed", padding=False)

    def undoable() -> Any:  # noqa: ANN401 - an update of the list
        if not current().may("documents"):
            return gr.Radio(choices=[], value=None)
        store = open_assistant().index.store
        held = {slug: one.title for slug, one in documents(open_assistant).items() if store.former(slug) is not None}
        return gr.Radio(
            choices=[(f"{name} ({slug})", slug) for slug, name in sorted({**held, **store.removed()}.items())],
            value=None,
        )

    def added(path: str | None, name: str, words: str, bar: gr.Progress = gr.Progress()) -> str:  # noqa: B008 - Gradio's way of passing it
        if not path:
            return tables.said("Choose a file first.")
        place = Path(path)
        try:
            return safely(
                lambda: tables.added(
                    shelving.add(place, name, words, lambda done, total: bar((done, total), "Embedding the clauses"))
                )
            )
        finally:
            place.unlink(missing_ok=True)  # the stored copy is the only one

    def removed(slug: str | None) -> str:
        if not slug:
            return tables.said("Choose the policy to remove in the list above first.")
        return safely(lambda: _removed(shelving, slug))

    def restored(slug: str | None) -> str:
        if not slug:
            return tables.said("Choose what to put back first.")
        return safely(lambda: _restored(shelving.restore(slug)))

    for click, work, inputs in (
        (add.click, added, [file, school, title]),
        (remove.click, removed, [chosen]),
        (undo.click, restored, [former]),
    ):
        click(work, inputs, [said], api_name=False).then(fill, outputs=filled, api_name=False).then(
            undoable, outputs=[former], api_name=False
        )
    blocks.load(undoable, outputs=[former], api_name=False, show_progress="hidden")
    blocks.load(
        lambda: gr.Accordion(visible=current().may("documents")),
        outputs=[changes],
        api_name=False,
        show_progress="hidden",
    )


def _removed(shelving: Shelving, slug: str) -> str:
    shelving.remove(slug)
    return tables.said(f"{slug} was removed. It can be put back below.")


def _restored(document: Document | None) -> str:
    if document is None:
        return tables.said("There is no earlier version of it.")
    return tables.said(f"{document.title} stands as it was read before ({len(document.clauses)} clauses).")


def _read(index: Index, slug: str, wanted: str) -> str:
    snapshot = index.snapshot()
    shelf = snapshot.by_slug.get(slug)
    if shelf is None:
        return ""
    found = [row for row in snapshot.findings if row.policy == slug]
    former = index.store.former(slug)
    return tables.reader(shelf.document, found, wanted, former[0].document if former else None)
