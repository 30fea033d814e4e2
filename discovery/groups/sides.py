"""One side of a comparison: who stands in which group there; proofs are drawn only where asked for."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.facts.graph import FactGraph
from discovery.groups.discover import day_groups
from discovery.groups.rulings import Ruling
from discovery.groups.writing import GroupWriter
from discovery.policies.model import Policy

Document = dict[str, Any]
APART: Final = "/apart"  # after the id of a set that an exemption cuts off its owner
LISTED: Final = {"group": pl.String(), "party": pl.String(), "client": pl.Boolean(), "outcome": pl.String()}


class _Set(NamedTuple):
    """One set: which of the writers draws it (0: groups; then owners set apart), and its unit there."""

    side: int
    unit: int


class Side:
    """The groups, and sets left out by an exemption, of one graph under a policy.

    `heads` (party ids): only what these head, everybody's where it is None; `among`: who is asked for it.
    """

    def __init__(
        self,
        graph: FactGraph,
        policy: Policy,
        heads: Collection[str] | None = None,
        among: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        self._heads = None if heads is None else frozenset(heads)
        self.graph, who, self._formation, self._rulings, self._apart = day_groups(graph, policy, among)
        before = next((one.before for one in self._apart), None)
        formations = [self._formation, *(one.before for one in self._apart)]
        self._writers = [GroupWriter(self.graph, policy, who, one, before) for one in formations]

    @property
    def sets_apart(self) -> bool:
        """Are there owners set apart? What they are left with hangs on every group below them."""
        return bool(self._apart)

    @cached_property
    def members(self) -> pl.DataFrame:
        """A row a member of each group or exempted set, as LISTED; parties by id."""
        ids = self.graph.parties.frame["id"]
        frames = [pl.DataFrame(schema=LISTED)]
        for side, rows in enumerate(self._rows):
            names = [(one.unit, name) for name, one in self._sets.items() if one.side == side]
            exempt = {unit for unit, name in names if side or self._ruling(side, unit).reason}
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
        for side, (writer, rows) in enumerate(zip(self._writers, self._rows, strict=True)):
            units = {self._sets[name].unit: name for name in names
                     if name in self._sets and self._sets[name].side == side}  # fmt: skip
            if not units:
                continue
            wanted = rows.filter(pl.col("unit").is_in(sorted(units)))
            rulings = {unit: self._ruling(side, unit) for unit in units}
            found |= {units[unit]: document for unit, document, _ in writer.write(wanted, rulings)}
        return found

    def _ruling(self, side: int, unit: int) -> Ruling:
        return self._apart[side - 1].ruling(unit) if side else self._rulings.get(unit, Ruling())

    @cached_property
    def _rows(self) -> list[pl.DataFrame]:
        """Members of groups, and of what state owners who were set apart have directly below."""
        groups = self._formation.members.join(self._formation.groups, on="unit", how="semi")
        return [groups, *(apart.direct(self._formation) for apart in self._apart)]

    @cached_property
    def _sets(self) -> dict[str, _Set]:
        found: dict[str, _Set] = {}
        ids = self.graph.parties.ids
        for side, (writer, rows) in enumerate(zip(self._writers, self._rows, strict=True)):
            for number in rows["unit"].unique().to_list():
                unit = writer.formation.units.unit(number)
                if self._heads is None or any(ids[party] in self._heads for party in unit.parties):
                    name = writer.id_of(number)
                    found[name + APART if side else name] = _Set(side, number)
        return found
