"""Control by multiplied shares: a unit controls what passes by its accumulated share, and what follows.

Tests of shares do not depend on what is controlled, so that they are answered first (x = d + W x over all
companies on the way). The other tests are then added up over the unit and what it controls, by the same
kernel: what passes by shares is handed to it as an entry of a party of its own beside the unit, in the
first round where the unit's own stakes suffice, else in the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.control.below import Below, Held, below, held_by
from discovery.control.bounds import FINER
from discovery.control.kernel import Controlled, Entries, Tests, control, rows_by
from discovery.control.ownership import NOT, NOT_ASSESSED, PASSES
from discovery.control.stakes import WHOLE, Stakes, stakes
from discovery.control.walk import Walk
from discovery.facts.graph import FactGraph

if TYPE_CHECKING:
    from discovery.control.registers import Registers, Slot

SHARES: Final = frozenset({"voting", "equity", "voting_held", "voting_commanded", "equity_commanded"})
BATCH: Final = 50_000  # units at a time, so that what is added for them stays small
_HALF: Final = WHOLE // 2  # questions tell exactly half from more and less

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Units = tuple[Int64s, Int32s]


class Passing(NamedTuple):
    """Companies that pass tests of shares: `unit`, `company`, the slot, whether own stakes suffice."""

    unit: Int32s
    company: Int32s
    slot: npt.NDArray[np.int8]
    direct: npt.NDArray[np.bool_]


class Watched(NamedTuple):
    """Accumulated shares asked for beside control, in millionths of a percent, rounded down."""

    unit: Int32s
    company: Int32s
    slot: npt.NDArray[np.int8]
    total: Int64s


class Multiplication:
    """The tests of shares of some registers, by the multiplication method."""

    def __init__(self, graph: FactGraph, registers: Registers) -> None:
        self._graph = graph
        self._registers = registers
        self._bound = bool((graph.holdings["commander"] != graph.holdings["holder"]).any())
        self._stakes: dict[str, Stakes] = {}
        self._held: dict[str, Held] = {}
        self._walks: dict[tuple[str, tuple[int, ...]], Walk] = {}

    def walk(self, measure: str, unit: tuple[int, ...]) -> Walk:
        """The exact shares of one unit; the last ones asked for are kept."""
        key = (self._plain(measure), unit)
        if key not in self._walks:
            if len(self._walks) > BATCH:
                self._walks.clear()
            stakes_, held = self._layer(key[0])
            self._walks[key] = Walk(stakes_, held, unit)
        return self._walks[key]

    def passes(self, number: int, unit: tuple[int, ...], company: int, share: Fraction) -> bool:
        """Does an exact share pass a slot's test?"""
        slot = self._registers.slots[number]
        agreed = False
        if slot.by_agreement and share * WHOLE == slot.threshold:
            agreed = self.agreed((*unit, *self.walk(slot.measure, unit).below), company)
        return self.suffices(number, share * WHOLE, agreed=agreed)

    def suffices(self, number: int, total: Fraction, *, agreed: bool) -> bool:
        """Does a total in millionths of a percent pass a slot's test; does an agreement bring part of it?"""
        slot = self._registers.slots[number]
        if slot.by_agreement:
            return total > slot.threshold or (agreed and total == slot.threshold)
        return total > slot.threshold if slot.strict else total >= slot.threshold

    def agreed(self, inside: Iterable[int], company: int) -> bool:
        """Does an agreement bring one of these parties votes in the company?"""
        return not self._commanded.get(company, frozenset()).isdisjoint(inside)

    def control(self, units: Units, tests: Tests, limit: int) -> Controlled:
        """What each unit controls, as `kernel.control` tells it."""
        start, members = units
        found = []
        for first in range(0, max(len(start) - 1, 1), BATCH):
            last = min(first + BATCH, len(start) - 1)
            batch = (start[first : last + 1] - start[first], members[start[first] : start[last]])
            one = self._batch(batch, tests, limit)
            shift = np.int32(first)
            found.append(one._replace(unit=one.unit + shift, watch_unit=one.watch_unit + shift))
            if not one.complete:
                break
        columns = _stacked([one[:-1] for one in found])
        complete = all(one.complete for one in found) and len(columns[0]) <= limit
        return Controlled._make([*columns, complete])

    def _batch(self, units: Units, tests: Tests, limit: int) -> Controlled:
        passing, watched = self._shares(units, tests)
        parties = len(self._graph.parties)
        count = len(units[0]) - 1
        entries = self._with_passing(passing, count, tests)
        seats = np.concatenate([self._registers.seats, np.ones(2 * count, np.int64)])
        beside = parties + 2 * np.arange(count, dtype=np.int32)
        members = np.insert(units[1], units[0][1:], beside).astype(np.int32)
        offsets = units[0] + np.arange(count + 1)
        only = tests._replace(watch=np.where(self._by_shares, -1, tests.watch))
        found = control(entries, only, seats, (offsets, members), limit=_added(limit, count))
        real = found.company < parties
        rows = [column[real] for column in _columns(found, 0, 4)]
        inside = rows[0].astype(np.int64) * parties + rows[1]
        outside = ~np.isin(watched.unit.astype(np.int64) * parties + watched.company, inside)
        real = found.watch_company < parties
        asked: list[Any] = [*watched]
        totals = [
            np.concatenate([column[real], more[outside]])
            for column, more in zip(_columns(found, 4, 8), asked, strict=True)
        ]
        return Controlled._make([*rows, *totals, found.complete])

    # --- tests of shares ---------------------------------------------------------------------

    def _shares(self, units: Units, tests: Tests) -> tuple[Passing, Watched]:
        """Who passes which test of shares, and the watched shares."""
        none: list[Any] = [np.zeros(0, kind) for kind in (np.int32, np.int32, np.int8)]
        passing = [Passing._make([*none, np.zeros(0, np.bool_)])]
        watched = [Watched._make([*none, np.zeros(0, np.int64)])]
        for measure, numbers in self._slots_of.items():
            deemed = [number for number in numbers if number < tests.deemed]
            asked = [number for number in numbers if tests.watch[number] >= 0]
            levels = [self._registers.slots[number].threshold for number in deemed]
            levels += [int(tests.watch[number]) for number in asked]
            if not levels:
                continue
            one = _Measured(self, measure, units, below(self._layer(measure)[1], units, min(levels) * FINER))
            passing += [one.passing(number) for number in deemed]
            watched += [one.watched(number, int(tests.watch[number])) for number in asked]
        return Passing._make(_stacked(passing)), Watched._make(_stacked(watched))

    @property
    def person(self) -> npt.NDArray[np.bool_]:
        """Which parties are natural persons."""
        return self._graph.parties.person

    def slot(self, number: int) -> Slot:
        return self._registers.slots[number]

    def direct_of_persons(self, unit: tuple[int, ...], company: int) -> int:
        """What natural persons of a unit hold in a company, in millionths of a percent of the votes."""
        held = self._of_persons.get(company, {})
        return sum(held.get(party, 0) for party in unit)

    @cached_property
    def _of_persons(self) -> dict[int, dict[int, int]]:
        rows = self._graph.holdings.select("company", "holder", "votes")
        persons = self._graph.parties.person[rows["holder"].to_numpy()]
        rows = rows.filter(pl.Series(persons, dtype=pl.Boolean)).group_by("company", "holder").sum()
        found: dict[int, dict[int, int]] = {}
        for company, holder, votes in rows.iter_rows():
            found.setdefault(company, {})[holder] = votes
        return found

    @cached_property
    def _slots_of(self) -> dict[str, list[int]]:
        """The slots that are tests or totals of shares, by what comes to the same measure on these facts."""
        found: dict[str, list[int]] = {}
        for number, slot in enumerate(self._registers.slots):
            if slot.measure in SHARES:
                found.setdefault(self._plain(slot.measure), []).append(number)
        return found

    @cached_property
    def _by_shares(self) -> npt.NDArray[np.bool_]:
        return np.array([slot.measure in SHARES for slot in self._registers.slots], np.bool_)

    def _plain(self, measure: str) -> str:
        if self._bound:
            return measure
        return "voting" if measure == "voting_held" else measure.removesuffix("_commanded")

    def _layer(self, measure: str) -> tuple[Stakes, Held]:
        if measure not in self._stakes:
            self._stakes[measure] = stakes(self._graph, measure)
            self._held[measure] = held_by(self._stakes[measure])
        return self._stakes[measure], self._held[measure]

    @cached_property
    def _commanded(self) -> dict[int, frozenset[int]]:
        rows = self._graph.holdings.filter(pl.col("through").is_not_null()).select("company", "commander")
        found = rows.group_by("company").agg("commander")
        return {company: frozenset(commanders) for company, commanders in found.rows()}

    # --- handing over to the kernel --------------------------------------------------------------

    @cached_property
    def _others(self) -> Entries:
        """The entries of all slots but those of shares."""
        whole = self._registers.entries
        kept = ~self._by_shares[whole.slot]
        brings = np.repeat(np.arange(len(whole.start) - 1, dtype=np.int32), np.diff(whole.start))[kept]
        start, _ = rows_by(brings, len(whole.start) - 1)
        columns: list[Any] = [whole.company, whole.slot, whole.amount, whole.pair]
        return Entries._make([start, *(column[kept] for column in columns), whole.pairs])

    def _with_passing(self, passing: Passing, count: int, tests: Tests) -> Entries:
        """The other entries and, of two parties beside each unit, what passes by shares.

        The first party's entries count from the first round; it also brings in the second.
        """
        others = self._others
        parties = len(self._graph.parties)
        need = (tests.threshold + tests.strict).astype(np.int64)
        units = np.arange(count, dtype=np.int32)
        by = np.concatenate([2 * passing.unit + ~passing.direct, 2 * units])
        company = np.concatenate([passing.company, (parties + 2 * units + 1).astype(np.int32)])
        slots = np.concatenate([passing.slot, np.zeros(count, np.int8)])
        amount = np.concatenate([need[passing.slot], np.full(count, need[0])])
        start, order = rows_by(by.astype(np.int32), 2 * count)
        return Entries(
            np.concatenate([others.start, others.start[-1] + start[1:]]),
            np.concatenate([others.company, company[order].astype(np.int32)]),
            np.concatenate([others.slot, slots[order]]),
            np.concatenate([others.amount, amount[order]]),
            np.concatenate([others.pair, np.full(len(order), -1, np.int32)]),
            others.pairs,
        )


