"""Which group a contested company goes to: the policy's ladder, climbed again from the facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

from discovery.evidence.checking.book import Book
from discovery.evidence.checking.day import Row
from discovery.evidence.checking.ends import Ends
from discovery.evidence.checking.points import Points, Unit
from discovery.evidence.checking.register import SCALE
from discovery.evidence.checking.rounds import Run, decimal
from discovery.facts.keys import group_id
from discovery.facts.schema import AMOUNT_SCALE

NEAR: Final = 40 * SCALE


class Attributed(NamedTuple):
    """What the ladder says: the facts looked at, the figures that decide, the group (None: undecided)."""

    facts: frozenset[str]
    measured: Mapping[str, str]
    group: str | None


class Attributions:
    """Climbs the ladder of a policy for companies that several units claim."""

    def __init__(self, book: Book, points: Points) -> None:
        self._book = book
        self._points = points
        self._ends = Ends(book)

    def of(self, company: str, heads: Iterable[str]) -> Attributed | None:
        """The verdict between the groups of these heads; None where one of them has no claim."""
        units = [unit for head in heads for unit in [self._unit(head)] if unit is not None]
        if len(units) < 2 or len(units) != len(list(heads)) or self._forgotten(company, units):
            return None
        runs = {unit: self._book.run(unit) for unit in units}
        if not all(self._claims(company, run) for run in runs.values()):
            return None
        rule = self._book.policy.attribution
        facts = frozenset(fact for run in runs.values() for fact in self._looked_at(company, run))
        for name in rule.order if rule else ():
            values = {unit: self._value(name, company, runs[unit], runs.values()) for unit in units}
            if None in values.values():
                continue
            ranked = sorted(values.values(), reverse=name != "earliest_managed")
            if ranked[0] == ranked[1]:
                continue
            (winner,) = (unit for unit, value in values.items() if value == ranked[0])
            figures = {
                "rule": name,
                "first": _shown(name, ranked[0]),
                "second": _shown(name, ranked[1]),
            }
            return Attributed(facts, figures, self._group(winner))
        return Attributed(facts, {}, None)

    def _unit(self, head: str) -> Unit | None:
        """The controlling point that the head stands for."""
        if self._book.parties[head].person:
            return self._book.point(head)
        if not self._points.admissible(head):
            return None
        ring = self._points.ring_of(head)
        return ring if self._points.stands(ring) else None

    def _forgotten(self, company: str, units: list[Unit]) -> bool:
        """Does an organisation control the company whose group is none of these, nor inside one of them?"""
        inside = {party for unit in units for party in self._book.run(unit).rounds}
        return any(
            unit not in units and not inside.intersection(unit)
            for unit in self._points.over(company)
            if not self._book.parties[unit[0]].person and self._heads_group(unit)
        )

    def _heads_group(self, unit: Unit) -> bool:
        """Do enough clients stand under the unit?"""
        book = self._book
        inside = {*unit, *book.run(unit).controlled(), *self._ends.of(book.run(unit))}
        return sum(book.member(one) and book.client(one) for one in inside) >= book.policy.members.min

    def _claims(self, company: str, run: Run) -> bool:
        """Is the company in the unit's group, or would a question bring it in and somebody there hold it?"""
        if company in run.rounds or company in self._ends.of(run):
            return True
        near = self._near(run)
        brought = near | {below for one in near for below in self._book.run((one,)).controlled()}
        agreed = any(set(sharers) & run.rounds.keys() for sharers in self._unanimous.get(company, ()))
        return (company in brought or agreed) and bool(self._stakes(company, run))

    def _near(self, run: Run) -> set[str]:
        """Companies about which a question of shares or of other grounds is asked of the unit."""
        book = self._book
        share, post = book.test("share"), book.test("post")
        grounds = {number for number, test in enumerate(book.register.tests) if test in book.not_deemed}
        return {
            company
            for company, number in run.touched({share, post, *grounds})
            if company not in run.rounds
            and (
                (number == share and (run.total(company, number) or 0) >= NEAR)
                or (number == post and run.totals.get((company, number), 0).bit_count() == 1)
                or (number in grounds and run.meets(number, company))
            )
        }

    @cached_property
    def _unanimous(self) -> dict[str, list[list[str]]]:
        found: dict[str, list[list[str]]] = {}
        for _, company, sharers in self._book.votes.unanimous():
            found.setdefault(company, []).append(sharers)
        return found

    def _stakes(self, company: str, run: Run) -> dict[str, int]:
        """The equity of each shareholder inside the unit."""
        held: dict[str, int] = {}
        for one in self._book.day.by_company.get(company, ()):
            if one.holder in run.rounds:
                held[one.holder] = held.get(one.holder, 0) + one.equity
        return held

    def _looked_at(self, company: str, run: Run) -> Iterable[str]:
        for one in self._book.day.by_company.get(company, ()):
            if one.holder in run.rounds:
                yield one.fact
        yield from (row["fact"] for row in self._consolidating(company, run))

    def _consolidating(self, company: str, run: Run) -> list[Row]:
        return [row for row in self._consolidates.get(company, ()) if row["holder"] in run.rounds]

    @cached_property
    def _consolidates(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self._book.day.of("powers"):
            if row["kind"] == "consolidates":
                found.setdefault(row["company"], []).append(row)
        return found

    def _value(self, rule: str, company: str, run: Run, runs: Iterable[Run]) -> Any:
        """The unit's value under one rule; None where data are missing."""
        if rule == "consolidator":
            return int(bool(self._consolidating(company, run)))
        stakes = self._stakes(company, run)
        if rule == "highest_equity":
            return max(stakes.values(), default=0)
        if rule == "highest_credit_share":
            return self._balance(stakes, {one for other in runs for one in self._stakes(company, other)})
        days = [self._book.parties[party].row["group_managed_since"] for party in run.unit]
        return min((day for day in days if day is not None), default=None)

    def _balance(self, stakes: Iterable[str], everybody: set[str]) -> int | None:
        """The largest balance of one of the shareholders, if all theirs are in one currency."""
        if not self._book.day.of("credits"):
            return None
        if len({row["currency"] for party in everybody for row in self._credits.get(party, ())}) > 1:
            return None
        sums = (sum(row["balance"] or 0 for row in self._credits.get(party, ())) for party in stakes)
        return max(sums, default=0)

    @cached_property
    def _credits(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self._book.day.of("credits"):
            found.setdefault(row["client"], []).append(row)
        return found

    def _group(self, unit: Unit) -> str:
        parties = self._book.parties
        kind = "person" if parties[unit[0]].person else "ring" if len(unit) > 1 else "company"
        keys = [parties[party].key for party in (unit if kind == "ring" else unit[:1])]
        return group_id(self._book.policy.slug, kind, keys)


def _shown(rule: str, value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if rule == "highest_equity":
        return decimal(value)
    if rule == "highest_credit_share":
        return decimal(value * (SCALE // AMOUNT_SCALE))
    return str(value)
