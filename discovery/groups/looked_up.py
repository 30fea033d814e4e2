"""What one answer looks up again and again, made once for every question about a party."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.control.kernel import rows_by
from discovery.groups.formation import Formation
from discovery.groups.pairs import Pair
from discovery.groups.rulings import Ruling
from discovery.groups.units import Ints, rows_of
from discovery.groups.writing import Document, GroupWriter

LARGE: Final = 200  # members from which a group that was drawn is kept for the next question
KEPT: Final = 50_000  # members of kept groups in all; a member takes one to two kilobytes

Drawn = tuple[Document, list[Pair]]


class LookedUp:
    """Which units and pairs name a party, and the members of a unit, without a pass over all of them."""

    def __init__(
        self, parties: int, formation: Formation, pairs: pl.DataFrame, writer: GroupWriter, kept: int = KEPT
    ) -> None:
        self._parties = parties
        self._formation = formation
        self._pairs = pairs
        self.writer = writer
        self._large: OrderedDict[int, Drawn] = OrderedDict()
        self._room = kept
        self._lock = threading.Lock()

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

    def drawn(self, members: pl.DataFrame, rulings: dict[int, Ruling]) -> Iterator[tuple[int, Drawn]]:
        """Each group as it is written, large ones that were asked for last from memory."""
        kept = []
        with self._lock:
            for unit in members["unit"].unique().to_list():
                if unit in self._large:
                    self._large.move_to_end(unit)
                    document, pairs = self._large[unit]
                    kept.append((unit, ({**document}, pairs)))
        yield from kept
        if kept:
            members = members.filter(~pl.col("unit").is_in([unit for unit, _ in kept]))
        if members.height:
            for unit, document, pairs in self.writer.write(members, rulings):
                self._keep(unit, ({**document}, pairs))
                yield unit, (document, pairs)

    def _keep(self, unit: int, drawn: Drawn) -> None:
        if _size(drawn) < LARGE:
            return
        with self._lock:
            if unit in self._large:
                return
            self._large[unit] = drawn
            self._room -= _size(drawn)
            while self._room < 0:
                _, old = self._large.popitem(last=False)
                self._room += _size(old)

    def pairs(self, party: int) -> pl.DataFrame:
        """The pairs that name the party, in their order."""
        start, rows = self._named
        return self._pairs[np.sort(rows[start[party] : start[party + 1]])]


def _size(drawn: Drawn) -> int:
    return len(drawn[0]["basis"])
