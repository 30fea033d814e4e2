"""Signs of a hidden association: each rule met and just missed, and all of them against a second reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.worlds import World, facts_of

from discovery.connections.sign_rules import RULES, hidden_signs, not_assessed
from discovery.connections.signs import months_before
from discovery.evidence.checker import check
from discovery.evidence.checking.book import Book
from discovery.evidence.checking.day import Day
from discovery.evidence.checking.signs import Signs, unheard_of
from discovery.facts.codes import INDICATORS, NOT_EXPRESSED
from discovery.facts.graph import fact_graph
from discovery.groups import discover
from discovery.groups.eligible import eligible
from discovery.policies import load_policy

DAY = date(2026, 6, 30)
ON = {"review.switch_on": ["hidden_association"]}
POLICY = load_policy("cbrc-2010", ON)
PARTIES = "ABC"
Row = dict[str, Any]


def world(**stems: list[Row]) -> World:
    """Three companies, a partnership and two people, with the rows given."""
    contacts = {row["id"]: row for row in stems.pop("parties", [])}
    companies = [
        {"id": name, "kind": "enterprise_legal_person", "client_no": name, **contacts.get(name, {})}
        for name in PARTIES
    ]
    fund = {"id": "F", "kind": "partnership"}
    people = [{"id": name, "kind": "natural_person", **contacts.get(name, {})} for name in "pq"]
    return {"parties": [*companies, fund, {**fund, "id": "G"}, *people], **stems}


def found(rows: World) -> set[tuple[str, str, str, str]]:
    """The signs between clients: indicator, the two, whoever stands between them, all by id."""
    graph = fact_graph(facts_of(rows), DAY)
    ids = graph.parties.ids
    signs = hidden_signs(graph, POLICY.hidden_association, eligible(graph, POLICY).clients)
    return {
        (name, ids[left], ids[right], "" if third < 0 else ids[third])
        for name, left, right, third in signs.select("indicator", "left", "right", "third").rows()
    }


def paid(kind: str, amount: int = 100, day: str = "2026-03-01", **more: Any) -> Row:
    return {"from": "A", "to": "B", "kind": kind, "amount": amount, "date": day, "currency": "CNY", **more}


def held(holder: str, company: str, percent: int, **more: Any) -> Row:
    return {"holder": holder, "company": company, "equity_percent": percent, **more}


def office(company: str, role: str, person: str = "p", **more: Any) -> Row:
    return {"person": person, "company": company, "role": role, **more}


BACK = {"from": "B", "to": "A"}
RING = [{**paid("guarantee"), "from": one, "to": other} for one, other in ("AB", "BC", "CA")]
PASSED = paid("asset_transfer", 1, to="p", at_fair_price=False)
STAKES = [held("A", "B", 30, valid_to="2026-01-01"), held("p", "B", 30, valid_from="2026-01-01")]
CREDIT = {"client": "A", "limit": 100, "opened_on": "2026-02-20", "currency": "CNY"}
LEFT = office("A", "cfo", valid_to="2025-12-01")
CAME = office("B", "cfo", valid_from="2026-01-01")

# rule: what meets it, what just misses it, the one between the two
CASES: list[tuple[str, World, World, str]] = [
    ("nominee_holding", world(holdings=[held("A", "C", 20, nominee_for="B")]),
     world(holdings=[held("A", "C", 20)]), ""),
    ("capital_from_other", world(payments=[paid("capital_contribution")]),
     world(payments=[paid("capital_contribution")], holdings=[held("A", "B", 1)]), ""),
    ("nominal_share_transfer", world(trades=[PASSED], offices=[office("A", "other")], holdings=STAKES),
     world(trades=[PASSED], holdings=STAKES), "p"),
    ("held_through_partnership", world(holdings=[held("A", "F", 10), held("F", "B", 10)]),
     world(holdings=[held("A", "F", 10), held("F", "B", 9)]), "F"),
    ("same_investor_behind_funds",
     world(holdings=[held("p", "F", 25), held("p", "G", 25), held("F", "A", 10), held("G", "B", 10)]),
     world(holdings=[held("p", "F", 25), held("p", "G", 24), held("F", "A", 10), held("G", "B", 10)]), "p"),
    ("same_legal_representative",
     world(offices=[office("A", "legal_representative"), office("B", "legal_representative")]),
     world(offices=[office("A", "legal_representative"), office("B", "legal_representative", "q")]), "p"),
    ("same_executive", world(offices=[office("A", "director"), office("B", "general_manager")]),
     world(offices=[office("A", "director"), office("B", "director", executive=False)]), "p"),
    ("same_finance_head", world(offices=[office("A", "cfo"), office("B", "chief_accountant")]),
     world(offices=[office("A", "cfo"), office("B", "director")]), "p"),
    *((f"same_{name}", world(parties=[{"id": one, name: "1"} for one in "AB"]),
       world(parties=[{"id": "A", name: "1"}, {"id": "B", name: "2"}]), "")
      for name in ("phone", "email", "address")),
    ("manager_moved", world(offices=[LEFT, CAME]),
     world(offices=[{**LEFT, "valid_to": "2025-06-30"}, CAME]), "p"),
    ("manager_is_nominee",
     world(offices=[office("A", "director")], holdings=[held("p", "B", 5, nominee_for="q")]),
     world(offices=[office("A", "director")], holdings=[held("p", "B", 5)]), "p"),
    ("mutual_guarantee", world(guarantees=[paid("guarantee"), paid("guarantee") | BACK]),
     world(guarantees=[paid("guarantee"), paid("pledge") | BACK]), ""),
    ("guarantee_ring", world(guarantees=RING), world(guarantees=RING[:2]), ""),
    ("collateral_of_other", world(guarantees=[paid("mortgage")]), world(guarantees=[paid("guarantee")]), ""),
    ("entrusted_loan", world(payments=[paid("entrusted_loan")]),
     world(payments=[paid("entrusted_loan", day="2025-06-30")]), ""),
    ("loan_proceeds", world(payments=[paid("other", 50)], credits=[CREDIT]),
     world(payments=[paid("other", 49)], credits=[CREDIT]), ""),
    ("concentrated_trades", world(trades=[paid("sale"), paid("service")]),
     world(trades=[paid("sale"), paid("service"), paid("sale", 201, to="C")]), ""),
    ("off_market", world(trades=[paid("sale", at_fair_price=False)]), world(trades=[paid("sale")]), ""),
    ("offsetting_trades", world(trades=[paid("sale", 100), paid("sale", 90) | BACK]),
     world(trades=[paid("sale", 100), paid("sale", 89) | BACK]), ""),
    ("same_day_round_trip", world(payments=[paid("other", 100), paid("other", 95) | BACK]),
     world(payments=[paid("other", 100), paid("other", 95, "2026-03-02") | BACK]), ""),
]  # fmt: skip


def test_every_rule_has_a_case() -> None:
    """The closed list, the rules and this table name the same signs."""
    assert [*INDICATORS] == [name for name in INDICATORS if name in RULES]
    assert {*INDICATORS} == {*RULES} == {case[0] for case in CASES}


@pytest.mark.parametrize(("name", "met", "missed", "between"), CASES, ids=[case[0] for case in CASES])
def test_a_sign_is_seen_where_it_is_and_nowhere_else(
    name: str, met: World, missed: World, between: str
) -> None:
    """The facts that make it, and the nearest ones that do not."""
    assert (name, "A", "B", between) in found(met)
    assert (name, "A", "B", between) not in found(missed)


@pytest.mark.parametrize("many", [20, 21])
def test_a_hub_says_nothing(many: int) -> None:
    """Twenty companies with one telephone are a lead, twenty-one have the same agent."""
    names = [f"H{number:02}" for number in range(many)]
    rows: World = {"parties": [{"id": one, "client_no": one, "phone": "1"} for one in names]}

    assert (many == 20) == bool(found(rows))


def test_parties_of_one_group_are_not_asked_about() -> None:
    """A holds B: nothing is hidden about a telephone in common."""
    rows = world(parties=[{"id": one, "phone": "1"} for one in "ABC"], holdings=[held("A", "B", 60)])
    asked = discover(facts_of(rows), POLICY, as_of=DAY).document()["review"]

    told = {tuple(one["parties"]) for one in asked if one["reason"] == "hidden_association"}
    assert {("A", "C"), ("B", "C")} == told


def test_it_is_off_unless_switched_on() -> None:
    """No policy asks these questions by default, but for the one whose measures name hidden association."""
    rows = world(parties=[{"id": one, "phone": "1"} for one in "AB"])
    document = discover(facts_of(rows), load_policy("cbrc-2010"), as_of=DAY).document()

    assert [] == document["review"]
    assert not any("hidden_association" in one["detail"] for one in document["findings"])


def test_an_accepted_sign_makes_a_group_with_nobody_on_top() -> None:
    """A person says that X and Y belong together: each with a step that names who, why and until when."""
    rows = world(parties=[{"id": one, "phone": "1"} for one in "AB"], holdings=[held("B", "C", 60)])
    facts = facts_of(rows)
    (question,) = (
        one for one in discover(facts, POLICY, as_of=DAY).document()["review"] if one["parties"] == ["A", "B"]
    )
    word = {"outcome_key": question["key"], "decision": "accept", "article": "2(4)", "until": "2027-06-30"}
    decided = facts_of({**rows, "decisions": [{**word, "by": "wang", "reason": "one family behind"}]})
    document = discover(decided, POLICY, as_of=DAY).document()
    (group,) = document["groups"]

    assert [] == [str(fault) for fault in check(document, decided, POLICY, as_of=DAY)]
    assert ("none", ["A", "B", "C"]) == (group["controller"]["kind"], group["members"])
    assert {"A": ["DECISION"], "B": ["DECISION"], "C": ["B1", "B2"]} == group["basis"]
    (said,) = group["evidence"]["A"]["decided"]
    assert ("wang", "one family behind", "2027-06-30") == (said["by"], said["why"], said["until"])
    assert ("2(4)", False) == (group["evidence"]["A"]["article"], group["evidence"]["A"]["presumed"])
    assert question["key"] not in {one["key"] for one in document["review"]}


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [(date(2026, 6, 30), 12, date(2025, 6, 30)), (date(2024, 2, 29), 12, date(2023, 2, 28)),
     (date(2026, 1, 31), 2, date(2025, 11, 30))],
)  # fmt: skip
def test_months_are_counted_by_the_calendar(day: date, months: int, then: date) -> None:
    """The same day of the month, or its last."""
    assert then == months_before(day, months)


# --- against a second reading of the same facts -------------------------------------------------

EVERYONE = [*PARTIES, "F", "p", "q"]
DAYS = ("", "2024-05-01", "2025-06-30", "2025-12-01", "2026-03-01")


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Small worlds in which all signs may occur."""
    pick = st.sampled_from
    flow = st.fixed_dictionaries(
        {"from": pick(EVERYONE), "to": pick(PARTIES + "p"), "date": pick(DAYS),
         "amount": pick(("", "50", "90", "100", "300")), "currency": pick(("CNY", "CNY", "USD", "")),
         "at_fair_price": pick(("true", "false", ""))}
    )  # fmt: skip

    def flows(kinds: tuple[str, ...], most: int) -> list[Row]:
        rows = draw(st.lists(flow, max_size=most))
        return [{**row, "kind": draw(pick(kinds))} for row in rows]

    offices = st.fixed_dictionaries(
        {"person": pick("pq"), "company": pick(PARTIES), "executive": pick(("", "true", "false")),
         "role": pick(("legal_representative", "cfo", "director", "general_manager", "supervisor")),
         "valid_from": pick(DAYS), "valid_to": pick(("", "", "2025-12-31", "2026-05-01"))}
    )  # fmt: skip
    shares = st.fixed_dictionaries(
        {"holder": pick(EVERYONE), "company": pick((*PARTIES, "F")),
         "equity_percent": pick(("5", "10", "25", "30")), "valid_to": pick(("", "", "2026-01-01")),
         "nominee_for": pick(("", "", "A", "B", "q"))}
    )  # fmt: skip
    lent = st.fixed_dictionaries(
        {"client": pick(PARTIES), "limit": pick(("", "100")), "balance": pick(("", "0", "80")),
         "opened_on": pick(DAYS), "currency": pick(("CNY", ""))}
    )  # fmt: skip
    contacts = [
        {"id": name, "phone": draw(pick(("", "1", "2"))), "address": draw(pick(("", "x")))}
        for name in "ABCpq"
    ]
    return world(
        parties=contacts,
        holdings=draw(st.lists(shares, max_size=6)),
        offices=draw(st.lists(offices, max_size=6)),
        guarantees=flows(("guarantee", "mortgage", ""), 5),
        payments=flows(("loan", "entrusted_loan", "capital_contribution", "other"), 6),
        trades=flows(("sale", "asset_transfer"), 5),
        credits=draw(st.lists(lent, max_size=2)),
    )


