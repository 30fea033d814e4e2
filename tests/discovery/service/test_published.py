"""The bank's own groups in the store: what an admin sees in Neo4j Browser is what discover says."""

from __future__ import annotations

import json
from datetime import date

import pytest

from discovery.facts.package import facts_from_rows
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.service.answers import Asked, groups
from discovery.service.published import bank_policy, publish
from discovery.service.stored import store_facts

DAY = date(2026, 6, 30)
ASKED = Asked("cbrc-2010", DAY)


def _company(name: str) -> dict[str, str]:
    return {"id": name, "kind": "enterprise_legal_person", "name": name}


def _holding(holder: str, company: str, percent: str) -> dict[str, str]:
    return {"holder": holder, "company": company, "equity_percent": percent}


@pytest.fixture
def loaded(graph: Graph) -> Graph:
    """A holds 60 of S; A 30 and S 25 of X."""
    rows = {
        "parties": [_company(name) for name in "ASX"],
        "holdings": [_holding("A", "S", "60"), _holding("A", "X", "30"), _holding("S", "X", "25")],
    }
    load(graph, facts_from_rows(rows, source="bank"), source="bank", name="first")
    return graph


def test_the_stored_groups_are_those_of_the_answer(loaded: Graph):
    """Group id, members and each member's own step stand in the store as in the answer."""
    publish(loaded, ASKED)

    (group,) = groups(store_facts(loaded), ASKED).document()["groups"]
    (stored,) = loaded.read("groups/show", group=group["id"])
    assert sorted(group["members"]) == [member["party"] for member in stored["members"]]
    steps = {member["party"]: member["evidence"] for member in stored["members"] if member["evidence"]}
    assert group["evidence"] == {party: json.loads(step) for party, step in steps.items()}


def test_only_the_difference_is_written(loaded: Graph):
    """Publishing again writes nothing; a new holding writes the group it changes."""
    first = publish(loaded, ASKED)

    again = publish(loaded, ASKED)
    more = {"parties": [_company("Y")], "holdings": [_holding("X", "Y", "70")]}
    load(loaded, facts_from_rows({**more, "parties": [*more["parties"], _company("X")]}, source="bank"),
         source="bank", name="second")  # fmt: skip
    grown = publish(loaded, ASKED)

    assert 3 == first.members_written
    assert 0 == again.members_written + again.groups_written + again.controls_written
    assert (1, 0) == (grown.members_written, grown.members_removed)


def test_the_policy_of_the_bank_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    """GUANLIAN_POLICY names it; without it the guideline of 2010 stands."""
    monkeypatch.delenv("GUANLIAN_POLICY", raising=False)
    assert "cbrc-2010" == bank_policy()

    monkeypatch.setenv("GUANLIAN_POLICY", "abc-2009")
    assert "abc-2009" == bank_policy()
