"""Accumulated shares seen from above: for each unit the bounds of its share in every company below it.

The same x = d + W x as `bounds`, walked downwards from the unit, so that one walk serves all companies:
integers rounded outward, circle by circle, holders before what they hold.
"""
# ruff: noqa: PLR0912, PLR0915, PLR0917  compiled code takes its arrays one by one

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from discovery.control.bounds import MOST, ONE, ROUNDS
from discovery.control.exact import CIRCLE
from discovery.control.kernel import compiled, grown, read_only, rows_by
from discovery.control.stakes import Stakes

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


class Held(NamedTuple):
    """Stakes in compressed rows by holder (see `Stakes`); `over` marks registers above 100 %."""

    start: Int64s
    company: Int32s
    needs: Int32s
    amount: Int64s
    over: npt.NDArray[np.bool_]


class Below(NamedTuple):
    """Rows by unit: `company`, bounds in units of `bounds.ONE`, and `doubt` where no bound may decide.

    `direct` is what the unit's own parties hold, in millionths of a percent.

    Doubtful is what lies in or below a circle of more than `exact.CIRCLE` companies, or one that a
    register above 100 % feeds: the share may have no solution, or none that is looked for.
    """

    unit: Int32s
    company: Int32s
    low: Int64s
    high: Int64s
    direct: Int64s
    doubt: npt.NDArray[np.bool_]


def held_by(stakes: Stakes) -> Held:
    """The stakes by who holds them."""
    company = np.repeat(np.arange(len(stakes.start) - 1, dtype=np.int32), np.diff(stakes.start))
    start, order = rows_by(stakes.holder, len(stakes.start) - 1)
    return Held(start, company[order], stakes.needs[order], stakes.amount[order], stakes.over)


def below(held: Held, units: tuple[Int64s, Int32s], least: int) -> Below:
    """Everything below each unit (offsets, parties) in which its share may reach `least`.

    `least` in units of `bounds.ONE`. A unit's own parties are never below it.
    """
    return Below(*_below(*read_only(*held, *units, least)))


