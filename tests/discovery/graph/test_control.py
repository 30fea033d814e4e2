"""Control by rounds in the store equals a plain fixpoint in Python."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest

from discovery.facts.keys import party_id
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.graph.rounds import control_by_rounds

from .given import facts_of, holding

DAY = date(2026, 6, 30)
HALF = 50_000_000
Rows = Sequence[dict[str, Any]]


def pairs(graph: Graph, rows: Rows, **options: Any) -> set[tuple[str, str]]:
    """Load the holdings and run the rounds; pairs in the package's own ids."""
    load(graph, facts_of(holdings=rows), source="registry", name="t", at=datetime(2026, 1, 1, tzinfo=UTC))
    names = {
        party_id(f"registry/{n}"): n
        for row in rows
        for n in (row["holder"], row["company"], row.get("nominee_for"))
    }
    frame = control_by_rounds(graph, as_of=DAY, threshold=HALF, **options)
    return {(names[a], names[b]) for a, b in frame.rows()}


def plainly(rows: Rows) -> set[tuple[str, str]]:
    """The least fixpoint by definition, one unit after the other, every company summed anew each time."""
    found = set()
    companies = {row["company"] for row in rows}
    for unit in {row.get("nominee_for") or row["holder"] for row in rows}:
        members, grown = {unit}, True
        while grown:
            won = {
                company
                for company in companies - members
                if HALF
                < sum(
                    row["voting_percent"]
                    for row in rows
                    if row["company"] == company and (row.get("nominee_for") or row["holder"]) in members
                )
            }
            members, grown = members | won, bool(won)
        found |= {(unit, company) for company in members - {unit}}
    return found


def test_small_holdings_add_up_over_rounds(graph: Graph) -> None:
    """A has 60 in B; B 30 and A 25 in C; C 30 and B 21 in D; exactly half is not control."""
    rows = [
        holding("A", "B", 60),
        holding("B", "C", 30),
        holding("A", "C", 25),
        holding("C", "D", 30),
        holding("B", "D", 21),
        holding("D", "E", 50),
    ]

    found = pairs(graph, rows)

    assert {("A", "B"), ("A", "C"), ("A", "D")} == found == plainly(rows)


def test_a_nominee_s_votes_are_those_of_the_party_behind(graph: Graph) -> None:
    """N holds 40 of C for A, who has 15: A controls C and N does not, even at 60."""
    rows = [
        holding("N", "C", 40, nominee_for="A"),
        holding("A", "C", 15),
        holding("N", "E", 60, nominee_for="A"),
    ]

    assert {("A", "C"), ("A", "E")} == pairs(graph, rows) == plainly(rows)


def test_the_later_stated_register_counts(graph: Graph) -> None:
    """Two documents speak of A's votes in B; they do not add up."""
    rows = [
        holding("A", "B", 60, document="old", recorded_at=datetime(2020, 1, 1)),  # noqa: DTZ001  naive UTC
        holding("A", "B", 40, document="new", recorded_at=datetime(2024, 1, 1)),  # noqa: DTZ001  naive UTC
        holding("A", "C", 60, document="old", recorded_at=datetime(2025, 1, 1)),  # noqa: DTZ001  naive UTC
        holding("A", "C", 40, document="new", recorded_at=datetime(2024, 1, 1)),  # noqa: DTZ001  naive UTC
    ]

    assert {("A", "C")} == pairs(graph, rows)


def test_a_holding_counts_from_its_first_day_to_before_its_last(graph: Graph) -> None:
    """Valid time is half-open."""
    rows = [
        holding("A", "B", 60, valid_from=DAY),
        holding("A", "C", 60, valid_to=DAY),
        holding("A", "D", 60, valid_from=date(2026, 7, 1)),
    ]

    assert {("A", "B")} == pairs(graph, rows)


@pytest.mark.parametrize("seed", [1, 2, 3, pytest.param(4, marks=pytest.mark.slow)])
def test_random_graphs_with_cycles_and_self_holdings(graph: Graph, seed: int) -> None:
    """Forty parties, each company's shares split at random: the same pairs as by definition."""
    chance = Random(seed)  # noqa: S311  not a secret
    rows = []
    for company in range(40):
        left = 100
        for holder in chance.sample(range(40), chance.randint(1, 4)):
            part = min(left, chance.choice([5, 20, 25, 26, 30, 50, 51, 60]))
            left -= part
            if part:
                behind = {"nominee_for": f"C{chance.randrange(40)}"} if chance.random() < 0.1 else {}
                rows.append(holding(f"C{holder}", f"C{company}", part, **behind))

    found = pairs(graph, rows)

    assert plainly(rows) == found
    assert found
