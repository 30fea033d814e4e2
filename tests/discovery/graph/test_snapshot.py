"""What goes into the store comes out of it."""

from __future__ import annotations

import polars as pl
from polars.testing import assert_frame_equal

from discovery.facts.facts import KEY, Facts
from discovery.facts.schema import FILES
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.graph.snapshot import snapshot

from .given import full_facts


def in_store_ids(facts: Facts, stem: str, back: pl.DataFrame) -> pl.DataFrame:
    """The package's frame with party ids as the store gives them, found through the record keys."""
    mapped = back.select(pl.col("id").alias("_new"), pl.col(KEY).alias("_key"))
    ids = (
        facts["parties"].select(pl.col("id").alias("_old"), pl.col(KEY).alias("_key")).join(mapped, on="_key")
    )
    frame = facts[stem]
    refs = FILES[stem].refs + (("fact",) if stem == "parties" else ())
    for ref in refs:
        frame = frame.with_columns(pl.col(ref).replace_strict(ids["_old"], ids["_new"], default=None))
    return frame


def test_a_snapshot_gives_back_every_column_of_every_file(graph: Graph) -> None:
    """Facts -> load -> snapshot is the identity, ids mapped through record keys; only ID numbers stay out."""
    facts = full_facts()

    load(graph, facts, source="registry", name="full")
    back = snapshot(graph)

    for stem in FILES:
        columns = [c for c in facts[stem].columns if c not in {"row", "stub"}]
        given = in_store_ids(facts, stem, back["parties"]).select(columns)
        given = given.with_columns(pl.col("source").fill_null("registry"))
        if stem == "parties":
            given = given.with_columns(pl.lit(None, pl.String).alias("id_number"))
        assert_frame_equal(given.sort("fact"), back[stem].select(columns).sort("fact"))
        assert given.height > 0
