"""People who live together or share a phone: a relationship between parties, never one party."""

from __future__ import annotations

from typing import Final

import polars as pl

from discovery.names.decisions import REVIEW
from discovery.names.linking import Links
from discovery.names.person_pairs import STOPS_AT

SHARED: Final = ("address", "phone")
COLUMNS: Final = ("left", "right", "shared")


def households(links: Links) -> pl.DataFrame:
    """Pairs of clusters with an address or phone in common, sorted: `left,right,shared` (`address;phone`).

    A value behind eight people or more is an agent's or a hall of residence's and ties nobody. Clusters with
    a pair for review between them are left out: they may yet be one person.
    """
    found = pl.concat([_sharing(links, field) for field in SHARED])
    pairs = found.group_by("left", "right").agg(pl.col("shared").sort().str.join(";"))
    open_pairs = links.pairs.decision == REVIEW
    one, other = (links.cluster.gather(rows[open_pairs]) for rows in (links.pairs.left, links.pairs.right))
    doubtful = _ordered(pl.DataFrame({"left": one, "right": other})).unique()
    return pairs.join(doubtful, on=["left", "right"], how="anti").select(COLUMNS).sort("left", "right")


def _sharing(links: Links, field: str) -> pl.DataFrame:
    value = getattr(links.records, field)
    holders = (
        pl.DataFrame({"cluster": links.cluster, "value": value})
        .filter(pl.col("value") != 0)
        .unique()
        .filter(pl.len().over("value").is_between(2, STOPS_AT - 1))
    )
    pairs = holders.join(holders, on="value").filter(pl.col("cluster") < pl.col("cluster_right"))
    return pairs.select(left="cluster", right="cluster_right", shared=pl.lit(field)).unique()


def _ordered(pairs: pl.DataFrame) -> pl.DataFrame:
    left, right = pl.col("left"), pl.col("right")
    return pairs.select(left=pl.min_horizontal(left, right), right=pl.max_horizontal(left, right))
