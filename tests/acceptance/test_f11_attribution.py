"""F11. Attribution with two shareholders: `A -45-> X; B -40-> X`, A heads GA, B heads GB."""

from __future__ import annotations

import pytest

from discovery.policies import policy_slugs

from .cells import OTHERS, cells, differences

GROUPS = """A -100-> A1; B -100-> B1; A managed since 2005-01-01; B managed since 2008-01-01"""
UNEQUAL = "A owes 200; A1 owes 100; B owes 300; B1 owes 200; X owes 10"
EQUAL = "A owes 250; A1 owes 150; B owes 250; B1 owes 150; X owes 10"
CONSOLIDATED = "B =consolidates=> X; B =appoints_seats 5/9=> X"
ALONE = "GROUP{A,A1}@A; GROUP{B,B1}@B"

FACTS = {
    "a": f"{GROUPS}; {UNEQUAL}; A -45-> X; B -40-> X; {CONSOLIDATED}",
    "b": f"{GROUPS}; {UNEQUAL}; A -45-> X; B -40-> X",
    "c": f"{GROUPS}; {UNEQUAL}; A -42.5-> X; B -42.5-> X",
    "d": f"{GROUPS}; {EQUAL}; A -42.5-> X; B -42.5-> X",
}


def attributed(answer: dict) -> dict:
    """The question of attribution about X, `attributed_to` by the head of the group."""
    (asked,) = [one for one in answer["review"] if one["reason"] == "attribution"]
    heads = {group["id"]: group["controller"]["parties"][0] for group in answer["groups"]}
    assert asked["parties"] == ["X"]
    return {**asked, "attributed_to": heads.get(asked["attributed_to"], asked["attributed_to"])}


@cells(
    {
        "xindu-guicheng group-related-forms": "GROUP{A,A1,X}@A; GROUP{B,B1,X}@B",
        "huishang": f"{ALONE}; REVIEW{{X}}",
        OTHERS: "GROUP{A,A1}@A; GROUP{B,B1,X}@B",
    }
)
def test_a_one_consolidates(policy, expected, answered):
    """(a) B consolidates X and appoints 5 of 9 directors: GB, by rule 1 or by control itself."""
    assert [] == differences(expected, answered(FACTS["a"], policy))


@pytest.mark.parametrize(
    ("case", "group", "measured"),
    [
        ("b", "A", {"rule": "highest_equity", "first": "45", "second": "40"}),
        ("c", "B", {"rule": "highest_credit_share", "first": "300", "second": "200"}),
        ("d", "A", {"rule": "earliest_managed", "first": "2005-01-01", "second": "2008-01-01"}),
    ],
)
def test_abc_climbs_the_ladder(case, group, measured, answered):
    """Nobody consolidates: X is a candidate of both, and Art 21 names the group, rule by rule."""
    answer = answered(FACTS[case], "abc-2009")

    assert [] == differences(f"{ALONE}; REVIEW{{X}}@A,B attribution", answer)
    asked = attributed(answer)
    assert group == asked["attributed_to"]
    assert measured == asked["measured"]


@pytest.mark.skipif("cbirc-era-annex" not in policy_slugs(), reason="the measures are not there")
@pytest.mark.parametrize("case", ["b", "c", "d"])
def test_a_list_that_is_cut_decides_nothing(case, answered):
    """`cbirc-era-annex` Art 3(5) holds rule 1 alone: a question without a name."""
    answer = answered(FACTS[case], "cbirc-era-annex")

    assert [] == differences(f"{ALONE}; REVIEW{{X}}@A,B attribution", answer)
    assert attributed(answer)["attributed_to"] is None


@pytest.mark.parametrize("case", ["b", "c", "d"])
@cells(
    {
        "abc-2009 cbirc-era-annex": f"{ALONE}; REVIEW{{X}}@A near_control; REVIEW{{X}}@B near_control",
        "xindu-guicheng group-related-forms": "GROUP{A,A1,X}@A; GROUP{B,B1,X}@B",
        OTHERS: f"{ALONE}; REVIEW{{X}}@A near_control; REVIEW{{X}}@B near_control",
    }
)
def test_nobody_controls(policy, expected, case, answered):
    """(b) to (d) elsewhere: in both where influence makes a member, else a question about each."""
    assert [] == differences(expected, answered(FACTS[case], policy))


def test_a_tie_with_missing_days_names_nobody(answered):
    """Everything is equal and nobody says since when the groups are managed: undecided."""
    facts = FACTS["d"].replace("A managed since 2005-01-01; ", "")

    assert attributed(answered(facts, "abc-2009"))["attributed_to"] is None


def test_several_currencies_pass_the_credit_over(answered):
    """Balances in two currencies are never compared: rule 4 decides."""
    facts = FACTS["c"].replace("B owes 300", "B owes 300 USD")

    assert "earliest_managed" == attributed(answered(facts, "abc-2009"))["measured"]["rule"]


def test_a_stake_alone_makes_no_candidate(answered):
    """A third shareholder with 10 claims nothing."""
    answer = answered(f"{FACTS['b']}; C -100-> C1; C -10-> X", "abc-2009")

    assert ["A", "B"] == attributed(answer)["with"]
