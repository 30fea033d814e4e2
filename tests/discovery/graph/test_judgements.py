"""Parties as a function of links and judgements, against a plain reading of the rules."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.facts.keys import party_id
from discovery.graph.judgements import APART, MERGE, Judgement, Moved, moves, parties_of

KEYS = [f"s/{letter}" for letter in "abcdefgh"]
keys = st.sampled_from(KEYS)
sides = st.tuples(st.sets(keys, min_size=1, max_size=3), st.sets(keys, min_size=1, max_size=3)).filter(
    lambda pair: pair[0].isdisjoint(pair[1])
)


def said(kind: str, left: set[str], right: set[str], number: int) -> Judgement:
    return Judgement(
        f"j{number}", f"c{number}", kind, tuple(sorted(left)), tuple(sorted(right)), f"{number:03}"
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[str, str | None], list[Judgement]]:
    """Links as batches write them (the mark is the smallest key), and judgements in any order."""
    marks: dict[str, str | None] = dict.fromkeys(KEYS)
    for key in KEYS:
        if draw(st.booleans()):
            marks[key] = draw(st.sampled_from([one for one in KEYS if one <= key]))
    kinds = draw(st.lists(st.tuples(st.sampled_from([MERGE, APART]), sides), max_size=6))
    return marks, [said(kind, *pair, number) for number, (kind, pair) in enumerate(kinds)]


def together(parties: dict[str, str]) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in combinations(KEYS, 2) if parties[pair[0]] == parties[pair[1]]}


@given(worlds())
def test_a_keep_apart_stands_against_links_and_chains_of_merges(world: tuple) -> None:
    """Whatever else is said: nobody of the left is in one party with anybody of the right."""
    linked, judgements = world

    found = together(parties_of(linked, judgements))

    for one in judgements:
        if one.kind == APART:
            assert not any(frozenset((a, b)) in found for a in one.left for b in one.right)


@given(worlds())
def test_without_keep_aparts_parties_are_what_is_connected(world: tuple) -> None:
    """Links and merges chain; the id is that of the smallest key."""
    linked, judgements = world
    merges = [one for one in judgements if one.kind == MERGE]
    neighbours = {key: {key} for key in KEYS}
    for one in merges:
        neighbours[one.left[0]].add(one.right[0])
        neighbours[one.right[0]].add(one.left[0])
    for a, b in combinations(KEYS, 2):
        if linked[a] is not None and linked[a] == linked[b]:
            neighbours[a].add(b)
            neighbours[b].add(a)
    for _ in KEYS:
        neighbours = {
            key: set().union(*(neighbours[one] for one in near)) for key, near in neighbours.items()
        }

    assert {key: party_id(min(near)) for key, near in neighbours.items()} == parties_of(linked, merges)


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_read_does_not_matter(world: tuple, chance: object) -> None:
    """Records and judgements shuffled give the same parties."""
    linked, judgements = world
    shuffled = list(linked.items())
    chance.shuffle(shuffled)
    again = list(judgements)
    chance.shuffle(again)

    assert parties_of(linked, judgements) == parties_of(dict(shuffled), again)


@settings(max_examples=50)
@given(worlds(), worlds())
def test_events_tell_every_change_of_company(one: tuple, other: tuple) -> None:
    """Two records that part or meet are named by a split or a merge; nothing else is told."""
    before, after = parties_of(*one), parties_of(*other)

    told = list(moves(before, after))

    assert {m.old[0] for m in told if m.type == "split"} == {
        before[a] for a, b in combinations(KEYS, 2) if before[a] == before[b] and after[a] != after[b]
    }
    assert {m.new[0] for m in told if m.type == "merged"} == {
        after[a] for a, b in combinations(KEYS, 2) if before[a] != before[b] and after[a] == after[b]
    }


def test_a_merge_names_the_ids_before_and_after() -> None:
    """b joins a: the id of a stays, that of b is old, and b's record is what moved."""
    a, b = party_id("s/a"), party_id("s/b")

    told = list(moves({"s/a": a, "s/b": b}, {"s/a": a, "s/b": a}))

    assert [Moved("merged", tuple(sorted((a, b))), (a,), ("s/b",))] == told
