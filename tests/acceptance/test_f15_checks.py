"""F15, rows 1-4 and 13-18. Numeric and procedural checks."""

from __future__ import annotations

from datetime import date

import pytest

from .cells import ALL, EACH, OTHERS, cells, differences

PAIR = "A -60-> B"
COUSINS = "g > m; g > n; m > p; n > q; p -70-> X; q -80-> Y"
IN_LAWS = "u > p; u > s; s ~ b; p -60-> X; b -60-> Y"
SPOUSES = "h -30-> X; w -25-> X; h -80-> Y; h :chairman:> X"


@cells({"abc-2009": "EXEMPT{A,B}@A 49(3)", "fi-county": "EXEMPT{A,B}@A 3(2)", OTHERS: "GROUP{A,B}@A"})
def test_row_1_one_member_with_credit(policy, expected, answer):
    """Ordinary borrowing of one member only: exempt where the measures say so, a group elsewhere."""
    assert [] == differences(expected, answer(f"{PAIR}; credit B none", policy))


@cells({"abc-2009": "GROUP{A,B}@A"})
def test_row_2_unified_borrowing(policy, expected, answer):
    """The head borrows and repays for all, so one member's credit is everyone's."""
    facts = f"{PAIR}; credit B none; A =unified_borrow_repay=> B"

    assert [] == differences(expected, answer(facts, policy))


@cells({"abc-2009": "EXEMPT{A,B}@A 49(4)", OTHERS: "GROUP{A,B}@A"})
def test_row_3_low_risk_only(policy, expected, answer):
    """All credit is low-risk business."""
    facts = f"{PAIR}; credit A 60 low_risk; credit B 40 low_risk"

    assert [] == differences(expected, answer(facts, policy))


@cells({"abc-2009": "GROUP{A,B}@A"})
def test_row_3_some_ordinary_credit(policy, expected, answer):
    """One ordinary credit beside the low-risk ones ends the exemption."""
    facts = f"{PAIR}; credit A 60 low_risk; credit B 39 low_risk; credit B 1"

    assert [] == differences(expected, answer(facts, policy))


@cells({"abc-2009": "EXEMPT{A,B}@A 49(2) +boundary_ambiguous"})
def test_row_4_half_is_bad(policy, expected, answer):
    """Exactly 50 per cent of the credit is non-performing: 以上 includes it, and the flag tells the edge."""
    assert [] == differences(expected, answer(f"{PAIR}; credit A 50; credit B 50 substandard", policy))


@pytest.mark.parametrize("quality", ["substandard", "doubtful", "loss", "disposed"])
@cells({"abc-2009": "GROUP{A,B}@A"})
def test_row_4_less_than_half_is_bad(policy, expected, quality, answer):
    """49.9 per cent is not enough, whichever of the four bad classes it is in."""
    assert [] == differences(expected, answer(f"{PAIR}; credit A 50.1; credit B 49.9 {quality}", policy))


@cells({"abc-2009": "GROUP{A,B}@A"})
def test_row_4_special_mention_is_not_bad(policy, expected, answer):
    """Special mention is performing."""
    assert [] == differences(expected, answer(f"{PAIR}; credit A 50; credit B 50 special_mention", policy))


@cells({ALL: "no GROUP; REVIEW{X,Y} family_without_anchor"})
def test_row_13_just_below_ten(policy, expected, answer):
    """9.99 of the votes: no major investor, so no anchor (F9b); with some stake, g's family is a question."""
    assert [] == differences(expected, answer(f"{COUSINS}; g -9.99-> X", policy))


@cells({ALL: "GROUP{X,Y}@cluster(g)"})
def test_row_13_ten_is_a_major_investor(policy, expected, answer):
    """10.00 of the votes: g is an anchor who reaches both firms."""
    assert [] == differences(expected, answer(f"{COUSINS}; g -10.00-> X", policy))


