"""F5. Concert-party agreement.

Who leads commands the other's votes in that company; the bound party is no member, keeps its equity
and its place in an influence band. Where unanimity is needed nobody controls.
"""

from __future__ import annotations

from .cells import ALL, CORE, cells, differences, only

SHARES = "A -30-> X; B -25-> X; A -100-> A1"
LED = f"{SHARES}; A & B concert in X led by A"
UNANIMOUS = f"{SHARES}; A & B concert in X"


@cells(
    {
        f"{CORE} xx-group-management cbirc-era-annex substance-eleven": (
            "GROUP{A,A1,X}@A X:B2; RELATED{A,B} concert"
        ),
        "xindu-guicheng": "GROUP{A,A1,X}@A X:B2; GROUP{B,X}@B X:B18; RELATED{A,B} concert",
        "group-related-forms": "GROUP{A,A1,X}@A X:B2; GROUP{B,X}@B X:B19; RELATED{A,B} concert",
        "huishang": "GROUP{A,A1}@A; REVIEW{X}@A closed_list_basis; RELATED{A,B} concert",
    }
)
def test_a_leader_commands_the_other(policy, expected, answer):
    """A commands 55 votes. Huishang counts A's own equity of 30 only, so X is a question."""
    assert [] == differences(expected, answer(LED, policy))


@cells({f"{CORE} xx-group-management substance-eleven xindu-guicheng": "55"})
def test_the_proof_shows_the_agreement(policy, expected, answer):
    """The 25 come by B's own holding, through the agreement."""
    step = only(answer(LED, policy), "A", "A1", "X")["evidence"]["X"]

    brought = {part["by"]: part for part in step["contributions"]}
    assert {"A": "30", "B": "25"} == {by: part["amount"] for by, part in brought.items()}
    assert brought["B"]["fact"].startswith("holding_")
    assert brought["B"]["through"].startswith("agreement_")
    assert expected == step["total"]


@cells(
    {
        "substance-eleven": "GROUP{A,A1,X}@A X:B17; GROUP{B,X}@B X:B17",
        "group-related-forms": "GROUP{A,A1,X}@A X:B19; GROUP{B,X}@B X:B19",
        "xindu-guicheng": "GROUP{A,A1,X}@A X:B18; GROUP{B,X}@B X:B18",
        "others": "GROUP{A,A1}@A; REVIEW{X}@A,B joint_control",
    }
)
def test_f5b_unanimity(policy, expected, answer):
    """F5b: no one controls X; joint control or influence makes X a member only where a policy says so."""
    assert [] == differences(expected, answer(UNANIMOUS, policy))


@cells({ALL: "RELATED{A,B}"})
def test_f5b_the_pair_stays_related(policy, expected, answer):
    """An agreement among equals ties A and B, who are in no group together."""
    missing = [
        line for line in differences(expected, answer(UNANIMOUS, policy)) if line.startswith("missing")
    ]

    assert [] == missing
