"""F3. Exactly 50%.

Whether 50 is inside is the wording of the policy: 以上 includes the number, 超过 does not. A company
with two controllers belongs to each group; the groups are never united.
"""

from __future__ import annotations

import pytest

from .cells import CORE, EACH, cells, differences

FACTS = "A -50-> X; B -50-> X; A -100-> A1; B -100-> B1"
BOTH = "GROUP{A,A1,X}@A +multi_membership(X); GROUP{B,B1,X}@B +multi_membership(X)"


@cells(
    {
        "huishang cbirc-era-annex xindu-guicheng": BOTH,
        "substance-eleven": "GROUP{A,A1,X}@A +multi_membership(X) +boundary_ambiguous X:B1;"
        "GROUP{B,B1,X}@B +multi_membership(X) +boundary_ambiguous X:B1",
        "group-related-forms": "GROUP{A,A1,X}@A +multi_membership(X) X:B19;"
        "GROUP{B,B1,X}@B +multi_membership(X) X:B19",
        f"{CORE} xx-group-management": "GROUP{A,A1}@A; GROUP{B,B1}@B; REVIEW{X}@A,B joint_control",
    }
)
def test_exactly_half(policy, expected, answer):
    """X is in both groups, or in neither and a question of joint control."""
    assert [] == differences(expected, answer(FACTS, policy))


@cells({f"{CORE} xx-group-management": "no REVIEW half_share; no REVIEW near_control"})
def test_a_pair_of_halves_is_one_question(policy, expected, answer):
    """A 50/50 pair asks about joint control alone, not once more about each half."""
    said = answer(FACTS, policy)

    assert [] == differences(f"GROUP{{A,A1}}; GROUP{{B,B1}}; {expected}", said)


@cells({f"{CORE} xx-group-management": "GROUP{A,A1}@A; REVIEW{X}@A half_share"})
def test_half_without_a_second_half(policy, expected, answer):
    """Exactly 50 against dispersed holders is a question wherever more than 50 is asked."""
    assert [] == differences(expected, answer("A -50-> X; A -100-> A1", policy))


@pytest.mark.parametrize("share", ["49.999999", "50.000001"])
@pytest.mark.parametrize("policy", EACH)
def test_a_millionth_decides(policy, share, answer):
    """A millionth of a percent on either side of 50 is another answer; below, X is left to the two bands."""
    groups = answer(f"A -{share}-> X; A -100-> A1", policy)["groups"]

    banded = policy in {"xindu-guicheng", "group-related-forms"}
    inside = {"A", "A1", "X"} if share > "50" or banded else {"A", "A1"}
    assert [inside] == [set(group["members"]) for group in groups]


@pytest.mark.parametrize(("share", "article"), [("50", "3(3)"), ("49.999999", "3(4)"), ("20", "3(4)")])
def test_half_is_a_joint_venture_and_less_an_associate(share, article, answer):
    """The forms of Art 3: half is a joint venture, 20 up to half an associate; Art 2 asks for control."""
    (group,) = answer(f"A -{share}-> X; A -100-> A1", "group-related-forms")["groups"]

    step = group["evidence"]["X"]
    assert ("B19", article, share) == (step["basis"], step["article"], step["total"])
    assert ["form_conflict"] == group["member_flags"]["X"]


@cells({"group-related-forms": "GROUP{A,A1}@A; REVIEW{X}@p influence_by_person"})
def test_half_held_by_a_person_is_a_question(policy, expected, answer):
    """A joint venture of a natural person is no form that makes a member."""
    assert [] == differences(expected, answer("p -50-> X; p -60-> Y; A -100-> A1", policy))
