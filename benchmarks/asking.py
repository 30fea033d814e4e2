"""One party over HTTP: `guanlian serve PATH` in a process of its own, asked by one client."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import numpy as np
import psutil

from benchmarks.groups import package
from benchmarks.measure import Row
from benchmarks.sizes import Size

START_SECONDS: Final = 900
WARM: Final = 20


def run(size: Size, work: Path) -> Iterator[Row]:
    """Rows of the part `http`."""
    folder = package(work, size.package)
    case = f"HTTP {size.package:,}"
    with _serving(folder) as (client, server):
        started = time.perf_counter()
        _wait(client)
        waited = time.perf_counter() - started
        yield _used(server) | {"case": case, "what": "start until ready", "wall": waited}
        before = _used(server)
        took, sizes = _ask(client, size)
        after = _used(server)
    p50, p95, p99 = np.percentile(took, [50, 95, 99]) * 1_000
    yield {
        "case": case,
        "what": "GET /v1/parties/{id}/groups",
        "cpu": after["cpu"] - before["cpu"],
        "wall": float(sum(took)),
        "peak_mb": after["peak_mb"],
        "asked": len(took),
        "p50_ms": p50,
        "p95_ms": p95,
        "p99_ms": p99,
        "median_kb": float(np.median(sizes)) / 1_000,
        "largest_kb": max(sizes) / 1_000,
        **({"aim": "p95 50 ms", "met": bool(p95 <= 50)} if size.aims else {}),
    }


def _ask(client: httpx.Client, size: Size) -> tuple[list[float], list[int]]:
    """Ask once for random companies until enough of them had groups: seconds and bytes of those answers."""
    rng = np.random.default_rng(11)
    took: list[float] = []
    sizes: list[int] = []
    for asked, number in enumerate(rng.permutation(size.package).tolist()):
        started = time.perf_counter()
        answer = client.get(f"/v1/parties/C{number:08}/groups")
        seconds = time.perf_counter() - started
        answer.raise_for_status()
        if asked >= WARM and answer.json()["groups"]:
            took.append(seconds)
            sizes.append(len(answer.content))
        if len(took) == size.asked:
            break
    return took, sizes


@contextlib.contextmanager
def _serving(folder: Path) -> Iterator[tuple[httpx.Client, psutil.Process]]:
    command = [sys.executable, "-m", "discovery.cli", "serve", str(folder), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            address = _address(process)
            with httpx.Client(base_url=address, timeout=60) as client:
                yield client, psutil.Process(process.pid)
        finally:
            process.terminate()


def _address(process: subprocess.Popen[str]) -> str:
    """Where it says that it answers; its lines until then are shown if it never does."""
    lines: list[str] = []
    for line in process.stderr or ():
        lines.append(line)
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            return found.group()
    raise RuntimeError(f"the service did not start: {''.join(lines)}")


def _wait(client: httpx.Client) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            if client.get("/readyz").status_code == httpx.codes.OK:
                return
        time.sleep(0.5)
    raise TimeoutError(f"the service was not ready within {START_SECONDS} s")


def _used(server: psutil.Process) -> dict[str, float]:
    times, memory = server.cpu_times(), server.memory_info()
    return {"cpu": times.user + times.system, "peak_mb": getattr(memory, "peak_wset", memory.rss) / 1e6}
