"""The tables with `control.indirect: multiply`: percentages multiplied along each path, paths added up.

F1 and F13 for every policy that forms groups, F2 and F3 beside them. Each answer is checked as well.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from discovery.evidence.checker import check
from discovery.policies import load_policy

from .cells import AVAILABLE, OTHERS, cells, differences, only
from .engine import AS_OF, discovered, facts_of
from .given import given

MULTIPLY = {"control.indirect": "multiply"}
F1 = "A -30-> X; A -60-> S; S -25-> X"
QUICK = ("cbrc-2010", "group-related-forms")
SOME = [pytest.param(slug, marks=[] if slug in QUICK else [pytest.mark.slow]) for slug in AVAILABLE]
F13 = "A -40-> S; S -55-> X; A -40-> X"


@pytest.fixture
def multiplied() -> Callable[[str, str], dict]:
    """Ask for the groups by multiplied shares; the checker must agree."""

    def ask(text: str, policy: str) -> dict:
        found = discovered(text, policy, write=given, overrides=MULTIPLY)
        facts, rules = facts_of(text, given), load_policy(policy, MULTIPLY)
        assert [] == [str(fault) for fault in check(found, facts, rules, as_of=AS_OF)]
        return found

    return ask


@cells(
    {
        "xindu-guicheng": "GROUP{A,S,X}@A S:B1 X:B18 +method_sensitive(X)",
        "group-related-forms": "GROUP{A,S,X}@A S:B1 X:B19 +method_sensitive(X)",
        OTHERS: "GROUP{A,S}@A S:B1; REVIEW{X}@A near_control +method_sensitive",
    }
)
def test_thirty_and_six_tenths_of_twenty_five(policy, expected, multiplied):
    """A has 30 + 0.6 × 25 = 45 of X: no control; inside a band from 20, elsewhere a question."""
    assert [] == differences(expected, multiplied(F1, policy))


@pytest.mark.parametrize("policy", SOME)
def test_the_figure_that_is_asked_about_is_multiplied(policy, multiplied):
    """X at 45: in the step of the end node, or in the question; S is proved by A's 60."""
    said = multiplied(F1, policy)

    (group,) = said["groups"]
    assert "60" == group["evidence"]["S"]["total"]
    if "X" in group["members"]:
        step = group["evidence"]["X"]
        parts = [(part["by"], part["amount"], part["share"]) for part in step["contributions"]]
        assert ("45", [("A", "30", "100"), ("S", "25", "60")]) == (step["total"], parts)
    else:
        (asked,) = [one for one in said["review"] if one["reason"] == "near_control"]
        assert ["45"] == list(asked["measured"].values())


@cells(
    {
        "xindu-guicheng": "GROUP{A,S,X}@A S:B18 X:B1 +method_sensitive(X); GROUP{S,X}@S X:B1",
        "group-related-forms": "GROUP{A,S,X}@A S:B19 X:B1 +method_sensitive(X); GROUP{S,X}@S X:B1",
        OTHERS: "GROUP{A,X}@A X:B1 +method_sensitive(X); GROUP{S,X}@S X:B1; RELATED{A,S} holding",
    }
)
def test_a_chain_through_a_company_one_does_not_control(policy, expected, multiplied):
    """A has 40 + 0.4 × 55 = 62 of X and shows as its controller against S's 55: said so by the flag."""
    assert [] == differences(expected, multiplied(F13, policy))


@pytest.mark.parametrize("policy", SOME)
def test_the_proof_names_the_share_of_who_stands_between(policy, multiplied):
    """X's 62 are A's own 40 and 40 % of S's 55; S, which A does not control, is shown on the way."""
    said = multiplied(F13, policy)
    group = next(one for one in said["groups"] if one["controller"]["parties"] == ["A"])

    step = group["evidence"]["X"]
    assert ("62", "multiply", 2) == (step["total"], step["method"], step["round"])
    assert [("A", "40", "100"), ("S", "55", "40")] == [
        (part["by"], part["amount"], part["share"]) for part in step["contributions"]
    ]
    (share,) = [one for one in group["shares"] if one["measure"] == step["measure"]]
    assert ("S", "40", 1) == (share["company"], share["total"], share["round"])


