"""The web server: the pages, documents to be read at a clause, signing in, and whether the program is up. The guard stands before all of it."""

import secrets
from typing import TYPE_CHECKING, Annotated, Any

import gradio as gr
from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp

from assistant.documents import schools
from assistant.errors import AssistantError, SettingsError
from assistant.records import HELPFUL, PROBLEMS, act
from assistant.settings import LOOPBACK, Settings
from assistant.users import NOBODY, User
from assistant.web import reading, signin, tables
from assistant.web.endpoints import Endpoints
from assistant.web.guard import Guard
from assistant.web.signin import Door
from assistant.web.theme import CSS, HEAD, theme
from assistant.web.views import Views, schools_of

if TYPE_CHECKING:
    from assistant.web.tools import Tools

MAX_UPLOAD = "50mb"
MAX_SESSIONS = 1000
"""Conversations that Gradio holds, some 85 KB each; the one that rested longest goes first. Its own default, 10,000, is 0.85 GB."""


def site(blocks: gr.Blocks, views: Views, settings: Settings, door: Door | None = None) -> ASGIApp:
    """The pages and the routes beside them, as one ASGI application behind its guard. `door`: where people must sign in."""
    tools = _tools(views) if settings.mcp else None
    lifespan = tools.lifespan if tools is not None else None
    app = FastAPI(title="Policy Assistant", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    if tools is not None:
        app.router.routes.extend(tools.routes)

    @app.get("/read/{slug}", response_class=HTMLResponse)
    def read(request: Request, slug: str, clause: str = "") -> HTMLResponse:
        """A document as a page, at a clause."""
        try:
            snapshot = views.of(_user(request)).index.snapshot()
        except AssistantError as error:
            return HTMLResponse(tables.said(str(error)), status_code=503)
        shelf = snapshot.by_slug.get(slug)
        if shelf is None:
            return HTMLResponse(tables.said("There is no such document. It may have been removed; ask again."), 404)
        school = shelf.document.organisation
        others = [one.document for one in snapshot.shelves if school and one.document.organisation == school]
        return HTMLResponse(reading.page(shelf.document, clause, others))

    started = secrets.token_hex(8)

    @app.get("/alive")
    def alive() -> dict[str, str]:
        """Up; `started` differs after every start, so that an open page knows that it is stale."""
        return {"started": started}

    @app.get("/health")
    def health() -> JSONResponse:
        """Up, and able to answer: 200, else 503 with the reason."""
        try:
            held = views.open_assistant().index.snapshot()
        except AssistantError as error:
            return JSONResponse({"status": "failed", "reason": str(error)}, status_code=503)
        told = {"status": "behind", "reason": held.behind} if held.behind else {"status": "ok"}
        return JSONResponse({**told, "documents": len(held.shelves)})

    @app.get("/metrics")
    def metrics(request: Request) -> Response:
        """Counts for Prometheus: to programs of this machine that come without a proxy, and to administrators."""
        local = request.scope["address"] in LOOPBACK and not request.scope["forwarded"]
        if not local and not _user(request).may("documents"):
            return JSONResponse({"detail": "There is nothing here."}, 404)
        try:
            documents = len(views.open_assistant().index.snapshot().shelves)
        except AssistantError:
            documents = 0
        lost = views.kept.lost if views.kept is not None else 0
        return PlainTextResponse(views.meters.text(documents, lost), media_type="text/plain; version=0.0.4")

    _reports(app, views)
    if door is not None:
        _sign_in(app, door, views)
    blocks.queue(default_concurrency_limit=8, max_size=256)
    blocks.state_session_capacity = MAX_SESSIONS
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        show_error=False,
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
        run_history=False,
        footer_links=[],
        theme=theme(),
        css=CSS,
        head=HEAD,
        max_file_size=MAX_UPLOAD,
    )
    return Guard(app, settings, door, views.meters, HEAD)


def _tools(views: Views) -> "Tools":
    """The MCP tools.

    Raises:
        SettingsError: the package is not installed.
    """
    try:
        from assistant.web.tools import Tools
    except ImportError as error:
        raise SettingsError(
            "ASSISTANT_MCP is set, but the package mcp is not installed. Run: pip install 'policy-assistant[mcp]', or unset it."
        ) from error
    return Tools(Endpoints(views))


def _reports(app: FastAPI, views: Views) -> None:
    """A person's verdict on an answer, helpful or what is wrong: kept where the log is on, else there is no such route."""

    @app.post("/report")
    def report(request: Request, body: dict[str, Any]) -> JSONResponse:
        if not views.keeps:
            return JSONResponse({"detail": "There is nothing here."}, 404)
        mark = str(body.get("mark", "other"))
        if mark != HELPFUL and mark not in PROBLEMS:
            return JSONResponse({"detail": f"Expected as mark one of: {', '.join((HELPFUL, *PROBLEMS))}."}, 400)
        user = _user(request)
        seen = views.of(user)
        try:
            held = schools(shelf.document for shelf in seen.index.snapshot().shelves)
            scope = held.get(str(body.get("school", "")))
            given = seen.ask(str(body.get("question", "")), scope)
            views.note(given, schools_of(seen, scope), user, mark)
        except AssistantError as error:
            return JSONResponse({"detail": str(error)}, 400)
        return JSONResponse({"kept": True})


def _sign_in(app: FastAPI, door: Door, views: Views) -> None:
    """The routes in and out."""

    @app.get("/sign-in", response_class=HTMLResponse)
    def asked(onto: str = "/") -> HTMLResponse:
        return HTMLResponse(signin.page(onto=signin.onward(onto)))

    @app.post("/sign-in")
    def signed_in(
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        onto: Annotated[str, Form()] = "/",
    ) -> Response:
        user, told = door.sign_in(name.strip(), password, request.scope["address"])
        if user is None:
            return HTMLResponse(signin.page(told, signin.onward(onto), name), 429 if "Wait" in told else 401)
        if views.kept is not None and user.may("documents"):
            act(views.kept, user.name, "signed in", "")
        secure = request.scope["scheme"] == "https"
        return RedirectResponse(
            signin.onward(onto), 303, {"set-cookie": signin.cookie(told, door.seconds, secure=secure)}
        )

    @app.get("/sign-out", response_class=HTMLResponse)
    def left(request: Request) -> HTMLResponse:
        token = request.cookies.get(signin.COOKIE, "")
        if door.known(token) is None:  # a link from elsewhere signs nobody out
            return HTMLResponse(signin.leaving())
        door.leave(token)
        secure = request.scope["scheme"] == "https"
        return HTMLResponse(signin.leaving(), headers={"set-cookie": signin.cookie("", 0, secure=secure)})


def _user(request: Request) -> User:
    found = request.scope.get("user")
    return found if isinstance(found, User) else NOBODY
