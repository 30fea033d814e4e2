"""Signs of a hidden tie through people: offices and contact points in common, managers who moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from discovery.connections.signs import Watched, executive, meeting, signs
from discovery.facts.graph import ended

FINANCE: Final = ("chief_accountant", "cfo")
OF_EXECUTIVES: Final = ("same_executive", "manager_moved", "manager_is_nominee")


def same_legal_representative(day: Watched) -> pl.DataFrame:
    """One person is legal representative of both."""
    return _same(day, pl.col("role") == "legal_representative", "same_legal_representative")


def same_executive(day: Watched) -> pl.DataFrame:
    """One person holds an executive office in both, other than legal representative or head of finance."""
    other = ~pl.col("role").is_in(["legal_representative", *FINANCE])
    return _same(day, pl.col("executive") & other, "same_executive")


def same_finance_head(day: Watched) -> pl.DataFrame:
    """One person is head of finance of both."""
    return _same(day, pl.col("role").is_in(FINANCE), "same_finance_head")


def _same(day: Watched, which: pl.Expr, indicator: str) -> pl.DataFrame:
    rows = day.offices.filter(which).select("person", "company", "fact")
    return meeting(rows, "person", day.rule.most_sharing, indicator)


def _contact(column: str) -> Callable[[Watched], pl.DataFrame]:
    def same(day: Watched) -> pl.DataFrame:
        parties = day.graph.parties
        frame = parties.frame.select(
            point=pl.col(column),
            company=pl.int_range(pl.len(), dtype=pl.Int32),
            person=pl.Series(parties.person),
        ).drop_nulls("point")
        many = pl.len().over("point")
        few = frame.filter((many > 1) & (many <= day.rule.most_sharing)).filter(~pl.col("person"))
        pairs = few.join(few, on="point", suffix="_too").filter(pl.col("company") < pl.col("company_too"))
        none = pl.lit([], dtype=pl.List(pl.String))
        found = pairs.select(left="company", right="company_too", facts=none, value=pl.lit("1"))
        return signs(found, f"same_{column}")

    same.__doc__ = f"Both have the same {column}, and not so many others that it says nothing."
    return same


same_phone = _contact("phone")
same_email = _contact("email")
same_address = _contact("address")


def manager_moved(day: Watched) -> pl.DataFrame:
    """A person left an executive office in one and took one in the other, both of late."""
    since = day.months_before(day.rule.moved_within_months)
    left = ended(day.graph, "offices").filter((pl.col("person") >= 0) & (pl.col("company") >= 0))
    left = left.filter(executive() & (pl.col("valid_to") > since)).select(
        "person", was="company", gone="fact"
    )
    held = day.offices.filter("executive")
    left = left.join(held, left_on=["person", "was"], right_on=["person", "company"], how="anti")
    joined = held.filter(pl.col("valid_from") > since).select("person", now="company", come="fact")
    rows = left.join(joined, on="person").filter(pl.col("was") != pl.col("now"))
    found = rows.select(
        left="was", right="now", third="person", facts=pl.concat_list("gone", "come"), value=pl.lit("1")
    )
    return signs(found, "manager_moved")


def manager_is_nominee(day: Watched) -> pl.DataFrame:
    """An executive of one stands in the register of the other for somebody else."""
    named = day.graph.holdings.filter(pl.col("registered") != pl.col("holder"))
    rows = named.select(person="registered", other="company", share="fact").join(
        day.offices.filter("executive").select("person", "company", office="fact"), on="person"
    )
    found = rows.filter(pl.col("other") != pl.col("company")).select(
        left="company", right="other", third="person", facts=pl.concat_list("share", "office"),
        value=pl.lit("1"),
    )  # fmt: skip
    return signs(found, "manager_is_nominee")
