"""What `changes` tells is the difference of two whole answers, and each difference names its facts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.worlds import Row, World, facts_of, whole_worlds, with_strangers

from discovery.facts.graph import FactGraph, fact_graph
from discovery.facts.schema import FILES
from discovery.groups import discover_in
from discovery.groups.changes import changes
from discovery.policies import load_policy, policy_slugs

from .test_time import DAYS, end_of, histories

Document = dict[str, Any]
Sets = set[tuple[str, str, frozenset[tuple[str, bool]]]]
slugs = st.sampled_from(policy_slugs())


def sets_of(graph: FactGraph, slug: str) -> Sets:
    """Id, outcome and members (client or not) of every group and exempted set of a whole answer."""
    document = discover_in(graph, load_policy(slug)).document()
    return {
        (group["id"], group["outcome"],
         frozenset([*((one, True) for one in group["members"]),
                    *((one, False) for one in group["non_client_members"])]))
        for name in ("groups", "exempt") for group in document[name]
    }  # fmt: skip


def told(groups: list[Document], side: str) -> set[tuple[str, str]]:
    """The group's id and outcome on one side, of those that have one."""
    return {(one["id"], one["outcome"][side]) for one in groups if one["outcome"][side]}


def is_the_difference(before: FactGraph, after: FactGraph, slug: str) -> Document:
    """Compare with two whole answers, by way of their documents."""
    found = changes(before, after, load_policy(slug))
    old, new = sets_of(before, slug), sets_of(after, slug)
    gone, come = old - new, new - old
    assert told(found["groups"], "before") >= {one[:2] for one in gone}
    assert told(found["groups"], "after") >= {one[:2] for one in come}
    assert {one["id"] for one in found["groups"]} == {gid for gid, *_ in gone | come}
    for one in found["groups"]:
        was = parties_of(old, one["id"], one["outcome"]["before"])
        now = parties_of(new, one["id"], one["outcome"]["after"])
        joined, left = ({member["party"] for member in one[name]} for name in ("joined", "left"))
        assert any(b - a == joined and a - b == left for a in was for b in now)
    return found


def parties_of(sets: Sets, gid: str, outcome: str | None) -> list[set[str]]:
    """The members of the sets of that id and outcome; nobody where there is none."""
    return [set(dict(members)) for *key, members in sets if key == [gid, outcome]] or [set()]


@given(world=histories(), slug=slugs, days=st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)))
@settings(max_examples=5)
def test_changes_are_the_difference_of_two_whole_answers(
    world: World, slug: str, days: tuple[date, date]
) -> None:
    """Whatever begins, ends, is corrected or becomes known between the two days."""
    facts = facts_of(world)
    is_the_difference(*(fact_graph(facts, day, end_of(day)) for day in days), slug)


@given(world=whole_worlds(), others=st.lists(whole_worlds(), min_size=3, max_size=3), data=st.data())
@settings(max_examples=4)
def test_what_is_cut_off_has_no_say(world: World, others: list[World], data: st.DataObject) -> None:
    """Beside unrelated parts the answer is that of all, though little of the graph is computed."""
    slug = data.draw(slugs)
    whole = with_strangers(beside(world, others))
    stem = data.draw(st.sampled_from([stem for stem in ("holdings", "powers", "offices") if world.get(stem)]))
    left_out = data.draw(st.integers(0, len(world[stem]) - 1))
    less = {**whole, stem: [row for n, row in enumerate(whole[stem]) if n != left_out]}
    day = DAYS[2]
    before, after = fact_graph(facts_of(whole), day), fact_graph(facts_of(less), day)

    found = is_the_difference(before, after, slug)

    complete = changes(before, after, load_policy(slug), whole=True)
    assert found | {"compared": None} == complete | {"compared": None}


def beside(world: World, others: list[World]) -> World:
    """The world, and copies of other worlds that share nobody with it."""
    whole = {stem: list(rows) for stem, rows in world.items()}
    named = {"id", "client_no", "document", *(ref for file in FILES.values() for ref in file.refs)}
    for number, other in enumerate(others):
        for stem, rows in other.items():
            whole.setdefault(stem, []).extend(
                {
                    name: f"{value} {number}" if name in named and value else value
                    for name, value in row.items()
                }
                for row in rows
            )
    return whole


@pytest.mark.slow
@given(world=histories(), slug=slugs, days=st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)))
@settings(max_examples=500)
def test_changes_of_many_histories(world: World, slug: str, days: tuple[date, date]) -> None:
    """The same over many histories."""
    facts = facts_of(world)
    is_the_difference(*(fact_graph(facts, day, end_of(day)) for day in days), slug)