@compiled
def _below(
    start: Any, company: Any, needs: Any, amount: Any, over: Any, unit_start: Any, unit_party: Any, least: int
) -> Any:  # fmt: skip
    parties = len(start) - 1
    own = np.full(parties, -1, np.int32)  # the unit that the party belongs to
    seen = np.full(parties, -1, np.int32)  # the unit whose walk came here
    part = np.full(parties, -1, np.int32)  # the circle in that walk, -1 while open
    index = np.zeros(parties, np.int32)
    back = np.zeros(parties, np.int32)
    at = np.zeros(parties, np.int64)
    low = np.zeros(parties, np.int64)
    high = np.zeros(parties, np.int64)
    inner_low = np.zeros(parties, np.int64)
    inner_high = np.zeros(parties, np.int64)
    direct = np.zeros(parties, np.int64)
    doubt = np.zeros(parties, np.bool_)
    stack = np.empty(parties, np.int32)
    path = np.empty(parties, np.int32)
    closed = np.empty(parties, np.int32)
    out_unit = np.empty(1024, np.int32)
    out_company = np.empty(1024, np.int32)
    out_low = np.empty(1024, np.int64)
    out_high = np.empty(1024, np.int64)
    out_direct = np.empty(1024, np.int64)
    out_doubt = np.empty(1024, np.bool_)
    n = 0
    for u in range(len(unit_start) - 1):
        for k in range(unit_start[u], unit_start[u + 1]):
            own[unit_party[k]] = u
        n_closed = 0
        counter = 0
        parts = 0
        for k in range(unit_start[u], unit_start[u + 1]):
            party = unit_party[k]
            for e in range(start[party], start[party + 1]):
                root = company[e]
                if own[root] == u or (needs[e] >= 0 and own[needs[e]] != u):
                    continue
                if seen[root] != u:
                    n_path = 1
                    path[0] = root
                    n_stack = 1
                    stack[0] = root
                    seen[root] = u
                    part[root] = -1
                    low[root] = high[root] = direct[root] = 0
                    doubt[root] = False
                    index[root] = back[root] = counter
                    at[root] = start[root]
                    counter += 1
                    while n_path > 0:
                        one = path[n_path - 1]
                        if at[one] < start[one + 1]:
                            other = company[at[one]]
                            counts = needs[at[one]] < 0 and own[other] != u
                            at[one] += 1
                            if not counts:
                                continue
                            if seen[other] != u:
                                seen[other] = u
                                part[other] = -1
                                low[other] = high[other] = direct[other] = 0
                                doubt[other] = False
                                index[other] = back[other] = counter
                                at[other] = start[other]
                                counter += 1
                                stack[n_stack] = other
                                n_stack += 1
                                path[n_path] = other
                                n_path += 1
                            elif part[other] < 0 and index[other] < back[one]:
                                back[one] = index[other]
                            continue
                        n_path -= 1
                        if n_path > 0 and back[one] < back[path[n_path - 1]]:
                            back[path[n_path - 1]] = back[one]
                        if back[one] == index[one]:
                            while True:
                                n_stack -= 1
                                member = stack[n_stack]
                                part[member] = parts
                                closed[n_closed] = member
                                n_closed += 1
                                if member == one:
                                    break
                            parts += 1
                direct[root] += amount[e]
                low[root] += amount[e] * 100
                high[root] += amount[e] * 100
        end = n_closed
        while end > 0:  # circles close after what lies below them: walked back, holders come first
            first = end - 1
            number = part[closed[first]]
            while first > 0 and part[closed[first - 1]] == number:
                first -= 1
            circle = end - first > 1
            unsure = end - first > CIRCLE
            for k in range(first, end):
                one = closed[k]
                low[one] = min(low[one], np.int64(MOST))
                high[one] = min(high[one], np.int64(MOST))
                unsure = unsure or doubt[one]
                for e in range(start[one], start[one + 1]):
                    circle = circle or (company[e] == one and needs[e] < 0)
            if circle:
                bounded = True
                for k in range(first, end):
                    bounded = bounded and not over[closed[k]] and high[closed[k]] <= ONE
                if not bounded:
                    unsure = True
                _around(closed[first:end], number, bounded, start, company, needs, amount, own, u, part,
                        seen, low, high, inner_low, inner_high)  # fmt: skip
            for k in range(first, end):
                one = closed[k]
                doubt[one] = unsure
                for e in range(start[one], start[one + 1]):
                    other = company[e]
                    if needs[e] >= 0 or own[other] == u or part[other] == number:
                        continue
                    low[other] = min(low[other] + (low[one] * amount[e]) // 100_000_000, np.int64(MOST))
                    high[other] = min(high[other] - ((-high[one] * amount[e]) // 100_000_000), np.int64(MOST))
                    doubt[other] = doubt[other] or unsure
                if high[one] >= least:
                    if n == len(out_unit):
                        out_unit = grown(out_unit, n)
                        out_company = grown(out_company, n)
                        out_low = grown(out_low, n)
                        out_high = grown(out_high, n)
                        out_direct = grown(out_direct, n)
                        out_doubt = grown(out_doubt, n)
                    out_unit[n] = u
                    out_company[n] = one
                    out_low[n] = low[one]
                    out_high[n] = high[one]
                    out_direct[n] = direct[one]
                    out_doubt[n] = unsure
                    n += 1
            end = first
    return out_unit[:n], out_company[:n], out_low[:n], out_high[:n], out_direct[:n], out_doubt[:n]


@compiled
def _around(
    circle: Any, number: int, bounded: bool, start: Any, company: Any, needs: Any, amount: Any, own: Any,
    u: int, part: Any, seen: Any, low: Any, high: Any, inner_low: Any, inner_high: Any,
) -> None:  # fmt: skip
    """Bounds of companies that hold each other: what comes from outside stands in `low` and `high`."""
    for k in range(len(circle)):
        inner_low[circle[k]] = low[circle[k]]
        inner_high[circle[k]] = high[circle[k]]
    outside_low = np.empty(len(circle), np.int64)
    outside_high = np.empty(len(circle), np.int64)
    for k in range(len(circle)):
        outside_low[k] = low[circle[k]]
        outside_high[k] = high[circle[k]]
        high[circle[k]] = ONE if bounded else MOST
    for _ in range(ROUNDS):
        for k in range(len(circle)):
            inner_low[circle[k]] = outside_low[k]
            inner_high[circle[k]] = outside_high[k]
        for k in range(len(circle)):
            one = circle[k]
            for e in range(start[one], start[one + 1]):
                other = company[e]
                inside = needs[e] < 0 and seen[other] == u and own[other] != u and part[other] == number
                if inside:
                    gained = (low[one] * amount[e]) // 100_000_000
                    inner_low[other] = min(inner_low[other] + gained, np.int64(MOST))
                    most = -((-high[one] * amount[e]) // 100_000_000)
                    inner_high[other] = min(inner_high[other] + most, np.int64(MOST))
        moved = False
        for k in range(len(circle)):
            one = circle[k]
            if inner_low[one] > low[one]:
                low[one] = inner_low[one]
                moved = True
            if bounded and inner_high[one] < high[one]:
                high[one] = inner_high[one]
                moved = True
        if not moved:
            break
