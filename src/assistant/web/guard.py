"""The one gate in front of every route, Gradio's too: who asks, what may be asked for, how much may be sent, what headers go back.

What is not listed here is not there (404), so that a route that a new Gradio brings stays closed.
"""

import hashlib
import json
import logging
import re
import secrets
import time
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import AssistantError
from assistant.settings import LOOPBACK, Settings
from assistant.users import LOCAL, NOBODY, Right, User
from assistant.web.meters import Meters
from assistant.web.signin import COOKIE, Door

log = logging.getLogger(__name__)

MAX_BODY = 1_000_000
"""Bytes of a request that is no upload."""
MAX_UPLOAD = 50 * 1024 * 1024 + MAX_BODY

_SESSIONS = 20_000
_FORWARDED = (
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-port",
    "x-forwarded-prefix",
    "forwarded",
)


@dataclass(frozen=True, slots=True)
class Route:
    """A route that is served: methods, path, and who may use it. `right` None: everyone signed in; `open`: everyone."""

    methods: frozenset[str]
    path: re.Pattern[str]
    right: Right | None = None
    open: bool = False
    most: int = MAX_BODY


def _route(methods: str, path: str, right: Right | None = None, *, open: bool = False, most: int = MAX_BODY) -> Route:
    return Route(frozenset(methods.split()), re.compile(path), right, open, most)


ROUTES = (
    _route("GET HEAD", r"/(?:alive|read/[^/]+)"),
    _route("GET HEAD", r"/(?:health|favicon\.ico|robots\.txt)", open=True),
    _route("GET HEAD POST", r"/sign-in", open=True, most=10_000),
    _route("GET", r"/sign-out", open=True),
    _route("GET", r"/metrics", open=True),  # the route itself answers this machine and administrators alone
    _route("POST", r"/report", most=50_000),
    # Gradio: the page and its parts. Not /app_id: with it the page loads itself again after a lost connection, and what was typed is gone
    _route("GET HEAD", r"/"),
    _route("GET HEAD", r"/(?:assets|static|svelte)/[\w./@+-]+"),
    _route(
        "GET HEAD",
        r"/(?:gradio_api/)?theme\.css|/manifest\.json|/config/?|/gradio_api/(?:info|login_check|startup-events|user)/?",
    ),
    # Gradio: work
    _route("POST", r"/gradio_api/(?:queue/join|reset/?|cancel)"),
    _route("GET", r"/gradio_api/(?:queue/data|heartbeat/[\w-]{1,64})"),
    _route("POST", r"/gradio_api/call/(?:ask|compare|policies)/?"),
    _route("GET", r"/gradio_api/call/(?:ask|compare|policies)/[\w-]{1,64}"),
    _route("POST", r"/gradio_api/upload", "documents", most=MAX_UPLOAD),
    _route("GET", r"/gradio_api/upload_progress", "documents"),
)
TOOLS = _route("POST", r"/mcp")
"""Served only where the settings turn MCP on."""

_OWN = re.compile(r"/(?:gradio_api/)?(?:call/|queue/)?[\w-]*")
"""The part of a served path that names the route: what follows may be a slug, a file or a number of the client's."""


class TooLargeError(HTTPException):
    """More was sent than the route takes. Raised while a route reads, it becomes that route's 413."""

    def __init__(self) -> None:
        super().__init__(413, "More was sent than is taken here.")


