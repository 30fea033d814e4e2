"""Inclusion and exemption: what is measured of a set of members, and what a policy makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import Final

import polars as pl

from discovery.facts.graph import FactGraph
from discovery.groups.formation import Formation
from discovery.groups.rulings import Measured, Ruling, first_that_holds
from discovery.policies.model import Exemption, Policy

BAD = ("substandard", "doubtful", "loss", "disposed")


class Rulings:
    """Applies the inclusion condition and the exemptions of a policy that look at a group's credit."""

    def __init__(self, graph: FactGraph, policy: Policy) -> None:
        self._graph = graph
        self._policy = policy

    @cached_property
    def _credits(self) -> pl.DataFrame:
        rows = self._graph["credits"].filter(pl.col("client") >= 0)
        positive = pl.max_horizontal("limit", "balance", "exposure").fill_null(0) > 0
        return rows.with_columns(active=positive)

    def of(self, formation: Formation, doubtful: dict[int, tuple[Exemption, ...]]) -> dict[int, Ruling]:
        """The ruling on each group, by unit; groups without one have neither exemption nor doubt."""
        rules = [rule for rule in self._policy.exemptions if rule.effect == "exempt"]
        rulings = {unit: Ruling(doubtful=lost) for unit, lost in doubtful.items()}
        if not rules and self._policy.inclusion is None:
            return rulings
        for unit, credit in self.measured(formation).items():
            ruling = first_that_holds(rules, credit)
            if not ruling.reason:
                ruling = self._included(ruling, credit)
            lost = doubtful.get(unit, ())
            if ruling.reason or lost:
                rulings[unit] = replace(ruling, doubtful=lost)
        return rulings

    def _included(self, ruling: Ruling, credit: Measured) -> Ruling:
        inclusion = self._policy.inclusion
        if inclusion is None or inclusion.when.holds(credit) is not False:
            return ruling
        shown = {name: credit.get(name) for name in sorted(inclusion.when.quantities)}
        if credit["members_with_credit"] == 0:
            return Ruling("no_credit", inclusion.article, "exempt", shown, (), ("presumed",))
        flags = ("presumed",) if inclusion.presumed else ()
        return Ruling("single_member", inclusion.article, "exempt", shown, (), flags)

    def measured(self, formation: Formation) -> dict[int, Measured]:
        """What is measured of the client members' credit, by unit; None where nothing is on file."""
        members = formation.members.join(formation.groups, on="unit", how="semi").filter("client")
        unified = self._unified(formation)
        units = formation.groups["unit"].to_list()
        if self._credits.is_empty():
            names = ("members_with_credit", "npl_share", "disposed_share", "low_risk_share")
            return {
                unit: {**dict.fromkeys(names), "unified_borrow_repay": unified.get(unit, _NIL)}
                for unit in units
            }
        balance = pl.col("balance").cast(pl.Int128)
        sums = (
            members.join(self._credits, left_on="company", right_on="client")
            .group_by("unit")
            .agg(
                clients=pl.col("company").filter("active").n_unique(),
                rows=pl.col("active").sum(),
                low=(pl.col("active") & pl.col("low_risk").fill_null(value=False)).sum(),
                balance=pl.when(pl.col("currency").n_unique() <= 1).then(balance.sum()).otherwise(0),
                bad=balance.filter(pl.col("quality").is_in(BAD)).sum(),
                disposed=balance.filter(pl.col("quality") == "disposed").sum(),
            )
        )
        measured = {unit: _measured(values) for unit, *values in sums.rows()}
        nothing = _measured((0,) * 6)
        return {
            unit: {**measured.get(unit, nothing), "unified_borrow_repay": unified.get(unit, _NIL)}
            for unit in units
        }

    def _unified(self, formation: Formation) -> dict[int, Fraction]:
        """Facts of unified borrowing and repaying between parties of a unit and what it controls."""
        powers = self._graph["powers"].filter(pl.col("kind") == "unified_borrow_repay")
        units = formation.units
        inside = pl.concat(
            [units.rows.select("unit", party="company"), units.members.select("unit", "party")]
        )
        inside = inside.join(formation.groups, on="unit", how="semi")
        given = powers.select("holder", "company", "fact").join(inside, left_on="holder", right_on="party")
        both = given.join(inside, left_on=["unit", "company"], right_on=["unit", "party"], how="semi")
        return {unit: Fraction(many) for unit, many in both.group_by("unit").len().rows()}


_NIL: Final = Fraction(0)


def _measured(sums: Sequence[int]) -> Measured:
    clients, rows, low, balance, bad, disposed = sums
    return {
        "members_with_credit": Fraction(clients),
        "npl_share": Fraction(100 * (bad or 0), balance) if balance else None,
        "disposed_share": Fraction(100 * (disposed or 0), balance) if balance else None,
        "low_risk_share": Fraction(100 * low, rows) if rows else None,
    }
