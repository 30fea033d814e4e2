"""Control in the store by rounds of Cypher, beside a snapshot of the holdings and the kernel on it."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from benchmarks import generate
from benchmarks.checks import agree, ratio
from benchmarks.generate import Holdings
from benchmarks.measure import Row, measured
from benchmarks.pairs import HALF, controlled, entries_of, summary
from benchmarks.stores import clock, own_store
from discovery.facts.keys import party_id
from discovery.facts.package import read_package
from discovery.graph.connection import Graph
from discovery.graph.failures import QuestionTooLong
from discovery.graph.loading import load
from discovery.graph.rounds import control_by_rounds

DAY: Final = date(2026, 6, 30)
HOLDING: Final = {
    "from_record": pl.String(),
    "to_record": pl.String(),
    "voting_millionths_of_percent": pl.Int64(),
}


def compare(folder: str, companies: int) -> list[Row]:
    """A scale-free graph in a store of its own: rounds against snapshot and kernel."""
    work = Path(folder)
    generate.write_holdings(work / "package", generate.scale_free(companies))
    facts = read_package(work / "package").facts
    with own_store(work / "home", heap=4_000) as graph:
        load(graph, facts, source="benchmark", name="rounds", way="bulk")
        return in_store(graph, f"store, scale-free {companies:,}")


def in_store(graph: Graph, case: str, least: float | None = None) -> list[Row]:
    """Rows of both ways on what the store holds, and how many times faster; the same pairs, asserted."""
    controlled(entries_of(generate.chain(10)), tops=False)
    control_by_rounds(graph, as_of=DAY, threshold=HALF, units=["p_0"])  # the server plans the query once
    server = clock(graph)
    with measured(server) as reading:
        records, holdings = _snapshot_of_holdings(graph)
    with measured(server) as computing:
        units, found = controlled(entries_of(holdings), tops=False)
    fast = [
        reading.row(case, "snapshot of holdings", holdings=len(holdings.holder)),
        computing.row(case, "kernel: all pairs", **summary(units[found.unit], found.company)),
    ]
    pairs = None
    with measured(server) as rounds, contextlib.suppress(QuestionTooLong):
        pairs = control_by_rounds(graph, as_of=DAY, threshold=HALF)
    if pairs is None:
        return [*fast, rounds.row(case, "Cypher rounds: cut at the store's limit of time or memory")]
    slow = [rounds.row(case, "Cypher rounds: all pairs", **_summary(pairs, records))]
    agree(fast[-1], slow[-1])
    return [*fast, *slow, ratio(slow, fast, least)]


def _snapshot_of_holdings(graph: Graph) -> tuple[pl.Series, Holdings]:
    rows = graph.read_anyway("snapshot/holds", unfinished=[])
    frame = pl.concat(pl.DataFrame({name: row[name] for name in HOLDING}, schema=HOLDING) for row in rows)
    records = pl.concat([frame["from_record"], frame["to_record"]]).unique().sort()
    numbers = pl.DataFrame({"record": records, "number": np.arange(len(records), dtype=np.int32)})
    holder, company = (
        frame.select(record=name).join(numbers, on="record", how="left", maintain_order="left")["number"]
        for name in ("from_record", "to_record")
    )
    percent = frame["voting_millionths_of_percent"].to_numpy()
    return records, Holdings(len(records), holder.to_numpy(), company.to_numpy(), percent)


def _summary(pairs: pl.DataFrame, records: pl.Series) -> dict[str, int]:
    numbers = pl.DataFrame(
        {
            "party": pl.Series([party_id(record) for record in records], dtype=pl.String),
            "number": np.arange(len(records), dtype=np.int32),
        }
    )
    columns = [
        pairs.select(party=name).join(numbers, on="party", how="left", maintain_order="left")["number"]
        for name in ("controller", "company")
    ]
    return summary(*(column.to_numpy() for column in columns))
