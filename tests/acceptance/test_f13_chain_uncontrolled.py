"""F13. Chain through a company one does not control.

A holds 40 of S and of X and controls neither, so S's 55 of X are S's alone. Multiplying (40 + 0.4 x 55 =
62) would show A as controller against S's majority.
"""

from __future__ import annotations

from .cells import OTHERS, cells, differences

FACTS = "A -40-> S; S -55-> X; A -40-> X"


@cells(
    {
        "xindu-guicheng": "GROUP{A,S,X}@A S:B18 X:B18 +method_sensitive(X); GROUP{S,X}@S X:B1",
        "group-related-forms": "GROUP{A,S,X}@A S:B19 X:B19 +method_sensitive(X); GROUP{S,X}@S X:B1",
        OTHERS: "GROUP{S,X}@S X:B1; RELATED{A,S} holding; RELATED{A,X} holding;"
        "REVIEW{S,X}@A near_control +method_sensitive",
    }
)
def test_chain_through_a_company_one_does_not_control(policy, expected, answer):
    """S and X are a group; A beside it is a question: `REVIEW{A with S,X}` is about S and what S controls."""
    assert [] == differences(expected, answer(FACTS, policy))
