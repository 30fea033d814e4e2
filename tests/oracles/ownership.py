"""Accumulated ownership by the plain definition: one linear system over everybody, solved by Gauss-Jordan.

x = d + W x over all parties outside the unit, in fractions; no circles are looked for, nothing is bounded.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

Stake = tuple[int, int, Fraction]  # holder, company, share of the whole


def accumulated(parties: int, stakes: Iterable[Stake], unit: set[int]) -> dict[int, Fraction] | None:
    """The unit's share of everybody outside it; None where the system has no single answer."""
    others = [party for party in range(parties) if party not in unit]
    place = {party: number for number, party in enumerate(others)}
    rows = [[Fraction(int(one == two)) for two in others] + [Fraction(0)] for one in others]
    for holder, company, share in stakes:
        if company in unit:
            continue
        if holder in unit:
            rows[place[company]][-1] += share
        else:
            rows[place[company]][place[holder]] -= share
    return _solved(rows, others)


def _solved(rows: list[list[Fraction]], others: list[int]) -> dict[int, Fraction] | None:
    for number in range(len(rows)):
        pivot = next((row for row in range(number, len(rows)) if rows[row][number]), None)
        if pivot is None:
            return None
        rows[number], rows[pivot] = rows[pivot], rows[number]
        head = rows[number][number]
        rows[number] = [value / head for value in rows[number]]
        for other, row in enumerate(rows):
            if other != number and row[number]:
                factor = row[number]
                rows[other] = [one - factor * two for one, two in zip(row, rows[number], strict=True)]
    return {party: rows[number][-1] for number, party in enumerate(others)}
