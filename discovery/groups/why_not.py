"""Why a party does not control a company: how far each ground reaches, what is missing, what is nearest."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl

from discovery.control.registers import HUNDRED, Registers, registers
from discovery.evidence.models import DECISION
from discovery.facts.facts import Facts
from discovery.facts.graph import FactGraph, fact_graph
from discovery.facts.schema import PERCENT_SCALE
from discovery.groups.amounts import decimal_text, exact_text
from discovery.groups.answer import Answer, number_of
from discovery.groups.discover import discover_in
from discovery.groups.multiplied import MultipliedShares, Rest
from discovery.groups.recorded import Said, recorded
from discovery.groups.slots import HALF, NEAR, deemed_slots
from discovery.groups.steps import Row, Share, StepWriter, added
from discovery.kinship.relations import relations
from discovery.policies.model import Policy

_ONE_SEAT: Final = 1_000_000 * HUNDRED


def why_not(
    facts: Facts,
    policy: Policy,
    *,
    controller: str,
    company: str,
    as_of: date,
    known_at: datetime | date | None = None,
) -> dict[str, Any]:
    """How near a party comes to controlling a company under a policy, ground by ground.

    `bases`: for each ground of the policy the total that the party (a person with kin in scope) and
    all it controls reach, the threshold and what is missing; `best` the ground that comes nearest;
    `nearest_trigger` the question that is raised, or the next one that would be and what it lacks;
    `controlled_by` who controls the company instead. Raises UnknownParty.
    """
    graph = fact_graph(facts, as_of, known_at)
    return why_not_in(discover_in(graph, policy), controller=controller, company=company)


def why_not_in(answer: Answer, *, controller: str, company: str) -> dict[str, Any]:
    """`why_not` on an answer that is already there."""
    graph, policy = answer.graph, answer.policy
    head, target = number_of(graph, controller), number_of(graph, company)
    brought = registers(graph, deemed_slots(policy), multiply=policy.control.multiplies)
    unit = _unit(graph, policy, head)
    inside = _inside(brought, unit)
    whole = brought.multiplied
    asked_of = _Asked(
        brought, tuple(unit), inside, None if whole is None else MultipliedShares(brought, whole)
    )
    said = Said({row.fact: row for row in recorded(graph, policy.slug)})
    writer = StepWriter(policy, brought, graph.parties.ids, said)
    every = [_reached(writer, asked_of, slot, target) for slot in range(brought.deemed)]
    bases = [base for base in every if base["basis"] != DECISION or base["contributions"]]
    best = max(bases, key=_nearness)
    asked = answer.about(company)
    outcomes = list(asked.outcomes())
    return {
        "policy": policy.slug,
        "as_of": graph.as_of.isoformat(),
        "controller": controller,
        "company": company,
        "unit": [graph.parties.ids[party] for party in unit],
        "controlled": target in inside,
        "coverage": _coverage(graph, target),
        "best": best,
        "bases": bases,
        "nearest_trigger": _nearest(graph, policy, outcomes, unit, bases[0]),
        "controlled_by": [
            {"group": document["id"], "controller": document["controller"]}
            for name, document in outcomes
            if name == "groups" and company in document["evidence"]
        ],
        "review": [document for name, document in outcomes if name == "review"],
    }


def _unit(graph: FactGraph, policy: Policy, head: int) -> list[int]:
    """The party; a person with the kin whom the policy counts."""
    if policy.persons is None or not graph.parties.person[head]:
        return [head]
    kin = relations(graph["kinship"], policy.persons.kin.deem, graph.parties.person)
    relatives = kin.filter(pl.col("person") == head)["relative"].unique().sort()
    return [head, *relatives.to_list()]


def _inside(brought: Registers, unit: list[int]) -> set[int]:
    found = brought.control((np.array([0, len(unit)]), np.array(unit, np.int32)))
    return {*unit, *found.company.tolist()}


class _Asked(NamedTuple):
    """Who is asked about: the party with its kin, what it controls, its shares where these accumulate."""

    brought: Registers
    unit: tuple[int, ...]
    inside: set[int]
    multiplied: MultipliedShares | None


def _reached(writer: StepWriter, asked: _Asked, slot: int, target: int) -> dict[str, Any]:
    brought, inside, multiplied = asked.brought, asked.inside, asked.multiplied
    if multiplied is not None and slot in multiplied.slots:
        return _multiplied(writer, multiplied, asked, slot, target)
    start, frame = brought.by_company
    rows = frame[int(start[target]) : int(start[target + 1])].filter(pl.col("slot") == slot)
    shares = [
        Share(*row)
        for row in rows.select("brings", "needs", "by", "amount", "fact", "through", "mark").iter_rows()
        if row[0] in inside and (row[1] < 0 or row[1] in inside)
    ]
    reached, needed = _measured(brought, slot, target, shares)
    return _told(
        writer, Row(target, 0, 1 << slot, shares), reached >= needed, _missing(brought, slot, reached, needed)
    )


def _multiplied(
    writer: StepWriter, multiplied: MultipliedShares, asked: _Asked, slot: int, target: int
) -> dict[str, Any]:
    """How far the unit's accumulated share reaches; nothing where it is not assessed."""
    rest = Rest(asked.unit, slot, target)
    assessed = target not in asked.unit and multiplied.share(*rest.place) is not None
    shares = multiplied.of(rest) if assessed else []
    lack = max(Fraction(0), asked.brought.slots[slot].threshold - added(shares))
    row = Row(target, 0, 1 << slot, shares)
    return _told(writer, row, assessed and multiplied.passes(*rest.place), exact_text(lack / PERCENT_SCALE))


