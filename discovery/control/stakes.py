"""Who holds how much of whom directly: the layer of holdings that accumulated ownership is made of."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.control.kernel import rows_by
from discovery.facts.graph import FactGraph

WHOLE: Final = 100_000_000  # 100 % in millionths of a percent
NOBODY: Final = -1


class Stakes(NamedTuple):
    """Holdings in compressed rows by company: `start[c]:start[c + 1]` are the stakes in company c.

    `holder` carries the stake on to who owns the holder. Where `needs` names a second party (who casts
    votes bound by an agreement) the stake counts only for a unit that has both among its own parties.
    `over` marks companies whose register exceeds 100 %.
    """

    start: npt.NDArray[np.int64]
    holder: npt.NDArray[np.int32]
    needs: npt.NDArray[np.int32]
    amount: npt.NDArray[np.int64]
    over: npt.NDArray[np.bool_]


def stakes(graph: FactGraph, measure: str) -> Stakes:
    """The stakes of one measure: `voting`, `equity`, the same `_commanded`, or `higher`.

    `higher` takes for each holder and company the higher of equity and votes, votes with whoever
    commands them (bank practice for indirect shares, `bo-cn-calc`).
    """
    rows = _higher(graph) if measure == "higher" else _of_measure(graph, measure)
    rows = rows.filter(pl.col("amount") > 0)
    start, order = rows_by(rows["company"].to_numpy(), len(graph.parties))
    rows = rows[order]
    sums = np.zeros(len(graph.parties), np.int64)
    np.add.at(sums, rows["company"].to_numpy(), rows["amount"].to_numpy())
    holder, needs, amount = (rows[name].to_numpy() for name in ("holder", "needs", "amount"))
    return Stakes(start, holder, needs, amount, sums > WHOLE)


def _of_measure(graph: FactGraph, measure: str) -> pl.DataFrame:
    bound = pl.col("commander") != pl.col("holder")
    needs = pl.when(bound).then(pl.col("commander")).otherwise(NOBODY) if measure == "voting" else NOBODY
    by = "commander" if measure.endswith("_commanded") else "holder"
    amount = "equity" if measure.startswith("equity") else "votes"
    return graph.holdings.select(
        pl.col(by).alias("holder"),
        "company",
        needs=pl.lit(needs, dtype=pl.Int32) if isinstance(needs, int) else needs.cast(pl.Int32),
        amount=pl.col(amount),
    )


def _higher(graph: FactGraph) -> pl.DataFrame:
    pair = ["holder", "company"]
    equity = _of_measure(graph, "equity").group_by(pair).agg(equity=pl.col("amount").sum())
    votes = _of_measure(graph, "voting_commanded").group_by(pair).agg(votes=pl.col("amount").sum())
    both = equity.join(votes, on=pair, how="full", coalesce=True)
    return both.sort(pair).select(
        *pair,
        needs=pl.lit(NOBODY, dtype=pl.Int32),
        amount=pl.max_horizontal(pl.col("equity").fill_null(0), pl.col("votes").fill_null(0)),
    )
