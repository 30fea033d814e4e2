"""F7. Contract (VIE) and charter control.

Power over financial and operating policy is control without a share, where the policy's definition is
open; a closed list of bases leaves it a question.
"""

from __future__ import annotations

import pytest

from .cells import CORE, bases, cells, differences, only

FACTS = """
    H -100-> W; W =contract=> O; p -100-> O
    H =consolidates=> W; H =consolidates=> O
    M -30-> Z; M =charter=> Z
"""


@cells(
    {
        f"{CORE} xx-group-management cbirc-era-annex group-related-forms substance-eleven": (
            "GROUP{H,W,O}@H +dual_control(O); GROUP{M,Z}@M Z:B3"
        ),
        "huishang": "GROUP{H,W}@H; REVIEW{O}@H closed_list_basis; REVIEW{Z}@M closed_list_basis",
        "xindu-guicheng": "GROUP{H,W}@H; REVIEW{O}@H closed_list_basis; GROUP{M,Z}@M Z:B18",
    }
)
def test_contract_and_charter(policy, expected, answer):
    """O and Z join by power; `dual_control` tells that p holds O's equity.

    p controls O alone, and one company is no group. Xindu's list is closed too, but its band takes Z (30).
    """
    assert [] == differences(expected, answer(FACTS, policy))


@pytest.mark.parametrize("policy", ["cbrc-2010", "abc-2009", "substance-eleven"])
def test_consolidation_and_contract_both_prove_it(policy, answer):
    """O is H's by consolidation at once, and by W's contract once W is H's: either is a basis."""
    group = only(answer(FACTS, policy), "H", "W", "O")

    assert bases(group, "O") & {"B3", "B6"}


@cells(
    {
        f"{CORE} xx-group-management cbirc-era-annex group-related-forms substance-eleven": (
            "GROUP{H,W,O}@H O:B3"
        ),
        "huishang xindu-guicheng": "GROUP{H,W}@H; REVIEW{O}@H closed_list_basis",
    }
)
def test_contract_alone(policy, expected, answer):
    """Without the consolidated statements the contract carries it."""
    assert [] == differences(expected, answer("H -100-> W; W =contract=> O; p -100-> O", policy))
