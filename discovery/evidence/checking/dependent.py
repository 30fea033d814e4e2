"""Sets of economic dependence, drawn again row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cached_property
from typing import Final, NamedTuple

from discovery.evidence.checking.book import Book
from discovery.evidence.checking.day import Row
from discovery.evidence.checking.register import HUNDRED
from discovery.policies.owners import DependenceTest
from discovery.policies.values import UNVERIFIED

_PLACES: Final = Decimal("0.000001")


class Sum(NamedTuple):
    """What of a client's sum falls on one party, and the whole of it."""

    part: int
    whole: int
    facts: list[str]


class Dependence:
    """Who depends on whom by which test of the policy."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def about(self, on: str, *, counts: bool) -> tuple[set[str], dict[str, str], list[str], bool]:
        """The clients that depend on a party by tests that count (or do not), figures, facts, presumed."""
        clients: set[str] = set()
        measured: dict[str, str] = {}
        facts: list[str] = []
        presumed = False
        rule = self._book.policy.dependence
        for test in rule.tests if rule else ():
            if counts != (test.status not in UNVERIFIED or self._book.policy.unverified == "count"):
                continue
            for client, figure, found in self._dependent(test, on):
                clients.add(client)
                measured[f"{test.id} {client}"] = figure
                facts += found
                presumed = presumed or test.presumed
        return clients, measured, facts, presumed

    def _dependent(self, test: DependenceTest, on: str) -> Iterator[tuple[str, str, list[str]]]:
        if test.measure == "power":
            for client, facts in self._powers.get(on, {}).items():
                if self._counts(client, on):
                    yield client, "1", facts
            return
        for client, sums in self._sums[test.measure].get(on, {}).items():
            share = Decimal(sums.part * HUNDRED) / Decimal(sums.whole) if sums.whole else Decimal(0)
            exact = sums.part * HUNDRED * 10**6, int(Decimal(test.threshold) * 10**6) * sums.whole
            passes = exact[0] > exact[1] if test.strict else exact[0] >= exact[1]
            if passes and sums.whole > 0 and sums.part > 0 and self._counts(client, on):
                yield client, _text(share), sums.facts

    def _counts(self, client: str, on: str) -> bool:
        return client != on and self._book.member(client) and self._book.client(client)

    @cached_property
    def _powers(self) -> dict[str, dict[str, list[str]]]:
        found: dict[str, dict[str, list[str]]] = defaultdict(dict)
        for row in self._book.day.of("powers"):
            if row["kind"] == "economic_dependence":
                found[row["holder"]].setdefault(row["company"], []).append(row["fact"])
        return found

    @cached_property
    def _sums(self) -> dict[str, dict[str, dict[str, Sum]]]:
        """By measure, by the party depended on, by client."""
        trades = [row for row in self._book.day.of("trades") if self._recent(row["date"])]
        sold = [(row["from"], row["to"], row) for row in trades if row["amount"] is not None]
        guaranteed = self._book.day.of("guarantees")
        bound = [(row["from"], row["to"], row) for row in guaranteed if row["amount"] is not None]
        owed = [
            (row["client"], row["currency"] or "", row["balance"])
            for row in self._book.day.of("credits")
            if row["balance"] is not None
        ]
        bought = [(buyer, seller, row) for seller, buyer, row in sold]
        return {
            "sales_share": _by_party(sold, _totals(_amounts(sold))),
            "purchases_share": _by_party(bought, _totals(_amounts(bought))),
            "guarantee_share": _by_party(bound, _totals(owed)),
        }

    def _recent(self, day: date | None) -> bool:
        as_of = self._book.day.as_of
        if day is None or day > as_of:
            return False
        try:
            start = as_of.replace(year=as_of.year - 1)
        except ValueError:  # the 29th of February
            start = as_of.replace(year=as_of.year - 1, day=28)
        return day > start


def _amounts(rows: list[tuple[str, str, Row]]) -> list[tuple[str, str, int]]:
    return [(client, row["currency"] or "", row["amount"]) for client, _, row in rows]


def _totals(amounts: list[tuple[str, str, int]]) -> dict[str, tuple[str, int]]:
    """The sum of each client, and its currency; none for a client with several."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for client, currency, amount in amounts:
        found[client][currency] += amount
    return {client: next(iter(sums.items())) for client, sums in found.items() if len(sums) == 1}


def _by_party(
    rows: list[tuple[str, str, Row]], totals: dict[str, tuple[str, int]]
) -> dict[str, dict[str, Sum]]:
    found: dict[str, dict[str, Sum]] = defaultdict(dict)
    for client, on, row in rows:
        currency, whole = totals.get(client, (None, 0))
        if currency == (row["currency"] or ""):
            known = found[on].get(client, Sum(0, whole, []))
            found[on][client] = Sum(known.part + row["amount"], whole, [*known.facts, row["fact"]])
    return found


def _text(share: Decimal) -> str:
    with localcontext() as context:
        context.prec = 60
        return format(share.quantize(_PLACES, ROUND_HALF_UP).normalize(), "f")
