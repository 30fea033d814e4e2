"""F12. ABC type and mode. Members M1 (head), M2, M3."""

from __future__ import annotations

import pytest

HELD = "M1 -80-> M2; M1 -70-> M3; M1 =consolidates=> M2; M1 =consolidates=> M3"
OBTAINED = "M1 =statements_obtainable=> M1"
BORROWS = "M1 =unified_borrow_repay=> M2; M1 =unified_borrow_repay=> M3"
PERSON = "h -90-> M1; h -90-> M2; h -90-> M3"
TRADES = "M1 trades M2 sale 900 unfair; M2 trades M1 sale 900 unfair"

TABLE = [
    ("a", f"{HELD}; {OBTAINED}", "I", "分配额度"),
    ("b", f"{HELD}; {OBTAINED}; {BORROWS}", "II", "统一使用"),
    ("c", PERSON, "III", "批量审批"),
    ("d", HELD, "III", "批量审批"),
    ("e", f"{TRADES}; decided M1,M2 under abc-2009 2(4)", "IV", "集中管控"),
]


@pytest.mark.parametrize(("case", "facts", "code", "mode"), TABLE, ids=[row[0] for row in TABLE])
def test_type_and_mode(case, facts, code, mode, administered):
    """Type by Art 16, tried in the order II, I, III, IV; mode by Art 26."""
    (group,) = administered(facts, "abc-2009")

    assert code == group["type"]["code"]
    assert group["type"]["mode"]["zh"].endswith(mode)
    assert group["type"]["presumed"]


def test_f_without_a_decision_there_is_no_type(administered, answer):
    """(f) The bank has not decided: a question, no group, hence no type."""
    assert [] == administered(TRADES, "abc-2009")
    assert "shifting" in {one["reason"] for one in answer(TRADES, "abc-2009")["review"]}


def test_g_branches_alone(administered):
    """(g) One legal person and its branches: a group of type II only where branches count, and flagged."""
    facts = "M1 -100-> Z1; Z1 is unincorporated; M1 =unified_accounting=> Z1"
    counted = {"members.kinds": ["enterprise_legal_person", "unincorporated"]}

    assert [] == administered(facts, "abc-2009")
    (group,) = administered(facts, "abc-2009", overrides=counted)
    assert ("II", ["branches_only"]) == (group["type"]["code"], group["type"]["flags"])


def test_a_member_that_borrows_alone_is_not_unified(administered):
    """Unified borrowing with a subsidiary that may finance itself is type I."""
    facts = f"{HELD}; {OBTAINED}; {BORROWS}; M3 marked own_financing"
    (group,) = administered(facts, "abc-2009")

    assert "I" == group["type"]["code"]
    assert "1" == group["type"]["measured"]["members_financing_alone"]


def test_statements_of_a_part_are_not_the_groups(administered):
    """Type I asks for statements that cover every member below the head."""
    facts = f"M1 -80-> M2; M1 -70-> M3; M1 =consolidates=> M2; {OBTAINED}"
    (group,) = administered(facts, "abc-2009")

    assert "III" == group["type"]["code"]
    assert ("50", "50") == tuple(
        group["type"]["measured"][name] for name in ("consolidated_share", "statements_share")
    )


def test_control_by_contract_alone_has_no_type(administered):
    """Neither shares nor persons tie the members, and nobody decided: the type stays open."""
    (group,) = administered("M1 =contract=> M2", "abc-2009")

    assert group["type"]["code"] is None


def test_other_measures_type_no_groups(administered):
    """Only ABC's measures know types."""
    (group,) = administered(HELD, "cbrc-2010")

    assert group["type"] is None
