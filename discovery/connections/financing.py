"""Signs of a hidden tie through finance: guarantees, collateral, entrusted loans, loan money passed on."""

from __future__ import annotations

from typing import Final

import polars as pl

from discovery.connections.rings import rings
from discovery.connections.signs import Watched, between, no_signs, signs
from discovery.facts.schema import PERCENT_SCALE
from discovery.policies.values import millionths

COLLATERAL: Final = ("mortgage", "pledge")
LEAST_RING: Final = 3
_WHOLE: Final = 100 * PERCENT_SCALE


def _guarantees(day: Watched) -> pl.DataFrame:
    rows = between(day.graph["guarantees"])
    return rows.filter(~pl.col("kind").fill_null("guarantee").is_in(COLLATERAL))


def mutual_guarantee(day: Watched) -> pl.DataFrame:
    """Each guarantees for the other."""
    rows = _guarantees(day).select("from", "to", "fact")
    back = rows.join(rows, left_on=["from", "to"], right_on=["to", "from"], how="semi")
    return signs(back.select(left="from", right="to", facts=pl.concat_list("fact")), "mutual_guarantee")


def guarantee_ring(day: Watched) -> pl.DataFrame:
    """One guarantees for the other, and the guarantees of both lead round in a ring of three or more."""
    rows = _guarantees(day).select("from", "to", "fact")
    ring = rings(rows["from"].to_numpy(), rows["to"].to_numpy())
    if not ring:
        return no_signs()
    table = pl.DataFrame(
        {"party": list(ring), "ring": list(ring.values())}, schema={"party": pl.Int32, "ring": pl.Int32}
    ).with_columns(size=pl.len().over("ring"))
    table = table.filter((pl.col("size") >= LEAST_RING) & (pl.col("size") <= day.rule.most_sharing))
    inside = rows.join(table, left_on="from", right_on="party").join(
        table.select("party", "ring"), left_on=["to", "ring"], right_on=["party", "ring"]
    )
    found = inside.select(
        left="from", right="to", facts=pl.concat_list("fact"), value=pl.col("size").cast(pl.String)
    )
    return signs(found, "guarantee_ring")


def collateral_of_other(day: Watched) -> pl.DataFrame:
    """What secures the credit of one belongs to the other."""
    rows = between(day.graph["guarantees"]).filter(pl.col("kind").is_in(COLLATERAL))
    return signs(rows.select(left="from", right="to", facts=pl.concat_list("fact")), "collateral_of_other")


def entrusted_loan(day: Watched) -> pl.DataFrame:
    """One lends to the other through a bank."""
    rows = day.lately("payments").filter(pl.col("kind") == "entrusted_loan")
    return signs(rows.select(left="from", right="to", facts=pl.concat_list("fact")), "entrusted_loan")


def loan_proceeds(day: Watched) -> pl.DataFrame:
    """Soon after a credit was opened, a large part of it went to the other."""
    credit = day.graph["credits"].filter((pl.col("client") >= 0) & pl.col("opened_on").is_not_null())
    opened = credit.select(
        "client", "opened_on", credit="fact", lent=pl.coalesce("limit", "balance", "exposure"),
        money=pl.col("currency"),
    ).filter(pl.col("lent") > 0)  # fmt: skip
    paid = day.lately("payments").drop_nulls(["date", "amount"])
    rows = paid.join(opened, left_on="from", right_on="client").filter(
        (pl.col("date") >= pl.col("opened_on"))
        & (pl.col("date") <= pl.col("opened_on").dt.offset_by(f"{day.rule.proceeds_within_days}d"))
        & (pl.col("currency").eq_missing(pl.col("money")))
    )
    enough = pl.col("amount").cast(pl.Int128) * _WHOLE >= pl.col("lent").cast(pl.Int128) * millionths(
        day.rule.proceeds_share
    )
    facts = pl.concat_list("fact", "credit")
    return signs(rows.filter(enough).select(left="from", right="to", facts=facts), "loan_proceeds")
