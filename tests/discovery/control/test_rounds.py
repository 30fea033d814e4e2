"""What each unit controls, in which round and on which facts, equals naive synchronous rounds."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from oracles.asp import controlled
from oracles.kin import Family
from oracles.plain import MILLION, Day
from oracles.rounds import Rounds, grounds_of
from oracles.worlds import DAY, World, control_worlds, facts_of, text

from discovery.facts.graph import fact_graph
from discovery.groups import discover
from discovery.groups.eligible import eligible
from discovery.groups.units import CLUSTER, RING, Units, acting_units
from discovery.policies import load_policy, policy_slugs
from discovery.policies.model import Policy
from tests.unlike import UNLIKE_IN_CONTROL, each

ALIKE = [
    slug
    for slug in policy_slugs()
    for persons in [load_policy(slug).persons]
    if persons is None or persons.kin.joint != "each_alone"
]
NOT_BY_ROUNDS = {"B17", "B18", "B19"}  # end nodes join by influence or joint control, not by control


def units_of(world: World, policy: Policy) -> tuple[Units, list[str], Day]:
    facts = facts_of(world)
    graph = fact_graph(facts, DAY)
    return acting_units(graph, policy, eligible(graph, policy)), graph.parties.ids, Day(world, facts)


def parties_of(units: Units, ids: list[str]) -> dict[int, list[str]]:
    """Everybody in each unit, the anchor of a cluster first."""
    found: dict[int, list[str]] = {}
    for unit, party in units.members.select("unit", "party").rows():
        found.setdefault(unit, []).append(ids[party])
    return found


def units_agree(world: World, slug: str) -> None:
    policy = load_policy(slug)
    units, ids, day = units_of(world, policy)
    parties = parties_of(units, ids)
    rounds = Rounds(day, grounds_of(policy))
    codes = [slot.name for slot in units.registers.slots]
    acting = {str(number): parties for number, parties in parties.items()}

    solved = controlled(day, rounds.tests, acting)

    rows = units.rows.select("unit", "company").rows()
    assert {(str(unit), ids[company]) for unit, company in rows} == solved
    for number, unit in acting.items():
        found = {
            ids[company]: (round_, tuple(codes[slot] for slot in range(len(codes)) if mask >> slot & 1))
            for company, round_, mask in units.rows.filter(unit=int(number))
            .select("company", "round", "mask")
            .rows()
        }
        assert found == {company: (one.round, one.codes) for company, one in rounds.run(unit).items()}


def heads_agree(world: World, slug: str) -> None:
    """Which organisations are a point of their own, which a ring, and who stands in a cluster."""
    policy = load_policy(slug)
    units, ids, day = units_of(world, policy)
    rounds = Rounds(day, grounds_of(policy))
    bringing = rounds.bringing
    family = Family(day.rows("kinship"), world.get("kinship", []))
    below_points: set[str] = set()
    everybody = parties_of(units, ids)
    for number, point in units.table.filter(kind=CLUSTER).select("unit", "point").rows():
        assert policy.persons is not None
        parties = everybody[number]
        kin = family.scope(parties[0], policy.persons.kin.deem)
        assert set(parties) <= {parties[0], *kin}
        if policy.persons.kin.add_up is None:
            assert kin & bringing <= set(parties)
        if point:
            below_points |= set(rounds.run(parties))
    organisations = {name for name, kind in day.kind.items() if kind != "natural_person"}
    admissible = {name for name in organisations if day.kind[name] in policy.controllers.kinds}
    reach = {name: set(rounds.run([name])) for name in admissible & bringing}
    tops = {}
    for name, below in reach.items():
        above = {other for other, controls in reach.items() if name in controls}
        if name not in below_points and above <= below:
            tops[name] = frozenset({name, *above})
    found = {
        frozenset(everybody[number]): kind == RING
        for number, kind in units.table.select("unit", "kind").rows()
        if kind != CLUSTER and bringing & {*everybody[number]}
    }
    assert found == {ring: len(ring) > 1 for ring in tops.values()}


def groups_agree(world: World, slug: str) -> None:
    policy = load_policy(slug)
    facts = facts_of(world)
    answer = discover(facts, policy, as_of=DAY).document()
    day = Day(world, facts)
    rounds = Rounds(day, grounds_of(policy))
    for group in [*answer["groups"], *answer["exempt"]]:
        steps_agree(group, rounds)
        if group.get("reason") != "state_owner":  # that one lists the owner and what stands directly below
            members_agree(group, rounds, policy)


def members_agree(group: dict[str, Any], rounds: Rounds, policy: Policy) -> None:
    """All eligible companies of the unit are members, clients and others apart, and nobody else is."""
    rows = {row["id"]: row for row in rounds.day.world["parties"]}
    marked = any(text(row, "client_no") for row in rows.values())
    owners = {*group["controller"]["parties"]}
    parties = {*group["controller"].get("branch", owners)}
    heads = group["controller"]["kind"] != "person" or "natural_person" in policy.members.kinds
    inside = set(rounds.run(parties)) | (parties if heads else set())
    inside |= owners if "branch" in group["controller"] else set()
    ends = {name for name, codes in group["basis"].items() if NOT_BY_ROUNDS & {*codes}}
    able = {name for name in inside if _may_be_member(rounds.day, policy, rows[name])}
    clients = {name for name in able if not marked or text(rows[name], "client_no")}
    assert set(group["members"]) - ends == clients
    assert set(group["non_client_members"]) - ends == able - clients


def _may_be_member(day: Day, policy: Policy, row: dict[str, str]) -> bool:
    kind = day.kind[row["id"]]
    return kind in policy.members.kinds or (
        policy.members.own_financing and kind == "unincorporated" and text(row, "own_financing") == "true"
    )


def steps_agree(group: dict[str, Any], rounds: Rounds) -> None:
    """Each step repeats what the naive rounds of its unit say: round, grounds, facts, total."""
    for company, step in group["evidence"].items():
        if step["basis"] in NOT_BY_ROUNDS:
            continue
        one = rounds.run(step["unit"])[company]
        scale = 1 if step["measure"] in {"posts", "power", "seats"} else MILLION
        assert step["round"] == one.round
        assert (step["basis"], *step["also"]) == one.codes
        assert {(share["fact"], share["by"]) for share in step["contributions"]} == one.contributions
        total = 1 if step["measure"] == "power" else Fraction(one.total, scale)
        assert Fraction(step["total"]) == total


@pytest.mark.parametrize("slug", each(UNLIKE_IN_CONTROL))
@given(world=control_worlds())
@settings(max_examples=5)
def test_units(world: World, slug: str) -> None:
    """Companies by the solver, rounds by naive rounds; points, rings, clusters by definition."""
    units_agree(world, slug)
    heads_agree(world, slug)


@pytest.mark.parametrize("slug", each(UNLIKE_IN_CONTROL, ALIKE))
@given(world=control_worlds())
@settings(max_examples=5)
def test_groups(world: World, slug: str) -> None:
    """A group has all eligible companies of its unit; each step of evidence repeats the naive rounds."""
    groups_agree(world, slug)


@pytest.mark.slow
@pytest.mark.parametrize("slug", policy_slugs())
@given(world=control_worlds())
@settings(max_examples=150)
def test_many_units(world: World, slug: str) -> None:
    """Units over many worlds."""
    units_agree(world, slug)
    heads_agree(world, slug)


@pytest.mark.slow
@pytest.mark.parametrize("slug", ALIKE)
@given(world=control_worlds())
@settings(max_examples=150)
def test_many_groups(world: World, slug: str) -> None:
    """Members and evidence over many worlds."""
    groups_agree(world, slug)
