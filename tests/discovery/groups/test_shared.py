"""Policies that share a graph share what depends on equal parameters, and no answer differs for it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.worlds import DAY, World, facts_of, whole_worlds

from discovery.facts.graph import fact_graph
from discovery.groups import discover_in
from discovery.groups.shared import Memo
from discovery.policies import load_policy, policy_slugs
from discovery.policies.model import Policy


def renamed(policy: Policy, slug: str) -> Policy:
    """The same measures under another name and other articles."""
    share = policy.control.share.model_copy(
        update={"article": "99", "presumed": not policy.control.share.presumed}
    )
    control = policy.control.model_copy(update={"bases": (share, *policy.control.bases[1:])})
    return policy.model_copy(update={"slug": slug, "control": control})


@given(world=whole_worlds(), order=st.permutations(policy_slugs()))
@settings(max_examples=2)
def test_sharing_changes_no_answer(world: World, order: list[str]) -> None:
    """All policies on one graph, in any order, give what each gives alone."""
    graph, memo = fact_graph(facts_of(world), DAY), Memo()
    policies = [load_policy(slug) for slug in order]
    for policy in (*policies, renamed(policies[0], "other-bank")):
        assert discover_in(graph, policy, memo).document() == discover_in(graph, policy).document()


def test_equal_measures_are_computed_once() -> None:
    """Another name and other articles: everything is shared. Another threshold: nothing is."""
    facts = facts_of({"holdings": [{"holder": "A", "company": "B", "equity_percent": "60"}]})
    graph, memo = fact_graph(facts, DAY), Memo()
    first = load_policy("cbrc-2010")
    discover_in(graph, first, memo)
    made = list(memo.made)

    discover_in(graph, renamed(first, "other-bank"), memo)
    assert (made, set(made) - {"associations"}) == (
        memo.made,
        set(memo.taken),
    )  # they come with the questions

    discover_in(graph, load_policy("cbrc-2010", {"control.bases.B1.threshold": "40"}), memo)
    assert (2 * len(made), len(made) - 1) == (len(memo.made), len(memo.taken))


def test_measures_that_differ_in_words_alone_share_everything() -> None:
    """Shipped policies that inherit all rules of another, with notes or owners of their own, cost nothing."""
    graph, memo = fact_graph(facts_of({"holdings": []}), DAY), Memo()
    discover_in(graph, load_policy("cbrc-2010"), memo)
    made = list(memo.made)

    for slug in ("everbright", "bo-cn-2024", "amlr-2024"):
        discover_in(graph, load_policy(slug), memo)

    assert made == memo.made


def test_what_no_later_policy_asks_for_is_forgotten() -> None:
    """Kept for a policy with equal parameters, gone when only others follow."""
    graph, memo = fact_graph(facts_of({"holdings": []}), DAY), Memo()
    first = load_policy("cbrc-2010")
    discover_in(graph, first, memo)
    made = list(memo.made)

    memo.keep_for([renamed(first, "other-bank"), load_policy("huishang")])
    discover_in(graph, renamed(first, "other-bank"), memo)
    assert made == memo.made

    memo.keep_for([load_policy("huishang")])
    discover_in(graph, first, memo)
    assert [*made, *made] == memo.made


def test_another_exemption_shares_who_stands_where() -> None:
    """Exemptions and questions come after groups stand."""
    graph, memo = fact_graph(facts_of({"holdings": []}), DAY), Memo()
    first = load_policy("cbrc-2010")
    discover_in(graph, first, memo)

    others = tuple(rule for rule in load_policy("abc-2009").exemptions if rule.effect == "exempt")
    discover_in(graph, first.model_copy(update={"exemptions": others}), memo)

    assert ["eligible", "groups formed", "associations"] == memo.taken
