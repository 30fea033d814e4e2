"""Who owns a company through everybody in between: all accumulated shares of one company at once."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from discovery.control.bounds import ONE, bounds
from discovery.control.exact import CIRCLE, REACH, Above, TooLarge, parts_above, solved
from discovery.control.stakes import WHOLE, Stakes

MOST_PATHS: Final = 5  # the heaviest ways from an owner that are told
MOST_STEPS: Final = 10_000  # tried while looking for them


class Part(NamedTuple):
    """Between which bounds an accumulated share lies, in units of the whole; equal where it is exact."""

    low: Fraction
    high: Fraction

    @property
    def exact(self) -> bool:
        return self.low == self.high


class Path(NamedTuple):
    """One way down from an owner: the parties from the owner to the company, the percentages multiplied."""

    parties: tuple[int, ...]
    share: Fraction


class LookThrough:
    """What lies above one company: its owners' accumulated shares and the ways that make them.

    `whole` is False where more lies above than is looked at: owners further up are then missing.
    """

    def __init__(self, held: Stakes, company: int) -> None:
        self._held = held
        self._company = company
        self.whole = True
        self._parts: list[list[int]] = []
        try:
            self._parts = list(parts_above(company, self._held_holders, REACH))
        except TooLarge:
            self.whole = False
            self._parts = [[company]]
        self.between = {party: len(part) for part in self._parts for party in part}
        self._weight = self._weights() if self.whole else None

    def owners(self) -> list[int]:
        """Everybody who holds something of the company or above it, by number; not the company itself."""
        found = {holder for company in self.between for holder, _ in self._stakes(company)}
        return sorted(found - {self._company})

    def ends(self) -> list[int]:
        """Owners above whom nothing is on file."""
        return [owner for owner in self.owners() if not self._is_held(owner)]

    def share(self, owner: int) -> Part:
        """The owner's accumulated share; bounds where a circle is too large to be solved."""
        exact = self._alone(owner)
        if exact is None:
            exact = Above(self._held, {owner}).share(self._company)
        if exact is not None:
            return Part(exact, exact)
        one = (np.array([0, 1], np.int64), np.array([owner], np.int32))
        found = bounds(self._held, one, (one[0], np.array([self._company], np.int32)))
        return Part(Fraction(int(found.low[0]), ONE), Fraction(int(found.high[0]), ONE))

    def at_most(self, owner: int) -> Fraction | None:
        """A bound that needs no solution of its own: the owner in a circle counts itself again."""
        if self._weight is None:
            return None
        return self._sum(owner)

    def paths(self, owner: int) -> tuple[list[Path], bool]:
        """The heaviest ways from an owner without a circle, and whether these are all."""
        found: list[Path] = []
        open_: list[tuple[tuple[int, ...], Fraction]] = [((self._company,), Fraction(1))]
        steps = 0
        while open_ and steps < MOST_STEPS:
            steps += 1
            way, share = open_.pop()
            for holder, part in self._stakes(way[0]) if way[0] in self.between else ():
                if holder == owner:
                    found.append(Path((holder, *way), share * part))
                elif holder in self.between and holder not in way:
                    open_.append(((holder, *way), share * part))
        found.sort(key=lambda path: (-path.share, len(path.parties), path.parties))
        return found[:MOST_PATHS], len(found) <= MOST_PATHS and not open_

    def _alone(self, owner: int) -> Fraction | None:
        """The share of one who stands in no circle: what it holds, each stake by its weight."""
        in_circle = self.between.get(owner, 1) > 1 or any(
            holder == owner for holder, _ in (self._stakes(owner) if owner in self.between else ())
        )
        return None if self._weight is None or in_circle else self._sum(owner)

    def _sum(self, owner: int) -> Fraction:
        weight = self._weight or {}
        return sum((part * weight[company] for company, part in self._downwards.get(owner, ())), Fraction(0))

    @property
    def _downwards(self) -> dict[int, list[tuple[int, Fraction]]]:
        if not hasattr(self, "_below"):
            self._below: dict[int, list[tuple[int, Fraction]]] = {}
            for company in self.between:
                for holder, part in self._stakes(company):
                    self._below.setdefault(holder, []).append((company, part))
        return self._below

    def _weights(self) -> dict[int, Fraction] | None:
        """What the whole of each company above is worth in the company asked about; None = too large."""
        weight: dict[int, Fraction] = {}
        try:
            for part in reversed(self._parts):
                if len(part) > CIRCLE:
                    return None
                weight |= self._weigh(part, weight)
        except TooLarge:
            return None
        return weight

    def _weigh(self, part: list[int], weight: dict[int, Fraction]) -> dict[int, Fraction]:
        inside = set(part)
        given = {party: Fraction(int(party == self._company)) for party in part}
        among: dict[int, dict[int, Fraction]] = {party: {} for party in part}
        for party in part:
            for company, share in self._downwards.get(party, ()):
                if company in inside:
                    among[party][company] = among[party].get(company, Fraction(0)) + share
                else:
                    given[party] += share * weight[company]
        return solved(among, given)

    def _stakes(self, company: int) -> Iterator[tuple[int, Fraction]]:
        for place in range(int(self._held.start[company]), int(self._held.start[company + 1])):
            yield int(self._held.holder[place]), Fraction(int(self._held.amount[place]), WHOLE)

    def _is_held(self, party: int) -> bool:
        return bool(self._held.start[party + 1] > self._held.start[party])

    def _held_holders(self, company: int) -> Iterator[int]:
        return (holder for holder, _ in self._stakes(company) if self._is_held(holder))
