"""The control fixpoint over flat integer arrays, compiled.

One worklist a unit, level by level, so that a company's round is the synchronous round in which it
first passes. Accumulators are stamped with the unit instead of cleared; the work of a unit is the
out-entries of what it controls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

F = TypeVar("F", bound=Callable[..., Any])

ADD: Final = 0  # amounts add up
UNITE: Final = 1  # bit sets unite; the number of bits counts

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


def compiled(function: F) -> F:
    """Compile with numba and keep the machine code on disk."""
    return cast("F", numba.njit(cache=True, nogil=True)(function))


class Entries(NamedTuple):
    """What parties bring to registers of companies, in compressed rows by the party that brings it.

    `start[p]:start[p + 1]` are the entries of party p: `company`, `slot`, `amount`, and `pair`: -1,
    or the number of an amount that counts only when two parties are inside (it stands under both).
    """

    start: Int64s
    company: Int32s
    slot: npt.NDArray[np.int8]
    amount: Int64s
    pair: Int32s
    pairs: int


class Tests(NamedTuple):
    """One test a slot: a total passes at `threshold * scale + strict` (scale: seats, else 1).

    The first `deemed` slots decide control; `watch[slot]` >= 0 asks for totals from that level on
    over companies that stay outside.
    """

    threshold: Int64s
    strict: Int64s
    mode: npt.NDArray[np.int8]
    scaled: npt.NDArray[np.bool_]
    watch: Int64s
    deemed: int


class Controlled(NamedTuple):
    """Rows (unit, company, round, mask of slots passed then), and watched totals of the others."""

    unit: Int32s
    company: Int32s
    round: Int32s
    mask: Int64s
    watch_unit: Int32s
    watch_company: Int32s
    watch_slot: npt.NDArray[np.int8]
    watch_total: Int64s
    complete: bool


def control(
    entries: Entries,
    tests: Tests,
    scale: Int64s,
    units: tuple[Int64s, Int32s],
    *,
    marked: npt.NDArray[np.bool_] | None = None,
    marking: npt.NDArray[np.bool_] | None = None,
    limit: int = np.iinfo(np.int64).max,
) -> Controlled:
    """What each unit controls.

    `units` are (offsets, members); `scale[company]` is the number of seats for scaled slots. With
    `marked` (a flag a party, changed in place) a unit whose only member is marked is passed over,
    and what a unit with `marking` controls becomes marked: possible tops go first. Past `limit`
    rows it stops with `complete` False.
    """
    parties = len(entries.start) - 1
    start, members = units
    if marked is None and len(members) == len(start) - 1 and _plain(entries, tests):
        need = int(tests.threshold[0] + tests.strict[0])
        unit, company, round_, complete = _votes(
            entries.start, entries.company, entries.amount, need, members, limit
        )
        none = np.zeros(0, np.int32)
        small, large = none.astype(np.int8), none.astype(np.int64)
        return Controlled(
            unit, company, round_, np.ones(len(unit), np.int64), none, none, small, large, complete
        )
    skip = marked is not None
    marks = marked if marked is not None else np.zeros(1, np.bool_)
    marking = marking if marking is not None else np.ones(len(start) - 1, np.bool_)
    return Controlled(
        *_fixpoint(*entries, *tests, scale, start, members, skip, marks, marking, parties, limit)
    )


def _plain(entries: Entries, tests: Tests) -> bool:
    """One sum of amounts against one figure, with nothing to watch: the share test on its own."""
    alone = len(tests.threshold) == tests.deemed == 1 and tests.mode[0] == ADD
    return bool(alone and not tests.scaled[0] and tests.watch[0] < 0 and not entries.pairs)


@compiled
def _votes(start: Any, company: Any, amount: Any, need: int, heads: Any, limit: int) -> Any:
    """The share test for units of one party: a company is won the moment its total passes.

    What was won in the round before is the frontier, so the rows that come out serve as the worklist.
    """
    parties = len(start) - 1
    inside = np.full(parties, -1, np.int32)
    total_of = np.full(parties, -1, np.int32)
    total = np.empty(parties, np.int64)
    unit = np.empty(1 << 16, np.int32)
    won = np.empty(1 << 16, np.int32)
    round_of = np.empty(1 << 16, np.int32)
    n = 0
    for u in range(len(heads)):
        inside[heads[u]] = u
        party = heads[u]
        at = n - 1
        end = n
        round_ = 1
        while True:
            for e in range(start[party], start[party + 1]):
                other = company[e]
                if inside[other] == u:
                    continue
                held = amount[e]
                if held < need:
                    if total_of[other] == u:
                        held += total[other]
                    if held < need:
                        total_of[other] = u
                        total[other] = held
                        continue
                inside[other] = u
                if n == len(won):
                    unit, won, round_of = _grown(unit, n), _grown(won, n), _grown(round_of, n)
                unit[n] = u
                won[n] = other
                round_of[n] = round_
                n += 1
            at += 1
            if at == n:
                break
            if at == end:
                round_ += 1
                end = n
            party = won[at]
        if n > limit:
            return unit[:n], won[:n], round_of[:n], False
    return unit[:n], won[:n], round_of[:n], True


@compiled
def _grown(array: Any, used: int) -> Any:
    larger = np.empty(max(1024, 2 * len(array)), array.dtype)
    larger[:used] = array[:used]
    return larger


@compiled
def _bits(value: int) -> int:
    count = 0
    while value:
        count += value & 1
        value >>= 1
    return count


@compiled
def _fixpoint(
    ent_start: Any, ent_company: Any, ent_slot: Any, ent_amount: Any, ent_pair: Any, pairs: int,
    threshold: Any, strict: Any, mode: Any, scaled: Any, watch: Any, deemed: int,
    scale: Any, start: Any, members: Any, skip: bool, marked: Any, marking: Any, parties: int, limit: int,
) -> Any:  # fmt: skip
    slots = len(threshold)
    total = np.zeros((parties, slots), np.int64)
    total_of = np.full(parties, -1, np.int32)  # the unit whose totals stand in `total`
    inside = np.full(parties, -1, np.int32)  # the unit that has the party inside
    half = np.full(max(pairs, 1), -1, np.int32)  # the unit that has one party of the pair inside
    queued = np.full(parties, -1, np.int64)  # the level that has the company in its list
    frontier = np.empty(parties + 1, np.int32)
    reached = np.empty(parties + 1, np.int32)
    touched = np.empty(parties + 1, np.int32)
    watching = False
    for s in range(slots):
        watching = watching or watch[s] >= 0
    out_unit = np.empty(1024, np.int32)
    out_company = np.empty(1024, np.int32)
    out_round = np.empty(1024, np.int32)
    out_mask = np.empty(1024, np.int64)
    n_out = 0
    w_unit = np.empty(1024, np.int32)
    w_company = np.empty(1024, np.int32)
    w_slot = np.empty(1024, np.int8)
    w_total = np.empty(1024, np.int64)
    n_watch = 0
    level = np.int64(-1)
    complete = True

    for u in range(len(start) - 1):
        if skip and start[u + 1] - start[u] == 1 and marked[members[start[u]]]:
            continue
        n_frontier = 0
        for k in range(start[u], start[u + 1]):
            if inside[members[k]] == u:
                continue
            inside[members[k]] = u
            frontier[n_frontier] = members[k]
            n_frontier += 1
        n_touched = 0
        round_ = 0
        while n_frontier > 0:
            round_ += 1
            level += 1
            n_reached = 0
            for k in range(n_frontier):
                party = frontier[k]
                for e in range(ent_start[party], ent_start[party + 1]):
                    company = ent_company[e]
                    if inside[company] == u:
                        continue
                    pair = ent_pair[e]
                    if pair >= 0 and half[pair] != u:
                        half[pair] = u
                        continue
                    if total_of[company] != u:
                        total_of[company] = u
                        touched[n_touched] = company
                        n_touched += 1
                        for s in range(slots):
                            total[company, s] = 0
                    slot = ent_slot[e]
                    if mode[slot] == 0:
                        total[company, slot] += ent_amount[e]
                    else:
                        total[company, slot] |= ent_amount[e]
                    if queued[company] != level:
                        queued[company] = level
                        reached[n_reached] = company
                        n_reached += 1
            n_frontier = 0
            for k in range(n_reached):
                company = reached[k]
                mask = np.int64(0)
                for s in range(deemed):
                    value = total[company, s]
                    if mode[s] == 1:
                        value = _bits(value)
                    need = threshold[s] * (scale[company] if scaled[s] else 1) + strict[s]
                    if value > 0 and value >= need:
                        mask |= np.int64(1) << s
                if mask != 0:
                    if n_out == len(out_unit):
                        out_unit = _grown(out_unit, n_out)
                        out_company = _grown(out_company, n_out)
                        out_round = _grown(out_round, n_out)
                        out_mask = _grown(out_mask, n_out)
                    out_unit[n_out] = u
                    out_company[n_out] = company
                    out_round[n_out] = round_
                    out_mask[n_out] = mask
                    n_out += 1
                    frontier[n_frontier] = company
                    n_frontier += 1
            for k in range(n_frontier):
                inside[frontier[k]] = u
                if skip and marking[u]:
                    marked[frontier[k]] = True
            if n_out > limit:
                complete = False
                break
        if not complete:
            break
        if watching:
            for k in range(n_touched):
                company = touched[k]
                if inside[company] == u:
                    continue
                for s in range(slots):
                    value = total[company, s]
                    if watch[s] >= 0 and value > 0:
                        if mode[s] == 1:
                            value = _bits(value)
                        if value >= watch[s] * (scale[company] if scaled[s] else 1):
                            if n_watch == len(w_unit):
                                w_unit = _grown(w_unit, n_watch)
                                w_company = _grown(w_company, n_watch)
                                w_slot = _grown(w_slot, n_watch)
                                w_total = _grown(w_total, n_watch)
                            w_unit[n_watch] = u
                            w_company[n_watch] = company
                            w_slot[n_watch] = s
                            w_total[n_watch] = value
                            n_watch += 1
    return (
        out_unit[:n_out], out_company[:n_out], out_round[:n_out], out_mask[:n_out],
        w_unit[:n_watch], w_company[:n_watch], w_slot[:n_watch], w_total[:n_watch], complete,
    )  # fmt: skip


def rows_by(key: Int32s, parties: int) -> tuple[Int64s, Int64s]:
    """Compressed rows: offsets by key and the order that sorts the rows so (stable)."""
    start, order = _counted(key, parties)
    return start, order


@compiled
def _counted(key: Any, parties: int) -> Any:
    start = np.zeros(parties + 1, np.int64)
    for k in range(len(key)):
        start[key[k] + 1] += 1
    for p in range(parties):
        start[p + 1] += start[p]
    at = start[:-1].copy()
    order = np.empty(len(key), np.int64)
    for k in range(len(key)):
        order[at[key[k]]] = k
        at[key[k]] += 1
    return start, order


def top_first(entries: Entries) -> tuple[Int32s, Int32s]:
    """The parties so that whoever may influence another comes first, and each one's ring number.

    Parties of one number can reach each other by influence (a strongly connected part).
    """
    order, part = _parts(entries.start, entries.company, len(entries.start) - 1)
    return order, part


def strong_parts(source: Int32s, target: Int32s, parties: int) -> Int32s:
    """Each party's part: those who reach each other along the edges `source` to `target` share a number."""
    start, order = rows_by(source, parties)
    part: Int32s = _parts(start, target[order], parties)[1]
    return part


