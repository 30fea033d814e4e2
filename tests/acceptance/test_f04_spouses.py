"""F4. Husband 30% + wife 25%.

A family controls together what its members hold together; the person is the controlling point and
never a member.
"""

from __future__ import annotations

from .cells import CORE, cells, differences, only

WITHOUT_THE_MARRIAGE = "h -30-> X; w -25-> X; h -80-> Y; h :chairman:> X"
FACTS = f"{WITHOUT_THE_MARRIAGE}; h ~ w"


@cells(
    {
        f"{CORE} xx-group-management cbirc-era-annex group-related-forms": "GROUP{X,Y}@cluster(h)",
        "xindu-guicheng": "GROUP{X,Y}@cluster(h)",
        "huishang": "GROUP{X,Y}@cluster(h) +singular_holder",
        "substance-eleven": "GROUP{X,Y}@cluster(h) X:B14",
        "corp-group-risk": "NONE",
    }
)
def test_spouses(policy, expected, answer):
    """30 + 25 = 55 of X, 80 of Y; the eleven situations test each person alone and reach X by B14 only."""
    assert [] == differences(expected, answer(FACTS, policy))


@cells({"cbrc-2010 abc-2009 xindu-guicheng huishang": "55"})
def test_the_proof_of_x_adds_both_spouses(policy, expected, answer):
    """Each brings their own holding, and the tie between them is part of the evidence."""
    group = only(answer(FACTS, policy), "X", "Y")

    step = group["evidence"]["X"]
    assert [("h", "30"), ("w", "25")] == sorted(
        (part["by"], part["amount"]) for part in step["contributions"]
    )
    assert expected == step["total"]
    assert ["h", "w"] == group["controller"]["parties"]
    assert ["w"] == [tie["person"] for tie in group["controller"]["kin"] if tie["person"] != "h"]


@cells({"substance-eleven": "3(2)11"})
def test_the_same_family_enterprise_is_a_yes_or_no(policy, expected, answer):
    """B14 has no number of its own: threshold and total are 1, and the article is the family's."""
    step = only(answer(FACTS, policy), "X", "Y")["evidence"]["X"]

    assert ("B14", "1", "1", expected) == tuple(
        step[name] for name in ("basis", "threshold", "total", "article")
    )


@cells(
    {
        "xindu-guicheng": "no GROUP; REVIEW{X}@h influence_by_person",
        "others": "no GROUP",
    }
)
def test_without_the_marriage(policy, expected, answer):
    """h controls Y only; under Xindu's band h's 30 in X is a question, since h is a person."""
    assert [] == differences(expected, answer(WITHOUT_THE_MARRIAGE, policy))
