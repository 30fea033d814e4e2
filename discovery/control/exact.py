"""Accumulated shares as fractions: solved circle by circle above the company that is asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from discovery.control.stakes import NOBODY, WHOLE, Stakes

CIRCLE: Final = 64  # companies that hold each other in a circle and are still solved exactly
REACH: Final = 2_000  # companies above one company that are looked at

Row = dict[int, Fraction]


class TooLarge(Exception):
    """The circle or what lies above the company is too large, or registers above 100 % give no answer."""


class Stake(NamedTuple):
    """A stake in a company as a fraction of the whole."""

    holder: int
    needs: int
    share: Fraction


class Above:
    """What lies above companies, a unit's own parties being where it ends; fractions are kept.

    A unit's share of its own parties is one; `share` is None where it is `method_not_assessed`.
    """

    def __init__(self, held: Stakes, unit: Iterable[int], circle: int = CIRCLE, reach: int = REACH) -> None:
        self._held = held
        self._unit = frozenset(unit)
        self._circle = circle
        self._reach = reach
        self._known: dict[int, Fraction | None] = {party: Fraction(1) for party in self._unit}

    def share(self, company: int) -> Fraction | None:
        """The unit's accumulated share of a company, all paths together."""
        if company in self._unit:
            return Fraction(1)
        if company not in self._known:
            try:
                for part in parts_above(company, self._holders, self._reach):
                    self._solve(part)
            except TooLarge:
                self._known[company] = None
        return self._known[company]

    def stakes(self, company: int) -> Iterator[Stake]:
        """The stakes in a company that count."""
        for place in range(int(self._held.start[company]), int(self._held.start[company + 1])):
            share = Fraction(int(self._held.amount[place]), WHOLE)
            yield Stake(int(self._held.holder[place]), int(self._held.needs[place]), share)

    def _holders(self, company: int) -> Iterator[int]:
        """Who has to be known first."""
        for place in range(int(self._held.start[company]), int(self._held.start[company + 1])):
            holder = int(self._held.holder[place])
            held = self._held.start[holder + 1] > self._held.start[holder]
            if held and holder not in self._known and int(self._held.needs[place]) == NOBODY:
                yield holder

    def _solve(self, part: list[int]) -> None:
        if len(part) > self._circle:
            raise TooLarge
        inside = set(part)
        given: dict[int, Fraction] = dict.fromkeys(part, Fraction(0))
        among: dict[int, Row] = {company: {} for company in part}
        for company in part:
            for stake in self.stakes(company):
                if stake.needs != NOBODY:
                    if stake.holder in self._unit and stake.needs in self._unit:
                        given[company] += stake.share
                elif stake.holder in inside:
                    among[company][stake.holder] = among[company].get(stake.holder, Fraction(0)) + stake.share
                else:
                    known = self._known.get(stake.holder, Fraction(0))
                    if known is None:
                        raise TooLarge
                    given[company] += stake.share * known
        self._known |= solved(among, given)


def solved(among: Mapping[int, Row], given: Mapping[int, Fraction]) -> dict[int, Fraction]:
    """The least x >= 0 with x = given + among x; TooLarge where there is none.

    The companies are one circle: if nothing comes in from outside all of x is nothing; otherwise the
    one solution, which is negative or missing where registers above 100 % feed the circle without end.
    """
    if not any(given.values()):
        return dict.fromkeys(given, Fraction(0))
    rows = {
        company: {company: Fraction(1), **{one: -share for one, share in row.items() if one != company}}
        for company, row in among.items()
    }
    for company, row in among.items():
        rows[company][company] -= row.get(company, Fraction(0))
    right = dict(given)
    order = list(rows)
    for number, pivot in enumerate(order):
        head = rows[pivot].get(pivot, Fraction(0))
        if head <= 0:  # an M-matrix keeps its pivots above nothing; otherwise there is no such solution
            raise TooLarge
        for other in order[number + 1 :]:
            factor = rows[other].get(pivot, Fraction(0)) / head
            if factor:
                for column, value in rows[pivot].items():
                    rows[other][column] = rows[other].get(column, Fraction(0)) - factor * value
                right[other] -= factor * right[pivot]
    found: dict[int, Fraction] = {}
    for pivot in reversed(order):
        rest = sum(
            (value * found[column] for column, value in rows[pivot].items() if column in found), Fraction(0)
        )
        found[pivot] = (right[pivot] - rest) / rows[pivot][pivot]
    return found


def parts_above(company: int, holders: Callable[[int], Iterable[int]], reach: int) -> Iterator[list[int]]:
    """The circles above a company, upmost first, the company's own last (Tarjan without recursion)."""

    index: dict[int, int] = {company: 0}
    least = {company: 0}
    stack, path = [company], [(company, iter(holders(company)))]
    closed: set[int] = set()
    while path:
        at, rest = path[-1]
        for other in rest:
            if other in closed:
                continue
            if other in index:
                least[at] = min(least[at], index[other])
                continue
            if len(index) > reach:
                raise TooLarge
            index[other] = least[other] = len(index)
            stack.append(other)
            path.append((other, iter(holders(other))))
            break
        else:
            path.pop()
            if path:
                below = path[-1][0]
                least[below] = min(least[below], least[at])
            if least[at] == index[at]:
                place = stack.index(at)
                part, stack = stack[place:], stack[:place]
                closed.update(part)
                yield part
