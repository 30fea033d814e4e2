"""F2. Cycle.

A controls B, B controls C, and C's 40 of A are A's own in a circle. p stays below every test on
nominal votes: p is a question for a person, not a controller deemed by arithmetic.
"""

from __future__ import annotations

import pytest

from .cells import ALL, EACH, cells, differences, only

CYCLE = "A -60-> B; B -55-> C; C -40-> A; p -35-> A"
RING = "A -60-> B; B -60-> C; C -60-> A"


@cells({ALL: "GROUP{A,B,C}@A +circular_votes +method_sensitive(C); REVIEW{A}@p noncircular_majority"})
def test_cycle(policy, expected, answer):
    """One group under A, and the question about p, who has 35 of the 60 votes outside the circle.

    `REVIEW{p above A}` of the table names p and A: A is the company in question, p stands above it.
    """
    assert [] == differences(expected, answer(CYCLE, policy))


@pytest.mark.parametrize("policy", EACH)
def test_nobody_controls_itself(policy, answer):
    """A is the head; there is no step by which A controls A."""
    group = only(answer(CYCLE, policy), "A", "B", "C")

    assert ["HEAD"] == group["basis"]["A"]
    assert {"B", "C"} == group["evidence"].keys()
    assert all("A" == step["unit"][0] for step in group["evidence"].values())


@cells({ALL: "GROUP{A,B,C}@ring{A,B,C} +circular_votes; REVIEW{A,B,C} ring"})
def test_f2b_ring(policy, expected, answer):
    """F2b: everyone controls everyone: one group, and who really decides is asked."""
    assert [] == differences(expected, answer(RING, policy))


@pytest.mark.parametrize("policy", EACH)
def test_f2b_each_of_the_ring_is_proved_by_another(policy, answer):
    """In a ring each member has a step, with another member of the ring as unit."""
    steps = only(answer(RING, policy), "A", "B", "C")["evidence"]

    assert {"A", "B", "C"} == steps.keys()
    for company, step in steps.items():
        assert set(step["unit"]) <= {"A", "B", "C"} - {company}
