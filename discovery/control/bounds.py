"""Bounds on accumulated shares: integers rounded outward, so that a threshold outside them is decided.

A unit's share of a company is what it holds itself and, of each stake that another holds, the unit's
share of that other: x = d + W x. Where companies hold each other in a circle both bounds are iterated,
from nothing and from all; each round keeps the true share between them.
"""
# ruff: noqa: PLR0912, PLR0917  compiled code takes its arrays one by one

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from discovery.control.kernel import compiled, read_only
from discovery.control.marks import Marks
from discovery.control.stakes import Stakes

ONE: Final = 10_000_000_000  # the whole of a company; one unit is a hundredth of a millionth of a percent
MOST: Final = 9 * ONE  # more is not told apart (registers above 100 % may add up to it)
FINER: Final = 100  # units in a millionth of a percent
ROUNDS: Final = 200  # of iteration in a circle
REACH: Final = 20_000  # companies looked at above one unit's companies; past it nothing is known

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


_MARKS: Final = Marks(3)


class Bounds(NamedTuple):
    """Lower and upper bound of each share in units of `ONE`."""

    low: Int64s
    high: Int64s


def bounds(
    held: Stakes, units: tuple[Int64s, Int32s], asked: tuple[Int64s, Int32s], reach: int = REACH
) -> Bounds:
    """The bounds for each unit (offsets, parties) in each company asked of it (offsets, companies)."""
    parties = len(held.start) - 1
    with _MARKS.lent(parties, len(units[0]) - 1) as (first, marked):
        return Bounds(*_bounds(*read_only(*held, *units, *asked, reach, first), *marked))


@compiled
def _bounds(
    start: Any, holder: Any, needs: Any, amount: Any, over: Any,
    unit_start: Any, unit_party: Any, ask_start: Any, ask_company: Any, reach: int,
    first: int, known: Any, seen: Any, own: Any,
) -> Any:  # fmt: skip
    # marks of units: for which low and high are settled (known), whose search came here (seen), to which
    # the party belongs (own); the other arrays hold something only where these say so
    parties = len(start) - 1
    index = np.empty(parties, np.int32)
    least = np.empty(parties, np.int32)
    at = np.empty(parties, np.int64)
    low = np.empty(parties, np.int64)
    high = np.empty(parties, np.int64)
    stack = np.empty(parties, np.int32)
    path = np.empty(parties, np.int32)
    out_low = np.zeros(len(ask_company), np.int64)
    out_high = np.zeros(len(ask_company), np.int64)
    for u in range(first, first + len(unit_start) - 1):
        for k in range(unit_start[u - first], unit_start[u - first + 1]):
            own[unit_party[k]] = u
        counter = 0
        for k in range(ask_start[u - first], ask_start[u - first + 1]):
            root = ask_company[k]
            if known[root] != u and counter <= reach:
                counter = _climb(
                    root, u, counter, reach, start, holder, needs, amount, over,
                    known, seen, own, index, least, at, low, high, stack, path,
                )  # fmt: skip
            if known[root] == u:
                out_low[k] = low[root]
                out_high[k] = high[root]
            else:
                out_high[k] = ONE
    return out_low, out_high


@compiled
def _climb(
    root: int, u: int, counter: int, reach: int, start: Any, holder: Any, needs: Any, amount: Any, over: Any,
    known: Any, seen: Any, own: Any, index: Any, least: Any, at: Any, low: Any, high: Any,
    stack: Any, path: Any,
) -> int:  # fmt: skip
    """Settle everything above a company, circle by circle (Tarjan's parts without recursion)."""
    n_path = 1
    path[0] = root
    stack[0] = root
    n_stack = 1
    seen[root] = u
    index[root] = least[root] = counter
    at[root] = start[root]
    counter += 1
    while n_path > 0:
        company = path[n_path - 1]
        if at[company] < start[company + 1]:
            other = holder[at[company]]
            at[company] += 1
            if own[other] == u or known[other] == u or start[other] == start[other + 1]:
                continue
            if seen[other] != u:
                if counter > reach:
                    return counter
                seen[other] = u
                index[other] = least[other] = counter
                counter += 1
                at[other] = start[other]
                stack[n_stack] = other
                n_stack += 1
                path[n_path] = other
                n_path += 1
            elif index[other] < least[company]:
                least[company] = index[other]
            continue
        n_path -= 1
        if n_path > 0 and least[company] < least[path[n_path - 1]]:
            least[path[n_path - 1]] = least[company]
        if least[company] == index[company]:
            first = n_stack - 1
            while stack[first] != company:
                first -= 1
            part = stack[first:n_stack]
            _settle(part, u, start, holder, needs, amount, over, known, seen, own, low, high)
            n_stack = first
    return counter


@compiled
def _settle(
    part: Any, u: int, start: Any, holder: Any, needs: Any, amount: Any, over: Any,
    known: Any, seen: Any, own: Any, low: Any, high: Any,
) -> None:  # fmt: skip
    """The bounds of companies that hold each other (or of one), everything above them being settled."""
    bounded = True
    circle = len(part) > 1
    for k in range(len(part)):
        company = part[k]
        low[company] = 0
        high[company] = ONE
        bounded = bounded and not over[company]
        for e in range(start[company], start[company + 1]):
            other = holder[e]
            circle = circle or other == company
            bounded = bounded and not (known[other] == u and high[other] > ONE)
    for _ in range(ROUNDS if circle else 1):
        moved = False
        for k in range(len(part)):
            company = part[k]
            down = np.int64(0)
            up = np.int64(0)
            for e in range(start[company], start[company + 1]):
                other = holder[e]
                if needs[e] >= 0:
                    if own[other] == u and own[needs[e]] == u:
                        down += amount[e] * 100
                        up += amount[e] * 100
                elif own[other] == u:
                    down += amount[e] * 100
                    up += amount[e] * 100
                elif seen[other] == u:
                    down += (low[other] * amount[e]) // 100_000_000
                    up += -((-high[other] * amount[e]) // 100_000_000)
            up = min(up, np.int64(MOST))
            down = min(down, np.int64(MOST))
            if down > low[company]:
                low[company] = down
                moved = True
            if (not circle and up != high[company]) or (bounded and up < high[company]):
                high[company] = up
                moved = True
        if not moved:
            break
    for k in range(len(part)):
        if circle and not bounded:
            high[part[k]] = MOST
        known[part[k]] = u