def company(name: str, **more: str) -> Row:
    return {"id": name, "kind": "enterprise_legal_person", "name": name, **more}


def stake(holder: str, of: str, percent: int, **more: str) -> Row:
    return {"holder": holder, "company": of, "equity_percent": str(percent), **more}


def between(rows: list[Row], names: str = "ABCXYZ", **more: list[Row]) -> Document:
    """The changes from 2024 to 2026 under the guideline."""
    facts = facts_of({"parties": [company(name) for name in names], "holdings": rows, **more})
    first, second = (fact_graph(facts, date(year, 6, 30)) for year in (2024, 2026))
    return changes(first, second, load_policy("cbrc-2010"))


def stem_of(facts: list[str], found: Document) -> list[tuple[str, ...]]:
    """The facts told as change, holder and company."""
    return [(found["facts"][fact]["change"], *found["facts"][fact]["parties"].values()) for fact in facts]


SINCE = {"valid_from": "2025-01-01"}
UNTIL = {"valid_to": "2025-01-01"}


def test_a_group_that_forms_names_the_holding_that_made_it() -> None:
    """A buys 60 of X."""
    found = between([stake("A", "X", 60, **SINCE)])

    (one,) = found["groups"]
    assert ("formed", ["A", "X"]) == (one["event"], [member["party"] for member in one["joined"]])
    assert [("begins", "A", "X")] == stem_of(one["facts"], found)
    assert [("begins", "A", "X")] == stem_of(one["joined"][1]["facts"], found)


def test_a_member_leaves_when_its_holding_ends() -> None:
    """A sells Y, keeps X."""
    found = between([stake("A", "X", 60), stake("A", "Y", 60, **UNTIL)])

    (one,) = found["groups"]
    assert ("changed", [], ["Y"]) == (
        one["event"],
        one["joined"],
        [member["party"] for member in one["left"]],
    )
    assert [("ends", "A", "Y")] == stem_of(one["left"][0]["facts"], found)


def test_two_groups_merge_and_one_splits() -> None:
    """C buys A and B, each with a subsidiary; the other way round the group falls apart."""
    own = [stake("A", "X", 60), stake("B", "Y", 60)]
    merged = between([*own, stake("C", "A", 60, **SINCE), stake("C", "B", 60, **SINCE)])
    split = between([*own, stake("C", "A", 60, **UNTIL), stake("C", "B", 60, **UNTIL)])

    events = {one["event"]: one for one in merged["groups"]}
    assert {"merged", "dissolved"} == events.keys()
    assert sorted(events["merged"]["from"]) == sorted(
        one["id"] for one in merged["groups"] if one["event"] == "dissolved"
    )
    assert {("begins", "C", "A"), ("begins", "C", "B")} == set(stem_of(events["merged"]["facts"], merged))
    assert ["formed", "formed", "split"] == sorted(one["event"] for one in split["groups"])


def test_a_sister_s_group_forms_when_the_owner_goes() -> None:
    """No new fact proves A's own group; what ended above it is told."""
    found = between([stake("C", "A", 60, **UNTIL), stake("A", "X", 60), stake("C", "Z", 60)])

    formed = next(one for one in found["groups"] if one["event"] == "formed")
    assert [("ends", "C", "A")] == stem_of(formed["joined"][0]["facts"], found)


def test_an_unrelated_change_changes_nothing() -> None:
    """A small stake comes; no group differs."""
    found = between([stake("A", "X", 60), stake("B", "Y", 5, **SINCE)])

    assert (1, []) == (found["compared"]["facts"], found["groups"])


def test_only_what_the_change_can_reach_is_computed() -> None:
    """Of a hundred groups one is touched."""
    names = [f"{kind}{n}" for n in range(100) for kind in "HS"]
    rows = [stake(f"H{n}", f"S{n}", 60) for n in range(1, 100)] + [stake("H0", "S0", 60, **SINCE)]
    facts = facts_of({"parties": [company(name) for name in names], "holdings": rows})
    first, second = (fact_graph(facts, date(year, 6, 30)) for year in (2024, 2026))

    found = changes(first, second, load_policy("cbrc-2010"))

    assert (2, 200) == (found["compared"]["companies"], found["compared"]["of"])
    assert ["formed"] == [one["event"] for one in found["groups"]]
