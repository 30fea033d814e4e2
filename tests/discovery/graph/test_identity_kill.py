"""kill -9 of a merging process and of the server: a change is there whole, or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from discovery.graph.connection import Graph, connect
from discovery.graph.identity import take_back
from discovery.graph.loading import load
from discovery.graph.local import LocalServer
from discovery.graph.snapshot import snapshot, store_version

from .dump import dump
from .test_identity import WHO
from .test_kill import own, own_server, package  # noqa: F401  fixtures

HERE = Path(__file__).parent
CHILD = """
from discovery.graph.connection import connect
from discovery.graph.identity import merge
from discovery.graph.local import LocalServer
from discovery.graph.server_files import Size
from pathlib import Path
graph = connect(local=LocalServer(Path({folder!r}), size=Size(700, 128, quick=True)))
print("begin", flush=True)
for n in range(1, 25):
    done = merge(graph, ["registry/C0"], [f"registry/C{{n}}"], by="li", reason="r")
    print(done.version, flush=True)
"""


@pytest.mark.slow
def test_a_merge_killed_at_any_moment_is_whole_or_not_there(
    own: Graph,  # noqa: F811  the fixture
    own_server: LocalServer,  # noqa: F811  the fixture
) -> None:
    """What was acknowledged is there after the next start; of the one under way all or nothing."""
    load(own, package(25), source="registry", name="first")
    before = dump(own)
    chance = Random(5)  # noqa: S311  not a secret
    for turn in range(2):
        script = CHILD.format(folder=str(own_server.folder))
        child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        child.stdout.readline()
        acknowledged = int(child.stdout.readline())
        time.sleep(chance.random() * 2)
        running = own_server.status()
        if turn % 2 and running is not None:
            os.kill(running.pid, signal.SIGKILL)
        child.kill()
        acknowledged = max([acknowledged, *(int(line) for line in child.stdout if line.strip().isdigit())])
        child.wait()
        child.stdout.close()
        own.reopen()
        connect(local=own_server).close()

        merged = [
            row["key"]
            for row in own.read("identity/around", keys=["registry/C0"])
            if row["key"] != "registry/C0"
        ]
        events = own.read("identity/events", after=0, most=10_000)
        changes = {event["change"] for event in events if event["type"] == "merged"}
        told = [event["number"] for event in events]
        assert store_version(own) >= acknowledged
        assert told == list(range(1, len(told) + 1))
        assert len({*snapshot(own)["holdings"]["company"]}) == 25 - len(merged)
        alive = [row for row in own.read("identity/all_judgements") if row["change"] in changes]
        assert len(alive) == len(merged)
        for row in alive:
            take_back(own, row["change"], **WHO)
        assert before == dump(own)
