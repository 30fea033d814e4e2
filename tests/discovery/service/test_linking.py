"""Linking the records of a store: certain merges, questions, keep-aparts that stand, any order the same."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from discovery.facts.package import facts_from_rows
from discovery.graph.connection import Graph
from discovery.graph.identity import keep_apart, merge, take_back
from discovery.graph.loading import load
from discovery.graph.snapshot import snapshot, store_version
from discovery.service.linking import link_store

WHO = {"by": "li", "reason": "seen the papers"}
ID = "11010519491231002X"
OTHER_ID = "440524188001010014"
USCC = "91110000600037341L"
PARTIES = [
    {"id": "1", "source": "core", "name": "深圳市海晏科技有限公司", "uscc": USCC, "client_no": "C1"},
    {"id": "2", "source": "registry", "name": "海晏科技（深圳）有限公司", "uscc": USCC},
    {"id": "3", "source": "news", "name": "深圳海晏科技有限公司"},
    {"id": "4", "source": "core", "name": "浙江远山材料有限公司"},
    {"id": "5", "source": "registry", "name": "浙江远山材料有限公司"},
    {"id": "6", "source": "core", "name": "海晏"},
    {"id": "7", "source": "core", "kind": "natural_person", "name": "林知远", "id_number": ID},
    {"id": "8", "source": "registry", "kind": "natural_person", "name": "林知远", "id_number": ID},
    {"id": "9", "source": "registry", "kind": "natural_person", "name": "林知远", "id_number": OTHER_ID},
    {"id": "10", "source": "news", "kind": "natural_person", "name": "林知远"},
    {"id": "11", "source": "news", "name": "北京无关贸易有限公司"},
]
HOLDINGS = [
    {"holder": "7", "company": "1", "equity_percent": "40", "source": "core"},
    {"holder": "8", "company": "2", "equity_percent": "60", "source": "registry"},
]


def put(graph: Graph, parties: list[dict[str, Any]], holdings: list[dict[str, Any]] = HOLDINGS) -> None:
    """Load the parties of one source, with the holdings among them."""
    ids = {row["id"] for row in parties}
    held = [row for row in holdings if {row["holder"], row["company"]} <= ids]
    load(graph, facts_from_rows({"parties": parties, "holdings": held}), source="x", name="t")


def clusters(graph: Graph) -> set[frozenset[str]]:
    """Ids of the records of each party of several."""
    found: dict[str, set[str]] = {}
    for key, party in snapshot(graph)["parties"].select("record", "id").unique().rows():
        found.setdefault(party, set()).add(key.partition("/")[2])
    return {frozenset(keys) for keys in found.values() if len(keys) > 1}


def questions(graph: Graph) -> list[tuple[str, str, str]]:
    rows = graph.driver.execute_query(
        "MATCH (q:Question) RETURN q.left AS l, q.right AS r, q.status AS s ORDER BY l, r"
    )
    return [(row["l"], row["r"], row["s"]) for row in rows.records]


SURE = {frozenset({"1", "2", "3"}), frozenset({"4", "5"}), frozenset({"7", "8"})}


def test_what_is_certain_is_merged_and_what_is_doubtful_is_asked(graph: Graph) -> None:
    """Twice the same as once: same code, same name and region; a namesake without papers is a question."""
    put(graph, PARTIES)

    first = link_store(graph, with_groups=False)
    version = store_version(graph)
    second = link_store(graph, with_groups=False)

    assert SURE == clusters(graph)
    assert (11, 4, 3) == (first["records"], first["moved"], first["merged"])
    assert first["asked"] == first["open"] == len(questions(graph)) > 0
    assert ("core/7", "news/10", "open") in questions(graph)
    assert not any({"core/7", "registry/9"} == {left, right} for left, right, _ in questions(graph))
    assert (0, 0, version) == (second["moved"], second["asked"], store_version(graph))


def test_the_order_in_which_records_come_does_not_matter(
    graph: Graph, empty_store: Callable[[], None]
) -> None:
    """Source by source in any order, linking after each, gives the same parties and the same questions."""
    seen = []
    chance = Random(3)  # noqa: S311  not a secret
    for _ in range(2):
        empty_store()
        sources = ["core", "registry", "news"]
        chance.shuffle(sources)
        for source in sources:
            put(graph, [row for row in PARTIES if row["source"] == source])
            link_store(graph, with_groups=False)
        whose = set(snapshot(graph)["parties"].select("record", "id").unique().rows())
        still = {(left, right) for left, right, status in questions(graph) if status == "open"}
        seen.append((whose, still))

    assert SURE == clusters(graph)
    assert seen[0] == seen[1]


def test_no_batch_overrides_what_a_person_decided(graph: Graph) -> None:
    """Kept apart, merged or split by a person: the batch keeps to it, also by way of a third record."""
    put(graph, PARTIES)
    apart = keep_apart(graph, ["core/1"], ["registry/2"], **WHO)
    merge(graph, ["core/4"], ["news/11"], **WHO)

    link_store(graph, with_groups=False)

    found = clusters(graph)
    assert not any({"1", "2"} <= cluster for cluster in found)
    assert frozenset({"4", "5", "11"}) in found
    assert any("3" in cluster for cluster in found)
    assert not any({"core/1", "registry/2"} == {left, right} for left, right, _ in questions(graph))
    take_back(graph, apart.id, **WHO)
    link_store(graph, with_groups=False)
    assert frozenset({"1", "2", "3"}) in clusters(graph)


def test_a_store_without_records_is_linked_too(graph: Graph) -> None:
    """Nothing to do is no error."""
    assert link_store(graph)["records"] == 0


@pytest.mark.parametrize("name", [None, "", "?", "·", "1", "☃☃", "　", "公司", "x" * 5_000])
def test_records_that_name_nobody_are_never_one(graph: Graph, name: str | None) -> None:
    """Empty, one sign, punctuation, an emoji, a form alone, endless: two such records stay two."""
    put(graph, [{"id": "1", "name": name}, {"id": "2", "name": name}])

    link_store(graph, with_groups=False)

    assert set() == clusters(graph) or name == "x" * 5_000
