"""Accumulated ownership: bounds hold the true share, fractions are the true share, thresholds are exact."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.ownership import accumulated

from discovery.control.bounds import MOST, ONE, bounds
from discovery.control.exact import Above
from discovery.control.kernel import rows_by
from discovery.control.ownership import NOT, NOT_ASSESSED, PASSES, Asked, passing
from discovery.control.stakes import NOBODY, WHOLE, Stakes

MILLION = 1_000_000
SHARES = st.sampled_from((100, 60, 55, 51, 50, 50, 45, 40, 30, 25, 20, 10, 5)).map(
    lambda percent: percent * MILLION
) | st.sampled_from((33_333_333, 16_666_667, 1, 99_999_999))
Edge = tuple[int, int, int]


def held(parties: int, edges: list[Edge]) -> Stakes:
    """Stakes from (holder, company, amount)."""
    company = np.array([edge[1] for edge in edges], np.int32)
    amount = np.array([edge[2] for edge in edges], np.int64)
    start, order = rows_by(company, parties)
    sums = np.zeros(parties, np.int64)
    np.add.at(sums, company, amount)
    holder = np.array([edge[0] for edge in edges], np.int32)[order]
    return Stakes(start, holder, np.full(len(edges), NOBODY, np.int32), amount[order], sums > WHOLE)


@st.composite
def registers(draw: st.DrawFn, *, within: bool = True) -> tuple[int, list[Edge]]:
    """Parties and holdings with circles and self-holdings; `within`: no register above 100 %."""
    parties = draw(st.integers(2, 8))
    one = st.integers(0, parties - 1)
    edges: list[Edge] = []
    filled: dict[int, int] = {}
    for holder, company, amount in draw(st.lists(st.tuples(one, one, SHARES), min_size=1, max_size=14)):
        if not within or filled.get(company, 0) + amount <= WHOLE:
            filled[company] = filled.get(company, 0) + amount
            edges.append((holder, company, amount))
    return parties, edges


def asked(unit: set[int], companies: list[int]) -> Asked:
    """One unit and what is asked of it."""
    members = np.array(sorted(unit), np.int32)
    return Asked(
        np.array([0, len(members)]), members, np.array([0, len(companies)]), np.array(companies, np.int32)
    )


@settings(max_examples=200)
@given(registers(), st.sets(st.integers(0, 7), min_size=1, max_size=2))
def test_the_share_is_the_solution_of_the_system(world, unit):
    """Fractions equal Gauss-Jordan over everybody; integer bounds hold them between each other."""
    parties, edges = world
    unit = {party for party in unit if party < parties} or {0}
    truth = accumulated(parties, [(h, c, Fraction(a, WHOLE)) for h, c, a in edges], unit)
    others = [party for party in range(parties) if party not in unit]
    stakes, question = held(parties, edges), asked(unit, others)

    found = bounds(stakes, question[:2], question[2:])
    above = Above(stakes, unit)

    for place, company in enumerate(others):
        share = above.share(company)
        assert share is not None
        assert int(found.low[place]) <= share * ONE <= int(found.high[place])
        if truth is not None:
            assert truth[company] == share


@settings(max_examples=100)
@given(registers(), st.sampled_from((50, 40, 25, 10)), st.booleans())
def test_a_threshold_is_decided_exactly(world, percent, strict):
    """Bounds and fractions together give the answer that the fraction alone gives."""
    parties, edges = world
    others = list(range(1, parties))

    said = passing(held(parties, edges), asked({0}, others), percent * MILLION, strict=strict)

    above = Above(held(parties, edges), {0})
    for place, company in enumerate(others):
        share = above.share(company)
        assert share is not None
        wanted = share > Fraction(percent, 100) if strict else share >= Fraction(percent, 100)
        assert (PASSES if wanted else NOT) == said[place]


@given(registers(within=False))
def test_registers_above_the_whole_are_never_guessed_at(world):
    """Where they feed a circle without end there is no share; elsewhere the bounds still hold it."""
    parties, edges = world
    others = list(range(1, parties))
    stakes, question = held(parties, edges), asked({0}, others)
    found = bounds(stakes, question[:2], question[2:])
    above = Above(stakes, {0})

    for place, company in enumerate(others):
        share = above.share(company)
        if share is not None:
            assert share >= 0
            assert min(int(found.low[place]), MOST) <= share * ONE
            assert int(found.high[place]) == MOST or share * ONE <= int(found.high[place])


def test_a_self_holding_and_a_circle_are_divided_out():
    """Own shares: 80 of the 80 that others hold is all. The circle of F2: 0.35 / 0.868 of A."""
    a, b, c, p = range(4)
    treasury = held(4, [(a, a, 20 * MILLION), (p, a, 80 * MILLION)])
    circle = held(4, [(a, b, 60 * MILLION), (b, c, 55 * MILLION), (c, a, 40 * MILLION), (p, a, 35 * MILLION)])

    assert Fraction(1) == Above(treasury, {p}).share(a)
    assert Fraction(35, 100) / Fraction(868, 1000) == Above(circle, {p}).share(a)


def test_a_circle_that_nobody_outside_holds_gives_nobody_a_share():
    """A and B hold each other entirely: p owns nothing of either, and nothing loops."""
    a, b, p = range(3)
    closed = held(3, [(a, b, WHOLE), (b, a, WHOLE)])

    assert Fraction(0) == Above(closed, {p}).share(a)


def test_a_circle_too_large_is_not_assessed_unless_its_bounds_decide():
    """Seventy companies hold each other: fractions are left alone, the bounds tell far from near."""
    many = range(1, 71)
    edges = [(one, two, WHOLE // 70 - 2_000) for one in many for two in many]
    stakes = held(71, [*edges, *((0, one, 100_000) for one in many)])
    question = asked({0}, [5])
    share = bounds(stakes, question[:2], question[2:])
    between = int(share.low[0] + share.high[0]) // 200  # inside the bounds, in millionths

    assert Above(stakes, {0}).share(5) is None
    assert int(share.low[0]) < between * 100 < int(share.high[0])
    assert PASSES == passing(stakes, question, 100_000, strict=False)[0]
    assert NOT_ASSESSED == passing(stakes, question, between, strict=False)[0]


@pytest.mark.parametrize("depth", [3_000])
def test_a_deep_chain_is_climbed_without_recursion(depth):
    """A chain of thousands: wholly owned it stays whole; past the reach fractions are not assessed."""
    stakes = held(depth + 1, [(at, at + 1, WHOLE) for at in range(depth)])

    assert PASSES == passing(stakes, asked({0}, [depth]), WHOLE, strict=False)[0]
    assert Above(stakes, {0}).share(depth) is None
    assert Fraction(1) == Above(stakes, {0}).share(1_000)
