"""F6. State-owned siblings.

The common controller must be an enterprise or institution legal person, so a government organ heads no
group and passes control on. Each exemption of state owners has its own condition and its own effect.
"""

from __future__ import annotations

from .cells import cells, differences

CHAIN = "G -100-> P1; G -100-> P2; P1 -100-> Q1; P1 is state_owned; P2 is state_owned; Q1 is state_owned"
ORGAN = f"{CHAIN}; G is government"
OPERATOR = f"{CHAIN}; G is state_owned state_capital_operator"
FREE_LOAN = f"{OPERATOR}; P1 pays P2 loan 50 unfair"

NO_RULE = (
    "cbrc-2003 cbrc-2010 unified-credit-hq xx-hidden-association city-commercial bank-credit-risk "
    "cbirc-era-annex group-related-forms xindu-guicheng huishang"
)


@cells(
    {
        NO_RULE: "GROUP{P1,Q1}@P1",
        "xx-group-management": "GROUP{P1,Q1}@P1; EXEMPT{P1,P2}@G 2(1)5",
        "abc-2009": "GROUP{P1,Q1}@P1",
        "fi-county": "GROUP{P1,Q1}@P1",
        "substance-eleven": "GROUP{P1,Q1}@P1; REVIEW{P1,P2} state_siblings",
    }
)
def test_a_government_organ_owns(policy, expected, answer):
    """(a) P1 and Q1 alone; only where the third party may be of any kind are the siblings a question.

    Under `abc-2009` feature 2 is not met, so there is nothing to exempt.
    """
    assert [] == differences(expected, answer(ORGAN, policy))


@cells(
    {
        NO_RULE: "GROUP{G,P1,P2,Q1}@G",
        "xx-group-management": "GROUP{G,P1,Q1}@G +multi_membership(G); GROUP{G,P2}@G; EXEMPT{P1,P2}@G 2(1)5",
        "abc-2009": "GROUP{P1,Q1}@P1; EXEMPT{G,P1,P2} 49(1) +presumed",
        "fi-county": "GROUP{P1,Q1}@P1; EXEMPT{G,P1,P2} 3(1) +presumed",
        "substance-eleven": "GROUP{G,P1,P2,Q1}@G",
    }
)
def test_a_state_capital_operator_owns(policy, expected, answer):
    """(b) An ordinary group, save where the measures exempt a state owner without related dealings.

    That there are no dealings is presumed from a file that holds dealings of others. Where siblings are
    freed from each other only, the owner stays with each and is the controller of the exempt set.
    """
    assert [] == differences(expected, answer(OPERATOR, policy))


@cells(
    {
        "fi-county": "GROUP{G,P1,P2,Q1}@G; REVIEW{*} exemption_doubtful",
        "abc-2009": "GROUP{P1,Q1}@P1; EXEMPT{G,P1,P2} 49(1); REVIEW{P1,P2} shifting",
        "xx-group-management": "GROUP{G,P1,Q1}; GROUP{G,P2}; EXEMPT{P1,P2} 2(1)5; REVIEW{P1,P2}",
        f"{NO_RULE} substance-eleven": "GROUP{G,P1,P2,Q1}@G",
    }
)
def test_siblings_deal_at_no_fair_price(policy, expected, answer):
    """(c) The loan between siblings leaves `abc-2009`'s exemption, which looks at owner and owned only.

    It is a question all the same: its two parties, for an unfair price.
    """
    assert [] == differences(expected, answer(FREE_LOAN, policy))


@cells({"abc-2009 fi-county": "GROUP{G,P1,P2,Q1}@G; REVIEW{*} exemption_doubtful"})
def test_an_exemption_needs_dealings_on_file(policy, expected, answer):
    """Where no payment or trade of anyone is known, their absence proves nothing: the group stays."""
    assert [] == differences(expected, answer(OPERATOR, policy, strangers=False))


@cells({"abc-2009": "GROUP{G,P1,P2,Q1}@G; REVIEW{*} exemption_doubtful"})
def test_a_dealing_with_the_owner_loses_the_exemption(policy, expected, answer):
    """One related transaction between owner and owned loses it for the whole set, at whatever price."""
    assert [] == differences(expected, answer(f"{OPERATOR}; G trades P2 sale 5 fair", policy))


@cells({"abc-2009": "GROUP{P1,Q1}@P1; EXEMPT{G,P1,P2} 49(1)"})
def test_paying_in_capital_is_no_dealing(policy, expected, answer):
    """An owner pays in capital: that is what owners do, and no related transaction."""
    assert [] == differences(expected, answer(f"{OPERATOR}; G pays P2 capital_contribution 5 fair", policy))


@cells({"xx-group-management": "GROUP{G,P1,P2,Q1}@G; REVIEW{*} exemption_doubtful"})
def test_control_between_siblings_loses_the_exemption(policy, expected, answer):
    """One subsidiary that controls another, both held by the owner, loses it for the whole set."""
    assert [] == differences(expected, answer(f"{OPERATOR}; P1 =charter=> P2", policy))


@cells({"xx-group-management": "GROUP{P1,P2,Q1}@P1; no EXEMPT"})
def test_control_between_siblings_under_an_organ(policy, expected, answer):
    """Under an organ nothing is exempt then: the one that controls heads a group of its own."""
    assert [] == differences(expected, answer(f"{ORGAN}; P1 =charter=> P2", policy))


@cells({"xx-group-management": "GROUP{G,P1,Q1}@G; no EXEMPT"})
def test_an_only_subsidiary_has_no_sibling(policy, expected, answer):
    """With one direct subsidiary there is nobody to be freed from."""
    facts = "G -100-> P1; P1 -100-> Q1; G is state_owned state_capital_operator"

    assert [] == differences(expected, answer(facts, policy))


@cells({"xx-group-management": "GROUP{P1,Q1}@P1; EXEMPT{P1,P2}@G 2(1)5"})
def test_an_owner_who_is_no_client_joins_nobody(policy, expected, answer):
    """The owner stays with each subsidiary as a client; otherwise the subsidiaries stand alone."""
    assert [] == differences(expected, answer(f"{OPERATOR}; G is unknown_to_the_bank", policy))


@cells({"fi-county": "GROUP{P1,Q1}@P1; EXEMPT{G,P1,P2} 3(1)", "abc-2009": "GROUP{G,P1,P2,Q1}@G"})
def test_a_fair_dealing_with_the_owner(policy, expected, answer):
    """At a fair price: no matter to one exemption, the end of the other."""
    assert [] == differences(expected, answer(f"{OPERATOR}; G trades P2 sale 5 fair", policy))
