"""Control in the store itself: one query file, repeated to the fixpoint."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal

import polars as pl

from discovery.graph.connection import Graph, Row

UNITS: Final = 2_000  # a query
PAIRS: Final = {"controller": pl.String(), "company": pl.String()}


def control_by_rounds(
    graph: Graph,
    *,
    as_of: date,
    threshold: int,
    measure: Literal["voting", "equity"] = "voting",
    units: Iterable[str] | None = None,
) -> pl.DataFrame:
    """All pairs `controller`, `company` (party ids, sorted) by holdings alone, the sum above `threshold`.

    Units are single parties: those given, else all holders. `threshold` in millionths of a percent. In each
    round a unit adds up anew only companies in which something it won in the last round has a holding.
    """
    day = as_of.isoformat()
    started = units if units is not None else _all_units(graph, day)
    reach: dict[str, dict[str, None]] = {unit: {unit: None} for unit in started}
    fresh: dict[str, list[str]] = {unit: [unit] for unit in reach}
    while fresh:
        asked = [{"unit": u, "members": list(reach[u]), "fresh": new} for u, new in fresh.items()]
        fresh = {}
        for row in _round(graph, asked, day, threshold, measure):
            reach[row["unit"]].update(dict.fromkeys(row["companies"]))
            fresh[row["unit"]] = row["companies"]
    pairs = [(unit, company) for unit, members in reach.items() for company in members if company != unit]
    return pl.DataFrame(pairs, schema=PAIRS, orient="row").sort("controller", "company")


def _all_units(graph: Graph, day: str) -> list[str]:
    return [unit for row in graph.read("control/units", as_of=day) for unit in row["ids"]]


def _round(graph: Graph, asked: list[Row], day: str, threshold: int, measure: str) -> Iterable[Row]:
    for low in range(0, len(asked), UNITS):
        part = asked[low : low + UNITS]
        yield from graph.read("control/round", units=part, as_of=day, threshold=threshold, measure=measure)
