"""Control by holdings alone: the compiled kernel beside DuckDB and the rounds in Cypher."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.checks import agree, aim, ratio
from benchmarks.measure import Row, fresh
from benchmarks.sizes import Size


def run(size: Size, work: Path) -> Iterator[Row]:
    """Rows of the part `kernel`."""
    for companies in size.scale_free:
        yield from _scale_free(companies, work, size)
    joint = _written(work, "joint_control", companies=size.joint, depth=size.depth)
    rows, slow = _kernel(joint), fresh("benchmarks.pairs:rounds_in_sql", **joint)
    agree(rows[-1], slow[-1])
    yield from [*rows, *slow, ratio(slow, rows, 200 if size.aims else None)]
    for name, arguments in (
        ("chain", {"length": size.chain}),
        ("hub", {"spokes": size.hub}),
        ("core", {"companies": size.core}),
    ):
        rows = _kernel(_written(work, name, **arguments), tops=True)
        yield from [*rows, aim(rows, cpu=2)]
    yield from fresh("benchmarks.rounds:compare", folder=str(work / "rounds"), companies=size.cypher)


def _scale_free(companies: int, work: Path, size: Size) -> Iterator[Row]:
    graph = _written(work, "scale_free", companies=companies)
    rows = _kernel(graph)
    yield from [*rows, _kernel(graph, tops=True)[-1]]
    if companies == 1_000_000:
        yield aim(rows, cpu=0.5)
    if companies == 10_000_000:
        yield aim(rows, cpu=5, peak_mb=2_000)
    if companies <= size.against_duckdb:
        slow = fresh("benchmarks.pairs:rounds_in_sql", **graph)
        agree(rows[-1], slow[-1])
        yield from [*slow, ratio(slow, rows, 5 if size.aims else None)]


def _written(work: Path, name: str, **arguments: int) -> dict[str, str]:
    """The graph on disk, and the case's title."""
    many = max(arguments.values())
    folder = work / f"{name}-{many}"
    fresh("benchmarks.pairs:write", folder=str(folder), case=name, **arguments)
    return {"folder": str(folder), "case": f"{name.replace('_', '-')} {many:,}"}


def _kernel(graph: dict[str, str], **options: Any) -> list[Row]:
    return fresh("benchmarks.pairs:kernel", **graph, **options)
