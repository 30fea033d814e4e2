"""Facts drawn between parties: a pure function of records, facts, and which record is OF which party."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import polars as pl

from discovery.graph.connection import Graph, Row, Step
from discovery.graph.shape import BOOKS, CONTACTS, KINDS, Kind

ENDS: Final = ("from_record", "to_record")
Done = Callable[[int], None]


def attach(
    graph: Graph, kind: Kind, facts: Sequence[Row], *, guard: Step | None = None, done: Done | None = None
) -> None:
    """Draw facts of one kind between the parties that their records are OF now.

    Each row: `fact_id`, `version`, the record keys at its ends, `properties`. Drawing twice changes nothing.
    """
    graph.write_batches(f"ingest/{kind.query}", facts, guard=guard, done=done)


def assigning(graph: Graph, parties: Mapping[str, str], *, now: Mapping[str, str]) -> list[Step]:
    """Steps that make each record (by key) OF the party named and draw its facts again.

    They are one transaction's: then no question finds a fact missing or twice, and assigning the records
    back restores the graph exactly. `now` is whose the records are; the caller sees to it that nothing else
    writes between the reading here and the writing.
    """
    keys = sorted(parties)
    found = {
        kind: graph.read_anyway("attach/facts_of_records", label=kind.label, keys=keys) for kind in KINDS
    }
    uses = graph.read_anyway("attach/uses_of_records", keys=keys)
    touched = sorted({*parties.values(), *(now[key] for key in keys)})
    return [
        ("attach/detach_facts", {"keys": keys}),
        ("attach/detach_nodes", {"keys": keys}),
        ("attach/assign_records", {"rows": [{"key": key, "party": parties[key]} for key in keys]}),
        *((f"ingest/{kind.query}", {"rows": _again(kind, rows)}) for kind, rows in found.items() if rows),
        *(
            (f"ingest/uses_{point}", {"rows": again})
            for point in CONTACTS
            if (again := _uses_again(uses, point))
        ),
        ("ingest/refresh_parties", {"ids": touched, "undone": []}),
    ]


def _again(kind: Kind, rows: Sequence[Row]) -> list[Row]:
    ends = [end for end in ENDS if end in {p.name for p in kind.properties}]
    heads = {"fact_id", "version", *ends}
    return [
        {name: row["fact"][name] for name in heads}
        | {"properties": {name: value for name, value in row["fact"].items() if name not in heads}}
        for row in rows
    ]


def _uses_again(uses: Sequence[Row], point: str) -> list[Row]:
    return [
        {
            "from_record": row["fact"]["from_record"],
            "use_id": row["fact"]["use_id"],
            "point": row["id"],
            "text": row["text"],
            "first_load": row["fact"]["load"],
            "properties": row["fact"],
        }
        for row in uses
        if row["point"] == point
    ]


def as_rows(kind: Kind, facts: pl.DataFrame) -> list[Row]:
    """Rows for `attach` from a frame of store rows (`id` and `version` beside the properties)."""
    ends = [p.name for p in kind.properties if p.name in ENDS]
    names = [p.name for p in kind.properties if p.name not in ENDS] + [b for b in BOOKS if b != "version"]
    properties = maps(facts, names)
    heads = facts.select(pl.col("id").alias("fact_id"), "version", *ends).to_dicts()
    return [head | {"properties": kept} for head, kept in zip(heads, properties, strict=True)]


def maps(frame: pl.DataFrame, names: Sequence[str]) -> list[Row]:
    """Each row as a map of those columns that have a value."""
    present = [name for name in names if name in frame.columns]
    rows = frame.select(present).iter_rows()
    return [
        {name: value for name, value in zip(present, row, strict=True) if value is not None} for row in rows
    ]
