"""Which versions of facts and records a load adds and closes: a pure comparison of two frames.

A version is told from another by its `content` (text). A version that says what an open one says changes
nothing; one that says something else is added, and the versions of a fact form one line in time: each is
superseded at the moment from which the next one is known, so the order of loading does not matter.
Versions of a load that was withdrawn stay in the store and have no say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

KNOWN: Final = {
    "id": pl.String(),
    "version": pl.Int64(),
    "content": pl.String(),
    "known_from": pl.String(),
    "superseded_at": pl.String(),
    "closed_because": pl.String(),
}
CLOSINGS: Final = {
    "id": pl.String(),
    "version": pl.Int64(),
    "superseded_at": pl.String(),
    "closed_because": pl.String(),
    "undo_superseded_at": pl.String(),
}
BY_VERSION: Final = "version"  # closed by the next version of itself
BY_FACT: Final = "supersedes"  # closed by another fact that says so
ABSENT: Final = "replaced"  # absent from its source's replacement
UNLOADED: Final = "unload"


@dataclass(frozen=True)
class Changes:
    """`added`: the incoming rows that become versions, with the store's books. `closed`: see CLOSINGS.

    `fresh` counts added rows whose fact is new, `changed` the other added ones, `unchanged` what was known.
    """

    added: pl.DataFrame
    closed: pl.DataFrame
    fresh: int
    changed: int
    unchanged: int
    unknown_superseded: int = 0


def compare(
    incoming: pl.DataFrame, known: pl.DataFrame, now: str, *, closing: str | None = "supersedes"
) -> Changes:
    """What a load changes.

    `incoming`: `id`, `content`, `recorded_at` (stated, or null), in `closing` the id of another fact that a
    row ends (or null), and any further columns. `known`: KNOWN, all versions of all ids that occur.
    """
    rows = incoming.unique(["id", "content"], keep="first", maintain_order=True)
    last = known.group_by("id").agg(pl.col("version").max().alias("last"))
    known = known.filter(pl.col("closed_because").ne_missing(UNLOADED))
    news = rows.filter(~_told_before(rows, known))
    added = (
        news.with_columns(pl.col("recorded_at").fill_null(now).alias("known_from"))
        .join(_withdrawn(known), on="id", how="left", maintain_order="left")
        .with_columns(pl.max_horizontal("known_from", "withdrawn_at").alias("known_from"))
        .drop("withdrawn_at")
        .join(last, on="id", how="left", maintain_order="left")
        .sort("known_from", maintain_order=True)
        .with_columns(
            (pl.col("last").fill_null(0) + pl.int_range(1, pl.len() + 1).over("id")).alias("version")
        )
    )
    fresh = added.join(known, on="id", how="anti")["id"].n_unique()
    added = added.drop("last")
    named = added.select("known_from", supersedes=pl.lit(None, pl.String) if closing is None else closing)
    line, unknown = _superseded(_line(_in_company(added, known, named["supersedes"]), known), named)
    books = line.filter("new").select("id", "version", "superseded_at", "closed_because")
    added = added.join(books, on=["id", "version"], how="left", maintain_order="left")
    changed_lines = ~pl.col("new") & pl.col("superseded_at").ne_missing(pl.col("was"))
    closed = line.filter(changed_lines).with_columns(undo_superseded_at=pl.col("was")).select(*CLOSINGS)
    return Changes(added, closed, fresh, added.height - fresh, rows.height - added.height, unknown)


def absent(open_ids: pl.DataFrame, present: pl.Series, now: str) -> pl.DataFrame:
    """Closings of a source's open versions (`id`, `version`) that its replacement no longer has."""
    return open_ids.filter(~pl.col("id").is_in(present.implode())).select(
        "id",
        "version",
        pl.lit(now).alias("superseded_at"),
        pl.lit(ABSENT).alias("closed_because"),
        pl.lit(None, pl.String).alias("undo_superseded_at"),
    )


def _told_before(rows: pl.DataFrame, known: pl.DataFrame) -> pl.Series:
    """Rows that say nothing new: an open version says so, or a later statement has already overtaken them."""
    told = known.group_by("id", "content").agg(
        pl.col("superseded_at").is_null().any().alias("open"),
        (pl.col("closed_because") == BY_FACT).any().alias("by_fact"),
        (pl.col("closed_because") == BY_VERSION).any().alias("by_version"),
    )
    joined = rows.join(told, on=["id", "content"], how="left", maintain_order="left")
    overtaken = pl.col("by_fact") | (pl.col("by_version") & pl.col("recorded_at").is_not_null())
    return joined.select((pl.col("open") | overtaken).fill_null(False))["open"]


def _withdrawn(known: pl.DataFrame) -> pl.DataFrame:
    """When a fact was last withdrawn: what is stated of it again counts from then on, never before."""
    return (
        known.filter(pl.col("closed_because") == ABSENT)
        .group_by("id")
        .agg(pl.col("superseded_at").max().alias("withdrawn_at"))
    )


def _in_company(added: pl.DataFrame, known: pl.DataFrame, named: pl.Series) -> pl.DataFrame:
    """The added versions without those that are the only one of their fact and that nothing ends."""
    others = pl.concat([known["id"], named.drop_nulls()]).implode()
    return added.filter(pl.col("id").is_duplicated() | pl.col("id").is_in(others))


def _line(added: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """All versions of the facts that got one, each superseded by the next; `was`: what the store has now."""
    old = known.with_columns(pl.lit(False).alias("new"), pl.col("superseded_at").alias("was"))
    none = pl.lit(None, pl.String)
    new = added.select(
        "id",
        "version",
        "content",
        "known_from",
        none.alias("superseded_at"),
        none.alias("closed_because"),
        pl.lit(True).alias("new"),
        none.alias("was"),
    )
    touched = pl.col("new").any().over("id")
    held = pl.col("closed_because").is_in([BY_FACT, ABSENT]).fill_null(False)
    following = pl.col("known_from").shift(-1).over("id")
    moved = touched & ~held & following.is_not_null()
    return (
        pl.concat([old, new])
        .sort("id", "known_from", "version")
        .with_columns(
            pl.when(moved).then(following).otherwise("superseded_at").alias("superseded_at"),
            pl.when(moved).then(pl.lit(BY_VERSION)).otherwise("closed_because").alias("closed_because"),
        )
    )


def _superseded(line: pl.DataFrame, added: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Close what the added rows name as superseded, from the moment they are known."""
    named = (
        added.filter(pl.col("supersedes").is_not_null())
        .group_by(pl.col("supersedes").alias("id"))
        .agg(pl.col("known_from").min().alias("named_at"))
    )
    unknown = named.join(line, on="id", how="anti").height
    closing = pl.col("named_at").is_not_null() & pl.col("superseded_at").is_null()
    closed = line.join(named, on="id", how="left", maintain_order="left").with_columns(
        pl.when(closing).then("named_at").otherwise("superseded_at").alias("superseded_at"),
        pl.when(closing).then(pl.lit(BY_FACT)).otherwise("closed_because").alias("closed_because"),
    )
    return closed.drop("named_at"), unknown
