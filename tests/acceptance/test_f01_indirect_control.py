"""F1. 30% direct plus 25% through a subsidiary.

A controls S, so the whole 25 of S counts as A's: direct, indirect and both together are one share.
The multiplied share (45) would miss X; it is no control.
"""

from __future__ import annotations

import pytest

from .cells import ALL, CORE, EACH, FOLLOWERS, OTHERS, cells, differences, flags, only
from .given import STRANGERS

FACTS = "A -30-> X; A -60-> S; S -25-> X"

SILENT = ("voting", ">", "50", True)  # no figure of their own
SHARE_TESTS = {
    **dict.fromkeys(f"{CORE} {FOLLOWERS} group-related-forms".split(), SILENT),
    "xx-group-management": ("voting", ">", "50", False),
    "cbirc-era-annex": ("equity", ">=", "50", False),
    "huishang": ("equity", ">=", "50", False),
    "xindu-guicheng": ("equity", ">=", "50", False),
    "substance-eleven": ("voting", ">=", "50", False),
}


@cells({ALL: "GROUP{A,S,X}@A X:B1 S:B1 A:HEAD +method_sensitive(X)"})
def test_direct_and_indirect_shares_add_up(policy, expected, answer):
    """X and S are A's under every policy, by the share test alone; multiplied, X would stay at 45."""
    assert [] == differences(expected, answer(FACTS, policy))


@pytest.mark.parametrize("policy", EACH)
def test_the_proof_of_x_adds_thirty_and_twenty_five(policy, answer):
    """X is proved by A's own 30 and S's 25, after S is proved by A's 60."""
    group = only(answer(FACTS, policy), "A", "S", "X")

    step = group["evidence"]["X"]
    assert [("A", "30"), ("S", "25")] == sorted(
        (part["by"], part["amount"]) for part in step["contributions"]
    )
    assert all(part["fact"].startswith("holding_") for part in step["contributions"])
    assert (["A"], "55") == (step["unit"], step["total"])
    assert group["evidence"]["S"]["round"] < step["round"]
    assert "55" == group["coverage"]["X"]


@pytest.mark.parametrize("policy", EACH)
def test_the_proof_names_the_share_test_of_the_policy(policy, answer):
    """Measure, comparison and threshold are the policy's own; what the text leaves open is `presumed`."""
    step = only(answer(FACTS, policy), "A", "S", "X")["evidence"]["X"]

    assert SHARE_TESTS[policy] == (step["measure"], step["op"], step["threshold"], step["presumed"])


@pytest.mark.parametrize("policy", EACH)
def test_a_presumed_share_test_shows_on_the_group(policy, answer):
    """A threshold that the measures do not state is never inherited silently."""
    group = only(answer(FACTS, policy), "A", "S", "X")

    assert SHARE_TESTS[policy][3] == ("presumed" in flags(group))


@pytest.mark.parametrize("policy", EACH)
def test_strangers_stay_out(policy, answer):
    """The two who pay and trade with each other have nothing to do with the case: no outcome names them."""
    said = answer(FACTS, policy)

    named = [said[name] for name in ("groups", "exempt", "review", "related", "links", "dependent_sets")]
    assert not any(stranger in str(named) for stranger in STRANGERS)


@cells(
    {
        "huishang xindu-guicheng cbirc-era-annex": "GROUP{A,X}@A",
        "group-related-forms": "GROUP{A,X}@A X:B19",
        OTHERS: "no GROUP",
    }
)
def test_equity_and_votes_are_two_numbers(policy, expected, answer):
    """60 of the equity with 20 of the votes is control only where equity is the measure."""
    assert [] == differences(expected, answer("A -60e/20v-> X", policy))


@cells({"huishang cbirc-era-annex": "no GROUP", OTHERS: "GROUP{A,X}@A"})
def test_votes_without_equity(policy, expected, answer):
    """60 of the votes, 15 of the equity: control, also by Xindu's below-50 case, not by a test of equity."""
    assert [] == differences(expected, answer("A -15e/60v-> X", policy))
