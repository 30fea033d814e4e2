"""`executive_assumed` stands on what an office proves only because its role was taken for executive."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from discovery.evidence.checker import check
from discovery.facts.package import facts_from_rows
from discovery.groups import discover
from discovery.policies import load_policy

DAY = date(2026, 6, 30)
FLAG = "executive_assumed"
Rows = dict[str, list[dict[str, Any]]]


def told(policy: str, **rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The answer about clients X and Y, accepted by the checker, which misses the flag if it goes."""
    companies = [{"id": one, "kind": "enterprise_legal_person", "client_no": one} for one in "XY"]
    facts, rules = facts_from_rows({"parties": companies, **rows}, source="bank"), load_policy(policy)
    document = discover(facts, rules, as_of=DAY).document()
    lists = {name: [_without(one) for one in document[name]] for name in ("groups", "review")}
    stripped = {**document, **lists}
    assert [] == check(document, facts, rules)
    assert (document != stripped) == bool(check(stripped, facts, rules))
    return document


def _without(outcome: dict[str, Any]) -> dict[str, Any]:
    return {**outcome, "flags": [flag for flag in outcome["flags"] if flag != FLAG]}


def office(person: str, company: str, executive: str, **more: str) -> dict[str, str]:
    return {"person": person, "company": company, "role": "director", "executive": executive, **more}


def family(percent: str) -> Rows:
    """Six of one family hold 9 each of X and Y, of X the first one so many; alone nobody is an anchor."""
    people = ["p", "q", "c1", "c2", "c3", "c4"]
    shares = [{"holder": one, "company": firm, "equity_percent": "9"} for one in people for firm in "XY"]
    shares[0]["equity_percent"] = percent
    ties = [{"person": "p", "relation": "spouse_of", "relative": "q"}]
    ties += [{"person": "p", "relation": "parent_of", "relative": child} for child in people[2:]]
    return {"holdings": shares, "kinship": ties}


@pytest.mark.parametrize(
    ("executive", "percent", "flagged"),
    [("", "9", True), ("true", "9", False), ("", "10", False)],
    ids=["assumed", "stated", "a major investor too"],
)
def test_a_family_whose_anchor_is_an_assumed_executive(executive, percent, flagged):
    """Only the office of p, a director, makes an anchor; where the facts do not call it executive, a flag."""
    (group,) = told("group-related-forms", **family(percent), offices=[office("p", "X", executive)])["groups"]

    assert "p" == group["controller"]["parties"][0]
    assert flagged == (FLAG in group["flags"])


def test_without_an_anchor_there_is_no_group():
    """A director who is stated not to be executive anchors nothing: what the flag warns of."""
    assert [] == told("group-related-forms", **family("9"), offices=[office("p", "X", "false")])["groups"]


def test_measures_that_take_all_directors_assume_nothing():
    """Where it is not asked whether an office is executive, nothing hangs on it."""
    (group,) = told("cbrc-2010", **family("9"), offices=[office("p", "X", "")])["groups"]

    assert FLAG not in group["flags"]


@pytest.mark.parametrize(("executive", "flagged"), [("", True), ("true", False)])
def test_a_form_alone(executive, flagged):
    """REVIEW form_only: the father of X's manager controls Y, with kin that make no group of it."""
    rows = {
        "holdings": [{"holder": "f", "company": "Y", "equity_percent": "60"}],
        "kinship": [{"person": "f", "relation": "parent_of", "relative": "p"}],
        "offices": [office("p", "X", executive)],
    }
    found = told("group-related-forms", **rows)
    (one,) = (one for one in found["review"] if one["reason"] == "form_only")

    assert ["X", "Y"] == one["parties"]
    assert flagged == (FLAG in one["flags"])


@pytest.mark.parametrize(("executive", "flagged"), [("", True), ("true", False)])
@pytest.mark.parametrize("sign", ["same_executive", "manager_moved", "manager_is_nominee"])
def test_signs_of_a_hidden_tie(sign, executive, flagged):
    """An executive in common, one who moved, one who is a nominee: each may rest on an assumed office."""
    left = office("p", "X", executive, valid_to="2026-01-01")
    came = office("p", "Y", "true", valid_from="2026-01-01")
    share = {"holder": "p", "company": "Y", "equity_percent": "5", "nominee_for": "n"}
    rows: dict[str, Rows] = {
        "same_executive": {"offices": [office("p", firm, executive) for firm in "XY"]},
        "manager_moved": {"offices": [left, came]},
        "manager_is_nominee": {"offices": [office("p", "X", executive)], "holdings": [share]},
    }
    found = told("xx-hidden-association", **rows[sign])
    (one,) = (one for one in found["review"] if one["reason"] == "hidden_association")

    assert {sign} == one["measured"].keys()
    assert flagged == (FLAG in one["flags"])


def test_a_legal_representative_in_common_needs_no_assumption():
    """The sign is the role itself; `executive` has no part in it."""
    offices = [{"person": "p", "company": firm, "role": "legal_representative"} for firm in "XY"]
    (one,) = (
        one
        for one in told("xx-hidden-association", offices=offices)["review"]
        if one["reason"] == "hidden_association"
    )

    assert {"same_legal_representative"} == one["measured"].keys()
    assert FLAG not in one["flags"]
