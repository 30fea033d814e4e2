"""Marks on parties that calls hand on to each other: a small question pays nothing for all the rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np
import numpy.typing as npt

Marked = list[npt.NDArray[np.int32]]

MOST: Final = np.iinfo(np.int32).max
KEPT: Final = 4  # sets of arrays kept for the next calls; more run beside each other only for a moment


class Marks:
    """Lends arrays of marks, one entry a party, with numbers that none of them holds yet.

    Instead of being cleared they count on; they are cleared when the numbers run out.
    """

    def __init__(self, arrays: int) -> None:
        self._arrays = arrays
        self._free: list[tuple[Marked, int]] = []

    @contextmanager
    def lent(self, parties: int, numbers: int) -> Iterator[tuple[int, Marked]]:
        """Arrays of that length, and the first of so many numbers that may be written into them."""
        marked, last = self._taken(parties)
        if last > MOST - numbers:
            for array in marked:
                array[:] = 0
            last = 0
        yield last + 1, marked
        self._free.append((marked, last + numbers))
        del self._free[:-KEPT]

    def _taken(self, parties: int) -> tuple[Marked, int]:
        """Arrays that nobody else has: some that were given back, or new ones."""
        try:
            marked, last = self._free.pop()
        except IndexError:
            marked, last = [], 0
        if not marked or len(marked[0]) != parties:
            return [np.zeros(parties, np.int32) for _ in range(self._arrays)], 0
        return marked, last
