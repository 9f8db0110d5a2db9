"""Listening from the first second: a page that says that the program is starting, until the site is there to answer.

Importing Chroma, Gradio and PyTorch takes some seconds; whoever opens the page meanwhile is told so, and the page loads itself again.
"""

import asyncio
import json
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import SettingsError

AGAIN = 2
"""Seconds after which the page asks again."""
_PAGE = f"""<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Policy Assistant</title><meta http-equiv="refresh" content="{AGAIN}">
<meta name="viewport" content="width=device-width, initial-scale=1"><style>:root {{ color-scheme: light dark; }} body {{ font: 1.1875rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; }}</style></head>
<body><main><h1>Policy Assistant</h1><p role="status">The program is starting. This page opens by itself in a moment.</p></main></body></html>"""
_HEADERS = [
    (b"retry-after", str(AGAIN).encode()),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
]


class Opening:
    """An ASGI application that makes another one and then is that one. What goes wrong in making it is in `failed`."""

    def __init__(self, make: Callable[[], ASGIApp], ended: Callable[[], None] = lambda: None) -> None:
        """`make` runs in a thread; `ended` is called where it fails."""
        self.make = make
        self.ended = ended
        self.site: ASGIApp | None = None
        self.failed: Exception | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hold the other's lifespan."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        elif self.site is not None:
            await self.site(scope, receive, send)
        elif scope["type"] == "http":
            await _wait(scope, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Up at once; the site is made meanwhile, lives in a lifespan of its own, and ends before this one does."""
        await receive()
        await send({"type": "lifespan.startup.complete"})
        told: asyncio.Queue[Message] = asyncio.Queue()
        living = asyncio.create_task(self._open(scope, told))
        await receive()
        await told.put({"type": "lifespan.shutdown"})
        if self.site is not None:
            await living
        else:
            living.cancel()  # it was stopped before it was up
        await send({"type": "lifespan.shutdown.complete"})

    async def _open(self, scope: Scope, told: "asyncio.Queue[Message]") -> None:
        try:
            site = await _in_thread(self.make)
        except Exception as error:
            self.failed = error
            self.ended()
            return

        async def send(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                self.site = site
            elif message["type"] == "lifespan.startup.failed":
                self.failed = RuntimeError(message.get("message", ""))
                self.ended()

        pending: list[Message] = [{"type": "lifespan.startup"}]

        async def receive() -> Message:
            return pending.pop() if pending else await told.get()

        await site(scope, receive, send)


def _in_thread(make: Callable[[], ASGIApp]) -> "asyncio.Future[ASGIApp]":
    """What `make` gives, from a thread that nobody waits for when the program is stopped."""
    loop = asyncio.get_running_loop()
    made: asyncio.Future[ASGIApp] = loop.create_future()

    def settle(set_one: Callable[[Any], None], value: object) -> None:
        if not made.done():
            set_one(value)

    def work() -> None:
        with suppress(RuntimeError):  # the loop is closed: stopped meanwhile
            try:
                site = make()
            except Exception as error:
                loop.call_soon_threadsafe(settle, made.set_exception, error)
            else:
                loop.call_soon_threadsafe(settle, made.set_result, site)

    threading.Thread(target=work, daemon=True).start()
    return made


async def _wait(scope: Scope, send: Send) -> None:
    """503, with the page for people and an object for programs."""
    program = scope["path"] in {"/alive", "/health"} or scope["method"] not in {"GET", "HEAD"}
    body = json.dumps({"status": "starting"}) if program else _PAGE
    kind = b"application/json" if program else b"text/html; charset=utf-8"
    await send({"type": "http.response.start", "status": 503, "headers": [(b"content-type", kind), *_HEADERS]})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body.encode()})


class _Server(uvicorn.Server):
    """Remembers Ctrl-C, which asyncio takes for a good end."""

    interrupted = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal to stop."""
        self.interrupted = self.interrupted or sig == signal.SIGINT
        super().handle_exit(sig, frame)


def launch(make: Callable[[], ASGIApp], host: str, port: int) -> None:
    """Listen, make the site, and serve it until Ctrl-C, which is passed on. Raises what `make` raises.

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

    def stop() -> None:
        server.should_exit = True

    opening = Opening(make, stop)
    config = uvicorn.Config(
        opening,
        lifespan="on",
        log_config=None,
        log_level="error",
        access_log=False,  # an address may hold a question
        server_header=False,
        proxy_headers=False,  # the guard believes named proxies alone
        timeout_keep_alive=125,  # longer than a browser's or a proxy's: none of them sends into a connection that is being closed
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    with listening:
        server.run(sockets=[listening])
    if opening.failed is not None:
        raise opening.failed
    if server.interrupted:
        raise KeyboardInterrupt
