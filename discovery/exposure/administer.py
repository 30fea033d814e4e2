"""The administration of groups: one document a group, drawn from whole columns."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import polars as pl

from discovery.exposure.credit import Credit, credit_rows
from discovery.exposure.exemptions import exemption_tests
from discovery.exposure.group_types import group_types
from discovery.exposure.guarantees import Rings, guarantee_use, mutual
from discovery.exposure.history import History
from discovery.exposure.lead import Leading
from discovery.exposure.limits import Uses, group_limits
from discovery.exposure.standing import Standing, standing
from discovery.exposure.totals import Totals
from discovery.exposure.watch import Watch
from discovery.facts.codes import FINDINGS
from discovery.facts.findings import Finding
from discovery.groups import Answer
from discovery.groups.exemptions import Rulings
from discovery.groups.rulings import Ruling
from discovery.groups.units import CLUSTER, DECIDED
from discovery.groups.writing import CONTROLLER_KINDS
from discovery.policies.administration import Guarantees

Document = dict[str, Any]


class Administration:
    """What a policy has done with the groups of one answer.

    `documents` draws the shape told in docs/administration.md. Amounts and shares are decimal text; every
    comparison is made on integers. What the facts cannot tell is `not_assessed`, with the reason as `why`.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.graph = answer.graph
        self.policy = answer.policy

    def documents(self, units: set[int] | None = None) -> Iterator[Document]:
        """The administration of some groups (all), in the order of their ids."""
        groups = self._standing if units is None else self._standing.only(units)
        ids = self.answer.group_ids(groups.units)
        drawn = _Drawn(self, groups)
        for unit in sorted(groups.units, key=ids.__getitem__):
            yield drawn.document(unit, ids[unit])

    @cached_property
    def _standing(self) -> Standing:
        return standing(self.answer)

    @cached_property
    def lent(self) -> pl.DataFrame:
        """All credits of the day with their amounts."""
        return credit_rows(self.graph["credits"])

    @cached_property
    def rings(self) -> Rings:
        return Rings(self.graph)

    @cached_property
    def dependent(self) -> pl.DataFrame:
        """Who stands in which set of economic dependence: `key`, `party`."""
        return self.answer.dependent_sets()

    @cached_property
    def history(self) -> History:
        return History(self.graph, self.policy.warnings.months)

    @cached_property
    def measured(self) -> dict[int, Any]:
        """What exemptions are measured on, of every group."""
        return Rulings(self.graph, self.policy).measured(self.answer.formation)

    def unit_of(self, group: str) -> int | None:
        """The number of the group with that id."""
        return self._units.get(group)

    @cached_property
    def _units(self) -> dict[str, int]:
        return {group: unit for unit, group in self.answer.group_ids(self._standing.units).items()}

    def units_with(self, party: int) -> set[int]:
        """The groups in which a party heads, is a member or is controlled."""
        groups = self._standing
        named = [groups.inside, groups.members.select("unit", party="company")]
        return {unit for frame in named for unit in frame.filter(pl.col("party") == party)["unit"]}


class _Drawn:
    """Every part of the administration of some groups, each computed once for all of them."""

    def __init__(self, whole: Administration, groups: Standing) -> None:
        policy = groups.policy
        limits = policy.limits
        self._whole = whole
        self._groups = groups
        self._credit = Credit(groups.graph, whole.lent, groups.clients, limits.counting if limits else None)
        self._own = group_limits(groups)
        self._types = group_types(groups)
        leading = Leading(groups, self._credit)
        self._leads, self._approvals = leading.of(), leading.approvals()
        self._uses = Uses(groups, self._credit, self._own)
        self._totals = Totals(groups, self._credit)
        self._rule = limits.guarantees if limits else None
        # where the measures say nothing, the catalogue of warnings still looks at the share
        watched = self._rule or Guarantees(le=policy.warnings.guarantee_share, article="")
        self._guarantees = self._guarantee_uses(watched)
        self._rings = whole.rings.touching(groups)
        dependent = groups.members.join(whole.dependent, left_on="company", right_on="party")
        self._dependent = dict(dependent.group_by("unit").agg(pl.col("key").unique().sort()).rows())
        self._watch = Watch(groups, whole.history, whole.lent, self._guarantees, self._rings)
        self._heads = dict(groups.heads.group_by("unit", maintain_order=True).agg("party").rows())
        self._clients = dict(groups.clients.group_by("unit").agg(pl.col("company").sort()).rows())
        self._kinds = dict(groups.groups.select("unit", "kind").rows())

    def _guarantee_uses(self, rule: Guarantees) -> dict[int, Document]:
        found = mutual(self._groups, rule)
        platforms = set(self._groups.marked("platform")["unit"])
        return {
            unit: guarantee_use(
                found.get(unit),
                self._own.get(unit, {}).get("proposed"),
                rule,
                platform=unit in platforms,
            )
            for unit in self._groups.units
        }

    def document(self, unit: int, group: str) -> Document:
        """Everything about one group."""
        ids = self._groups.graph.parties.ids
        ruling = self._groups.answer.rulings.get(unit, Ruling())
        totals = self._totals.of(unit)
        return {
            "id": group,
            "outcome": "EXEMPT" if ruling.reason else "GROUP",
            "controller": {
                "kind": CONTROLLER_KINDS[self._kinds[unit]],
                "parties": [ids[party] for party in self._named_heads(unit)],
            },
            "members": [ids[company] for company in self._clients.get(unit, ())],
            "type": self._types.get(unit),
            "lead": self._leads.get(unit),
            "approvals": self._approvals.get(unit, []),
            "totals": totals,
            "limits": self._uses.of(unit),
            "members_sum": self._uses.members_sum(unit),
            "guarantees": self._guarantees[unit] if self._rule else None,
            "rings": self._rings.get(unit, []),
            "dependent_sets": self._dependent.get(unit, []),
            "exemptions": exemption_tests(self._groups.policy, self._whole.measured.get(unit, {}), ruling),
            "warnings": self._watch.of(unit),
            "findings": [one.to_dict() for one in self._findings(unit, totals)],
        }

    def _named_heads(self, unit: int) -> list[int]:
        """Who heads the group: of a family the anchor alone, of a decided set nobody."""
        heads: list[int] = self._heads[unit]
        if self._kinds[unit] == DECIDED:
            return []
        return heads[:1] if self._kinds[unit] == CLUSTER else heads

    def _findings(self, unit: int, totals: Document) -> Iterator[Finding]:
        """Sums that could not be drawn because of several currencies."""
        if totals["currency"] is None:
            yield Finding(
                "not_assessed",
                "warning",
                field="currency",
                party=self._groups.graph.parties.ids[self._heads[unit][0]],
                detail=f"{FINDINGS['mixed_currencies'].en}: {', '.join(totals['currencies'])}.",
                remedy="State the credit of a group in one currency.",
            )
