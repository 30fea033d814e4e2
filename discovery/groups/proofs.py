"""Evidence: for each company under a unit the one step that shows why it counts.

Steps are drawn from the same rows and amounts that the kernel added up, for as many groups at a
time as are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import polars as pl

from discovery.control.contributions import Derived, Register, contributions
from discovery.control.kernel import Controlled, rows_by
from discovery.facts.graph import FactGraph
from discovery.groups.multiplied import MultipliedShares, Rest, placed
from discovery.groups.recorded import Said, recorded
from discovery.groups.steps import Row, Share, Step, StepWriter, draw_alone, multiplied
from discovery.groups.units import CLUSTER, DECIDED, RING, Ints, Unit, Units, rows_of
from discovery.policies.model import Policy

_SHARE = ["brings", "needs", "by", "amount", "fact", "through", "mark"]


@dataclass(frozen=True)
class Proof:
    """The steps of one unit by company; `used` is the unit with only the kin whose facts are used.

    `rests`: the steps that rest on multiplied shares; `ways`: what adds up to a family's share of each
    company on the way to those.
    """

    unit: Unit
    used: tuple[int, ...]
    rows: dict[int, Row]
    steps: dict[int, Step]
    rests: list[Rest] = field(default_factory=list)
    ways: dict[int, list[Share]] = field(default_factory=dict)

    def narrowed(self, companies: Iterable[int]) -> Proof:
        """The proof of some companies alone: their steps and the steps that those rest on."""
        open_ = [company for company in companies if company in self.rows]
        kept: dict[int, Row] = {}
        while open_:
            company = open_.pop()
            if company in kept:
                continue
            kept[company] = row = self.rows[company]
            if not multiplied(row.shares):
                by = (party for share in row.shares for party in (share.brings, share.needs))
                open_ += [party for party in by if party in self.rows]
        steps = {company: self.steps[company] for company in kept}
        return replace(self, rows=kept, steps=steps, rests=[one for one in self.rests if one.company in kept])


class Proofs:
    """Draws the steps of chosen units."""

    def __init__(self, graph: FactGraph, policy: Policy, units: Units) -> None:
        self._units = units
        self._parties = len(graph.parties)
        self.each_alone = policy.persons is not None and policy.persons.kin.joint == "each_alone"
        whole = units.registers.multiplied
        self.multiplied = None if whole is None else MultipliedShares(units.registers, whole)
        said = Said({row.fact: row for row in recorded(graph, policy.slug)})
        self.writer = StepWriter(policy, units.registers, graph.parties.ids, said)

    @cached_property
    def _register(self) -> tuple[Register, pl.DataFrame]:
        start, frame = self._units.registers.by_company
        if self.multiplied is not None:  # what adds up to multiplied shares is drawn apart
            frame = frame.filter(~pl.col("slot").is_in(sorted(self.multiplied.slots)))
            start, _ = rows_by(frame["company"].to_numpy(), self._parties)
        columns = [frame[name].to_numpy() for name in ("slot", "brings", "needs", "amount")]
        return Register(start, *columns), frame.select(*_SHARE, worth=pl.lit(None))

    def of(
        self, members: pl.DataFrame, also_used: Mapping[int, set[int]] | None = None
    ) -> Iterator[tuple[int, Proof]]:
        """The proof of each unit in `members` (`unit`, `company`), closed under what steps rest on.

        `also_used`: parties of a unit whose facts count outside its steps.
        """
        if members.is_empty():
            return
        chosen = np.unique(members["unit"].to_numpy())
        rows = rows_of(self._units.rows, chosen)
        rings = self._rings(chosen)
        wanted = members.select("unit", "company")
        if rings:
            wanted = pl.concat([wanted, self._rested_on(rings)])
        found = self._rows(chosen, rows, wanted)
        for number in chosen.tolist():
            used = (also_used or {}).get(number, set())
            proof = self._proof(self._units.unit(number), found.get(number, []), used)
            for unit, row in rings.get(number, ()):
                proof.rows[row.company] = row
                step = self.writer.step([self.writer.ids[unit]], row, row.shares, row.slots)
                proof.steps[row.company] = step
                if self.multiplied is not None and multiplied(row.shares):
                    rest = Rest((unit,), row.slots[0], row.company)
                    proof.rests.append(rest)
                    step["round"] = self.multiplied.depth(*rest.place)
            if proof.unit.kind == DECIDED:
                self._tie(proof, wanted.filter(pl.col("unit") == number)["company"].to_list())
            yield number, proof

    def _tie(self, proof: Proof, companies: list[int]) -> None:
        """The steps of a decided set's own parties."""
        names = [self.writer.ids[party] for party in proof.unit.parties]
        for party in set(proof.unit.parties) & set(companies):
            facts = self._units.decided[proof.unit.parties]
            proof.steps[party] = self.writer.together(names, party, facts)

    def derived(self, chosen: Ints, rows: pl.DataFrame, wanted: pl.DataFrame) -> Derived:
        """What was added up for those of the chosen units' rows that are wanted, and for what these rest on.

        `wanted`: `unit`, `company`. An entry is a row of `shares`.
        """

        def counted(units: pl.Series) -> tuple[Any, Any]:
            return rows_by(np.searchsorted(chosen, units.to_numpy()).astype(np.int32), len(chosen))

        row_start, _ = counted(rows["unit"])
        members = rows_of(self._units.members, chosen)
        unit_start, order = counted(members["unit"])
        marked = wanted.select("unit", "company").unique().with_columns(wanted=pl.lit(value=True))
        asked = rows.join(marked, on=["unit", "company"], how="left", maintain_order="left")["wanted"]
        return contributions(
            self._register[0],
            (unit_start, members["party"].to_numpy()[order]),
            (row_start, *(rows[name].to_numpy() for name in ("company", "round", "mask"))),
            asked.is_not_null().to_numpy(),
            self._parties,
        )

    @property
    def shares(self) -> pl.DataFrame:
        """The amounts that were added up, each with its fact, in the order of the register's entries."""
        return self._register[1]

    def _rows(self, chosen: Ints, rows: pl.DataFrame, wanted: pl.DataFrame) -> dict[int, list[Row]]:
        """The rows that are wanted or referred to, each with its contributions, by unit."""
        acting: dict[int, tuple[int, ...]] = {}
        if self.multiplied is not None:
            acting = {unit: self._units.unit(unit).parties for unit in chosen.tolist()}
        columns = [rows[name].to_numpy() for name in ("company", "round", "mask")]
        return self._grouped(rows["unit"], columns, self.derived(chosen, rows, wanted), self.shares, acting)

    def _proof(self, unit: Unit, rows: list[Row], also_used: set[int]) -> Proof:
        ways = self._ways(unit, rows)
        used = unit.parties
        if unit.kind == CLUSTER and len(used) > 1:
            every = chain((row.shares for row in rows), ways.values())
            contributing = {party for shares in every for share in shares for party in share[:3]} | also_used
            used = (unit.head, *(party for party in unit.parties[1:] if party in contributing))
        names = [self.writer.ids[party] for party in used]
        alone: dict[int, Rest] = {}

        def passing(persons: tuple[int, ...], row: Row) -> tuple[int, list[Share]] | None:
            """The first person whose own multiplied share passes the row's test, and what adds up to it."""
            for person in sorted(persons) if self.multiplied is not None else ():
                rest = Rest((person,), row.slots[0], row.company)
                if self.multiplied is not None and self.multiplied.passes(*rest.place):
                    alone[row.company] = rest
                    return person, self.multiplied.of(rest)
            return None

        if unit.kind == CLUSTER and self.each_alone:
            steps = draw_alone(self.writer, names, used, rows, passing)
        else:
            steps = {row.company: self.writer.step(names, row, row.shares, row.slots) for row in rows}
        rests: dict[int, Rest] = {}
        if self.multiplied is not None:
            rests = self._rests(unit, rows, alone)
            for company, number in placed(self.multiplied, rows, rests).items():
                steps[company]["round"] = number
        return Proof(unit, used, {row.company: row for row in rows}, steps, list(rests.values()), ways)

    def _ways(self, unit: Unit, rows: list[Row]) -> dict[int, list[Share]]:
        """What adds up to a family's shares of the companies on the way."""
        if self.multiplied is None or unit.kind != CLUSTER:
            return {}
        rests = self._rests(unit, rows, {}).values()
        return {one.rest.company: one.shares for one in self.multiplied.carried(rests)}

    @staticmethod
    def _rests(unit: Unit, rows: list[Row], alone: dict[int, Rest]) -> dict[int, Rest]:
        """The steps that rest on multiplied shares, by company."""
        return {
            row.company: alone.get(row.company) or Rest(unit.parties, row.slots[0], row.company)
            for row in rows
            if multiplied(row.shares)
        }

    def _grouped(
        self,
        units: pl.Series,
        columns: list[Any],
        found: Any,
        shares: pl.DataFrame,
        acting: Mapping[int, tuple[int, ...]],
    ) -> dict[int, list[Row]]:
        """The used rows by unit, each with its contributions."""
        brought: dict[int, list[Share]] = {}
        for row, share in zip(found.row.tolist(), map(Share._make, shares[found.entry].rows()), strict=True):
            brought.setdefault(row, []).append(share)
        used = np.flatnonzero(found.used)
        numbers = units.to_numpy()[used].tolist()
        grouped: dict[int, list[Row]] = {}
        for number, row, company, round_, mask in zip(
            numbers, used.tolist(), *(column[used].tolist() for column in columns), strict=True
        ):
            one = Row(company, round_, mask, brought.get(row, []))
            if self.multiplied is not None and one.slots[0] in self.multiplied.slots:
                one = one._replace(shares=self.multiplied.of(Rest(acting[number], one.slots[0], company)))
            grouped.setdefault(number, []).append(one)
        return grouped

    def _rested_on(self, rings: dict[int, list[tuple[int, Row]]]) -> pl.DataFrame:
        """The companies that the rings' own steps rest on: `unit`, `company`."""
        by = [
            (number, share.brings)
            for number, rows in rings.items()
            for _, row in rows
            if not multiplied(row.shares)
            for share in row.shares
        ]
        return pl.DataFrame(by, schema={"unit": pl.Int32, "company": pl.Int32}, orient="row")

    def _rings(self, chosen: Ints) -> dict[int, list[tuple[int, Row]]]:
        """For each party of the chosen rings the one that controls it soonest, and the row of that."""
        rings = chosen[self._units.table["kind"].to_numpy()[chosen] == RING]
        if not len(rings):
            return {}
        parties = rows_of(self._units.members, rings).sort("unit", "party")
        alone = parties["party"].to_numpy()
        starts = np.arange(len(alone) + 1, dtype=np.int64)
        found = self._units.registers.control((starts, alone))
        soonest = _soonest(found, parties)
        wanted = np.zeros(len(found.unit), np.bool_)
        wanted[soonest["row"].to_numpy()] = True
        row_start, _ = rows_by(found.unit, len(alone))
        register, shares = self._register
        columns = [found.company, found.round, found.mask]
        drawn = contributions(
            register,
            (starts, alone),
            (row_start, found.company, found.round, found.mask),
            wanted,
            self._parties,
        )
        acting = {number: (party,) for number, party in enumerate(alone.tolist())}
        listed = self._grouped(pl.Series(found.unit), columns, drawn, shares, acting)
        rows = {(unit, row.company): row for unit, several in listed.items() for row in several}
        found_rings: dict[int, list[tuple[int, Row]]] = {}
        for ring, unit, company in soonest.select("ring", "unit", "company").iter_rows():
            found_rings.setdefault(ring, []).append((int(alone[unit]), rows[unit, company]))
        return found_rings


def _soonest(found: Controlled, parties: pl.DataFrame) -> pl.DataFrame:
    """Who of its ring controls each party first: `ring`, `unit` (row of `parties`), `company`, `row`."""
    units = parties.select(ring="unit").with_row_index("unit").with_columns(pl.col("unit").cast(pl.Int32))
    rows = pl.DataFrame({"unit": found.unit, "company": found.company, "round": found.round})
    inside = parties.select(ring="unit", company="party")
    return (
        rows.with_row_index("row")
        .join(units, on="unit")
        .join(inside, on=["ring", "company"], how="semi")
        .sort("ring", "company", "round", "unit")
        .unique(["ring", "company"], keep="first", maintain_order=True)
    )


def led_by(proof: Proof, anchor: int) -> set[int]:
    """Companies in which the anchor holds something, directly or through such a company."""
    led: set[int] = set()
    rows = [(row.company, row.shares) for row in sorted(proof.rows.values(), key=lambda row: row.round)]
    rows += proof.ways.items()
    while True:
        before = len(led)
        for company, shares in rows:
            if any(share.by == anchor or share.by in led for share in shares):
                led.add(company)
        if not proof.rests or len(led) == before:  # whole stakes: by rounds one pass is enough
            return led
