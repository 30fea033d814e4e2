"""REVIEW `hidden_association`: the signs between two clients that stand in no group together (A4, A5)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from discovery.connections.personnel import OF_EXECUTIVES
from discovery.connections.sign_rules import hidden_signs
from discovery.facts.graph import FactGraph, ended
from discovery.groups.candidates import Candidates
from discovery.groups.pairs import Pair

REASON = "hidden_association"


def hidden_associations(asked: Candidates) -> Iterator[Pair]:
    """One question a pair and whoever stands between them; `measured` has the rules' names."""
    if not asked.policy.triggers(REASON):
        return
    rule = asked.policy.hidden_association
    found = hidden_signs(asked.graph, rule, asked.who.clients)
    together = asked.formation.together(found.select("left", "right").unique(), "left", "right")
    apart = found.join(together, on=["left", "right"], how="anti").sort("left", "right", "third", "indicator")
    rows = (
        apart.with_columns(assumed=_assumed(asked.graph, apart))
        .group_by("left", "right", "third", maintain_order=True)
        .agg("indicator", "value", pl.col("assumed").any(), facts=pl.col("facts").explode().drop_nulls())
    )
    for left, right, third, names, values, assumed, facts in rows.iter_rows():
        flags = [*(["executive_assumed"] if assumed else []), *(["presumed"] if rule.presumed else [])]
        measured = [text for pair in zip(names, values, strict=True) for text in pair]
        others = () if third < 0 else (third,)
        yield Pair("REVIEW", REASON, (left, right), others, (), flags, facts, measured)


def _assumed(graph: FactGraph, found: pl.DataFrame) -> pl.Series:
    """Which signs rest on an office that counts as executive by its role, since its row does not say."""
    offices = (graph["offices"], ended(graph, "offices"))
    unsaid = pl.concat([rows.filter(pl.col("executive").is_null()).select("fact") for rows in offices])
    signs = found.select("facts", sign=pl.int_range(pl.len())).filter(
        found["indicator"].is_in(list(OF_EXECUTIVES))
    )
    resting = signs.explode("facts").join(unsaid, left_on="facts", right_on="fact", how="semi")["sign"]
    marked = np.zeros(found.height, np.bool_)
    marked[resting.to_numpy()] = True
    return pl.Series(marked, dtype=pl.Boolean)
