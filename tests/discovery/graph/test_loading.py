"""Loads: whole or not at all, twice the same as once, closed and never deleted."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any

import polars as pl
import pytest

from discovery.errors import LoadInProgress, UsageError
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.graph.recovery import loads, owner, settle, unload
from discovery.graph.snapshot import snapshot, store_version

from .dump import dump
from .given import facts_of, full_facts, holding

DAY_1, DAY_2, DAY_3 = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))


def put(graph: Graph, *rows: dict[str, Any], at: datetime = DAY_1, **options: Any) -> Any:
    return load(graph, facts_of(holdings=rows), source="registry", name="test", at=at, **options)


def holdings(graph: Graph) -> list[tuple[int, str | None, str | None]]:
    """Version, end of validity and end of knowledge of the store's holdings."""
    frame = snapshot(graph)["holdings"].sort("fact", "version")
    rows = frame.select("version", pl.col("valid_to").cast(str), pl.col("superseded_at").dt.date().cast(str))
    return rows.rows()


def test_loading_twice_changes_no_count_and_no_date(graph: Graph) -> None:
    """The second load finds everything known; the graph is the same to the last property."""
    first = load(graph, full_facts(), source="registry", name="full", at=DAY_1)
    before = dump(graph)

    second = load(graph, full_facts(), source="registry", name="full", at=DAY_2)

    assert first.changes > 0
    assert second.changes == 0
    assert before == dump(graph)


def test_the_bulk_import_gives_the_graph_that_bolt_gives(
    graph: Graph, empty_store: Callable[[], None]
) -> None:
    """Same facts, both ways, the same canonical dump; and loading them again changes nothing."""
    if graph.local is None:
        pytest.skip("the bulk import needs the local server")
    facts = full_facts()
    slow = load(graph, facts, source="registry", name="full", at=DAY_1, way="bolt")
    by_bolt = dump(graph)
    empty_store()

    fast = load(graph, facts, source="registry", name="full", at=DAY_1, way="bulk")
    by_import = dump(graph)
    again = load(graph, facts, source="registry", name="full", at=DAY_2)

    assert ("bolt", "bulk") == (slow.way, fast.way)
    assert slow.files == fast.files
    assert by_bolt == by_import == dump(graph)
    assert again.changes == 0


def test_another_end_of_validity_is_a_new_version(graph: Graph) -> None:
    """The old version stays, superseded from the moment the new one is known."""
    put(graph, holding("A", "B", 60))

    summary = put(graph, holding("A", "B", 60, valid_to=date(2025, 1, 1)), at=DAY_2)

    assert [(1, None, "2026-02-01"), (2, "2025-01-01", None)] == holdings(graph)
    assert summary.files["holdings"].changed == 1


def test_three_versions_give_the_same_line_in_any_order(
    graph: Graph, empty_store: Callable[[], None]
) -> None:
    """Stated moments decide which version supersedes which, not the order in which they came."""
    stated = [
        holding("A", "B", 60, valid_to=date(2030 + n, 1, 1), recorded_at=datetime(2020 + n, 1, 1))  # noqa: DTZ001  naive UTC
        for n in range(3)
    ]
    seen = set()
    for order in permutations(stated):
        empty_store()
        for row in order:
            put(graph, row)
        seen.add(tuple(sorted(pair[1:] for pair in holdings(graph))))

    assert {(("2030-01-01", "2021-01-01"), ("2031-01-01", "2022-01-01"), ("2032-01-01", None))} == {
        tuple(sorted(line, key=lambda pair: pair[0] or "")) for line in seen
    }


def test_a_fact_that_supersedes_another_closes_it(graph: Graph) -> None:
    """The named fact ends when its successor is known; the old package loaded again does not revive it."""
    old = holding("A", "B", 60)
    put(graph, old)
    named = snapshot(graph)["holdings"]["fact"][0]

    put(graph, holding("A", "B", 61, supersedes=named), at=DAY_2)
    put(graph, old, at=DAY_3)

    assert [None, "2026-02-01"] == sorted((row[2] for row in holdings(graph)), key=lambda end: end or "")


def test_replacing_a_source_closes_what_it_no_longer_states(graph: Graph) -> None:
    """Facts and records absent from the new package end; another source's stay."""
    load(graph, facts_of("other", holdings=[holding("X", "Y", 10)]), source="other", name="o", at=DAY_1)
    put(graph, holding("A", "B", 60), holding("A", "C", 60))

    summary = put(graph, holding("A", "B", 60), at=DAY_2, replace_source="registry")
    frames = snapshot(graph)

    ended = frames["parties"].filter(pl.col("superseded_at").is_not_null())["record"].to_list()
    assert ["registry/C"] == ended
    assert frames["holdings"]["superseded_at"].null_count() == 2
    assert (1, 1) == (summary.files["holdings"].closed, summary.files["parties"].closed)


