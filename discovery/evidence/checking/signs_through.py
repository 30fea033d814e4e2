"""Signs between two parties by way of a third: people in both, nominees, partnerships."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import permutations
from typing import Final

from discovery.evidence.checking.day import Row
from discovery.evidence.checking.sign_rows import FINANCE, Sign, SignRows
from discovery.facts.schema import NON_EXECUTIVE_ROLES
from discovery.policies.values import millionths

OF_MANAGERS: Final = ("manager_moved", "manager_is_nominee")


class Through(SignRows):
    """What a third party ties together."""

    def of(self, one: str, other: str, third: str) -> Iterator[Sign]:
        yield from self._posts_in_common(one, other, third)
        facts: dict[str, set[str]] = defaultdict(set)
        for here, there in permutations((one, other)):
            facts["manager_moved"] |= self._moved(here, there, third)
            facts["manager_is_nominee"] |= self._nominee_manager(here, there, third)
            facts["nominal_share_transfer"] |= self._passed_on(here, there, third)
            facts["held_through_partnership"] |= self._held_through(here, there, third)
        facts["same_investor_behind_funds"] = self._behind_funds(one, other, third)
        for indicator, named in facts.items():
            if named:
                assumed = indicator in OF_MANAGERS and not named.isdisjoint(self._unsaid(third))
                yield Sign(indicator, "1", frozenset(named), assumed)

    def _posts_in_common(self, one: str, other: str, third: str) -> Iterator[Sign]:
        if not self._book.parties[third].person:
            return
        posts = self._book.posts.get(third, ())
        kinds = {
            "same_legal_representative": [row for row in posts if row["role"] == "legal_representative"],
            "same_finance_head": [row for row in posts if row["role"] in FINANCE],
            "same_executive": [
                row
                for row in posts
                if row["executive"] and row["role"] not in {"legal_representative", *FINANCE}
            ],
        }
        for indicator, rows in kinds.items():
            at = {row["company"] for row in rows}
            if {one, other} <= at and len(at) <= self._rule.most_sharing:
                facts = frozenset(row["fact"] for row in rows if row["company"] in {one, other})
                assumed = indicator == "same_executive" and not facts.isdisjoint(self._unsaid(third))
                yield Sign(indicator, "1", facts, assumed)

    def _unsaid(self, person: str) -> set[str]:
        """Offices of a person, past ones too, of which it is not stated whether they are executive."""
        rows = (*self._book.posts.get(person, ()), *self._ended("offices", "person", person))
        return {row["fact"] for row in rows if row.get("executive_assumed", row["executive"] is None)}

    def _manages(self, person: str, company: str) -> list[Row]:
        posts = self._book.posts.get(person, ()) if self._book.parties[person].person else ()
        return [row for row in posts if row["company"] == company and row["executive"]]

    def _moved(self, was: str, now: str, person: str) -> set[str]:
        since = self._months_before(self._rule.moved_within_months)
        if self._manages(person, was):
            return set()
        gone = [
            row
            for row in self._ended("offices", "person", person)
            if row["company"] == was and row["valid_to"] > since and _executive(row)
        ]
        come = [
            row
            for row in self._manages(person, now)
            if row["valid_from"] is not None and row["valid_from"] > since
        ]
        return {row["fact"] for row in (*gone, *come)} if gone and come else set()

    def _nominee_manager(self, company: str, other: str, person: str) -> set[str]:
        shares = [
            one.fact
            for one in self._by_registered.get(person, ())
            if one.company == other and one.holder != one.registered
        ]
        offices = [row["fact"] for row in self._manages(person, company)]
        return {*shares, *offices} if shares and offices else set()

    def _passed_on(self, giver: str, company: str, taker: str) -> set[str]:
        trades = [
            row["fact"]
            for row in self._between("trades", {giver, taker})
            if row["from"] == giver and row["kind"] == "asset_transfer" and row["at_fair_price"] is False
        ]
        person = self._book.parties[taker].person
        posts = self._book.posts.get(taker, ()) if person else ()
        staff = [row["fact"] for row in posts if row["company"] == giver]
        held = self._ended("holdings", "holder", giver)
        was = [row["fact"] for row in held if row["company"] == company]
        now = [one.fact for one in self._by_registered.get(taker, ()) if one.company == company]
        return {*trades, *staff, *was, *now} if trades and staff and was and now else set()

    def _equity(self, holder: str, company: str) -> tuple[int, list[str]]:
        held = [one for one in self._day.by_holder.get(holder, ()) if one.company == company]
        return sum(one.equity for one in held), [one.fact for one in held]

    def _leg(self, holder: str, company: str, least: str) -> list[str]:
        """The facts of a stake, if it is large enough."""
        total, facts = self._equity(holder, company)
        return facts if facts and total >= millionths(least) else []

    def _is_fund(self, party: str) -> bool:
        return self._book.parties[party].kind == "partnership"

    def _held_through(self, holder: str, company: str, fund: str) -> set[str]:
        if not self._is_fund(fund):
            return set()
        first = self._leg(holder, fund, self._rule.fund_share)
        second = self._leg(fund, company, self._rule.fund_share)
        return {*first, *second} if first and second else set()

    def _behind_funds(self, one: str, other: str, investor: str) -> set[str]:
        legs: dict[str, list[tuple[str, set[str]]]] = defaultdict(list)
        held = self._day.by_holder.get(investor, ())
        for fund in {holding.company for holding in held if self._is_fund(holding.company)}:
            first = self._leg(investor, fund, self._rule.investor_share)
            below = {holding.company for holding in self._day.by_holder.get(fund, ())} if first else set()
            for company in below:
                second = self._leg(fund, company, self._rule.fund_share)
                if second:
                    legs[company].append((fund, {*first, *second}))
        if len(legs) > self._rule.most_sharing:
            return set()
        pairs = [(a, b) for a in legs.get(one, ()) for b in legs.get(other, ()) if a[0] != b[0]]
        return {fact for a, b in pairs for fact in (*a[1], *b[1])}


def _executive(row: Row) -> bool:
    stated = row["executive"]
    return bool(stated) if stated is not None else row["role"] not in NON_EXECUTIVE_ROLES
