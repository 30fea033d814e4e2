"""Every relation of kinship equals its direct definition over random families."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from oracles.kin import Family
from oracles.plain import Day
from oracles.worlds import DAY, Row, facts_of

from discovery.facts.graph import FactGraph, fact_graph
from discovery.kinship.relations import FACTS, MOST_CHILDREN, former_spouses, relations
from discovery.kinship.scopes import RELATION_NAMES, SCOPES

GENERATIONS = ("abc", "defg", "hijk", "lmn")
DIVORCE = date(2025, 6, 1)


@st.composite
def families(draw: st.DrawFn) -> list[Row]:
    """Four generations: births, adoptions (by grandparents too), step ties, marriages, some ended."""
    rows: dict[tuple[str, ...], Row] = {}
    for level, people in enumerate(GENERATIONS):
        for child in people if level else ():
            elders = GENERATIONS[level - 1] + (GENERATIONS[level - 2] if level > 1 else "")
            parents = draw(st.lists(st.sampled_from(elders), max_size=3, unique=True))
            for parent in parents:
                kind = draw(st.sampled_from(("birth", "birth", "", "adoption", "step_brought_up")))
                rows[parent, child] = _tie(draw, parent, "parent_of", child, kind)
        lined_up = draw(st.permutations(people))
        for one, other in zip(lined_up[::2], lined_up[1::2], strict=False):
            if draw(st.booleans()):
                rows[one, other] = _tie(draw, one, "spouse_of", other, "")
    return list(rows.values())


def _tie(draw: st.DrawFn, person: str, relation: str, relative: str, kind: str) -> Row:
    return {
        "person": person,
        "relation": relation,
        "relative": relative,
        "kind": kind,
        "valid_from": draw(st.sampled_from(("", "", "2024-01-01", "2027-01-01"))),
        "valid_to": draw(st.sampled_from(("", "", "", DIVORCE.isoformat(), "2027-06-01"))),
    }


def family_graph(rows: list[Row], day: date = DAY) -> tuple[FactGraph, Family]:
    """The engine's day and the definitions over the same rows."""
    people = sorted({row[end] for row in rows for end in ("person", "relative")})
    world = {
        "parties": [{"id": name, "kind": "natural_person", "name": name} for name in people],
        "kinship": rows,
    }
    facts = facts_of(world)
    return fact_graph(facts, day), Family(Day(world, facts, day).rows("kinship"), rows, day)


def found_in(graph: FactGraph, names: tuple[str, ...] = RELATION_NAMES) -> set[tuple[str, str, str]]:
    """Triples person, relation, relative."""
    table = relations(graph["kinship"], names, graph.parties.person)
    ids = graph.parties.ids
    rows = table.select("person", "relation", "relative").rows()
    assert len(rows) == len(set(rows))
    return {(ids[person], RELATION_NAMES[code], ids[relative]) for person, code, relative in rows}


def defined(graph: FactGraph, family: Family) -> set[tuple[str, str, str]]:
    return {
        (person, name, relative)
        for person in graph.parties.ids
        for name, relatives in family.relatives(person).items()
        for relative in relatives
    }


def tie(person: str, relation: str, relative: str, kind: str = "", **days: Any) -> Row:
    return {"person": person, "relation": relation, "relative": relative, "kind": kind, **days}


ADOPTED_BY_GRANDPARENT = [
    tie("a", "parent_of", "d"), tie("d", "parent_of", "h"), tie("a", "parent_of", "h", "adoption"),
    tie("d", "spouse_of", "g"), tie("a", "parent_of", "e"),
]  # fmt: skip


@given(rows=families())
@settings(max_examples=60)
@example(rows=ADOPTED_BY_GRANDPARENT)
def test_every_relation_equals_its_definition(rows: list[Row]) -> None:
    """All relations of the table, in one family of four generations."""
    graph, family = family_graph(rows)

    assert found_in(graph) == defined(graph, family)


@pytest.mark.slow
@given(rows=families(), day=st.sampled_from((DAY, DIVORCE, date(2027, 3, 1), date(2023, 1, 1))))
@settings(max_examples=1500)
def test_every_relation_on_many_days(rows: list[Row], day: date) -> None:
    """The same over many families, before and after marriages, adoptions and divorces."""
    graph, family = family_graph(rows, day)

    assert found_in(graph) == defined(graph, family)


@given(rows=families(), names=st.lists(st.sampled_from(RELATION_NAMES), unique=True, max_size=4))
@settings(max_examples=20)
def test_a_relation_does_not_depend_on_what_else_is_asked(rows: list[Row], names: list[str]) -> None:
    """Asking for some relations gives those of all relations."""
    graph, _ = family_graph(rows)

    assert found_in(graph, tuple(names)) == {one for one in found_in(graph) if one[1] in names}


