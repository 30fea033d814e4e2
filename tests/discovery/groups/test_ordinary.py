"""What is put into text by columns is the text of the documents that are drawn one by one."""

from __future__ import annotations

import io
from pathlib import Path

import orjson
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.worlds import DAY, SOURCE, World, facts_of, whole_worlds

from discovery.facts.facts import Facts
from discovery.facts.graph import fact_graph
from discovery.facts.package import facts_from_rows, read_package
from discovery.groups import discover
from discovery.groups.eligible import eligible
from discovery.groups.writing import GroupWriter
from discovery.policies import load_policy, policy_slugs

SAMPLE = Path(__file__).parents[3] / "discovery" / "sample" / "guanlian"
ODD = 'é"\\\u2028</公司>'


def by_columns(facts: Facts, slug: str) -> tuple[int, int]:
    """How many groups there are that are ordinary, with the same text by columns, and how many in all."""
    answer, policy = discover(facts, load_policy(slug), as_of=DAY), load_policy(slug)
    graph = fact_graph(facts, DAY)
    writer = GroupWriter(graph, policy, eligible(graph, policy), answer.formation)
    members = answer.formation.members.join(answer.formation.groups, on="unit", how="semi")
    chosen = members.filter(pl.Series(writer.ordinary[members["unit"].to_numpy()], dtype=pl.Boolean))
    drawn = [group for _, group, _ in writer.write(chosen, {})]
    text = writer.lines(chosen).text
    assert list(text.values()) == [orjson.dumps(group).decode() for group in drawn]
    return len(text), answer.formation.groups.height


def same(facts: Facts, slug: str) -> None:
    """The whole answer, which is written by columns as far as it can be, beside its document."""
    answer = discover(facts, load_policy(slug), as_of=DAY)
    drawn, stream = answer.document(), io.BytesIO()
    answer.write(stream)
    whole = stream.getvalue()
    groups = whole.split(b'"groups": [', 1)[1].split(b"\n]", 1)[0].split(b"\n")
    assert [line.removesuffix(b",") for line in groups[1:]] == [orjson.dumps(one) for one in drawn["groups"]]
    assert orjson.loads(whole) == drawn


@pytest.fixture(scope="module")
def sample() -> Facts:
    return read_package(SAMPLE).facts


@pytest.mark.parametrize("slug", policy_slugs())
def test_the_sample_is_written_as_it_is_drawn(sample: Facts, slug: str) -> None:
    same(sample, slug)
    by_columns(sample, slug)


@settings(max_examples=30)
@given(whole_worlds(dated=True), st.sampled_from(policy_slugs()))
def test_any_world_is_written_as_it_is_drawn(world: World, slug: str) -> None:
    facts = facts_of(world)
    same(facts, slug)
    by_columns(facts, slug)


def test_most_groups_of_holdings_alone_are_ordinary_and_odd_ids_are_escaped() -> None:
    def named(number: int) -> str:
        return f"C{number}{ODD}"

    kind = "enterprise_legal_person"
    parties = [{"id": named(number), "name": ODD, "kind": kind} for number in range(40)]
    holdings = [
        {"holder": named(number - number % 4), "company": named(number), "voting_percent": "50.000001"}
        for number in range(40)
        if number % 4
    ]
    facts = facts_from_rows({"parties": parties, "holdings": holdings}, source=SOURCE)
    assert by_columns(facts, "cbrc-2010") == (10, 10)
    same(facts, "cbrc-2010")
