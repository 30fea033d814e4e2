"""What can bear on a few parties: the facts around them, cut out of a million in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.facts.facts import Facts
from discovery.facts.graph import FactGraph
from discovery.facts.schema import FILES

Numbers = npt.NDArray[np.int64]
MOST: Final = 3_000  # parties that are looked at; more are cut off, and the answer says so
ABOVE: Final = {  # whose facts bear on whom: from the column to those that may stand above it
    "holdings": (("company", "holder"), ("company", "nominee_for"), ("holder", "nominee_for")),
    "powers": (("company", "holder"),),
    "offices": (("company", "person"),),
    "agreements": (("party", "with"), ("with", "party"), ("party", "leader"), ("company", "party")),
    "kinship": (("person", "relative"), ("relative", "person")),
}
WITNESSES: Final = ("credits", "payments", "trades")  # whether there are any at all decides exemptions


@dataclass(frozen=True)
class _Lists:
    """For each number a list of others, in two flat arrays."""

    starts: Numbers
    values: Numbers

    @staticmethod
    def of(keys: Numbers, values: Numbers, size: int) -> _Lists:
        known = (keys >= 0) & (values >= 0)
        keys, values = keys[known], values[known]
        order = np.argsort(keys, kind="stable")
        starts = np.searchsorted(keys[order], np.arange(size + 1))
        return _Lists(starts.astype(np.int64), values[order])

    def around(self, numbers: Numbers) -> Numbers:
        """All values of the lists of these numbers, each once."""
        spans = [self.values[self.starts[one] : self.starts[one + 1]] for one in numbers.tolist()]
        return np.unique(np.concatenate(spans)) if spans else np.empty(0, np.int64)


class Neighbourhood:
    """The facts of a day's graph by party. `around` cuts out what bears on some of them."""

    def __init__(self, graph: FactGraph) -> None:
        self._graph = graph
        size = len(graph.parties)
        numbers = graph.parties.frame.select("id", _number=pl.int_range(pl.len(), dtype=pl.Int64))
        self._refs: dict[str, Numbers] = {}
        up: list[tuple[Numbers, Numbers]] = []
        both: list[tuple[Numbers, Numbers]] = []
        for stem, file in FILES.items():
            if stem == "parties" or not file.refs or not graph.facts[stem].height:
                continue
            columns = {ref: _numbered(graph.facts[stem][ref], numbers) for ref in file.refs}
            self._refs[stem] = np.stack(list(columns.values()), axis=1)
            up += [(columns[a], columns[b]) for a, b in ABOVE.get(stem, ())]
            names = list(columns)
            both += [(columns[a], columns[b]) for a in names for b in names if a != b]
        whose = _numbered(graph.facts["parties"]["id"], numbers)
        self._described = _Lists.of(whose, np.arange(len(whose)), size)
        self._up = _joined(up, size)
        self._both = _joined(both, size)
        self._rows = {
            stem: _Lists.of(refs.ravel(), np.repeat(np.arange(len(refs)), refs.shape[1]), size)
            for stem, refs in self._refs.items()
        }

    def around(self, seeds: Iterable[int], most: int = MOST) -> tuple[Facts, bool]:
        """Facts about the parties around these, and whether some were cut off.

        First everybody who may stand above them, then all whom facts tie to those, step by step. With
        them the witnesses that tell what kinds of facts are on file at all.
        """
        chosen = np.unique(np.fromiter(seeds, np.int64))
        chosen, cut = _grown(self._up, chosen, most)
        if not cut:
            chosen, cut = _grown(self._both, chosen, most)
        return self._facts(chosen), cut

    def _facts(self, chosen: Numbers) -> Facts:
        facts, parties = self._graph.facts, self._graph.parties
        frames: dict[str, pl.DataFrame] = {}
        inside = set(chosen.tolist())
        others: set[int] = set()
        for stem, refs in self._refs.items():
            rows = self._rows[stem].around(chosen)
            held = np.array([all(n < 0 or n in inside for n in refs[row].tolist()) for row in rows], np.bool_)
            rows = rows[held] if len(rows) else rows
            if not len(rows) and stem in WITNESSES:
                rows = np.array([0], np.int64)
                others.update(n for n in refs[0].tolist() if n >= 0)
            frames[stem] = facts[stem][rows]
        if parties.any_client_number:
            others.add(int(np.flatnonzero(parties.client)[0]))
        rows = self._described.around(np.array(sorted(inside | others), np.int64))
        frames["parties"] = facts["parties"][rows]
        frames["decisions"] = facts["decisions"]
        return Facts(frames)


def _grown(lists: _Lists, chosen: Numbers, most: int) -> tuple[Numbers, bool]:
    edge = chosen
    while len(edge):
        fresh = np.setdiff1d(lists.around(edge), chosen, assume_unique=True)
        if len(chosen) + len(fresh) > most:
            return chosen, True
        chosen, edge = np.union1d(chosen, fresh), fresh
    return chosen, False


def _numbered(ids: pl.Series, numbers: pl.DataFrame) -> Numbers:
    found = ids.to_frame("id").join(numbers, on="id", how="left", maintain_order="left")["_number"]
    return found.fill_null(-1).to_numpy().astype(np.int64)


def _joined(pairs: list[tuple[Numbers, Numbers]], size: int) -> _Lists:
    none: Any = np.empty(0, np.int64)
    keys = np.concatenate([none, *(a for a, _ in pairs)])
    values = np.concatenate([none, *(b for _, b in pairs)])
    return _Lists.of(keys, values, size)
