"""The whole store as columns: the same frames a folder gives, for the engine to compute on."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import polars as pl

from discovery.errors import LoadInProgress
from discovery.facts.facts import KEY, empty_frame
from discovery.facts.schema import FILES
from discovery.graph.connection import TRIES, Graph, Row
from discovery.graph.shape import HMAC, KINDS, MASKED, RECORD_EXTRAS, RECORD_PROPERTIES, SURE, Kind, decode

MOMENTS: Final = ("known_from", "superseded_at")
BOOKS: Final = {"version": pl.Int64(), "load": pl.String(), **dict.fromkeys(MOMENTS, pl.String())}
RECORDS_KEPT: Final = {"holdings": ("company_record",), "offices": ("person_record", "company_record")}
EXTRAS: Final = ("version", "load", *MOMENTS)
READERS: Final = 2  # questions asked at once: the server reads the next while the last is turned into columns


def snapshot(graph: Graph) -> dict[str, pl.DataFrame]:
    """Every version of every completed load, a frame a file, typed as the facts package.

    Ids are party ids; `key` is the party's smallest record key. Beside the file's columns: `fact`, `row`
    (null), `version`, `load`, `known_from` (the stated `recorded_at`, else the moment of the load) and
    `superseded_at` (moments, UTC); on `parties`, a row a record version, also `record` (its key), `stub`,
    and `id_number_hmac`, `id_number_masked` and `id_number_sure` in place of the number; on `holdings`
    `company_record`, on `offices` also `person_record`.
    """
    for _ in range(TRIES):
        before = _version(graph)
        frames = _read(graph)
        if before == _version(graph):
            return frames
    raise LoadInProgress("The store was written to again and again meanwhile.", remedy="Ask again later.")


def store_version(graph: Graph) -> int:
    """The number that moves with each completed load or unload."""
    return int(graph.read_anyway("store/state")[0]["version"])


def _version(graph: Graph) -> Row:
    return graph.read_anyway("store/state")[0]


def _read(graph: Graph) -> dict[str, pl.DataFrame]:
    open_loads = graph.read_anyway("loads/unfinished")
    unfinished = [row["id"] if row["status"] == "writing" else f"{row['id']}/unload" for row in open_loads]
    unloaded = [row["id"] for row in graph.read_anyway("loads/list") if row["status"] == "unloaded"]
    stored = _stored(graph, unfinished)
    parties = _without(_parties(next(stored)), unloaded)
    whose = parties.select("record", "id").unique("record")
    frames = {"parties": parties}
    parts: dict[str, list[pl.DataFrame]] = {}
    for kind, rows in zip(KINDS, stored, strict=True):
        parts.setdefault(kind.stem, []).append(_facts(kind, rows, whose))
    facts = {stem: pl.concat(each) for stem, each in parts.items()}
    withdrawn = pl.col("load").is_in(unloaded)
    return frames | {stem: frame.filter(~withdrawn) if unloaded else frame for stem, frame in facts.items()}


def _without(parties: pl.DataFrame, unloaded: list[str]) -> pl.DataFrame:
    """Parties as if the loads had never been: their records are never known, but other facts name them."""
    if not unloaded:
        return parties
    withdrawn = pl.col("load").is_in(unloaded)
    counting = pl.col("record").filter(~withdrawn).min().over("id")
    return parties.with_columns(
        pl.when(withdrawn).then("known_from").otherwise("superseded_at").alias("superseded_at"),
        pl.coalesce(counting, KEY).alias(KEY),
    )


def _stored(graph: Graph, unfinished: list[str]) -> Iterator[pl.DataFrame]:
    """The rows of all records, then those of each kind of fact, as the store has them."""
    record = {
        "party": pl.String(),
        "key": pl.String(),
        **{p.name: p.dtype for p in RECORD_PROPERTIES},
        **RECORD_EXTRAS,
    }
    schemas = {"record": record} | {
        kind.query: {"fact_id": pl.String(), **{p.name: p.dtype for p in kind.properties}} for kind in KINDS
    }

    def columns(name: str) -> pl.DataFrame:
        schema = schemas[name] | BOOKS
        rows = graph.read_anyway(f"snapshot/{name}", unfinished=unfinished)
        parts = [pl.DataFrame({name: row[name] for name in schema}, schema=schema) for row in rows]
        return pl.concat(parts) if parts else pl.DataFrame(schema=schema)

    with ThreadPoolExecutor(READERS) as readers:
        yield from readers.map(columns, schemas)


def _parties(rows: pl.DataFrame) -> pl.DataFrame:
    rows = rows.sort("key", "version")
    frame = rows.rename({"party": "id", "key": "record"}).with_columns(
        *(p.decoded() for p in RECORD_PROPERTIES),
        *_moments(),
        pl.lit(None, pl.String).alias("id_number"),
        pl.col("record").min().over("id").alias(KEY),
        pl.col("id").alias("fact"),
        pl.lit(None, pl.Int64).alias("row"),
    )
    return frame.select(*empty_frame("parties").columns, "record", HMAC, MASKED, SURE, *EXTRAS)


def _facts(kind: Kind, rows: pl.DataFrame, whose: pl.DataFrame) -> pl.DataFrame:
    frame = rows.sort("fact_id", "version").with_columns(*(p.decoded() for p in kind.properties), *_moments())
    if kind.relation:
        frame = frame.with_columns(pl.lit(kind.relation).alias("relation"))
    kept = RECORDS_KEPT.get(kind.stem, ())
    frame = frame.with_columns(pl.col(name.removesuffix("_record")).alias(name) for name in kept)
    for ref in FILES[kind.stem].refs:
        if frame[ref].null_count() == frame.height:
            continue
        frame = frame.join(
            whose.rename({"record": ref, "id": "_party"}), on=ref, how="left", maintain_order="left"
        )
        frame = frame.with_columns(pl.col("_party").alias(ref)).drop("_party")
    return frame.with_columns(pl.col("fact_id").alias("fact"), pl.lit(None, pl.Int64).alias("row")).select(
        *empty_frame(kind.stem).columns, *kept, *EXTRAS
    )


def _moments() -> list[pl.Expr]:
    return [decode(pl.col(name), "moment").alias(name) for name in MOMENTS]
