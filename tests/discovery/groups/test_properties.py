"""What must hold of every answer, whatever the facts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from oracles.plain import holds
from oracles.worlds import DAY, World, facts_of, text, whole_worlds, with_strangers

from discovery.facts.schema import FILES
from discovery.groups import discover
from discovery.policies import load_policy, policy_slugs

SCHEMA = Path(__file__).parents[3] / "docs" / "answer.schema.json"
LISTS = ("groups", "exempt", "review", "related", "links")
Document = dict[str, Any]
slugs = st.sampled_from(policy_slugs())
days = st.sampled_from((date(2021, 1, 1), DAY, date(2026, 7, 1)))
moments = st.sampled_from((date(2024, 1, 1), date(2026, 1, 1)))


def answer(world: World, slug: str, day: date = DAY, **more: Any) -> Document:
    """The document of an answer."""
    return discover(facts_of(world), load_policy(slug), as_of=day, **more).document()


def outcomes(document: Document) -> Iterator[tuple[str, Document]]:
    for name in LISTS:
        for one in document[name]:
            yield name, one


def names(outcome: Document) -> set[str]:
    """The parties that an outcome names."""
    if "controller" not in outcome:
        return {*outcome["parties"], *outcome["with"]}
    return {*outcome["members"], *outcome["non_client_members"], *outcome["controller"]["parties"],
            *outcome["evidence"]}  # fmt: skip


def shuffled(world: World, seed: int) -> World:
    """The same rows in another order, files too."""
    chance = Random(seed)  # noqa: S311  no secret hangs on it
    stems = chance.sample(sorted(world), len(world))
    return {stem: chance.sample(world[stem], len(world[stem])) for stem in stems}


def renamed(world: World) -> World:
    """The same world about other parties."""
    copies: World = {}
    for stem, rows in world.items():
        ends = ("id", "client_no", *FILES[stem].refs)
        copies[stem] = [
            {name: f"other-{value}" if name in ends and value else value for name, value in row.items()}
            for row in rows
        ]
        for row in copies[stem]:
            if text(row, "document"):
                row["document"] = f"other {row['document']}"
    return copies


@given(world=whole_worlds(), slug=slugs, seed=st.integers(0, 999))
@settings(max_examples=8)
def test_order_changes_nothing(world: World, slug: str, seed: int) -> None:
    """Rows and files in any order: the same ids, groups, evidence, keys and findings."""
    one, other = answer(world, slug), answer(shuffled(world, seed), slug)
    for document in (one, other):
        for finding in document["findings"]:
            finding["row"] = None
        document["findings"].sort(key=str)

    assert one == other


@given(world=whole_worlds(), slug=slugs)
@settings(max_examples=8)
def test_about_one_party_is_the_answer_filtered(world: World, slug: str) -> None:
    """For every party: the outcomes that name it, unchanged, and no others."""
    found = discover(facts_of(world), load_policy(slug), as_of=DAY)
    whole = list(outcomes(found.document()))
    for row in world["parties"]:
        part = found.about(row["id"]).document()
        assert list(outcomes(part)) == [one for one in whole if row["id"] in names(one[1])]


@given(world=whole_worlds(), slug=slugs)
@settings(max_examples=8)
def test_about_as_an_argument(world: World, slug: str) -> None:
    """Asking with `about` is asking the whole and filtering."""
    party = world["parties"][-1]["id"]
    found = discover(facts_of(world), load_policy(slug), as_of=DAY)

    assert answer(world, slug, about=party) == found.about(party).document()


@given(world=whole_worlds(), other=whole_worlds(), slug=slugs)
@settings(max_examples=7)
def test_strangers_change_nothing(world: World, other: World, slug: str) -> None:
    """An unrelated component leaves every outcome of the first as it was."""
    world = with_strangers(world)
    foreign = renamed(other)
    both = {stem: [*world.get(stem, []), *foreign.get(stem, [])] for stem in {**world, **foreign}}
    mine = {row["id"] for row in world["parties"]}

    alone, together = outcomes(answer(world, slug)), outcomes(answer(both, slug))

    assert [one for one in together if names(one[1]) <= mine] == list(alone)


@given(world=whole_worlds(dated=True), slug=slugs, day=days)
@settings(max_examples=7)
def test_a_day_is_the_facts_cut_to_it(world: World, slug: str, day: date) -> None:
    """Facts of other days have no say (but a marriage that ended stays a link)."""
    cut = {
        stem: [row for row in rows if stem == "parties" or holds(row, day)] for stem, rows in world.items()
    }

    assert _dateless(answer(world, slug, day)) == _dateless(answer(cut, slug, day))


@given(world=whole_worlds(dated=True), slug=slugs, known=moments)
@settings(max_examples=7)
def test_what_was_not_known_has_no_say(world: World, slug: str, known: date) -> None:
    """Facts recorded later do not exist for an answer as of then."""
    then = {
        stem: [row for row in rows if not text(row, "recorded_at") > known.isoformat()]
        for stem, rows in world.items()
    }
    moment = datetime(known.year, known.month, known.day, 12, tzinfo=UTC).replace(tzinfo=None)

    asked = answer(world, slug, known_at=moment)

    assert list(outcomes(asked)) == list(outcomes(answer(then, slug)))
    assert asked["known_at"] == moment.isoformat()


def _dateless(document: Document) -> list[tuple[str, Document]]:
    return [one for one in outcomes(document) if one[1].get("reason") != "ex_spouse"]


@given(world=whole_worlds(dated=True), slug=slugs)
@settings(max_examples=8)
def test_answers_have_the_published_shape(world: World, slug: str) -> None:
    """Each answer is valid against the JSON Schema, each list sorted by id or key without repeats."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    document = json.loads(json.dumps(answer(world, slug)))

    Draft202012Validator(schema).validate(document)
    for name in LISTS:
        ids = [one.get("id") or one["key"] for one in document[name]]
        assert ids == sorted(ids)
        assert name == "exempt" or len(set(ids)) == len(ids)
    for _, one in outcomes(document):
        assert names(one) <= set(document["parties"])


@pytest.mark.slow
@given(world=whole_worlds(dated=True), slug=slugs, seed=st.integers(0, 999))
@settings(max_examples=300)
def test_order_changes_nothing_in_many_worlds(world: World, slug: str, seed: int) -> None:
    """The same over many worlds with dates."""
    assert list(outcomes(answer(world, slug))) == list(outcomes(answer(shuffled(world, seed), slug)))
