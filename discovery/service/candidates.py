"""Who a new client may be: an index over the store's records, made from them and renewed by differences."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from discovery.names.answers import Part
from discovery.names.decisions import MERGE, REVIEW
from discovery.names.linking import Match, NameIndex
from discovery.names.records import Kind
from discovery.names.search import NameSearch
from discovery.service.records import KINDS, of_kind, with_employers
from discovery.service.sources import Progress

ROW: Final = "row"
MANY: Final = 10  # one in so many names dead, and the names are indexed anew


@dataclass(frozen=True, slots=True)
class Candidate:
    """A party that a record may be: by which of its records, how sure (thousandths), what spoke for it."""

    party: str
    record: str
    score: int
    match: bool
    review: bool
    parts: tuple[Part, ...]


class Candidates:
    """Records of one version of the facts. `renewed` gives those of another; this one goes on answering."""

    def __init__(
        self, records: pl.DataFrame, employed: pl.DataFrame, progress: Progress | None = None
    ) -> None:
        self._frame = _comparable(records, employed)
        self._party = dict(self._frame.select("id", "party").rows())
        self._kinds: dict[Kind, _OneKind] = {}
        for kind in KINDS:
            if progress is not None:
                progress(kind, 0, 0)
            self._kinds[kind] = _OneKind(of_kind(self._frame, kind), kind)

    def __len__(self) -> int:
        return len(self._party)

    def renewed(self, records: pl.DataFrame, employed: pl.DataFrame) -> Candidates:
        """The index of those records; only what differs from this one's is read."""
        fresh = object.__new__(Candidates)
        fresh._frame = _comparable(records, employed)
        fresh._party = dict(fresh._frame.select("id", "party").rows())
        old, new = (frame.drop("party") for frame in (self._frame, fresh._frame))
        gone = old.join(new, on=old.columns, how="anti", nulls_equal=True)
        come = new.join(old, on=old.columns, how="anti", nulls_equal=True, maintain_order="left")
        fresh._kinds = {
            kind: one.renewed(of_kind(come, kind), set(of_kind(gone, kind)["id"]))
            for kind, one in self._kinds.items()
        }
        return fresh

    def of(self, record: pl.DataFrame, kind: Kind, limit: int = 20) -> list[Candidate]:
        """The parties a record may be, best first: what linking would merge or ask, then near names."""
        best: dict[str, Candidate] = {}
        for found in self._kinds[kind].of(record, limit):
            party = self._party[found.id]
            one = Candidate(
                party,
                found.id,
                found.score,
                match=found.decision == MERGE,
                review=found.decision == REVIEW,
                parts=found.parts,
            )
            held = best.get(party)
            if held is None or (one.match, one.score) > (held.match, held.score):
                best[party] = one
        ranked = sorted(best.values(), key=lambda one: (not one.match, -one.score, one.record))
        return ranked[:limit]


def _comparable(records: pl.DataFrame, employed: pl.DataFrame) -> pl.DataFrame:
    companies = of_kind(records, "company").with_columns(employer=pl.lit(None, pl.String))
    first = companies.select("id", pl.col("id").min().over("party").alias("first"))
    people = with_employers(of_kind(records, "person"), companies, employed, dict(first.rows()))
    return pl.concat([companies, people.select(companies.columns)]).sort("id")


class _OneKind:
    """Linking's own index and a search over the names, of people or of companies."""

    def __init__(self, frame: pl.DataFrame, kind: Kind) -> None:
        self._index = NameIndex(frame, kind)
        self._search = _Names(self._index)

    def renewed(self, come: pl.DataFrame, gone: set[str]) -> _OneKind:
        fresh = object.__new__(_OneKind)
        fresh._index = self._index.renewed(come, gone) if gone or len(come) else self._index
        fresh._search = self._search.renewed(fresh._index, gone, len(come))
        return fresh

    def of(self, record: pl.DataFrame, limit: int) -> Sequence[Match]:
        names = [part for name in ("name", "other_names", "former_names") for part in _split(record[name][0])]
        also = self._search.rows(names, limit)
        return self._index.resolve_beside(record, also).matches


def _split(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").replace("；", ";").split(";") if part.strip()]


class _Names:
    """A search over the names of an index's records; rows of records that are gone are passed over."""

    def __init__(self, index: NameIndex) -> None:
        self._lock = threading.Lock()  # a search uses one set of counters
        self._found = NameSearch()
        self._found.add(index.records.names)
        self._ids = index.records.ids.to_list()
        self._rows = {record: row for row, record in enumerate(self._ids)}

    def renewed(self, index: NameIndex, gone: set[str], come: int) -> _Names:
        dead = len(self._ids) + come - len(index)
        if dead * MANY > len(index):
            return _Names(index)
        fresh = object.__new__(_Names)
        fresh._lock, fresh._found = self._lock, self._found
        records = index.records
        if come:
            with self._lock:
                if len(self._found) == len(self._ids):
                    self._found.add(records.names[len(index) - come :])
                else:
                    return _Names(index)  # another version has grown from this one already
        fresh._ids = [*self._ids, *records.ids[len(index) - come :]] if come else self._ids
        fresh._rows = {record: row for row, record in enumerate(records.ids.to_list())}
        return fresh

    def rows(self, names: Sequence[str], limit: int) -> Any:
        """Rows of the index whose names are nearest to any of the names."""
        hits: set[int] = set()
        with self._lock:
            for name in names[:5]:
                hits.update(hit.row for hit in self._found.search(name, limit))
        here = (self._rows.get(self._ids[row], -1) for row in hits if row < len(self._ids))
        return np.array(sorted({row for row in here if row >= 0}), np.int64)
