"""The checker accepts all that the engine makes and rejects every single-value tampering."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from discovery.evidence.checker import check
from discovery.groups import discover
from discovery.policies import load_policy, policy_slugs
from tests.discovery.evidence.tampering import changes, tampered
from tests.discovery.evidence.worlds import facts_of, world, worlds
from tests.unlike import each

DAY = date(2026, 6, 30)
POLICIES = {slug: load_policy(slug) for slug in policy_slugs()}
MULTIPLY = {"control.indirect": "multiply"}
TRIED = 25  # tamperings of one answer in the quick run


def _rejects(document, facts, policy, chosen):
    """The tamperings that the checker lets pass."""
    return [
        change
        for change in chosen
        if not check(tampered(document, change[0], change[2]), facts, policy, as_of=DAY)
    ]


@settings(
    max_examples=20,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(slug=st.sampled_from(sorted(POLICIES)), rows=worlds(), seed=st.integers(0, 1_000_000))
def test_engine_and_checker_agree(slug, rows, seed):
    """Random worlds and policies: the engine's answer is accepted; any one value changed, it is not."""
    facts, policy = facts_of(rows), POLICIES[slug]
    document = discover(facts, policy, as_of=DAY).document()

    assert [] == [str(fault) for fault in check(document, facts, policy, as_of=DAY)]
    every = list(changes(document))
    chosen = Random(seed).sample(every, min(TRIED, len(every)))  # noqa: S311  not a secret
    assert [] == _rejects(document, facts, policy, chosen)


@pytest.mark.slow
@pytest.mark.parametrize("slug", POLICIES)
def test_every_value_of_many_answers(slug):
    """Two hundred worlds a policy, and every tampering of each."""
    policy = POLICIES[slug]
    for number in range(200):
        facts = facts_of(world(number))
        document = discover(facts, policy, as_of=DAY).document()

        assert [] == [str(fault) for fault in check(document, facts, policy, as_of=DAY)], number
        assert [] == _rejects(document, facts, policy, changes(document)), number


@settings(
    max_examples=4,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(slug=st.sampled_from(sorted(POLICIES)), rows=worlds(), seed=st.integers(0, 1_000_000))
def test_engine_and_checker_agree_on_multiplied_shares(slug, rows, seed):
    """The same where indirect shares are multiplied: accepted as it is, rejected with one value changed."""
    facts, policy = facts_of(rows), load_policy(slug, MULTIPLY)
    document = discover(facts, policy, as_of=DAY).document()

    assert [] == [str(fault) for fault in check(document, facts, policy, as_of=DAY)]
    every = list(changes(document))
    chosen = Random(seed).sample(every, min(TRIED, len(every)))  # noqa: S311  no secret hangs on it
    assert [] == _rejects(document, facts, policy, chosen)


@pytest.mark.slow
@pytest.mark.parametrize("slug", POLICIES)
def test_every_multiplied_value_of_many_answers(slug):
    """Sixty worlds a policy by multiplied shares, and two hundred tamperings of each."""
    policy = load_policy(slug, MULTIPLY)
    for number in range(60):
        facts = facts_of(world(number))
        document = discover(facts, policy, as_of=DAY).document()

        assert [] == [str(fault) for fault in check(document, facts, policy, as_of=DAY)], number
        every = list(changes(document))
        chosen = Random(number).sample(every, min(8 * TRIED, len(every)))  # noqa: S311  no secret hangs on it
        assert [] == _rejects(document, facts, policy, chosen), number


@pytest.mark.parametrize(
    "slug", each(["huishang", "group-related-forms", "substance-eleven", "xindu-guicheng"])
)
def test_values_of_an_answer_with_groups(slug):
    """A world with groups, questions and leads in it: two hundred changes of single values, none passes."""
    policy = POLICIES[slug]
    number, facts, document = next(
        (number, facts, document)
        for number in range(100)
        for facts in [facts_of(world(number))]
        for document in [discover(facts, policy, as_of=DAY).document()]
        if document["groups"] and document["review"] and document["links"]
    )
    every = list(changes(document))
    chosen = Random(number).sample(every, min(8 * TRIED, len(every)))  # noqa: S311  not a secret

    assert [] == _rejects(document, facts, policy, chosen), number
