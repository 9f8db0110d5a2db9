"""`python -m tests.staff`: simulated staff ask the running app over HTTP for some minutes; prints errors, times and the app's memory before and after.

A person asks, reads the answer for half a minute on average, and asks again. Status 1 where an answer failed or memory grew by more than GROWN.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx

from tests.commands import answers, called, free_port, run, started, wait_for
from tests.contract import check_answer
from tests.kills import QUESTIONS

GROWN = 0.1
"""Share of its memory by which the app may grow after the first tenth of the time."""


def memory(process: int) -> float:
    """Megabytes that a process holds."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def person(
    client: httpx.AsyncClient, number: int, reads: float, until: float, took: list, wrong: Counter
) -> None:
    """One person; `took` gets (moment, seconds) of every answer."""
    chance = random.Random(number)
    await asyncio.sleep(chance.uniform(0, 2 * reads))
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            asked = await client.post("/gradio_api/call/ask", json={"data": [chance.choice(QUESTIONS), "", "[]"]})
            said = await client.get(f"/gradio_api/call/ask/{asked.json()['event_id']}")
            row = json.loads(said.text.rpartition("data: ")[2])[0]
            check_answer(row)
            if row["status"] == "error":
                wrong[row["summary"]] += 1
        except (httpx.HTTPError, ValueError, KeyError, AssertionError) as error:
            wrong[type(error).__name__] += 1
        took.append((began, time.monotonic() - began))
        await asyncio.sleep(chance.expovariate(1 / reads))


async def asked(address: str, people: int, reads: float, minutes: float, process: int) -> tuple[list, Counter, float]:
    """What it took each, what went wrong, and the memory after the first tenth."""
    took: list[tuple[float, float]] = []
    wrong: Counter[str] = Counter()
    until = time.monotonic() + 60 * minutes
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=httpx.Limits(max_connections=people)) as client:
        going = asyncio.gather(*(person(client, n, reads, until, took, wrong) for n in range(people)))
        await asyncio.sleep(6 * minutes)
        before = memory(process)
        await going
    return took, wrong, before


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--reads", type=float, default=30, help="seconds on average that a person reads an answer")
    parser.add_argument("--index", type=Path, help="an index folder of the corpus (default: made for the occasion)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = options.index or Path(folder) / "index"
        if options.index is None:
            assert run("ingest", "--index", index, timeout=900).returncode == 0
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        with started("serve", "--port", port, "--index", index) as process:
            wait_for(lambda: answers(f"{address}/health"), process, seconds=600)
            for question in QUESTIONS:  # what is loaded by the first answers is no growth
                called(address, "ask", question, "", "[]")
            began = time.monotonic()
            took, wrong, before = asyncio.run(
                asked(address, options.people, options.reads, options.minutes, process.pid)
            )
            after = memory(process.pid)
            seconds = time.monotonic() - began
    times = sorted(spent for _, spent in took)
    print(
        f"{options.people} people for {seconds / 60:.0f} minutes: {len(times):,} questions ({len(times) / seconds:.1f} a second), {sum(wrong.values())} failed {dict(wrong)}; "
        f"median {times[len(times) // 2]:.2f} s, p95 {times[int(0.95 * len(times))]:.2f} s, longest {times[-1]:.2f} s; "
        f"memory {before:.0f} MB after the first tenth, {after:.0f} MB at the end"
    )
    sys.exit(int(bool(wrong) or after > (1 + GROWN) * before))


if __name__ == "__main__":
    main()
