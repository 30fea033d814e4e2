"""Edges of the compiled fixpoint and of the registers it adds up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.plain import MILLION
from oracles.worlds import DAY, Row

from discovery.control.kernel import ADD, Controlled, Entries, control, top_first
from discovery.control.kernel import Tests as KernelTests
from discovery.control.pairs import control_pairs, holdings_slot
from discovery.control.registers import Slot
from discovery.errors import UsageError
from discovery.facts.graph import fact_graph
from discovery.facts.package import facts_from_rows

BOARD = Slot("B4", "seats", 50 * MILLION, strict=True)
POSTS = Slot("B11", "posts", 2)
VOTES = Slot("B1", "voting", 50 * MILLION, strict=True)


def pairs(slots: list[Slot], limit: int = 1000, **rows: list[Row]) -> set[tuple[str, str]]:
    """Who controls what in these facts."""
    graph = fact_graph(facts_from_rows(rows), DAY)
    ids = graph.parties.ids
    return {(ids[one], ids[other]) for one, other in control_pairs(graph, slots, limit=limit).rows()}


def seats(holder: str, amount: str, of: str = "9", company: str = "X") -> Row:
    return {"holder": holder, "company": company, "kind": "appoints_seats", "amount": amount, "of": of}


def posts(holder: str, kind: str, named: str) -> Row:
    return {"holder": holder, "company": "X", "kind": kind, "posts": named}


def holding(holder: str, company: str, percent: str) -> Row:
    return {"holder": holder, "company": company, "equity_percent": percent}


@pytest.mark.parametrize(("amount", "of", "found"), [("5", "9", True), ("4", "8", False), ("4", "9", False)])
def test_more_than_half_of_the_seats(amount: str, of: str, *, found: bool) -> None:
    """Five of nine control; exactly half does not."""
    assert bool(pairs([BOARD], powers=[seats("A", amount, of)])) == found


def test_half_of_the_seats_where_half_suffices() -> None:
    """With >= exactly half is enough."""
    slot = Slot("B4", "seats", 50 * MILLION)

    assert pairs([slot], powers=[seats("A", "4", "8")]) == {("A", "X")}


def test_seats_of_a_unit_add_up() -> None:
    """A has three seats of nine in X, its subsidiary B two more."""
    powers = [seats("A", "3"), seats("B", "2")]

    found = pairs([VOTES, BOARD], holdings=[holding("A", "B", "51")], powers=powers)

    assert found == {("A", "B"), ("A", "X")}


def test_seats_are_of_the_largest_board_stated() -> None:
    """Two facts name boards of different size: the larger one counts."""
    assert pairs([BOARD], powers=[seats("A", "5", "9"), seats("B", "1", "11")]) == set()


def test_many_seats_do_not_overflow() -> None:
    """The largest totals that a register can hold stay exact."""
    assert pairs([BOARD], powers=[seats("A", "5000", "10000")]) == set()
    assert pairs([BOARD], powers=[seats("A", "5001", "10000")]) == {("A", "X")}


@pytest.mark.parametrize(
    ("rights", "found"),
    [
        ([("appoints_posts", "chairman"), ("sets_pay", "chairman")], False),
        ([("appoints_posts", "chairman"), ("sets_pay", "cfo")], True),
        ([("sole_nominates_posts", "general_manager;cfo")], True),
        ([("appoints_posts", "other;cfo")], False),
        ([("appoints_posts", "other")], False),
    ],
)
def test_posts_are_united(rights: list[tuple[str, str]], *, found: bool) -> None:
    """Two different posts are needed; the same one twice is one, and other posts do not count."""
    powers = [posts("A", kind, named) for kind, named in rights]

    assert bool(pairs([POSTS], powers=powers)) == found


def test_posts_of_parent_and_subsidiary_unite() -> None:
    """A appoints the chairman of X, its subsidiary B the chairman and the CFO: only B's second post adds."""
    powers = [posts("A", "appoints_posts", "chairman"), posts("B", "appoints_posts", "cfo")]

    assert ("A", "X") in pairs([VOTES, POSTS], holdings=[holding("A", "B", "51")], powers=powers)
    assert pairs([VOTES, POSTS], powers=powers) == set()


@pytest.mark.parametrize(
    ("percent", "strict", "found"),
    [("50", True, False), ("50", False, True), ("50.000001", True, True), ("49.999999", False, False)],
)
def test_a_threshold_is_exact(percent: str, *, strict: bool, found: bool) -> None:
    """Over fifty excludes fifty, from fifty on includes it; a millionth of a percent decides."""
    slot = holdings_slot(50 * MILLION, strict=strict, measure="voting")

    assert bool(pairs([slot], holdings=[holding("A", "X", percent)])) == found


def test_bound_votes_need_holder_and_commander() -> None:
    """B's votes are cast by A: `voting` counts them for neither alone, but for P, who controls both."""
    holdings = [holding("B", "X", "60"), holding("P", "A", "60"), holding("P", "B", "60")]
    bound = [{"party": "B", "with": "A", "company": "X", "kind": "entrustment"}]

    assert pairs([VOTES], holdings=holdings, agreements=bound) == {("P", "A"), ("P", "B"), ("P", "X")}


def test_nothing_gives_nothing() -> None:
    """No facts, no pairs; facts without holdings, no pairs."""
    assert pairs([VOTES]) == set()
    assert pairs([VOTES, BOARD, POSTS], parties=[{"id": "A", "kind": "government"}]) == set()


def test_own_shares_control_nobody() -> None:
    """A company that holds all of itself does not control itself, nor does a circle say (u, u)."""
    circle = [holding("A", "B", "60"), holding("B", "A", "60"), holding("C", "C", "100")]

    assert pairs([VOTES], holdings=circle) == {("A", "B"), ("B", "A")}


