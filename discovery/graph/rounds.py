"""Control in the store itself: one query file, repeated to the fixpoint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, Literal

import polars as pl

from discovery.graph.connection import Graph, Row

UNITS: Final = 2_000  # a query, as long as they control few
MEMBERS: Final = 20_000  # a query
Fresh = dict[str, list[str]]  # by unit, what it won in the last round
Reach = dict[str, dict[str, bool]]  # by unit, itself and all it controls
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
    reach: Reach = {unit: {unit: True} for unit in started}
    fresh: Fresh = {unit: [unit] for unit in reach}
    while fresh:
        asked, fresh = fresh, {}
        for row in _round(graph, asked, reach, day, threshold, measure):
            reach[row["unit"]].update(dict.fromkeys(row["companies"], True))
            fresh[row["unit"]] = row["companies"]
    pairs = [(unit, company) for unit, members in reach.items() for company in members if company != unit]
    return pl.DataFrame(pairs, schema=PAIRS, orient="row").sort("controller", "company")


def _all_units(graph: Graph, day: str) -> list[str]:
    return [unit for row in graph.read("control/units", as_of=day) for unit in row["ids"]]


def _round(  # noqa: PLR0917  one round's parts
    graph: Graph, fresh: Fresh, reach: Reach, day: str, threshold: int, measure: str
) -> Iterable[Row]:
    asked = {"as_of": day, "threshold": threshold, "measure": measure}
    for units in _parts(fresh, reach):
        members = {unit: reach[unit] for unit in units}
        newest = {unit: fresh[unit] for unit in units}
        yield from graph.read("control/round", units=units, members=members, fresh=newest, **asked)


def _parts(fresh: Fresh, reach: Reach) -> Iterator[list[str]]:
    """The units of one query each: no more than the server takes in at once."""
    part: list[str] = []
    members = 0
    for unit in fresh:
        part.append(unit)
        members += len(reach[unit])
        if len(part) >= UNITS or members >= MEMBERS:
            yield part
            part, members = [], 0
    if part:
        yield part
