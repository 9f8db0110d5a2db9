"""The command, run as a program: forked where its libraries are imported already (seconds saved a run), or as installed."""

import asyncio
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

POLICY_ASSISTANT = str(Path(sys.executable).with_name("policy-assistant"))
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["sentence_transformers", "transformers.models.bert.modeling_bert", "assistant.web.server", "tests.commands"]
)


def run(*arguments, env=None, cwd=None, timeout=180):
    """Run `policy-assistant` to its end, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        process = _forked(arguments, Path(folder), env, cwd)
        process.join(timeout)
        if process.is_alive():
            process.kill()
            raise subprocess.TimeoutExpired(arguments, timeout)
        out, err = (Path(folder, name).read_text(encoding="utf-8") for name in ("out", "err"))
        return subprocess.CompletedProcess(arguments, process.exitcode, out, err)


def _forked(arguments, folder, env=None, cwd=None):
    """`policy-assistant`, started; what it prints goes to the files "out" and "err" of the folder."""
    given = ([str(part) for part in arguments], str(folder), {**os.environ, **(env or {})}, str(cwd or Path.cwd()))
    process = _FORKS.Process(target=_command, args=given, daemon=True)
    process.start()
    return process


def _command(arguments, folder, env, cwd):
    for number, name in enumerate((os.devnull, f"{folder}/out", f"{folder}/err")):
        file = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(file, number)
        os.close(file)
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        del os.environ[name]  # the others stay: the libraries were imported under them
    os.environ.update(env)
    os.chdir(cwd)
    sys.argv = ["policy-assistant", *arguments]
    from assistant.cli import main

    main()


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
    _wait(condition, lambda: process.communicate() if process.poll() is not None else None, seconds)


def _wait(condition, ended, seconds=120) -> None:
    """Wait until `condition()` holds; `ended()` gives what the process said before it ended, None while it runs."""
    until = time.monotonic() + seconds
    while not condition():
        assert (said := ended()) is None, said
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
    with tempfile.TemporaryDirectory() as folder:
        process = _forked(("serve", "--port", port, "--index", index), Path(folder), env)
        try:
            _wait(lambda: answers(f"{address}/health"), lambda: _said(process, Path(folder)))
            yield address
        finally:
            process.kill()
            process.join()


def _said(process, folder):
    return None if process.is_alive() else [(folder / name).read_text() for name in ("out", "err")]
