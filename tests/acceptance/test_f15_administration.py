"""F15, rows 5-12. Leading units, limits, guarantees. Amounts in millions where the table says so."""

from __future__ import annotations

from datetime import date

import pytest

from discovery.policies import policy_slugs

TREE = """branch H head_office; branch T1 tier1 under H; branch T2 tier1 under H;
branch S1 tier2 under T1; branch S2 tier2 under T1; branch S3 tier2 under T2"""
PAIR = "A -60-> B"
M = 1_000_000
unified = pytest.mark.skipif("unified-credit-hq" not in policy_slugs(), reason="the measures are not there")
county = pytest.mark.skipif("fi-county" not in policy_slugs(), reason="the measures are not there")


def lead(groups: list[dict]) -> dict:
    (group,) = groups
    return group["lead"]


@pytest.mark.parametrize(
    ("facts", "rule", "unit", "named_by"),
    [
        (f"A owes {400 * M} at S1; B owes {600 * M} at S3", "across_tier1", "T2", "head_office"),
        (f"A owes {400 * M} at S1; B owes {600 * M}.01 at S3", "head_office", "H", None),
        (f"A owes {100 * M} at S1; B owes {150 * M} at S2", "tier1", "T1", None),
        (f"A owes {100 * M} at S1; B owes {100 * M} at S2; A sits at S2", "across_tier2", "S2", "tier1"),
        (f"A owes {90 * M} at S1; B owes {110 * M} at S2", "across_tier2", "S2", "tier1"),
        (f"A owes {90 * M} at S1; B owes {9000 * M} at S1", "tier2", "S1", None),
        (f"A owes {100 * M} at S1; B owes {100 * M} at S2", "across_tier2", None, "tier1"),
    ],
)
def test_rows_5_and_6_the_ladder(facts, rule, unit, named_by, administered):
    """Art 6, 9, 10: by amount and by where the members sit; among peers the head's seat, then credit."""
    found = lead(administered(f"{TREE}; {PAIR}; {facts}", "abc-2009"))

    assert (rule, unit, named_by) == (found["rule"], found["unit"], found["named_by"])


def test_what_was_granted_counts(administered):
    """An undrawn limit is credit: 1,000 m and a little in all goes to head office."""
    facts = f"A owes {400 * M} limit {500 * M} at S1; B owes {500 * M} limit {501 * M} at S3"

    assert "H" == lead(administered(f"{TREE}; {PAIR}; {facts}", "abc-2009"))["unit"]


def test_an_unknown_branch_is_not_guessed(administered):
    """Where the branch of some credit is not on file the ladder is not assessed."""
    found = lead(administered(f"{TREE}; {PAIR}; A owes 1 at S1; B owes 1 at NOWHERE", "abc-2009"))

    assert (None, False) == (found["unit"], found["assessed"])


def test_two_currencies_stop_the_ladder(administered):
    """1,000 m in two currencies is no sum: not assessed, and a finding says so."""
    (group,) = administered(f"{TREE}; {PAIR}; A owes 1 at S1; B owes 1 USD at S3", "abc-2009")

    assert not group["lead"]["assessed"]
    assert ["not_assessed"] == [one["code"] for one in group["findings"]]
    assert group["totals"]["gross"] is None
    assert "several_currencies" == group["limits"][0]["why"] or "no_base" == group["limits"][0]["why"]


QUARTER = f"A owes {40 * M} at P [..2026-06-10]; B owes {35 * M} at Q"


@unified
@pytest.mark.parametrize(
    ("now", "unit"), [(f"A owes {10 * M} at P [2026-06-10..]", "P"), ("A owes 0 at P [2026-06-10..]", "Q")]
)
def test_row_7_the_last_quarter(now, unit, administered):
    """Art 2: most credit at the end of the last quarter leads, even if it fell; a nil balance does not."""
    facts = f"{PAIR}; branch P tier1; branch Q tier1; {QUARTER}; {now}"

    assert unit == lead(administered(facts, "unified-credit-hq"))["unit"]


@unified
@pytest.mark.parametrize(("amount", "needed"), [("36000000", False), ("36010000", True)])
def test_row_8_the_presidents_meeting(amount, needed, administered):
    """66 m need not, 66.01 m goes first to the president's meeting."""
    (group,) = administered(f"{PAIR}; A owes 30000000 at P; B owes {amount} at Q", "unified-credit-hq")

    (approval,) = group["approvals"]
    assert needed is approval["needed"]


@county
@pytest.mark.parametrize(
    ("facts", "unit", "by"),
    [
        (
            "A owes 5 at Q since 2020-01-01; B owes 5 at R since 2015-01-01; A sits at P",
            "P",
            "head_registered",
        ),
        (
            "credit A none; C owes 5 at Q since 2020-01-01; B owes 5 at R since 2015-01-01",
            "R",
            "earliest_credit",
        ),
        (
            "credit A none; C owes 5 at Q since 2020-01-01; B owes 0 limit 9 at R since 2015-01-01",
            "Q",
            "earliest_credit",
        ),
    ],
)
def test_county_institutions(facts, unit, by, administered):
    """`fi-county` Art 7: where the head is registered, else the earliest credit with a balance still open."""
    tree = "branch P county; branch Q county; branch R county"
    found = lead(administered(f"{tree}; A -60-> B; A -60-> C; {facts}", "fi-county"))

    assert (unit, by) == (found["unit"], found["by"])


