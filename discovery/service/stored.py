"""The store's facts, as an answer needs them; and the store itself, opened."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl

from discovery.errors import StoreError
from discovery.facts.facts import KEY, Facts, empty_frame
from discovery.graph.connection import Graph, connect
from discovery.graph.snapshot import snapshot
from discovery.service.sources import Progress, staged

RECORDS: Final = "records"  # on parties of several records: the keys of all of them
STORE_EXTRAS: Final = ("company_record", RECORDS)


class StoreEmpty(StoreError):
    """The store answers and holds no facts."""


def opened_store(progress: Progress | None = None) -> Graph:
    """The store, ready: the one `NEO4J_URI` names, else the local one, fetched and started if need be."""
    if progress is not None:
        progress("neo4j", 0, 0)
    return connect(progress=staged(progress, "neo4j"))


def store_facts(graph: Graph, known_at: datetime | None = None, progress: Progress | None = None) -> Facts:
    """The facts of the store as they were known at a moment (now): one row a party and an open fact.

    A fact that states no `recorded_at` is known from the moment of its first load. Raises StoreEmpty
    if nothing was ever loaded.
    """
    if progress is not None:
        progress("snapshot", 0, 0)
    frames = {stem: as_known(frame, known_at) for stem, frame in snapshot(graph).items()}
    if frames["parties"].is_empty():
        raise StoreEmpty(
            "The store holds no facts" + (" known by then." if known_at else "."),
            remedy="Load some first: guanlian load PATH; or name a folder of facts in the question.",
        )
    frames["parties"] = one_row_a_party(frames["parties"])
    return Facts({stem: _plain(stem, frame) for stem, frame in frames.items()})


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
