"""Guarantees among the members of a group, beside the limit that is proposed for it; rings of guarantees."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl

from discovery.control.kernel import strong_parts
from discovery.exposure.limits import Sum, money, share, within
from discovery.exposure.standing import Standing
from discovery.facts.graph import FactGraph
from discovery.policies.administration import Guarantees

Document = dict[str, Any]
MOST_FACTS: Final = 1_000
_PERSONAL = pl.col("kind").is_null() | (pl.col("kind") == "guarantee")
_REAL = pl.col("kind").is_in(["mortgage", "pledge"])


class Mutual(NamedTuple):
    """What members of one group guarantee each other: in all, of that left out and secured, what counts."""

    total: int
    left_out: int
    secured: int
    counted: int
    currency: str | None
    unstated: int
    facts: list[str]


def mutual(groups: Standing, rule: Guarantees | None) -> dict[int, Mutual]:
    """Guarantees from member to member, by unit; what one drawing also has of real security is taken out."""
    stated = groups.graph["guarantees"]
    rows = stated.filter(pl.col("from") != pl.col("to"))
    inside = groups.members.select("unit", "company")
    among = rows.filter(_PERSONAL).join(inside, left_on="from", right_on="company")
    among = among.join(inside, left_on=["unit", "to"], right_on=["unit", "company"], how="semi")
    among = among.with_columns(
        pl.col("amount").fill_null(0).cast(pl.Int128),
        pl.col("currency").fill_null(""),
        out=_left_out(groups.graph, among, rule),
        unstated=pl.col("amount").is_null(),
    )
    kept = pl.when(~pl.col("out")).then(pl.col("amount")).otherwise(0).sum()
    drawings = among.group_by("unit", "to", "document").agg(kept=kept)
    sums = among.group_by("unit").agg(
        total=pl.col("amount").sum(),
        left_out=pl.col("amount").filter("out").sum(),
        currency=pl.when(pl.col("currency").n_unique() == 1).then(pl.col("currency").first()),
        unstated=pl.col("unstated").sum(),
        facts=pl.col("fact").sort(),
    )
    taken = _secured(drawings, stated.filter(_REAL), rule)
    sums = sums.join(taken, on="unit", how="left").with_columns(pl.col("secured").fill_null(0))
    found = {}
    columns = ("unit", "total", "left_out", "secured", "currency", "unstated", "facts")
    for unit, total, left_out, secured, currency, unstated, facts in sums.select(columns).iter_rows():
        counted = total - left_out - secured
        found[unit] = Mutual(total, left_out, secured, counted, currency, unstated, facts)
    return found


def _left_out(graph: FactGraph, among: pl.DataFrame, rule: Guarantees | None) -> pl.Series:
    """Which guarantors do not count, by the bank's own marks."""
    if rule is None or rule.left_out is None or among.is_empty():
        return pl.Series([False] * among.height, dtype=pl.Boolean)
    marks = graph.parties.frame.select("tier", "grade")[among["from"]]
    named = pl.col("tier").is_in(rule.left_out.tiers) | pl.col("grade").is_in(rule.left_out.grades)
    return marks.select(named.fill_null(value=False)).to_series()


def _secured(drawings: pl.DataFrame, real: pl.DataFrame, rule: Guarantees | None) -> pl.DataFrame:
    """Of the guarantees what mortgages and pledges under the same document secure too: `unit`, `secured`."""
    if rule is None or rule.secured_article is None:
        return pl.DataFrame(schema={"unit": pl.Int32, "secured": pl.Int128})
    worth = (
        real.drop_nulls("document")
        .group_by("to", "document")
        .agg(worth=pl.col("amount").fill_null(0).cast(pl.Int128).sum())
    )
    both = drawings.drop_nulls("document").join(worth, on=["to", "document"])
    return both.group_by("unit").agg(secured=pl.min_horizontal("kept", "worth").sum())


