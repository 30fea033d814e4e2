"""Records of the store as the names room reads them: one row a current record, by kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from discovery.facts.day_parties import RECORD
from discovery.facts.facts import KEY, STUB, Facts
from discovery.facts.folder_versions import SUPERSEDED, current
from discovery.graph.secrecy import hmac_key, keyed, sure
from discovery.names.records import COLUMNS, KEYED, Kind

PERSON: Final = "natural_person"
KINDS: Final[tuple[Kind, ...]] = ("company", "person")
TEXTS: Final = tuple(name for name in COLUMNS if name not in {"id", "id_number", "employer"})


def current_records(parties: pl.DataFrame) -> pl.DataFrame:
    """Of a snapshot's records the open versions that describe somebody: stubs and nameless ones say nothing.

    Columns: `id` (the record key), `party`, `kind`, the texts that names are compared by, and the keyed ID
    number with whether it bears its check digit.
    """
    open_ = parties.filter(pl.col("superseded_at").is_null() & ~pl.col("stub").fill_null(value=False))
    named = open_.filter(pl.col("name").fill_null("").str.strip_chars() != "")
    kind = pl.when(pl.col("kind") == PERSON).then(pl.lit("person")).otherwise(pl.lit("company"))
    return named.select(
        pl.col("record").alias("id"),
        pl.col("id").alias("party"),
        kind.alias("kind"),
        *(pl.col(name).cast(pl.String) for name in TEXTS),
        *KEYED,
    ).sort("id")


def of_kind(records: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """The records of people or of companies."""
    return records.filter(pl.col("kind") == kind)


def with_employers(
    people: pl.DataFrame, companies: pl.DataFrame, employed: pl.DataFrame, cluster: Mapping[str, str]
) -> pl.DataFrame:
    """People with the name of a company they hold office in; of several the first in the order of names.

    `employed`: person, company (record keys). A company goes by the name of the first record it was linked
    with (`cluster`: record key -> smallest key), so that sources that spell it differently agree.
    """
    first = employed.with_columns(
        pl.col("company").replace(dict(cluster)).alias("first")
        if cluster
        else pl.col("company").alias("first")
    )
    names = companies.select(pl.col("id").alias("first"), pl.col("name").alias("employer"))
    found = first.join(names, on="first").group_by("person").agg(pl.col("employer").min())
    return people.join(found, left_on="id", right_on="person", how="left", maintain_order="left")


def employed_in(offices: pl.DataFrame) -> pl.DataFrame:
    """Of a snapshot's offices who holds one where, by record keys: person, company."""
    open_ = offices.filter(pl.col("superseded_at").is_null())
    return open_.select(person="person_record", company="company_record")


def records_of(facts: Facts) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The current records of facts, and who is employed where; a folder's party is one record."""
    if RECORD in facts["parties"].columns:
        return current_records(facts["parties"]), employed_in(facts["offices"])
    parties, offices = current(facts["parties"]), current(facts["offices"])
    stub = pl.col(STUB) if STUB in parties.columns else pl.lit(value=False)
    described = parties.with_columns(
        stub.alias(STUB),
        pl.col(KEY).alias(RECORD),
        pl.lit(None, pl.Datetime()).alias(SUPERSEDED),
        keyed(parties["id_number"], hmac_key()).alias(KEYED[0]),
        sure(parties["id_number"]).alias(KEYED[1]),
    )
    keys = parties.select("id", _key=pl.col(KEY))
    employed = offices.select("person", "company")
    for name in ("person", "company"):
        employed = employed.join(keys, left_on=name, right_on="id", how="left", maintain_order="left")
        employed = employed.with_columns(pl.col("_key").alias(name)).drop("_key")
    return current_records(described), employed.drop_nulls()