class Guard:
    """ASGI middleware. Puts `user` (whose words and sight the request has) and `address` into the scope of what it lets through."""

    def __init__(self, app: ASGIApp, settings: Settings, door: Door | None, meters: Meters, head: str) -> None:
        self.app = app
        self.door = door
        self.meters = meters
        self.header = (settings.identity_header or "").lower()
        self.proxies = settings.proxies
        self.routes = (*ROUTES, TOOLS) if settings.mcp else ROUTES
        self.script = _hash(head)
        self._owners: OrderedDict[str, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return  # no websocket is used
        headers = MutableHeaders(scope=scope)
        trusted = self._identified(scope, headers)
        nonce = secrets.token_urlsafe(16)
        sent = self._sending(scope, send, nonce)
        try:
            refused, route = self._checked(scope, headers, trusted)
            if refused is None and route is not None:
                received = await self._receiving(scope, receive, headers, route)
                refused = self._owned(scope, received.body)
                if refused is None:
                    await self._passed(scope, received, sent, nonce)
                    return
        except TooLargeError as error:
            refused = JSONResponse({"detail": error.detail}, error.status_code)
        except AssistantError as error:
            log.error("%s", error)
            refused = JSONResponse({"detail": "The program can't tell who you are now. Tell whoever runs it."}, 503)
        await (refused or _not_there())(scope, receive, sent)

    def _identified(self, scope: Scope, headers: MutableHeaders) -> bool:
        """Whether the request comes from a proxy that is believed; of any other, what proxies say is taken out."""
        peer = scope["client"][0] if scope.get("client") else ""
        try:
            trusted = any(ip_address(peer) in network for network in self.proxies)
        except ValueError:
            trusted = False
        scope["forwarded"] = "x-forwarded-for" in headers or "forwarded" in headers
        scope["address"] = peer
        if trusted and headers.get("x-forwarded-for"):
            scope["address"] = headers["x-forwarded-for"].rpartition(",")[2].strip()
        if trusted and headers.get("x-forwarded-proto") == "https":
            scope["scheme"] = "https"
        if not trusted:
            for name in (*_FORWARDED, self.header):
                if name in headers:
                    del headers[name]
        return trusted

    def _checked(self, scope: Scope, headers: MutableHeaders, trusted: bool) -> tuple[Response | None, Route | None]:
        """The refusal, or the route, the user being in the scope."""
        path, method = scope["path"], scope["method"]
        route = next((one for one in self.routes if one.path.fullmatch(path)), None)
        if route is None or ".." in path or not path.isprintable():
            return _not_there(), None
        if method not in route.methods:
            return JSONResponse({"detail": "Not this way."}, 405), None
        host = headers.get("host", "")
        if self.door is None and urlsplit(f"//{host}").hostname not in LOOPBACK:
            return JSONResponse({"detail": "Without a sign-in this program answers this machine alone."}, 421), None
        origin = headers.get("origin")
        if (
            method == "POST"
            and origin is not None
            and urlsplit(origin).netloc not in {host, headers.get("x-forwarded-host")}
        ):
            return JSONResponse({"detail": "This was sent by the page of another site."}, 403), None
        user = LOCAL if self.door is None else self._user(headers, trusted, self.door)
        scope["user"] = user or NOBODY
        if user is None and not route.open:
            return _sign_in_first(scope, headers), None
        if route.right is not None and (user is None or not user.may(route.right)):
            return JSONResponse({"detail": "Your role does not allow it."}, 403), None
        return None, route

    def _user(self, headers: MutableHeaders, trusted: bool, door: Door) -> User | None:
        """Who asks: by the proxy's header, else by the cookie."""
        if self.header and trusted and self.header in headers:
            named = headers.getlist(self.header)
            return door.users.get(named[0].strip()) if len(named) == 1 else None
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return None
        return door.known(found.value) if found is not None else None

    async def _receiving(self, scope: Scope, receive: Receive, headers: MutableHeaders, route: Route) -> "_Received":
        """The body, counted: read at once where it is JSON, passed on in pieces where it is a file.

        Raises:
            TooLargeError: it is announced as too large, or found so.
        """
        announced = headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced) > route.most:
            raise TooLargeError
        received = _Received(receive, route.most)
        if scope["method"] == "POST" and route.most != MAX_UPLOAD:
            await received.read()
        return received

    def _owned(self, scope: Scope, body: bytes | None) -> Response | None:
        """A refusal where the page session named (its queue, its conversation) is another user's, or where a file is smuggled in."""
        if self.door is None and body is None:
            return None
        named = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [])
        if scope["path"].startswith("/gradio_api/heartbeat/"):
            named.append(scope["path"].rpartition("/")[2])
        if body is not None and scope["path"].startswith("/gradio_api/"):
            try:
                sent = json.loads(body)
            except (ValueError, RecursionError):
                return JSONResponse({"detail": "Expected JSON."}, 400)
            if not isinstance(sent, dict):
                return JSONResponse({"detail": "Expected a JSON object."}, 400)
            named += [str(sent[key]) for key in ("session_hash",) if sent.get(key) is not None]
            if any(not _is_file_allowed(one, scope["user"]) for one in _files(sent.get("data"))):
                return JSONResponse({"detail": "No file may be named here."}, 403)
        if self.door is not None and not all(self._is_owner(one, scope["user"].name) for one in named):
            return _not_there()
        return None

    def _is_owner(self, session: str, name: str) -> bool:
        """Whether a page session is the user's; who names it first has it."""
        owner = self._owners.setdefault(session, name)
        while len(self._owners) > _SESSIONS:
            self._owners.popitem(last=False)
        return owner == name

    async def _passed(self, scope: Scope, received: "_Received", send: Send, nonce: str) -> None:
        """Hand the request on. Gradio's page comes back whole, to give its own scripts the nonce that the policy demands."""
        if scope["path"] != "/":
            await self.app(scope, received, send)
            return
        headers = MutableHeaders(scope=scope)
        del headers["accept-encoding"]
        started: list[Message] = []
        parts: list[bytes] = []

        async def gathered(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
            else:
                parts.append(message.get("body", b""))

        await self.app(scope, received, gathered)
        body = b"".join(parts)
        if scope["method"] == "GET":
            body = body.replace(b"<script", f'<script nonce="{nonce}"'.encode())
            MutableHeaders(scope=started[0])["content-length"] = str(len(body))
        await send(started[0])
        await send({"type": "http.response.body", "body": body})

    def _sending(self, scope: Scope, send: Send, nonce: str) -> Send:
        """Sends with the headers that every response has, counts it and notes it in the journal."""
        began = time.perf_counter()

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.meters.responded(message["status"])
                self._noted(scope, message["status"], began)
                headers = MutableHeaders(scope=message)
                for name, value in self._headers(scope, nonce).items():
                    headers[name] = value
            await send(message)

        return sent

    def _noted(self, scope: Scope, status: int, began: float) -> None:
        """A line of the journal; of the path only what is the program's own, as anything can be typed into the rest."""
        known = any(route.path.fullmatch(scope["path"]) for route in self.routes)
        found = _OWN.match(scope["path"]) if known else None
        path = found.group() if found else "not served"
        spent = round(1000 * (time.perf_counter() - began))
        log.info("response", extra={"method": scope["method"], "path": path, "status": status, "milliseconds": spent})

    def _headers(self, scope: Scope, nonce: str) -> Mapping[str, str]:
        kept = scope["path"].startswith(("/assets/", "/static/", "/svelte/"))
        # Gradio's HTML component evaluates its templates: its page alone is given 'unsafe-eval', and no other page any script.
        scripts = f"'self' 'nonce-{nonce}' '{self.script}' 'unsafe-eval'" if scope["path"] == "/" else "'none'"
        secure = {"Strict-Transport-Security": "max-age=31536000"} if scope.get("scheme") == "https" else {}
        return {
            "Content-Security-Policy": (
                f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
                "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; manifest-src 'self'; "
                "base-uri 'self'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"
            ),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
            **({} if kept else {"Cache-Control": "no-store"}),
            **secure,
        }


class _Received:
    """A request's body on its way in, counted."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self._count = 0
        self._replayed = False
        self.body: bytes | None = None

    async def __call__(self) -> Message:
        """The next piece: the whole body where it was read before."""
        if self.body is not None and not self._replayed:
            self._replayed = True
            return {"type": "http.request", "body": self.body, "more_body": False}
        message = await self._receive()
        self._count += len(message.get("body", b""))
        if self._count > self._most:
            raise TooLargeError
        return message

    async def read(self) -> None:
        """Read the whole body."""
        parts = []
        while True:
            message = await self()
            parts.append(message.get("body", b""))
            if message["type"] == "http.disconnect" or not message.get("more_body"):
                break
        self.body = b"".join(parts)


def _files(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON value
    """What in a request's data names a file."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            if found.keys() & {"path", "url"}:
                yield found
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found


def _is_file_allowed(file: Mapping[str, Any], user: User) -> bool:
    """An administrator's upload: a path here, never an address elsewhere. Gradio checks that it is one of its uploads."""
    return user.may("documents") and "://" not in str(file.get("path"))


def _not_there() -> Response:
    return JSONResponse({"detail": "There is nothing here."}, 404)


def _sign_in_first(scope: Scope, headers: MutableHeaders) -> Response:
    if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
        query = scope["query_string"].decode("latin-1")
        wanted = scope["path"] + (f"?{query}" if query else "")
        return RedirectResponse(f"/sign-in?onto={quote(wanted, safe='')}", 303)
    return JSONResponse({"detail": "Sign in first."}, 401)


def _hash(head: str) -> str:
    """The policy's hash of the script in Gradio's `head`."""
    words = head.partition("<script>")[2].partition("</script>")[0]
    return f"sha256-{b64encode(hashlib.sha256(words.encode()).digest()).decode()}"
