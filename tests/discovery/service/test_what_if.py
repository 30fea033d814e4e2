"""A hypothesis on top of what is known: the difference it would make, and nothing that stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.worlds import DAY, Row, World, facts_of, whole_worlds

from discovery.errors import BadInput, UsageError
from discovery.facts.facts import Facts
from discovery.facts.graph import fact_graph
from discovery.facts.package import facts_from_rows
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.graph.snapshot import store_version
from discovery.groups import discover
from discovery.policies import load_policy, policy_slugs
from discovery.service.parties import AmbiguousParty
from discovery.service.stored import store_facts
from discovery.service.what_if import Supposed, suppose, supposed_facts, what_if
from tests.discovery.graph.dump import dump

Document = dict[str, Any]
POLICY = load_policy("cbrc-2010")


def company(name: str, **more: str) -> Row:
    return {"id": name, "kind": "enterprise_legal_person", **more}


def stake(holder: str, of: str, percent: str, **more: str) -> Row:
    return {"holder": holder, "company": of, "equity_percent": percent, **more}


BASE: World = {
    "parties": [company("A", uscc="91110000100000000A"), company("B", client_no="7"),
                company("X", client_no="8"), company("Y", client_no="9")],
    "holdings": [stake("A", "X", "30", recorded_at="2026-01-01"), stake("X", "Y", "60")],
}  # fmt: skip


def asked(base: Facts, rows: World, *without: str) -> Document:
    """What would differ under the guideline."""
    given_facts = [facts_from_rows(rows, source="what-if")] if rows else []
    return what_if(fact_graph(base, DAY), suppose(base, given_facts, without), POLICY)


def members_of(facts: Facts, slug: str = "cbrc-2010") -> set[tuple[str, tuple[str, ...]]]:
    document = discover(facts, load_policy(slug), as_of=DAY).document()
    return {(group["id"], (*group["members"], *group["non_client_members"])) for group in document["groups"]}


def test_a_supposed_stake_stands_in_place_of_the_one_on_file() -> None:
    """B would buy 51 of X; A's 30 of X become 49, though they were recorded lately."""
    base = facts_of(BASE)
    (old,) = base["holdings"].filter(holder="A")["fact"]

    found = asked(base, {"holdings": [stake("7", "X", "51"), stake("91110000100000000A", "8", "49")]})

    formed = next(one for one in found["groups"] if one["event"] == "formed")
    assert ["B", "X", "Y"] == sorted(member["party"] for member in formed["joined"])
    assert {"X", "Y"} == formed["evidence"].keys()
    assert {"added": 2, "replaced": [old], "without": []} == found["supposed"]
    assert formed["evidence"]["X"]["total"] == "51"
    assert members_of(base) == members_of(facts_of(BASE))


def test_a_fact_can_be_taken_away() -> None:
    """Without X's stake in Y their group is gone, and the stake is told as the reason."""
    base = facts_of(BASE)
    (fact,) = base["holdings"].filter(holder="X")["fact"]

    found = asked(base, {}, fact)

    (gone,) = found["groups"]
    assert ("dissolved", [fact]) == (gone["event"], gone["facts"])
    assert {"added": 0, "replaced": [], "without": [fact]} == found["supposed"]


def test_strangers_and_new_descriptions_are_taken_in() -> None:
    """A new company is described, another is only named; a known one would become a client."""
    base = facts_of(BASE)
    rows = {
        "parties": [company("N", client_no="n"), company("A", client_no="a")],
        "holdings": [stake("N", "X", "60"), stake("stranger", "N", "20")],
    }

    found = asked(base, rows)

    events = {one["event"]: one for one in found["groups"]}
    assert {"formed", "dissolved"} == events.keys()
    assert ["N", "X", "Y"] == sorted(member["party"] for member in events["formed"]["joined"])
    assert ["stranger"] == [one["party"] for one in found["findings"] if one["code"] == "unknown_party"]
    assert found["supposed"]["added"] == 4


@pytest.mark.parametrize("wrong", ["holding_0000000000000000", "A"])
def test_what_is_not_on_file_cannot_be_taken_away(wrong: str) -> None:
    """An unknown fact is told; a party is no fact."""
    with pytest.raises(UsageError, match=f"no fact '{wrong}'"):
        suppose(facts_of(BASE), [], [wrong])


def test_a_name_that_means_several_is_refused() -> None:
    """Two parties have the client number; nobody is picked."""
    base = facts_of({"parties": [company("A", client_no="1"), company("B", client_no="1"), company("X")]})

    with pytest.raises(AmbiguousParty):
        asked(base, {"holdings": [stake("1", "X", "60")]})


@pytest.mark.parametrize("word", ["holdings", "holding:holder=A", "holdings:holder", ""])
def test_a_misspelt_word_is_told(word: str) -> None:
    """With what may stand there."""
    with pytest.raises(UsageError):
        supposed_facts([], [word], None)


def test_a_word_is_checked_as_a_row_is() -> None:
    """File, field and value are named."""
    with pytest.raises(BadInput, match="holdings, row 1"):
        supposed_facts([], ["holdings:holder=A,company=B,voting_percent=120"], None)
    (facts,) = supposed_facts([], ['parties:id=P,"name=A, B"'], None)
    assert facts["parties"]["name"].to_list() == ["A, B"]


@given(world=whole_worlds(), more=whole_worlds(), slug=st.sampled_from(policy_slugs()), data=st.data())
@settings(max_examples=6)
def test_it_is_the_difference_of_two_answers(
    world: World, more: World, slug: str, data: st.DataObject
) -> None:
    """Whatever is supposed and taken away: with and without, as two whole answers have it."""
    base = facts_of(world)
    added = {stem: more.get(stem, [])[:2] for stem in ("holdings", "powers", "offices", "kinship")}
    ids = [fact for stem in ("holdings", "powers") for fact in base[stem]["fact"].to_list()]
    gone = data.draw(st.lists(st.sampled_from(ids), max_size=2, unique=True)) if ids else []
    supposed = suppose(base, [facts_from_rows(added, source="what-if")], gone)

    found = what_if(fact_graph(base, DAY), supposed, load_policy(slug))

    before, after = members_of(base, slug), members_of(supposed.facts, slug)
    differing = {gid for gid, _ in before ^ after}
    assert differing <= {one["id"] for one in found["groups"]}
    for one in found["groups"]:
        was = next((set(parties) for gid, parties in before if gid == one["id"]), set())
        now = next((set(parties) for gid, parties in after if gid == one["id"]), set())
        if one["outcome"]["after"] != "EXEMPT" != one["outcome"]["before"]:
            assert now - was == {member["party"] for member in one["joined"]}
            assert was - now == {member["party"] for member in one["left"]}


def test_nothing_is_stored(graph: Graph) -> None:
    """Asked over the store, it answers as over the folder, and the store is the same to the last property."""
    load(graph, facts_of(BASE), source="world", name="base")
    before = dump(graph), store_version(graph)
    base = store_facts(graph)
    rows = {"holdings": [stake("world/B", "world/X", "51")]}

    found = what_if(fact_graph(base, DAY), _supposed(base, rows), POLICY)

    assert (dump(graph), store_version(graph)) == before
    folder = asked(facts_of(BASE), {"holdings": [stake("B", "X", "51")]})
    assert [one["id"] for one in folder["groups"]] == [one["id"] for one in found["groups"]]
    assert folder["counts"] == found["counts"]


def _supposed(base: Facts, rows: World) -> Supposed:
    return suppose(base, [facts_from_rows(rows, source="what-if")])
