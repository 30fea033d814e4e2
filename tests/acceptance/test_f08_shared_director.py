"""F8. Shared director only.

One person in two boards is a lead and proves nothing; one legal representative of two private firms is
a basis of `substance-eleven` and a question elsewhere.
"""

from __future__ import annotations

import pytest

from .cells import ALL, OTHERS, cells, differences

OWNERS = "p1 -90-> X; p2 -90-> Y"
SHARED = f"{OWNERS}; d :director:> X; d :director:> Y"


@cells(
    {
        "xx-hidden-association": "no GROUP; REVIEW{X,Y} hidden_association; LINK{X,Y}@d key_person",
        "xindu-guicheng": "no GROUP; LINK{X,Y}@d key_person; no REVIEW",
        "others": "no GROUP; LINK{X,Y}@d key_person",
    }
)
def test_shared_director(policy, expected, answer):
    """A LINK and no group; under Xindu's measures nothing more: d sits on neither board for the other."""
    assert [] == differences(expected, answer(SHARED, policy))


@cells({"xindu-guicheng": "GROUP{X,Y} Y:B18", OTHERS: "no GROUP"})
def test_a_director_for_the_other_company(policy, expected, answer):
    """d sits on Y's board for X: a representative, and so a member under Art 2(4) of Xindu's measures."""
    facts = f"{OWNERS}; d :director:> X; d :director:> Y for X"

    assert [] == differences(expected, answer(facts, policy))


@cells(
    {
        "substance-eleven": "GROUP{X,Y} X:B13 Y:B13",
        "others": "no GROUP; REVIEW{X,Y}@d shared_legal_representative",
    }
)
def test_f8b_shared_legal_representative(policy, expected, answer):
    """F8b: a strong indicator, but no control shown; Art 3(2)10 of the eleven situations deems it."""
    facts = f"{OWNERS}; d :legal_representative:> X; d :legal_representative:> Y"

    assert [] == differences(expected, answer(facts, policy))


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("state_owned", "no GROUP; no REVIEW shared_legal_representative"),
        ("of_unknown_ownership", "no GROUP; REVIEW{X,Y}@d shared_legal_representative"),
    ],
)
def test_f8b_the_basis_is_for_private_firms(mark, expected, answer):
    """Both firms must be private: a state-owned Y is outside B13, an unknown one is a question."""
    facts = f"{OWNERS}; d :legal_representative:> X; d :legal_representative:> Y; Y is {mark}"

    assert [] == differences(expected, answer(facts, "substance-eleven"))


@cells({"group-related-forms": "no GROUP; no LINK key_person", OTHERS: "no GROUP; LINK{X,Y}@d key_person"})
def test_f8c_non_executive_director(policy, expected, answer):
    """F8c: only `group-related-forms` leaves non-executive directors out of its key managers."""
    facts = f"{OWNERS}; d :director non-executive:> X; d :director non-executive:> Y"

    assert [] == differences(expected, answer(facts, policy))


@cells({ALL: "no GROUP"})
def test_supervisors_are_no_key_managers(policy, expected, answer):
    """No list of the measures names supervisors: sharing one is an officer in common, no key person."""
    said = answer(f"{OWNERS}; d :supervisor:> X; d :supervisor:> Y", policy)

    assert [] == differences(f"{expected}; no LINK key_person; LINK{{X,Y}}@d shared_officer", said)