def second_reading(facts: Any) -> Iterator[tuple[str, str, str, str, str, frozenset[str]]]:
    """What the checker's own code sees, pair by pair and third by third."""
    book = Book(Day(facts, DAY, None), POLICY)
    signs = Signs(book)
    for one, other in combinations(book.by_key([party for party in PARTIES if book.member(party)]), 2):
        for third in (None, *(party for party in book.parties if party not in {one, other})):
            for sign in signs.of(one, other, third):
                yield sign.indicator, one, other, third or "", sign.value, sign.facts


@given(rows=worlds())
@settings(max_examples=8)
def test_engine_and_second_reading_see_the_same(rows: World) -> None:
    """Every sign, value and fact, and no other; and the whole answer is accepted by the checker."""
    _compare(rows)


@pytest.mark.slow
@given(rows=worlds())
@settings(max_examples=300)
def test_engine_and_second_reading_see_the_same_in_many_worlds(rows: World) -> None:
    """The same on three hundred worlds."""
    _compare(rows)


def _compare(rows: World) -> None:
    facts = facts_of(rows)
    graph = fact_graph(facts, DAY)
    ids = graph.parties.ids
    signs = hidden_signs(graph, POLICY.hidden_association, eligible(graph, POLICY).clients)
    seen = {
        (name, ids[left], ids[right], "" if third < 0 else ids[third], value, frozenset(named))
        for name, left, right, third, value, named in signs.rows()
    }

    assert set(second_reading(facts)) == seen
    assert unheard_of(Book(Day(facts, DAY, None), POLICY)) == [
        *not_assessed(graph, POLICY.hidden_association)
    ]
    document = discover(facts, POLICY, as_of=DAY).document()
    assert [] == [str(fault) for fault in check(document, facts, POLICY, as_of=DAY)]


def test_what_no_package_can_express_is_said() -> None:
    """Filing agents and the like: named in a finding, never passed over in silence."""
    document = discover(facts_of(world()), POLICY, as_of=DAY).document()
    (detail,) = (one["detail"] for one in document["findings"] if "hidden_association" in one["detail"])

    assert all(name in detail for name in NOT_EXPRESSED)
