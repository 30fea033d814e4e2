"""Merging and splitting in the store: exact to undo, never against a person's word, told as events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import polars as pl
import pytest

from discovery.errors import LoadInProgress, UsageError
from discovery.facts.keys import party_id
from discovery.graph.connection import Graph
from discovery.graph.identity import (
    Change,
    KeptApart,
    UnknownChange,
    keep_apart,
    merge,
    split,
    take_back,
)
from discovery.graph.loading import load
from discovery.graph.recovery import owner
from discovery.graph.snapshot import snapshot, store_version

from .dump import dump
from .given import facts_of, full_facts, holding

DAY = datetime(2026, 1, 1, tzinfo=UTC)
WHO = {"by": "li", "reason": "same register"}
A, B, C, GHOST = "registry/A", "registry/B", "second/C", "registry/Ghost"


def of(name: str) -> str:
    return party_id(f"registry/{name}")


@pytest.fixture
def full(graph: Graph) -> Graph:
    load(graph, full_facts(), source="registry", name="full", at=DAY)
    return graph


def whose(graph: Graph) -> dict[str, str]:
    return dict(snapshot(graph)["parties"].select("record", "id").unique().rows())


def events(graph: Graph, after: int = 0) -> list[dict[str, Any]]:
    return graph.read("identity/events", after=after, most=100)


def test_a_merge_draws_every_fact_to_one_party_and_its_undo_restores_the_graph(full: Graph) -> None:
    """Every kind of fact follows its records; undone, the graph is the same to the last property."""
    before, version = dump(full), store_version(full)

    done = merge(full, [B], [C], **WHO)
    merged = snapshot(full)
    undone = take_back(full, done.id, by="wang", reason="two registers")

    b, c = party_id(B), party_id(C)
    assert c not in merged["holdings"]["company"].to_list()
    assert {B} == set(merged["parties"].filter(pl.col("id") == b)["key"])
    assert before == dump(full)
    assert (version + 1, version + 2) == (done.version, undone.version)
    assert [("merged", {b, c}, {b}), ("split", {b}, {b, c})] == [
        (e["type"], set(e["old"]), set(e["new"])) for e in events(full)
    ]
    assert [("li", done.id, [C]), ("wang", done.id, [C])] == [
        (e["by"], e["change"], e["records"]) for e in events(full)
    ]


def test_an_old_id_leads_to_the_party_that_has_its_record_now(full: Graph) -> None:
    """Through two merges and one undo; the emptied party is no party that anyone finds."""
    first = merge(full, [B], [C], **WHO)
    merge(full, [A], [B], **WHO)

    meant = [full.read("identity/named", text=party_id(key), most=2)[0]["party"] for key in (A, B, C)]
    labels = full.driver.execute_query("MATCH (n:Alias) RETURN labels(n) AS l, keys(n) AS k").records
    take_back(full, first.id, **WHO)

    assert [party_id(A)] * 3 == meant
    assert [["Alias"]] * 2 == [row["l"] for row in labels]
    assert all({"name", "kind", "region"}.isdisjoint(row["k"]) for row in labels)
    assert {A: party_id(A), B: party_id(A), C: party_id(C)} == {k: whose(full)[k] for k in (A, B, C)}
    assert [] == full.read("identity/named", text="p_none", most=2)


def test_a_keep_apart_refuses_every_merge_that_would_join_them(full: Graph) -> None:
    """Directly and by way of a third; the refusal names what would have to be taken back."""
    apart = keep_apart(full, [A], [B], **WHO)
    merge(full, [B], [C], **WHO)

    for other in (B, C):
        with pytest.raises(KeptApart) as refused:
            merge(full, [A], [other], **WHO)
        assert apart.id in refused.value.remedy
    assert whose(full)[A] != whose(full)[B]
    take_back(full, apart.id, **WHO)
    merge(full, [C], [A], **WHO)
    assert len({whose(full)[key] for key in (A, B, C)}) == 1


def test_records_that_leave_a_party_stay_away_and_both_sides_stay_whole(full: Graph) -> None:
    """A held B and C together; without it they are still one, and the undo brings all three back."""
    merge(full, [A], [B], **WHO)
    merge(full, [A], [C], **WHO)
    before = dump(full)

    done = split(full, [A], **WHO)

    assert {A: party_id(A), B: party_id(B), C: party_id(B)} == {k: whose(full)[k] for k in (A, B, C)}
    with pytest.raises(KeptApart):
        merge(full, [A], [C], **WHO)
    take_back(full, done.id, **WHO)
    assert before == dump(full)


def test_what_cannot_be_done_is_said_and_changes_nothing(full: Graph) -> None:
    """One party already, no such record, nobody left, records of two parties, a change undone before."""
    done = merge(full, [B], [C], **WHO)
    before, version = dump(full), store_version(full)

    with pytest.raises(UsageError, match="one party already"):
        merge(full, [C], [B], **WHO)
    with pytest.raises(UsageError, match="one party now"):
        keep_apart(full, [C], [B], **WHO)
    with pytest.raises(UsageError, match="no record"):
        merge(full, ["registry/nobody"], [B], **WHO)
    with pytest.raises(UsageError, match="All records"):
        split(full, [B, C], **WHO)
    with pytest.raises(UsageError, match="2 parties"):
        split(full, [A, B], **WHO)
    with pytest.raises(UnknownChange, match="no change"):
        take_back(full, "c_0", **WHO)

    assert (before, version) == (dump(full), store_version(full))
    take_back(full, done.id, **WHO)
    with pytest.raises(UnknownChange, match="already"):
        take_back(full, done.id, **WHO)


def test_nothing_changes_while_a_load_is_written(full: Graph) -> None:
    """And a change drafted before the store moved is drafted anew, not lost."""
    book = {"id": "load_1", "name": "n", "source": "s", "owner": owner(), "at": "2026-01-01T00:00:00.000000Z"}
    full.write("loads/begin", **book)

    with pytest.raises(LoadInProgress):
        merge(full, [B], [C], **WHO)

    full.write("loads/rolled_back", load="load_1", at="2026-01-01T00:00:00.000000Z")
    assert isinstance(merge(full, [B], [C], **WHO), Change)


def put(graph: Graph, rows: list[dict[str, Any]], day: int) -> None:
    at = DAY + timedelta(days=day)
    load(graph, facts_of("news", holdings=rows), source="news", name="more", at=at)


def changed(graph: Graph, chance: Random) -> str | None:
    """One random merge, split or keep-apart: the change, or nothing where it was refused."""
    parties: dict[str, list[str]] = {}
    for key, party in sorted(whose(graph).items()):
        parties.setdefault(party, []).append(key)
    one, other = chance.sample(sorted(parties), 2)
    big = max(parties.values(), key=len)
    kind = chance.choice(["merge", "merge", "apart", "split"])
    try:
        if kind == "merge":
            return merge(graph, parties[one][:1], parties[other][-1:], **WHO).id
        if kind == "apart":
            return keep_apart(graph, parties[one][:1], parties[other][:1], **WHO).id
        return split(graph, chance.sample(big, max(1, len(big) // 2)), **WHO).id
    except UsageError:
        return None


@pytest.mark.parametrize("seed", [pytest.param(n, marks=pytest.mark.slow if n else ()) for n in range(8)])
def test_undoing_random_changes_gives_the_graph_of_the_loads_alone(
    graph: Graph, empty_store: Callable[[], None], seed: int
) -> None:
    """Merges, splits and keep-aparts in any order with loads in between, undone in any order."""
    chance = Random(seed)  # noqa: S311  not a secret
    load(graph, full_facts(), source="registry", name="full", at=DAY)
    done, loaded = [], []
    for step in range(8):
        if chance.random() < 0.25:
            loaded.append([holding(f"N{step}", chance.choice("ABC"), 7), holding("A", f"M{step}", 60)])
            put(graph, loaded[-1], len(loaded))
        elif change := changed(graph, chance):
            done.append(change)
    chance.shuffle(done)

    for change in done:
        take_back(graph, change, **WHO)
    undone = dump(graph)
    empty_store()
    load(graph, full_facts(), source="registry", name="full", at=DAY)
    for day, rows in enumerate(loaded, 1):
        put(graph, rows, day)

    assert done
    assert dump(graph) == undone
