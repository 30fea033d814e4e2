"""Measuring: every benchmark runs in a process of its own, so that its peak memory is its own.

`python -m benchmarks.measure MODULE:FUNCTION ARGUMENTS FILE` calls the function with the arguments (JSON)
and writes the rows it gives (JSON) to the file.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]  # case, what, the figures of `Measured`, count and checksum where there are, a note
Clock = Callable[[], float]


@dataclass
class Measured:
    """What a block took: CPU seconds of all threads, wall seconds, peak memory of the process meanwhile."""

    cpu: float = 0.0
    wall: float = 0.0
    peak_mb: float = 0.0
    server_cpu: float | None = None  # CPU seconds of the server it worked with

    def row(self, case: str, what: str, **more: object) -> Row:
        """The figures as a row of the table."""
        return {"case": case, "what": what, **asdict(self), **more}


@contextlib.contextmanager
def measured(server: Clock | None = None) -> Iterator[Measured]:
    """Measure the block; `server` says how many CPU seconds the server has used so far."""
    found = Measured()
    _forget_peak()
    before = server() if server else 0.0
    cpu, wall = time.process_time(), time.perf_counter()
    try:
        yield found
    finally:
        found.cpu, found.wall = time.process_time() - cpu, time.perf_counter() - wall
        found.peak_mb = _peak_mb()
        found.server_cpu = server() - before if server else None


def _forget_peak() -> None:
    """From now on the peak is that of what follows (Linux; elsewhere it is that of the process so far)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_mb() -> float:
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1_000
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def children_cpu() -> float:
    """CPU seconds of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def fresh(target: str, **arguments: object) -> list[Row]:
    """Call `module:function` in a new process; its rows. Raises if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.json"
        command = [sys.executable, "-m", "benchmarks.measure", target, json.dumps(arguments), str(file)]
        subprocess.run(command, check=True)
        rows: list[Row] = json.loads(file.read_text(encoding="utf-8"))
        return rows


def main() -> None:
    target, arguments, file = sys.argv[1:]
    module, _, name = target.partition(":")
    rows = getattr(importlib.import_module(module), name)(**json.loads(arguments))
    Path(file).write_text(json.dumps(list(rows or ())), encoding="utf-8")


if __name__ == "__main__":
    main()
