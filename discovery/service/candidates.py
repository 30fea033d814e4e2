"""Who a new client may be: an index over the store's records, made from them and renewed by differences."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from discovery.names.answers import Part
from discovery.names.decisions import MERGE, REVIEW
from discovery.names.keeping import index_of, index_tables, search_of, search_tables
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
        self.read = len(self._frame)  # records that were read to make it
        self._party = dict(self._frame.select("id", "party").rows())
        self._kinds: dict[Kind, _OneKind] = {}
        for kind in KINDS:
            if progress is not None:
                progress(kind, 0, 0)
            self._kinds[kind] = _OneKind(NameIndex(of_kind(self._frame, kind), kind))

    @classmethod
    def _with(cls, frame: pl.DataFrame, kinds: dict[Kind, _OneKind], read: int) -> Candidates:
        made = object.__new__(cls)
        made._frame, made._kinds, made.read = frame, kinds, read
        made._party = dict(frame.select("id", "party").rows())
        return made

    def __len__(self) -> int:
        return len(self._party)

    def renewed(self, records: pl.DataFrame, employed: pl.DataFrame) -> Candidates:
        """The index of those records; only what differs from this one's is read."""
        frame = _comparable(records, employed)
        if frame.schema != self._frame.schema:
            return Candidates(records, employed)
        old, new = (one.drop("party") for one in (self._frame, frame))
        gone = old.join(new, on=old.columns, how="anti", nulls_equal=True)
        come = new.join(old, on=old.columns, how="anti", nulls_equal=True, maintain_order="left")
        kinds = {
            kind: one.renewed(of_kind(come, kind), set(of_kind(gone, kind)["id"]))
            for kind, one in self._kinds.items()
        }
        return self._with(frame, kinds, len(come))

    def tables(self) -> dict[str, pl.DataFrame]:
        """What `of_tables` makes it of again: the records, and of each kind what its names were read into."""
        found = {"frame": self._frame}
        for kind, one in self._kinds.items():
            found |= {f"{kind}/{name}": table for name, table in one.tables().items()}
        return found

    @classmethod
    def of_tables(cls, tables: Mapping[str, pl.DataFrame]) -> Candidates:
        """The index whose tables these are; `renewed` then brings it up to the present records."""
        parts: dict[str, dict[str, pl.DataFrame]] = {kind: {} for kind in KINDS}
        for name, table in tables.items():
            kind, _, rest = name.partition("/")
            if rest:
                parts[kind][rest] = table
        return cls._with(tables["frame"], {kind: _OneKind.of_tables(parts[kind], kind) for kind in KINDS}, 0)

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

    def __init__(self, index: NameIndex, search: _Names | None = None) -> None:
        self._index = index
        self._search = search or _Names(index)

    def renewed(self, come: pl.DataFrame, gone: set[str]) -> _OneKind:
        if not gone and not len(come):
            return self
        index = self._index.renewed(come, gone)
        return _OneKind(index, self._search.renewed(index, len(come)))

    def tables(self) -> dict[str, pl.DataFrame]:
        return {**index_tables(self._index), **self._search.tables()}

    @classmethod
    def of_tables(cls, tables: Mapping[str, pl.DataFrame], kind: Kind) -> _OneKind:
        index = index_of(tables, kind)
        return cls(index, _Names(index, search_of(tables), tables["searched"]["id"].to_list()))

    def of(self, record: pl.DataFrame, limit: int) -> Sequence[Match]:
        names = [part for name in ("name", "other_names", "former_names") for part in _split(record[name][0])]
        also = self._search.rows(names, limit)
        return self._index.resolve_beside(record, also).matches


def _split(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").replace("；", ";").split(";") if part.strip()]


class _Names:
    """A search over the names of an index's records; rows of records that are gone are passed over."""

    def __init__(
        self, index: NameIndex, found: NameSearch | None = None, ids: list[str] | None = None
    ) -> None:
        """Of an index; or with a search over the records of those ids, of which some may be gone."""
        self._lock = threading.Lock()  # a search uses one set of counters
        records = index.records.ids.to_list()
        self._found, self._ids = found or NameSearch(), records if ids is None else ids
        if found is None:
            self._found.add(index.records.names)
        self._rows = {record: row for row, record in enumerate(records)}

    def renewed(self, index: NameIndex, come: int) -> _Names:
        dead = len(self._ids) + come - len(index)
        if dead * MANY > len(index):
            return _Names(index)
        ids = self._ids
        if come:
            with self._lock:
                if len(self._found) != len(self._ids):
                    return _Names(index)  # another version has grown from this one already
                self._found.add(index.records.names[len(index) - come :])
            ids = [*ids, *index.records.ids[len(index) - come :]]
        fresh = _Names(index, self._found, ids)
        fresh._lock = self._lock
        return fresh

    def tables(self) -> dict[str, pl.DataFrame]:
        return {**search_tables(self._found), "searched": pl.DataFrame({"id": self._ids}, schema=_IDS)}

    def rows(self, names: Sequence[str], limit: int) -> Any:
        """Rows of the index whose names are nearest to any of the names."""
        hits: set[int] = set()
        with self._lock:
            for name in names[:5]:
                hits.update(hit.row for hit in self._found.search(name, limit))
        here = (self._rows.get(self._ids[row], -1) for row in hits if row < len(self._ids))
        return np.array(sorted({row for row in here if row >= 0}), np.int64)


_IDS: Final = {"id": pl.String()}
