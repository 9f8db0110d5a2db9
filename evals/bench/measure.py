"""Times measured in turn, so that a busy moment of the machine falls on all alike, and what is said of them."""

import os
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

import numpy as np

Times = dict[str, list[float]]
"""Seconds by the name of what was done, one for each round."""


Clock = Literal["wall", "processor"]
CLOCKS: Mapping[Clock, Callable[[], float]] = {"wall": time.perf_counter, "processor": time.process_time}
"""What passes for a person, and what the processor spent on this process: on a crowded machine only the second says what the work costs."""


def interleaved(
    tasks: Mapping[str, Callable[[int], object]], rounds: int, warm: int = 1, clock: Clock = "wall"
) -> Times:
    """Seconds of each task in each round. A task is called with the round's number (the same for all), A B C A B C …; the first `warm` rounds don't count."""
    now = CLOCKS[clock]
    found: Times = {name: [] for name in tasks}
    for number in range(-warm, rounds):
        for name, task in tasks.items():
            began = now()
            task(number % rounds)
            if number >= 0:
                found[name].append(now() - began)
    return found


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds, and their count."""
    return {
        "median_ms": round(1000 * float(np.median(seconds)), 2),
        "p95_ms": round(1000 * float(np.percentile(seconds, 95)), 2),
        "count": len(seconds),
    }


def ratios(seconds: Sequence[float], floor: Sequence[float]) -> dict[str, float]:
    """Median by median and 95th percentile by 95th percentile."""
    return {
        "median": round(float(np.median(seconds) / np.median(floor)), 2),
        "p95": round(float(np.percentile(seconds, 95) / np.percentile(floor, 95)), 2),
    }


def fairness(seconds: Sequence[float]) -> float:
    """Jain's index over users' mean waits (Jain, Chiu and Hawe 1984): 1 where all wait the same, 1/users where one waits alone."""
    values = np.asarray(seconds, dtype=np.float64)
    return round(float(values.sum() ** 2 / (len(values) * (values**2).sum())), 3)


def resident() -> int:
    """Bytes of memory that this process holds now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def processor_of_children() -> dict[str, float]:
    """Seconds that the processor spent on this process's running children, by the name of their program (Linux)."""
    spent: dict[str, float] = defaultdict(float)
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            name, _, rest = file.read_text().partition("(")[2].rpartition(")")
            fields = rest.split()  # proc(5), from its third field on
            if int(fields[1]) == os.getpid():
                spent[name] += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    return {
        "processor": model,
        "cores_used": len(os.sched_getaffinity(0)),
        "load_before": round(os.getloadavg()[0], 1),
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30),
    }
