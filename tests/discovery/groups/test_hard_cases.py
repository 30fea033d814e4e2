"""Small graphs that once were answered wrongly by somebody: each is a trap for a careless reading."""

from __future__ import annotations

from datetime import date
from typing import Any

from discovery.control.pairs import control_pairs, holdings_slot
from discovery.evidence.checker import check
from discovery.facts.graph import fact_graph
from discovery.facts.package import facts_from_rows
from discovery.groups import discover
from discovery.kinship.relations import relations
from discovery.kinship.scopes import SCOPES
from discovery.policies import load_policy

DAY = date(2026, 6, 30)
Rows = dict[str, list[dict[str, Any]]]


def _parties(*names: str, **more: str) -> list[dict[str, str]]:
    """Capitals are clients, small letters persons."""
    return [
        {"id": name, "kind": "natural_person"}
        if name.islower()
        else {"id": name, "kind": "enterprise_legal_person", "name": name, "client_no": f"c{name}", **more}
        for name in names
    ]


def _holding(holder: str, company: str, percent: str) -> dict[str, str]:
    return {"holder": holder, "company": company, "equity_percent": percent, "voting_percent": percent}


def _kin(person: str, relation: str, relative: str, kind: str = "") -> dict[str, str]:
    return {"person": person, "relation": relation, "relative": relative, "kind": kind}


def _answer(rows: Rows, policy: str) -> dict[str, Any]:
    """The document, accepted by the checker."""
    facts, rules = facts_from_rows(rows), load_policy(policy)
    document = discover(facts, rules, as_of=DAY).document()
    assert [] == check(document, facts, rules)
    return document


def test_votes_entrusted_from_outside_count_for_the_one_who_casts_them():
    """E's votes in B are cast by p, who holds 60 of A: B is p's alone, though E stands outside."""
    rows = {
        "parties": _parties("A", "B", "E", "p"),
        "holdings": [_holding("p", "A", "60"), _holding("E", "B", "80")],
        "agreements": [{"party": "E", "with": "p", "company": "B", "kind": "entrustment", "leader": ""}],
    }

    (group,) = _answer(rows, "substance-eleven")["groups"]

    assert (["p"], ["A", "B"]) == (group["controller"]["parties"], group["members"])
    assert "E" == group["evidence"]["B"]["contributions"][0]["by"]


def test_a_ring_may_close_through_a_company_that_heads_nothing():
    """E over D, D over C, C over E: C is no admissible controller, so the ring is D and E."""
    rows = {
        "parties": [*_parties("A", "D", "E"), {"id": "C", "kind": "unincorporated", "name": "C"}],
        "holdings": [
            _holding("E", "D", "55"),
            _holding("D", "C", "60"),
            _holding("C", "E", "60"),
            _holding("D", "A", "100"),
        ],
    }

    (group,) = _answer(rows, "cbrc-2010")["groups"]

    assert ("ring", ["D", "E"]) == (group["controller"]["kind"], group["controller"]["parties"])
    assert {"A", "C", "D", "E"} == group["evidence"].keys()


def test_kin_who_only_cast_votes_belong_to_the_unit():
    """t holds nothing, but r's 51 of B are cast by t: without t the step could not be repeated."""
    rows = {
        "parties": _parties("B", "D", "q", "r", "t"),
        "holdings": [_holding("q", "D", "60"), _holding("r", "B", "51")],
        "agreements": [{"party": "t", "with": "r", "company": "B", "kind": "concert", "leader": "t"}],
        "kinship": [_kin("t", "parent_of", "q"), _kin("q", "parent_of", "r")],
    }

    (group,) = _answer(rows, "cbrc-2010")["groups"]

    assert ["q", "r", "t"] == group["controller"]["parties"]


def test_a_ring_has_no_owner_who_could_be_set_apart():
    """A and B hold each other; that A is a state operator splits nothing."""
    flow = {"from": "A", "to": "B", "amount": "5", "currency": "CNY", "at_fair_price": "true"}
    rows = {
        "parties": [*_parties("A", state_capital_operator="true"), *_parties("B")],
        "holdings": [_holding("B", "A", "75"), _holding("A", "B", "60")],
        "payments": [{**flow, "kind": "loan"}],
        "trades": [{**flow, "kind": "sale"}],
        "credits": [
            {"client": name, "balance": "5", "currency": "CNY", "quality": "normal"} for name in "AB"
        ],
    }

    document = _answer(rows, "abc-2009")

    assert ([["A", "B"]], []) == ([group["members"] for group in document["groups"]], document["exempt"])


def test_kin_whose_shares_count_in_an_end_node_are_named():
    """w's 3 of X stand beside the 20 of S: w is part of the unit that the step names."""
    rows = {
        "parties": _parties("S", "X", "h", "w"),
        "holdings": [_holding("h", "S", "60"), _holding("S", "X", "20"), _holding("w", "X", "3")],
        "kinship": [_kin("h", "spouse_of", "w")],
    }

    (group,) = _answer(rows, "xindu-guicheng")["groups"]

    assert (["h", "w"], "23") == (group["controller"]["parties"], group["evidence"]["X"]["total"])


def _pairs(rows: Rows, party: str | None = None) -> list[tuple[str, str]]:
    graph = fact_graph(facts_from_rows(rows), DAY)
    kin = relations(graph["kinship"], SCOPES["statutory"], graph.parties.person)
    slot = holdings_slot(50_000_000, strict=True, measure="voting")
    number = None if party is None else graph.parties.number[party]
    ids = graph.parties.ids
    return [(ids[one], ids[two]) for one, two in control_pairs(graph, [slot], kin=kin, party=number).rows()]


def test_a_relative_in_two_relations_counts_once():
    """g is c's grandparent and step-parent: 30 stay 30, and nobody controls X."""
    rows = {
        "parties": _parties("X", "c", "g", "m"),
        "holdings": [_holding("g", "X", "30"), _holding("c", "X", "0.1")],
        "kinship": [
            _kin("g", "parent_of", "m"),
            _kin("m", "parent_of", "c"),
            _kin("g", "parent_of", "c", "step_brought_up"),
        ],
    }

    assert [] == _pairs(rows)


def test_one_partys_pairs_are_those_of_the_whole_list():
    """w holds nothing, but her husband's 60 make X hers too: asked alone or among all."""
    rows = {
        "parties": _parties("X", "h", "w"),
        "holdings": [_holding("h", "X", "60")],
        "kinship": [_kin("h", "spouse_of", "w")],
    }

    assert [("h", "X"), ("w", "X")] == _pairs(rows)
    assert [("w", "X")] == _pairs(rows, "w")
