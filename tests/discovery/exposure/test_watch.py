"""The warning catalogue: what raises each warning, what is clear beside it, what cannot be assessed."""

from __future__ import annotations

import pytest

from discovery.facts.codes import NOT_ASSESSED, WARNINGS

PERSON = {"id": "p", "kind": "natural_person", "name": "甲"}
OTHERS = [{"id": name, "kind": "enterprise_legal_person", "name": name} for name in ("F", "G")]
OPEN = "2025-12-01"  # within the twelve months before 2026-06-30


def holding(holder, company, percent, start="2020-01-01", end=""):
    return {
        "holder": holder,
        "company": company,
        "equity_percent": percent,
        "valid_from": start,
        "valid_to": end,
    }


def credit(client, start="2020-01-01", end="", quality="normal"):
    return {
        "client": client, "product": "贷款", "balance": "10", "currency": "CNY", "quality": quality,
        "valid_from": start, "valid_to": end, "opened_on": "2020-01-01",
    }  # fmt: skip


def loan(source, target, kind="loan", day="2026-02-01"):
    return {"from": source, "to": target, "amount": "5", "kind": kind, "date": day}


RAISED = {
    "equity_changes": {"holdings": [holding("F", "B", "10", OPEN), holding("F", "C", "5", end=OPEN),
                                    holding("G", "B", "5", OPEN)], "parties": OTHERS},
    "new_indirect_holder": {"holdings": [holding("F", "C", "10"), holding("G", "F", "30", OPEN)],
                            "parties": OTHERS},
    "intra_group_guarantees": {"guarantees": [{"from": "A", "to": "B", "amount": "301", "currency": "CNY"}],
                               "limits": [{"head": "A", "proposed_limit": "1000", "currency": "CNY"}]},
    "guarantee_ring": {"guarantees": [{"from": "A", "to": "B", "amount": "1"}, {"from": "B", "to": "A"}]},
    "loan_proceeds": {"payments": [loan("B", "C")], "credits": [credit("B")]},
    "second_member_credit": {"credits": [credit("A"), credit("B", OPEN)]},
    "quality_downgrade": {"credits": [credit("A", end=OPEN), credit("A", OPEN, quality="loss")]},
    "personal_bad_credit": {"parties": [PERSON], "credits": [credit("p", quality="doubtful")],
                            "offices": [{"person": "p", "company": "B", "role": "chairman"}]},
    "representative_changed": {"parties": [PERSON, {**PERSON, "id": "q"}], "offices": [
        {"person": "p", "company": "B", "role": "legal_representative", "valid_to": OPEN},
        {"person": "q", "company": "B", "role": "legal_representative", "valid_from": OPEN}]},
    "consolidation_changed": {"powers": [{"holder": "A", "company": "B", "kind": "consolidates",
                                          "valid_from": OPEN}]},
}  # fmt: skip
CLEAR = {
    "equity_changes": {},
    "new_indirect_holder": {"holdings": [holding("F", "C", "10"), holding("G", "F", "30")],
                            "parties": OTHERS},
    "intra_group_guarantees": {"guarantees": [{"from": "A", "to": "B", "amount": "300", "currency": "CNY"}],
                               "limits": [{"head": "A", "proposed_limit": "1000", "currency": "CNY"}]},
    "guarantee_ring": {"guarantees": [{"from": "A", "to": "B"}, {"from": "A", "to": "A"}]},
    "loan_proceeds": {"payments": [loan("B", "C", "repayment"), loan("B", "C", day="2024-01-01")],
                      "credits": [credit("B")]},
    "second_member_credit": {"credits": [credit("A"), credit("B")]},
    "quality_downgrade": {"credits": [credit("A", end=OPEN, quality="loss"), credit("A", OPEN)]},
    "personal_bad_credit": {"parties": [PERSON], "credits": [credit("p", quality="doubtful")],
                            "offices": [{"person": "p", "company": "B", "role": "supervisor"}]},
    "representative_changed": {"parties": [PERSON], "offices": [
        {"person": "p", "company": "B", "role": "legal_representative", "valid_from": "2020-01-01"}]},
    "consolidation_changed": {"powers": [{"holder": "A", "company": "B", "kind": "consolidates",
                                          "valid_from": "2020-01-01"}]},
}  # fmt: skip
NOT_TOLD = {
    "loan_proceeds": ({}, "no_payments"),
    "second_member_credit": ({}, "no_credit_on_file"),
    "quality_downgrade": ({}, "no_quality_on_file"),
    "personal_bad_credit": ({}, "no_personal_credit"),
    "representative_changed": ({}, "no_dates"),
    "consolidation_changed": ({}, "no_dates"),
    "intra_group_guarantees": (
        {"guarantees": [{"from": "A", "to": "B", "amount": "300"}]},
        "no_proposed_limit",
    ),
    "net_asset_change": ({}, "no_balance_sheets"),
    "related_transaction": ({}, "no_balance_sheets"),
    "members_receivables": ({}, "no_balance_sheets"),
    "beneficial_owner_differs": ({}, "no_register_of_owners"),
}


def warned(groups, name):
    (group,) = groups
    assert list(WARNINGS) == [one["warning"] for one in group["warnings"]]
    return next(one for one in group["warnings"] if one["warning"] == name)


@pytest.mark.parametrize("name", RAISED)
def test_raised(name, administered):
    """Facts that raise it, with figures and, where facts are the ground, with them."""
    found = warned(administered(RAISED[name]), name)

    assert "raised" == found["state"]
    assert found["measured"]
    assert found["facts"] or name == "new_indirect_holder"


@pytest.mark.parametrize("name", CLEAR)
def test_clear(name, administered):
    """Much the same facts without what raises it."""
    assert "clear" == warned(administered(CLEAR[name]), name)["state"]


@pytest.mark.parametrize("name", NOT_TOLD)
def test_not_assessed(name, administered):
    """What the facts cannot tell is no silent no: the reason is one of the closed list."""
    rows, why = NOT_TOLD[name]
    found = warned(administered(rows), name)

    assert ("not_assessed", why) == (found["state"], found["why"])
    assert why in NOT_ASSESSED


def test_a_warning_switched_off_is_not_looked_at(administered):
    """`warnings.switch_off` takes names out of the list."""
    (group,) = administered({}, **{"warnings.switch_off": ["guarantee_ring"]})

    assert "guarantee_ring" not in [one["warning"] for one in group["warnings"]]


def test_every_warning_is_tried_here():
    """No warning of the catalogue is without a test."""
    assert {*WARNINGS} == {*RAISED, *NOT_TOLD}