@compiled
def _parts(start: Any, company: Any, parties: int) -> Any:
    """Tarjan's parts without recursion; they close in reverse order of influence."""
    index = np.full(parties, -1, np.int64)
    low = np.zeros(parties, np.int64)
    part = np.full(parties, -1, np.int32)
    closed = np.empty(parties, np.int32)
    stack = np.empty(parties, np.int32)
    path = np.empty(parties, np.int32)
    at = start[:-1].copy()
    n_stack = 0
    n_closed = 0
    n_parts = 0
    counter = 0
    for root in range(parties):
        if index[root] >= 0:
            continue
        n_path = 1
        path[0] = root
        index[root] = low[root] = counter
        counter += 1
        stack[n_stack] = root
        n_stack += 1
        while n_path > 0:
            party = path[n_path - 1]
            if at[party] < start[party + 1]:
                other = company[at[party]]
                at[party] += 1
                if index[other] < 0:
                    index[other] = low[other] = counter
                    counter += 1
                    stack[n_stack] = other
                    n_stack += 1
                    path[n_path] = other
                    n_path += 1
                elif part[other] < 0 and index[other] < low[party]:
                    low[party] = index[other]
                continue
            n_path -= 1
            if n_path > 0 and low[party] < low[path[n_path - 1]]:
                low[path[n_path - 1]] = low[party]
            if low[party] == index[party]:
                while True:
                    n_stack -= 1
                    member = stack[n_stack]
                    part[member] = n_parts
                    closed[n_closed] = member
                    n_closed += 1
                    if member == party:
                        break
                n_parts += 1
    return closed[::-1].copy(), part
