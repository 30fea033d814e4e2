"""Exact accumulated shares of one unit: fractions, solved circle by circle on the way down from it.

Only what the unit reaches is looked at, so that nobody else's holdings cost anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from typing import Final

from discovery.control.below import Held
from discovery.control.exact import CIRCLE, TooLarge, parts_above, solved
from discovery.control.stakes import NOBODY, WHOLE, Stakes

ALL: Final = 1 << 60  # everything above is looked at: the walk down has bounded it


class Walk:
    """A unit's exact share of the companies below it, and how many steps below it each stands.

    The share is None where it is not assessed: in and below a circle of more than `exact.CIRCLE`
    companies, and where registers above 100 % leave no solution. Companies of one circle stand equally
    deep; any other company stands a step below the deepest holder through which the unit has a share.
    """

    def __init__(self, stakes: Stakes, held: Held, unit: Iterable[int]) -> None:
        self._stakes = stakes
        self._held = held
        self.unit = frozenset(unit)
        self._known: dict[int, Fraction | None] = dict.fromkeys(self.unit, Fraction(1))
        self._depth: dict[int, int] = dict.fromkeys(self.unit, 0)

    @cached_property
    def below(self) -> frozenset[int]:
        """Everything in which the unit has some share."""
        found: set[int] = set()
        open_ = list(self.unit)
        while open_:
            party = open_.pop()
            for place in range(int(self._held.start[party]), int(self._held.start[party + 1])):
                company, needs = int(self._held.company[place]), int(self._held.needs[place])
                counts = needs == NOBODY or (party in self.unit and needs in self.unit)
                if counts and company not in found and company not in self.unit:
                    found.add(company)
                    open_.append(company)
        return frozenset(found)

    def reaches(self, party: int) -> bool:
        """Is the party in the unit, or has the unit some share of it?"""
        return party in self.unit or party in self.below

    def counts(self, brings: int, needs: int) -> bool:
        """Does a holding count that these parties bring: both own, or one in which the unit has a share?"""
        if needs != NOBODY:
            return brings in self.unit and needs in self.unit
        return self.reaches(brings)

    def share(self, company: int) -> Fraction | None:
        """The unit's share of a company as a fraction of the whole; of its own parties all."""
        if not self.reaches(company):
            return Fraction(0)
        if company not in self._known:
            for part in parts_above(company, self._holders, ALL):
                self._solve(part)
        return self._known[company]

    def depth(self, company: int) -> int:
        """How many steps the company stands below the unit; one where only own stakes are known."""
        return self._depth[company] if self.share(company) is not None else 1

    def _carrying(self, company: int) -> Iterator[tuple[int, Fraction]]:
        """Who holds for the unit: own parties, and companies in which it has a share."""
        stakes = self._stakes
        for place in range(int(stakes.start[company]), int(stakes.start[company + 1])):
            holder = int(stakes.holder[place])
            if self.counts(holder, int(stakes.needs[place])):
                yield holder, Fraction(int(stakes.amount[place]), WHOLE)

    def _holders(self, company: int) -> Iterator[int]:
        return (holder for holder, _ in self._carrying(company) if holder not in self._known)

    def _solve(self, part: list[int]) -> None:
        inside = set(part)
        given: dict[int, Fraction] = dict.fromkeys(part, Fraction(0))
        among: dict[int, dict[int, Fraction]] = {company: {} for company in part}
        known = True
        depth = 0
        for company in part:
            for holder, share in self._carrying(company):
                if holder in inside:
                    among[company][holder] = among[company].get(holder, Fraction(0)) + share
                    continue
                depth = max(depth, self._depth[holder])
                worth = self._known[holder]
                known = known and worth is not None
                given[company] += share * (worth or 0)
        self._depth |= dict.fromkeys(part, depth + 1)
        self._known |= dict.fromkeys(part)
        if known and len(part) <= CIRCLE:
            try:
                self._known |= solved(among, given)
            except TooLarge:
                return
