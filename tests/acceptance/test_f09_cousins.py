"""F9. Cousins.

Kin count from an anchor and are never chained: first cousins are three generations collateral and stay
apart, until their common grandparent has a role of their own. Anchors decide.
"""

from __future__ import annotations

from .cells import ALL, CORE, cells, differences, only

FACTS = "g > m; g > n; m > p; n > q; p -70-> X; q -80-> Y"

RPT_2004 = [
    *("spouse", "parent", "child", "sibling", "parent_sibling", "cousin"),
    *("spouse_parent", "child_spouse", "sibling_spouse", "spouse_sibling", "spouse_sibling_spouse"),
]


@cells({ALL: "NONE; LINK{X,Y}@p,q kin"})
def test_cousins(policy, expected, answer):
    """No group and no question; that p and q are kin is kept as a lead. A dead g is a node of the path."""
    assert [] == differences(expected, answer(FACTS, policy))


@cells({ALL: "no GROUP; REVIEW{X,Y} affinity_kin"})
def test_a_wider_list_for_review_makes_them_a_question(policy, expected, answer):
    """With the 2004 related-transaction list switched on for review, cousins are inside it."""
    said = answer(FACTS, policy, overrides={"kin.review": RPT_2004})

    assert [] == differences(expected, said)


@cells({ALL: "GROUP{X,Y}@cluster(g) +kin_joint"})
def test_f9b_a_grandparent_who_holds(policy, expected, answer):
    """F9b: g holds 12 of X and is an anchor; both cousins are g's grandchildren.

    Whether all must hold in each firm (Y is q's alone) would change it: flag `kin_joint`.
    """
    assert [] == differences(expected, answer(f"{FACTS}; g -12-> X", policy))


@cells({f"{CORE} xx-group-management cbirc-era-annex group-related-forms huishang xindu-guicheng": "82"})
def test_f9b_the_proof_of_x_adds_grandparent_and_grandchild(policy, expected, answer):
    """70 of p and 12 of g; q has no part in X."""
    step = only(answer(f"{FACTS}; g -12-> X", policy), "X", "Y")["evidence"]["X"]

    assert [("g", "12"), ("p", "70")] == sorted(
        (part["by"], part["amount"]) for part in step["contributions"]
    )
    assert expected == step["total"]


@cells({f"{CORE} xx-group-management cbirc-era-annex group-related-forms huishang": "no GROUP; REVIEW{X,Y}"})
def test_f9b_strictly_joint(policy, expected, answer):
    """With `kin.joint` strict anchor and kin must both hold in each firm: Y is q's alone, so a question."""
    said = answer(f"{FACTS}; g -12-> X", policy, overrides={"kin.joint": "strict"})

    assert [] == differences(expected, said)


@cells({ALL: "NONE"})
def test_f9c_a_grandparent_without_any_role(policy, expected, answer):
    """F9c: a living common ancestor who holds nothing and has no post is no anchor."""
    assert [] == differences(expected, answer(f"{FACTS}; g ~ o; o > m; o > n", policy))
