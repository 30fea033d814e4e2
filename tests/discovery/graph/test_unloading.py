"""Withdrawing a load leaves the store as if it had never been, whatever was loaded before and after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from discovery.facts.facts import Facts
from discovery.facts.graph import known_rows
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.graph.recovery import finish_unload, unload
from discovery.graph.snapshot import snapshot

from .given import facts_of, full_facts, holding

MOMENTS = [datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 8)]
ENDED = {"valid_to": date(2025, 1, 1)}
Load = tuple[Facts, dict[str, Any]]


def stated(*rows: dict[str, Any], source: str = "registry", parties: list[dict[str, Any]] | None = None,
           **options: Any) -> Load:  # fmt: skip
    more = {"parties": parties} if parties else {}
    return facts_of(source, holdings=list(rows), **more), {"source": source, **options}


def fact_of(row: dict[str, Any]) -> str:
    return str(facts_of(holdings=[row])["holdings"]["fact"][0])


A_B, A_C, X_Y = holding("A", "B", 60), holding("A", "C", 60), holding("X", "Y", 10)
REPLACING = {"replace_source": "registry"}
OLDER = {"recorded_at": datetime(2024, 1, 1)}  # noqa: DTZ001  naive UTC
STORIES: dict[str, list[Load]] = {
    "a version": [stated(A_B), stated(A_B | ENDED), stated(X_Y, source="other")],
    "a version with a later one": [stated(A_B), stated(A_B | ENDED), stated(A_B | {"confidence": 500_000})],
    "an older version": [stated(A_B), stated(A_B | ENDED | OLDER), stated(X_Y, source="other")],
    "a fact that replaces": [stated(A_B), stated(A_C | {"supersedes": fact_of(A_B)}), stated(X_Y)],
    "one of two that replace": [
        stated(A_B),
        stated(A_C | {"supersedes": fact_of(A_B)}),
        stated(X_Y | {"supersedes": fact_of(A_B)}),
    ],
    "a source replaced": [stated(A_B, A_C), stated(A_B, **REPLACING), stated(X_Y, source="other")],
    "a source replaced twice": [stated(A_B, A_C), stated(A_B, **REPLACING), stated(A_B, **REPLACING)],
    "a source replaced and restated": [stated(A_B, A_C), stated(A_B, **REPLACING), stated(A_B, A_C)],
    "a party": [
        stated(A_B, parties=[{"id": "B", "name": "乙", "phone": "1"}]),
        stated(parties=[{"id": "B", "name": "丙", "phone": "2"}]),
        stated(X_Y, parties=[{"id": "X", "name": "丁"}]),
    ],
    "a party that others name": [
        stated(X_Y),
        stated(parties=[{"id": "Z", "name": "己"}]),
        stated(holding("Z", "X", 5), parties=[{"id": "Z", "stub": True}]),
    ],
    "everything": [stated(A_B), (full_facts(), {"source": "registry"}), stated(X_Y, source="other")],
}  # fmt: skip


def tell(graph: Graph, story: list[Load], without: int | None = None) -> list[str]:
    """Load the story, or all of it but one; the ids of the loads."""
    return [
        load(graph, facts, name=f"{number}", at=MOMENTS[number], **options).id
        for number, (facts, options) in enumerate(story)
        if number != without
    ]


def seen(graph: Graph) -> dict[str, list[tuple[Any, ...]]]:
    """What the store answers with before, at each moment and now, by file; of parties what describes them."""
    found = {}
    for stem, every in snapshot(graph).items():
        frame = every.filter(~pl.col("stub")) if stem == "parties" else every
        plain = frame.drop("row", "version", "load", "known_from", "superseded_at", strict=False)
        for moment in (datetime(2025, 1, 1, tzinfo=UTC), *MOMENTS, None):
            known = moment and moment.replace(tzinfo=None)
            rows = known_rows(frame.with_columns(plain), known).select(plain.columns)
            found[f"{stem} {moment}"] = sorted(rows.rows(), key=repr)
    return found


@pytest.mark.parametrize("name", STORIES)
def test_an_unloaded_load_leaves_no_trace(name: str, graph: Graph, empty_store: Callable[[], None]) -> None:
    """At every moment, past ones too, the store answers as one that never had the load."""
    tell(graph, STORIES[name], without=1)
    never = seen(graph)
    empty_store()

    ids = tell(graph, STORIES[name])
    loaded = seen(graph)
    unload(graph, ids[1])

    assert loaded != never
    assert seen(graph) == never


def test_a_load_can_be_unloaded_and_loaded_again(graph: Graph) -> None:
    """It counts from its new moment, and what it replaces ends then."""
    story = STORIES["a version"]
    ids = tell(graph, story[:2])
    unload(graph, ids[1])

    load(graph, story[1][0], name="again", at=MOMENTS[4], **story[1][1])

    rows = snapshot(graph)["holdings"].select("valid_to", pl.col("superseded_at").dt.month()).rows()
    assert {(None, 5), (date(2025, 1, 1), None)} == {*rows}


def test_the_party_shows_its_former_name_again(graph: Graph) -> None:
    """Whoever browses the graph sees what counts."""
    ids = tell(graph, STORIES["a party"])
    unload(graph, ids[1])

    question = (
        "MATCH (p:Party {name: '乙'})-[u:USES]->(x) WHERE u.superseded_at IS NULL RETURN x.text AS phone"
    )
    shown = graph.driver.execute_query(question).records

    assert ["1"] == [row["phone"] for row in shown]


def test_an_unload_that_was_broken_off_is_completed(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until then the store answers as before; the next start goes on with it."""
    ids = tell(graph, STORIES["a version"])
    before = seen(graph)
    with monkeypatch.context() as patch:
        patch.setattr("discovery.graph.recovery.reopen", _break)
        with pytest.raises(KeyboardInterrupt):
            unload(graph, ids[1])
    assert seen(graph) == before

    finish_unload(graph, ids[1])

    assert [None] == snapshot(graph)["holdings"].filter(pl.col("load") == ids[0])["superseded_at"].to_list()


def _break(*_: object) -> None:
    raise KeyboardInterrupt
