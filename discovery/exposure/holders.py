"""Changes among those who hold members: directly, and through others."""

from __future__ import annotations

from typing import Final

import polars as pl

from discovery.facts.lists import in_order

MOST_PAIRS: Final = 5_000_000  # of (company, somebody above it) that are looked at

_PAIR: Final = ["holder", "company"]
_STATED: Final = ["holder", "company", "equity", "votes", "fact"]


class TooMany(Exception):
    """More pairs than may be looked at."""


def changed_holdings(now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Shares that differ between two days: `holder`, `company`, `facts`; companies on file on both alone."""
    one = now.join(before, on=_STATED, how="anti", nulls_equal=True)
    other = before.join(now, on=_STATED, how="anti", nulls_equal=True)
    touched = pl.concat([one.select(_PAIR), other.select(_PAIR)]).unique()
    touched = touched.join(now, on="company", how="semi").join(before, on="company", how="semi")
    sums = [
        frame.join(touched, on=_PAIR, how="semi")
        .group_by("holder", "company")
        .agg(pl.col("equity").sum(), pl.col("votes").sum(), pl.col("fact").sort())
        for frame in (now, before)
    ]
    rows = sums[0].join(sums[1], on=["holder", "company"], how="full", coalesce=True)
    same = pl.col("equity").eq_missing(pl.col("equity_right")) & pl.col("votes").eq_missing(
        pl.col("votes_right")
    )
    facts = in_order(
        pl.concat_list(pl.col("fact").fill_null([]), pl.col("fact_right").fill_null([])).list.unique()
    )
    return rows.filter(~same).select("holder", "company", facts=facts)


def new_indirect_holders(now: pl.DataFrame, before: pl.DataFrame, members: pl.Series) -> pl.DataFrame:
    """Who stands above a member today through others and did not at all before: `company`, `holder`.

    Members without holders on the earlier day are left out: nothing is known of them. Raises TooMany.
    """
    edges = [frame.select("holder", "company").unique() for frame in (now, before)]
    new = edges[0].join(edges[1], on=["holder", "company"], how="anti")
    touched = _below(edges[0], new["company"])
    known = members.filter(members.is_in(touched.implode()) & members.is_in(edges[1]["company"].implode()))
    above = [_above(frame, known) for frame in edges]
    direct = edges[0].rename({"holder": "above"})
    return (
        above[0]
        .join(above[1], on=["company", "above"], how="anti")
        .join(direct, on=["company", "above"], how="anti")
        .select("company", holder="above")
    )


def _below(edges: pl.DataFrame, companies: pl.Series) -> pl.Series:
    """The companies and all that they hold through others."""
    found = frontier = companies.unique()
    while len(frontier):
        next_ = edges.join(pl.DataFrame({"holder": frontier}), on="holder", how="semi")["company"].unique()
        frontier = next_.filter(~next_.is_in(found.implode()))
        found = pl.concat([found, frontier])
    return found


def _above(edges: pl.DataFrame, companies: pl.Series) -> pl.DataFrame:
    """Everybody above each company: `company`, `above`."""
    up = edges.rename({"holder": "above", "company": "here"})
    found = frontier = pl.DataFrame({"company": companies.unique(), "above": companies.unique()})
    while frontier.height:
        next_ = (
            frontier.join(up, left_on="above", right_on="here")
            .select("company", above="above_right")
            .unique()
        )
        frontier = next_.join(found, on=["company", "above"], how="anti")
        found = pl.concat([found, frontier])
        if found.height > MOST_PAIRS:
            raise TooMany
    return found.filter(pl.col("company") != pl.col("above"))
