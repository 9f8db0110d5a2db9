"""An OpenAI-compatible server on loopback: chat completions, whole or streamed, with errors on demand. Records what it was sent."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Script:
    """What the server does next. `replies` are used up one a request, the last one again and again."""

    replies: list[Any] = field(default_factory=list)
    """Objects (sent as JSON), texts (sent as they are), functions of the request that give one, or one of the faults: a status number, "hang", "drip", "for ever", "too long", "die", "refuse"."""
    requests: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0
    hung_up: threading.Event = field(default_factory=threading.Event)
    """Set when a client broke a dripping reply off."""

    def next(self) -> Any:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def sent(self) -> str:
        """Every message of every request."""
        return "\n".join(message["content"] for request in self.requests for message in request["messages"])


class _Handler(BaseHTTPRequestHandler):
    script: Script

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.script.requests.append(request)
        reply = self.script.next()
        if callable(reply):
            reply = reply(request)
        if isinstance(reply, int):
            self._send(reply, {"error": {"message": "on demand", "type": "error"}})
        elif reply == "too long":
            told = "This model's maximum context length is 512 tokens."
            self._send(400, {"error": {"message": told, "type": "error", "code": "context_length_exceeded"}})
        elif reply == "hang":
            time.sleep(3)
        elif request.get("stream"):
            self._stream(reply)
        else:
            self._send(200, _whole(reply))

    def _send(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        if status == 429:
            self.send_header("retry-after", "0.1")
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, reply: Any) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        if reply == "die":  # promises more than comes
            self.send_header("content-length", "100000")
        self.end_headers()
        if reply in ("drip", "for ever"):
            self._drip(*((" ", 0.05) if reply == "drip" else ("no " * 100, 0.0)))
            return
        if reply == "refuse":
            self._event({"role": "assistant", "refusal": "I can't help with that."})
        else:
            text = '{"clauses": ["' if reply == "die" else _text(reply)
            for start in range(0, len(text), 40):
                self._event({"role": "assistant", "content": text[start : start + 40]})
        if reply != "die":
            self._event({}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")

    def _drip(self, words: str, pause: float) -> None:
        try:
            for _ in range(100):
                self._event({"role": "assistant", "content": words})
                time.sleep(pause)
        except OSError:
            self.script.hung_up.set()

    def _event(self, delta: dict[str, Any], finish: str | None = None) -> None:
        chunk = {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "scripted",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        }
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()


def _text(reply: Any) -> str:
    return reply if isinstance(reply, str) else json.dumps(reply)


def _whole(reply: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": _text(reply)}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"id": "1", "object": "chat.completion", "created": 1, "model": "scripted", "choices": [choice]}


@contextmanager
def scripted() -> Iterator[Script]:
    """The server, for as long as the block runs."""
    script = Script()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"script": script}))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # a client that hangs up is part of the script
    script.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
