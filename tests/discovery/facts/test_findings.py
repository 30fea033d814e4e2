"""The findings that one question is answered with."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from discovery.facts.facts import Facts
from discovery.facts.findings import Finding

FINDINGS = st.builds(
    Finding,
    st.sampled_from(["self_holding", "duplicate_row"]),
    st.just("warning"),
    file=st.sampled_from([None, "holdings.csv"]),
    party=st.sampled_from([None, "A", "B"]),
    row=st.integers(2, 9),
)


@given(st.lists(FINDINGS), st.sampled_from(["A", "C"]))
def test_findings_about_a_party_are_its_own_and_those_about_nothing_narrower(findings, party):
    """In their order; a finding about another party or about a file alone is none of them."""
    general = (None, None)
    expected = [one for one in findings if one.party == party or (one.party, one.file) == general]

    assert expected == Facts({}, tuple(findings)).findings_about(party)
