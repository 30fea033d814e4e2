"""The derived layer: groups, memberships, controlling points; written as the difference to the last run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from discovery.graph.connection import Graph, Row
from discovery.graph.snapshot import store_version

TEXTS: Final = pl.List(pl.String())
GROUPS: Final = {
    "id": pl.String(),
    "outcome": pl.String(),
    "controller_kind": pl.String(),
    "controllers": TEXTS,
}
MEMBERS: Final = {
    "group_id": pl.String(),
    "party_id": pl.String(),
    "client": pl.Boolean(),
    "basis": TEXTS,
    "flags": TEXTS,
    "coverage": pl.String(),
    "evidence": pl.String(),
}
CONTROLS: Final = {"group_id": pl.String(), "controller_id": pl.String(), "party_id": pl.String()}


@dataclass(frozen=True)
class Difference:
    """How many groups, memberships and arrows a run wrote and removed."""

    groups_written: int
    groups_removed: int
    members_written: int
    members_removed: int
    controls_written: int
    controls_removed: int


def write_derived(
    graph: Graph, groups: pl.DataFrame, members: pl.DataFrame, *, policy: str, as_of: date, run: str
) -> Difference:
    """Make the store's groups of a policy those given; what is the same already stays as it is.

    `groups` has GROUPS (`controllers`: party ids), `members` MEMBERS (`evidence`: JSON text). Every thing
    written names the policy, the day and the run. From each controlling party to each member goes one
    `CONTROLS`. A break in the middle shows as a run that is not complete; writing again mends it.
    """
    version = store_version(graph)
    groups = groups.select(*GROUPS).cast(GROUPS)  # type: ignore[arg-type]  # a dict is a schema
    members = members.select(*MEMBERS).cast(MEMBERS)  # type: ignore[arg-type]  # a dict is a schema
    controls = _controls(groups, members)
    book = {"policy": policy, "as_of": as_of.isoformat(), "run": run}
    graph.write("derived/begin_run", **book)
    group = _compare(groups, _stored(graph, "groups", GROUPS, policy), ["id"])
    member = _compare(members, _stored(graph, "members", MEMBERS, policy), ["group_id", "party_id"])
    control = _compare(controls, _stored(graph, "controls", CONTROLS, policy), list(CONTROLS))
    graph.write_batches("derived/remove_controls", control[1])
    graph.write_batches("derived/remove_members", member[1])
    graph.write_batches("derived/remove_groups", group[1])
    graph.write_batches("derived/write_groups", group[0], params=book)
    graph.write_batches("derived/write_members", member[0], params=book)
    graph.write_batches("derived/write_controls", control[0], params=book)
    graph.write("derived/finish_run", run=run, store_version=version)
    return Difference(*(len(rows) for rows in (*group, *member, *control)))


def last_run(graph: Graph, policy: str) -> Row | None:
    """The run a policy's groups in the store stand for: run, as_of, status, store_version."""
    rows = graph.read_anyway("derived/last_run", policy=policy)
    return rows[0] if rows else None


def _controls(groups: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    heads = groups.select(pl.col("id").alias("group_id"), pl.col("controllers").alias("controller_id"))
    pairs = heads.explode("controller_id").drop_nulls("controller_id")
    return (
        members.select("group_id", "party_id")
        .join(pairs, on="group_id")
        .filter(pl.col("party_id") != pl.col("controller_id"))
        .select(*CONTROLS)
        .unique()
    )


def _stored(graph: Graph, what: str, schema: Mapping[str, pl.DataType], policy: str) -> pl.DataFrame:
    rows = graph.read_anyway(f"derived/{what}", policy=policy)
    parts = [pl.DataFrame({name: row[name] for name in schema}, schema=schema) for row in rows]
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def _compare(new: pl.DataFrame, old: pl.DataFrame, key: list[str]) -> tuple[list[Row], list[Row]]:
    """Rows to write (new, or with other values) and keys to remove."""
    same = [
        pl.col(name).list.join("\x1f", ignore_nulls=False) if dtype == TEXTS else pl.col(name)
        for name, dtype in new.schema.items()
    ]
    known = old.select(same)
    written = new.filter(~_among(new.select(same), known))
    removed = old.select(key).join(new.select(key), on=key, how="anti")
    return written.to_dicts(), removed.to_dicts()


def _among(rows: pl.DataFrame, known: pl.DataFrame) -> pl.Series:
    found = known.unique().with_columns(pl.lit(True).alias("_there"))
    joined = rows.join(found, on=rows.columns, how="left", nulls_equal=True, maintain_order="left")
    return joined["_there"].fill_null(False)
