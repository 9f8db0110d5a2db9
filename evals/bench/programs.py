"""The program as its users start it: commands run to their end, and the web app."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

PYTHON = (sys.executable,)
PROGRAM = (sys.executable, "-m", "assistant.cli")


def run(*command: object, **settings: str) -> str:
    """What a command prints, under settings of the environment.

    Raises:
        subprocess.CalledProcessError: it failed; what it said is on this program's own stderr.
    """
    words, environment = [str(part) for part in command], {**os.environ, **settings}
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(index: Path, **settings: str) -> Iterator[str]:
    """The web app over an index, started just now; its address. It may not answer yet."""
    port = free_port()
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--port", str(port), "--index", str(index)],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


@contextmanager
def chroma(folder: Path) -> Iterator[str]:
    """A Chroma server over a folder; its address, once it answers."""
    port = free_port()
    process = subprocess.Popen(
        [Path(sys.executable).with_name("chroma"), "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        until_ok(f"{address}/api/v2/heartbeat")
        yield address
    finally:
        process.kill()
        process.wait()


def until_ok(address: str, seconds: float = 120, *, starting: bool = False) -> float:
    """Seconds until an address answers 200; with `starting`, also 503, which says that the program is starting.

    Raises:
        TimeoutError: it does not, in so many seconds.
    """
    wanted = {200, 503} if starting else {200}
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        try:
            if httpx.get(address, timeout=10).status_code in wanted:
                return time.perf_counter() - began
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise TimeoutError(f"{address} did not answer 200 within {seconds:.0f} s. Start the program by hand to see why.")
