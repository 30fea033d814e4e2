"""Whose groups the differing facts of two graphs can touch, so that only those are formed again.

A unit is touched only if it can reach, over any chain of holdings, powers, posts and kin, a company about
which something differs; whether what such a company holds becomes a top hangs on the same units. Of
overlapping families the one told depends on those that control a company in common: beside families that
can bring something to such a company, or control it, these come along, and those that they in turn
are compared with. Nobody else's group can differ. Where indirect shares are multiplied a point
hangs on the points above it, and these on others still: then everybody is asked again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.control.registers import Registers, registers
from discovery.facts.graph import FactGraph
from discovery.groups.slots import deemed_slots
from discovery.policies.model import Policy
from discovery.policies.values import millionths

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
MOST: Final = 0.5  # past that part of all parties nothing is gained
_HELD: Final = (
    "holder",
    "registered",
    "company",
    "equity",
    "votes",
    "commander",
    "measure_assumed",
    "conflicting",
)
_WHOLE: Final = ("payments", "trades", "credits")  # kinds of facts whose absence altogether means something


@dataclass(frozen=True)
class Reach:
    """Who is asked again on either side (flags a party), and whose groups may differ (party ids)."""

    before: Bools
    after: Bools
    heads: frozenset[str]

    @property
    def parties(self) -> int:
        return int(np.count_nonzero(self.after))


def reached(before: FactGraph, after: FactGraph, changes: pl.DataFrame, policy: Policy) -> Reach | None:
    """Whom the changes can reach; None where that is most of the parties, or everybody.

    `changes`: see `discovery.facts.difference`.
    """
    if policy.control.multiplies or _all_concerned(before, after):
        return None
    places = _Places(before, after)
    ways = _ways(places)
    seeds = places.mask(_seeds(places, changes))
    heads = ways.up(ways.down(seeds))
    families = _Families(places, ways, policy)
    _, theirs = families.control(heads, seeds | ways.above(seeds))
    neighbours, shared = families.control(ways.up(theirs), theirs)
    others, _ = families.control(ways.up(shared), shared)
    asked = heads | neighbours | others
    if np.count_nonzero(asked) > MOST * max(len(places), 1):
        return None
    named = np.flatnonzero(heads | neighbours).tolist()
    return Reach(
        asked[places.numbers[0]], asked[places.numbers[1]], frozenset(places.ids[number] for number in named)
    )


class _Families:
    """What persons with all their kin, however distant, control together: never less than any cluster."""

    def __init__(self, places: _Places, ways: _Ways, policy: Policy) -> None:
        self._places = places
        self._ways = ways
        self._policy = policy

    def control(self, heads: Bools, concerned: Bools) -> tuple[Bools, Bools]:
        """Of these persons' families the concerned ones, and all that they control on either side.

        Concerned is a family in which, or among whose companies, one of the parties is. Where influence
        makes members, every family is, and what it can reach is taken for controlled.
        """
        persons, companies = (np.zeros(len(self._places), np.bool_) for _ in range(2))
        if self._policy.persons is None or not (heads & self._places.person).any():
            return persons, companies
        if self._policy.influence is not None or self._policy.joint_control is not None:
            persons |= heads & self._places.person
            return persons, self._ways.down(persons)
        for numbers, families, brought in zip(self._places.numbers, self._kin, self._brought, strict=True):
            own = np.flatnonzero(heads[numbers] & self._places.person[numbers]).astype(np.int32)
            start, members = _together(own, families)
            won = brought.control((start, members))
            family = np.repeat(np.arange(len(start) - 1), np.diff(start))
            mine = concerned[numbers]
            kept = np.zeros(len(start) - 1, np.bool_)
            kept[won.unit[mine[won.company]]] = True
            kept[family[mine[members]]] = True
            persons[numbers[members[kept[family]]]] = True
            companies[numbers[won.company[kept[won.unit]]]] = True
        return persons, companies

    @cached_property
    def _brought(self) -> list[Registers]:
        least = millionths(self._policy.evidence.min_confidence)
        slots = deemed_slots(self._policy)
        return [registers(side, slots, min_confidence=least) for side in self._places.sides]

    @cached_property
    def _kin(self) -> list[Ints]:
        return [_families(side) for side in self._places.sides]


def _together(persons: npt.NDArray[np.int32], families: Ints) -> tuple[Ints, npt.NDArray[np.int32]]:
    """The persons by families: offsets and members."""
    order = np.argsort(families[persons], kind="stable")
    sizes = np.unique(families[persons], return_counts=True)[1]
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64), persons[order]


def _families(graph: FactGraph) -> Ints:
    """For each party the smallest number in its family, whatever ties join it."""
    ties = graph["kinship"].filter((pl.col("person") >= 0) & (pl.col("relative") >= 0))
    one, other = ties["person"].to_numpy(), ties["relative"].to_numpy()
    family = np.arange(len(graph.parties), dtype=np.int64)
    while (family[one] != family[other]).any():
        least = np.minimum(family[one], family[other])
        for ends in (one, other):
            np.minimum.at(family, ends, least)
        family = family[family]
    return family


def _all_concerned(before: FactGraph, after: FactGraph) -> bool:
    """Does something differ that bears on every group?"""
    marks = [
        (
            side.parties.any_client_number,
            *(side[stem].height > 0 for stem in _WHOLE),
            side["decisions"].height > 0,
        )
        for side in (before, after)
    ]
    return marks[0] != marks[1] or bool(marks[0][-1])


class _Places:
    """One numbering for the parties of both sides; `numbers` turns a side's own into it."""

    def __init__(self, before: FactGraph, after: FactGraph) -> None:
        self.sides = (before, after)
        if before.parties.ids == after.parties.ids:
            self.ids = before.parties.ids
            own = np.arange(len(self.ids), dtype=np.int64)
            self.numbers: tuple[Ints, Ints] = (own, own)
        else:
            self.ids = [
                *before.parties.ids,
                *(p for p in after.parties.ids if p not in before.parties.number),
            ]
            number = {party: place for place, party in enumerate(self.ids)}
            first, second = (
                np.fromiter((number[party] for party in side.parties.ids), np.int64, len(side.parties))
                for side in self.sides
            )
            self.numbers = (first, second)
        self.person = np.zeros(len(self), np.bool_)
        for side, numbers in zip(self.sides, self.numbers, strict=True):
            self.person[numbers] |= side.parties.person

    def __len__(self) -> int:
        return len(self.ids)

    def of(self, side: int, column: pl.Series) -> Ints:
        """A column of party numbers of one side; -1 stays."""
        values = column.to_numpy()
        return np.where(values >= 0, self.numbers[side][values], -1)

    def mask(self, places: Iterable[Ints]) -> Bools:
        found = np.zeros(len(self), np.bool_)
        for some in places:
            found[some[some >= 0]] = True
        return found


