"""From the store and back: snapshot, discover, the derived layer as a difference; and control by rounds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.checks import aim
from benchmarks.groups import package, warm_up
from benchmarks.measure import Row, fresh, measured
from benchmarks.rounds import in_store
from benchmarks.sizes import Size
from benchmarks.stores import clock, own_store
from discovery.facts.facts import Facts
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.groups import Answer
from discovery.service.answers import Asked, groups
from discovery.service.published import write_groups
from discovery.service.sources import given
from discovery.service.stored import store_facts

DAY: Final = date(2026, 6, 30)


def run(size: Size, work: Path) -> Iterator[Row]:
    """Rows of the part `store`."""
    folder = package(work, size.package)
    least = 10 if size.aims else None
    rows = fresh(
        "benchmarks.storing:there_and_back", folder=str(folder), home=str(work / "home"), least=least
    )
    yield from rows
    if size.aims:
        changed = [row for row in rows if row["what"] in {"snapshot", "discover", "derived: difference"}]
        yield aim(changed, wall=60)


def there_and_back(folder: str, home: str, least: float | None) -> list[Row]:
    """Load by bulk import; then everything measured on that store."""
    warm_up(Path(folder).parent)
    facts = given(Path(folder)).facts
    case = f"store, package {facts['parties'].height:,} parties"
    with own_store(Path(home)) as graph:
        with measured(clock(graph)) as loading:
            load(graph, facts, source="benchmark", name="package", way="bulk")
        del facts
        rows = [loading.row(case, "load by bulk")]
        return [*rows, *_derived(graph, case), *in_store(graph, case, least)]


def _derived(graph: Graph, case: str) -> list[Row]:
    server = clock(graph)
    with measured(server) as reading:
        facts = store_facts(graph)
    with measured(server) as computing:
        answer = groups(facts, Asked("cbrc-2010", DAY))
    rows = [reading.row(case, "snapshot"), computing.row(case, "discover")]
    rows.append(_written(graph, case, answer, "derived: all new"))
    del answer
    fewer = facts["holdings"].with_row_index("number").filter(pl.col("number") % 10_000 != 0).drop("number")
    answer = groups(Facts({**facts.frames, "holdings": fewer}), Asked("cbrc-2010", DAY))
    rows.append(_written(graph, case, answer, "derived: difference"))
    return rows


def _written(graph: Graph, case: str, answer: Answer, what: str) -> Row:
    """Evidence drawn, rows compared with the store's, the difference written."""
    with measured(clock(graph)) as writing:
        run = what.removeprefix("derived: ").replace(" ", "-")
        difference = write_groups(graph, answer.groups(), policy="cbrc-2010", as_of=DAY, run=run)
    return writing.row(case, what, **vars(difference))