def test_the_limit_stops_with_advice() -> None:
    """A chain of four has six pairs: six may be listed, five not."""
    chain = [holding(one, other, "60") for one, other in ("AB", "BC", "CD")]

    assert len(pairs([VOTES], limit=6, holdings=chain)) == 6
    with pytest.raises(UsageError, match="more than 5 pairs") as error:
        pairs([VOTES], limit=5, holdings=chain)
    assert "--limit" in str(error.value.remedy)


def run(entries: list[tuple[int, int, int]], units: list[list[int]], need: int, **more: Any) -> Controlled:
    """The kernel on (who brings, company, amount) of one adding register."""
    entries = sorted(entries)
    parties = 1 + max(max(party, company) for party, company, _ in entries)
    bringing = np.array([party for party, _, _ in entries])
    table = Entries(
        start=np.searchsorted(bringing, np.arange(parties + 1)).astype(np.int64),
        company=np.array([company for _, company, _ in entries], np.int32),
        slot=np.zeros(len(entries), np.int8),
        amount=np.array([amount for _, _, amount in entries], np.int64),
        pair=np.full(len(entries), -1, np.int32),
        pairs=0,
    )
    tests = KernelTests(
        threshold=np.array([need], np.int64),
        strict=np.zeros(1, np.int64),
        mode=np.array([ADD], np.int8),
        scaled=np.zeros(1, np.bool_),
        watch=np.array([more.pop("watch", -1)], np.int64),
        deemed=1,
    )
    offsets = np.cumsum([0, *(len(unit) for unit in units)]).astype(np.int64)
    members = np.array([party for unit in units for party in unit], np.int32)
    return control(table, tests, np.ones(parties, np.int64), (offsets, members), **more)


def rounds(found: Controlled) -> set[tuple[int, int, int]]:
    return set(zip(found.unit.tolist(), found.company.tolist(), found.round.tolist(), strict=True))


def test_huge_totals_stay_exact() -> None:
    """Totals up to the largest 64-bit integer are compared exactly."""
    half = 2**62

    assert rounds(run([(0, 2, half - 1), (1, 2, half)], [[0, 1]], need=2**63 - 1)) == {(0, 2, 1)}
    assert rounds(run([(0, 2, half - 2), (1, 2, half)], [[0, 1]], need=2**63 - 1)) == set()


def test_rounds_are_synchronous() -> None:
    """0 wins 1 and 2 in round 1; 3 needs both and falls in round 2, 4 by 3 in round 3."""
    entries = [(0, 1, 60), (0, 2, 60), (1, 3, 30), (2, 3, 30), (3, 4, 60)]

    assert rounds(run(entries, [[0]], need=50)) == {(0, 1, 1), (0, 2, 1), (0, 3, 2), (0, 4, 3)}


def test_totals_do_not_leak_between_units() -> None:
    """What one unit added up is nothing to the next."""
    entries = [(0, 2, 30), (1, 2, 30)]

    assert rounds(run(entries, [[0], [1], [0, 1]], need=50)) == {(2, 2, 1)}


PARTIES = st.integers(0, 6)
AMOUNTS = st.sampled_from([0, 1, 16, 17, 20, 30, 33, 49, 50, 51, 60, 100])


ENTRIES = st.lists(st.tuples(PARTIES, PARTIES, AMOUNTS), min_size=1, max_size=16)


@given(ENTRIES, st.sampled_from([34, 50, 51]))
def test_units_of_one_party_win_round_by_round(entries: list[tuple[int, int, int]], need: int) -> None:
    """Rings, own shares, repeated holdings, registers above the whole: the same as adding all entries up."""
    heads = sorted({party for party, _, _ in entries})
    expected = set()
    for unit, head in enumerate(heads):
        inside = {head: 0}
        for round_ in range(1, 8):
            total: dict[int, int] = {}
            for party, company, amount in entries:
                if party in inside and company not in inside:
                    total[company] = total.get(company, 0) + amount
            inside |= {company: round_ for company, held in total.items() if held >= need}
        expected |= {(unit, company, round_) for company, round_ in inside.items() if company != head}

    assert rounds(run(entries, [[head] for head in heads], need=need)) == expected


def test_a_watched_total_is_what_stays_outside() -> None:
    """Totals from the level on are reported for companies not controlled, with all that the unit controls."""
    found = run([(0, 1, 60), (0, 2, 25), (1, 2, 20), (1, 3, 39)], [[0]], need=50, watch=40)

    assert list(zip(found.watch_company.tolist(), found.watch_total.tolist(), strict=True)) == [(2, 45)]


def test_marked_units_are_passed_over() -> None:
    """With marks, what a unit controls need not run as a unit of its own."""
    marked = np.zeros(3, np.bool_)
    found = run([(0, 1, 60), (1, 2, 60)], [[0], [1]], need=50, marked=marked)

    assert rounds(found) == {(0, 1, 1), (0, 2, 2)}
    assert marked.tolist() == [False, True, True]


def test_possible_tops_come_first() -> None:
    """Whoever reaches another stands before it; a ring has one number."""
    entries = [(0, 1, 1), (2, 0, 1), (1, 3, 1), (3, 1, 1)]
    start = np.array([0, 1, 2, 3, 4], np.int64)
    company = np.array([company for _, company, _ in sorted(entries)], np.int32)
    nothing = np.zeros(4, np.int64)
    order, part = top_first(
        Entries(start, company, nothing.astype(np.int8), nothing, nothing.astype(np.int32), 0)
    )

    place = order.tolist().index
    assert place(2) < place(0) < min(place(1), place(3))
    assert part[1] == part[3]
    assert len({part[0], part[1], part[2]}) == 3
