"""Outcomes that are no group, as a frame: REVIEW, RELATED, LINK."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import polars as pl

SCHEMA: Final[dict[str, pl.DataType]] = {
    "outcome": pl.String(),
    "reason": pl.String(),
    "parties": pl.List(pl.Int32),
    "with": pl.List(pl.Int32),
    "basis": pl.List(pl.String),
    "flags": pl.List(pl.String),
    "facts": pl.List(pl.String),
    "measured": pl.List(pl.String),  # name, value, name, value ...
}


class Pair(NamedTuple):
    """One outcome: the companies in question, the unit's head or the persons, facts, measurements."""

    outcome: str
    reason: str
    parties: Sequence[int]
    others: Sequence[int] = ()
    basis: Sequence[str] = ()
    flags: Sequence[str] = ()
    facts: Sequence[str] = ()
    measured: Sequence[str] = ()


def pair_frame(pairs: Iterable[Pair] = ()) -> pl.DataFrame:
    """The outcomes as a frame of `SCHEMA`, parties sorted, each outcome once."""
    columns: dict[str, list[object]] = {name: [] for name in SCHEMA}
    for pair in pairs:
        columns["outcome"].append(pair.outcome)
        columns["reason"].append(pair.reason)
        columns["parties"].append(sorted(set(pair.parties)))
        columns["with"].append(list(dict.fromkeys(pair.others)))
        columns["basis"].append(list(pair.basis))
        columns["flags"].append(list(pair.flags))
        columns["facts"].append(sorted(set(pair.facts)))
        columns["measured"].append(list(pair.measured))
    return pl.DataFrame(columns, schema=SCHEMA)
