"""Loading facts into the store: whole or not at all, twice the same as once."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import datetime
from typing import Literal

import polars as pl

from discovery.errors import LoadInProgress
from discovery.facts.facts import Facts
from discovery.facts.keys import party_id
from discovery.graph import bulk
from discovery.graph.attach import as_rows, attach
from discovery.graph.connection import Graph, Row, Step
from discovery.graph.failures import StoreUnavailable
from discovery.graph.plan import Counts, LoadSummary, Plan, party_maps, record_maps, use_rows
from discovery.graph.recovery import moment_text, owner, roll_back, settle
from discovery.graph.rows import all_fact_rows, content_of, record_rows
from discovery.graph.secrecy import hmac_key
from discovery.graph.shape import CONTACTS, KINDS, Kind
from discovery.graph.versions import KNOWN, UNLOADED, absent, compare

Progress = Callable[[int, int], None]  # rows written, rows in all
ASK: int = 10_000
RECORDS = "parties"


def load(
    graph: Graph,
    facts: Facts,
    *,
    source: str,
    name: str,
    progress: Progress | None = None,
    replace_source: str | None = None,
    way: Literal["auto", "bolt", "bulk"] = "auto",
    at: datetime | None = None,
) -> LoadSummary:
    """Write facts into the store as one load, of which nothing counts until it is complete.

    `source` names the rows that name none. `replace_source` closes what that source stated and these facts
    no longer have. `at` is the moment of the load (now). A first load of a large package into the empty
    local store takes the bulk import, which gives the same graph (`way`). Raises LoadInProgress while
    another load is being written; on any failure the store is as it was before.
    """
    started = time.perf_counter()
    now = moment_text(at)
    summary = LoadSummary(f"load_{secrets.token_hex(8)}", name, source, "bolt", replaces=replace_source)
    settle(graph)
    summary.rows = sum(facts[stem].height for stem in facts.frames)
    _begin(graph, summary, now)
    try:
        empty = bool(graph.read_anyway("store/empty")[0]["empty"])
        summary.way = bulk.choose(graph, way, rows=summary.rows, empty=empty)
        plan = make_plan(graph, facts, summary, now, replace_source, empty=empty)
        if summary.way == "bulk":
            summary.version = bulk.import_all(graph, plan, summary)
        else:
            _write(graph, plan, progress)
            summary.version = _finish(graph, summary)
    except StoreUnavailable:
        raise  # its next start undoes what was written
    except BaseException:
        _give_up(graph, summary.id)
        raise
    summary.seconds = time.perf_counter() - started
    return summary


def make_plan(
    graph: Graph, facts: Facts, summary: LoadSummary, now: str, replaced: str | None, *, empty: bool
) -> Plan:
    """Compare the facts with what the store has; fills the summary's counts."""
    records, closed_records, parties = _plan_records(graph, facts, summary, now, replaced, empty=empty)
    added: dict[Kind, pl.DataFrame] = {}
    closed: dict[Kind, pl.DataFrame] = {}
    incoming = all_fact_rows(facts, summary.source)
    for kind in KINDS:
        rows = incoming.get(kind)
        if rows is None and replaced is None:
            continue
        rows = _no_rows(kind) if rows is None else rows
        known = _known_facts(graph, kind, rows, empty=empty)
        changes = compare(rows, known, now)
        closings = [changes.closed]
        if replaced is not None and not empty:
            ids = _frame(graph.read_anyway(OPEN_FACTS, label=kind.label, source=replaced), OPEN)
            closings.append(absent(ids, rows["id"], now))
        added[kind] = _with_load(changes.added, summary.id)
        closed[kind] = pl.concat(closings)
        summary.files.setdefault(kind.stem, Counts()).add(changes, closed[kind].height)
        summary.unknown_superseded += changes.unknown_superseded
    return Plan(summary.id, now, records, added, closed_records, closed, parties)


OPEN_FACTS = "ingest/open_facts_of_source"
OPEN_RECORDS = "ingest/open_records_of_source"
OPEN = {"id": pl.String(), "version": pl.Int64()}


