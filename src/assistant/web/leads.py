"""The page for safeguarding leads: the contacts to confirm, and what is wrong with the policies, the gravest first."""

from html import escape
from typing import Any

import gradio as gr

from assistant.documents import CONTACT_ROLES, Contact, Document
from assistant.errors import AssistantError
from assistant.index import Snapshot
from assistant.users import User
from assistant.web import cards, tables
from assistant.web.overview import READING
from assistant.web.views import Views
from assistant.web.who import current, demand

NEEDED = ("dsl", "deputy_dsl", "headteacher", "chair_of_governors", "lado", "dpo")


def leads_page(blocks: gr.Blocks, views: Views) -> None:
    """Contacts by school, with a button that confirms them; findings of every document."""
    school = gr.Radio(choices=[], label="Whose contacts?", elem_id="contacts-of")
    shown = gr.HTML("", elem_id="contacts", padding=False)
    confirm = gr.Button("These contacts are right", elem_id="confirm", visible=False)
    unanswered = gr.HTML("", elem_id="unanswered", padding=False)
    found = gr.HTML(READING, elem_id="findings", padding=False)

    def fill() -> tuple[Any, str, str]:
        try:
            snapshot = views().index.snapshot()
            found = findings(snapshot)
        except AssistantError as error:
            return gr.skip(), "", tables.said(str(error))
        names = sorted({shelf.document.organisation for shelf in snapshot.shelves if shelf.document.organisation})
        return gr.Radio(choices=names), topics(views, current()), found

    def show(name: str | None) -> tuple[str, Any]:
        snapshot = views().index.snapshot()
        held = _of(snapshot, name or "")
        may = current().may("contacts")
        return (contacts(snapshot, held), gr.Button(visible=may and bool(held.contacts))) if held else ("", gr.skip())

    def confirmed(name: str | None) -> tuple[str, Any]:
        try:
            user = demand("contacts", "Confirming contacts")
            index = views().index
            held = _of(index.snapshot(), name or "")
            if held is not None and held.organisation:
                index.store.confirm(held.organisation, held.contacts)
                views.acted(user, "contacts confirmed", held.organisation)
        except AssistantError as error:
            return tables.said(str(error)), gr.skip()
        return show(name)

    blocks.load(fill, outputs=[school, unanswered, found], api_name=False, show_progress="hidden")
    school.change(show, [school], [shown, confirm], api_name=False, show_progress="hidden")
    confirm.click(confirmed, [school], [shown, confirm], api_name=False, show_progress="minimal")


def _of(snapshot: Snapshot, name: str) -> Document | None:
    """A document of the organisation, one with contacts where there is one."""
    held = [shelf.document for shelf in snapshot.shelves if shelf.document.organisation == name]
    return next((document for document in held if document.contacts), held[0] if held else None)


def contacts(snapshot: Snapshot, document: Document) -> str:
    """The contacts that the advice names for a document's school, what is missing, and whether they were confirmed."""
    by_role = {contact.role: contact for contact in document.contacts}
    rows = "".join(_row(role, by_role.get(role)) for role in NEEDED)
    when = snapshot.confirmed(document)
    state = f"Confirmed on {when:%d %B %Y}." if when else "Not confirmed: answers say so until they are."
    return (
        f'<div class="pa" role="status"><h2 class="asked">{escape(document.organisation or document.title)}</h2>'
        f"<p>{state} To change them, edit <code>policies.toml</code> beside the policies and ingest again.</p>"
        '<div class="scroll" tabindex="0" role="region" aria-label="Contacts"><table><thead><tr><th scope="col">Role</th><th scope="col">Name</th>'
        f'<th scope="col">Telephone</th><th scope="col">E-mail</th></tr></thead><tbody>{rows}</tbody></table></div></div>'
    )


def _row(role: str, contact: Contact | None) -> str:
    held = contact or Contact(role)
    cells = "".join(f"<td>{escape(value or '–')}</td>" for value in (held.name, held.phone, held.email))
    return f'<tr><th scope="row">{escape(CONTACT_ROLES[role])}</th>{cells}</tr>'


def findings(snapshot: Snapshot) -> str:
    """What is wrong with every document, the gravest first, each with the way to its place."""
    titles = {
        shelf.document.slug: ": ".join(part for part in (shelf.document.organisation, shelf.document.title) if part)
        for shelf in snapshot.shelves
    }
    rows = "".join(
        f"<li><b>{tables.SEVERITY[row.severity]}.</b> {escape(titles[row.policy])}. {escape(row.message)}"
        + (f" {cards.opening(row.policy, row.clause, titles[row.policy], 'Show me')}" if row.clause else "")
        + "</li>"
        for row in snapshot.findings
    )
    count = len(snapshot.findings)
    return f'<div class="pa"><h2 class="asked">What is wrong with the policies ({count})</h2><ul class="notes">{rows}</ul></div>'


def topics(views: Views, user: User) -> str:
    """How often the policies had no answer, by the heading nearest to what was asked; nothing where no log is kept."""
    if views.kept is None or views.log == "off" or not user.may("counts"):
        return ""
    try:
        found = views.kept.counts(lambda asked: user.schools is None or set(asked) <= user.schools)
    except AssistantError as error:
        return tables.said(str(error))
    rows = "".join(f"<li>{escape(topic)}: {count}</li>" for topic, count in found)
    listed = f'<ul class="notes">{rows}</ul>' if rows else "<p>None so far.</p>"
    return f'<div class="pa"><h2 class="asked">Asked, and not covered by the policies</h2><p class="lead">Counted by the nearest heading.</p>{listed}</div>'
