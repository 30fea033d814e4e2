"""The bank's own groups in the store: what an admin sees in Neo4j Browser is what discover says."""

from __future__ import annotations

import json
from datetime import date
from random import Random

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from discovery.facts.package import facts_from_rows
from discovery.graph.connection import Graph
from discovery.graph.derived import stored_groups
from discovery.graph.loading import load
from discovery.service.answers import Asked, groups
from discovery.service.published import bank_policy, group_rows, publish
from discovery.service.stored import store_facts

DAY = date(2026, 6, 30)
ASKED = Asked("cbrc-2010", DAY)


def _company(name: str) -> dict[str, str]:
    return {"id": name, "kind": "enterprise_legal_person", "name": name}


def _holding(holder: str, company: str, percent: str) -> dict[str, str]:
    return {"holder": holder, "company": company, "equity_percent": percent}


@pytest.fixture
def loaded(graph: Graph) -> Graph:
    """A holds 60 of S; A 30 and S 25 of X."""
    rows = {
        "parties": [_company(name) for name in "ASX"],
        "holdings": [_holding("A", "S", "60"), _holding("A", "X", "30"), _holding("S", "X", "25")],
    }
    load(graph, facts_from_rows(rows, source="bank"), source="bank", name="first")
    return graph


def test_the_stored_groups_are_those_of_the_answer(loaded: Graph):
    """Group id, members and each member's own step stand in the store as in the answer."""
    publish(loaded, ASKED)

    (group,) = groups(store_facts(loaded), ASKED).document()["groups"]
    (stored,) = loaded.read("groups/show", group=group["id"])
    assert sorted(group["members"]) == [member["party"] for member in stored["members"]]
    steps = {member["party"]: member["evidence"] for member in stored["members"] if member["evidence"]}
    assert group["evidence"] == {party: json.loads(step) for party, step in steps.items()}


def test_only_the_difference_is_written(loaded: Graph):
    """Publishing again writes nothing; a new holding writes the group it changes."""
    first = publish(loaded, ASKED)

    again = publish(loaded, ASKED)
    more = {"parties": [_company("Y")], "holdings": [_holding("X", "Y", "70")]}
    load(loaded, facts_from_rows({**more, "parties": [*more["parties"], _company("X")]}, source="bank"),
         source="bank", name="second")  # fmt: skip
    grown = publish(loaded, ASKED)

    assert 3 == first.members_written
    assert 0 == again.members_written + again.groups_written + again.controls_written
    assert (1, 0) == (grown.members_written, grown.members_removed)


def test_what_differences_leave_is_what_the_answer_says(graph: Graph):
    """Twelve random registers replace one another; each time the layer is that of the whole answer."""
    chance = Random(20260630)  # noqa: S311  no secret hangs on it
    names = "ABCDEFGHIJKL"
    holdings: dict[str, str] = {}
    seen: set[frozenset[str]] = set()
    for number in range(12):
        for company in chance.sample(names, 3):
            holdings[company] = chance.choice(names.replace(company, ""))
        rows = [_holding(holder, company, "60") for company, holder in sorted(holdings.items())]
        facts = facts_from_rows(
            {"parties": [_company(name) for name in names], "holdings": rows}, source="bank"
        )
        load(graph, facts, source="bank", name=f"{number}", replace_source="bank")

        difference = publish(graph, ASKED)

        groups_of_all, members_of_all = group_rows(groups(store_facts(graph), ASKED).groups())
        _is_in_the_store(graph, groups_of_all, members_of_all)
        seen.add(frozenset(name for name, count in vars(difference).items() if count))
    assert 6 == len(frozenset().union(*seen))  # groups, members and arrows came and went


def test_a_run_that_was_broken_off_is_mended(loaded: Graph):
    """Whatever a killed run had done by then, the next one leaves what the answer says."""
    publish(loaded, ASKED)
    whole = group_rows(groups(store_facts(loaded), ASKED).groups())
    group, party = whole[1].row(0)[:2]
    opened = ("derived/open_groups", {"rows": [{"id": group}]})

    loaded.write_all([opened, ("derived/remove_members", {"rows": [{"group_id": group, "party_id": party}]})])
    half = publish(loaded, ASKED)

    _is_in_the_store(loaded, *whole)
    assert (0, 1, 0) == (half.groups_written, half.members_written, half.members_removed)
    assert stored_groups(loaded, "cbrc-2010")["content"].null_count() == 0


def _is_in_the_store(graph: Graph, found: pl.DataFrame, members: pl.DataFrame) -> None:
    stored = stored_groups(graph, "cbrc-2010")
    assert_frame_equal(found.sort("id"), stored.sort("id"))
    shown = [graph.read("groups/show", group=group)[0] for group in found["id"]]
    there = {
        (group["id"], row["party"], row["client"], tuple(row["basis"]), row["evidence"])
        for group in shown
        for row in group["members"]
    }
    columns = members.select("group_id", "party_id", "client", "basis", "evidence")
    assert {(*row[:3], tuple(row[3]), row[4]) for row in columns.rows()} == there
    arrows = graph.read_anyway("derived/controls", groups=found["id"].to_list())
    drawn = {pair for row in arrows for pair in zip(row["group_id"], row["party_id"], strict=True)}
    heads = set(found.explode("controllers").select("id", "controllers").rows())
    assert {row[:2] for row in members.rows()} - heads <= drawn


def test_the_policy_of_the_bank_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    """GUANLIAN_POLICY names it; without it the guideline of 2010 stands."""
    monkeypatch.delenv("GUANLIAN_POLICY", raising=False)
    assert "cbrc-2010" == bank_policy()

    monkeypatch.setenv("GUANLIAN_POLICY", "abc-2009")
    assert "abc-2009" == bank_policy()