def _plan_records(
    graph: Graph, facts: Facts, summary: LoadSummary, now: str, replaced: str | None, *, empty: bool
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    rows = record_rows(facts, summary.source, hmac_key())
    known = _columnar(
        graph, "ingest/known_records", rows["id"], KNOWN | {"party": pl.String(), "stub": pl.Boolean()}, empty
    )
    counting = known.filter(pl.col("closed_because").ne_missing(UNLOADED))["id"]
    rows = rows.filter(~(pl.col("stub") & pl.col("id").is_in(counting.implode())))
    changes = compare(rows, known.select(*KNOWN), now, closing=None)
    closings = [changes.closed]
    if replaced is not None and not empty:
        ids = _frame(graph.read_anyway(OPEN_RECORDS, source=replaced), OPEN)
        closings.append(absent(ids, facts[RECORDS]["key"], now))
    closed = pl.concat(closings)
    whose = known.group_by("id").agg(pl.col("party").first())
    added = changes.added.join(whose, on="id", how="left", maintain_order="left")
    fresh = added.filter(pl.col("party").is_null())["id"].unique(maintain_order=True)
    parties = pl.DataFrame({"id": [party_id(key) for key in fresh], "key": fresh}, schema_overrides=_PARTY)
    added = (
        added.join(parties.rename({"id": "made", "key": "id"}), on="id", how="left", maintain_order="left")
        .with_columns(pl.coalesce("party", "made").alias("party"))
        .drop("made")
    )
    summary.new_parties = parties.height
    summary.files.setdefault(RECORDS, Counts()).add(changes, closed.height)
    return _with_load(added, summary.id), closed, parties


_PARTY = {"id": pl.String(), "key": pl.String()}


def _with_load(added: pl.DataFrame, load_id: str) -> pl.DataFrame:
    """A row closed at its birth names this load as the one that closed it, too."""
    born_closed = pl.col("superseded_at").is_not_null()
    return added.with_columns(
        pl.lit(load_id).alias("load"),
        pl.when(born_closed).then(pl.lit(load_id)).alias("closed_by"),
        pl.lit(None, pl.String).alias("undo_superseded_at"),
    )


def _begin(graph: Graph, summary: LoadSummary, now: str) -> None:
    asked = {"id": summary.id, "name": summary.name, "source": summary.source, "owner": owner(), "at": now}
    holder = graph.write("loads/begin", **asked)[0]["id"]
    if holder != summary.id:
        raise LoadInProgress(
            f"The load {holder} is being written.", remedy="Load again when it is complete.", load=holder
        )


def _write(graph: Graph, plan: Plan, progress: Progress | None) -> None:
    guard: Step = ("loads/beat", {"load": plan.load})
    total, written = plan.size, 0

    def done(rows: int) -> None:
        nonlocal written
        written += rows
        if progress:
            progress(written, total)

    graph.write_batches("ingest/parties", party_maps(plan), guard=guard)
    graph.write_batches("ingest/records", record_maps(plan.records), guard=guard, done=done)
    for column in CONTACTS:
        graph.write_batches(f"ingest/uses_{column}", use_rows(plan.records, column), guard=guard)
    for kind, rows in plan.facts.items():
        attach(graph, kind, as_rows(kind, rows), guard=guard, done=done)
    closing: dict[str, object] = {"load": plan.load}
    ended = plan.closed_records.to_dicts()
    graph.write_batches("ingest/close_records", ended, params=closing, guard=guard, done=done)
    for kind, rows in plan.closed_facts.items():
        named = closing | {"label": kind.label}
        graph.write_batches("ingest/close_facts", rows.to_dicts(), params=named, guard=guard, done=done)
    if plan.older_parties:
        for row in graph.read_anyway("loads/touched_parties", load=plan.load):
            graph.write_all([("ingest/refresh_parties", {"ids": row["ids"], "undone": []})], guard=guard)


def _finish(graph: Graph, summary: LoadSummary) -> int:
    done = graph.write("loads/finish", load=summary.id, at=moment_text(), counts=summary.counts_text())
    return int(done[0]["version"])


def _give_up(graph: Graph, load_id: str) -> None:
    """Undo what was written; where the store itself is gone, its next start does it."""
    try:
        roll_back(graph, load_id)
    except Exception:  # noqa: BLE001  the failure that led here is the one to report
        return


def _known_facts(graph: Graph, kind: Kind, rows: pl.DataFrame, *, empty: bool) -> pl.DataFrame:
    ids = pl.concat([rows["id"], rows["supersedes"].drop_nulls()]).unique(maintain_order=True)
    schema = {name: dtype for name, dtype in KNOWN.items() if name != "content"} | {
        "valid_to": pl.String(),
        "recorded_at": pl.String(),
        "confidence_millionths": pl.Int64(),
        "supersedes": pl.String(),
    }
    found = _columnar(graph, "ingest/known_facts", ids, schema, empty, label=kind.label)
    return found.with_columns(content_of(kind)).select(*KNOWN)


def _columnar(
    graph: Graph, name: str, ids: pl.Series, schema: dict[str, pl.DataType], empty: bool, **params: object
) -> pl.DataFrame:
    if empty:
        return pl.DataFrame(schema=schema)
    parts = [
        _frame(graph.read_anyway(name, ids=ids.slice(low, ASK).to_list(), **params), schema)
        for low in range(0, len(ids), ASK)
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def _frame(rows: list[Row], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    frames = [pl.DataFrame({name: row[name] for name in schema}, schema=schema) for row in rows]
    return pl.concat(frames) if frames else pl.DataFrame(schema=schema)


def _no_rows(kind: Kind) -> pl.DataFrame:
    columns = {p.name: p.dtype for p in kind.properties}
    return pl.DataFrame(schema={"id": pl.String(), **columns, "content": pl.String()})
