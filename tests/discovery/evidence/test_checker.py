"""The checker on answers written by hand: what is right passes, and each kind of wrong is named."""

from __future__ import annotations

import copy
from datetime import date

import pytest

from discovery.evidence.checker import check
from discovery.facts.keys import fact_id, group_id, outcome_key
from discovery.facts.package import facts_from_rows
from discovery.policies import load_policy

DAY = date(2026, 6, 30)
POLICY = "cbrc-2010"


def rows(*holdings, **more):
    """A package with the companies A, S, X as clients and holdings `(holder, company, percent)`."""
    parties = [
        {"id": name, "kind": "enterprise_legal_person", "name": f"{name}公司", "client_no": f"c-{name}"}
        for name in ("A", "S", "X")
    ]
    held = [
        {"holder": holder, "company": company, "equity_percent": share, "voting_percent": share}
        for holder, company, share in holdings
    ]
    return {"parties": parties + more.pop("parties", []), "holdings": held, **more}


def holding(holder, company, share):
    """The fact id of a holding."""
    amount = str(int(share) * 1_000_000)
    values = {"holder": f"given/{holder}", "company": f"given/{company}", "source": "given"}
    return fact_id("holdings", {**values, "equity_percent": amount, "voting_percent": amount})


def step(company, round_, total, *contributions, also=("B2",)):
    """A step of A under the share test."""
    return {
        "unit": ["A"],
        "company": company,
        "round": round_,
        "basis": "B1",
        "article": "3(1)",
        "presumed": True,
        "measure": "voting",
        "op": ">",
        "threshold": "50",
        "total": total,
        "contributions": [
            {"fact": holding(by, company, amount), "by": by, "amount": amount} for by, amount in contributions
        ],
        "also": list(also),
    }


def not_assessed(file, rules):
    """The finding that the policy asks for facts of which there are none."""
    return {
        "code": "not_assessed",
        "severity": "info",
        "file": file,
        "row": None,
        "field": None,
        "party": None,
        "detail": f"{POLICY} asks for {file}: {rules}",
        "remedy": "Add such facts if there are any; without them their absence proves nothing.",
    }


CHAIN = rows(("A", "S", "60"), ("A", "X", "30"), ("S", "X", "25"))


def answer():
    """The answer to CHAIN, written by hand from the measures: A controls S by 60 and X by 30 + 25."""
    keys = {name: f"given/{name}" for name in "ASX"}
    return {
        "policy": POLICY,
        "as_of": "2026-06-30",
        "known_at": None,
        "parties": {
            name: {"name": f"{name}公司", "kind": "enterprise_legal_person", "client": True} for name in "ASX"
        },
        "groups": [
            {
                "id": group_id(POLICY, "company", [keys["A"]]),
                "outcome": "GROUP",
                "controller": {"kind": "company", "parties": ["A"]},
                "members": ["A", "S", "X"],
                "non_client_members": [],
                "flags": ["presumed"],
                "member_flags": {"X": ["method_sensitive"]},
                "basis": {"A": ["HEAD"], "S": ["B1", "B2"], "X": ["B1", "B2"]},
                "coverage": {"S": "60", "X": "55"},
                "evidence": {
                    "S": step("S", 1, "60", ("A", "60")),
                    "X": step("X", 2, "55", ("A", "30"), ("S", "25")),
                },
            }
        ],
        "exempt": [],
        "review": [],
        "related": [],
        "links": [
            {
                "key": outcome_key(POLICY, "LINK", "shared_investor", [keys["S"], keys["X"]], [keys["A"]]),
                "outcome": "LINK",
                "parties": ["S", "X"],
                "with": ["A"],
                "reason": "shared_investor",
                "basis": [],
                "flags": [],
                "attributed_to": None,
                "evidence": {"facts": sorted([holding("A", "S", "60"), holding("A", "X", "30")])},
            }
        ],
        "dependent_sets": [],
        "findings": [
            not_assessed("agreements", "B2"),
            not_assessed("powers", "B3, B4, B5, B6, B20"),
            not_assessed("offices", "key_managers"),
            not_assessed("kinship", "kin"),
            {
                "code": "register_incomplete",
                "severity": "info",
                "file": None,
                "row": None,
                "field": None,
                "party": "A",
                "detail": "0 % of the votes is on file and no controller is known.",
                "remedy": "Add the missing holdings, or take the answer as open.",
            },
        ],
    }


