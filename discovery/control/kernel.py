"""The control fixpoint over flat integer arrays, compiled.

One worklist a unit, level by level, so that a company's round is the synchronous round in which it
first passes. Accumulators are stamped with the unit instead of cleared; the work of a unit is the
out-entries of what it controls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple, cast

import numba
import numpy as np
import numpy.typing as npt

from discovery.control.marks import Marks

Compiled = Callable[..., Any]

ADD: Final = 0  # amounts add up
UNITE: Final = 1  # bit sets unite; the number of bits counts
ONE_HOLDER: Final = 1  # a company is won by one entry alone
SEVERAL: Final = 2  # a company may be won by several entries together
_MARKS: Final = Marks(2)

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


def compiled(function: Compiled) -> Compiled:
    """Compile with numba and keep the machine code on disk."""
    return cast("Compiled", numba.njit(cache=True, nogil=True)(function))


def read_only(*values: Any) -> tuple[Any, ...]:
    """The same values, arrays among them as views that cannot be written.

    For what compiled code only reads: it is compiled anew, which takes seconds, for every mix of arrays
    that can and cannot be written, and columns of a frame cannot.
    """
    return tuple(_view(value) if isinstance(value, np.ndarray) else value for value in values)


def _view(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    view = array.view()
    view.flags.writeable = False
    return view


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
    skip = marked is not None
    marks = marked if marked is not None else np.zeros(1, np.bool_)
    marking = marking if marking is not None else np.ones(len(start) - 1, np.bool_)
    if len(members) == len(start) - 1 and _plain(entries, tests):
        need = int(tests.threshold[0] + tests.strict[0])
        unit, company, round_, complete = _votes(entries, need, members, skip, marks, marking, limit)
        none = np.zeros(0, np.int32)
        small, large = none.astype(np.int8), none.astype(np.int64)
        return Controlled(
            unit, company, round_, np.ones(len(unit), np.int64), none, none, small, large, complete
        )
    with _MARKS.lent(parties, len(start) - 1) as (first, (inside, counted)):
        given = read_only(*entries, *tests, scale, start, members, marking, parties, limit, skip, first)
        return Controlled(*_fixpoint(*given, marks, inside, counted))


def _plain(entries: Entries, tests: Tests) -> bool:
    """One sum of amounts against one figure, with nothing to watch: the share test on its own."""
    alone = len(tests.threshold) == tests.deemed == 1 and tests.mode[0] == ADD
    return bool(alone and not tests.scaled[0] and tests.watch[0] < 0 and not entries.pairs)


def _votes(
    entries: Entries, need: int, heads: Int32s, skip: bool, marked: Any, marking: Any, limit: int
) -> Any:
    """The share test for units of one party: rows of unit, company and round, and whether they are all.

    Large arrays are made here and not in compiled code, since numpy asks for large pages.
    """
    parties = len(entries.start) - 1
    figures = np.zeros((parties, 2), np.int64)
    party_of, number_of = np.empty(parties, np.int32), np.empty(parties, np.int32)
    brings, bounds = np.empty((parties, 4), np.int32), np.empty((parties, 4), np.int32)
    won_by = np.zeros(parties, np.int8)
    added, added_amount = _decisive(
        *read_only(entries.start, entries.company, entries.amount, need),
        figures, won_by, party_of, number_of, brings, bounds,
    )  # fmt: skip
    figures[:, 0] = -1
    room = 2 * len(entries.company) + 1024
    unit, won, round_of = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32)
    return _shares(
        *read_only(party_of, number_of, bounds, added, added_amount, need, heads, skip, marking, limit),
        marked, figures, unit, won, round_of,
    )  # fmt: skip


@compiled
def _decisive(
    start: Any, company: Any, amount: Any, need: int,
    sums: Any, won_by: Any, party_of: Any, number_of: Any, brings: Any, bounds: Any,
) -> Any:  # fmt: skip
    """Keep the entries that can decide the share test, and number parties so that children stand in a row.

    A company whose entries together do not suffice is never won. Where one entry suffices and all others
    together do not, that one decides alone and the others are left out: the company is its holder's
    child. Fills `party_of` and `number_of`, and four bounds a number: its children, and its entries that
    have to be added up, which are returned as company (by number) and amount.
    """
    parties = len(start) - 1
    for party in range(parties):
        for e in range(start[party], start[party + 1]):
            other = company[e]
            if other != party:
                sums[other, 0] += amount[e]
                sums[other, 1] = max(sums[other, 1], amount[e])
    n = 0
    for party in range(parties):
        together, largest = sums[party, 0], sums[party, 1]
        if together >= need:
            won_by[party] = ONE_HOLDER if largest >= need and together - largest < need else SEVERAL
        if won_by[party] != ONE_HOLDER:
            party_of[n] = party
            number_of[party] = n
            n += 1
    added = np.empty(1024, np.int32)
    added_amount = np.empty(1024, np.int64)
    n_added = 0
    for party in range(parties):
        brings[party, 0] = n
        brings[party, 2] = n_added
        for e in range(start[party], start[party + 1]):
            other = company[e]
            if other == party:
                continue
            if won_by[other] == ONE_HOLDER and amount[e] >= need:
                party_of[n] = other
                number_of[other] = n
                n += 1
            elif won_by[other] == SEVERAL:
                if n_added == len(added):
                    added, added_amount = grown(added, n_added), grown(added_amount, n_added)
                added[n_added] = other
                added_amount[n_added] = amount[e]
                n_added += 1
        brings[party, 1] = n
        brings[party, 3] = n_added
    for number in range(parties):
        for k in range(4):
            bounds[number, k] = brings[party_of[number], k]
    for k in range(n_added):
        added[k] = number_of[added[k]]
    return added[:n_added], added_amount[:n_added]


@compiled
def _shares(
    party_of: Any, number_of: Any, bounds: Any, added: Any, added_amount: Any, need: int,
    heads: Any, skip: bool, marking: Any, limit: int, marked: Any,
    total: Any, unit: Any, won: Any, round_of: Any,
) -> Any:  # fmt: skip
    """A company is won the moment its total passes; what was won in the round before is the frontier.

    The rows that come out serve as the worklist, by number until the unit is done. A child is met once
    a unit, so only for the others `total` says for which unit which total stands, or -1 once it is won.
    """
    n = 0
    for u in range(len(heads)):
        if skip and marked[heads[u]]:
            continue
        first = n
        head = holder = number_of[heads[u]]
        at = n - 1
        end = n
        round_ = 1
        while True:
            child, past = bounds[holder, 0], bounds[holder, 1]
            k, last = bounds[holder, 2], bounds[holder, 3]
            while n + past - child + last - k > len(won):
                unit, won, round_of = grown(unit, n), grown(won, n), grown(round_of, n)
            for other in range(child, past):
                if other != head:
                    unit[n] = u
                    won[n] = other
                    round_of[n] = round_
                    n += 1
            for e in range(k, last):
                other = added[e]
                if other == head:
                    continue
                held = added_amount[e]
                if total[other, 0] == u:
                    if total[other, 1] < 0:
                        continue
                    held += total[other, 1]
                total[other, 0] = u
                total[other, 1] = held if held < need else -1
                if held >= need:
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
            holder = won[at]
        for row in range(first, n):
            won[row] = party_of[won[row]]
            if skip and marking[u]:
                marked[won[row]] = True
        if n > limit:
            return unit[:n], won[:n], round_of[:n], False
    return unit[:n], won[:n], round_of[:n], True


@compiled
def grown(array: Any, used: int) -> Any:
    """At least double the room, the first `used` values in it."""
    larger = np.empty(max(1024, 2 * len(array)), array.dtype)
    for k in range(used):  # a slice brings along what words its errors, seconds of compiling
        larger[k] = array[k]
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
    scale: Any, start: Any, members: Any, marking: Any, parties: int, limit: int, skip: bool, first_mark: int,
    marked: Any, inside: Any, counted: Any,
) -> Any:  # fmt: skip
    slots = len(threshold)
    # of the unit whose mark is `inside` a party, and whose totals (by `counted`) stand in `total`
    total = np.empty((parties, slots), np.int64)
    half = np.full(max(pairs, 1), -1, np.int32)  # the unit that has one party of the pair inside
    queued = np.zeros(parties, np.bool_)  # whether the list of this round has the company
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
    complete = True

    for u in range(len(start) - 1):
        mark = first_mark + u
        if skip and start[u + 1] - start[u] == 1 and marked[members[start[u]]]:
            continue
        n_frontier = 0
        for k in range(start[u], start[u + 1]):
            if inside[members[k]] == mark:
                continue
            inside[members[k]] = mark
            frontier[n_frontier] = members[k]
            n_frontier += 1
        n_touched = 0
        round_ = 0
        while n_frontier > 0:
            round_ += 1
            n_reached = 0
            for k in range(n_frontier):
                party = frontier[k]
                for e in range(ent_start[party], ent_start[party + 1]):
                    company = ent_company[e]
                    if inside[company] == mark:
                        continue
                    pair = ent_pair[e]
                    if pair >= 0 and half[pair] != u:
                        half[pair] = u
                        continue
                    if counted[company] != mark:
                        counted[company] = mark
                        touched[n_touched] = company
                        n_touched += 1
                        for s in range(slots):
                            total[company, s] = 0
                    slot = ent_slot[e]
                    if mode[slot] == 0:
                        total[company, slot] += ent_amount[e]
                    else:
                        total[company, slot] |= ent_amount[e]
                    if not queued[company]:
                        queued[company] = True
                        reached[n_reached] = company
                        n_reached += 1
            n_frontier = 0
            for k in range(n_reached):
                company = reached[k]
                queued[company] = False
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
                        out_unit = grown(out_unit, n_out)
                        out_company = grown(out_company, n_out)
                        out_round = grown(out_round, n_out)
                        out_mask = grown(out_mask, n_out)
                    out_unit[n_out] = u
                    out_company[n_out] = company
                    out_round[n_out] = round_
                    out_mask[n_out] = mask
                    n_out += 1
                    frontier[n_frontier] = company
                    n_frontier += 1
            for k in range(n_frontier):
                inside[frontier[k]] = mark
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
                if inside[company] == mark:
                    continue
                for s in range(slots):
                    value = total[company, s]
                    if watch[s] >= 0 and value > 0:
                        if mode[s] == 1:
                            value = _bits(value)
                        if value >= watch[s] * (scale[company] if scaled[s] else 1):
                            if n_watch == len(w_unit):
                                w_unit = grown(w_unit, n_watch)
                                w_company = grown(w_company, n_watch)
                                w_slot = grown(w_slot, n_watch)
                                w_total = grown(w_total, n_watch)
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
    start, order = np.zeros(parties + 1, np.int64), np.empty(len(key), np.int64)
    _count(*read_only(key), start, start[:-1].copy(), order)
    return start, order


@compiled
def _count(key: Any, start: Any, at: Any, order: Any) -> None:
    for k in range(len(key)):
        start[key[k] + 1] += 1
    for p in range(len(at)):
        start[p + 1] += start[p]
        at[p] = start[p]
    for k in range(len(key)):
        order[at[key[k]]] = k
        at[key[k]] += 1


def top_first(entries: Entries) -> tuple[Int32s, Int32s]:
    """The parties so that whoever may influence another comes first, and each one's ring number.

    Parties of one number can reach each other by influence (a strongly connected part).
    """
    order, part = _parts(*read_only(entries.start, entries.company, len(entries.start) - 1))
    return order, part


def strong_parts(source: Int32s, target: Int32s, parties: int) -> Int32s:
    """Each party's part: those who reach each other along the edges `source` to `target` share a number."""
    start, order = rows_by(source, parties)
    part: Int32s = _parts(*read_only(start, target[order], parties))[1]
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
