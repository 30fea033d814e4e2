"""Control by multiplied shares: bounds from above, exact shares, all pairs and all groups by an oracle."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.multiplied import controlled, groups
from oracles.ownership import accumulated

from discovery.control.below import below, held_by
from discovery.control.bounds import ONE
from discovery.control.pairs import control_pairs, holdings_slot
from discovery.control.stakes import WHOLE
from discovery.control.walk import Walk
from discovery.evidence.checker import check
from discovery.facts.graph import fact_graph
from discovery.facts.package import facts_from_rows
from discovery.groups import discover
from discovery.policies import load_policy
from tests.discovery.control.test_ownership import Edge, held, registers

DAY = date(2026, 6, 30)
HALF = Fraction(1, 2)
POLICY = load_policy("xx-group-management", {"control.indirect": "multiply"})


def facts_of(parties: int, edges: list[Edge]):
    """The companies and holdings as a package would state them."""
    row = {"kind": "enterprise_legal_person", "client_no": "c"}
    companies = [{"id": f"C{one:02}", **row, "name": f"甲{one}"} for one in range(parties)]
    sums: dict[tuple[int, int], int] = {}
    for holder, company, amount in edges:
        sums[holder, company] = sums.get((holder, company), 0) + amount
    holdings = [
        {"holder": f"C{holder:02}", "company": f"C{company:02}", "equity_percent": f"{amount / 1_000_000:f}"}
        for (holder, company), amount in sums.items()
    ]
    return facts_from_rows({"parties": companies, "holdings": holdings}, source="oracle")


def fractions(edges: list[Edge]) -> list[tuple[int, int, Fraction]]:
    return [(holder, company, Fraction(amount, WHOLE)) for holder, company, amount in edges]


@settings(max_examples=80, deadline=None)
@given(registers(), st.sets(st.integers(0, 7), min_size=1, max_size=2))
def test_the_walk_down_finds_the_solution_of_the_system(world, unit):
    """Bounds hold the share between them, the walk is it exactly; nothing with a share is missed."""
    parties, edges = world
    unit = {party for party in unit if party < parties} or {0}
    truth = accumulated(parties, fractions(edges), unit)
    stakes = held(parties, edges)

    members = np.array(sorted(unit), np.int32)
    found = below(held_by(stakes), (np.array([0, len(members)]), members), 1)
    walk = Walk(stakes, held_by(stakes), unit)

    if truth is None:  # a closed circle that nobody comes into
        return
    assert {one for one, share in truth.items() if share} == set(found.company.tolist())
    assert not found.doubt.any()
    columns = (found.company.tolist(), found.low.tolist(), found.high.tolist())
    for company, low, high in zip(*columns, strict=True):
        assert low <= truth[company] * ONE <= high
        assert truth[company] == walk.share(company)


@settings(max_examples=60, deadline=None)
@given(registers())
def test_all_pairs_are_those_of_the_definition(world):
    """Every controller and company, circles, self-holdings and exactly half included."""
    parties, edges = world
    graph = fact_graph(facts_of(parties, edges), DAY)
    slot = holdings_slot(WHOLE // 2, strict=True, measure="equity")

    found = set(control_pairs(graph, [slot], multiply=True).rows())

    wanted = {
        (one, company)
        for one in range(parties)
        for company in controlled(parties, fractions(edges), {one}, HALF)
    }
    assert wanted == {tuple(int(graph.parties.ids[end][1:]) for end in pair) for pair in found}


def _agrees(world) -> None:
    parties, edges = world
    answer = discover(facts_of(parties, edges), POLICY, as_of=DAY).document()
    said = {
        tuple(
            frozenset(int(party[1:]) for party in several)
            for several in (one["controller"]["parties"], one["members"])
        )
        for one in answer["groups"]
    }

    assert groups(parties, fractions(edges), HALF) == said


@settings(max_examples=25, deadline=None)
@given(registers())
def test_all_groups_are_those_of_the_definition(world):
    """Points, rings and what heads a group although somebody stands above it."""
    _agrees(world)


@pytest.mark.slow
@settings(max_examples=250, deadline=None)
@given(registers())
def test_all_groups_of_more_registers(world):
    """The same on more registers."""
    _agrees(world)


def test_the_share_of_what_registers_above_the_whole_feed_is_not_assessed():
    """Two companies that hold all of each other leave no solution for who comes on top: nothing is deemed."""
    edges = [(0, 1, WHOLE // 10), (1, 2, WHOLE), (2, 1, WHOLE), (1, 3, WHOLE)]
    stakes = held(4, edges)

    walk = Walk(stakes, held_by(stakes), [0])
    found = discover(facts_of(4, edges), POLICY, as_of=DAY).document()

    assert (None, None) == (walk.share(1), walk.share(3))
    asked = [one for one in found["review"] if one["with"] == ["C00"]]
    assert not any("C00" in one["members"] for one in found["groups"])
    assert all("method_not_assessed" in one["flags"] for one in asked)


def test_a_circle_too_large_to_be_solved_is_asked_about():
    """65 companies hold each other and A 45 and 51 of two: the 51 count, the rest is a question."""
    circle = list(range(1, 66))
    edges = [(one, one % 65 + 1, 49_000_000) for one in circle] + [(0, 1, 45_000_000), (0, 9, 51_000_000)]
    edges += [(0, 66, 30_000_000), (9, 66, 30_000_000)]
    facts, stakes = facts_of(67, edges), held(67, edges)

    walk = Walk(stakes, held_by(stakes), [0])
    document = discover(facts, POLICY, as_of=DAY).document()

    assert {None} == {walk.share(one) for one in (*circle, 66)}
    (group,) = document["groups"]
    assert ["C00", "C09"] == group["members"]
    assert "51" == group["evidence"]["C09"]["total"]
    asked = [one for one in document["review"] if one["with"] == ["C00"]]
    assert ["C01"] in [one["parties"] for one in asked]
    assert {"near_control"} == {one["reason"] for one in asked}
    assert all("method_not_assessed" in one["flags"] for one in asked)
    assert [] == [str(fault) for fault in check(document, facts, POLICY, as_of=DAY)]
