"""Which records are one party: keys shared, pairs decided, chains joined; in bulk and one by one alike."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.facts.collector import no_collector
from discovery.names.answers import Part
from discovery.names.blocking import BlockKey, pairs_of, partners, renewed
from discovery.names.clusters import cluster
from discovery.names.company_records import CompanyJudge
from discovery.names.decisions import APART, MERGE, REVIEW, Pairs
from discovery.names.person_records import PersonJudge
from discovery.names.records import Keys, Kind, Records, Rows, read_records
from discovery.names.sharing import Sharing

Progress = Callable[[str, int, int], None]
SLICE: Final = 200_000  # pairs compared between two signs of progress


class Judge(Protocol):
    """What differs between people and companies."""

    def keys(self, records: Records) -> tuple[Keys, list[BlockKey]]:
        """One key a record that its spellings share (0 for none), and the keys by which pairs meet."""

    def measure(self, records: Records, names: Keys) -> Sharing:
        """What the records as a whole say of the values they share."""

    def own_homes(self, records: Records, sharing: Sharing, new: Records) -> bool:
        """`Sharing.own_homes` as it would be with the one new record among the records."""

    def compare(self, records: Records, sharing: Sharing, left: Rows, right: Rows) -> Pairs:
        """Decide pairs."""

    def tensions(self, records: Records, sharing: Sharing, left: Rows, right: Rows) -> npt.NDArray[np.int8]:
        """What pairs say of being joined through a third record: BINDS, NEUTRAL, STRAINS, FORBIDS."""

    def explain(self, records: Records, pairs: Pairs, at: int) -> tuple[Part, ...]:
        """Why a pair was decided so."""


JUDGES: Final[dict[Kind, Judge]] = {"person": PersonJudge(), "company": CompanyJudge()}


@dataclass(frozen=True)
class Links:
    """Clusters and pairs of a set of records; `cluster[row]` is the smallest record id of its cluster."""

    records: Records
    cluster: pl.Series
    pairs: Pairs


def _silent(stage: str, done: int, total: int) -> None:
    """No progress shown."""


@dataclass(frozen=True)
class Made:
    """What an index is made of: records, the key of each one's name, the keys they meet by, shared values."""

    records: Records
    names: Keys
    blocks: list[BlockKey]
    sharing: Sharing


Meet = Callable[[Made], tuple[Rows, Rows]]  # all pairs that share a key, smaller row first, sorted


class NameIndex:
    """Records of one kind, to be linked among themselves or to have new ones resolved against them.

    `resolve` of a record answers the pairs that `link` over the index with that record would decide for it.
    """

    def __init__(self, frame: pl.DataFrame, kind: Kind, made: Made | None = None) -> None:
        """Of records; or of what an index of them was made of, taken up again."""
        self.kind: Kind = kind
        self._judge = JUDGES[kind]
        self.made = made or _made(frame, kind)
        self.records = self.made.records

    def __len__(self) -> int:
        return len(self.records)

    def renewed(self, frame: pl.DataFrame, gone: Collection[str] = ()) -> NameIndex:
        """The index without the records of those ids and with those of the frame; only these are read.

        It answers as one built of all its records at once.
        """
        new = read_records(frame, self.kind)
        kept = ~self.records.ids.is_in(list(gone)).to_numpy() if gone else np.ones(len(self), np.bool_)
        places = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int64)
        count = int(kept.sum())
        old = self.records.take(np.flatnonzero(kept)) if gone else self.records
        records = old.append(new)
        more, added = self._judge.keys(new)
        names = np.concatenate([self.made.names[kept], more])
        blocks = [
            renewed(block, places, replace(more, rows=more.rows + count))
            for block, more in zip(self.made.blocks, added, strict=True)
        ]
        return NameIndex(frame, self.kind, Made(records, names, blocks, self._judge.measure(records, names)))

    def link(self, progress: Progress = _silent, meet: Meet | None = None) -> Links:
        """Decide all pairs that share a key, and chain the merges; `meet` finds the pairs another way."""
        with no_collector():
            return _linked(self._judge, self.made, meet or _met, progress)

    def resolve(self, frame: pl.DataFrame) -> list[Resolved]:
        """The merges and reviews of each new record with the index, best first; nothing is stored."""
        return [self._resolved(frame[at : at + 1], np.empty(0, np.int64)) for at in range(len(frame))]

    def resolve_beside(self, frame: pl.DataFrame, also: Rows) -> Resolved:
        """`resolve` of one record, and beside it what is said of further rows of the index, apart or not.

        Rows that linking would not have compared are no merges, however alike.
        """
        return self._resolved(frame, also)

    def _resolved(self, frame: pl.DataFrame, also: Rows) -> Resolved:
        new = read_records(frame, self.kind)
        name, blocks = self._judge.keys(new)
        wanted = {block.name: block for block in blocks}
        found = [partners(block, wanted[block.name]) for block in self.made.blocks if block.name in wanted]
        keyed = np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)
        rows = np.union1d(keyed, also)
        both = self.records.take(rows).append(new)
        own = np.full(len(rows), len(rows), np.int64)
        others = np.arange(len(rows), dtype=np.int64)
        pairs = self._judge.compare(both, self._sharing_with(rows, new, name), others, own)
        decision = np.where(np.isin(rows, keyed), pairs.decision, np.minimum(pairs.decision, REVIEW))
        order = np.argsort(-pairs.score, kind="stable")
        asked = np.isin(rows, also)
        kept = [int(at) for at in order if decision[at] != APART or asked[at]]
        return Resolved(
            new.ids[0],
            tuple(
                Match(
                    both.ids[at],
                    int(pairs.score[at]),
                    int(decision[at]),
                    self._judge.explain(both, pairs, at),
                )
                for at in kept
            ),
        )

    def _sharing_with(self, rows: Rows, new: Records, name: Keys) -> Sharing:
        """The measure as it would be with the new record in the index, where a row shares its value."""
        counts = {}
        for field, known in self.made.sharing.counts.items():
            value = getattr(new, field)[0]
            column = getattr(self.records, field)
            holders = known[rows]
            own = 1
            alike = column[rows] == value
            if value and alike.any():
                same = np.flatnonzero(column == value)
                names = set(self.made.names[same].tolist()) | set(name.tolist())
                own = max(len(names - {0}), 1)
                holders[alike] = own
            counts[field] = np.append(holders, np.int32(own))
        return Sharing(counts, self._judge.own_homes(self.records, self.made.sharing, new))