def test_exactly_half_through_a_circle_is_not_more_than_half(multiplied):
    """X holds 20 of itself: 40 / 0.8 is 50 and a question; a millionth more is control."""
    half = multiplied("A -40-> X; X -20-> X", "cbrc-2010")
    more = multiplied("A -40.000001-> X; X -20-> X", "cbrc-2010")

    assert ([], ["half_share"]) == (half["groups"], [one["reason"] for one in half["review"]])
    assert [["A", "X"]] == [group["members"] for group in more["groups"]]


def test_a_circle_is_solved(multiplied):
    """F2: p owns 0.35 / 0.868 of A; A controls B and B controls C, and nobody controls both."""
    said = multiplied("A -60-> B; B -55-> C; C -40-> A; p -35-> A", "cbrc-2010")

    cell = "GROUP{A,B}@A; GROUP{B,C}@B +presumed; REVIEW{A,B}@p near_control"
    assert [] == differences(cell, said)
    (asked,) = [one for one in said["review"] if one["reason"] == "near_control"]
    assert {"voting": "1250/31"} == asked["measured"]


@pytest.mark.parametrize("policy", SOME)
def test_a_closed_ring_stays_a_ring(policy, multiplied):
    """F2b: each controls the next, nobody two of them; all three are one ring, and that is asked about."""
    said = multiplied("A -60-> B; B -60-> C; C -60-> A", policy)

    assert [] == differences("GROUP{A,B,C}@ring{A,B,C} +circular_votes; REVIEW{A,B,C} ring", said)


def test_a_ring_below_somebody_is_none(multiplied):
    """P controls A of the circle: whoever controls the next heads a group, for no pair may be lost."""
    said = multiplied("P -51-> A; A -60-> B; B -60-> C; C -49-> A; C -60-> D", "xx-group-management")

    assert {("P", "A"), ("A", "B"), ("B", "C"), ("C", "D")} == {
        tuple(sorted(one["members"], key=one["controller"]["parties"][0].__ne__)) for one in said["groups"]
    }


@pytest.mark.slow
@cells(
    {
        "xx-group-management abc-2009 bank-credit-risk cbrc-2003 cbrc-2010 city-commercial fi-county": (
            "GROUP{A,A1}@A; GROUP{B,B1}@B; REVIEW{X}@A,B joint_control"
        ),
        "unified-credit-hq xx-hidden-association": (
            "GROUP{A,A1}@A; GROUP{B,B1}@B; REVIEW{X}@A,B joint_control"
        ),
        OTHERS: "GROUP{A,A1,X}@A +multi_membership(X); GROUP{B,B1,X}@B +multi_membership(X)",
    }
)
def test_exactly_half(policy, expected, multiplied):
    """F3: half of X each; a stake of one's own counts whole by either method."""
    assert [] == differences(expected, multiplied("A -50-> X; B -50-> X; A -100-> A1; B -100-> B1", policy))


def test_a_chain_of_control_heads_one_group_after_another(multiplied):
    """A, B and C hold 60 each down the chain: A has 36 of C, so that B heads a group of its own, presumed."""
    said = multiplied("A -60-> B; B -60-> C", "xx-group-management")

    first, second = only(said, "A", "B"), only(said, "B", "C")
    assert ("presumed" not in first["flags"], "presumed" in second["flags"]) == (True, True)
    assert ["multi_membership"] == second["member_flags"]["B"]


def test_one_group_where_the_top_has_all_below(multiplied):
    """90 of 90 is 81: A controls both, B heads nothing."""
    assert [] == differences("GROUP{A,B,C}@A", multiplied("A -90-> B; B -90-> C", "xx-group-management"))


def test_other_grounds_are_added_up_over_what_is_controlled(multiplied):
    """Board seats count with those of companies under control, shares do not become whole for it."""
    text = "A -60-> B; A =appoints_seats 2/6=> X; B =appoints_seats 2/6=> X; B -40-> Y"
    said = multiplied(text, "xx-group-management")

    group = only(said, "A", "B", "X")
    assert ("B4", 2, "4") == tuple(group["evidence"]["X"][key] for key in ("basis", "round", "total"))
