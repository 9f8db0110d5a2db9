"""The web server: the pages, documents to be read at a clause, and whether the program is up. Nothing else is served."""

import secrets
import signal
import socket
from collections.abc import Callable
from types import FrameType

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse

from assistant.ask import Assistant
from assistant.errors import AssistantError, SettingsError
from assistant.web import reading, tables
from assistant.web.theme import CSS, HEAD, theme

MAX_UPLOAD = "50mb"


def site(blocks: gr.Blocks, open_assistant: Callable[[], Assistant]) -> FastAPI:
    """The pages and the routes beside them, as one ASGI application."""
    app = FastAPI(title="Policy Assistant", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/read/{slug}", response_class=HTMLResponse)
    def read(slug: str, clause: str = "") -> HTMLResponse:
        """A document as a page, at a clause."""
        try:
            shelf = open_assistant().index.snapshot().by_slug.get(slug)
        except AssistantError as error:
            return HTMLResponse(tables.said(str(error)), status_code=503)
        if shelf is None:
            return HTMLResponse(tables.said("There is no such document. It may have been removed; ask again."), 404)
        return HTMLResponse(reading.page(shelf.document, clause))

    started = secrets.token_hex(8)

    @app.get("/alive")
    def alive() -> dict[str, str]:
        """Up; `started` differs after every start, so that an open page knows that it is stale."""
        return {"started": started}

    @app.get("/health")
    def health() -> JSONResponse:
        """Up, and able to answer: 200, else 503 with the reason."""
        try:
            shelves = open_assistant().index.snapshot().shelves
        except AssistantError as error:
            return JSONResponse({"status": "failed", "reason": str(error)}, status_code=503)
        return JSONResponse({"status": "ok", "documents": len(shelves)})

    blocks.queue(default_concurrency_limit=8, max_size=256)
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
    return app


class _Server(uvicorn.Server):
    """Remembers Ctrl-C, which asyncio takes for a good end."""

    interrupted = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal to stop."""
        self.interrupted = self.interrupted or sig == signal.SIGINT
        super().handle_exit(sig, frame)


def launch(app: FastAPI, host: str, port: int) -> None:
    """Serve until Ctrl-C, which is passed on.

    Raises:
        SettingsError: the port is taken, or the address is not this machine's.
    """
    try:
        listening = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=512
        )
    except OSError as error:
        raise SettingsError(
            f"The web app can't listen on {host}, port {port}: another program has it. Stop that one, or name another with --port."
        ) from error
    config = uvicorn.Config(
        app,
        log_level="error",  # no access log: an address may hold a question
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    with listening:
        server.run(sockets=[listening])
    if server.interrupted:
        raise KeyboardInterrupt
