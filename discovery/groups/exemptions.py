"""Inclusion and exemption: what is measured of a set of members, and what a policy makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Final

import polars as pl

from discovery.facts.graph import KIND_CODE, FactGraph
from discovery.groups.formation import Formation
from discovery.groups.units import COMPANY
from discovery.policies.model import Exemption, Policy

BAD = ("substandard", "doubtful", "loss", "disposed")
Measured = dict[str, Fraction | None]


@dataclass(frozen=True)
class Ruling:
    """What the policy says of one group: exempt or not, by which article, on what measurements.

    `reason` and `article` are those of the exemption (empty: none); `doubtful` names exemptions that
    would need facts that are not on file or have been lost; `presumed` that absence of facts decided.
    """

    reason: str = ""
    article: str = ""
    effect: str = ""
    measured: dict[str, Fraction | None] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    doubtful: tuple[Exemption, ...] = ()


class Rulings:
    """Applies the inclusion condition and the exemptions of a policy to groups."""

    def __init__(self, graph: FactGraph, policy: Policy) -> None:
        self._graph = graph
        self._policy = policy
        self._owner = (graph.parties.kind == KIND_CODE["government"]) | graph.parties.mark(
            "state_capital_operator"
        )

    @cached_property
    def _credits(self) -> pl.DataFrame:
        rows = self._graph["credits"].filter(pl.col("client") >= 0)
        positive = pl.max_horizontal("limit", "balance", "exposure").fill_null(0) > 0
        return rows.with_columns(active=positive)

    @cached_property
    def _flows(self) -> pl.DataFrame:
        payments = self._graph["payments"].filter(
            pl.col("kind").is_null() | (pl.col("kind") != "capital_contribution")
        )
        columns = ["from", "to", "at_fair_price", "fact"]
        return pl.concat([payments.select(columns), self._graph["trades"].select(columns)])

    @cached_property
    def _flows_on_file(self) -> bool:
        """Are there both payments and trades at all? A whole kind that is missing proves nothing."""
        return all(self._graph[stem].height for stem in ("payments", "trades"))

    def split_owners(self, formation: Formation) -> dict[int, Ruling]:
        """State owners that an exemption sets apart from what they hold, by party number."""
        rules = [rule for rule in self._policy.exemptions if rule.effect != "exempt"]
        if not rules:
            return {}
        found: dict[int, Ruling] = {}
        for unit, head in _single_heads(formation):
            if not self._owner[head]:
                continue
            ruling = self._first(rules, self._of_owner(head, formation, unit))
            if ruling.reason:
                found[head] = ruling
        return found

    def of(self, formation: Formation) -> dict[int, Ruling]:
        """The ruling on each group, by unit; groups without one have neither exemption nor doubt."""
        rules = [rule for rule in self._policy.exemptions if rule.effect == "exempt"]
        rulings = {unit: Ruling(doubtful=lost) for unit, lost in self._lost(formation).items()}
        if not rules and self._policy.inclusion is None:
            return rulings
        for unit, credit in self.measured(formation).items():
            ruling = self._first(rules, (credit, (), False))
            if not ruling.reason:
                ruling = self._included(ruling, credit)
            doubtful = rulings[unit].doubtful if unit in rulings else ()
            if ruling.reason or doubtful:
                rulings[unit] = replace(ruling, doubtful=doubtful)
        return rulings

    def _first(self, rules: list[Exemption], measured: tuple[Measured, tuple[str, ...], bool]) -> Ruling:
        values, facts, presumed = measured
        for rule in rules:
            excused = rule.unless is not None and rule.unless.holds(values) is not False
            if rule.when.holds(values) and not excused:
                flags = ["presumed"] if presumed else []
                if rule.boundary_ambiguous and rule.when.at_boundary(values):
                    flags.append("boundary_ambiguous")
                asked = rule.when.quantities | (rule.unless.quantities if rule.unless else frozenset())
                shown = {name: values.get(name) for name in sorted(asked)}
                return Ruling(rule.id, rule.article, rule.effect, shown, facts, tuple(flags))
        return Ruling()

    def _included(self, ruling: Ruling, credit: Measured) -> Ruling:
        inclusion = self._policy.inclusion
        if inclusion is None or inclusion.when.holds(credit) is not False:
            return ruling
        shown = {name: credit.get(name) for name in sorted(inclusion.when.quantities)}
        if credit["members_with_credit"] == 0:
            return Ruling("no_credit", inclusion.article, "exempt", shown, (), ("presumed",))
        return Ruling("single_member", inclusion.article, "exempt", shown)

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

    def _of_owner(self, head: int, formation: Formation, unit: int) -> tuple[Measured, tuple[str, ...], bool]:
        """What is measured between a state owner and what it controls; None where nothing is on file."""
        below = formation.units.rows.filter(pl.col("unit") == unit)["company"].to_list()
        flows = self._flows
        source, target = pl.col("from"), pl.col("to")
        with_owner = flows.filter(
            ((source == head) & target.is_in(below)) | (source.is_in(below) & (target == head))
        )
        among = flows.filter(source.is_in(below) & target.is_in(below))
        measured: Measured = {
            "state_owner": Fraction(int(self._owner[head])),
            "transactions_with_owner": self._count(with_owner, needs_price=False),
            "unfair_transactions_with_owner": self._count(with_owner, needs_price=True),
            "unfair_transactions_among_controlled": self._count(among, needs_price=True),
        }
        return measured, tuple(with_owner["fact"].to_list()), True

    def _count(self, flows: pl.DataFrame, *, needs_price: bool) -> Fraction | None:
        if needs_price:
            if flows["at_fair_price"].null_count():
                return None
            flows = flows.filter(~pl.col("at_fair_price"))
        if flows.height:
            return Fraction(flows.height)
        return Fraction(0) if self._flows_on_file else None

    def _lost(self, formation: Formation) -> dict[int, tuple[Exemption, ...]]:
        """State-owner exemptions that could apply to a head but were not granted, by unit."""
        rules = [rule for rule in self._policy.exemptions if rule.effect != "exempt"]
        lost: dict[int, tuple[Exemption, ...]] = {}
        if not rules:
            return lost
        for unit, head in _single_heads(formation):
            if self._owner[head]:
                measured, _, _ = self._of_owner(head, formation, unit)
                lost[unit] = tuple(rule for rule in rules if rule.when.holds(measured) is not True)
        return lost


def _single_heads(formation: Formation) -> list[tuple[int, int]]:
    """Groups with one company on top: `unit`, `head`; a ring has no owner who could be set apart."""
    companies = formation.units.table.filter(pl.col("kind") == COMPANY)
    return companies.join(formation.groups, on="unit", how="semi").select("unit", "head").rows()


_NIL: Final = Fraction(0)


def _measured(sums: Sequence[int]) -> Measured:
    clients, rows, low, balance, bad, disposed = sums
    return {
        "members_with_credit": Fraction(clients),
        "npl_share": Fraction(100 * (bad or 0), balance) if balance else None,
        "disposed_share": Fraction(100 * (disposed or 0), balance) if balance else None,
        "low_risk_share": Fraction(100 * low, rows) if rows else None,
    }
