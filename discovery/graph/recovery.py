"""What a start settles: the schema is brought up to date, and broken-off loads leave nothing behind."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime
from functools import cache
from typing import Final

import psutil

from discovery.errors import UsageError
from discovery.graph.connection import Graph, Row
from discovery.graph.migrations import migrate
from discovery.graph.unloading import reopen

SILENT_SECONDS: Final = 600  # a writer on another machine that gave no sign of life for so long is gone


def make_ready(graph: Graph) -> list[str]:
    """Migrate, then settle loads whose writer is gone; the ids of those settled."""
    migrate(graph)
    return settle(graph)


def settle(graph: Graph) -> list[str]:
    """Roll back broken-off loads and complete broken-off unloads; those that are alive are left alone."""
    gone = [load for load in graph.read_anyway("loads/unfinished") if _gone(load)]
    taken = [load for load in gone if _adopt(graph, load)]
    for load in taken:
        if load["status"] == "writing":
            roll_back(graph, load["id"])
        else:
            finish_unload(graph, load["id"])
    return [load["id"] for load in taken]


def roll_back(graph: Graph, load: str) -> None:
    """Undo a load that is not complete. Repeatable at any point where it may break."""
    _until_none(graph, "loads/undo_facts", load)
    touched = graph.read_anyway("loads/touched_parties", load=load)
    _until_none(graph, "loads/undo_nodes", load)
    _until_none(graph, "loads/undo_points", load)
    _until_none(graph, "loads/undo_closings", load)
    for part in touched:
        graph.write("ingest/refresh_parties", ids=part["ids"], undone=[load])
    _until_none(graph, "loads/undo_node_closings", load)
    graph.write("loads/rolled_back", load=load, at=moment_text())


def unload(graph: Graph, load: str) -> int:
    """Withdraw a completed load, deleting nothing: answers are as if it had never been. The new version."""
    rows = graph.write("loads/begin_unload", load=load, owner=owner(), at=moment_text())
    if not rows:
        known = {row["id"]: row["status"] for row in graph.read_anyway("loads/list")}
        graph.state()
        raise UsageError(
            f"{load} cannot be unloaded: it is {known.get(load, 'not there')}.",
            remedy="`guanlian loads` lists the loads; only complete ones can be unloaded.",
            load=load,
        )
    return finish_unload(graph, load)


def finish_unload(graph: Graph, load: str) -> int:
    _until_none(graph, "loads/unload_facts", load)
    _until_none(graph, "loads/unload_nodes", load)
    reopen(graph, load)
    for part in graph.read_anyway("loads/touched_parties", load=load):
        graph.write("ingest/refresh_parties", ids=part["ids"], undone=[])
    return int(graph.write("loads/finish_unload", load=load)[0]["version"])


def loads(graph: Graph) -> list[Row]:
    """Every load, the newest first: id, name, source, status, started_at, finished_at, counts (JSON text)."""
    return graph.read_anyway("loads/list")


@cache
def owner() -> str:
    """This process, such that it can be told from a later one with the same number."""
    return f"{socket.gethostname()}:{os.getpid()}:{psutil.Process().create_time():.2f}"


def moment_text(at: datetime | None = None) -> str:
    """A moment as the store keeps it; now, unless one is given (UTC)."""
    return (at or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _gone(load: Row) -> bool:
    host, pid, started = (load["owner"] or "::").rsplit(":", 2)
    if host != socket.gethostname():
        return int(load["idle"]) > SILENT_SECONDS
    try:
        return abs(psutil.Process(int(pid)).create_time() - float(started)) > 1
    except (psutil.Error, ValueError):
        return True


def _adopt(graph: Graph, load: Row) -> bool:
    return bool(graph.write("loads/adopt", load=load["id"], was=load["owner"], owner=owner()))


def _until_none(graph: Graph, name: str, load: str) -> None:
    while any(value for row in graph.write(name, load=load) for value in row.values()):
        pass
