"""Withdrawing a load as if it had never been: what it stated no longer counts, what it had ended goes on.

Nothing is deleted. A version that the load had ended is open again, or ends where a later load's word
ends it. Every step can be repeated, so an unload that was broken off is completed by the next start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
import polars as pl

from discovery.graph.connection import Graph, Row
from discovery.graph.shape import KINDS
from discovery.graph.versions import ABSENT, BY_FACT, BY_VERSION, UNLOADED

RECORD: Final = "Record"
ASK: Final = 10_000
VERSIONS: Final = {
    "id": pl.String(),
    "version": pl.Int64(),
    "known_from": pl.String(),
    "superseded_at": pl.String(),
    "closed_because": pl.String(),
    "closed_by": pl.String(),
    "load": pl.String(),
    "source": pl.String(),
}
_SHORT: Final = {"id": pl.String(), "known_from": pl.String(), "load": pl.String()}


@dataclass(frozen=True)
class Load:
    """A load that counts: since when, and whose facts it replaced (None: nobody's)."""

    started_at: str
    replaces: str | None


def reopen(graph: Graph, load: str) -> None:
    """Undo what a load had ended, as far as nothing else has ended it since."""
    rows = {row["id"]: row for row in graph.read_anyway("loads/list")}
    counting = {
        name: Load(row["started_at"], orjson.loads(row["counts"] or "{}").get("replaces"))
        for name, row in rows.items()
        if row["status"] == "complete"
    }
    since = rows[load]["started_at"]
    found: dict[str, list[str]] = {}
    for row in graph.read_anyway("loads/ended_by", load=load):
        found.setdefault(row["label"], []).extend(row["ids"])
    labels = {kind.label for kind in KINDS}
    for label, ids in found.items():
        if label not in labels | {RECORD}:
            continue  # contact points follow their records
        for low in range(0, len(ids), ASK):
            part = ids[low : low + ASK]
            versions = _versions(graph, label, part)
            named = _frame(graph.read_anyway("loads/named", label=label, ids=part), _SHORT)
            _write(graph, label, settled(versions, named, counting, load, since))


def settled(
    versions: pl.DataFrame, named: pl.DataFrame, counting: dict[str, Load], load: str, since: str
) -> pl.DataFrame:
    """How the versions that a load had ended stand without it: VERSIONS, with `undo_superseded_at`.

    `versions`: all of each fact; `named`: when and by which load a fact was said to be replaced; `counting`:
    the loads that still count; `since`: when the withdrawn one began.
    """
    live = versions.filter(pl.col("load").is_in(list(counting))).sort("id", "known_from", "version")
    following = [pl.col(name).shift(-1).over("id") for name in ("known_from", "load")]
    live = live.with_columns(next_from=following[0], next_load=following[1])
    said = named.filter(pl.col("load").is_in(list(counting))).sort("known_from")
    said = said.unique("id", keep="first").select("id", named_at="known_from", named_by="load")
    ended = live.filter(pl.col("closed_by") == load).join(said, on="id", how="left")
    stated: dict[str, set[str]] = {}
    for fact, by in live.select("id", "load").iter_rows():
        stated.setdefault(fact, set()).add(by)
    books = [_end(row, stated[row["id"]], counting, load, since) for row in ended.iter_rows(named=True)]
    return pl.DataFrame(books, schema={**VERSIONS, "undo_superseded_at": pl.String()})


def _end(row: Row, stated_by: set[str], counting: dict[str, Load], load: str, since: str) -> dict[str, Any]:
    """One version's books: what ends it now, if anything does."""
    end: tuple[str | None, str | None, str] = (None, None, f"{load}/{UNLOADED}")
    if row["next_from"] is not None:
        end = (row["next_from"], BY_VERSION, row["next_load"])
    elif row["named_at"] is not None:
        end = (row["named_at"], BY_FACT, row["named_by"])
    else:
        for name, other in sorted(counting.items(), key=lambda item: item[1].started_at):
            between = any(since < counting[by].started_at <= other.started_at for by in stated_by)
            if other.replaces == row["source"] and other.started_at > since and not between:
                end = (other.started_at, ABSENT, name)
                break
    kept = {name: row[name] for name in VERSIONS}
    ends = dict(zip(("superseded_at", "closed_because", "closed_by"), end, strict=True))
    return {**kept, **ends, "undo_superseded_at": row["superseded_at"] if end[0] is None else None}


def _versions(graph: Graph, label: str, ids: list[str]) -> pl.DataFrame:
    if label == RECORD:
        return _frame(graph.read_anyway("ingest/known_records", ids=ids), VERSIONS)
    return _frame(graph.read_anyway("ingest/known_facts", label=label, ids=ids), VERSIONS)


def _frame(rows: list[Row], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    parts = [pl.DataFrame({name: row[name] for name in schema}, schema=schema) for row in rows]
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def _write(graph: Graph, label: str, books: pl.DataFrame) -> None:
    columns = ("id", "version", "superseded_at", "closed_because", "undo_superseded_at")
    for (closed_by,), rows in books.group_by("closed_by", maintain_order=True):
        params: dict[str, object] = {"load": closed_by}
        if label == RECORD:
            graph.write_batches("ingest/close_records", rows.select(columns).to_dicts(), params=params)
        else:
            params["label"] = label
            graph.write_batches("ingest/close_facts", rows.select(columns).to_dicts(), params=params)
