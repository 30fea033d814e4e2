"""The derived layer: groups, memberships, controlling points; written as the difference to the last run.

A group keeps a `content`, a text that stands for all that is written of it and its members. Where it is the
same the store is not asked for more. It is taken off before anything of the group is touched and put on when
all of it is written, so a break in the middle leaves groups without it, and the next run writes these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from discovery.graph.connection import BATCH, Graph, Row
from discovery.graph.snapshot import store_version

TEXTS: Final = pl.List(pl.String())
GROUPS: Final = {
    "id": pl.String(),
    "outcome": pl.String(),
    "controller_kind": pl.String(),
    "controllers": TEXTS,
    "content": pl.String(),
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
OWN: Final = [name for name in GROUPS if name != "content"]
ASKED: Final = 5_000  # groups whose members the store is asked for at once
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


def stored_groups(graph: Graph, policy: str) -> pl.DataFrame:
    """The groups of a policy as last written: GROUPS, `content` null where writing was broken off."""
    return _stored(graph, "groups", GROUPS, policy=policy)


def write_derived(
    graph: Graph,
    groups: pl.DataFrame,
    members: pl.DataFrame,
    *,
    policy: str,
    as_of: date,
    run: str,
    stored: pl.DataFrame | None = None,
) -> Difference:
    """Make the store's groups of a policy those given; what is the same already stays as it is.

    `groups` has GROUPS (`controllers`: party ids; `content`: null for one that is always compared), `members`
    MEMBERS (`evidence`: JSON text) of at least the groups whose content `stored` (see `stored_groups`) does
    not have. Every thing written names the policy, the day and the run. From each controlling party to each
    member goes one `CONTROLS`. A break in the middle shows as a run that is not complete; writing again
    mends it.
    """
    version = store_version(graph)
    groups = groups.select(*GROUPS).cast(GROUPS)  # type: ignore[arg-type]  # a dict is a schema
    members = members.select(*MEMBERS).cast(MEMBERS)  # type: ignore[arg-type]  # a dict is a schema
    known = stored_groups(graph, policy) if stored is None else stored
    other = groups.join(known, on=["id", "content"], how="anti")
    members = members.join(other, left_on="group_id", right_on="id", how="semi")
    book = {"policy": policy, "as_of": as_of.isoformat(), "run": run}
    graph.write("derived/begin_run", **book)
    group = _compare(groups.select(OWN), known.select(OWN), ["id"])
    touched = pl.concat([known.join(other, on="id", how="semi")["id"], group[1]["id"]])
    member = _compare(members, _of(graph, "members", MEMBERS, touched), ["group_id", "party_id"])
    control = _compare(_controls(other, members), _of(graph, "controls", CONTROLS, touched), list(CONTROLS))
    _give(graph, "open_groups", touched.to_frame("id"))
    _give(graph, "remove_controls", control[1])
    _give(graph, "remove_members", member[1])
    _give(graph, "remove_groups", group[1])
    _give(graph, "write_groups", group[0], book)
    _give(graph, "write_members", member[0], book)
    _give(graph, "write_controls", control[0], book)
    _give(graph, "close_groups", other.select("id", "content"))
    graph.write("derived/finish_run", run=run, store_version=version)
    return Difference(*(rows.height for rows in (*group, *member, *control)))


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


def _of(graph: Graph, what: str, schema: Mapping[str, pl.DataType], groups: pl.Series) -> pl.DataFrame:
    """What the store has of these groups."""
    parts = [
        _stored(graph, what, schema, groups=groups.slice(low, ASKED).to_list())
        for low in range(0, len(groups), ASKED)
    ]
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def _stored(graph: Graph, what: str, schema: Mapping[str, pl.DataType], **asked: object) -> pl.DataFrame:
    rows = graph.read_anyway(f"derived/{what}", **asked)
    parts = [pl.DataFrame({name: row[name] for name in schema}, schema=schema) for row in rows]
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def _give(graph: Graph, what: str, rows: pl.DataFrame, book: Mapping[str, object] | None = None) -> None:
    for part in rows.iter_slices(BATCH):
        graph.write_batches(f"derived/{what}", part.to_dicts(), params=book)


def _compare(new: pl.DataFrame, old: pl.DataFrame, key: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows to write (new, or with other values) and keys to remove."""
    same = [
        pl.col(name).list.join("\x1f", ignore_nulls=False) if dtype == TEXTS else pl.col(name)
        for name, dtype in new.schema.items()
    ]
    known = old.select(same)
    written = new.filter(~_among(new.select(same), known))
    return written, old.select(key).join(new.select(key), on=key, how="anti")


def _among(rows: pl.DataFrame, known: pl.DataFrame) -> pl.Series:
    found = known.unique().with_columns(pl.lit(True).alias("_there"))
    joined = rows.join(found, on=rows.columns, how="left", nulls_equal=True, maintain_order="left")
    return joined["_there"].fill_null(False)
