"""The parts of two graphs that their differing facts can reach, so that only those are computed again.

What a unit controls rests on the facts about the companies it can reach; whether it heads a group, on the
facts about whoever can reach it; which of overlapping families is told, on the families that can reach
the same companies. Nothing else has a say, so what is cut off cannot change an answer that is compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.facts.graph import FactGraph

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
MOST: Final = 0.5  # past that part of all companies nothing is gained by cutting
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
    """Both sides cut down, and who heads what may differ (party ids); `companies` whose facts are kept."""

    before: FactGraph
    after: FactGraph
    heads: frozenset[str]
    companies: int


def reached(before: FactGraph, after: FactGraph, changes: pl.DataFrame) -> Reach | None:
    """The parts that the changes can reach; None where that is most of the graph or all of it.

    `changes`: see `discovery.facts.difference`.
    """
    if _all_concerned(before, after):
        return None
    places = _Places(before, after)
    ways = _ways(places)
    seeds = places.mask(_seeds(places, changes))
    heads = ways.up(ways.down(seeds))  # whose set may change, and who may come to stand at a top
    kept = ways.down(heads)
    neighbours = ways.up(kept) & places.person  # families that share a company with those
    kept = ways.down(kept | neighbours)
    others = ways.up(kept) & places.person  # families that the neighbours are compared with
    kept = ways.down(kept | others) | heads
    if np.count_nonzero(kept) > MOST * max(len(places), 1):
        return None
    return Reach(
        _cut(before, kept[places.numbers[0]]),
        _cut(after, kept[places.numbers[1]]),
        frozenset(places.ids[number] for number in np.flatnonzero(heads | neighbours).tolist()),
        int(np.count_nonzero(kept)),
    )


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


def _cut(graph: FactGraph, kept: Bools) -> FactGraph:
    """The graph with only what is stated about kept companies and persons; parties and flows stay whole."""

    def about(frame: pl.DataFrame, column: str) -> pl.DataFrame:
        values = frame[column].to_numpy()
        return frame.filter(pl.Series((values >= 0) & kept[values], dtype=pl.Boolean))

    frames = {stem: about(graph[stem], "company") for stem in ("powers", "offices")}
    frames["kinship"] = about(graph["kinship"], "person")
    return replace(graph, holdings=about(graph.holdings, "company"), frames={**graph.frames, **frames})
