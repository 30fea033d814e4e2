"""The store's rounds in Cypher give the kernel's pairs."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Literal

import pytest
from oracles.plain import MILLION
from oracles.worlds import DAY, facts_of

from discovery.control.pairs import control_pairs, holdings_slot
from discovery.facts.facts import Facts
from discovery.facts.graph import fact_graph
from discovery.facts.keys import party_id
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.graph.rounds import control_by_rounds

PARTS = (5, 15, 20, 25, 26, 30, 50, 50, 51, 60)


@pytest.fixture
def facts() -> Facts:
    """Three random graphs side by side: cycles, self-holdings, halves, small holdings that add up."""
    chance = Random(20260630)  # noqa: S311  no secret hangs on it
    rows = []
    for name in "PQR":
        for company in range(20):
            left = 100
            for holder in chance.sample(range(20), chance.randint(1, 4)):
                part = min(left, chance.choice(PARTS))
                left -= part
                votes = {} if chance.random() < 0.7 else {"voting_percent": str(min(100, part + 10))}
                if part:
                    pair = {"holder": f"{name}{holder}", "company": f"{name}{company}"}
                    rows.append({**pair, "equity_percent": str(part), **votes})
    return facts_of({"holdings": rows})


def test_rounds_in_the_store_equal_the_kernel(graph: Graph, facts: Facts) -> None:
    """By votes and by equity, above a half and above a quarter, all pairs of one load."""
    load(graph, facts, source="world", name="t", at=datetime(2026, 1, 1, tzinfo=UTC))
    day = fact_graph(facts, DAY)
    stored = {number: party_id(key) for number, key in enumerate(day.parties.keys)}
    measures: tuple[Literal["voting", "equity"], ...] = ("voting", "equity")
    for measure in measures:
        for percent in (50, 25):
            slot = holdings_slot(percent * MILLION, strict=True, measure=measure)
            kernel = {(stored[one], stored[other]) for one, other in control_pairs(day, [slot]).rows()}
            rounds = control_by_rounds(graph, as_of=DAY, threshold=percent * MILLION, measure=measure)

            assert set(rounds.rows()) == kernel
            assert kernel