def _made(frame: pl.DataFrame, kind: Kind) -> Made:
    with no_collector():
        records = read_records(frame, kind)
        names, blocks = JUDGES[kind].keys(records)
        return Made(records, names, blocks, JUDGES[kind].measure(records, names))


@dataclass(frozen=True)
class Match:
    """A record of the index beside the one asked about. `score` in thousandths; decision MERGE or REVIEW."""

    id: str
    score: int
    decision: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Resolved:
    """Answers for one record, best first."""

    id: str
    matches: tuple[Match, ...]


def link_records(
    frame: pl.DataFrame, kind: Kind, progress: Progress = _silent, meet: Meet | None = None
) -> Links:
    """Clusters and pairs of a frame with the columns of `parties.csv` (and `employer`)."""
    return NameIndex(frame, kind).link(progress, meet)


def _met(made: Made) -> tuple[Rows, Rows]:
    return pairs_of(made.blocks)


def _linked(judge: Judge, made: Made, meet: Meet, progress: Progress) -> Links:
    records, sharing = made.records, made.sharing
    left, right = meet(made)
    kept = []
    for start in range(0, max(len(left), 1), SLICE):
        progress("compare", start, len(left))
        cut = slice(start, start + SLICE)
        pairs = judge.compare(records, sharing, left[cut], right[cut])
        kept.append(pairs.where(pairs.decision != APART))
    progress("compare", len(left), len(left))
    pairs = _joined(kept)
    roots, pairs = cluster(records.ids, pairs, lambda a, b: judge.tensions(records, sharing, a, b))
    decision = np.where(roots[pairs.left] == roots[pairs.right], MERGE, pairs.decision).astype(np.int8)
    names = _cluster_names(records.ids, roots)
    return Links(records, names, replace(pairs, decision=decision))


def _joined(parts: list[Pairs]) -> Pairs:
    return Pairs(
        np.concatenate([p.left for p in parts]),
        np.concatenate([p.right for p in parts]),
        np.concatenate([p.score for p in parts]),
        np.concatenate([p.decision for p in parts]),
        np.concatenate([p.vetoed for p in parts]),
        np.concatenate([p.strength for p in parts]),
    )


def _cluster_names(ids: pl.Series, roots: Rows) -> pl.Series:
    """The smallest record id of each cluster, whatever the order of rows."""
    frame = pl.DataFrame({"id": ids, "root": roots})
    return frame.select(pl.col("id").min().over("root")).to_series().alias("cluster")
