"""Exemptions and inclusion: what is measured of a group, and what the policy makes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from discovery.evidence.checking.book import Book
from discovery.evidence.checking.day import Row
from discovery.evidence.checking.groups import Found
from discovery.evidence.checking.register import SCALE
from discovery.evidence.checking.rounds import decimal
from discovery.policies.model import Exemption

BAD: Final = frozenset({"substandard", "doubtful", "loss", "disposed"})
Measured = dict[str, Fraction | None]


@dataclass(frozen=True)
class Verdict:
    """What the policy says of a set: the reason is empty where nothing lets it out."""

    reason: str = ""
    article: str = ""
    effect: str = ""
    measured: dict[str, str | None] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


class Exemptions:
    """Measures groups and applies inclusion and exemptions."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._credits: dict[str, list[Row]] = defaultdict(list)
        for row in book.day.of("credits"):
            self._credits[row["client"]].append(row)
        payments = [row for row in book.day.of("payments") if row["kind"] != "capital_contribution"]
        self._flows = [*payments, *book.day.of("trades")]
        self._flows_known = bool(book.day.of("payments")) and bool(book.day.of("trades"))
        self._flows_of: dict[str, list[Row]] = defaultdict(list)
        for row in self._flows:
            self._flows_of[row["from"]].append(row)
            self._flows_of[row["to"]].append(row)
        self._unified: dict[str, list[Row]] = defaultdict(list)
        for row in book.day.of("powers"):
            if row["kind"] == "unified_borrow_repay":
                self._unified[row["holder"]].append(row)

    def owner(self, party: str) -> bool:
        """Is the party a government organ or an operator of state capital?"""
        who = self._book.parties[party]
        return who.kind == "government" or bool(who.row["state_capital_operator"])

    def of_owner(self, head: str) -> Verdict:
        """What lets a state owner out with what it controls; an organ heads no group of its own."""
        if not self.owner(head):
            return Verdict()
        run = self._book.run((head,))
        below = set(run.controlled())
        mine = [
            row
            for row in self._flows_of.get(head, ())
            if (row["from"] == head and row["to"] in below) or (row["to"] == head and row["from"] in below)
        ]
        organ = not self._book.admissible(head)
        rules = [
            rule
            for rule in self._book.policy.exemptions
            if rule.effect != "exempt" and (not organ or rule.whom == "state_owner_too")
        ]
        direct = [one for one in below if run.rounds[one] == 1]
        found = self._first(rules, self._of_flows(mine, below, direct), (), presumed=False)
        clients = sum(self._book.member(one) and self._book.client(one) for one in direct)
        if found.effect == "split_siblings" and clients < self._book.policy.members.min:
            return Verdict()
        if any(name.endswith("transactions_with_owner") for name in found.measured):
            found = replace(found, facts=tuple(sorted(row["fact"] for row in mine)))
        if any("transactions" in name for name in found.measured):
            found = replace(found, flags=tuple(sorted({*found.flags, "presumed"})))
        return found

    def _of_flows(self, mine: list[Row], below: set[str], direct: list[str]) -> Measured:
        among = {
            row["fact"]: row
            for party in below
            for row in self._flows_of.get(party, ())
            if row["from"] in below and row["to"] in below
        }
        siblings = sum(self._book.run((one,)).rounds.get(other, 0) > 0 for one in direct for other in direct)
        return {
            "state_owner": Fraction(1),
            "transactions_with_owner": self._count(mine),
            "unfair_transactions_with_owner": self._unfair(mine),
            "unfair_transactions_among_controlled": self._unfair(list(among.values())),
            "control_between_siblings": Fraction(siblings),
        }

    def _count(self, rows: list[Row]) -> Fraction | None:
        return Fraction(len(rows)) if rows or self._flows_known else None

    def _unfair(self, rows: list[Row]) -> Fraction | None:
        unfair = [row for row in rows if row["at_fair_price"] is False]
        if not unfair and any(row["at_fair_price"] is None for row in rows):
            return None
        return self._count(unfair)

    def of_group(self, found: Found) -> Verdict:
        """What lets a group out: an exemption, or a condition of inclusion that fails."""
        policy = self._book.policy
        rules = [rule for rule in policy.exemptions if rule.effect == "exempt"]
        if not rules and policy.inclusion is None:
            return Verdict()
        credit = self._credit(found)
        verdict = self._first(rules, credit, (), presumed=False)
        inclusion = policy.inclusion
        if verdict.reason or inclusion is None or inclusion.when.holds(credit) is not False:
            return verdict
        shown = _shown(credit, inclusion.when.quantities)
        if credit["members_with_credit"] == 0:
            return Verdict("no_credit", inclusion.article, "exempt", shown, (), ("presumed",))
        flags = ("presumed",) if inclusion.presumed else ()
        return Verdict("single_member", inclusion.article, "exempt", shown, (), flags)

    def _first(
        self, rules: Iterable[Exemption], measured: Measured, facts: tuple[str, ...], *, presumed: bool
    ) -> Verdict:
        for rule in rules:
            excused = rule.unless is not None and rule.unless.holds(measured) is not False
            if rule.when.holds(measured) is not True or excused:
                continue
            flags = ["presumed"] if presumed or rule.presumed else []
            if rule.boundary_ambiguous and rule.when.at_boundary(measured):
                flags.append("boundary_ambiguous")
            asked = rule.when.quantities | (rule.unless.quantities if rule.unless else frozenset())
            return Verdict(rule.id, rule.article, rule.effect, _shown(measured, asked), facts, tuple(flags))
        return Verdict()

    def _credit(self, found: Found) -> Measured:
        inside = set(self._book.run(found.unit).rounds)
        unified = sum(row["company"] in inside for party in inside for row in self._unified.get(party, ()))
        if not self._credits:
            nothing: Measured = dict.fromkeys(
                ("members_with_credit", "npl_share", "disposed_share", "low_risk_share")
            )
            return {**nothing, "unified_borrow_repay": Fraction(unified)}
        rows = [row for member in found.members for row in self._credits.get(member, ())]
        active = [row for row in rows if _active(row)]
        one_currency = len({row["currency"] for row in rows}) <= 1
        balance = sum(row["balance"] or 0 for row in rows) if one_currency else 0
        bad = sum(row["balance"] or 0 for row in rows if row["quality"] in BAD)
        gone = sum(row["balance"] or 0 for row in rows if row["quality"] == "disposed")
        low = sum(bool(row["low_risk"]) for row in active)
        return {
            "members_with_credit": Fraction(len({row["client"] for row in active})),
            "npl_share": Fraction(100 * bad, balance) if balance else None,
            "disposed_share": Fraction(100 * gone, balance) if balance else None,
            "low_risk_share": Fraction(100 * low, len(active)) if active else None,
            "unified_borrow_repay": Fraction(unified),
        }


def _active(row: Row) -> bool:
    return any((row[name] or 0) > 0 for name in ("limit", "balance", "exposure"))


def _shown(measured: Measured, asked: frozenset[str]) -> dict[str, str | None]:
    return {name: _text(measured.get(name)) for name in sorted(asked)}


def _text(value: Fraction | None) -> str | None:
    """A figure with at most six decimals, halves rounded up."""
    return None if value is None else decimal((value * SCALE + Fraction(1, 2)).__floor__())
