"""Candidates of REVIEW: a unit that does not control a company, and what accepting it would change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from discovery.facts.graph import FactGraph
from discovery.groups.amounts import decimal_text, exact_text
from discovery.groups.by_number import ByNumber
from discovery.groups.eligible import Eligible
from discovery.groups.formation import Formation
from discovery.groups.method import Question, other_method, strongest
from discovery.groups.multiplied import MultipliedShares
from discovery.groups.units import CLUSTER
from discovery.policies.model import Policy


@dataclass(frozen=True)
class Candidates:
    """Questions that depend on who stands where; frames are `unit`, `company`, ..."""

    graph: FactGraph
    policy: Policy
    who: Eligible
    formation: Formation

    @cached_property
    def inside(self) -> pl.DataFrame:
        """Everybody in a unit or controlled by it: `unit`, `party`."""
        units = self.formation.units
        return pl.concat([units.rows.select("unit", party="company"), units.members.select("unit", "party")])

    @cached_property
    def standing(self) -> pl.DataFrame:
        """Client members that stand under any unit, a group or not: `unit`, `company`."""
        return self.clients(self.inside.rename({"party": "company"})).unique()

    @cached_property
    def controlled(self) -> pl.DataFrame:
        """Companies that some admissible unit controls: `company`."""
        points = self.formation.units.table.filter("point")
        return self.formation.units.rows.join(points, on="unit", how="semi").select("company").unique()

    @cached_property
    def groups_of(self) -> ByNumber:
        """The groups in which each company stands."""
        rows = self.formation.in_groups
        return ByNumber(rows["company"], rows["unit"], len(self.graph.parties))

    def clients(self, frame: pl.DataFrame, column: str = "company") -> pl.DataFrame:
        """Rows whose company may be a member and is a client."""
        return frame.filter(pl.Series(self.who.clients[frame[column].to_numpy()], dtype=pl.Boolean))

    def brought(self, companies: pl.Series) -> pl.DataFrame:
        """Each company and what it controls, client members only: `company`, `brought`."""
        unique = companies.unique().sort().to_numpy()
        starts = np.arange(len(unique) + 1, dtype=np.int64)
        found = self.formation.units.registers.control((starts, unique))
        below = pl.DataFrame({"company": unique[found.unit], "brought": found.company})
        itself = pl.DataFrame({"company": unique, "brought": unique})
        return self.clients(pl.concat([itself, below]), "brought")

    def otherwise(self, asked: Iterable[tuple[int, tuple[int, ...]]]) -> list[list[str]]:
        """For each unit and companies it does not control: the flag, if by the other method it would one."""
        units = self.formation.units
        listed = [
            [Question(units.unit(unit).parties, company) for company in companies]
            for unit, companies in asked
        ]
        other = other_method(self.graph, self.policy, units.registers)
        said = other.passes(one for several in listed for one in several)
        return [strongest(said[one] for one in several) for several in listed]

    def guarded(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The candidates that would form a group or bring a member into one, if a unit's were accepted.

        Adds `brought`, the sorted client members each would bring. Parties that already stand in one
        group together are no question.
        """
        if frame.is_empty():
            return frame.with_columns(brought=pl.lit(None, dtype=pl.List(pl.Int32)))
        frame = self._apart(frame)
        brought = frame.select("unit", "company").unique().join(self.brought(frame["company"]), on="company")
        new = brought.join(self.standing.rename({"company": "brought"}), on=["unit", "brought"], how="anti")
        here = self.standing.join(new.select("unit").unique(), on="unit", how="semi")
        whole = pl.concat([here, new.select("unit", company="brought")]).unique()
        enough = whole.group_by("unit").len().filter(pl.col("len") >= self.policy.members.min)
        named = brought.group_by("unit", "company").agg(pl.col("brought").unique().sort())
        return (
            frame.join(new.select("unit", "company").unique(), on=["unit", "company"], how="semi")
            .join(enough, on="unit", how="semi")
            .join(named, on=["unit", "company"], how="left", maintain_order="left")
        )

    def _apart(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Without candidates whose company shares a group with the unit."""
        groups = self.formation.in_groups
        mine = self.standing.join(frame.select("unit").unique(), on="unit", how="semi")
        of_unit = mine.join(groups.rename({"unit": "group"}), on="company").select("unit", "group")
        points = self.formation.units.members.join(self.formation.groups, on="unit", how="semi")
        headed = self.formation.units.members.join(frame.select("unit").unique(), on="unit", how="semi").join(
            points.rename({"unit": "group"}), on="party"
        )
        of_unit = pl.concat([of_unit, headed.select("unit", "group")]).unique()
        pairs = frame.select("unit", "company").unique()
        shared = pairs.join(groups.rename({"unit": "group"}), on="company").join(
            of_unit, on=["unit", "group"], how="semi"
        )
        return frame.join(shared.select("unit", "company").unique(), on=["unit", "company"], how="anti")

    def one_family_once(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Of clusters that share persons and ask the same, the one with the smallest anchor."""
        units = self.formation.units
        kinds = units.table.select("unit", "kind", "head")
        clusters = frame.join(kinds, on="unit").filter(pl.col("kind") == CLUSTER).sort("company", "head")
        dropped: list[tuple[int, int]] = []
        seen: dict[int, list[set[int]]] = {}
        for unit, company in clusters.select("unit", "company").unique(maintain_order=True).rows():
            family = set(units.unit(unit).parties)
            if any(family & other for other in seen.get(company, ())):
                dropped.append((unit, company))
            else:
                seen.setdefault(company, []).append(family)
        if not dropped:
            return frame
        gone = pl.DataFrame(dropped, schema={"unit": pl.Int32, "company": pl.Int32}, orient="row")
        return frame.join(gone, on=["unit", "company"], how="anti")

    def anchored(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Without clusters whose anchor is nobody in the company nor in what stands under the unit."""
        units = self.formation.units
        kinds = units.table.select("unit", "kind", person="head")
        rows = frame.join(kinds, on="unit")
        clusters = rows.filter(pl.col("kind") == CLUSTER).select("unit", "company", "person").unique()
        here = clusters.join(units.roles, on=["person", "company"], how="semi")
        elsewhere = (
            clusters.select("unit", "person")
            .unique()
            .join(self.standing, on="unit")
            .join(units.roles, on=["person", "company"], how="semi")
        )
        bad = clusters.join(here, on=["unit", "company"], how="anti").join(elsewhere, on="unit", how="anti")
        return frame.join(bad.select("unit", "company"), on=["unit", "company"], how="anti")

    def holdings_into(self, frame: pl.DataFrame) -> dict[tuple[int, int], list[str]]:
        """The holdings by which each unit stands in each company, as fact ids by (unit, company)."""
        pairs = frame.select("unit", "company").unique()
        held = self.graph.holdings.select("holder", "company", "fact").join(
            pairs.select("company").unique(), on="company", how="semi"
        )
        found = (
            pairs.join(held, on="company")
            .join(self.inside.rename({"party": "holder"}), on=["unit", "holder"], how="semi")
            .group_by("unit", "company")
            .agg(pl.col("fact").sort())
        )
        return {(unit, company): facts for unit, company, facts in found.rows()}

    @cached_property
    def multiplied(self) -> MultipliedShares | None:
        """The units' accumulated shares, where these count."""
        registers = self.formation.units.registers
        return None if registers.multiplied is None else MultipliedShares(registers, registers.multiplied)

    def stakes_into(self, frame: pl.DataFrame, slot: str) -> dict[tuple[int, int], list[str]]:
        """The holdings that add up to each unit's share of each company, as fact ids by (unit, company)."""
        if self.multiplied is None:
            return self.holdings_into(frame)
        number = self.formation.units.registers.slot(slot)
        return {
            (unit, company): self.multiplied.facts(number, self.formation.units.unit(unit).parties, company)
            for unit, company in frame.select("unit", "company").unique().rows()
        }

    def total_text(self, unit: int, company: int, slot: str, total: int) -> str:
        """A watched total as text: multiplied shares exactly, and at least where they are not assessed."""
        if self.multiplied is None:
            return decimal_text(total)
        number = self.formation.units.registers.slot(slot)
        share = self.multiplied.share(number, self.formation.units.unit(unit).parties, company)
        return decimal_text(total) if share is None else exact_text(100 * share)

    def head_of(self, unit: int, company: int | None = None) -> list[int]:
        """The unit's head; of a cluster the anchor and the kin who hold in the company."""
        found = self.formation.units.unit(unit)
        if found.kind != CLUSTER:
            return list(found.parties)
        holders = set() if company is None else self._holders.of(company)
        return [found.head, *sorted(holders.intersection(found.parties[1:]))]

    @cached_property
    def _holders(self) -> ByNumber:
        """The persons who hold something in each company."""
        persons = self.graph.parties.person
        rows = self.graph.holdings.select("holder", "company")
        rows = rows.filter(pl.Series(persons[rows["holder"].to_numpy()], dtype=pl.Boolean))
        return ByNumber(rows["company"], rows["holder"], len(persons))
