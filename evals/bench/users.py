"""Many people at once, over HTTP, against the web app as it is served, by one process or several: each asks, waits for the answer, asks again."""

import asyncio
import tempfile
import time
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from evals.bench.asking import questions
from evals.bench.measure import fairness, processor_of_children, summary
from evals.bench.programs import PROGRAM, chroma, run, serving, until_ok

PATIENCE = 300.0
"""Seconds after which a question that was not answered counts as failed."""


def users(index: Path, crowds: tuple[int, ...], asked_in_all: int) -> dict[str, Any]:
    """By number of users: throughput, waits, fairness, and how long the event loop took to say that it is alive meanwhile."""
    with serving(index) as address:
        until_ok(f"{address}/health")
        asyncio.run(_crowd([address], 2, 2))  # the model is loaded, and every page's first work is done
        return {str(count): asyncio.run(_crowd([address], count, max(2, asked_in_all // count))) for count in crowds}


def processes(counts: tuple[int, ...], crowd: int, asked_in_all: int) -> dict[str, Any]:
    """By number of processes that serve one index folder, its vectors on one Chroma server: what `users` says of a crowd spread over them, and what an answer costs the apps and the server."""
    found = {}
    with tempfile.TemporaryDirectory() as folder, chroma(Path(folder) / "server") as server:
        index = Path(folder) / "index"
        run(*PROGRAM, "ingest", "--index", index, ASSISTANT_CHROMA=server)
        for count in counts:
            with ExitStack() as served:
                addresses = [served.enter_context(serving(index, ASSISTANT_CHROMA=server)) for _ in range(count)]
                for address in addresses:
                    until_ok(f"{address}/health")
                asyncio.run(_crowd(addresses, 2 * count, 2))
                before = processor_of_children()
                made = asyncio.run(_crowd(addresses, crowd, asked_in_all // crowd))
                after, answered = processor_of_children(), max(made["count"], 1)
                cost = {name: round(1000 * (after[name] - before[name]) / answered, 1) for name in after}
                found[str(count)] = {**made, "processor_ms_an_answer": cost}
    return found


async def _crowd(addresses: list[str], count: int, each: int) -> dict[str, Any]:
    asked = questions(60)
    limits = httpx.Limits(max_connections=None)
    async with AsyncExitStack() as held:
        clients = [
            await held.enter_async_context(httpx.AsyncClient(base_url=address, timeout=PATIENCE, limits=limits))
            for address in addresses
        ]
        done = asyncio.Event()
        pulse = asyncio.create_task(_pulse(clients[0], done))
        began = time.perf_counter()
        waits = await asyncio.gather(*(_user(clients[user % len(clients)], asked, user, each) for user in range(count)))
        spent = time.perf_counter() - began
        done.set()
        beats = await pulse
    answered = [wait for user in waits for wait in user if wait is not None]
    return {
        "answers_a_second": round(len(answered) / spent, 2),
        "failed": count * each - len(answered),
        **summary(answered),
        "fairness": fairness([float(np.mean([PATIENCE if wait is None else wait for wait in user])) for user in waits]),
        "alive": summary(beats),
    }


async def _user(client: httpx.AsyncClient, asked: list[str], user: int, each: int) -> list[float | None]:
    return [await _question(client, asked[(user * 7 + number) % len(asked)]) for number in range(each)]


async def _question(client: httpx.AsyncClient, question: str) -> float | None:
    """Seconds until the answer came; None where none did."""
    began = time.perf_counter()
    try:
        sent = await client.post("/gradio_api/call/ask", json={"data": [question, "oakfield", "[]"]})
        came = await client.get(f"/gradio_api/call/ask/{sent.raise_for_status().json()['event_id']}")
    except httpx.HTTPError:
        return None
    return time.perf_counter() - began if "event: complete" in came.text else None


async def _pulse(client: httpx.AsyncClient, done: asyncio.Event) -> list[float]:
    """How long `/alive` takes, again and again until `done`."""
    beats = []
    while not done.is_set():
        began = time.perf_counter()
        await client.get("/alive")
        beats.append(time.perf_counter() - began)
        await asyncio.sleep(0.05)
    return beats
