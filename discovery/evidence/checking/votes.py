"""Agreements about votes: whose word decides over a holding, and who can decide only together."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from discovery.evidence.checking.day import Day, Holding, Row


class Agreement(NamedTuple):
    """One agreement: all named, the company (None = every one), whose word decides (None = unanimity)."""

    kind: str
    company: str | None
    parties: frozenset[str]
    leader: str | None
    rows: tuple[Row, ...]


class Binding(NamedTuple):
    leader: str
    fact: str


class Votes:
    """The agreements of a day and what they bind."""

    def __init__(self, day: Day) -> None:
        self._day = day
        self.agreements = _agreements(day)
        self._bound: dict[tuple[str, str | None], Binding] = {}
        for agreement in self.agreements:
            self._bind(agreement)

    def _bind(self, agreement: Agreement) -> None:
        leader = agreement.leader
        if leader is None:
            return
        entrusts = agreement.kind == "entrustment"
        named = {agreement.rows[0]["party"]} if entrusts else agreement.parties
        for party in named - {leader}:
            facts = [row["fact"] for row in agreement.rows if party in (row["party"], row["with"])]
            new = Binding(leader, min(facts))
            old = self._bound.get((party, agreement.company))
            if old is None or self._rank(new) < self._rank(old):
                self._bound[party, agreement.company] = new

    def _rank(self, binding: Binding) -> tuple[str, str]:
        return self._day.parties[binding.leader].key, binding.fact

    def command(self, holding: Holding) -> Binding | None:
        """By whom and by which fact the votes of a holding are cast, if not by the holder."""
        special = self._bound.get((holding.holder, holding.company))
        general = self._bound.get((holding.holder, None))
        if special is not None:
            return special
        return general if general is not None and general.leader != holding.company else None

    def unanimous(self) -> list[tuple[Agreement, str, list[str]]]:
        """Agreements without a leader, with each company and the parties that have votes there."""
        found = []
        for agreement in self.agreements:
            if agreement.leader is not None:
                continue
            held: dict[str, set[str]] = defaultdict(set)
            for party in agreement.parties:
                for holding in self._day.by_holder.get(party, ()):
                    if holding.votes > 0 and agreement.company in (None, holding.company):
                        held[holding.company].add(party)
            found += [
                (agreement, company, sorted(parties, key=lambda party: self._day.parties[party].key))
                for company, parties in sorted(held.items())
                if len(parties) > 1
            ]
        return found


def _agreements(day: Day) -> list[Agreement]:
    grouped: dict[tuple[str, str | None, bool], list[Row]] = defaultdict(list)
    for row in sorted(day.of("agreements"), key=lambda row: row["fact"]):
        if row["kind"] == "nominee":
            continue
        entrusts = row["kind"] == "entrustment"
        alone = entrusts or row["document"] is None
        name = f"fact {row['fact']}" if alone else f"document {row['document']}"
        grouped[name, row["company"], entrusts].append(row)
    return [_agreement(rows) for rows in grouped.values()]


def _agreement(rows: list[Row]) -> Agreement:
    first = rows[0]
    named = frozenset(party for row in rows for party in (row["party"], row["with"]))
    if first["kind"] == "entrustment":
        return Agreement("entrustment", first["company"], named, first["with"], tuple(rows))
    leaders = {row["leader"] for row in rows if row["leader"]}
    leader = leaders.pop() if len(leaders) == 1 else None
    return Agreement(first["kind"], first["company"], named, leader, tuple(rows))