@cells({"huishang xindu-guicheng": "GROUP{X,Y}@cluster(g)"})
def test_row_13_votes_make_a_major_investor(policy, expected, answer):
    """The 10 is measured on votes, also where control is measured on equity."""
    assert [] == differences(expected, answer(f"{COUSINS}; g -1e/10v-> X", policy))


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ("19.99", "NONE"),
        ("20.00", "GROUP{A,X}@A X:B18"),
        ("49.99", "GROUP{A,X}@A X:B18"),
        ("50.00", "GROUP{A,X}@A X:B1"),
    ],
)
def test_row_14_xindu_influence(share, expected, answer):
    """The band is 20 up to 50; at 50 it is control."""
    assert [] == differences(expected, answer(f"A -{share}-> X", "xindu-guicheng"))


@cells(
    {
        "xx-group-management cbirc-era-annex": "GROUP{A,X}@A X:B5 +boundary_ambiguous",
        "xindu-guicheng": "GROUP{A,X}@A X:B5 +boundary_ambiguous",
        OTHERS: "no GROUP",
    }
)
def test_row_15_half_of_the_board_votes(policy, expected, answer):
    """Exactly 50 of the board votes: inside by three wordings, outside elsewhere."""
    assert [] == differences(expected, answer("A =board_votes 50=> X", policy))


@cells(
    {
        "xindu-guicheng": "GROUP{A,X}@A X:B18",
        OTHERS: "no GROUP",
    }
)
def test_row_15_half_of_the_seats(policy, expected, answer):
    """Half of the seats is no majority anywhere; under Xindu one seat is already influence (Art 2(4))."""
    said = answer("A =appoints_seats 3/6=> X", policy)

    assert [] == differences(expected, said)
    assert not any({"B4", "B12"} & set(group["basis"]["X"]) for group in said["groups"])


@cells({"huishang": "no GROUP; REVIEW{X}@A closed_list_basis", OTHERS: "GROUP{A,X}@A"})
def test_row_15_more_than_half_of_the_seats(policy, expected, answer):
    """4 of 6 seats are a majority; Huishang's closed definition makes it a question."""
    assert [] == differences(expected, answer("A =appoints_seats 4/6=> X", policy))


@pytest.mark.parametrize(
    ("posts", "expected"),
    [
        ("cfo", "no GROUP; REVIEW{X}@A single_post"),
        ("chairman,cfo", "GROUP{A,X}@A X:B11"),
        ("cfo,other", "no GROUP; REVIEW{X}@A single_post"),
    ],
)
def test_row_16_rights_over_posts(posts, expected, answer):
    """One of chairman, general manager and CFO is a question, two deem; another post does not count."""
    assert [] == differences(expected, answer(f"A =appoints_posts {posts}=> X", "substance-eleven"))


@cells({ALL: "no GROUP; REVIEW{X,Y} affinity_kin"})
def test_row_17_collateral_in_law(policy, expected, answer):
    """The husband of p's sister is an in-law: a question by the statutory default."""
    assert [] == differences(expected, answer(IN_LAWS, policy))


@cells({ALL: "GROUP{X,Y}"})
def test_row_17_in_laws_deemed(policy, expected, answer):
    """With `kin.deem = affinity` the in-law counts."""
    assert [] == differences(expected, answer(IN_LAWS, policy, overrides={"kin.deem": "affinity"}))


@pytest.mark.parametrize("role", ["s -10-> Y", "s :director:> X", "s :general_manager:> Y"])
@cells({ALL: "GROUP{X,Y}@cluster(s)"})
def test_row_17_the_sister_is_an_anchor(policy, expected, role, answer):
    """As major investor or key manager of either firm the sister reaches both, by brother and husband."""
    assert [] == differences(expected, answer(f"{IN_LAWS}; {role}", policy))


@pytest.mark.parametrize("policy", EACH)
def test_row_18_divorce(policy, answer):
    """From day t the family is no more: no group, and the former marriage is a lead. Before t it stays."""
    facts = f"{SPOUSES}; h ~ w [2015-05-01..2026-03-01]"

    before = answer(facts, policy, as_of=date(2026, 2, 28))
    after = answer(facts, policy, as_of=date(2026, 3, 1))

    assert [] == differences("GROUP{X,Y}@cluster(h); no LINK ex_spouse", before)
    assert [] == differences("no GROUP; LINK{*}@h,w ex_spouse", after)
