"""The installed command, run as a program."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

POLICY_ASSISTANT = str(Path(sys.executable).with_name("policy-assistant"))


def run(*arguments, env=None, cwd=None, timeout=180):
    """Run `policy-assistant` to its end."""
    return run_program(POLICY_ASSISTANT, *arguments, env=env, cwd=cwd, timeout=timeout)


def run_program(*command, env=None, cwd=None, timeout=180, said=None):
    """Run a program to its end; `said` is typed into it."""
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        encoding="utf-8",
        input=said or "",
        env={**os.environ, **(env or {})},
        cwd=cwd,
        timeout=timeout,
        check=False,
    )


@cache
def help_of(command) -> str:
    """What `policy-assistant COMMAND --help` prints."""
    done = run(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@contextmanager
def started(*arguments, env=None) -> Iterator[subprocess.Popen]:
    """`policy-assistant` running; killed at the end if it is still there."""
    process = subprocess.Popen(
        [POLICY_ASSISTANT, *map(str, arguments)],
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def wait_for(condition, process, seconds=120) -> None:
    """Wait until `condition()` holds; the process must not end before."""
    until = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address) -> bool:
    """Whether a web server answers."""
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def called(address, name, *data):
    """What an endpoint of the web app's API gives.

    Raises:
        OSError, HTTPException: the connection failed or was cut.
        ValueError: what came was whole but no result.
    """
    asked = urllib.request.Request(
        f"{address}/gradio_api/call/{name}",
        json.dumps({"data": list(data)}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=60) as response:
        event = json.load(response)["event_id"]
    with urllib.request.urlopen(f"{address}/gradio_api/call/{name}/{event}", timeout=60) as response:
        said = response.read().decode()
    if "event: complete\n" not in said:
        raise ValueError(said)
    return json.loads(said.rpartition("data: ")[2])[0]


def with_tools(address, work, headers=None):
    """What `work(client)` gives, a coroutine with a real MCP client that is connected to the app."""
    import httpx2
    from mcp.client import Client
    from mcp.client.streamable_http import streamable_http_client

    async def main():
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
        ):
            return await work(client)

    return asyncio.run(main())


@contextmanager
def serving(index: Path, port: int | None = None, env=None) -> Iterator[str]:
    """The web app over an index, at the address given."""
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    with started("serve", "--port", port, "--index", index, env=env) as process:
        wait_for(lambda: answers(f"{address}/health"), process)
        for pipe in (process.stdout, process.stderr):  # a full pipe would stop the server
            threading.Thread(target=pipe.read, daemon=True).start()
        yield address
