"""The groups of an answer as columns: who heads them, who is inside, who is a member."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from discovery.facts.graph import FactGraph
from discovery.groups import Answer
from discovery.groups.units import CLUSTER, DECIDED
from discovery.policies.model import Policy


@dataclass(frozen=True)
class Standing:
    """Some groups of one answer, those that an exemption leaves out included.

    `groups`: `unit`, `kind`, `head`. `heads`: `unit`, `party` (the unit's own). `members`: `unit`,
    `company`, `end`, `client`, every eligible company. `inside`: `unit`, `party`, the unit and all that it
    controls. `grounds`: `unit`, `company`, `mask` of the policy's bases that the company passes.
    """

    answer: Answer
    groups: pl.DataFrame
    heads: pl.DataFrame
    members: pl.DataFrame
    inside: pl.DataFrame
    grounds: pl.DataFrame

    @property
    def graph(self) -> FactGraph:
        return self.answer.graph

    @property
    def policy(self) -> Policy:
        return self.answer.policy

    @property
    def units(self) -> list[int]:
        """The units of the groups in the order of their numbers."""
        found: list[int] = self.groups["unit"].to_list()
        return found

    @cached_property
    def clients(self) -> pl.DataFrame:
        """The members that are clients: `unit`, `company`."""
        return self.members.filter("client").select("unit", "company")

    @cached_property
    def below(self) -> pl.DataFrame:
        """Client members that are not the head, nor of the ring on top; a decided set has no head."""
        headed = self.groups.filter(pl.col("kind") != DECIDED)
        own = self.heads.join(headed, on="unit", how="semi").rename({"party": "company"})
        return self.clients.join(own, on=["unit", "company"], how="anti")

    @cached_property
    def clusters(self) -> pl.DataFrame:
        """Units that are natural persons: `unit`."""
        return self.groups.filter(pl.col("kind") == CLUSTER).select("unit")

    def marked(self, column: str) -> pl.DataFrame:
        """The units one of whose own parties has that mark: `unit`."""
        marks = pl.Series(self.graph.parties.mark(column))
        return self.heads.filter(marks.gather(self.heads["party"])).select("unit").unique()

    def only(self, units: Iterable[int]) -> Standing:
        """The same of these groups alone."""
        wanted = pl.DataFrame({"unit": pl.Series(sorted(units), dtype=pl.Int32)})
        frames = (self.groups, self.heads, self.members, self.inside, self.grounds)
        return Standing(self.answer, *(frame.join(wanted, on="unit", how="semi") for frame in frames))


def standing(answer: Answer) -> Standing:
    """All groups of an answer."""
    formation = answer.formation
    units = formation.units
    groups = units.table.join(formation.groups, on="unit", how="semi").select("unit", "kind", "head")
    groups = groups.sort("unit")
    heads = units.members.join(groups, on="unit", how="semi")
    rows = units.rows.join(groups, on="unit", how="semi")
    return Standing(
        answer,
        groups,
        heads,
        formation.members.join(groups, on="unit", how="semi"),
        pl.concat([heads, rows.select("unit", party="company")]).unique(),
        rows.select("unit", "company", "mask"),
    )
