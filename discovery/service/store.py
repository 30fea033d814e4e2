"""The store as a thing to start, stop, fill with jars and look at."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from discovery.errors import UsageError
from discovery.graph.connection import connect
from discovery.graph.home import home
from discovery.graph.jars import LTS, missing, read_lock
from discovery.graph.local import USER, LocalServer
from discovery.service.sources import Progress, staged


def start(progress: Progress | None = None) -> dict[str, Any]:
    """Start the local store (fetched if need be) and bring its schema up to date; its status."""
    _local_only()
    with connect(local=LocalServer(), progress=staged(progress, "neo4j")):
        pass
    return status()


def stop() -> bool:
    """End the local store cleanly; False when none was running."""
    _local_only()
    return LocalServer().stop()


def status() -> dict[str, Any]:
    """Where the store is, whether it runs, its version, whether a load is being written. Starts nothing."""
    uri = os.environ.get("NEO4J_URI")
    if uri:
        return {"kind": "own", "uri": without_secrets(uri), "running": True, **_state()}
    server = LocalServer()
    running = server.status()
    found: dict[str, Any] = {
        "kind": "local",
        "running": running is not None,
        "folder": str(server.folder),
        "line": server.line,
        "jars_missing": len(missing(server.jar_folder, read_lock(server.line))),
    }
    if running is not None:
        found |= {
            "uri": running.uri,
            "browser": running.browser,
            "user": USER,
            "password_file": str(server.folder / "password"),
            "pid": running.pid,
            **_state(server),
        }
    return found


def _state(server: LocalServer | None = None) -> Mapping[str, Any]:
    with connect(local=server, ready=False) as graph:
        row = graph.read_anyway("store/state")[0]
    return {"version": row["version"], "loading": row["loading"]}


def fetch(
    *, to: Path | None = None, source: Path | None = None, line: str = LTS, progress: Progress | None = None
) -> dict[str, Any]:
    """Bring the jars of the local store: from the repository, or from a folder filled on another machine.

    `to` fills such a folder; with neither the cache of this machine is filled. How many came, and where.
    """
    if to is not None and source is not None:
        raise UsageError("--to and --from exclude each other.", remedy="Use --to where there is a network.")
    if to is not None:
        to.mkdir(parents=True, exist_ok=True)
    server = LocalServer(line=line, jar_folder=to)
    count = server.fetch(progress=staged(progress, "neo4j"), source=source)
    return {"fetched": count, "jars": len(read_lock(line)), "folder": str(server.jar_folder)}


def reset() -> str:
    """Stop the local store and delete what it holds and what was kept of it; the folder it was in."""
    _local_only()
    server = LocalServer()
    server.reset()
    for file in (home() / "index").glob("local-*.zip"):
        file.unlink(missing_ok=True)
    return str(server.folder)


def without_secrets(uri: str) -> str:
    """An address without the user and password that it may carry."""
    parts = urlsplit(uri)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _local_only() -> None:
    if os.environ.get("NEO4J_URI"):
        raise UsageError(
            "NEO4J_URI names a store of your own; it is started and stopped where it runs.",
            remedy="Unset NEO4J_URI to use the local store.",
        )
