"""kill -9 of a loading process and of the server: the next start leaves nothing half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import psutil
import pytest

from discovery.errors import LoadInProgress
from discovery.graph.connection import Graph, connect
from discovery.graph.loading import load
from discovery.graph.local import LocalServer
from discovery.graph.recovery import loads, settle
from discovery.graph.server_files import Size
from discovery.graph.snapshot import snapshot, store_version

from .dump import dump
from .given import facts_of, holding

HERE = Path(__file__).parent
CHILD = """
import sys
sys.path[:0] = [{tests!r}]
from graph.test_kill import package
from discovery.graph.connection import connect
from discovery.graph.loading import load
from discovery.graph.local import LocalServer
from discovery.graph.server_files import Size
from pathlib import Path
graph = connect(local=LocalServer(Path({folder!r}), size=Size(700, 128, quick=True)))
print("begin", flush=True)
load(graph, package({rows}), source="registry", name="killed", way={way!r},
     progress=lambda done, total: print(done, flush=True))
print("end", flush=True)
"""


def package(rows: int) -> object:
    return facts_of(holdings=[holding(f"H{n}", f"C{n}", 60) for n in range(rows)])


@pytest.fixture(scope="module")
def own_server(guanlian_home: Path) -> Iterator[LocalServer]:
    """A server that these tests may kill."""
    server = LocalServer(guanlian_home / "killed", size=Size(700, 128, quick=True))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def own(own_server: LocalServer) -> Iterator[Graph]:
    """Its store, with a little in it."""
    with connect(local=own_server) as graph:
        while graph.driver.execute_query("MATCH (n) WHERE NOT n:Migration DETACH DELETE n").records:
            pass
        yield graph


def loading(server: LocalServer, rows: int, way: str = "bolt") -> subprocess.Popen[str]:
    """A process of its own that loads; its lines say how far it is."""
    script = CHILD.format(tests=str(HERE.parent), folder=str(server.folder), rows=rows, way=way)
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)


def kill_after(child: subprocess.Popen[str], line: str, *, pause: float = 0.0) -> None:
    """Wait for that line of the child's, then kill it."""
    assert child.stdout is not None
    for said in child.stdout:
        if said.strip() == line:
            break
    time.sleep(pause)
    child.kill()
    child.wait()
    child.stdout.close()


def test_a_loading_process_killed_in_the_middle_leaves_nothing(
    graph: Graph, local_server: LocalServer
) -> None:
    """Until the next start questions are refused; then the graph is as before, and the load goes through."""
    load(graph, package(3), source="registry", name="first")
    before, version = dump(graph), store_version(graph)
    kill_after(loading(local_server, 2600), "5000")

    with pytest.raises(LoadInProgress):
        graph.read("party/holders", party="p_1", as_of="2026-06-30")
    assert snapshot(graph)["holdings"].height == 3
    assert 1 == len(settle(graph))
    assert before == dump(graph)
    assert version == store_version(graph)
    summary = load(graph, package(2600), source="registry", name="again")
    assert (2597, 3) == (summary.files["holdings"].new, summary.files["holdings"].unchanged)
    assert snapshot(graph)["holdings"].height == 2600


@pytest.mark.slow
def test_a_server_killed_during_a_load_loses_nothing_acknowledged(
    graph: Graph, local_server: LocalServer
) -> None:
    """After the next start the earlier load is whole and the broken one gone."""
    load(graph, package(3), source="registry", name="first")
    before = dump(graph)
    child = loading(local_server, 2600)
    assert child.stdout is not None
    for said in child.stdout:
        if said.strip() == "5000":
            break
    running = local_server.status()
    assert running is not None
    psutil.Process(running.pid).send_signal(signal.SIGKILL)
    child.kill()
    child.stdout.close()
    child.wait()

    graph.reopen()
    settle(graph)

    assert before == dump(graph)
    assert ["complete", "rolled_back"] == sorted(row["status"] for row in loads(graph))


@pytest.mark.slow
def test_killed_again_and_again_at_any_moment(own: Graph, own_server: LocalServer) -> None:
    """Ten times, loader or server, over Bolt or in the import: all of a load is there or nothing."""
    chance = Random(7)  # noqa: S311  not a secret
    for _ in range(10):
        seen = dump(own)
        child = loading(own_server, 4000, chance.choice(["auto", "bulk"]) if not seen else "bolt")
        if chance.random() < 0.5:
            kill_after(child, "begin", pause=chance.random() * 12)
        else:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(chance.random() * 12)
            running = own_server.status()
            if running is not None:
                os.kill(running.pid, signal.SIGKILL)
            child.kill()
            child.wait()
            child.stdout.close()
        own.reopen()
        connect(local=own_server).close()
        now = dump(own)
        complete = [row for row in loads(own) if row["status"] == "complete"]

        assert now == seen or len(complete) > 0
        assert snapshot(own)["holdings"].height in {0, 4000}
        assert store_version(own) == len(complete)
