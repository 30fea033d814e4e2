"""Evidence of multiplied shares: what a unit holds of a company, over whom, and how much of each of these.

A contribution counts with the unit's share of the one who brings it; the companies on the way are shown with
their own contributions, down to the unit's own parties.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.control.multiplication import SHARES, Multiplication
from discovery.control.registers import Registers
from discovery.control.walk import Walk
from discovery.groups.steps import Row, Share

_SHARE = ["brings", "needs", "by", "amount", "fact", "through", "mark"]


class Rest(NamedTuple):
    """A step that rests on multiplied shares: whose, in which register, of which company."""

    unit: tuple[int, ...]
    slot: int
    company: int

    @property
    def place(self) -> tuple[int, tuple[int, ...], int]:
        """Register, unit, company."""
        return self.slot, self.unit, self.company


class Carried(NamedTuple):
    """A company on the way: the unit's share of it (a fraction), how deep it stands, what adds up to it."""

    rest: Rest
    share: Fraction
    depth: int
    shares: list[Share]


class MultipliedShares:
    """Draws what adds up to multiplied shares, from the registers that decided."""

    def __init__(self, registers: Registers, multiplied: Multiplication) -> None:
        self._registers = registers
        self._multiplied = multiplied
        self.slots = frozenset(n for n, slot in enumerate(registers.slots) if slot.measure in SHARES)

    def walk(self, slot: int, unit: tuple[int, ...]) -> Walk:
        """The unit's shares by a slot's measure."""
        return self._multiplied.walk(self._registers.slots[slot].measure, unit)

    def share(self, slot: int, unit: tuple[int, ...], company: int) -> Fraction | None:
        """The unit's share of the company; None where it is not assessed."""
        return self.walk(slot, unit).share(company)

    def passes(self, slot: int, unit: tuple[int, ...], company: int) -> bool:
        """Does the unit's share pass the slot's test?"""
        share = self.share(slot, unit, company)
        return share is not None and self._multiplied.passes(slot, unit, company, share)

    def depth(self, slot: int, unit: tuple[int, ...], company: int) -> int:
        """How many steps the company stands below the unit."""
        return self.walk(slot, unit).depth(company)

    def of(self, rest: Rest) -> list[Share]:
        """The holdings in the company that count for the unit, with the unit's share of who brings each."""
        walk = self.walk(rest.slot, rest.unit)
        known = walk.share(rest.company) is not None  # else own stakes alone
        return [
            share._replace(worth=walk.share(share.brings))
            for share in self._held(rest.slot, rest.company)
            if walk.counts(share.brings, share.needs) and (known or share.brings in rest.unit)
        ]

    def facts(self, slot: int, unit: tuple[int, ...], company: int) -> list[str]:
        """The holdings in the company that count for the unit."""
        return sorted({share.fact for share in self.of(Rest(unit, slot, company))})

    def carried(self, rests: Iterable[Rest]) -> Iterator[Carried]:
        """The companies on the way to these and not among them, each once for a unit and measure."""
        open_ = list(rests)
        seen = {self._kind(rest) for rest in open_}
        while open_:
            rest = open_.pop()
            for share in self.of(rest):
                if share.brings in rest.unit:
                    continue
                above = rest._replace(company=share.brings)
                if self._kind(above) in seen:
                    continue
                seen.add(self._kind(above))
                open_.append(above)
                worth = self.share(*above.place)
                if worth is not None:
                    yield Carried(above, worth, self.depth(*above.place), self.of(above))

    def _kind(self, rest: Rest) -> tuple[tuple[int, ...], str, int]:
        return rest.unit, self._registers.slots[rest.slot].measure, rest.company

    def _held(self, slot: int, company: int) -> Iterator[Share]:
        start, frame = self._rows
        rows = frame[int(start[company]) : int(start[company + 1])].rows()
        return (Share(*row[1:]) for row in rows if row[0] == slot)

    @cached_property
    def _rows(self) -> tuple[npt.NDArray[np.int64], pl.DataFrame]:
        start, frame = self._registers.by_company
        return start, frame.select("slot", *_SHARE)


def placed(multiplied: MultipliedShares, rows: Iterable[Row], rests: Mapping[int, Rest]) -> dict[int, int]:
    """The round in which each step is shown: a step after the deepest that it rests on.

    `rests`: the steps that rest on multiplied shares, by company.
    """
    rounds: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: row.round):
        if row.company in rests:
            rounds[row.company] = multiplied.depth(*rests[row.company].place)
        else:
            by = (party for share in row.shares for party in (share.brings, share.needs))
            rounds[row.company] = 1 + max((rounds.get(party, 0) for party in by), default=0)
    return rounds
