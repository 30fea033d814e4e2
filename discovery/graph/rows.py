"""Facts in the form the store keeps: a frame of records, and one of each kind of fact."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

import polars as pl

from discovery.errors import BadInput
from discovery.facts.facts import KEY, Facts
from discovery.facts.schema import FILES
from discovery.graph.secrecy import keyed, masked, sure
from discovery.graph.shape import (
    CONTENT,
    HMAC,
    KINDS,
    MASKED,
    RECORD_EXTRAS,
    RECORD_PROPERTIES,
    SURE,
    Kind,
    Property,
)

BETWEEN: Final = "\x1f"
RECORD_COLUMNS: Final = [p.name for p in RECORD_PROPERTIES] + list(RECORD_EXTRAS)


def record_rows(facts: Facts, source: str, key: bytes) -> pl.DataFrame:
    """A row a record: `id` is its key; all its properties; `content` a hash over them; no clear ID number."""
    parties = _ever_known(facts["parties"], "id")
    stub = pl.col("stub").fill_null(False) if "stub" in parties.columns else pl.lit(False)
    rows = (
        parties.with_columns(
            pl.col("source").fill_null(pl.col(KEY).str.split_exact("/", 1).struct.field("field_0")),
            stub.alias("stub"),
            keyed(parties["id_number"], key).alias(HMAC),
            masked(parties["id_number"]).alias(MASKED),
            sure(parties["id_number"]).alias(SURE),
        )
        .with_columns(pl.col("source").fill_null(source))
        .select(pl.col(KEY).alias("id"), *(p.encoded() for p in RECORD_PROPERTIES), *RECORD_EXTRAS)
    )
    texts = rows.select(_joined([name for name in RECORD_COLUMNS if name != "load"]))["content"]
    content = [sha256(text.encode()).hexdigest()[:16] for text in texts]
    return rows.with_columns(pl.Series("content", content, dtype=pl.String))


def fact_rows(kind: Kind, facts: Facts, source: str) -> pl.DataFrame:
    """A row a fact of that kind: `id` is the fact id; references are record keys; `content` as in CONTENT."""
    frame = _ever_known(facts[kind.stem], "fact")
    if kind.relation:
        frame = frame.filter(pl.col("relation") == kind.relation)
    keys = facts["parties"].select(pl.col("id").alias("_id"), pl.col(KEY).alias("_key")).unique("_id")
    for ref in FILES[kind.stem].refs:
        frame = (
            frame.join(keys, left_on=ref, right_on="_id", how="left", maintain_order="left")
            .with_columns(_known_or_error(kind, ref, frame, keys))
            .drop("_key")
        )
    return (
        frame.with_columns(pl.col("source").fill_null(source))
        .select(pl.col("fact").alias("id"), *(p.encoded() for p in kind.properties))
        .with_columns(content_of(kind))
    )


def _ever_known(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Without the undated version of what the package also states with a date.

    A store knows an undated row from its load on, and by then the dated one has replaced it.
    """
    if frame["recorded_at"].null_count() in {0, frame.height} or not frame[name].is_duplicated().any():
        return frame
    undated = pl.col("recorded_at").is_null()
    return frame.filter(~(undated & (~undated).any().over(name)))


def content_of(kind: Kind) -> pl.Expr:
    """The text by which versions of one fact are told apart, from its properties."""
    names = [p.name for p in kind.properties if p.column in CONTENT]
    return _joined(names)


def all_fact_rows(facts: Facts, source: str) -> dict[Kind, pl.DataFrame]:
    """Every kind of fact that has rows."""
    frames = {kind: fact_rows(kind, facts, source) for kind in KINDS if not facts[kind.stem].is_empty()}
    return {kind: rows for kind, rows in frames.items() if not rows.is_empty()}


def property_of(kind: Kind, column: str) -> Property:
    return next(p for p in kind.properties if p.column == column)


def _known_or_error(kind: Kind, ref: str, frame: pl.DataFrame, keys: pl.DataFrame) -> pl.Expr:
    lost = frame.filter(pl.col(ref).is_not_null()).join(keys, left_on=ref, right_on="_id", how="anti")
    if not lost.is_empty():
        raise BadInput(
            f"{kind.stem}.{ref} names {lost[ref][0]!r}, which is no party of these facts.",
            remedy="Read the package with stubs, or add the party to parties.csv.",
            file=kind.stem,
            field=ref,
        )
    return pl.col("_key").alias(ref)


def _joined(names: list[str]) -> pl.Expr:
    texts = [pl.col(name).cast(pl.String).fill_null("") for name in names]
    return pl.concat_str(texts, separator=BETWEEN).alias("content")
