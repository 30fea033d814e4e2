"""F10. Grandparent and grandchild.

A grandchild is three generations lineal, inside every wording; a great-grandchild is four, outside.
"""

from __future__ import annotations

import pytest

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


@cells({ALL: "no GROUP; REVIEW{X,Y} affinity_kin"})
def test_f10b_the_steps_reading(policy, expected, answer):
    """Counting self as 0 would admit great-grandparents: switched on for review they are a question."""
    wider = {"kin.review": ["great_grandparent", "great_grandchild"]}
    said = answer("g > m > c > d; g -60-> X; d -55-> Y", policy, overrides=wider)

    assert [] == differences(expected, said)


@pytest.mark.parametrize(("tie", "flagged"), [("g > c", False), ("g > m > c", True)])
def test_kin_beyond_the_list_of_forms_are_flagged(tie, flagged, answer):
    """Parent and child stand on both lists of `group-related-forms`, a grandchild on the wider one alone."""
    group = only(answer(f"{tie}; g -60-> X; c -55-> Y", "group-related-forms"), "X", "Y")

    assert flagged == ("kin_conflict" in flags(group))
