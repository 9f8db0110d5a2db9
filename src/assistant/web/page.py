"""The web app: its pages and its API for programs."""

from html import escape
from typing import Any

import gradio as gr

from assistant.ask import STAYS
from assistant.users import LOCAL
from assistant.web.asking import ask_page
from assistant.web.endpoints import Endpoints
from assistant.web.leads import leads_page
from assistant.web.overview import compare_page
from assistant.web.shelves import Shelving, policies_page
from assistant.web.views import Views
from assistant.web.who import current

INTRODUCTION = """<div class="pa"><h1>Policy Assistant</h1>
<p class="lead">Finds what your school's policies say and shows the clause, word for word. It is not legal advice, it reports nothing to anyone, and it is not for pupils.
Leave out names. What you type stays on this machine and is not kept.</p></div>"""


def introduction(notice: str) -> str:
    """The head of the page; `notice` says where questions go."""
    return INTRODUCTION.replace(STAYS, escape(notice))


PANEL = """<aside id="panel" aria-labelledby="panel-title" hidden><header><h2 id="panel-title">Document</h2>
<button type="button">Close</button></header><iframe name="document" title="The document"></iframe></aside>
<div id="said" class="sr" role="status"></div><p id="busy" role="status"></p><p id="connection" role="alert" hidden></p>"""


def pages(views: Views, shelving: Shelving | None = None, notice: str = STAYS) -> gr.Blocks:
    """The web app's pages. `views` gives the assistant as the user sees it; it may take a while at first. `shelving` changes the documents, where that is
    allowed. `notice` says what happens to what is typed."""
    with gr.Blocks(title="Policy Assistant", analytics_enabled=False, fill_width=True) as blocks:
        gr.HTML(introduction(notice))
        whose = gr.HTML("", elem_id="whose", padding=False)
        blocks.load(_whose, outputs=[whose], api_name=False, show_progress="hidden")
        with gr.Tabs():
            with gr.Tab("Ask", id="ask"):
                ask_page(blocks, views, marked=views.keeps)
            with gr.Tab("Compare", id="compare"):
                compare_page(views, lambda words: views.compare_schools(words, current()))
            with gr.Tab("Policies", id="policies"):
                policies_page(blocks, views, shelving)
            with gr.Tab("For DSLs", id="leads"):
                leads_page(blocks, views)
        gr.HTML(PANEL, padding=False)
        _endpoints(Endpoints(views))
    return blocks


def _whose() -> str:
    """Who is signed in, and the way out."""
    user = current()
    if user == LOCAL:
        return ""
    seen = "every school" if user.schools is None else ", ".join(sorted(user.schools))
    return f'<p class="pa tools"><span>Signed in as {escape(user.name)} ({escape(user.role)}; {escape(seen)}).</span> <a href="/sign-out">Sign out</a></p>'


def _endpoints(endpoints: Endpoints) -> None:
    """The API for programs: the contract's JSON."""

    def ask(question: str, policy: str = "", history: str = "[]") -> dict[str, Any]:
        """Answer a question of one policy (slug) or of all (empty); history is a JSON list of {role, content}."""
        return endpoints.ask(current(), question, policy, history)

    def compare(question: str) -> dict[str, Any]:
        """Put one question to every document: an answer object each, in the order of slugs."""
        return endpoints.compare(current(), question)

    def policies() -> list[dict[str, Any]]:
        """The documents that can be asked."""
        return endpoints.policies(current())

    gr.api(ask, api_name="ask")
    gr.api(compare, api_name="compare")
    gr.api(policies, api_name="policies")
