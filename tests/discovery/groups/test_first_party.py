"""Whoever happens to be numbered first is asked about like anybody else."""

from __future__ import annotations

from datetime import date

import pytest

from discovery.facts.package import facts_from_rows
from discovery.groups import discover
from discovery.policies import load_policy


@pytest.mark.parametrize("company", ["A", "Z"])
def test_kin_who_hold_only_together_are_both_named(company: str) -> None:
    """Father and daughter hold half together: both stand in the question, whatever the company is called."""
    facts = facts_from_rows(
        {
            "parties": [
                {"id": company, "name": "云州甲实业有限公司", "kind": "enterprise_legal_person"},
                {"id": "M", "name": "云州乙贸易有限公司", "kind": "enterprise_legal_person"},
                {"id": "N", "name": "王强", "kind": "natural_person"},
                {"id": "O", "name": "王芳", "kind": "natural_person"},
            ],
            "holdings": [
                {"holder": "N", "company": company, "equity_percent": "30"},
                {"holder": "N", "company": "M", "equity_percent": "60"},
                {"holder": "O", "company": company, "equity_percent": "20"},
            ],
            "kinship": [{"person": "N", "relation": "parent_of", "relative": "O"}],
            "offices": [{"person": "N", "company": company, "role": "chairman", "executive": True}],
        }
    )

    review = discover(facts, load_policy("cbrc-2010"), as_of=date(2026, 6, 30)).document()["review"]

    asked = [(one["reason"], one["with"]) for one in review if one["parties"] == [company]]
    assert ("half_share", ["N", "O"]) in asked
