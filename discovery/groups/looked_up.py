"""What one answer looks up again and again, made once for every question about a party."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.control.kernel import rows_by
from discovery.groups.formation import Formation
from discovery.groups.units import Ints, rows_of
from discovery.groups.writing import GroupWriter


class LookedUp:
    """Which units and pairs name a party, and the members of a unit, without a pass over all of them."""

    def __init__(self, parties: int, formation: Formation, pairs: pl.DataFrame, writer: GroupWriter) -> None:
        self._parties = parties
        self._formation = formation
        self._pairs = pairs
        self.writer = writer

    @cached_property
    def _units(self) -> tuple[npt.NDArray[np.int64], Ints]:
        """Offsets by party, and the units of groups that have it inside or below them."""
        units = self._formation.units
        named = (
            pl.concat(
                [
                    units.rows.select("unit", party="company"),
                    units.members.select("unit", "party"),
                    self._formation.members.select("unit", party="company"),
                ]
            )
            .join(self._formation.groups, on="unit", how="semi")
            .unique()
        )
        start, order = rows_by(named["party"].to_numpy(), self._parties)
        return start, named["unit"].to_numpy()[order]

    @cached_property
    def _named(self) -> tuple[npt.NDArray[np.int64], Ints]:
        """Offsets by party, and the rows of the pairs that name it."""
        rows = self._pairs.select("parties", "with").with_row_index("row")
        lists = [
            rows.select("row", party=column).explode("party", empty_as_null=False, keep_nulls=False)
            for column in ("parties", "with")
        ]
        named = pl.concat(lists).unique()
        start, order = rows_by(named["party"].to_numpy(), self._parties)
        return start, named["row"].to_numpy()[order]

    @cached_property
    def _members(self) -> pl.DataFrame:
        return self._formation.members.sort("unit", "company")

    def members(self, party: int) -> pl.DataFrame:
        """The members of every group that names the party."""
        start, units = self._units
        chosen = np.sort(units[start[party] : start[party + 1]])
        return rows_of(self._members, chosen)

    def pairs(self, party: int) -> pl.DataFrame:
        """The pairs that name the party, in their order."""
        start, rows = self._named
        return self._pairs[np.sort(rows[start[party] : start[party + 1]])]