def guarantee_use(
    found: Mutual | None, proposed: Sum | None, rule: Guarantees, *, platform: bool
) -> Document:
    """The share of the proposed limit that members guarantee each other, and what the measures say of it."""
    own = found or Mutual(0, 0, 0, 0, proposed.currency if proposed else "", 0, [])
    at_platform = platform and rule.platform_le is not None
    le = rule.platform_le if at_platform and rule.platform_le else rule.le
    why = _lacking(own, proposed)
    clear = why is None and proposed is not None
    return {
        "total": money(own.total),
        "left_out": money(own.left_out),
        "secured": money(own.secured),
        "counted": money(own.counted),
        "base": rule.base,
        "limit": None if proposed is None else money(proposed.amount),
        "share": share(own.counted, proposed.amount) if clear and proposed else None,
        "ratio": f"{money(own.counted)}/{money(proposed.amount)}" if clear and proposed else None,
        "le": le,
        "platform": at_platform,
        "within": within(own.counted, le, proposed.amount) if clear and proposed else None,
        "why": why,
        "article": rule.platform_article if at_platform else rule.article,
        "elsewhere": _elsewhere(rule),
        "facts": own.facts[:MOST_FACTS],
    }


def _elsewhere(rule: Guarantees) -> Document | None:
    """The same share beside the credit of all institutions: what others lend is in no facts package."""
    if rule.elsewhere_article is None:
        return None
    return {"within": None, "why": "credit_elsewhere_unknown", "article": rule.elsewhere_article}


def _lacking(own: Mutual, proposed: Sum | None) -> str | None:
    if own.unstated:
        return "amount_missing"
    if proposed is None:
        return "no_proposed_limit"
    if own.currency is None:
        return "several_currencies"
    return None if own.currency == proposed.currency else "other_currency"


class Rings:
    """Sets of parties that guarantee each other in a circle, inside a group or across groups."""

    def __init__(self, graph: FactGraph) -> None:
        rows = graph["guarantees"].filter(_PERSONAL & (pl.col("from") != pl.col("to")))
        rows = rows.filter((pl.col("from") >= 0) & (pl.col("to") >= 0))
        self._rows = rows.select("from", "to", "fact")
        self._ids = graph.parties.ids

    @cached_property
    def parties(self) -> pl.DataFrame:
        """`ring`, `party` of every closed ring."""
        everybody = pl.concat([self._rows["from"], self._rows["to"].alias("from")]).unique().sort()
        source = np.searchsorted(everybody, self._rows["from"]).astype(np.int32)
        target = np.searchsorted(everybody, self._rows["to"]).astype(np.int32)
        part = strong_parts(source, target, len(everybody))
        found = pl.DataFrame({"ring": part, "party": everybody}, schema={"ring": pl.Int32, "party": pl.Int32})
        return found.filter(pl.len().over("ring") > 1).sort("ring", "party")

    @cached_property
    def _facts(self) -> dict[int, list[str]]:
        rings = self.parties
        both = self._rows.join(rings, left_on="from", right_on="party").join(
            rings, left_on=["to", "ring"], right_on=["party", "ring"], how="semi"
        )
        return dict(both.group_by("ring").agg(pl.col("fact").sort()).rows())

    def touching(self, groups: Standing) -> dict[int, list[Document]]:
        """The rings with a party inside each group; `inside` if all of it is."""
        rings = self.parties.group_by("ring").agg(pl.col("party"))
        whole = dict(rings.rows())
        inside = self.parties.join(groups.inside, on="party").select("unit", "ring", "party").unique()
        found: dict[int, list[Document]] = {}
        for unit, ring, many in inside.group_by("unit", "ring").len().sort("unit", "ring").rows():
            parties = whole[ring]
            facts = self._facts[ring]
            found.setdefault(unit, []).append(
                {
                    "parties": [self._ids[party] for party in parties[:MOST_FACTS]],
                    "facts": facts[:MOST_FACTS],
                    "inside": many == len(parties),
                    "truncated": max(len(parties), len(facts)) > MOST_FACTS,
                }
            )
        return found
