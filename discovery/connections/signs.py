"""What the rules on hidden association share: the day they look at, and the shape of what they find."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.facts.graph import FactGraph
from discovery.facts.schema import NON_EXECUTIVE_ROLES
from discovery.policies.hidden_association import HiddenAssociation

# One row a sign: the rule's name, two parties, who stands between them (or -1), what was measured, the facts.
SIGN: Final[dict[str, pl.DataType]] = {
    "indicator": pl.String(),
    "left": pl.Int32(),
    "right": pl.Int32(),
    "third": pl.Int32(),
    "value": pl.String(),
    "facts": pl.List(pl.String()),
}
BOTH_WAYS: Final = ("left", "right")


@dataclass(frozen=True)
class Watched:
    """The facts of a day and the thresholds of a policy; `clients` are those whom signs are about."""

    graph: FactGraph
    rule: HiddenAssociation
    clients: npt.NDArray[np.bool_]

    @cached_property
    def offices(self) -> pl.DataFrame:
        """Offices that persons hold on the day; `executive` is filled in by the role where empty."""
        rows = self.graph["offices"].filter((pl.col("person") >= 0) & (pl.col("company") >= 0))
        people = pl.Series(self.graph.parties.person[rows["person"].to_numpy()], dtype=pl.Boolean)
        return rows.filter(people).with_columns(executive=executive())

    @cached_property
    def equity(self) -> pl.DataFrame:
        """Equity a holder and company: `holder`, `company`, `equity`, `facts`."""
        held = self.graph.holdings.group_by("holder", "company")
        return held.agg(pl.col("equity").sum(), facts=pl.col("fact").sort())

    def months_before(self, months: int) -> date:
        """The same day so many months earlier, or the month's last day."""
        return months_before(self.graph.as_of, months)

    def lately(self, stem: str) -> pl.DataFrame:
        """Payments or trades between two parties whose date lies in the months looked at, or is not told."""
        since = self.months_before(self.rule.dealings_within_months)
        dated = pl.col("date").is_null() | ((pl.col("date") > since) & (pl.col("date") <= self.graph.as_of))
        return between(self.graph[stem]).filter(dated)


def executive() -> pl.Expr:
    """Is the office executive; by its role where the row does not say."""
    return pl.col("executive").fill_null(~pl.col("role").is_in(NON_EXECUTIVE_ROLES))


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or that month's last day."""
    whole = day.year * 12 + day.month - 1 - months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def between(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows from one known party to another."""
    return rows.filter((pl.col("from") >= 0) & (pl.col("to") >= 0) & (pl.col("from") != pl.col("to")))


def signs(rows: pl.DataFrame, indicator: str) -> pl.DataFrame:
    """Rows `left`, `right`, `facts`, and if they have them `third` and `value`, as signs, a pair once.

    Several rows of one pair (and third) are one sign with all their facts; `value` is then their number.
    """
    third = pl.col("third") if "third" in rows.columns else pl.lit(-1, dtype=pl.Int32)
    value = pl.col("value") if "value" in rows.columns else pl.lit(None, dtype=pl.String)
    pairs = rows.filter(pl.col("left") != pl.col("right")).select(
        left=pl.min_horizontal(*BOTH_WAYS), right=pl.max_horizontal(*BOTH_WAYS), third=third.cast(pl.Int32),
        value=value, facts="facts",
    )  # fmt: skip
    found = pairs.group_by("left", "right", "third").agg(
        value=pl.coalesce(pl.col("value").max(), pl.len().cast(pl.String)),
        facts=pl.col("facts").explode().drop_nulls().unique().sort(),
    )
    return found.select(indicator=pl.lit(indicator), **{name: pl.col(name) for name in list(SIGN)[1:]}).cast(
        SIGN  # type: ignore[arg-type]  # a dict is a schema
    )


def no_signs() -> pl.DataFrame:
    return pl.DataFrame(schema=SIGN)


def meeting(rows: pl.DataFrame, at: str, most: int, indicator: str) -> pl.DataFrame:
    """Companies that meet at the same person or point: rows `at`, `company`, `fact`; none past `most`."""
    once = rows.group_by(at, "company").agg(facts=pl.col("fact"))
    few = once.filter((pl.len().over(at) > 1) & (pl.len().over(at) <= most))
    pairs = few.join(few, on=at, suffix="_too").filter(pl.col("company") < pl.col("company_too"))
    return signs(
        pairs.select(
            left="company", right="company_too", third=pl.col(at).cast(pl.Int32),
            facts=pl.concat_list("facts", "facts_too"), value=pl.lit("1"),
        ),
        indicator,
    )  # fmt: skip
