"""Signs between two parties with nobody between them: money, guarantees, trade, nominees, contact points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cached_property

from discovery.evidence.checking.day import Row
from discovery.evidence.checking.rounds import decimal
from discovery.evidence.checking.sign_rows import WHOLE, Sign, SignRows
from discovery.policies.values import millionths


class Direct(SignRows):
    """What the two have to do with each other."""

    def of(self, one: str, other: str) -> Iterator[Sign]:
        pair = {one, other}
        yield from self._counted("nominee_holding", self._nominees(pair))
        yield from self._counted("capital_from_other", self._capital(pair))
        yield from self._contacts(one, other)
        securing = [row for row in self._between("guarantees", pair) if row["kind"] in {"mortgage", "pledge"}]
        plain = [row for row in self._between("guarantees", pair) if row["kind"] in {None, "guarantee"}]
        if len({row["from"] for row in plain}) > 1:
            yield from self._counted("mutual_guarantee", ([row["fact"]] for row in plain))
        size = self._ring_size(one, other)
        if plain and size:
            yield Sign("guarantee_ring", str(size), frozenset(row["fact"] for row in plain))
        yield from self._counted("collateral_of_other", ([row["fact"]] for row in securing))
        entrusted = [row for row in self._lately("payments", pair) if row["kind"] == "entrusted_loan"]
        yield from self._counted("entrusted_loan", ([row["fact"]] for row in entrusted))
        yield from self._counted("loan_proceeds", self._proceeds(pair))
        yield from self._concentrated(one, other)
        unfair = [
            [row["fact"]]
            for stem in ("payments", "trades")
            for row in self._between(stem, pair)
            if row["at_fair_price"] is False
        ]
        yield from self._counted("off_market", unfair)
        yield from self._offsetting(one, other)
        yield from self._round_trips(one, other)

    @staticmethod
    def _counted(indicator: str, groups: Iterable[Iterable[str]]) -> Iterator[Sign]:
        """A sign with the number of its instances."""
        listed = [list(facts) for facts in groups]
        if listed:
            yield Sign(indicator, str(len(listed)), frozenset(fact for facts in listed for fact in facts))

    def _nominees(self, pair: set[str]) -> Iterator[list[str]]:
        for holding in self._by_registered_of(pair):
            if holding.registered != holding.holder and holding.holder in pair:
                yield [fact for fact in (holding.fact, holding.nominee) if fact is not None]

    def _capital(self, pair: set[str]) -> Iterator[list[str]]:
        for row in self._between("payments", pair):
            held = self._day.by_company.get(row["to"], ())
            holders = {party for holding in held for party in (holding.registered, holding.holder)}
            if row["kind"] == "capital_contribution" and row["from"] not in holders:
                yield [row["fact"]]

    def _contacts(self, one: str, other: str) -> Iterator[Sign]:
        for column in ("phone", "email", "address"):
            point = self._book.parties[one].row[column]
            persons = self._book.parties[one].person or self._book.parties[other].person
            if point is None or point != self._book.parties[other].row[column] or persons:
                continue
            if self._sharing[column][point] <= self._rule.most_sharing:
                yield Sign(f"same_{column}", "1", frozenset())

    @cached_property
    def _sharing(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {name: defaultdict(int) for name in ("phone", "email", "address")}
        for who in self._book.parties.values():
            for column, points in found.items():
                if who.row[column] is not None:
                    points[who.row[column]] += 1
        return found

    def _ring_size(self, one: str, other: str) -> int:
        """How many parties stand in the ring of guarantees that leads through both; 0 if none does."""
        onward = self._reached(one, forward=True)
        if other not in onward or one not in self._reached(other, forward=True):
            return 0
        size = len({one, *(onward & self._reached(one, forward=False))})
        return size if 3 <= size <= self._rule.most_sharing else 0

    def _reached(self, start: str, *, forward: bool) -> set[str]:
        ends = ("from", "to") if forward else ("to", "from")
        seen: set[str] = set()
        stack = [start]
        while stack:
            at = stack.pop()
            for row in self._ends_of("guarantees").get(at, ()):
                step = row[ends[1]]
                plain = row["kind"] in {None, "guarantee"}
                if row[ends[0]] == at and plain and step != at and step not in seen:
                    seen.add(step)
                    stack.append(step)
        return seen

    def _proceeds(self, pair: set[str]) -> Iterator[list[str]]:
        least = millionths(self._rule.proceeds_share)
        for row in self._lately("payments", pair):
            for credit in self._credits.get(row["from"], ()):
                lent = next(
                    (credit[name] for name in ("limit", "balance", "exposure") if credit[name] is not None), 0
                )
                opened = credit["opened_on"]
                if opened is None or row["date"] is None or row["amount"] is None or lent <= 0:
                    continue
                in_time = opened <= row["date"] <= opened + timedelta(self._rule.proceeds_within_days)
                same = row["currency"] == credit["currency"]
                if in_time and same and row["amount"] * WHOLE >= lent * least:
                    yield [row["fact"], credit["fact"]]

    @cached_property
    def _credits(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self._day.of("credits"):
            found[row["client"]].append(row)
        return found

    def _concentrated(self, one: str, other: str) -> Iterator[Sign]:
        rows = [row for row in self._lately("trades", {one, other}) if row["amount"] is not None]
        if len(rows) < self._rule.least_trades:
            return
        shared = sum(row["amount"] for row in rows)
        totals = []
        for party in (one, other):
            own = [row for row in self._lately("trades", {party}) if row["amount"] is not None]
            if len({row["currency"] for row in own}) != 1:
                return
            totals.append(sum(row["amount"] for row in own))
        most = max(totals)
        if min(totals) > 0 and shared * WHOLE >= most * millionths(self._rule.concentration):
            yield Sign(
                "concentrated_trades", decimal(shared * WHOLE // most), frozenset(row["fact"] for row in rows)
            )

    def _offsetting(self, one: str, other: str) -> Iterator[Sign]:
        rows = [row for row in self._lately("trades", {one, other}) if row["amount"] is not None]
        facts: set[str] = set()
        for currency in {row["currency"] for row in rows}:
            ways = [
                [row for row in rows if row["currency"] == currency and row["from"] == party]
                for party in (one, other)
            ]
            sums = [sum(row["amount"] for row in way) for way in ways]
            if min(sums) > 0 and self._close(sums[0], sums[1], self._rule.offset_within):
                facts |= {row["fact"] for way in ways for row in way}
        if facts:
            yield Sign("offsetting_trades", "1", frozenset(facts))

    def _round_trips(self, one: str, other: str) -> Iterator[Sign]:
        rows = [row for row in self._lately("payments", {one, other}) if row["date"] and row["amount"]]
        facts: set[str] = set()
        for there in (row for row in rows if row["from"] == one):
            for back in (row for row in rows if row["from"] == other):
                alike = there["date"] == back["date"] and there["currency"] == back["currency"]
                if alike and self._close(there["amount"], back["amount"], self._rule.round_trip_within):
                    facts |= {there["fact"], back["fact"]}
        if facts:
            yield Sign("same_day_round_trip", "1", frozenset(facts))

    @staticmethod
    def _close(one: int, other: int, within: str) -> bool:
        return abs(one - other) * WHOLE <= max(one, other) * millionths(within)
