"""Signs of a hidden tie through dealings: concentration, unfair prices, money or goods there and back."""

from __future__ import annotations

from typing import Final

import polars as pl

from discovery.connections.signs import Watched, between, signs
from discovery.facts.schema import PERCENT_SCALE
from discovery.policies.values import millionths

_WHOLE: Final = 100 * PERCENT_SCALE
_PAIR: Final = ["left", "right"]


def concentrated_trades(day: Watched) -> pl.DataFrame:
    """Of the trades of each of the two, a large share is with the other; measured: the smaller share."""
    rows = day.lately("trades").drop_nulls("amount")
    ends = pl.concat([rows.select("currency", "amount", party=end) for end in ("from", "to")])
    whole = ends.group_by("party").agg(
        pl.col("amount").cast(pl.Int128).sum(), money=pl.col("currency").n_unique()
    )
    whole = whole.filter((pl.col("money") == 1) & (pl.col("amount") > 0)).select("party", all="amount")
    pairs = rows.select(
        left=pl.min_horizontal("from", "to"), right=pl.max_horizontal("from", "to"),
        amount=pl.col("amount").cast(pl.Int128), fact="fact",
    )  # fmt: skip
    pairs = pairs.group_by(_PAIR).agg(pl.col("amount").sum(), pl.len().alias("many"), facts=pl.col("fact"))
    both = (
        pairs.filter(pl.col("many") >= day.rule.least_trades)
        .join(whole, left_on="left", right_on="party")
        .join(whole, left_on="right", right_on="party", suffix="_right")
        .with_columns(share=pl.col("amount") * _WHOLE // pl.max_horizontal("all", "all_right"))
    )
    least = millionths(day.rule.concentration)
    enough = pl.col("amount") * _WHOLE >= pl.max_horizontal("all", "all_right") * least
    found = both.filter(enough).select("left", "right", "facts", value=_decimal(pl.col("share")))
    return signs(found, "concentrated_trades")


def _decimal(share: pl.Expr) -> pl.Expr:
    """Millionths of a percent as decimal text, rounded down (for display)."""
    whole, rest = share // PERCENT_SCALE, share % PERCENT_SCALE
    digits = rest.cast(pl.String).str.zfill(6).str.strip_chars_end("0")
    return pl.when(rest == 0).then(whole.cast(pl.String)).otherwise(whole.cast(pl.String) + "." + digits)


def off_market(day: Watched) -> pl.DataFrame:
    """They paid each other or traded at no fair price."""
    columns = ["from", "to", "fact", "at_fair_price"]
    rows = pl.concat([between(day.graph[stem]).select(columns) for stem in ("payments", "trades")])
    unfair = rows.filter(~pl.col("at_fair_price").fill_null(value=True))
    return signs(unfair.select(left="from", right="to", facts=pl.concat_list("fact")), "off_market")


def offsetting_trades(day: Watched) -> pl.DataFrame:
    """What one sold the other and bought of it in one currency comes to nearly the same."""
    sums = (
        day.lately("trades")
        .drop_nulls("amount")
        .group_by("from", "to", "currency")
        .agg(pl.col("amount").cast(pl.Int128).sum(), facts=pl.col("fact"))
        .filter(pl.col("amount") > 0)
    )
    return _there_and_back(sums, ["currency"], day.rule.offset_within, "offsetting_trades")


def same_day_round_trip(day: Watched) -> pl.DataFrame:
    """Money paid to the other came back on the same day, nearly all of it."""
    rows = day.lately("payments").drop_nulls(["date", "amount"]).filter(pl.col("amount") > 0)
    single = rows.select(
        "from", "to", "currency", "date", pl.col("amount").cast(pl.Int128), facts=pl.concat_list("fact")
    )
    return _there_and_back(single, ["currency", "date"], day.rule.round_trip_within, "same_day_round_trip")


def _there_and_back(rows: pl.DataFrame, alike: list[str], within: str, indicator: str) -> pl.DataFrame:
    """Rows from one to the other joined with rows back whose amounts are within `within` percent."""
    back = rows.rename({"from": "to", "to": "from"})
    pairs = rows.join(back, on=["from", "to", *alike], suffix="_back", nulls_equal=True)
    pairs = pairs.filter(pl.col("from") < pl.col("to"))
    larger = pl.max_horizontal("amount", "amount_back")
    apart = larger - pl.min_horizontal("amount", "amount_back")
    close = pairs.filter(apart * _WHOLE <= larger * millionths(within))
    facts = pl.concat_list("facts", "facts_back")
    return signs(close.select(left="from", right="to", facts=facts, value=pl.lit("1")), indicator)
