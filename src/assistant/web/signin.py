"""Signing in: the page, sessions in a signed cookie, and the brake on guessing."""

import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from html import escape
from urllib.parse import urlsplit

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from assistant.users import User, Users

COOKIE = "policy_assistant"
NAME_FAILURES = 8
"""Wrong passwords for one name within WINDOW after which the name is locked."""
ADDRESS_FAILURES = 30
"""Wrong passwords from one address within WINDOW after which the address is locked."""
WINDOW = 15 * 60
"""Seconds."""
_HELD = 10_000
_AT_ONCE = 2
"""Passwords checked at once: each takes 64 MiB and a core's time."""


class Attempts:
    """Failures by key (a name, an address) within a window; too many and the key must wait."""

    def __init__(self, most: int, seconds: float = WINDOW, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self.seconds = seconds
        self.clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._changing = threading.Lock()

    def wait(self, key: str) -> int:
        """Seconds that the key must wait; 0: it may try."""
        with self._changing:
            found = self._failures.get(key)
            if found is None or len(found) < self.most:
                return 0
            return max(0, round(found[0] + self.seconds - self.clock()))

    def failed(self, key: str) -> None:
        """Count a failure."""
        with self._changing:
            found = self._failures.setdefault(key, deque(maxlen=self.most))
            while found and found[0] <= self.clock() - self.seconds:
                found.popleft()
            found.append(self.clock())
            self._failures.move_to_end(key)
            while len(self._failures) > _HELD:
                self._failures.popitem(last=False)

    def cleared(self, key: str) -> None:
        """Forget a key's failures."""
        with self._changing:
            self._failures.pop(key, None)


class _Signer(TimestampSigner):
    """Counts a session's age on a clock that nobody sets: the wall clock may jump while people are signed in. Its key dies with the process, as that clock does."""

    def get_timestamp(self) -> int:
        steady = getattr(time, "CLOCK_BOOTTIME", None)  # Linux's monotonic clock stands while the machine sleeps
        return int(time.monotonic() if steady is None else time.clock_gettime(steady))


class Door:
    """Lets people in by name and password and knows them again by their cookie."""

    def __init__(self, users: Users, hours: int) -> None:
        self.users = users
        self.seconds = hours * 3600
        self._signer = URLSafeTimedSerializer(
            secrets.token_bytes(32), salt="session", signer=_Signer
        )  # a new start ends all sessions
        self._left: OrderedDict[str, None] = OrderedDict()
        self._names = Attempts(NAME_FAILURES)
        self._addresses = Attempts(ADDRESS_FAILURES)
        self._checking = threading.BoundedSemaphore(_AT_ONCE)

    def sign_in(self, name: str, password: str, address: str) -> tuple[User | None, str]:
        """The user and the session's token, or None and what to tell. Name and password are never told apart.

        Raises:
            SettingsError: the users can't be read.
        """
        wait = max(self._names.wait(name), self._addresses.wait(address))
        if wait:
            return None, f"Too many attempts. Wait {-(-wait // 60)} minutes, then try again."
        if not self._checking.acquire(timeout=10):
            return None, "Too many people are signing in at once. Try again."
        try:
            user = self.users.check(name, password)
        finally:
            self._checking.release()
        if user is None:
            self._names.failed(name)
            self._addresses.failed(address)
            return None, "The name or the password is wrong."
        self._names.cleared(name)
        return user, self._signer.dumps([name, secrets.token_hex(8), self.users.stamp(name)])

    def known(self, token: str) -> User | None:
        """The user of a session; None where it is forged, too old, left, or the user was removed or has a new password.

        Raises:
            SettingsError: the users can't be read.
        """
        try:
            name, session, stamp = self._signer.loads(token, max_age=self.seconds)
        except (BadSignature, ValueError):
            return None
        user = self.users.get(name)
        if user is None or session in self._left or not secrets.compare_digest(stamp, self.users.stamp(name)):
            return None
        return user

    def leave(self, token: str) -> None:
        """End a session."""
        try:
            _, session, _ = self._signer.loads(token, max_age=self.seconds)
        except (BadSignature, ValueError):
            return
        self._left[session] = None
        while len(self._left) > _HELD:
            self._left.popitem(last=False)


def cookie(token: str, seconds: int, *, secure: bool) -> str:
    """The Set-Cookie header; an empty token deletes the cookie."""
    life = seconds if token else 0
    return f"{COOKIE}={token}; Path=/; Max-Age={life}; HttpOnly; SameSite=Strict{'; Secure' if secure else ''}"


def onward(wanted: str) -> str:
    """Where to go after signing in: a path of this program, whatever was asked for."""
    parts = urlsplit(wanted.replace("\\", "/"))
    return wanted if wanted.startswith("/") and not parts.netloc and not parts.scheme and wanted.isprintable() else "/"


_STYLE = """:root { color-scheme: light dark; } body { font: 1.1875rem/1.5 Arial, Helvetica, sans-serif; max-width: 30rem; margin: 0 auto; padding: 1rem; color: #0b0c0c; background: #fff; }
label { display: block; margin: 1rem 0 .25rem; } input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; border: 2px solid #0b0c0c; background: #fff; color: #0b0c0c; }
button { font: inherit; margin-top: 1.25rem; padding: .5rem 1.25rem; border: 0; background: #005a30; color: #fff; min-height: 44px; } .wrong { border-left: 6px solid #d4351c; padding-left: .75rem; }
:focus-visible { outline: 4px solid #ffdd00; box-shadow: 0 0 0 6px #0b0c0c; }
@media (prefers-color-scheme: dark) { body { color: #f3f2f1; background: #14181d; } }"""


def page(told: str = "", onto: str = "/", name: str = "") -> str:
    """The page to sign in on; `told`: what went wrong."""
    wrong = f'<p class="wrong" role="alert">{escape(told)}</p>' if told else ""
    return _framed(
        "Sign in",
        f"""{wrong}<form method="post" action="/sign-in"><input type="hidden" name="onto" value="{escape(onto)}">
<label for="name">Name</label><input id="name" name="name" autocomplete="username" required maxlength="100" value="{escape(name)}">
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required maxlength="256">
<button>Sign in</button></form><p>If a child is in danger, you need not sign in: call 999, then tell the safeguarding lead.</p>""",
    )


def leaving() -> str:
    """The page after signing out."""
    return _framed(
        "Signed out",
        '<p role="status">You are signed out. Close the window on a shared computer.</p><p><a href="/sign-in">Sign in again</a></p>',
    )


def _framed(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} – Policy Assistant</title><style>{_STYLE}</style></head><body><main><h1>{title}</h1>{body}</main></body></html>"
    )
