"""What members owe, counted in the three ways that measures know.

A credit row's `balance` is what is outstanding, `exposure` the part of it that nothing covers, `limit`
what was granted. An empty exposure is the whole balance, or nothing of a low-risk row, which is covered
by definition; an empty balance is the exposure, of a commitment else the limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

from discovery.exposure.products import COVERABLE, families
from discovery.facts.graph import FactGraph
from discovery.policies.administration import COUNTS, Counting

GROSS, NET, UNCOVERED = COUNTS
AMOUNTS: Final = (*COUNTS, "limit", "granted")


def credit_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of credits with `family`, the amount under each way of counting, `granted` and `active`."""
    rows = rows.filter(pl.col("client") >= 0)
    rows = rows.with_columns(families(rows["product"]).alias("family"))
    low = pl.col("low_risk").fill_null(value=False)
    promised = pl.when(pl.col("family") == "commitment").then(pl.col("limit"))
    gross = pl.coalesce("balance", "exposure", promised).fill_null(0)
    open_part = pl.coalesce("exposure", pl.when(low).then(0).otherwise(gross))
    coverable = pl.col("family").is_in(COVERABLE)
    return rows.select(
        "client",
        "branch",
        "family",
        "quality",
        "opened_on",
        "fact",
        pl.col("currency").fill_null(""),
        low_risk=low,
        balance=pl.col("balance").fill_null(0),
        limit=pl.col("limit").fill_null(0),
        granted=pl.max_horizontal(pl.col("limit").fill_null(0), gross),
        active=pl.max_horizontal("limit", "balance", "exposure").fill_null(0) > 0,
        **{GROSS: gross, NET: open_part, UNCOVERED: pl.when(coverable).then(open_part).otherwise(gross)},
    )


def counted(rows: pl.DataFrame, counting: Counting | None) -> pl.DataFrame:
    """The rows that the measures count; what they leave open counts."""
    if counting is None:
        return rows
    kept = pl.lit(value=True)
    if counting.include_bonds is False:
        kept &= pl.col("family") != "bond"
    if counting.include_derivatives is False:
        kept &= pl.col("family") != "derivative"
    if counting.include_low_risk is False:
        kept &= ~pl.col("low_risk")
    return rows.filter(kept)


def sums(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Amounts summed by keys, with the one `currency` (null where there are several)."""
    one = pl.when(pl.col("currency").n_unique() == 1).then(pl.col("currency").first())
    return rows.group_by(by).agg(
        *(pl.col(name).cast(pl.Int128).sum() for name in AMOUNTS), currency=one, rows=pl.len()
    )


@dataclass(frozen=True)
class Credit:
    """The credit of some groups' client members; `lent` is everybody's (`credit_rows`)."""

    graph: FactGraph
    lent: pl.DataFrame
    members: pl.DataFrame
    counting: Counting | None

    @property
    def on_file(self) -> bool:
        """Are there any credits at all?"""
        return not self.graph["credits"].is_empty()

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The rows of members: `unit` and the columns of `credit_rows`."""
        rows = self.members.join(self.lent, left_on="company", right_on="client")
        return rows.rename({"company": "client"})

    @cached_property
    def counted(self) -> pl.DataFrame:
        """The rows that the measures count against limits."""
        return counted(self.rows, self.counting)

    @cached_property
    def of_groups(self) -> pl.DataFrame:
        return sums(self.counted, "unit")

    @cached_property
    def of_members(self) -> pl.DataFrame:
        return sums(self.counted, "unit", "client")

    @cached_property
    def by_family(self) -> pl.DataFrame:
        return sums(self.rows, "unit", "family")

    @cached_property
    def all_of_members(self) -> pl.DataFrame:
        """Sums of each member over all rows."""
        return sums(self.rows, "unit", "client")

    @cached_property
    def all_of_groups(self) -> pl.DataFrame:
        """Sums over all rows, whatever the measures count."""
        return sums(self.rows, "unit")
