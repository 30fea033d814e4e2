"""Where an answer's facts come from: a facts package, or the store. Both give the same Facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl

from discovery.errors import StoreError
from discovery.facts.facts import KEY, Facts, empty_frame
from discovery.facts.findings import Finding
from discovery.facts.package import Package, raise_if_bad, read_package
from discovery.facts.problems import Language
from discovery.facts.rejects import write_rejects
from discovery.graph.connection import Graph, connect
from discovery.graph.snapshot import snapshot

Progress = Callable[[str, int, int], None]  # stage, done, in all (0 = unknown)
RECORDS: Final = "records"  # on parties of several records: the keys of all of them
STORE_EXTRAS: Final = ("company_record", RECORDS)


@dataclass(frozen=True)
class Reading:
    """How a package is read: the source of rows that name none, the encoding, what bad rows do.

    With `keep_good` rows that are wrong are left out; they are written into the folder `rejects`,
    readable by their owner alone, if one is named.
    """

    source: str | None = None
    encoding: str = "utf-8"
    keep_good: bool = False
    rejects: Path | None = None
    stubs: bool = True
    language: Language = "en"


def read(path: Path, reading: Reading, progress: Progress | None = None) -> Package:
    """A package, read and checked; BadInput with file, row, field and remedy if anything is wrong."""
    package = read_package(
        path,
        source=reading.source,
        encoding=reading.encoding,
        keep_good=reading.keep_good,
        stubs=reading.stubs,
        progress=progress,
    )
    if not reading.keep_good:
        raise_if_bad(package.name, package.problem_frame, reading.language)
    elif reading.rejects is not None:
        write_rejects(package, reading.rejects, language=reading.language)
    return package


def package_facts(package: Package) -> Facts:
    """The facts of a package; recorded decisions, which nothing applies, among the findings."""
    facts = package.facts
    return Facts(facts.frames, (*facts.findings, *_not_applied(facts, package.names.get("decisions"))))


def _not_applied(facts: Facts, file: str | None) -> Iterator[Finding]:
    for row, key, decision in facts["decisions"].select("row", "outcome_key", "decision").iter_rows():
        detail = " ".join(part for part in (decision, key) if part)
        yield Finding(
            "not_applied", "info", file=file, row=row, detail=detail, remedy="Apply it to the answer by hand."
        )


@dataclass(frozen=True)
class Given:
    """Facts to be asked about, and how many problems made rows be left out of them."""

    facts: Facts
    left_out: int = 0


def given(
    path: Path | None,
    *,
    reading: Reading | None = None,
    known_at: datetime | None = None,
    progress: Progress | None = None,
) -> Given:
    """The facts of a package, or of the store where there is no path."""
    if path is not None:
        package = read(path.expanduser(), reading or Reading(), progress)
        return Given(package_facts(package), package.problem_frame.height)
    with opened_store(progress) as graph:
        return Given(store_facts(graph, known_at, progress))


def opened_store(progress: Progress | None = None) -> Graph:
    """The store, ready: the one `NEO4J_URI` names, else the local one, fetched and started if need be."""
    if progress is not None:
        progress("neo4j", 0, 0)
    return connect(progress=staged(progress, "neo4j"))


def staged(progress: Progress | None, stage: str) -> Callable[[int, int], None] | None:
    """A room's own progress (done, in all) told under the name of a stage."""
    if progress is None:
        return None
    return lambda done, total: progress(stage, done, total)


def store_facts(graph: Graph, known_at: datetime | None = None, progress: Progress | None = None) -> Facts:
    """The facts of the store as they were known at a moment (now): one row a party and an open fact.

    A fact that states no `recorded_at` is known from the moment of its first load. Raises StoreError
    if nothing was ever loaded.
    """
    if progress is not None:
        progress("snapshot", 0, 0)
    frames = {stem: as_known(frame, known_at) for stem, frame in snapshot(graph).items()}
    if frames["parties"].is_empty():
        raise StoreError(
            "The store holds no facts" + (" known by then." if known_at else "."),
            remedy="Load some first: guanlian load PATH; or name a folder of facts in the question.",
        )
    frames["parties"] = one_row_a_party(frames["parties"])
    facts = Facts({stem: _plain(stem, frame) for stem, frame in frames.items()})
    return Facts(facts.frames, tuple(_not_applied(facts, "decisions")))


def as_known(frame: pl.DataFrame, known_at: datetime | None) -> pl.DataFrame:
    """The versions of a snapshot's frame that were known and open at a moment (now)."""
    still = pl.col("superseded_at").is_null()
    if known_at is None:
        return frame.filter(still)
    return frame.filter((pl.col("known_from") <= known_at) & (still | (pl.col("superseded_at") > known_at)))


def one_row_a_party(parties: pl.DataFrame) -> pl.DataFrame:
    """Of a party with several records the first that states a value counts, in the order of record keys.

    Such parties are there by all their keys: `records` lists them.
    """
    if not parties["id"].is_duplicated().any():
        return parties
    values = [name for name in parties.columns if name not in {"id", KEY, "stub", "record"}]
    return (
        parties.sort("record")
        .group_by("id", maintain_order=True)
        .agg(
            pl.col(KEY).min(),
            pl.col("stub").all(),
            pl.col("record").alias(RECORDS),
            *(pl.col(name).drop_nulls().first() for name in values),
        )
    )


def _plain(stem: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Without the store's own books, which have been applied."""
    extra = [name for name in STORE_EXTRAS if name in frame.columns]
    return frame.select(*empty_frame(stem).columns, *extra)
