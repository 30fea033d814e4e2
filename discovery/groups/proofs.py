"""Evidence: for each company under a unit the one step that shows why it counts.

Steps are drawn from the same rows and amounts that the kernel added up, for as many groups at a
time as are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from discovery.control.contributions import Register, contributions
from discovery.control.kernel import Controlled, control, rows_by
from discovery.facts.graph import FactGraph
from discovery.groups.recorded import Said, recorded
from discovery.groups.steps import Row, Share, Step, StepWriter, draw_alone
from discovery.groups.units import CLUSTER, DECIDED, RING, Unit, Units, rows_of
from discovery.policies.model import Policy

_SHARE = ["brings", "needs", "by", "amount", "fact", "through", "mark"]


@dataclass(frozen=True)
class Proof:
    """The steps of one unit by company; `used` is the unit with only the kin whose facts are used."""

    unit: Unit
    used: tuple[int, ...]
    rows: dict[int, Row]
    steps: dict[int, Step]

    def narrowed(self, companies: Iterable[int]) -> Proof:
        """The proof of some companies alone: their steps and the steps that those rest on."""
        open_ = [company for company in companies if company in self.rows]
        kept: dict[int, Row] = {}
        while open_:
            company = open_.pop()
            if company in kept:
                continue
            kept[company] = row = self.rows[company]
            open_ += [
                party for share in row.shares for party in (share.brings, share.needs) if party in self.rows
            ]
        return replace(self, rows=kept, steps={company: self.steps[company] for company in kept})


class Proofs:
    """Draws the steps of chosen units."""

    def __init__(self, graph: FactGraph, policy: Policy, units: Units) -> None:
        self._units = units
        self._parties = len(graph.parties)
        self._each_alone = policy.persons is not None and policy.persons.kin.joint == "each_alone"
        said = Said({row.fact: row for row in recorded(graph, policy.slug)})
        self.writer = StepWriter(policy, units.registers, graph.parties.ids, said)

    @cached_property
    def _register(self) -> tuple[Register, pl.DataFrame]:
        start, frame = self._units.registers.by_company
        columns = [frame[name].to_numpy() for name in ("slot", "brings", "needs", "amount")]
        return Register(start, *columns), frame.select(_SHARE)

    def of(
        self, members: pl.DataFrame, also_used: Mapping[int, set[int]] | None = None
    ) -> Iterator[tuple[int, Proof]]:
        """The proof of each unit in `members` (`unit`, `company`), closed under what steps rest on.

        `also_used`: parties of a unit whose facts count outside its steps.
        """
        chosen = members.select("unit").unique().sort("unit")
        rows = rows_of(self._units.rows, chosen["unit"].to_numpy())
        rings = self._rings(chosen)
        wanted = pl.concat([members.select("unit", "company"), self._rested_on(rings)]).unique()
        marked = wanted.with_columns(wanted=pl.lit(value=True))
        rows = rows.join(marked, on=["unit", "company"], how="left", maintain_order="left")
        found = self._rows(chosen["unit"], rows.with_columns(pl.col("wanted").fill_null(value=False)))
        for number in chosen["unit"].to_list():
            used = (also_used or {}).get(number, set())
            proof = self._proof(self._units.unit(number), found.get(number, []), used)
            for unit, row in rings.get(number, ()):
                proof.rows[row.company] = row
                proof.steps[row.company] = self.writer.step(
                    [self.writer.ids[unit]], row, row.shares, row.slots
                )
            if proof.unit.kind == DECIDED:
                self._tie(proof, wanted.filter(pl.col("unit") == number)["company"].to_list())
            yield number, proof

    def _tie(self, proof: Proof, companies: list[int]) -> None:
        """The steps of a decided set's own parties."""
        names = [self.writer.ids[party] for party in proof.unit.parties]
        for party in set(proof.unit.parties) & set(companies):
            facts = self._units.decided[proof.unit.parties]
            proof.steps[party] = self.writer.together(names, party, facts)

    def _rows(self, chosen: pl.Series, rows: pl.DataFrame) -> dict[int, list[Row]]:
        """The rows that are wanted or referred to, each with its contributions, by unit."""
        dense = np.full(self._units.table.height, -1, np.int32)
        dense[chosen.to_numpy()] = np.arange(chosen.len(), dtype=np.int32)
        row_start, _ = rows_by(dense[rows["unit"].to_numpy()], chosen.len())
        members = rows_of(self._units.members, chosen.to_numpy())
        unit_start, order = rows_by(dense[members["unit"].to_numpy()], chosen.len())
        register, shares = self._register
        columns = [rows[name].to_numpy() for name in ("company", "round", "mask")]
        found = contributions(
            register,
            (unit_start, members["party"].to_numpy()[order]),
            (row_start, columns[0], columns[1], columns[2]),
            rows["wanted"].to_numpy(),
            self._parties,
        )
        return _grouped(rows["unit"], columns, found, shares)

    def _proof(self, unit: Unit, rows: list[Row], also_used: set[int]) -> Proof:
        contributing = {party for row in rows for share in row.shares for party in share[:3]} | also_used
        used = unit.parties
        if unit.kind == CLUSTER:
            used = (unit.head, *(party for party in unit.parties[1:] if party in contributing))
        names = [self.writer.ids[party] for party in used]
        if unit.kind == CLUSTER and self._each_alone:
            steps = draw_alone(self.writer, names, used, rows)
        else:
            steps = {row.company: self.writer.step(names, row, row.shares, row.slots) for row in rows}
        return Proof(unit, used, {row.company: row for row in rows}, steps)

    def _rested_on(self, rings: dict[int, list[tuple[int, Row]]]) -> pl.DataFrame:
        """The companies that the rings' own steps rest on: `unit`, `company`."""
        by = [
            (number, share.brings)
            for number, rows in rings.items()
            for _, row in rows
            for share in row.shares
        ]
        return pl.DataFrame(by, schema={"unit": pl.Int32, "company": pl.Int32}, orient="row")

    def _rings(self, chosen: pl.DataFrame) -> dict[int, list[tuple[int, Row]]]:
        """For each party of the chosen rings the one that controls it soonest, and the row of that."""
        kinds = self._units.table.filter(pl.col("kind") == RING).join(chosen, on="unit", how="semi")
        parties = self._units.members.join(kinds.select("unit"), on="unit", how="semi").sort("unit", "party")
        if parties.is_empty():
            return {}
        alone = parties["party"].to_numpy()
        starts = np.arange(len(alone) + 1, dtype=np.int64)
        registers = self._units.registers
        unwatched = registers.tests._replace(watch=np.full(len(registers.slots), -1))
        found = control(registers.entries, unwatched, registers.seats, (starts, alone))
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
        listed = _grouped(pl.Series(found.unit), columns, drawn, shares)
        rows = {(unit, row.company): row for unit, several in listed.items() for row in several}
        rings: dict[int, list[tuple[int, Row]]] = {}
        for ring, unit, company in soonest.select("ring", "unit", "company").iter_rows():
            rings.setdefault(ring, []).append((int(alone[unit]), rows[unit, company]))
        return rings


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


def _grouped(units: pl.Series, columns: list[Any], found: Any, shares: pl.DataFrame) -> dict[int, list[Row]]:
    brought: dict[int, list[Share]] = {}
    for row, share in zip(found.row.tolist(), shares[found.entry].rows(), strict=True):
        brought.setdefault(row, []).append(Share(*share))
    used = np.flatnonzero(found.used)
    numbers = units.to_numpy()[used].tolist()
    grouped: dict[int, list[Row]] = {}
    for number, row, company, round_, mask in zip(
        numbers, used.tolist(), *(column[used].tolist() for column in columns), strict=True
    ):
        grouped.setdefault(number, []).append(Row(company, round_, mask, brought[row]))
    return grouped


def led_by(proof: Proof, anchor: int) -> set[int]:
    """Companies in which the anchor holds something, directly or through such a company."""
    led: set[int] = set()
    for row in sorted(proof.rows.values(), key=lambda row: row.round):
        if any(share.by == anchor or share.by in led for share in row.shares):
            led.add(row.company)
    return led