@given(rows=families(), scope=st.sampled_from(sorted(SCOPES)))
@settings(max_examples=20)
def test_scopes_are_their_relations(rows: list[Row], scope: str) -> None:
    """A scope seen from a person is the union of its relations by definition."""
    graph, family = family_graph(rows)
    found = {(person, relative) for person, _, relative in found_in(graph, SCOPES[scope])}

    assert found == {(me, other) for me in graph.parties.ids for other in family.scope(me, SCOPES[scope])}


@given(rows=families())
@settings(max_examples=20)
def test_the_facts_of_a_tie_lead_from_the_one_to_the_other(rows: list[Row]) -> None:
    """Each step of a path is a fact of the day, and the path begins and ends at the two."""
    graph, _ = family_graph(rows)
    ends = graph["kinship"].select("person", "relative").rows()
    table = relations(graph["kinship"], RELATION_NAMES, graph.parties.person)
    for row in table.iter_rows(named=True):
        at = row["person"]
        for fact in (row[name] for name in FACTS):
            if fact is not None:
                assert at in ends[fact]
                at = next((end for end in ends[fact] if end != at), at)
        assert at == row["relative"]


@given(rows=families(), data=st.data())
@settings(max_examples=20)
def test_kin_in_between_need_not_be_active(rows: list[Row], data: st.DataObject) -> None:
    """Only anchors and relatives are limited to the active; paths lead through anybody."""
    graph, _ = family_graph(rows)
    if not len(graph.parties):
        return
    active = np.array(
        data.draw(st.lists(st.booleans(), min_size=len(graph.parties), max_size=len(graph.parties)))
    )
    everything = relations(graph["kinship"], RELATION_NAMES, graph.parties.person)
    chosen = pl.Series(active[everything["person"].to_numpy()] & active[everything["relative"].to_numpy()])

    assert relations(graph["kinship"], RELATION_NAMES, active).rows() == everything.filter(chosen).rows()


def test_a_divorce_ends_marriage_and_in_laws_on_its_day() -> None:
    """On the last day before they are kin; on the day itself they are former spouses."""
    rows = [
        tie("d", "spouse_of", "e", valid_to=DIVORCE.isoformat()),
        tie("a", "parent_of", "d"),
    ]
    before, _ = family_graph(rows, date(2025, 5, 31))
    after, _ = family_graph(rows, DIVORCE)

    assert {("d", "spouse", "e"), ("e", "spouse_parent", "a"), ("a", "child_spouse", "e")} <= found_in(before)
    assert found_in(after) == {("a", "child", "d"), ("d", "parent", "a")}
    former = former_spouses(facts_of({"kinship": rows})["kinship"], DIVORCE)
    assert former.select("person", "relative").rows() == [("d", "e")]
    assert former_spouses(facts_of({"kinship": rows})["kinship"], date(2025, 5, 31)).is_empty()


def test_an_adoption_ends_the_birth_ties() -> None:
    """The birth parents, their other child and their parents are kin no more; the adopter's family is."""
    rows = [
        tie("a", "parent_of", "d"), tie("d", "parent_of", "h"), tie("d", "parent_of", "i"),
        tie("e", "parent_of", "h", "adoption", valid_from="2020-01-01"), tie("b", "parent_of", "e"),
    ]  # fmt: skip
    found = found_in(family_graph(rows)[0])

    assert {one for one in found if one[0] == "h"} == {("h", "parent", "e"), ("h", "grandparent", "b")}
    before = found_in(family_graph(rows, date(2019, 12, 31))[0])
    assert {("h", "parent", "d"), ("h", "sibling", "i"), ("h", "grandparent", "a")} <= before


def test_the_adopter_s_spouse_stays_a_birth_parent() -> None:
    """A stepfather adopts: the mother stays a parent, the birth father does not."""
    rows = [
        tie("d", "parent_of", "h"), tie("e", "parent_of", "h"), tie("d", "spouse_of", "f"),
        tie("f", "parent_of", "h", "adoption"),
    ]  # fmt: skip

    found = found_in(family_graph(rows)[0], ("parent",))

    assert found == {("h", "parent", "d"), ("h", "parent", "f")}


def test_a_step_tie_makes_no_siblings() -> None:
    """A child brought up by a step-parent is no sibling of the step-parent's own child."""
    rows = [tie("d", "parent_of", "h"), tie("d", "parent_of", "i", "step_brought_up")]

    assert found_in(family_graph(rows)[0]) == {
        ("d", "child", "h"), ("h", "parent", "d"), ("d", "step_child", "i"), ("i", "step_parent", "d"),
    }  # fmt: skip


@pytest.mark.parametrize("many", [MOST_CHILDREN, MOST_CHILDREN + 1])
def test_a_placeholder_parent_makes_nobody_siblings(many: int) -> None:
    """A parent of more children than a person has is a placeholder."""
    rows = [tie("a", "parent_of", f"c{number}") for number in range(many)]
    found = found_in(family_graph(rows)[0], ("sibling",))

    assert bool(found) == (many <= MOST_CHILDREN)
