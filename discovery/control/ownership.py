"""Accumulated ownership (multiplication method): percentages multiplied along each path, paths added up.

Whether a share passes a threshold is decided by integer bounds first and by fractions only where a bound
straddles it; what is too large for that is not assessed, and says so.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from discovery.control.bounds import FINER, bounds
from discovery.control.exact import Above
from discovery.control.stakes import WHOLE, Stakes

NOT: Final = 0
PASSES: Final = 1
NOT_ASSESSED: Final = -1

Int8s = npt.NDArray[np.int8]


class Asked(NamedTuple):
    """Units (offsets, parties) and, by unit, the companies asked about (offsets, companies)."""

    unit_start: npt.NDArray[np.int64]
    unit_party: npt.NDArray[np.int32]
    start: npt.NDArray[np.int64]
    company: npt.NDArray[np.int32]


def passing(held: Stakes, asked: Asked, least: int, *, strict: bool) -> Int8s:
    """Does each unit's accumulated share of each company reach (`strict`: exceed) the threshold?

    `least` is the threshold in millionths of a percent. PASSES, NOT or NOT_ASSESSED for each company asked.
    """
    found = bounds(held, (asked.unit_start, asked.unit_party), (asked.start, asked.company))
    figure = least * FINER
    over = found.low > figure if strict else found.low >= figure
    under = found.high <= figure if strict else found.high < figure
    result = np.where(over, PASSES, NOT).astype(np.int8)
    unit = np.repeat(np.arange(len(asked.start) - 1), np.diff(asked.start))
    above: tuple[int, Above] | None = None
    for place in np.flatnonzero(~over & ~under).tolist():
        number = int(unit[place])
        if above is None or above[0] != number:
            parties = asked.unit_party[asked.unit_start[number] : asked.unit_start[number + 1]]
            above = (number, Above(held, parties.tolist()))
        share = above[1].share(int(asked.company[place]))
        result[place] = NOT_ASSESSED if share is None else passes(share, least, strict=strict)
    return result


def passes(share: Fraction, least: int, *, strict: bool) -> bool:
    """Does an exact share reach (exceed) a threshold in millionths of a percent?"""
    return share * WHOLE > least if strict else share * WHOLE >= least


def rounded(share: Fraction) -> tuple[int, int]:
    """A share in millionths of a percent, rounded down and up; equal where it is exact."""
    whole = share * WHOLE
    return whole.__floor__(), whole.__ceil__()
