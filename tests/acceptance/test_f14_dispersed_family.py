"""F14. Dispersed family without an anchor.

Six of one family hold 9 each: nobody is a major investor, so the person item is not met literally,
however plain the family is. Only an explicit adding up, or the family as such, decides.
"""

from __future__ import annotations

from .cells import CORE, cells, differences

CHILDREN = ("c1", "c2", "c3", "c4")
FAMILY = "f ~ m; " + "; ".join(f"f > {child}; m > {child}" for child in CHILDREN)
FACTS = f"{FAMILY}; " + "; ".join(f"{one} -9-> X; {one} -9-> Y" for one in ("f", "m", *CHILDREN))


@cells(
    {
        f"{CORE} xx-group-management cbirc-era-annex huishang group-related-forms": (
            "no GROUP; REVIEW{X,Y} family_without_anchor"
        ),
        "xindu-guicheng": "GROUP{X,Y}@cluster(f)",
        "substance-eleven": "GROUP{X,Y} X:B14 Y:B14",
    }
)
def test_a_family_of_small_holders(policy, expected, answer):
    """54 together. Xindu adds up from f (a child and its parents: 27); B14 is the family itself."""
    assert [] == differences(expected, answer(FACTS, policy))


@cells({"xindu-guicheng": "54"})
def test_the_proof_adds_the_six(policy, expected, answer):
    """From f all six are family members: spouse and children."""
    (group,) = answer(FACTS, policy)["groups"]

    for company in ("X", "Y"):
        step = group["evidence"][company]
        assert expected == step["total"]
        assert {"f", "m", *CHILDREN} == {part["by"] for part in step["contributions"]}


@cells({"xindu-guicheng": "no GROUP; REVIEW{X,Y} family_without_anchor"})
def test_siblings_alone_are_no_family_members(policy, expected, answer):
    """With the parents holding nothing, 6 siblings are near relatives but not family members who add up."""
    siblings = [f"c{number}" for number in range(1, 7)]
    facts = "; ".join(f"f > {one}; {one} -9-> X; {one} -9-> Y" for one in siblings)

    assert [] == differences(expected, answer(facts, policy))


@cells({"xindu-guicheng": "GROUP{X,Y}"})
def test_siblings_of_one_household_are_family(policy, expected, answer):
    """Near relatives who live together are family members: from each of them all six add up to 54."""
    siblings = [f"c{number}" for number in range(1, 7)]
    facts = "; ".join(f"f > {one}; {one} -9-> X; {one} -9-> Y; {one} lives at home" for one in siblings)

    assert [] == differences(expected, answer(facts, policy))
