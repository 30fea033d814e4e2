"""Which statement of a holding counts on a day, and who really holds.

A register is the rows of one source, document and start day about one company record: rows of one
holder in it add up. Where several registers speak of the same holder and company, one counts.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.facts.schema import PARTY_KINDS

_PARTNERSHIP = PARTY_KINDS.index("partnership")
_REGISTER = ["source", "document", "valid_from", "company_record"]


def holdings_of_the_day(
    rows: pl.DataFrame, agreements: pl.DataFrame, kind: npt.NDArray[np.int8]
) -> pl.DataFrame:
    """The holdings that count, one row a fact; `holder` is the one behind a nominee.

    Where a nominee of a nominee holds for several in that company, the one with the smallest record key.
    """
    if "company_record" not in rows.columns:
        rows = rows.with_columns(company_record=pl.col("company"))
    stated = rows.filter(pl.col("equity_percent").is_not_null() | pl.col("voting_percent").is_not_null())
    frame = _one_register(
        stated.with_columns(
            registered=pl.col("holder"),
            measure_assumed=pl.col("equity_percent").is_null() | pl.col("voting_percent").is_null(),
            equity=pl.coalesce("equity_percent", "voting_percent"),
            votes=pl.coalesce("voting_percent", "equity_percent"),
        )
    )
    frame = _behind(frame, agreements)
    partnership = pl.Series((kind == _PARTNERSHIP)[frame["company"].to_numpy()], dtype=pl.Boolean)
    return frame.with_columns(votes=pl.when(partnership).then(0).otherwise(pl.col("votes"))).select(
        "fact", "row", "registered", "holder", "company", "equity", "votes", "measure_assumed", "conflicting",
        "confidence", "nominee",
    )  # fmt: skip


def _one_register(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep, for each holder and company, the register that counts; mark where another was set aside."""
    pair = ["holder", "company"]
    totals = frame.group_by(pair + _REGISTER).agg(
        stated=pl.col("recorded_at").max(), votes=pl.col("votes").sum(), equity=pl.col("equity").sum()
    )
    order = ["stated", "valid_from", "votes", "equity", "source", "document", "company_record"]
    several = totals.filter(pl.len().over(pair) > 1)
    if several.is_empty():
        return frame.with_columns(conflicting=pl.lit(value=False))
    chosen = several.sort(order, descending=True, nulls_last=True).unique(
        pair, keep="first", maintain_order=True
    )
    keep = chosen.select(pair + _REGISTER).with_columns(conflicting=pl.lit(value=True))
    contested = frame.join(several.select(pair).unique(), on=pair, how="semi")
    settled = frame.join(several.select(pair).unique(), on=pair, how="anti")
    return pl.concat(
        [
            settled.with_columns(conflicting=pl.lit(value=False)),
            contested.join(keep, on=pair + _REGISTER, how="inner", nulls_equal=True),
        ],
        how="diagonal",
    ).sort("fact")


def _behind(frame: pl.DataFrame, agreements: pl.DataFrame) -> pl.DataFrame:
    """Look through nominees: equity and votes belong to the one behind, through any number of hands."""
    named = agreements.filter(pl.col("kind") == "nominee").sort("fact")
    if named.is_empty() and not (frame["nominee_for"] >= 0).any():
        return frame.with_columns(nominee=pl.lit(None, dtype=pl.String))
    holders = frame["holder"].to_list()
    companies = frame["company"].to_list()
    stated = frame["nominee_for"].to_list()
    by_pair: dict[tuple[int, int], tuple[int, str]] = {}
    for party, behind, company, fact in named.select("party", "with", "company", "fact").iter_rows():
        by_pair.setdefault((party, company), (behind, fact))
    behind_row: dict[tuple[int, int], int] = {}  # of several that one holds for, the one of the smallest key
    for holder, company, other in zip(holders, companies, stated, strict=True):
        if other >= 0 and other != holder:
            behind_row[holder, company] = min(other, behind_row.get((holder, company), other))
    owner: list[int] = []
    through: list[str | None] = []
    for holder, company, other in zip(holders, companies, stated, strict=True):
        first = by_pair.get((holder, company)) or by_pair.get((holder, -1))
        current, fact = (other, None) if other >= 0 else first or (holder, None)
        seen = {holder}
        while current not in seen:
            seen.add(current)
            further = behind_row.get((current, company))
            if further is None:
                link = by_pair.get((current, company)) or by_pair.get((current, -1))
                further = link[0] if link else current
            current = further
        owner.append(current)
        through.append(fact)
    return frame.with_columns(
        holder=pl.Series(owner, dtype=pl.Int32), nominee=pl.Series(through, dtype=pl.String)
    )