class _Measured:
    """The shares of some units by one measure, against the slots that ask for it."""

    def __init__(self, asked: Multiplication, measure: str, units: Units, found: Below) -> None:
        self._asked = asked
        self._measure = measure
        self._units = units
        self._found = found

    def passing(self, number: int) -> Passing:
        """The rows that pass a slot's test, and whether the unit's own stakes would do."""
        found = self._found
        passed = self._verdicts(number) == PASSES
        slot = self._asked.slot(number)
        direct = found.direct[passed]
        over = direct > slot.threshold if slot.strict or slot.by_agreement else direct >= slot.threshold
        if slot.by_agreement:
            rows = np.flatnonzero(passed)[direct == slot.threshold]
            over[direct == slot.threshold] = [
                self._asked.agreed(self._unit(row), int(found.company[row])) for row in rows.tolist()
            ]
        slots = np.full(int(passed.sum()), number, np.int8)
        return Passing(found.unit[passed], found.company[passed], slots, over)

    def watched(self, number: int, level: int) -> Watched:
        """The rows whose share reaches the level, rounded down; what cannot be assessed is asked about."""
        found, slot = self._found, self._asked.slot(number)
        figure = level - slot.strict  # a strict level is the first whole millionth above its figure
        total = found.low // FINER
        kept = found.low > figure * FINER if slot.strict else found.low >= figure * FINER
        open_ = found.doubt.copy()
        for at in {figure, _HALF} - {0}:
            open_ |= (found.low <= at * FINER) & (found.high >= at * FINER) & (found.low < found.high)
        for row in np.flatnonzero(open_).tolist():
            share = self._exact(row)
            if share is not None:
                total[row] = (share * WHOLE).__floor__()
                kept[row] = share * WHOLE > figure if slot.strict else share * WHOLE >= figure
            else:
                kept[row] = slot.name == "near" and (kept[row] or self._may_pass(row))
        if slot.persons is False:
            total, kept = self._without_persons(total, kept, figure, strict=slot.strict)
        slots = np.full(int(kept.sum()), number, np.int8)
        return Watched(found.unit[kept], found.company[kept], slots, total[kept])

    def _without_persons(
        self, total: Int64s, kept: npt.NDArray[np.bool_], figure: int, *, strict: bool
    ) -> tuple[Int64s, npt.NDArray[np.bool_]]:
        """Less what natural persons of the unit hold themselves (no company's holder above is one)."""
        less = total.copy()
        start, members = self._units
        person = np.concatenate([[0], np.cumsum(self._asked.person[members])])
        families = (person[start[1:]] > person[start[:-1]])[self._found.unit]
        enough = kept.copy()
        for row in np.flatnonzero(kept & families).tolist():
            mine = self._asked.direct_of_persons(self._unit(row), int(self._found.company[row]))
            share = self._exact(row)
            rest = (share or 0) * WHOLE - mine
            less[row] -= mine
            enough[row] = rest > figure if strict else rest >= figure
        return less, enough

    def _may_pass(self, row: int) -> bool:
        """Might the share test pass, if only the share were known?"""
        return bool(self._found.high[row] >= self._asked.slot(0).threshold * FINER)

    def _verdicts(self, number: int) -> npt.NDArray[np.int8]:
        found, slot = self._found, self._asked.slot(number)
        figure = slot.threshold * FINER
        over = found.low >= figure if not (slot.strict or slot.by_agreement) else found.low > figure
        under = found.high <= figure if slot.strict else found.high < figure
        result = np.where(over, PASSES, NOT).astype(np.int8)
        for row in np.flatnonzero((~over & ~under) | (found.doubt & ~under)).tolist():
            share = self._exact(row)
            if share is None and found.direct[row]:  # own stakes count, whatever comes beside them
                share = Fraction(int(found.direct[row]), WHOLE)
            if share is None:
                result[row] = NOT_ASSESSED
            else:
                passed = self._asked.passes(number, self._unit(row), int(found.company[row]), share)
                result[row] = PASSES if passed else NOT
        return result

    def _exact(self, row: int) -> Fraction | None:
        return self._asked.walk(self._measure, self._unit(row)).share(int(self._found.company[row]))

    def _unit(self, row: int) -> tuple[int, ...]:
        start, members = self._units
        number = int(self._found.unit[row])
        return tuple(members[start[number] : start[number + 1]].tolist())


def _columns(found: Controlled, first: int, last: int) -> list[Any]:
    return [*found[first:last]]


def _stacked(parts: Sequence[Sequence[Any]]) -> list[Any]:
    """The columns of several parts, one below the other."""
    return [np.concatenate(column) for column in zip(*parts, strict=True)]


def _added(limit: int, count: int) -> int:
    """The limit with room for the rows of the parties beside the units."""
    return min(limit, np.iinfo(np.int64).max - count) + count
