"""Which unit of the bank leads a group: the policy's ladder, and what goes to a higher body first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from discovery.exposure.branches import Branches
from discovery.exposure.credit import GROSS, Credit, counted, credit_rows
from discovery.exposure.standing import Standing
from discovery.facts.schema import AMOUNT_SCALE
from discovery.groups.amounts import decimal_text
from discovery.policies.administration import Approval, Lead, LeadRule
from discovery.policies.values import ten_thousandths

Document = dict[str, Any]


@dataclass
class Booked:
    """One group's credit by branch: amounts now and at the last quarter's end, first day, open balance."""

    now: dict[str | None, int] = field(default_factory=lambda: defaultdict(int))
    then: dict[str | None, int] = field(default_factory=lambda: defaultdict(int))
    first: dict[str | None, date] = field(default_factory=dict)
    currencies: set[str] = field(default_factory=set)
    heads: list[str | None] = field(default_factory=list)
    head_has_credit: bool = False


def last_quarter_end(day: date) -> date:
    """The last day of the quarter before the one the day lies in."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1) - timedelta(days=1)


class Leading:
    """Applies the ladder of a policy to groups."""

    def __init__(self, groups: Standing, credit: Credit) -> None:
        self._groups = groups
        self._credit = credit
        rule = groups.policy.lead
        self._rule = rule or Lead()
        counting = groups.policy.limits.counting if groups.policy.limits else None
        self._counting = counting
        outstanding = (counting.count if counting else None) or GROSS
        self._amount = "granted" if self._rule.total == "granted" else outstanding
        self._branches = Branches(groups.graph["branches"])

    def of(self) -> dict[int, Document | None]:
        """The lead of each group; None where the policy has no ladder or no credit is on file."""
        if not self._rule.rules:
            return {}
        return {
            unit: self._led(self._booked[unit]) if unit in self._booked else None
            for unit in self._groups.units
        }

    def approvals(self) -> dict[int, list[Document]]:
        """The bodies to which the credit of each group goes first, or why that cannot be told."""
        if not self._rule.approvals:
            return {}
        return {
            unit: [self._approval(one, self._booked.get(unit, Booked())) for one in self._rule.approvals]
            for unit in self._groups.units
        }

    def _approval(self, rule: Approval, booked: Booked) -> Document:
        total = sum(booked.now.values())
        clear = booked.currencies <= {self._rule.currency}
        return {
            "id": rule.id,
            "body": rule.body.model_dump(include={"zh", "en"}),
            "over": rule.over,
            "total": _money(total) if clear else None,
            "needed": total > ten_thousandths(rule.over) if clear else None,
            "article": rule.article,
        }

    @cached_property
    def _booked(self) -> dict[int, Booked]:
        """Amounts by unit and branch, now and at the end of the last quarter."""
        found: dict[int, Booked] = defaultdict(Booked)
        rows = counted(self._credit.rows, self._counting).filter("active")
        by = rows.group_by("unit", "branch").agg(
            pl.col(self._amount).cast(pl.Int128).sum().alias("amount"),
            first=pl.col("opened_on").filter(pl.col("balance") > 0).min(),
            currencies=pl.col("currency").unique(),
        )
        for unit, branch, amount, first, currencies in by.iter_rows():
            one = found[unit]
            one.now[branch] += amount
            one.currencies |= set(currencies)
            if first is not None:
                one.first[branch] = first
        if any("largest_last_quarter" in rule.choose for rule in self._rule.rules):
            self._add_last_quarter(found)
        self._add_heads(found, rows)
        return found

    def _add_last_quarter(self, found: dict[int, Booked]) -> None:
        graph = self._groups.graph
        earlier = counted(credit_rows(graph.on_day("credits", last_quarter_end(graph.as_of))), self._counting)
        rows = self._groups.clients.join(earlier, left_on="company", right_on="client")
        by = rows.group_by("unit", "branch").agg(
            pl.col(self._amount).cast(pl.Int128).sum().alias("amount"), currencies=pl.col("currency").unique()
        )
        for unit, branch, amount, currencies in by.iter_rows():
            found[unit].then[branch] += amount
            found[unit].currencies |= set(currencies)

    def _add_heads(self, found: dict[int, Booked], rows: pl.DataFrame) -> None:
        seats = self._groups.graph.parties.frame["branch"]
        lending = set(rows.select("unit", "client").unique().rows())
        for unit, party in self._groups.heads.rows():
            if unit in found:
                found[unit].heads.append(seats[party])
                found[unit].head_has_credit |= (unit, party) in lending

    # --- the ladder --------------------------------------------------------------------------

    def _led(self, booked: Booked) -> Document:
        for rule in self._rule.rules:
            applies = self._applies(rule, booked)
            if applies is None:
                return self._document(rule, None, undecided=True)
            if applies:
                found = self._chosen(rule, booked)
                if found is not None:
                    return found
        return self._document(None, None)

    def _applies(self, rule: LeadRule, booked: Booked) -> bool | None:
        """Does the rule apply; None where the facts do not tell."""
        if rule.head_has_credit and not booked.head_has_credit:
            return False
        known: list[bool | None] = []
        if rule.across is not None:
            units = {self._branches.at(branch, rule.across) for branch in booked.now}
            known.append(len(units - {None}) > 1 or (None if None in units else False))
        if rule.over is not None:
            total = sum(booked.now.values())
            clear = booked.currencies <= {self._rule.currency}
            known.append(total > ten_thousandths(rule.over) if clear else None)
        return False if False in known else None if None in known else True

    def _chosen(self, rule: LeadRule, booked: Booked) -> Document | None:
        """The unit that the rule names, with how; None where it leads nowhere."""
        totals = self._by_unit(rule, booked.now)
        if "head_registered" in rule.choose and (seat := self._seat(rule, booked)) is not None:
            return self._document(rule, seat, by="head_registered", candidates=self._shown(totals))
        past = self._by_unit(rule, booked.then) if "largest_last_quarter" in rule.choose else {}
        candidates = {unit for unit in totals.keys() | past.keys() if unit is not None}
        if None in totals:
            return self._document(rule, None, undecided=True, candidates=self._shown(totals))
        if len(candidates) == 1 and (not rule.choose or rule.unit is not None):
            return self._document(rule, candidates.pop(), by="only", candidates=self._shown(totals))
        for criterion in rule.choose:
            winner = self._criteria[criterion](rule, booked, totals)
            if winner is not None:
                return self._document(rule, winner, by=criterion, candidates=self._shown(totals))
        if rule is self._rule.rules[-1] or not rule.choose or rule.named_by:
            return self._document(rule, None, candidates=self._shown(totals))
        return None

    def _by_unit(self, rule: LeadRule, amounts: dict[str | None, int]) -> dict[str | None, int]:
        totals: dict[str | None, int] = defaultdict(int)
        for branch, amount in amounts.items():
            totals[self._unit(rule, branch)] += amount
        return totals

    def _unit(self, rule: LeadRule, branch: str | None) -> str | None:
        return branch if rule.unit is None else self._branches.at(branch, rule.unit)

    @property
    def _criteria(self) -> dict[str, Callable[[LeadRule, Booked, dict[str | None, int]], str | None]]:
        return {
            "head_registered": lambda rule, booked, _: self._seat(rule, booked),
            "head_seat": self._head_seat,
            "largest_credit": self._largest,
            "earliest_credit": self._earliest,
            "largest_last_quarter": self._largest_last_quarter,
        }

    def _seat(self, rule: LeadRule, booked: Booked) -> str | None:
        """The unit with which the head of the group is registered."""
        seats = {self._unit(rule, branch) for branch in booked.heads}
        (seat,) = seats if len(seats) == 1 else (None,)
        return seat

    def _head_seat(self, rule: LeadRule, booked: Booked, totals: dict[str | None, int]) -> str | None:
        """Where the head of the group sits, if members have credit there."""
        seat = self._seat(rule, booked)
        return seat if seat in totals else None

    def _largest(self, _rule: LeadRule, booked: Booked, totals: dict[str | None, int]) -> str | None:
        return _single_best(totals) if len(booked.currencies) == 1 else None

    def _earliest(self, rule: LeadRule, booked: Booked, _totals: dict[str | None, int]) -> str | None:
        """The unit of the earliest credit that still has a balance."""
        days: dict[str | None, int] = {}
        for branch, day in booked.first.items():
            unit = self._unit(rule, branch)
            days[unit] = max(days.get(unit, -date.max.toordinal()), -day.toordinal())
        return _single_best(days)

    def _largest_last_quarter(
        self, rule: LeadRule, booked: Booked, totals: dict[str | None, int]
    ) -> str | None:
        """The unit with most credit at the last quarter's end among those whose balance is not nil now."""
        if len(booked.currencies) != 1:
            return None
        past = self._by_unit(rule, booked.then)
        return _single_best({unit: amount for unit, amount in past.items() if totals.get(unit)})

    # --- words -------------------------------------------------------------------------------

    def _shown(self, totals: dict[str | None, int]) -> list[Document]:
        named = sorted((unit, total) for unit, total in totals.items() if unit is not None)
        return [
            {"unit": unit, "name": self._branches.name(unit), "total": _money(total)} for unit, total in named
        ]

    def _document(
        self,
        rule: LeadRule | None,
        unit: str | None,
        *,
        by: str | None = None,
        candidates: list[Document] | None = None,
        undecided: bool = False,
    ) -> Document:
        return {
            "rule": rule.id if rule else None,
            "unit": unit,
            "name": None if unit is None else self._branches.name(unit),
            "level": self._branches.level(unit) if unit else (rule.unit if rule else None),
            "by": by,
            "named_by": rule.named_by if rule and by != "only" else None,
            "candidates": candidates or [],
            "article": rule.article if rule else None,
            "presumed": bool(rule and rule.presumed),
            "assessed": not undecided,
        }


def _money(amount: int) -> str:
    return decimal_text(amount, AMOUNT_SCALE)


def _single_best(values: dict[str | None, int]) -> str | None:
    """The key of the one largest value; None for a tie or nothing."""
    known = {key: value for key, value in values.items() if key is not None}
    best = max(known.values(), default=None)
    winners = [key for key, value in known.items() if value == best]
    return winners[0] if len(winners) == 1 else None
