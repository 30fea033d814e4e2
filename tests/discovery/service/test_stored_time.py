"""A past moment asked of the store is answered as over the folder it was loaded from."""

from __future__ import annotations

from datetime import UTC, date, datetime

from discovery.facts.package import facts_from_rows
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.groups import discover
from discovery.policies import load_policy
from discovery.service.same import differences, record_keys
from discovery.service.stored import store_facts

DAY = date(2026, 6, 30)
EARLY, LATE = "2024-01-01", "2025-07-01"


def company(name: str, recorded: str = EARLY, **more: str) -> dict[str, str]:
    return {"id": name, "kind": "enterprise_legal_person", "name": name, "recorded_at": recorded, **more}


def stake(holder: str, of: str, percent: str, recorded: str = EARLY, **more: str) -> dict[str, str]:
    return {"holder": holder, "company": of, "equity_percent": percent, "recorded_at": recorded, **more}


def test_versions_and_replacements_answer_alike_at_every_moment(graph: Graph) -> None:
    """A stake ended earlier than was known, another was replaced, a party was described anew, one came."""
    first = {"holdings": [stake("A", "Y", "60")]}
    (replaced,) = facts_from_rows(first, source="core")["holdings"]["fact"]
    rows = {
        "parties": [
            company("A"),
            company("X"),
            company("X", LATE, former_names="X1"),
            company("Y"),
            company("Z", LATE),
        ],
        "holdings": [
            stake("A", "X", "60"),
            stake("A", "X", "60", LATE, valid_to="2025-03-01"),
            stake("A", "Y", "60"),
            stake("Z", "Y", "70", LATE, supersedes=replaced),
        ],
    }
    facts = facts_from_rows(rows, source="core")
    load(graph, facts, source="core", name="core")
    stored = store_facts(graph)
    keys = record_keys(facts), record_keys(stored)
    found = []

    for known in (datetime(2024, 6, 1, tzinfo=UTC), datetime(2025, 8, 1, tzinfo=UTC), None):
        moment = known and known.replace(tzinfo=None)
        one, other = (
            discover(each, load_policy("cbrc-2010"), as_of=DAY, known_at=moment).document()
            for each in (facts, stored)
        )
        assert [] == differences(one, keys[0], other, keys[1])
        found.append([group["members"] for group in one["groups"]])

    assert [[["A", "X", "Y"]], [["Y", "Z"]], [["Y", "Z"]]] == found
