"""Large groups that were asked for are kept for the next question, and the answers stay the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from discovery.facts.facts import Facts
from discovery.facts.graph import fact_graph
from discovery.facts.package import facts_from_rows
from discovery.groups import discover
from discovery.groups.eligible import eligible
from discovery.groups.looked_up import LARGE, LookedUp
from discovery.groups.pairs import pair_frame
from discovery.groups.writing import GroupWriter
from discovery.policies import load_policy

DAY = date(2026, 6, 30)
HEADS = 3
Document = dict[str, Any]


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Three owners, each with more companies than a group has that is not kept."""
    owned = [(head, f"C{head}-{number:03}") for head in range(HEADS) for number in range(LARGE)]
    parties = [
        {"id": f"H{head}", "name": f"控股{head}公司", "kind": "enterprise_legal_person"}
        for head in range(HEADS)
    ]
    parties += [
        {"id": company, "name": f"{company}公司", "kind": "enterprise_legal_person"} for _, company in owned
    ]
    holdings = [
        {"holder": f"H{head}", "company": company, "equity_percent": "60", "voting_percent": "60"}
        for head, company in owned
    ]
    return facts_from_rows({"parties": parties, "holdings": holdings})


def test_answers_of_one_group_again_and_again_are_those_of_a_first_question(facts: Facts) -> None:
    policy = load_policy("cbrc-2010")
    whole = discover(facts, policy, as_of=DAY)
    for party in ("C0-000", "C1-007", "C0-001", "H0", "C0-000", "C2-199", "C1-007"):
        alone = discover(facts, policy, as_of=DAY, about=party).document()
        assert len(alone["groups"]) == 1
        asked = whole.about(party).document()
        assert asked == alone
        asked["groups"][0]["members"] = []  # what one does with an answer is not seen in the next
        assert whole.about(party).document() == alone


def test_what_was_asked_for_longest_ago_makes_room(facts: Facts) -> None:
    graph, policy = fact_graph(facts, DAY), load_policy("cbrc-2010")
    formation = discover(facts, policy, as_of=DAY).formation
    writer = GroupWriter(graph, policy, eligible(graph, policy), formation)
    room = 2 * (LARGE + 1)
    looked_up = LookedUp(len(graph.parties), formation, pair_frame(), writer, room)
    units = formation.groups["unit"].to_list()
    assert len(units) == HEADS

    def evidence(unit: int) -> Document:
        members = formation.members.filter(pl.col("unit") == unit)
        ((number, (document, pairs)),) = looked_up.drawn(members, {})
        assert number == unit
        assert pairs == []
        found: Document = document["evidence"]
        return found

    first, second, third = units
    once = {unit: evidence(unit) for unit in (first, second)}
    assert evidence(first) is once[first]
    evidence(third)
    assert evidence(first) is once[first]
    again = evidence(second)
    assert again is not once[second]
    assert again == once[second]
