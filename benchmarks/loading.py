"""Loading a package into Neo4j: over Bolt and by the bulk import, and who is busy meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from benchmarks import generate
from benchmarks.measure import Row, fresh, measured
from benchmarks.sizes import Size
from benchmarks.stores import clock, own_store
from discovery.graph.loading import load
from discovery.service.sources import given

FACTS = {"offices": 0.6, "families": 0.4}  # so that there are 250,000 facts to 200,000 parties


def run(size: Size, work: Path) -> Iterator[Row]:
    """Rows of the part `load`."""
    package = work / f"loaded-{size.loaded}"
    fresh("benchmarks.loading:write", folder=str(package), companies=size.loaded)
    for way in ("bolt", "bulk"):
        yield from fresh("benchmarks.loading:one", folder=str(package), home=str(work / "home"), way=way)


def write(folder: str, companies: int) -> None:
    """Write the package."""
    generate.write_package(Path(folder), companies, **FACTS)


def one(folder: str, home: str, way: Literal["bolt", "bulk"]) -> list[Row]:
    """One load into an empty store; rows a second, and whether client or server bounds it."""
    with measured() as reading:
        facts = given(Path(folder)).facts
    parties = facts["parties"].height
    rows = sum(frame.height for frame in facts.frames.values())
    case = f"load {parties:,} + {rows - parties:,}"
    with own_store(Path(home), heap=2_000) as graph, measured(clock(graph)) as loading:
        load(graph, facts, source="benchmark", name=way, way=way)
    shares = {
        "client_busy": loading.cpu / loading.wall,
        "server_busy": (loading.server_cpu or 0) / loading.wall,
    }
    first = [reading.row(case, "read and check", rows=rows)] if way == "bolt" else []
    return [*first, loading.row(case, f"load by {way}", rows_a_second=rows / loading.wall, **shares)]
