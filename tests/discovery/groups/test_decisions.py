"""Recorded decisions on random worlds: the checker agrees, strangers notice nothing, expiry undoes all."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.worlds import DAY, World, facts_of, whole_worlds

from discovery.evidence.checker import check
from discovery.groups import discover
from discovery.policies import load_policy, policy_slugs
from tests.discovery.evidence.tampering import changes, tampered

from .test_properties import answer, names, outcomes, renamed

slugs = st.sampled_from(policy_slugs())
UNTIL = ("", "", "2026-06-30", "2026-06-29")
Document = dict[str, Any]


@st.composite
def decided(draw: st.DrawFn) -> tuple[World, World, str]:
    """A world, the same with decisions about what a policy says of it, and the policy."""
    world, slug = draw(whole_worlds()), draw(slugs)
    document = answer(world, slug)
    keys = [one["key"] for one in document["review"]]
    words = st.sampled_from(("accept", "accept", "reject"))
    asked = draw(st.lists(st.sampled_from(keys), max_size=4)) if keys else []
    rows = [{"outcome_key": key, "decision": draw(words)} for key in asked]
    for group in document["groups"]:
        if draw(st.booleans()):
            left = draw(st.lists(st.sampled_from(group["members"]), max_size=2, unique=True))
            rows.append({"outcome_key": group["id"], "decision": "reject", "parties": ";".join(left)})
    everyone = [row["id"] for row in world["parties"]]
    if draw(st.booleans()):
        parties = draw(st.lists(st.sampled_from(everyone), min_size=2, max_size=3, unique=True))
        rows.append({"decision": "group", "parties": ";".join(parties), "article": "3(4)"})
    signed = {"policy": slug, "by": "wang", "reason": "seen"}
    rows = [row | signed | {"until": draw(st.sampled_from(UNTIL))} for row in rows]
    unlike = {str(sorted(row.items())): row for row in rows}
    return world, {**world, "decisions": list(unlike.values())}, slug


def faults(
    world: World, slug: str, day: date = DAY, overrides: dict[str, object] | None = None
) -> tuple[Document, list[str]]:
    facts, policy = facts_of(world), load_policy(slug, overrides)
    document = discover(facts, policy, as_of=day).document()
    return document, [str(fault) for fault in check(document, facts, policy, as_of=day)]


@given(case=decided())
@settings(max_examples=4)
def test_the_checker_draws_every_decision_again(case: tuple[World, World, str]) -> None:
    """Accepted, rejected, expired, contradicted, grouped: all of it follows from the facts."""
    _, world, slug = case
    document, found = faults(world, slug)

    assert [] == found
    assert sorted(one["fact"] for one in document["decisions"]) == [
        one["fact"] for one in document["decisions"]
    ]
    assert len(world["decisions"]) == len(document["decisions"])


@pytest.mark.slow
@given(case=decided())
@settings(max_examples=60)
def test_the_checker_draws_every_decision_on_multiplied_shares_again(case: tuple[World, World, str]) -> None:
    """The same where indirect shares are multiplied; what the chain alone asked is orphaned."""
    _, world, slug = case
    _, found = faults(world, slug, overrides={"control.indirect": "multiply"})

    assert [] == found


@pytest.mark.slow
@given(case=decided())
@settings(max_examples=200)
def test_the_checker_draws_every_decision_of_many_worlds_again(case: tuple[World, World, str]) -> None:
    """The same on two hundred worlds."""
    _, world, slug = case

    assert [] == faults(world, slug)[1]


@given(case=decided(), seed=st.integers(0, 1_000_000))
@settings(max_examples=4)
def test_the_checker_rejects_whatever_is_changed_about_decisions(
    case: tuple[World, World, str], seed: int
) -> None:
    """Any one value of what is told of decisions, changed, is noticed."""
    _, world, slug = case
    facts, policy = facts_of(world), load_policy(slug)
    document = discover(facts, policy, as_of=DAY).document()
    every = [change for change in changes(document) if change[0][0] == "decisions"]
    chosen = Random(seed).sample(every, min(25, len(every)))  # noqa: S311  no secret hangs on it

    passed = [
        (place, value)
        for place, _, value in chosen
        if not check(tampered(document, place, value), facts, policy, as_of=DAY)
    ]
    assert [] == passed


@given(case=decided())
@settings(max_examples=3)
def test_decisions_change_nothing_about_strangers(case: tuple[World, World, str]) -> None:
    """Beside a decided world the same world about others: their outcomes are those without decisions."""
    plain, world, slug = case
    others = renamed(plain)
    both = {stem: [*world.get(stem, []), *others.get(stem, [])] for stem in {**world, **others}}
    without = {stem: rows for stem, rows in both.items() if stem != "decisions"}

    def of_others(document: Document) -> list[Document]:
        return [one for _, one in outcomes(document) if all(name.startswith("other-") for name in names(one))]

    assert of_others(answer(without, slug)) == of_others(answer(both, slug))


@given(case=decided())
@settings(max_examples=2)
def test_decisions_that_have_expired_only_add_notes(case: tuple[World, World, str]) -> None:
    """With all of them expired the answer is the one without, but for flags, findings and entries."""
    plain, world, slug = case
    rows = [{**row, "until": "2026-06-29"} for row in world["decisions"]]
    document, found = faults({**world, "decisions": rows}, slug)

    assert [] == found
    for one in document["groups"] + document["review"] + document["exempt"]:
        one["flags"] = [flag for flag in one["flags"] if flag != "decision_expired"]
    before = answer(plain, slug)
    for name in ("groups", "exempt", "review", "related", "links"):
        assert before[name] == document[name]
