"""Who stands in which group on one side of a comparison; proofs are drawn only where they are asked for."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any, Final, NamedTuple

import polars as pl

from discovery.facts.graph import FactGraph
from discovery.groups.discover import formed
from discovery.groups.exemptions import Ruling
from discovery.groups.writing import GroupWriter
from discovery.policies.model import Policy

Document = dict[str, Any]
APART: Final = "/apart"  # after the id of a set that an exemption cuts off its owner
LISTED: Final = {"group": pl.String(), "party": pl.String(), "client": pl.Boolean(), "outcome": pl.String()}


class _Set(NamedTuple):
    """One set of a formation: which of the writers draws it, and its unit there."""

    apart: bool
    unit: int


class Standing:
    """The groups, and sets left out by an exemption, of one graph under a policy.

    `heads` (party ids): only what these head, everybody's where it is None.
    """

    def __init__(self, graph: FactGraph, policy: Policy, heads: Collection[str] | None = None) -> None:
        self._heads = None if heads is None else frozenset(heads)
        self.graph, who, self._formation, self._rulings, self._apart = formed(graph, policy)
        self._writers = [GroupWriter(self.graph, policy, who, self._formation)]
        if self._apart is not None:
            self._writers.append(GroupWriter(self.graph, policy, who, self._apart[0]))

    @cached_property
    def members(self) -> pl.DataFrame:
        """A row a member of each group or exempted set, as LISTED; parties by id."""
        ids = self.graph.parties.frame["id"]
        frames = [pl.DataFrame(schema=LISTED)]
        for apart, rows in enumerate(self._rows):
            names = [(one.unit, name) for name, one in self._sets.items() if one.apart == bool(apart)]
            exempt = {unit for unit, name in names if apart or self._ruling(bool(apart), unit).reason}
            sets = pl.DataFrame(names, schema={"unit": pl.Int32, "group": pl.String}, orient="row")
            here = rows.join(sets, on="unit")
            left_out = pl.col("unit").is_in(sorted(exempt))
            frames.append(
                here.select(
                    "group",
                    ids.gather(here["company"]).alias("party"),
                    "client",
                    pl.when(left_out).then(pl.lit("EXEMPT")).otherwise(pl.lit("GROUP")).alias("outcome"),
                )
            )
        return pl.concat(frames)

    def drawn(self, names: Collection[str]) -> dict[str, Document]:
        """The documents of some of the sets, by the names that `members` gives them."""
        found: dict[str, Document] = {}
        for apart, (writer, rows) in enumerate(zip(self._writers, self._rows, strict=False)):
            units = {self._sets[name].unit: name for name in names
                     if name in self._sets and self._sets[name].apart == bool(apart)}  # fmt: skip
            if not units:
                continue
            wanted = rows.filter(pl.col("unit").is_in(sorted(units)))
            rulings = {unit: self._ruling(bool(apart), unit) for unit in units}
            found |= {units[unit]: document for unit, document, _ in writer.write(wanted, rulings)}
        return found

    def _ruling(self, apart: bool, unit: int) -> Ruling:
        if not apart or self._apart is None:
            return self._rulings.get(unit, Ruling())
        before, owners = self._apart
        return owners[before.units.unit(unit).head]

    @cached_property
    def _rows(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Members of groups, and of what a state owner who was set apart has directly below."""
        groups = self._formation.members.join(self._formation.groups, on="unit", how="semi")
        if self._apart is None:
            return groups, groups.clear()
        before, owners = self._apart
        units = before.units.table.join(before.groups, on="unit", how="semi")
        chosen = units.filter(pl.col("head").is_in(sorted(owners)))
        points = self._formation.units.table.filter("point")
        below = self._formation.units.rows.join(points, on="unit", how="semi")["company"]
        direct = before.members.join(chosen, on="unit", how="semi")
        return groups, direct.filter(~pl.col("company").is_in(below.implode()))

    @cached_property
    def _sets(self) -> dict[str, _Set]:
        found: dict[str, _Set] = {}
        ids = self.graph.parties.ids
        for apart, rows in enumerate(self._rows):
            units = (self._apart[0] if apart and self._apart else self._formation).units
            for number in rows["unit"].unique().to_list():
                unit = units.unit(number)
                if self._heads is None or any(ids[party] in self._heads for party in unit.parties):
                    name = self._writers[apart].id_of(unit)
                    found[name + APART if apart else name] = _Set(bool(apart), number)
        return found