def _told(writer: StepWriter, row: Row, controls: bool, missing: str) -> dict[str, Any]:
    step = writer.step([], row, row.shares, row.slots)
    return {
        **{key: step[key] for key in ("basis", "article", "measure", "op", "threshold", "total")},
        **({"of": step["of"]} if "of" in step and row.shares else {}),
        "controls": controls,
        "missing": missing,
        "contributions": step["contributions"],
    }


def _nearness(base: dict[str, Any]) -> Fraction:
    """How much of what is needed is there."""
    total, threshold = Fraction(base["total"]), Fraction(base["threshold"])
    if "of" in base:
        threshold *= Fraction(base["of"]) / 100
    return Fraction(2) if base["controls"] else total / threshold


def _measured(brought: Registers, slot: int, target: int, shares: list[Share]) -> tuple[int, int]:
    """What is reached and what is needed, in the register's own units."""
    tests = brought.tests
    scale = int(brought.seats[target]) if tests.scaled[slot] else 1
    needed = int(tests.threshold[slot]) * scale + int(tests.strict[slot])
    if tests.mode[slot]:
        bits = 0
        for share in shares:
            bits |= share.amount
        return bits.bit_count(), needed
    rule = brought.slots[slot]
    return sum(rule.weight(share.amount, share.through) for share in shares), needed


def _missing(brought: Registers, slot: int, reached: int, needed: int) -> str:
    """What would still be needed: percent (more than that where `op` is >), seats, posts, or 1 fact."""
    measure = brought.slots[slot].measure
    lack = max(0, needed - reached)
    if measure == "seats":
        return str(-(-lack // _ONE_SEAT))
    if measure in {"posts", "role_posts", "power"}:
        return str(lack)
    return decimal_text(brought.slots[slot].unweighted(max(0, lack - int(brought.tests.strict[slot]))))


def _coverage(graph: FactGraph, target: int) -> str:
    votes = graph.holdings.filter(pl.col("company") == target)["votes"].sum()
    return decimal_text(int(votes))


def _nearest(
    graph: FactGraph,
    policy: Policy,
    outcomes: list[tuple[str, dict[str, Any]]],
    unit: list[int],
    share: dict[str, Any],
) -> dict[str, Any]:
    """The question that is asked about the unit and the company, or the next by shares."""
    ids = {graph.parties.ids[party] for party in unit}
    for name, document in outcomes:
        if name == "review" and ids & {*document["with"], *document["parties"]}:
            return {"reason": document["reason"], "raised": True, "missing": "0", "key": document["key"]}
    reached = Fraction(share["total"]) * PERCENT_SCALE
    for reason, level in (("near_control", NEAR), ("half_share", HALF)):
        if reached < level and policy.triggers(reason):
            return {
                "reason": reason,
                "raised": False,
                "missing": exact_text((level - reached) / PERCENT_SCALE),
            }
    return {"reason": None, "raised": False, "missing": share["missing"]}
