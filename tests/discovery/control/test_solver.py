"""The engine's fixpoint equals an independent exact solver's on random graphs."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracles.asp import controlled
from oracles.kin import Family
from oracles.plain import MILLION, Day
from oracles.rounds import Ground, grounds_of
from oracles.worlds import DAY, World, control_worlds, facts_of

from discovery.control.pairs import control_pairs, holdings_slot
from discovery.facts.graph import FactGraph, fact_graph
from discovery.groups.slots import deemed_slots
from discovery.kinship.relations import relations
from discovery.policies import load_policy, policy_slugs
from tests.unlike import UNLIKE_IN_CONTROL, each

SHARE_TESTS = [(percent, strict, measure) for percent in (50, 33, 10) for strict in (True, False)
               for measure in ("voting", "equity")]  # fmt: skip
LEAST = {"abc-2009", "cbrc-2010", "huishang", "substance-eleven", "xindu-guicheng"}


def graph_of(world: World) -> tuple[FactGraph, Day]:
    """The engine's view and the plain view of one world."""
    facts = facts_of(world)
    return fact_graph(facts, DAY), Day(world, facts)


def by_id(graph: FactGraph, pairs: pl.DataFrame) -> set[tuple[str, str]]:
    """Pairs of numbers as pairs of ids."""
    ids = graph.parties.ids
    return {(ids[controller], ids[company]) for controller, company in pairs.rows()}


def alone(day: Day) -> dict[str, tuple[str, ...]]:
    """Everybody as a unit of one."""
    return {party: (party,) for party in day.kind}


def by_holdings(world: World) -> None:
    graph, day = graph_of(world)
    for percent, strict, measure in SHARE_TESTS:
        slot = holdings_slot(percent * MILLION, strict=strict, measure=measure)
        held = "voting_held" if measure == "voting" else "equity"

        found = by_id(graph, control_pairs(graph, [slot]))

        assert found == controlled(day, [Ground("share", held, percent * MILLION, strict)], alone(day))


def under_policy(world: World, slug: str) -> None:
    graph, day = graph_of(world)
    policy = load_policy(slug)
    deem = policy.persons.kin.deem if policy.persons else ()
    kin = relations(graph["kinship"], deem, graph.parties.person)
    family = Family(day.rows("kinship"), world.get("kinship", []))
    units = {party: (party, *(family.scope(party, deem) if party.islower() else ())) for party in day.kind}

    found = by_id(graph, control_pairs(graph, deemed_slots(policy), kin=kin))

    assert found == controlled(day, grounds_of(policy), units)


@given(world=control_worlds(plain=True))
@settings(max_examples=14)
def test_pairs_by_holdings(world: World) -> None:
    """Over and at a threshold, votes and equity, cycles and self-holdings: the solver's pairs."""
    by_holdings(world)


@given(world=control_worlds())
@settings(max_examples=10)
def test_pairs_by_holdings_among_agreements_and_nominees(world: World) -> None:
    """Agreements do not touch the pure share test, nominees and partnerships do."""
    by_holdings(world)


def test_the_five_policies_are_compared() -> None:
    """Every policy of the first issue is among those compared here."""
    assert LEAST <= set(policy_slugs())


@pytest.mark.parametrize("slug", each(UNLIKE_IN_CONTROL))
@given(world=control_worlds())
@settings(max_examples=8)
def test_pairs_under_a_policy(world: World, slug: str) -> None:
    """With a policy's deemed grounds and clusters of kin: the solver's pairs."""
    under_policy(world, slug)


@pytest.mark.slow
@pytest.mark.parametrize("slug", policy_slugs())
@given(world=control_worlds())
@settings(max_examples=150)
def test_many_pairs_under_a_policy(world: World, slug: str) -> None:
    """The same over many worlds."""
    under_policy(world, slug)


@pytest.mark.slow
@given(world=control_worlds())
@settings(max_examples=300)
def test_many_pairs_by_holdings(world: World) -> None:
    """The same over many worlds."""
    by_holdings(world)


@given(world=control_worlds(), slug=st.sampled_from(policy_slugs()))
@settings(max_examples=14)
def test_one_party_alone(world: World, slug: str) -> None:
    """Asked about one party, the engine gives that party's part of all pairs."""
    graph, _ = graph_of(world)
    policy = load_policy(slug)
    deem = policy.persons.kin.deem if policy.persons else ()
    kin = relations(graph["kinship"], deem, graph.parties.person)
    slots = deemed_slots(policy)
    everything = control_pairs(graph, slots, kin=kin)
    assume(everything.height)
    for party in range(len(graph.parties)):
        part = control_pairs(graph, slots, kin=kin, party=party)
        assert part.rows() == everything.filter(pl.col("controller") == party).rows()