def test_unloading_closes_and_never_deletes(graph: Graph) -> None:
    """What an unloaded load brought stays in the graph and counts for nothing, until loaded again."""
    first = put(graph, holding("A", "B", 60))
    version = store_version(graph)

    unload(graph, first.id)
    gone = snapshot(graph)["holdings"]
    kept = graph.driver.execute_query("MATCH ()-[f:HOLDS]->() RETURN f.closed_because AS why").records
    put(graph, holding("A", "B", 60), at=DAY_2)

    assert (0, ["unload"]) == (gone.height, [row["why"] for row in kept])
    assert [(2, None, None)] == holdings(graph)
    assert store_version(graph) == version + 2
    assert ["complete", "unloaded"] == [row["status"] for row in loads(graph)]
    with pytest.raises(UsageError):
        unload(graph, first.id)


def test_a_stub_never_replaces_a_record(graph: Graph) -> None:
    """A package that only names a party leaves what is known of it alone; a real row replaces a stub."""
    stub = {"id": "B", "stub": True}
    load(
        graph,
        facts_of(parties=[stub], holdings=[holding("A", "B", 5)]),
        source="registry",
        name="1",
        at=DAY_1,
    )
    real = {"id": "B", "name": "乙", "kind": "partnership"}
    load(graph, facts_of(parties=[real]), source="registry", name="2", at=DAY_2)
    load(
        graph,
        facts_of(parties=[stub], holdings=[holding("A", "B", 5)]),
        source="registry",
        name="3",
        at=DAY_3,
    )

    records = snapshot(graph)["parties"].filter(pl.col("record") == "registry/B")

    assert [(True, False), (False, True)] == records.select("stub", pl.col("superseded_at").is_null()).rows()
    shown = graph.driver.execute_query("MATCH (p:Party:Company {name: '乙'}) RETURN p.kind AS kind")
    assert ["partnership"] == [row["kind"] for row in shown.records]


def test_no_id_number_is_in_the_graph_in_clear(graph: Graph) -> None:
    """A mask for people, a keyed hash for matching; the number itself is in no property."""
    load(graph, full_facts(), source="registry", name="full")

    text = "\n".join(dump(graph))

    assert "11010519491231002X" not in text
    assert "19491231002" not in text
    assert "110*************2X" in text
    assert snapshot(graph)["parties"]["id_number_hmac"].drop_nulls().str.len_chars().to_list() == [64]


def begin(graph: Graph, who: str) -> None:
    values = {"id": "load_1", "name": "n", "source": "s", "owner": who, "at": "2026-03-01T00:00:00.000000Z"}
    graph.write("loads/begin", **values)


def test_an_unfinished_load_is_in_no_answer(graph: Graph) -> None:
    """A direct question is refused, a second load too, and a snapshot leaves it out."""
    put(graph, holding("A", "B", 60))
    before = snapshot(graph)["holdings"]
    begin(graph, owner())
    fact = {"from_record": "registry/A", "to_record": "registry/B", "fact_id": "holding_9", "version": 1}
    graph.write("ingest/holds", rows=[fact | {"properties": {"load": "load_1"}}])
    close = {"id": before["fact"][0], "version": 1, "superseded_at": "2026-02-01T00:00:00.000000Z"}
    rows = [close | {"closed_because": "version", "undo_superseded_at": None}]
    graph.write("ingest/close_facts", label="HOLDS", load="load_1", rows=rows)

    assert before.equals(snapshot(graph)["holdings"])
    with pytest.raises(LoadInProgress):
        graph.read("party/holders", party="p_1", as_of="2026-06-30")
    with pytest.raises(LoadInProgress):
        put(graph, holding("A", "C", 60))
    assert settle(graph) == []


def test_the_next_start_undoes_a_load_whose_writer_is_gone(graph: Graph) -> None:
    """Its facts, records, parties and closings are as if it had never begun."""
    put(graph, holding("A", "B", 60))
    before = dump(graph)
    gone = f"{os.uname().nodename}:{2**22 + 1}:1.0"
    begin(graph, gone)
    record = {
        "key": "registry/Z",
        "version": 1,
        "party": "p_z",
        "properties": {"load": "load_1", "name": "Z"},
    }
    party = {"id": "p_z", "key": "registry/Z", "first_load": "load_1", "person": False, "properties": {}}
    graph.write("ingest/parties", rows=[party])
    graph.write("ingest/records", rows=[record])
    close = {"id": "registry/A", "version": 1, "superseded_at": "2026-02-01T00:00:00.000000Z"}
    graph.write(
        "ingest/close_records",
        load="load_1",
        rows=[close | {"closed_because": "version", "undo_superseded_at": None}],
    )

    assert ["load_1"] == settle(graph)
    assert before == dump(graph)
    assert ["rolled_back", "complete"] == sorted((row["status"] for row in loads(graph)), reverse=True)


def test_a_load_that_fails_leaves_the_store_as_it_was(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken off in the middle of writing, by whatever reason: nothing is left of it."""
    put(graph, holding("A", "B", 60))
    before = dump(graph)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        put(graph, holding("A", "C", 60), at=DAY_2, progress=stop)

    assert before == dump(graph)
    assert 1 == store_version(graph)
