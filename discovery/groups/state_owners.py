"""State owners: what passes between an owner and what it controls, and who is set apart (policies.md A3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from discovery.facts.graph import KIND_CODE, FactGraph
from discovery.groups.eligible import Eligible
from discovery.groups.formation import Formation, form
from discovery.groups.rulings import Measured, Ruling, first_that_holds
from discovery.groups.units import COMPANY, acting_units
from discovery.policies.model import Exemption, Policy

_WITH_OWNER: Final = frozenset({"transactions_with_owner", "unfair_transactions_with_owner"})
_BY_ABSENCE: Final = _WITH_OWNER | {"unfair_transactions_among_controlled"}


@dataclass(frozen=True)
class SetApart:
    """Owners set apart, seen in the formation in which they still head what they control."""

    before: Formation
    rulings: dict[int, Ruling]

    def ruling(self, unit: int) -> Ruling:
        """The exemption of the owner who headed a unit."""
        return self.rulings[self.before.units.unit(unit).head]

    def direct(self, formation: Formation) -> pl.DataFrame:
        """What stands directly below each owner, and the owner, as members of its old unit.

        Where the rule only frees the subsidiaries from each other, they alone are the exempt set and
        the owner is its controller.
        """
        units = self.before.units.table.join(self.before.groups, on="unit", how="semi")
        chosen = units.filter(pl.col("head").is_in(sorted(self.rulings))).select("unit", "head")
        points = formation.units.table.filter("point")
        below = formation.units.rows.join(points, on="unit", how="semi")["company"]
        freed = [head for head, ruling in self.rulings.items() if ruling.effect == "split_siblings"]
        alone = (pl.col("company") == pl.col("head")) & pl.col("head").is_in(sorted(freed))
        direct = self.before.members.join(chosen, on="unit").filter(~alone).drop("head")
        return direct.filter(~pl.col("company").is_in(below.implode())).sort("unit", "company")


class StateOwners:
    """Applies the exemptions of a policy that look at a state owner and what it controls."""

    def __init__(
        self,
        graph: FactGraph,
        policy: Policy,
        who: Eligible,
        decided: Mapping[tuple[int, ...], tuple[str, ...]] | None = None,
    ) -> None:
        self.decided = decided
        self._graph = graph
        self._policy = policy
        self._who = who
        self._rules = [rule for rule in policy.exemptions if rule.effect != "exempt"]
        self._organ = graph.parties.kind == KIND_CODE["government"]
        self._owner = self._organ | graph.parties.mark("state_capital_operator")

    def set_apart(self, formation: Formation) -> SetApart | None:
        """Owners among the heads of groups that a rule sets apart from what they hold."""
        found = self._ruled(formation, self._rules)
        return SetApart(formation, found) if found else None

    def organs(self) -> SetApart | None:
        """Organs, which head no group, whose subsidiaries a rule frees from each other."""
        rules = [rule for rule in self._rules if rule.whom == "state_owner_too"]
        if not rules or not self._organ.any():
            return None
        units = acting_units(self._graph, self._policy, self._who, only=self._organ)
        before = form(self._graph, self._policy, self._who, units)
        found = self._ruled(before, rules)
        return SetApart(before, found) if found else None

    def doubtful(self, formation: Formation) -> dict[int, tuple[Exemption, ...]]:
        """Rules that could apply to the head of a group and were not granted, by unit."""
        if not self._rules:
            return {}
        return {
            unit: tuple(rule for rule in self._rules if rule.when.holds(values) is not True)
            for unit, head in _single_heads(formation)
            if self._owner[head]
            for values, _ in [self._measured(formation, unit, head)]
        }

    def split(self, apart: SetApart) -> Formation:
        """Members and groups once the owners are set apart.

        An owner joins each of the points below it where the rule only frees its subsidiaries from each
        other, and where it is a client.
        """
        below = self._below_joining(apart)
        leaves = np.zeros(len(self._graph.parties), np.bool_)
        leaves[below["head"].to_numpy()] = True
        units = acting_units(
            self._graph,
            self._policy,
            self._who,
            split=frozenset(apart.rulings),
            leaves=leaves,
            decided=self.decided,
        )
        branches = (
            units.table.filter("point")
            .select("unit", "head")
            .join(below, on="head")
            .select("unit", "owner", "before")
            .sort("unit", "owner")
            .unique("unit", keep="first", maintain_order=True)
        )
        return form(self._graph, self._policy, self._who, units, branches)

    def _below_joining(self, apart: SetApart) -> pl.DataFrame:
        """What owners who join control: `owner`, `before` (its unit), `head` (the company)."""
        joining = [
            head
            for head, ruling in apart.rulings.items()
            if ruling.effect == "split_siblings" and self._who.clients[head]
        ]
        heads = apart.before.units.table.filter(pl.col("head").is_in(joining) & (pl.col("kind") == COMPANY))
        below = apart.before.units.rows.join(heads.select("unit", owner="head"), on="unit")
        return below.select("owner", before="unit", head="company")

    def _ruled(self, formation: Formation, rules: Sequence[Exemption]) -> dict[int, Ruling]:
        found: dict[int, Ruling] = {}
        if not rules:
            return found
        for unit, head in _single_heads(formation):
            if not self._owner[head]:
                continue
            values, facts = self._measured(formation, unit, head)
            ruling = first_that_holds(rules, values)
            siblings = ruling.effect != "split_siblings" or self._several_clients(formation, unit)
            if ruling.reason and siblings:
                presumed = not _BY_ABSENCE.isdisjoint(ruling.measured)
                flags = {*ruling.flags, *(["presumed"] if presumed else [])}
                dealt = facts if not _WITH_OWNER.isdisjoint(ruling.measured) else ()
                found[head] = replace(ruling, facts=dealt, flags=tuple(sorted(flags)))
        return found

    def _several_clients(self, formation: Formation, unit: int) -> bool:
        """Are enough of the directly held subsidiaries clients for there to be siblings to free?"""
        direct = self._direct(formation, unit)
        return int(self._who.clients[direct].sum()) >= self._policy.members.min

    @staticmethod
    def _direct(formation: Formation, unit: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        """What the owner controls by its own facts alone."""
        rows = formation.units.rows.filter((pl.col("unit") == unit) & (pl.col("round") == 1))
        return rows["company"].unique().sort().to_numpy()

    def _measured(self, formation: Formation, unit: int, head: int) -> tuple[Measured, tuple[str, ...]]:
        """What is measured between an owner and what it controls; None where nothing is on file."""
        below = formation.units.rows.filter(pl.col("unit") == unit)["company"].to_list()
        source, target = pl.col("from"), pl.col("to")
        with_owner = self._flows.filter(
            ((source == head) & target.is_in(below)) | (source.is_in(below) & (target == head))
        )
        among = self._flows.filter(source.is_in(below) & target.is_in(below))
        measures: dict[str, Callable[[], Fraction | None]] = {
            "state_owner": lambda: Fraction(int(self._owner[head])),
            "transactions_with_owner": lambda: self._count(with_owner, needs_price=False),
            "unfair_transactions_with_owner": lambda: self._count(with_owner, needs_price=True),
            "unfair_transactions_among_controlled": lambda: self._count(among, needs_price=True),
            "control_between_siblings": lambda: Fraction(self._among_siblings(formation, unit)),
        }
        asked = frozenset().union(*(rule.when.quantities for rule in self._rules))
        values = {name: measure() for name, measure in measures.items() if name in asked}
        return values, tuple(with_owner["fact"].to_list())

    def _among_siblings(self, formation: Formation, unit: int) -> int:
        """How often one directly held subsidiary controls another."""
        direct = self._direct(formation, unit)
        starts = np.arange(len(direct) + 1, dtype=np.int64)
        found = formation.units.registers.control((starts, direct))
        return int(np.isin(found.company, direct).sum())

    @cached_property
    def _flows(self) -> pl.DataFrame:
        payments = self._graph["payments"].filter(
            pl.col("kind").is_null() | (pl.col("kind") != "capital_contribution")
        )
        columns = ["from", "to", "at_fair_price", "fact"]
        return pl.concat([payments.select(columns), self._graph["trades"].select(columns)])

    def _count(self, flows: pl.DataFrame, *, needs_price: bool) -> Fraction | None:
        if needs_price:
            unfair = flows.filter(~pl.col("at_fair_price").fill_null(value=True))
            if unfair.is_empty() and flows["at_fair_price"].null_count():
                return None
            flows = unfair
        if flows.height:
            return Fraction(flows.height)
        on_file = all(self._graph[stem].height for stem in ("payments", "trades"))
        return Fraction(0) if on_file else None


def _single_heads(formation: Formation) -> list[tuple[int, int]]:
    """Groups with one company on top: `unit`, `head`; a ring has no owner who could be set apart."""
    companies = formation.units.table.filter(pl.col("kind") == COMPANY)
    return companies.join(formation.groups, on="unit", how="semi").select("unit", "head").rows()
