"""A unit's accumulated shares, drawn once more: percentages along every path, circles eliminated."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import Final

from discovery.evidence.checking.register import HUNDRED, SCALE, Amount, Register

CIRCLE: Final = 64  # companies in a circle past which a share is not assessed
Share = Fraction | None


class Accumulated:
    """All shares of one unit by one test's register, as fractions of the whole; None is not assessed.

    `depth`: how many steps below the unit each company stands, those of one circle equally deep.
    """

    def __init__(self, register: Register, test: int, unit: tuple[str, ...]) -> None:
        self._register = register
        self._test = test
        self.unit = unit
        self.shares: dict[str, Share] = {}
        self.depth: dict[str, int] = {}
        for circle in self._circles:
            self._solve(circle)

    def worth(self, party: str) -> Share:
        """The unit's share of a party: all of its own, nothing of what it does not reach."""
        return Fraction(1) if party in self.unit else self.shares.get(party, Fraction(0))

    def counts(self, amount: Amount) -> bool:
        """Does the amount count for the unit: all it needs are own parties, or the one is on the way?"""
        if len(amount.needs) > 1:
            return all(party in self.unit for party in amount.needs)
        return amount.needs[0] in self.unit or amount.needs[0] in self.below

    def amounts(self, company: str) -> list[Amount]:
        """What counts in a company, by record key and fact."""
        keys = self._register.keys
        found = [one for one in self._into(company) if self.counts(one)]
        if self.worth(company) is None:  # own stakes alone are known
            found = [one for one in found if one.needs[0] in self.unit]
        return sorted(found, key=lambda one: (keys[one.by], one.fact))

    def own(self, company: str) -> int:
        """What the unit's own parties bring, in millionths of a percent."""
        return sum(one.amount for one in self._into(company) if all(need in self.unit for need in one.needs))

    def _into(self, company: str) -> Iterator[Amount]:
        return (one for test, one in self._register.into.get(company, ()) if test == self._test)

    def _out(self, party: str) -> Iterator[str]:
        for test, one in self._register.brings.get(party, ()):
            whole = len(one.needs) == 1 or all(need in self.unit for need in one.needs)
            if test == self._test and whole and one.company not in self.unit:
                yield one.company

    @cached_property
    def below(self) -> list[str]:
        """Every company in which the unit has some share, each before its first finder (depth first)."""
        finished: list[str] = []
        seen = set(self.unit)
        path = [iter([company for party in self.unit for company in self._out(party)])]
        names: list[str] = []
        while path:
            company = next((one for one in path[-1] if one not in seen), None)
            if company is not None:
                seen.add(company)
                names.append(company)
                path.append(self._out(company))
                continue
            path.pop()
            if names:
                finished.append(names.pop())
        return finished

    @cached_property
    def _circles(self) -> list[list[str]]:
        """The companies below by circles, holders first (two depth-first walks, the second upwards)."""
        inside = set(self.below)
        above: dict[str, list[str]] = {company: [] for company in inside}
        for company in self.below:
            for other in self._out(company):
                above[other].append(company)
        circles: list[list[str]] = []
        seen: set[str] = set()
        for company in reversed(self.below):
            circle, open_ = [], [company]
            while open_:
                one = open_.pop()
                if one not in seen:
                    seen.add(one)
                    circle.append(one)
                    open_ += above[one]
            if circle:
                circles.append(circle)
        return circles

    def _solve(self, circle: list[str]) -> None:
        place = {company: number for number, company in enumerate(circle)}
        depth, known = 0, len(circle) <= CIRCLE
        rows: list[list[Fraction]] = []
        for company in circle:
            row = [Fraction(int(company == other)) for other in circle] + [Fraction(0)]
            for one in self._into(company):
                if not self.counts(one):
                    continue
                share, holder = Fraction(one.amount, HUNDRED * SCALE), one.needs[0]
                if holder in place:
                    row[place[holder]] -= share
                    continue
                worth = self.worth(holder)
                depth = max(depth, self.depth.get(holder, 0))
                known = known and worth is not None
                row[-1] += share * (worth or 0)
            rows.append(row)
        found = _eliminated(rows) if known else None
        for company, number in place.items():
            self.shares[company] = None if found is None else found[number]
            self.depth[company] = 1 if found is None else depth + 1


def _eliminated(rows: list[list[Fraction]]) -> list[Fraction] | None:
    """The solution by Gauss and Jordan; None where registers above 100 % leave none that is a share."""
    for number in range(len(rows)):
        row = rows[number]
        head = row[number]
        if head <= 0:
            return None
        scaled = [value / head for value in row]
        rows[number] = scaled
        for other, line in enumerate(rows):
            factor = line[number]
            if other != number and factor:
                rows[other] = [one - factor * two for one, two in zip(line, scaled, strict=True)]
    return [row[-1] for row in rows]
