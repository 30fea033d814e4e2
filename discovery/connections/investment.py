"""Signs of a hidden investment relation: nominees, capital paid by others, stakes passed on, partnerships."""

from __future__ import annotations

import polars as pl

from discovery.connections.signs import Watched, between, signs
from discovery.facts.graph import KIND_CODE, ended
from discovery.policies.values import millionths


def nominee_holding(day: Watched) -> pl.DataFrame:
    """One holds shares in the other's name, in whatever company."""
    rows = day.graph.holdings.filter(pl.col("registered") != pl.col("holder"))
    facts = pl.concat_list("fact", "nominee").list.drop_nulls()
    return signs(rows.select(left="registered", right="holder", facts=facts), "nominee_holding")


def capital_from_other(day: Watched) -> pl.DataFrame:
    """Capital was paid into a company from the account of one that is no shareholder on file."""
    paid = between(day.graph["payments"]).filter(pl.col("kind") == "capital_contribution")
    held = day.graph.holdings.select("registered", "holder", "company")
    for who in ("registered", "holder"):
        paid = paid.join(held, left_on=["from", "to"], right_on=[who, "company"], how="anti")
    rows = paid.select(left="from", right="to", facts=pl.concat_list("fact"))
    return signs(rows, "capital_from_other")


def nominal_share_transfer(day: Watched) -> pl.DataFrame:
    """A company passed a stake it held to one of its people at no fair price; the person holds it now."""
    passed = between(day.graph["trades"]).filter(
        (pl.col("kind") == "asset_transfer") & ~pl.col("at_fair_price").fill_null(value=True)
    )
    staff = day.offices.select(giver="company", taker="person", office="fact")
    before = ended(day.graph, "holdings").filter((pl.col("holder") >= 0) & (pl.col("company") >= 0))
    rows = (
        passed.select(giver="from", taker="to", trade="fact")
        .join(staff, on=["giver", "taker"])
        .join(before.select(giver="holder", company="company", was="fact"), on="giver")
        .join(
            day.graph.holdings.select(taker="registered", company="company", now="fact"),
            on=["taker", "company"],
        )
    )
    facts = pl.concat_list("trade", "office", "was", "now")
    found = rows.select(left="giver", right="company", third="taker", facts=facts, value=pl.lit("1"))
    return signs(found, "nominal_share_transfer")


def held_through_partnership(day: Watched) -> pl.DataFrame:
    """One has capital in a partnership that has capital in the other."""
    legs = _partnership_legs(day, millionths(day.rule.fund_share))
    found = legs.select(
        left="holder", right="company", third="fund", facts=pl.concat_list("facts", "facts_fund"),
        value=pl.lit("1"),
    )  # fmt: skip
    return signs(found, "held_through_partnership")


def same_investor_behind_funds(day: Watched) -> pl.DataFrame:
    """One investor has capital in two partnerships, each of which has capital in one of the two."""
    legs = _partnership_legs(day, millionths(day.rule.investor_share))
    reach = legs.group_by("holder").agg(many=pl.col("company").n_unique())
    few = reach.filter(pl.col("many") <= day.rule.most_sharing).select("holder")
    legs = legs.join(few, on="holder", how="semi")
    pairs = legs.join(legs, on="holder", suffix="_too").filter(
        (pl.col("company") < pl.col("company_too")) & (pl.col("fund") != pl.col("fund_too"))
    )
    facts = pl.concat_list("facts", "facts_fund", "facts_too", "facts_fund_too")
    found = pairs.select(left="company", right="company_too", third="holder", facts=facts, value=pl.lit("1"))
    return signs(found, "same_investor_behind_funds")


def _partnership_legs(day: Watched, least_in_fund: int) -> pl.DataFrame:
    """Who has capital in a partnership that has capital in a company: both legs with their facts."""
    kind = day.graph.parties.kind
    equity = day.equity
    funds = pl.Series(kind[equity["company"].to_numpy()] == KIND_CODE["partnership"], dtype=pl.Boolean)
    first = equity.filter(funds & (pl.col("equity") >= least_in_fund))
    second = equity.filter(pl.col("equity") >= millionths(day.rule.fund_share))
    return first.select("holder", fund="company", facts="facts").join(
        second.select(fund="holder", company="company", facts_fund="facts"), on="fund"
    )
