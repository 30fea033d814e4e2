"""A Neo4j of the benchmark's own: a new folder, started, always stopped and deleted."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import psutil

from benchmarks.measure import Clock, children_cpu
from discovery.graph.connection import Graph, connect
from discovery.graph.local import LocalServer
from discovery.graph.server_files import Size


@contextlib.contextmanager
def own_store(folder: Path, *, heap: int = 4_000) -> Iterator[Graph]:
    """The store, empty, its schema in place; `heap` in MB. Jars come from the user's cache."""
    os.environ.setdefault("GUANLIAN_CACHE", str(platformdirs.user_cache_path("guanlian", appauthor=False)))
    os.environ["GUANLIAN_HOME"] = str(folder)
    shutil.rmtree(folder, ignore_errors=True)
    server = LocalServer(folder / "store", size=Size(heap=heap, page_cache=max(256, heap // 4)))
    try:
        with connect(local=server) as graph:
            graph.seconds = 3_600
            yield graph
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def clock(graph: Graph) -> Clock:
    """CPU seconds of the server so far, of servers and tools that have ended meanwhile too."""

    def used() -> float:
        running = graph.local.status() if graph.local else None
        now = psutil.Process(running.pid).cpu_times() if running else None
        return children_cpu() + (now.user + now.system if now else 0.0)

    return used
