"""The day's facts by plain definition: which rows hold, which register counts, who stands behind a nominee.

Rows are looked at one by one, in Python, from the texts a package holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from discovery.facts.facts import Facts
from oracles.worlds import DAY, SOURCE, Row, World, text

MILLION = 1_000_000


class Holding(NamedTuple):
    """A row that counts: who really holds, and who casts the votes. Amounts in millionths of a percent."""

    fact: str
    registered: str
    holder: str
    company: str
    equity: int
    votes: int
    commander: str
    conflicting: bool


class Pact(NamedTuple):
    """An agreement about votes; `leader` is None where all must agree, `company` "" for every company."""

    entrusts: bool
    company: str
    bound: frozenset[str]
    named: frozenset[str]
    leader: str | None


class Day:
    """One day of a world."""

    def __init__(self, world: World, facts: Facts, as_of: date = DAY) -> None:
        self.world = world
        self.facts = facts
        self.as_of = as_of
        self.kind = {row["id"]: text(row, "kind") or "enterprise_legal_person" for row in world["parties"]}
        self.private = {row["id"] for row in world["parties"] if text(row, "is_private") == "true"}
        self.companies = sorted(
            {row["company"] for stem in ("holdings", "offices", "powers") for row in self.rows(stem)}
        )
        self.pacts = self._pacts()
        self.holdings = self._holdings()

    def rows(self, stem: str) -> list[Row]:
        """The rows that hold on the day, each with its fact id."""
        if stem not in self.world:
            return []
        ids = dict(self.facts[stem].select("row", "fact").iter_rows())
        named = [{**row, "fact": ids[n]} for n, row in enumerate(self.world[stem], start=1) if n in ids]
        return [row for row in named if holds(row, self.as_of)]

    def _holdings(self) -> list[Holding]:
        stated = [row for row in self.rows("holdings") if shares(row) is not None]
        kept, contested = _one_register(stated)
        nominee = _Nominees(kept, [row for row in self.rows("agreements") if row["kind"] == "nominee"])
        found = []
        for row in kept:
            equity, votes = shares(row) or (0, 0)
            holder = nominee.behind(row)
            found.append(
                Holding(
                    row["fact"],
                    row["holder"],
                    holder,
                    row["company"],
                    equity,
                    0 if self.kind.get(row["company"]) == "partnership" else votes,
                    self._commander(holder, row["company"]),
                    (row["holder"], row["company"]) in contested,
                )
            )
        return found

    def _commander(self, holder: str, company: str) -> str:
        """An agreement about the company goes before one about all; of several the smallest leader."""
        special = [p.leader for p in self.pacts if p.leader and holder in p.bound and p.company == company]
        general = [p.leader for p in self.pacts if p.leader and holder in p.bound and not p.company]
        if special:
            return min(special)
        return min(general) if general and min(general) != company else holder

    def _pacts(self) -> list[Pact]:
        together: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for number, row in enumerate(self.rows("agreements")):
            if row["kind"] != "nominee":
                alone = row["kind"] == "entrustment" or not text(row, "document")
                name = f"row {number}" if alone else f"document {row['document']}"
                together[name, text(row, "company")].append(row)
        return [_pact(rows) for rows in together.values()]


def holds(row: Row, day: date) -> bool:
    """Is the day in the row's half-open interval?"""
    start, end = text(row, "valid_from"), text(row, "valid_to")
    return (not start or start <= day.isoformat()) and (not end or day.isoformat() < end)


def shares(row: Row) -> tuple[int, int] | None:
    """Equity and votes; the one that is empty is copied from the other, None if both are."""
    equity, votes = text(row, "equity_percent"), text(row, "voting_percent")
    if not equity and not votes:
        return None
    return millionths(equity or votes), millionths(votes or equity)


def millionths(percent: str) -> int:
    """A percentage as an integer."""
    return int(Decimal(percent) * MILLION)


def _pact(rows: list[Row]) -> Pact:
    first = rows[0]
    named = frozenset(party for row in rows for party in (row["party"], row["with"]))
    if first["kind"] == "entrustment":
        bound = frozenset({first["party"]}) - {first["with"]}
        return Pact(True, text(first, "company"), bound, named, first["with"])
    leaders = {text(row, "leader") for row in rows} - {""}
    leader = leaders.pop() if len(leaders) == 1 else None
    return Pact(False, text(first, "company"), named - {leader or ""}, named, leader)


def _one_register(rows: list[Row]) -> tuple[list[Row], set[tuple[str, str]]]:
    """Of several registers that speak of one holder and company, the rows of the one that counts."""
    registers: dict[tuple[str, str], dict[tuple[str, ...], list[Row]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in rows:
        register = (text(row, "source") or SOURCE, text(row, "document"), text(row, "valid_from"))
        registers[row["holder"], row["company"]][register].append(row)
    kept: list[Row] = []
    contested = set()
    for pair, several in registers.items():
        kept += several[max(several, key=lambda name: _weight(name, several[name]))]
        if len(several) > 1:
            contested.add(pair)
    return sorted(kept, key=lambda row: str(row["fact"])), contested


def _weight(name: tuple[str, ...], rows: list[Row]) -> tuple[object, ...]:
    """Recorded later, in force later, more votes, more equity, then the larger text; empty is least."""
    source, document, start = name
    totals = [shares(row) or (0, 0) for row in rows]
    return (
        max(text(row, "recorded_at") for row in rows),
        start,
        sum(votes for _, votes in totals),
        sum(equity for equity, _ in totals),
        source,
        document,
    )


class _Nominees:
    """Who holds for whom: by the holding itself, by an agreement about the company, by a general one."""

    def __init__(self, rows: Iterable[Row], agreements: Iterable[Row]) -> None:
        self._by_row: dict[tuple[str, str], str] = {}
        for row in rows:
            other, held = text(row, "nominee_for"), (row["holder"], row["company"])
            if other and other != row["holder"]:
                self._by_row[held] = min(other, self._by_row.get(held, other))
        self._by_pact: dict[tuple[str, str], str] = {}
        for row in sorted(agreements, key=lambda row: str(row["fact"])):
            self._by_pact.setdefault((row["party"], text(row, "company")), row["with"])

    def behind(self, row: Row) -> str:
        """Through hand after hand, until somebody holds for nobody else or the circle closes."""
        company = row["company"]
        passed = {row["holder"]}
        current = text(row, "nominee_for") or self._next(row["holder"], company)
        while current not in passed:
            passed.add(current)
            current = self._next(current, company)
        return current

    def _next(self, holder: str, company: str) -> str:
        by_pact = self._by_pact.get((holder, company)) or self._by_pact.get((holder, ""))
        return self._by_row.get((holder, company)) or by_pact or holder
