"""What an adoption leaves of a child's birth ties (policies.md A1; Civil Code Art 1111)."""

from __future__ import annotations

from datetime import date

import polars as pl


def without_ended_ties(day: pl.DataFrame, known: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The day's kinship rows without the birth ties that an adoption in force has ended.

    A tie to a birth parent stays who was the adopter's spouse on the day the adoption began (an undated one:
    on the day asked for). Rows of one child and day are one adoption. `known`: all rows known, whenever
    they hold.
    """
    is_parent = pl.col("relation") == "parent_of"
    adopted = day.filter(is_parent & (pl.col("kind") == "adoption"))
    if adopted.is_empty():
        return day
    adoptions = adopted.select(
        child="relative", adopter="person", since="valid_from", on=pl.col("valid_from").fill_null(as_of)
    )
    born = day.filter(is_parent & (pl.col("kind").fill_null("birth") == "birth"))
    tested = born.select("fact", child="relative", parent="person").join(adoptions, on="child")
    married = tested.join(_couples(known), left_on=["parent", "adopter"], right_on=["one", "other"])
    then = (pl.col("start").is_null() | (pl.col("start") <= pl.col("on"))) & (
        pl.col("end").is_null() | (pl.col("end") > pl.col("on"))
    )
    spared = married.filter(then).select("fact", "since").unique()
    ended = tested.join(spared, on=["fact", "since"], how="anti", nulls_equal=True)
    return day.join(ended.select("fact"), on="fact", how="anti", maintain_order="left")


def _couples(known: pl.DataFrame) -> pl.DataFrame:
    """Marriages seen from both sides: `one`, `other`, `start`, `end`; nobody is married to himself."""
    rows = known.filter((pl.col("relation") == "spouse_of") & (pl.col("person") != pl.col("relative")))
    sides = (("person", "relative"), ("relative", "person"))
    return pl.concat(
        [rows.select(one=one, other=other, start="valid_from", end="valid_to") for one, other in sides]
    )
