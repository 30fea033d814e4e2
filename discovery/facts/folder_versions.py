"""Versions of a fact or party that stand in one package: until when each of them was what is known.

A version is known from its `recorded_at` (empty: always) until the next one's. Of versions recorded at
the same moment one alone counts, never by row order.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl

SUPERSEDED: Final = "superseded_at"
REMEMBERED: Final = ("recorded_at", "valid_to", "confidence", "supersedes")  # tell versions apart
NEVER: Final = datetime(1, 1, 1)  # noqa: DTZ001  moments of the facts are naive UTC


def lined_up(versions: pl.DataFrame, name: str) -> pl.DataFrame:
    """The versions of each `name` that were ever known, with `superseded_at`; the last one is open."""
    marks = [mark for mark in REMEMBERED if mark in versions.columns]
    ordered = versions.sort(*(rank(mark) for mark in marks), maintain_order=True) if marks else versions
    moment = ["recorded_at"] if "recorded_at" in versions.columns else []
    once = ordered.unique([name, *moment], keep="last", maintain_order=True)
    following = pl.col("recorded_at").shift(-1).over(name) if moment else pl.lit(None, pl.Datetime("us"))
    return once.with_columns(following.alias(SUPERSEDED))


def replaced(frame: pl.DataFrame) -> pl.DataFrame:
    """With `superseded_at` also where another row says that it replaces the fact, from when that is known."""
    if "supersedes" not in frame.columns or frame["supersedes"].null_count() == frame.height:
        return frame
    recorded = pl.col("recorded_at") if "recorded_at" in frame.columns else pl.lit(None, pl.Datetime("us"))
    named = (
        frame.filter(pl.col("supersedes").is_not_null())
        .group_by(fact="supersedes")
        .agg(recorded.fill_null(NEVER).min().cast(pl.Datetime("us")).alias("named_at"))
    )
    ended = pl.col(SUPERSEDED) if SUPERSEDED in frame.columns else pl.lit(None, pl.Datetime("us"))
    return (
        frame.join(named, on="fact", how="left", maintain_order="left")
        .with_columns(pl.min_horizontal(ended, "named_at").alias(SUPERSEDED))
        .drop("named_at")
    )


def current(frame: pl.DataFrame) -> pl.DataFrame:
    """The versions that nothing has replaced."""
    return frame.filter(pl.col(SUPERSEDED).is_null()) if SUPERSEDED in frame.columns else frame


def rank(name: str) -> pl.Expr:
    """The order of versions: unrecorded first, an open end last."""
    column = pl.col(name)
    if name == "valid_to":
        return column.fill_null(pl.date(9999, 12, 31))
    if name == "recorded_at":
        return column.fill_null(NEVER)
    return column.fill_null(-1) if name == "confidence" else column.fill_null("")
