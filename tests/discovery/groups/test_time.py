"""The answer with as_of = known_at = t is that of one who only ever saw what was recorded and valid by t."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.worlds import Row, World, facts_of, text, whole_worlds

from discovery.evidence.checker import check
from discovery.facts.facts import Facts
from discovery.groups import discover
from discovery.policies import load_policy, policy_slugs

RECORDED = ("2023-05-01", "2025-05-01", "2026-05-01", "2026-12-01")
DAYS = (date(2024, 1, 1), date(2025, 6, 30), date(2026, 6, 30), date(2027, 2, 1))
Document = dict[str, Any]
slugs = st.sampled_from(policy_slugs())


@st.composite
def histories(draw: st.DrawFn) -> World:
    """A world whose rows begin and end, are corrected later, replace one another; parties too."""
    world = draw(whole_worlds(dated=True))
    for row in world["parties"]:
        row["recorded_at"] = draw(st.sampled_from(("", "", *RECORDED)))
        row["valid_from"] = draw(st.sampled_from(("", "", "", "2025-01-01")))
    for stem, rows in world.items():
        for row in list(rows):
            if draw(st.integers(0, 3)) == 0:
                rows.extend(draw(_later(stem, row)))
    facts = facts_of(world)
    for stem in ("holdings", "offices", "powers", "kinship"):
        for row in world.get(stem, ()):
            begun = not text(row, "valid_from")  # else it replaces before it was seen
            if begun and facts[stem].height and draw(st.integers(0, 7)) == 0:
                row["supersedes"] = draw(st.sampled_from(sorted(facts[stem]["fact"])))
    return world


@st.composite
def _later(draw: st.DrawFn, stem: str, row: Row) -> list[Row]:
    """Later versions of a row: what was said of it at other moments."""
    moments = [moment for moment in RECORDED if moment > text(row, "recorded_at")]
    chosen = draw(st.lists(st.sampled_from(moments), max_size=2, unique=True)) if moments else []
    changed = {"client_no": "", "name": "new"} if stem == "parties" else {"confidence": "0.4"}
    ends = ("", "2025-03-01", "2026-06-30")
    return [
        {**row, **changed, "recorded_at": moment, "valid_to": draw(st.sampled_from(ends))}
        for moment in chosen
    ]


def seen_by(world: World, day: date) -> World:
    """The rows that were recorded and had begun by the day."""
    return {
        stem: [
            row
            for row in rows
            if text(row, "recorded_at") <= day.isoformat() and text(row, "valid_from") <= day.isoformat()
        ]
        for stem, rows in world.items()
    }


def answer(facts: Facts, slug: str, day: date, known: datetime | None) -> Document:
    """The answer without what was noted while reading."""
    document = discover(facts, load_policy(slug), as_of=day, known_at=known).document()
    document["findings"] = [one for one in document["findings"] if one["file"] is None]
    return document


def end_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC).replace(tzinfo=None)


def equal_to_one_who_saw_no_more(world: World, slug: str, day: date) -> None:
    known = end_of(day)

    asked = answer(facts_of(world), slug, day, known)
    then = answer(facts_of(seen_by(world, day)), slug, day, known)
    unbounded = answer(facts_of(seen_by(world, day)), slug, day, None)

    assert asked == then
    assert then == {**unbounded, "known_at": known.isoformat()}


@given(world=histories(), slug=slugs, day=st.sampled_from(DAYS))
@settings(max_examples=8)
def test_a_past_day_is_answered_by_what_was_seen_by_then(world: World, slug: str, day: date) -> None:
    """Later rows, corrections and versions of facts and of parties leave no trace."""
    equal_to_one_who_saw_no_more(world, slug, day)


@given(world=histories(), slug=slugs, day=st.sampled_from(DAYS))
@settings(max_examples=4)
def test_the_checker_follows_into_the_past(world: World, slug: str, day: date) -> None:
    """An answer about an earlier moment is derived again from all versions by the checker."""
    facts, known = facts_of(world), end_of(day)
    document = discover(facts, load_policy(slug), as_of=day, known_at=known).document()

    assert check(document, facts, load_policy(slug)) == []


@pytest.mark.slow
@given(world=histories(), slug=slugs, day=st.sampled_from(DAYS))
@settings(max_examples=600)
def test_past_days_of_many_worlds(world: World, slug: str, day: date) -> None:
    """The same over many histories."""
    equal_to_one_who_saw_no_more(world, slug, day)


def test_an_earlier_moment_brings_back_the_version_before() -> None:
    """The stake was thought to last; in July 2025 it was recorded as ended in March."""
    stake = {"holder": "A", "company": "X", "equity_percent": "60"}
    parties = [{"id": name, "kind": "enterprise_legal_person"} for name in "AX"]
    facts = facts_of(
        {
            "parties": parties,
            "holdings": [
                {**stake, "recorded_at": "2024-01-01"},
                {**stake, "recorded_at": "2025-07-01", "valid_to": "2025-03-01"},
            ],
        }
    )

    found = {
        known: [group["members"] for group in answer(facts, "cbrc-2010", day, end_of(known))["groups"]]
        for known, day in ((date(2025, 6, 30), date(2025, 6, 30)), (date(2025, 8, 1), date(2025, 6, 30)))
    }

    assert found == {date(2025, 6, 30): [["A", "X"]], date(2025, 8, 1): []}


def test_a_party_is_what_it_was_recorded_as() -> None:
    """B became a client in 2025; before that the group had one client and was none."""
    parties = [
        {"id": "A", "kind": "enterprise_legal_person", "client_no": "1"},
        {"id": "X", "kind": "enterprise_legal_person", "recorded_at": "2024-01-01"},
        {"id": "X", "kind": "enterprise_legal_person", "client_no": "2", "recorded_at": "2025-01-01"},
    ]
    facts = facts_of(
        {"parties": parties, "holdings": [{"holder": "A", "company": "X", "equity_percent": "60"}]}
    )
    day = date(2026, 6, 30)

    before, after = (
        answer(facts, "cbrc-2010", day, end_of(date(year, 12, 31)))["groups"] for year in (2024, 2025)
    )

    assert ([], [["A", "X"]]) == (before, [group["members"] for group in after])


def test_an_adoption_spares_who_was_the_adopter_s_spouse_that_day() -> None:
    """m was his wife then and is no more: still a parent. One who married him later is not."""
    adopted = {"person": "f", "relation": "parent_of", "relative": "c", "kind": "adoption"}
    wedding = {"person": "m", "relation": "spouse_of", "relative": "f"}
    stakes = [{"holder": "m", "company": "X", "equity_percent": "60"},
              {"holder": "c", "company": "Y", "equity_percent": "60"}]  # fmt: skip
    born = {"person": "m", "relation": "parent_of", "relative": "c"}

    def groups(adoption: Row, marriage: Row) -> list[list[str]]:
        parties = [{"id": name, "kind": "enterprise_legal_person"} for name in "XY"]
        parties += [{"id": name, "kind": "natural_person"} for name in "mfc"]
        world = {"parties": parties, "holdings": stakes, "kinship": [born, adoption, marriage]}
        found = answer(facts_of(world), "cbrc-2010", date(2026, 6, 30), None)
        return [group["members"] for group in found["groups"]]

    since = {**adopted, "valid_from": "2015-01-01"}
    divorced = {**wedding, "valid_from": "2010-01-01", "valid_to": "2020-01-01"}
    married_later = {**wedding, "valid_from": "2020-01-01"}
    assert ([["X", "Y"]], []) == (groups(since, divorced), groups(since, married_later))


def test_nobody_is_spared_as_his_own_spouse() -> None:
    """A birth parent who adopts the child is a parent by the adoption; a marriage to oneself is none."""
    parties = [{"id": name, "kind": "enterprise_legal_person"} for name in "XY"]
    parties += [{"id": name, "kind": "natural_person"} for name in "pc"]
    kinship = [
        {"person": "p", "relation": "parent_of", "relative": "c"},
        {"person": "p", "relation": "parent_of", "relative": "c", "kind": "adoption"},
        {"person": "p", "relation": "spouse_of", "relative": "p"},
    ]
    stakes = [{"holder": holder, "company": "X", "equity_percent": "30"} for holder in "pc"]
    stakes.append({"holder": "c", "company": "Y", "equity_percent": "60"})
    facts = facts_of({"parties": parties, "holdings": stakes, "kinship": kinship})
    day, policy = date(2026, 6, 30), load_policy("cbrc-2010")
    found = discover(facts, policy, as_of=day).document()
    (adoption,) = (row["fact"] for row in facts["kinship"].rows(named=True) if row["kind"] == "adoption")

    faults = check(found, facts, policy, as_of=day)

    assert [] == [str(fault) for fault in faults]
    assert [[adoption]] == [tie["facts"] for tie in found["groups"][0]["controller"]["kin"]]
