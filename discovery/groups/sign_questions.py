"""REVIEW `hidden_association`: the signs between two clients that stand in no group together (A4, A5)."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from discovery.connections.sign_rules import hidden_signs
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
    rows = apart.group_by("left", "right", "third", maintain_order=True).agg(
        "indicator", "value", facts=pl.col("facts").explode().drop_nulls()
    )
    flags = ("presumed",) if rule.presumed else ()
    for left, right, third, names, values, facts in rows.iter_rows():
        measured = [text for pair in zip(names, values, strict=True) for text in pair]
        others = () if third < 0 else (third,)
        yield Pair("REVIEW", REASON, (left, right), others, (), flags, facts, measured)
