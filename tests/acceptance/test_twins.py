"""Policies that differ from the supervisor's guideline in their articles alone: their rows are slow tests."""

from __future__ import annotations

import pytest

from discovery.policies import load_policy, policy_slugs
from tests.unlike import parameters

from .cells import AVAILABLE, BESIDE_ALL, TWINS

# What decides in the tables; the kinds of members and the questions switched on stay aside.
DECIDING = (
    *("members", "controllers", "control", "persons", "influence", "joint_control"),
    *("inclusion", "exemptions", "review", "evidence"),
)


@pytest.mark.parametrize("slug", TWINS)
def test_a_twin_decides_as_the_guideline(slug):
    """The same parameters but for the kinds of members and the questions of hidden association."""
    found = [parameters(load_policy(one).model_dump(mode="json")) for one in (slug, "cbrc-2010")]
    left, right = ({key: data[key] for key in DECIDING} for data in found)
    for one in (left, right):
        one["members"].pop("kinds")
        one["review"].pop("switch_on")

    assert right == left


def test_the_tables_run_every_policy_that_forms_groups():
    """No shipped policy of a bank stays outside of the tables."""
    assert {*AVAILABLE, *BESIDE_ALL} <= set(policy_slugs())
