"""How many differently named records stand behind one phone, address, e-mail or employer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from discovery.names.records import Keys, Records, Rows

FIELDS: Final = ("phone", "email", "address", "employer", "main_id")
Counts = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Homes:
    """Pairs at one home: with numbers on both sides, with other numbers, and those of them with other names.

    `two` is -1 where `other` alone settles it, whatever one more record adds (`homes.py`).
    """

    known: int = 0
    other: int = 0
    two: int = 0


@dataclass(frozen=True)
class Sharing:
    """For each field, the number of different names behind each row's value (1 where it stands alone).

    `own_homes`: whether the records by themselves show that hardly any two people share a home (`homes.py`);
    `homes`: by what count.
    """

    counts: dict[str, Counts]
    own_homes: bool = False
    homes: Homes = Homes()

    def pair(self, field: str, left: Rows, right: Rows) -> Counts:
        """The measure for pairs: that of the value they share."""
        counts = self.counts[field]
        return np.maximum(counts[left], counts[right])


def measure(records: Records, names: Keys) -> Sharing:
    """Count distinct names (by key; 0 is no name) behind every value of the records."""
    return Sharing({field: _behind(getattr(records, field), names) for field in FIELDS})


def _behind(values: Keys, names: Keys) -> Counts:
    known = np.flatnonzero((values != 0) & (names != 0))
    counts = np.ones(len(values), np.int32)
    if not len(known):
        return counts
    order = known[np.lexsort((names[known], values[known]))]
    value, name = values[order], names[order]
    new_value = np.append(True, value[1:] != value[:-1])
    new_pair = new_value | np.append(True, name[1:] != name[:-1])
    starts = np.flatnonzero(new_value)
    distinct = np.add.reduceat(new_pair.astype(np.int32), starts)
    owners = value[starts]
    place = np.searchsorted(owners, values)
    place[place == len(owners)] = 0
    hit = (owners[place] == values) & (values != 0)
    counts[hit] = distinct[place[hit]]
    return counts