def guarantees(groups: list[dict]) -> dict:
    (group,) = groups
    return group["guarantees"]


GIVEN = "limit A proposed 1000; A guarantees B 260 under D1; A guarantees B 60 under D2"


@pytest.mark.parametrize(
    ("facts", "counted", "share", "within"),
    [
        (f"{GIVEN}; B mortgages B 60 under D2", "260", "26", True),
        (GIVEN, "320", "32", False),
        (f"{GIVEN}; A marked platform", "320", "32", True),
        (f"{GIVEN}; A graded AAA", "0", "0", True),
        ("limit A proposed 1000; A guarantees B 300", "300", "30", True),
        ("limit A proposed 1000; A guarantees B 300.01", "300.01", "30.001", False),
        ("limit A proposed 1000; A guarantees STRANGER 900", "0", "0", True),
        ("A guarantees B 300", "300", None, None),
    ],
)
def test_rows_9_and_10_guarantees(facts, counted, share, within, administered):
    """Art 35-39: 30 % of the proposed limit, 50 % for a platform; what is mortgaged too is taken out."""
    found = guarantees(administered(f"{PAIR}; {facts}", "abc-2009"))

    assert (counted, share, within) == (found["counted"], found["share"], found["within"])


CAPITAL = "capital capital_balance 4000 on 2025-12-31; capital capital_balance 9999 on 2024-12-31"


@pytest.mark.parametrize(
    ("owed", "group", "member"),
    [
        ("A owes 300; B owes 300", "within", "within"),
        ("A owes 300; B owes 300.01", "breach", "within"),
        ("A owes 401; B owes 100", "within", "breach"),
    ],
)
def test_row_11_the_capital_balance(owed, group, member, administered):
    """Art 50: the group at most 15 %, a member at most 10 % of the capital balance last stated."""
    (found,) = administered(f"{PAIR}; {CAPITAL}; {owed}", "abc-2009")

    verdicts = {scope: {one["verdict"] for one in found["limits"] if one["scope"] == scope} for scope in
                ("group", "member")}  # fmt: skip
    assert {group} == verdicts["group"]
    assert ("breach" in verdicts["member"]) == (member == "breach")


MIXED = """A owes 300; A owes 200 acceptance open 100; B owes 100 guarantee open 0 low_risk;
B owes 120 bond; B owes 30 derivative; capital net_capital 4000 on 2025-12-31"""


def test_row_12_both_ways_of_counting(administered):
    """`cbrc-2010` leaves the counting open: 18.75 gross, 13.75 net of cover, and neither is judged."""
    (group,) = administered(f"{PAIR}; {MIXED}", "cbrc-2010")

    (limit,) = group["limits"]
    assert [("gross", "750", "18.75", "750/4000"), ("net_of_cover", "550", "13.75", "550/4000")] == [
        (way["count"], way["amount"], way["share"], way["ratio"]) for way in limit["used"]
    ]
    assert "not_judged" == limit["verdict"]


@unified
def test_row_12_the_uncovered_part(administered):
    """`unified-credit-hq`: acceptances and guarantees by what is not covered, no bonds: 400."""
    (group,) = administered(f"{PAIR}; {MIXED}", "unified-credit-hq")

    (limit,) = group["limits"]
    (way,) = limit["used"]
    assert ("400", "10", "within") == (way["amount"], way["share"], limit["verdict"])


def test_row_12_depends_on_the_count(administered):
    """The same under a limit that is judged: over by one way of counting, within by the other."""
    facts = f"{PAIR}; {MIXED}; capital capital_balance 4000"
    (group,) = administered(facts, "abc-2009")

    assert "depends_on_count" == group["limits"][0]["verdict"]
    for count, verdict in (("gross", "breach"), ("net_of_cover", "within")):
        (one,) = administered(facts, "abc-2009", overrides={"limits.counting.count": count})
        assert verdict == one["limits"][0]["verdict"]


@pytest.mark.parametrize(("approved", "within"), [("600", True), ("599.99", False)])
def test_members_limits_stay_within_the_groups(approved, within, administered):
    """Art 4(2): the members' limits together at most the group's."""
    facts = f"{PAIR}; A owes 1 limit 200; B owes 1 limit 400; limit A approved {approved}"
    (group,) = administered(facts, "abc-2009")

    assert (within, "600") == (group["members_sum"]["within"], group["members_sum"]["total"])


def test_what_would_end_an_exemption(administered):
    """Rows 1-3 re-tested: a single member's exemption turns with the second member's first credit."""
    (group,) = administered(f"{PAIR}; credit B none", "abc-2009", as_of=date(2026, 6, 30))

    assert "EXEMPT" == group["outcome"]
    single = next(one for one in group["exemptions"] if one["id"] == "single_member")
    assert single["holds"]
    assert {"is": "1", "asked": "== 1", "turns_at": "!= 1"}.items() <= single["figures"][0].items()
