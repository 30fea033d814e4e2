"""Outcomes that are no group, as a frame: REVIEW, RELATED, LINK."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
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
    "attributed_to": pl.String(),  # a group id
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
    attributed_to: str | None = None


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
        columns["attributed_to"].append(pair.attributed_to)
    return pl.DataFrame([_series(name, dtype, columns[name]) for name, dtype in SCHEMA.items()])


def _series(name: str, dtype: pl.DataType, values: list[object]) -> pl.Series:
    """A column; lists are put together from their items, far faster than one by one."""
    if not isinstance(dtype, pl.List) or not values:
        return pl.Series(name, values, dtype=dtype)
    lists: list[list[object]] = values  # type: ignore[assignment]  # the dtype says so
    rows = pl.DataFrame({"row": np.arange(len(lists), dtype=np.int32)})
    numbers = np.repeat(rows["row"].to_numpy(), [len(items) for items in lists])
    flat = pl.Series("item", list(chain.from_iterable(lists)), dtype=dtype.inner)
    items = pl.DataFrame({"row": numbers, "item": flat}).group_by("row", maintain_order=True).agg("item")
    whole = rows.join(items, on="row", how="left", maintain_order="left")["item"]
    return whole.fill_null(pl.Series([[]], dtype=dtype)).alias(name)
