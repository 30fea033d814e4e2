"""Sentences drawn from steps and outcomes, in both languages."""

from __future__ import annotations

import pytest

from discovery.evidence.wording import (
    controller_label,
    finding_sentence,
    flag_sentence,
    group_tree,
    named,
    names_of,
    outcome_sentence,
    reason_sentence,
    step_sentence,
)
from discovery.evidence.words import BASES, MEASURES
from discovery.facts.codes import FINDINGS, FLAGS, REASONS
from discovery.policies import load_policy, policy_slugs
from discovery.policies.model import TRIGGERS

NAMES = {"A": "甲公司", "X": "乙公司", "S": None, "h": "张三", "w": "李四"}
STEP = {
    "unit": ["A"],
    "company": "X",
    "round": 2,
    "basis": "B1",
    "article": "3(1)",
    "presumed": True,
    "measure": "voting",
    "op": ">",
    "threshold": "50",
    "total": "55.333333",
    "contributions": [
        {"fact": "holding_1", "by": "A", "amount": "30.333333"},
        {"fact": "holding_2", "by": "S", "amount": "25", "through": "agreement_3"},
    ],
    "also": [],
}
GROUP = {
    "id": "g_0000000000000000",
    "outcome": "GROUP",
    "controller": {"kind": "company", "parties": ["A"]},
    "members": ["A", "X"],
    "non_client_members": [],
    "flags": ["presumed"],
    "member_flags": {"X": ["treasury_shares"]},
    "basis": {"A": ["HEAD"], "X": ["B1"]},
    "coverage": {"X": "80"},
    "evidence": {"X": STEP},
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_step_says_every_figure_exactly(language):
    """Total, threshold, each amount, each fact and the agreement stand in the sentence, unrounded."""
    said = step_sentence(STEP, NAMES, language)

    for part in ("55.333333%", "50%", "30.333333%", "25%", "holding_1", "holding_2", "agreement_3", "3(1)"):
        assert part in said


def test_a_presumed_step_says_so():
    """What the measures leave open is told, and not told where they do not."""
    assert "推定" in step_sentence(STEP, NAMES, "zh")
    assert "presumed" in step_sentence(STEP, NAMES, "en")
    assert "presumed" not in step_sentence({**STEP, "presumed": False}, NAMES, "en")


def test_seats_are_told_of_all_seats():
    """Seats stand as so many of so many."""
    seats = {**STEP, "measure": "seats", "total": "4", "of": "7", "contributions": STEP["contributions"][:1]}

    assert "4/7" in step_sentence(seats, NAMES, "en")
    assert "董事会席位4/7" in step_sentence(seats, NAMES, "zh")


def test_names_stand_beside_ids():
    """Name first, id in brackets; a party without a name is its id alone."""
    assert "甲公司 (A)" == named("A", NAMES)
    assert "S" == named("S", NAMES)
    assert "Q" == named("Q", NAMES)


def test_the_names_of_an_answer():
    """The names mapping is read off the answer's parties."""
    assert {"A": "甲"} == names_of({"parties": {"A": {"name": "甲", "kind": None, "client": True}}})


def test_a_family_is_told_by_its_relations():
    """A family's label names the anchor and how the others are tied to it."""
    family = {
        "kind": "person",
        "parties": ["h", "w"],
        "kin": [{"person": "w", "relation": "spouse", "facts": ["kinship_1"]}],
    }

    assert "张三 (h)及亲属：配偶李四 (w)" == controller_label(family, NAMES, "zh")
    assert "张三 (h) with kin: spouse 李四 (w)" == controller_label(family, NAMES, "en")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_group_is_a_tree_of_members_and_proofs(language):
    """One line for the group, one a member, and under a member the step that proves it."""
    lines = group_tree(GROUP, NAMES, language)

    assert 4 == len(lines)
    assert lines[1].startswith("├─ 甲公司 (A)")
    assert lines[2].startswith("└─ 乙公司 (X)")
    assert step_sentence(STEP, NAMES, language) in lines[3]


def test_companies_on_the_way_are_shown():
    """A company that a proof rests on has a line of its own, marked."""
    via = {**STEP, "company": "S"}
    lines = group_tree({**GROUP, "evidence": {"X": STEP, "S": via}}, NAMES, "en")

    assert any("on the way: S" in line for line in lines)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_question_names_parties_and_why(language):
    """A REVIEW tells whom it is about, with whom, and its reason in words."""
    asked = {"outcome": "REVIEW", "parties": ["X"], "with": ["A"], "reason": "half_share", "flags": []}
    said = outcome_sentence(asked, NAMES, language)

    assert "乙公司 (X)" in said
    assert "甲公司 (A)" in said
    assert reason_sentence("half_share", language) in said


def test_a_finding_names_its_place():
    """File, row and party stand beside the words."""
    finding = {"code": "self_holding", "file": "holdings", "row": 3, "party": "A", "detail": ""}

    assert "holdings 3: a party holds itself 甲公司 (A)" == finding_sentence(finding, NAMES, "en")


@pytest.mark.parametrize("table", [FLAGS, REASONS, FINDINGS, BASES, MEASURES])
def test_every_code_has_both_languages(table):
    """Chinese and English, neither empty, and the Chinese is Chinese."""
    for code, wording in table.items():
        assert wording.en, code
        assert any("一" <= letter <= "鿿" for letter in wording.zh), code


def test_every_trigger_and_exemption_has_a_sentence():
    """Whatever a shipped policy can give as a reason is on the list, and every flag it may raise."""
    assert set(TRIGGERS) <= REASONS.keys()
    for slug in policy_slugs():
        policy = load_policy(slug)
        assert {rule.id for rule in policy.exemptions} <= REASONS.keys()
        assert {flag for basis in policy.control.bases for flag in basis.flags} <= FLAGS.keys()
        assert {basis.code for basis in policy.control.bases} <= BASES.keys()
    assert flag_sentence("overlap", "en") == FLAGS["overlap"].en
