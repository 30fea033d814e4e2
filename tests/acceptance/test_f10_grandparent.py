"""F10. Grandparent and grandchild.

A grandchild is three generations lineal, inside every wording; a great-grandchild is four, outside.
"""

from __future__ import annotations

from .cells import ALL, CORE, cells, differences, flags, only

FACTS = "g > m > c; g -60-> X; c -55-> Y"
FAMILY = "GROUP{X,Y}@cluster(g|c)"


@cells(
    {
        f"{CORE} xx-group-management cbirc-era-annex xindu-guicheng": FAMILY,
        "huishang": FAMILY,
        "group-related-forms": f"{FAMILY} +kin_conflict",
        "substance-eleven": f"{FAMILY} X:B14 Y:B14",
    }
)
def test_grandparent_and_grandchild(policy, expected, answer):
    """The cluster of g equals that of c: one of them is reported."""
    assert [] == differences(expected, answer(FACTS, policy))


def test_a_step_grandchild_is_no_blood(answer):
    """Huishang's lineal side is blood only: a step-grandchild leaves a flag that a blood one does not."""
    stepfamily = "g > m; m >step_brought_up> c; g -60-> X; c -55-> Y"
    blood = only(answer(FACTS, "huishang"), "X", "Y")
    step = only(answer(stepfamily, "huishang"), "X", "Y")

    assert flags(step) - flags(blood)


@cells({"substance-eleven": "GROUP{X,Y} X:B13 Y:B13"})
def test_legal_representatives_of_one_line(policy, expected, answer):
    """Private firms of a grandparent and a grandchild as legal representatives: B13 as well."""
    facts = f"{FACTS}; g :legal_representative:> X; c :legal_representative:> Y"

    assert [] == differences(expected, answer(facts, policy))


@cells({ALL: "NONE"})
def test_f10b_great_grandchild(policy, expected, answer):
    """F10b: four generations lineal."""
    assert [] == differences(expected, answer("g > m > c > d; g -60-> X; d -55-> Y", policy))
