"""Groups by multiplied shares, by the plain definition: every unit's system solved, every rule tried on all.

Companies alone, one measure, one threshold; no bounds, no walks, no order of who comes first but the one
in which a point needs the points above it.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from oracles.ownership import Stake, accumulated


def controlled(parties: int, stakes: list[Stake], unit: set[int], threshold: Fraction) -> set[int]:
    """The companies outside the unit in which its accumulated share is more than the threshold.

    Only what the unit reaches has a share: a closed circle beside it would leave the system open.
    """
    reached = set(unit)
    while more := {company for holder, company, _ in stakes if holder in reached} - reached:
        reached |= more
    shares = accumulated(parties, [stake for stake in stakes if stake[0] in reached], unit)
    assert shares is not None
    return {company for company, share in shares.items() if share > threshold}


def groups(
    parties: int, stakes: Iterable[Stake], threshold: Fraction
) -> set[tuple[frozenset[int], frozenset[int]]]:
    """Each group as the parties on top and all its members, two at least."""
    stakes = list(stakes)
    below = {one: controlled(parties, stakes, {one}, threshold) for one in range(parties)}
    circles = {frozenset(_circle(one, below)) for one in range(parties)}
    rings = {
        circle
        for circle in circles
        if len(circle) > 1 and not any(below[one] & circle for one in range(parties) if one not in circle)
    }
    inside = {ring: controlled(parties, stakes, set(ring), threshold) for ring in rings}
    tops: dict[frozenset[int], set[int]] = dict(inside)
    ringed = set().union(*rings) if rings else set()
    open_ = [one for one in range(parties) if one not in ringed]
    while open_:  # one whose controllers outside its circle are settled
        for one in open_:
            circle = next(found for found in circles if one in found)
            above = [other for other in range(parties) if one in below[other] and other not in circle]
            if not any(other in open_ for other in above):
                break
        open_.remove(one)
        free = not any(one in below[other] for other in range(parties)) and not any(
            one in found for found in inside.values()
        )
        covered = set().union(
            *(below[other] for other in above if frozenset({other}) in tops),
            *(found | ring for ring, found in inside.items() if one in found),
        )
        if free or below[one] - covered:
            tops[frozenset({one})] = below[one]
    return {(top, frozenset(top | found)) for top, found in tops.items() if len(top | found) > 1}


def _circle(one: int, below: dict[int, set[int]]) -> set[int]:
    return {one} | {other for other in _under(one, below) if one in _under(other, below)}


def _under(one: int, below: dict[int, set[int]]) -> set[int]:
    found: set[int] = set()
    open_ = [one]
    while open_:
        for other in below[open_.pop()] - found:
            found.add(other)
            open_.append(other)
    return found
