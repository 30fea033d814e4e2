"""Rows of the tables for newer and foreign rules: company law, Basel, the European regulation, owners.

What a file marks as read in a secondary source or from memory is set aside until it is told to count.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from discovery.errors import UnknownPolicy
from discovery.evidence.checker import check
from discovery.facts.package import read_package
from discovery.policies import load_policy
from discovery.service.answers import Asked, groups
from discovery.service.owners import owners

from .cells import differences, only
from .given import given

DAY = date(2026, 6, 30)
ABROAD = ("basel-lex10", "eu-rts-2024")
HALF = "A -50-> X; B -50-> X; A -100-> A1; B -100-> B1"
SPOUSES = "h -30-> X; w -25-> X; h -80-> Y; h ~ w; h :chairman:> X; h is client"
STATE = "G -100-> P1; G -100-> P2; P1 -100-> Q1; P1 is state_owned; P2 is state_owned; Q1 is state_owned"
POWERS = """
    H -100-> W; W =contract=> O; p -100-> O
    H =consolidates=> W; H =consolidates=> O
    M -30-> Z; M =charter=> Z
"""
CIRCLE = "A -60-> B; B -55-> C; C -40-> A; p -35-> A"


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("co-law-2018", "GROUP{A,A1,X}@A +multi_membership(X); GROUP{B,B1,X}@B +multi_membership(X)"),
        ("co-law-2023", "GROUP{A,A1}@A; GROUP{B,B1}@B; REVIEW{X}@A,B joint_control"),
    ],
)
def test_f3_exactly_half(policy, expected, answer):
    """F3: controlling shareholders by share in 2018, not by share since; decisive votes are a question."""
    assert [] == differences(expected, answer(HALF, policy))


def test_the_law_changes_and_no_fact_does(tmp_path: Path):
    """The series names the version in force: X leaves the groups on the day of the new law."""
    facts = read_package(given(HALF, tmp_path / "package")).facts
    sets = {
        day: [sorted(group["members"]) for group in groups(facts, Asked("co-law", day)).document()["groups"]]
        for day in (date(2024, 6, 30), date(2024, 7, 1))
    }

    assert ["A", "A1", "X"] in sets[date(2024, 6, 30)]
    assert [["A", "A1"], ["B", "B1"]] == sorted(sets[date(2024, 7, 1)])


def test_a_day_before_every_version_is_told(tmp_path: Path):
    """Nothing is in force before the first version: no silent guess."""
    facts = read_package(given(HALF, tmp_path / "package")).facts

    with pytest.raises(UnknownPolicy, match="No version of co-law"):
        groups(facts, Asked("co-law", date(2001, 1, 1)))


@pytest.mark.parametrize("policy", ABROAD)
def test_f4_a_person_is_a_member_and_kin_are_a_question(policy, answer):
    """F4: no kin rule: h and Y, h being a member; with the spouse X would come in, which is asked."""
    assert [] == differences("GROUP{h,Y}@cluster(h); REVIEW{X} affinity_kin", answer(SPOUSES, policy))


@pytest.mark.parametrize("policy", ["co-law-2023", "basel-lex10"])
@pytest.mark.parametrize("kind", ["government", "state_owned state_capital_operator"])
def test_f6_the_state_alone_ties_nobody(policy, kind, answer):
    """F6: siblings are not associated merely through the state, be it an organ or a company of the state."""
    said = answer(f"{STATE}; G is {kind}", policy)

    assert [["P1", "Q1"]] == [sorted(group["members"]) for group in said["groups"]]


@pytest.mark.parametrize("policy", ABROAD)
def test_f7_consolidation_and_charter(policy, answer):
    """F7: O by consolidation, Z by its charter; p, who holds O, is no client of the bank."""
    said = answer(POWERS, policy)

    assert {"B6", "B3"} & set(only(said, "H", "W", "O")["basis"]["O"])
    assert ["B3"] == list(only(said, "M", "Z")["basis"]["Z"])


@pytest.mark.parametrize("policy", ["bo-cn-2024", "amlr-2024"])
@pytest.mark.parametrize(("party", "share"), [("A", "40.32258"), ("B", "24.193548"), ("C", "13.306451")])
def test_f2_owners_by_multiplication(policy, party, share, tmp_path: Path):
    """F2: p owns 40.32 % of A and is its beneficial owner; 24.19 of B and 13.31 of C are too little."""
    facts = read_package(given(CIRCLE, tmp_path / "package")).facts

    found = owners(facts, Asked(policy, DAY, overrides={"unverified": "count"}), party)

    (p,) = found["owners"]
    assert share == p["shares"]["equity"]["multiply"]["share"]
    by_share = {met["test"] for met in p["meets"]} & {"owns", "shares", "votes"}
    assert ("A" == party) == bool(by_share)
    assert "A" != party or "OWNER" == p["outcome"]


def test_an_unverified_figure_asks_for_a_person(tmp_path: Path):
    """The quarter of bo-cn-2024 was read in a secondary source only: by default its finding is a question."""
    facts = read_package(given(CIRCLE, tmp_path / "package")).facts

    found = owners(facts, Asked("bo-cn-2024", DAY), "A")

    assert "REVIEW" == found["owners"][0]["outcome"]
    assert [("2nd", False)] == [
        (one["status"], one["counts"]) for one in found["rules"]["tests"] if one["id"] == "owns"
    ]


def test_tests_in_order_stop_where_somebody_is_found(tmp_path: Path):
    """q controls by contract, p owns 30: the later test of control is not asked while p is found."""
    facts = read_package(given("p -30-> X; q =contract=> X", tmp_path / "package")).facts

    found = owners(facts, Asked("bo-cn-2024", DAY, overrides={"unverified": "count"}), "X")

    assert {"p": "OWNER", "q": "NONE"} == {one["party"]: one["outcome"] for one in found["owners"]}


@pytest.mark.parametrize(
    ("text", "caught"),
    [("p -60-> H; H -30-> X", {"p": "H"}), ("p -30-> H; q -70-> H; H -60-> X", {"p": "H", "q": "H"})],
)
def test_ownership_and_control_mix_in_a_chain(text, caught, tmp_path: Path):
    """Controllers of what owns, and owners of what controls: 18 of X each time, and both are caught."""
    facts = read_package(given(text, tmp_path / "package")).facts

    found = owners(facts, Asked("amlr-2024", DAY), "X")

    via = {
        one["party"]: met["via"] for one in found["owners"] for met in one["meets"] if met["test"] == "mixed"
    }
    assert caught == via


def test_values_from_memory_are_set_aside_until_told_to_count():
    """B15 and B20 of the European regulation: by default a question, with `unverified: count` a ground."""
    usual, counted = load_policy("eu-rts-2024"), load_policy("eu-rts-2024", {"unverified": "count"})

    assert ("control.bases.B15", "control.bases.B20") == usual.aside
    assert {"B15", "B20"} == {one.code for one in counted.control.bases} - {
        one.code for one in usual.control.bases
    }


def test_a_ground_from_memory_is_asked_about(answer):
    """A declared controller under the European regulation: REVIEW, and a group once it counts."""
    text = "D =declared_controller=> X; D -100-> E"

    assert [] == differences("GROUP{D,E}@D; REVIEW{X}@D closed_list_basis", answer(text, "eu-rts-2024"))
    counted = answer(text, "eu-rts-2024", overrides={"unverified": "count"})
    assert [] == differences("GROUP{D,E,X}@D", counted)


SALES = "V trades K sale 60 fair; V trades L sale 40 fair; U trades K sale 50 fair; U trades L sale 50 fair"


def test_half_of_the_sales_make_a_dependent_set(answer):
    """V sells 60 of 100 to K, U exactly half: both depend on K; K in turn buys most from V, L from U."""
    said = answer(SALES, "basel-lex10")

    sets = {one["with"][0]: one for one in said["dependent_sets"] if "STRANGER1" not in one["parties"]}
    assert {"K": ["K", "U", "V"], "L": ["L", "U"], "U": ["L", "U"], "V": ["K", "V"]} == {
        on: one["parties"] for on, one in sets.items()
    }
    one = sets["K"]
    assert "economic_dependence" == one["reason"]
    assert {"sales V": "60", "sales U": "50"} == one["measured"]
    assert 2 == len(one["facts"])


def test_unverified_signs_of_dependence_ask_and_count_when_told(answer):
    """Under lex-cn-2018 the half was read in a secondary source: a question first, a set when it counts."""
    usual, counted = (
        answer(SALES, "lex-cn-2018"),
        answer(SALES, "lex-cn-2018", overrides={"unverified": "count"}),
    )

    asked = [one["parties"] for one in usual["review"] if one["reason"] == "economic_dependence"]
    assert (True, []) == (["K", "U", "V"] in asked, usual["dependent_sets"])
    assert ["K", "U", "V"] in [one["parties"] for one in counted["dependent_sets"]]


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("D =economic_dependence=> X", {"recorded X": "1"}),
        (
            "X trades D sale 49.9999 fair; X trades E sale 50.0001 fair; D =economic_dependence=> X",
            {"recorded X": "1"},
        ),
    ],
)
def test_a_recorded_dependence_and_a_hair_below_half(text, measured, answer):
    """A recorded fact suffices; a ten-thousandth below half does not."""
    (one,) = [one for one in answer(text, "basel-lex10")["dependent_sets"] if one["with"] == ["D"]]

    assert (["D", "X"], measured) == (one["parties"], one["measured"])


def test_sets_of_dependence_are_checked(tmp_path: Path):
    """The checker draws them again from the trades: another figure is rejected."""
    facts = read_package(given(SALES, tmp_path / "package")).facts
    policy = load_policy("basel-lex10")
    said = groups(facts, Asked("basel-lex10", DAY)).document()

    assert [] == check(said, facts, policy, as_of=DAY)
    said["dependent_sets"][0]["measured"] = {"sales V": "61"}
    assert check(said, facts, policy, as_of=DAY)