def faults(document, package=CHAIN, policy=POLICY):
    """The places that the checker names."""
    found = check(document, facts_from_rows(package), load_policy(policy), as_of=DAY)
    return {fault.place for fault in found}


def test_an_answer_written_by_hand_is_accepted():
    """The checker agrees with what the measures say, without an engine in between."""
    assert set() == faults(answer())


@pytest.mark.parametrize(
    ("place", "value", "named"),
    [
        (("groups", 0, "evidence", "X", "total"), "56", "/groups/0/evidence/X/total"),
        (("groups", 0, "evidence", "X", "round"), 1, "/groups/0/evidence/X/round"),
        (("groups", 0, "evidence", "X", "article"), "3(2)", "/groups/0/evidence/X/article"),
        (("groups", 0, "evidence", "X", "presumed"), False, "/groups/0/evidence/X/presumed"),
        (("groups", 0, "coverage", "S"), "61", "/groups/0/coverage/S"),
        (("groups", 0, "id"), "g_0123456789abcdef", "/groups/0/id"),
        (("groups", 0, "flags"), [], "/groups/0/flags"),
        (("parties", "A", "name"), "B公司", "/parties/A"),
        (("links", 0, "key"), "o_0123456789abcdef", "/links/0/key"),
        (("as_of",), "2026-07-01", "/as_of"),
        (("policy",), "abc-2009", "/policy"),
    ],
)
def test_one_wrong_value_is_named(place, value, named):
    """A fault stands at the value that was changed."""
    document = copy.deepcopy(answer())
    at = document
    for part in place[:-1]:
        at = at[part]
    at[place[-1]] = value

    assert named in faults(document)


def test_a_member_left_out_is_found():
    """X is controlled and eligible: a group without it claims an absence that a search refutes."""
    document = answer()
    document["groups"][0]["members"] = ["A", "S"]

    assert "/groups/0/members" in faults(document)


def test_somebody_above_is_found():
    """With P above A, A is no controlling point, though every step of A's still holds."""
    parties = [{"id": "P", "kind": "enterprise_legal_person", "client_no": "c-P"}]
    package = rows(("A", "S", "60"), ("A", "X", "30"), ("S", "X", "25"), ("P", "A", "70"), parties=parties)

    assert "/groups/0/controller" in faults(answer(), package)


def test_a_government_organ_above_does_not_count():
    """An inadmissible owner passes control on: A stays the controlling point."""
    parties = [{"id": "G", "kind": "government", "name": "国资委"}]
    package = rows(("A", "S", "60"), ("A", "X", "30"), ("S", "X", "25"), ("G", "A", "70"), parties=parties)

    assert "/groups/0/controller" not in faults(answer(), package)


def test_a_missing_step_is_found():
    """Every member but the head has a step."""
    document = answer()
    del document["groups"][0]["evidence"]["S"]

    assert "/groups/0/evidence/S" in faults(document)


def test_a_fact_that_no_longer_holds_proves_nothing():
    """The holding ended the day before: the same answer is wrong on the day asked for."""
    package = copy.deepcopy(CHAIN)
    package["holdings"][0]["valid_to"] = "2026-06-30"

    assert any(place.startswith("/groups/0") for place in faults(answer(), package))


def test_another_shape_is_refused_with_its_place():
    """A value of the wrong type never reaches the rules."""
    document = answer()
    document["groups"][0]["evidence"]["X"]["total"] = 55

    assert {"/groups/0/evidence/X/total"} == faults(document)


def test_an_unknown_party_is_named_and_nothing_breaks():
    """Parties that the facts do not know are faults, not errors."""
    document = answer()
    document["groups"][0]["members"] = ["A", "S", "nobody"]

    assert {"/parties"} == faults(document)


def test_the_same_group_twice_is_a_fault():
    """Each controlling point has one group."""
    document = answer()
    document["groups"] *= 2

    assert "/groups" in faults(document)


def test_a_fault_reads_as_a_sentence():
    """Place, reason, and both values stand in a fault's text."""
    document = answer()
    document["groups"][0]["coverage"]["S"] = "61"
    (fault,) = check(document, facts_from_rows(CHAIN), load_policy(POLICY))

    assert "/groups/0/coverage/S" in str(fault)
    assert "'61'" in str(fault)
    assert "'60'" in str(fault)
    assert {"place", "said", "found", "detail"} == fault.to_dict().keys()
