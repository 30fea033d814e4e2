"""Which facts made a unit control a company: the contributions behind each row of the fixpoint.

Contributions come from earlier rounds only and belong to the first basis that passed, so a step
repeats exactly what the kernel added up when the company first passed.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from discovery.control.kernel import compiled, grown, read_only
from discovery.control.marks import Marks

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]

_MARKS: Final = Marks(1)


class Register(NamedTuple):
    """All amounts in compressed rows by company: who must be inside (`brings`, `needs` or -1), what."""

    start: Int64s
    slot: npt.NDArray[np.int8]
    brings: Int32s
    needs: Int32s
    amount: Int64s


class Derived(NamedTuple):
    """`row` (of the fixpoint) and `entry` (of the register) of each contribution; `used[row]`."""

    row: Int64s
    entry: Int64s
    used: npt.NDArray[np.bool_]


def contributions(
    register: Register,
    units: tuple[Int64s, Int32s],
    rows: tuple[Int64s, Int32s, Int32s, Int64s],
    wanted: npt.NDArray[np.bool_],
    parties: int,
) -> Derived:
    """The contributions to the wanted rows and to every row those rest on.

    `units` are (offsets, parties); `rows` are (offsets by unit, company, round, mask of slots), in
    any order within a unit.
    """
    with _MARKS.lent(parties, len(rows[0]) - 1) as (first, stamps):
        return Derived(*_contributions(*read_only(*register, *units, *rows, wanted, first), *stamps))


@compiled
def _contributions(
    start: Any, slot: Any, brings: Any, needs: Any, amount: Any, unit_start: Any, unit_party: Any,
    row_start: Any, company: Any, round_: Any, mask: Any, wanted: Any, first_mark: int,
    stamp: Any,
) -> Any:  # fmt: skip
    entered = np.empty(len(stamp), np.int32)  # the round and the row (or -1) of a party, where its stamp
    row_of = np.empty(len(stamp), np.int64)  # says that it is inside the unit
    used = wanted.copy()
    out_row = np.empty(1024, np.int64)
    out_entry = np.empty(1024, np.int64)
    n = 0
    for u in range(len(row_start) - 1):
        inside = first_mark + u
        low, high = row_start[u], row_start[u + 1]
        if low == high:
            continue
        for k in range(unit_start[u], unit_start[u + 1]):
            stamp[unit_party[k]] = inside
            entered[unit_party[k]] = 0
            row_of[unit_party[k]] = -1
        for r in range(low, high):
            stamp[company[r]] = inside
            entered[company[r]] = round_[r]
            row_of[company[r]] = r
        order = np.argsort(-round_[low:high], kind="mergesort")
        for k in range(high - low):
            r = low + order[k]
            if not used[r]:
                continue
            first = 0
            while not (mask[r] >> first) & 1:
                first += 1
            for e in range(start[company[r]], start[company[r] + 1]):
                if slot[e] != first:
                    continue
                one = brings[e]
                if stamp[one] != inside or entered[one] >= round_[r]:
                    continue
                two = needs[e]
                if two >= 0 and (stamp[two] != inside or entered[two] >= round_[r]):
                    continue
                if n == len(out_row):
                    out_row, out_entry = grown(out_row, n), grown(out_entry, n)
                out_row[n] = r
                out_entry[n] = e
                n += 1
                if row_of[one] >= 0:
                    used[row_of[one]] = True
                if two >= 0 and row_of[two] >= 0:
                    used[row_of[two]] = True
    return out_row[:n], out_entry[:n], used