class _Ways:
    """Who can bear on whom: along the arrows down, against them up, between kin both ways."""

    def __init__(self, count: int, sources: Ints, targets: Ints) -> None:
        self._down = _rows(count, sources, targets)
        self._up = _rows(count, targets, sources)

    def down(self, seeds: Bools) -> Bools:
        """The seeds and whatever they can reach."""
        return _closed(self._down, seeds)

    def up(self, seeds: Bools) -> Bools:
        """The seeds and whoever can reach them."""
        return _closed(self._up, seeds)

    def above(self, seeds: Bools) -> Bools:
        """Whoever reaches a seed in one step."""
        start, sources = self._up
        found = np.zeros(len(seeds), np.bool_)
        for seed in np.flatnonzero(seeds).tolist():
            found[sources[start[seed] : start[seed + 1]]] = True
        return found


def _rows(count: int, sources: Ints, targets: Ints) -> tuple[Ints, Ints]:
    order = np.argsort(sources, kind="stable")
    start = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(sources, minlength=count), out=start[1:])
    return start, targets[order]


def _closed(rows: tuple[Ints, Ints], seeds: Bools) -> Bools:
    start, targets = rows
    found = seeds.copy()
    front = np.flatnonzero(seeds)
    while front.size:
        many = start[front + 1] - start[front]
        ends = np.cumsum(many)
        at = np.arange(int(ends[-1])) + np.repeat(start[front] - ends + many, many)
        following = targets[at]
        front = np.unique(following[~found[following]])
        found[front] = True
    return found


def _ways(places: _Places) -> _Ways:
    sources, targets = [], []
    for side, graph in enumerate(places.sides):
        pairs = [(graph.holdings, name, "company") for name in ("holder", "registered", "commander")]
        pairs += [(graph["powers"], "holder", "company")]
        pairs += [(graph["offices"], name, "company") for name in ("person", "represents")]
        pairs += [(graph["kinship"], "person", "relative"), (graph["kinship"], "relative", "person")]
        for frame, source, target in pairs:
            one, other = places.of(side, frame[source]), places.of(side, frame[target])
            there = (one >= 0) & (other >= 0)
            sources.append(one[there])
            targets.append(other[there])
    return _Ways(len(places), np.concatenate(sources), np.concatenate(targets))


def _seeds(places: _Places, changes: pl.DataFrame) -> Iterable[Ints]:
    """Parties about whom something differs."""
    yield from _held_otherwise(places)
    blocks = [
        {(graph.parties.ids[one.company], tuple(graph.parties.ids[p] for p in one.parties), one.facts)
         for one in graph.unanimity}
        for graph in places.sides
    ]  # fmt: skip
    number = {party: place for place, party in enumerate(places.ids)} if changes.height else {}
    yield np.array([number[company] for company, *_ in blocks[0] ^ blocks[1] if number], np.int64)
    named = {
        "powers": ("company",),
        "offices": ("company", "person"),
        "kinship": ("person", "relative"),
        "credits": ("client",),
        "payments": ("from", "to"),
        "trades": ("from", "to"),
    }
    for stem, columns in named.items():
        facts = changes.filter(pl.col("stem") == stem)["fact"]
        for side, graph in enumerate(places.sides):
            rows = graph[stem].filter(pl.col("fact").is_in(facts.implode()))
            yield from (places.of(side, rows[column]) for column in columns)
    parties = changes.filter(pl.col("stem") == "parties")["fact"]
    yield np.array([number[party] for party in parties if party in number], np.int64)


def _held_otherwise(places: _Places) -> Iterable[Ints]:
    """Companies whose counted holdings differ, for whatever reason: a register, a nominee, an agreement."""
    frames = []
    for side, graph in enumerate(places.sides):
        columns = [
            pl.Series(name, places.of(side, graph.holdings[name]))
            if name in {"holder", "registered", "company", "commander"}
            else graph.holdings[name]
            for name in _HELD
        ]
        frames.append(
            pl.DataFrame(columns).with_columns(graph.holdings["fact"], graph.holdings["confidence"])
        )
    for one, other in (frames, frames[::-1]):
        yield one.join(other, on=one.columns, how="anti", nulls_equal=True)["company"].to_numpy()
