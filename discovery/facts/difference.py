"""Which facts count on one side and not on the other, or count there in another version."""

from __future__ import annotations

from typing import Final

import polars as pl

from discovery.facts.facts import KEY, Facts
from discovery.facts.graph import FactGraph, day_rows
from discovery.facts.schema import FILES

BOOKS: Final = ("row", "version", "load", "known_from", "superseded_at")  # say nothing of the world
PLACE: Final = "_place"
CHANGES: Final = {"stem": pl.String(), "fact": pl.String(), "change": pl.String()}


def differing(before: FactGraph, after: FactGraph) -> pl.DataFrame:
    """The facts that begin, end or are corrected from one side to the other: `stem`, `fact`, `change`.

    `change`: `begins`, `ends`, `corrected` (both sides have the fact, with other values). Of `parties`
    the fact is the party's id.
    """
    parts = [_compared(stem, *_rows(before, after, stem)) for stem in FILES if stem != "parties"]
    parts.append(_compared("parties", _described(before), _described(after)))
    return pl.concat([pl.DataFrame(schema=CHANGES), *parts])


def _rows(before: FactGraph, after: FactGraph, stem: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of a file that count on one side alone."""
    if before.facts[stem] is after.facts[stem]:
        return _told_apart(before, after, stem)
    old, new = (day_rows(side.facts, stem, side.as_of, side.known_at) for side in (before, after))
    return _exclusive(old, new), _exclusive(new, old)


def _told_apart(before: FactGraph, after: FactGraph, stem: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The same of one file cut twice: rows are told apart by where they stand in it."""
    placed = Facts({stem: before.facts[stem].with_row_index(PLACE)})
    old, new = (day_rows(placed, stem, side.as_of, side.known_at) for side in (before, after))
    return old.join(new, on=PLACE, how="anti").drop(PLACE), new.join(old, on=PLACE, how="anti").drop(PLACE)


def _exclusive(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    shared = [name for name in rows.columns if name in others.columns and name not in BOOKS]
    return rows.join(others, on=shared, how="anti", nulls_equal=True)


def _described(side: FactGraph) -> pl.DataFrame:
    """Parties with what can bear on an answer; a key that has become smaller, too."""
    columns = [name for name in (*(column.name for column in FILES["parties"].columns), KEY, "stub")
               if name not in {"recorded_at", "supersedes", "confidence", "id", "document"}]  # fmt: skip
    return side.parties.frame.select(pl.col("id").alias("fact"), *columns)


def _compared(stem: str, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    if stem == "parties":
        if old.equals(new):
            return pl.DataFrame(schema=CHANGES)
        old, new = _exclusive(old, new), _exclusive(new, old)
    gone, come = old.select("fact").unique(), new.select("fact").unique()
    changes = (
        (come.join(gone, on="fact", how="anti"), "begins"),
        (gone.join(come, on="fact", how="anti"), "ends"),
        (come.join(gone, on="fact", how="semi"), "corrected"),
    )
    return pl.concat(
        [rows.select(stem=pl.lit(stem), fact="fact", change=pl.lit(change)) for rows, change in changes]
    )
