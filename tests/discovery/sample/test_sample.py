"""The shipped sample is what docs/sample.md tells of it, under every shipped policy."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from discovery.evidence.checker import check
from discovery.facts.facts import Facts
from discovery.facts.package import read_package
from discovery.groups import discover
from discovery.policies import load_policy, policy_slugs
from discovery.service.answers import Asked
from discovery.service.several import several

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "discovery" / "sample" / "guanlian"
TOLD = (ROOT / "docs" / "sample.md").read_text(encoding="utf-8")
DAY = date(2026, 6, 30)
POLICIES = ("cbrc-2010", "huishang", "xindu-guicheng", "substance-eleven", "abc-2009")
LISTS = ("groups", "exempt", "review", "related", "links", "dependent_sets")
Told = set[tuple[str, ...]]


@cache
def facts() -> Facts:
    return read_package(SAMPLE).facts


@cache
def answer(policy: str, day: date = DAY) -> dict[str, Any]:
    return discover(facts(), load_policy(policy), as_of=day).document()


def table(first: str, policy: str) -> Told:
    """The rows of the page's table that begins with this column, whose cell under the policy is filled."""
    lines = TOLD.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first} |"))
    columns = [cell.strip(" `") for cell in lines[start].strip("|").split("|")]
    place = columns.index(policy)
    found: Told = set()
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
        if cells[place]:
            told = [cell for column, cell in zip(columns, cells, strict=True) if column not in POLICIES]
            found.add((*told, cells[place]))
    return found


def test_the_numbers_of_every_policy_are_as_told():
    """A row for each shipped policy: how many outcomes of each kind, and whose groups it has."""
    slugs = sorted(policy_slugs(), key=lambda slug: (slug != "cbrc-2010", slug))
    first: dict[frozenset[str], str] = {}
    said = []
    for one in several(facts(), [Asked(slug, DAY) for slug in slugs]):
        slug, outcomes = one.answer.policy.slug, list(one.answer.outcomes())
        counts = Counter(name for name, _ in outcomes)
        groups = frozenset(repr(sets(group)) for name, group in outcomes if name in {"groups", "exempt"})
        alike = first.setdefault(groups, slug)
        cells = [*(counts[name] for name in LISTS), "" if alike == slug else f"`{alike}`"]
        said.append(f"| `{slug}` | {' | '.join(str(cell) for cell in cells)} |")

    assert said == [line for line in TOLD.splitlines() if line.startswith("| `") and line.count("|") == 9]


def sets(group: dict[str, Any]) -> list[object]:
    return [group["controller"]["parties"], group["members"], group["outcome"], group.get("reason")]


def shown(parties: list[str]) -> str:
    return ", ".join(parties)


def test_the_page_speaks_of_shipped_policies():
    """The five whose rules differ most are told outcome by outcome, the others in numbers."""
    assert set(POLICIES) <= set(policy_slugs())


@pytest.mark.parametrize("policy", POLICIES)
def test_groups_and_exemptions_are_as_told(policy):
    """Exactly these, each with its members and those that are no clients."""
    found = answer(policy)
    groups = [(group, "GROUP") for group in found["groups"]]
    groups += [(group, f"EXEMPT {group['reason']}") for group in found["exempt"]]

    said = {
        (
            " + ".join(group["controller"]["parties"]),
            shown([*group["members"], *(f"({one})" for one in group["non_client_members"])]),
            outcome,
        )
        for group, outcome in groups
    }

    assert table("controlling point", policy) == said


@pytest.mark.parametrize("policy", POLICIES)
def test_questions_are_as_told(policy):
    """Exactly these REVIEW outcomes."""
    said = {
        (one["reason"], shown(one["parties"]), shown(one["with"]), "yes") for one in answer(policy)["review"]
    }

    assert table("reason", policy) == said


@pytest.mark.parametrize("policy", POLICIES)
def test_looser_ties_are_there(policy):
    """RELATED and LINK: the told ones are among those found, and all others are holdings and kin."""
    found = [*answer(policy)["related"], *answer(policy)["links"]]
    said = {
        (one["outcome"], one["reason"], shown(one["parties"]), shown(one["with"]), "yes") for one in found
    }
    told = table("outcome", policy)

    assert told <= said
    assert {"holding", "kin"} >= {row[1] for row in said - told}


@pytest.mark.parametrize("policy", POLICIES)
def test_the_checker_accepts_every_answer(policy):
    """The sample's proofs hold when they are derived anew."""
    assert [] == check(answer(policy), facts(), load_policy(policy))


def test_it_is_read_without_any_problem_or_finding():
    """What we ship as an example is in order."""
    package = read_package(SAMPLE)

    assert 0 == package.problem_frame.height
    assert () == tuple(package.facts.findings)


def test_it_is_as_large_as_told():
    """65 organisations, of which 59 are clients, and 76 people."""
    parties = facts()["parties"]
    people = parties.filter(kind="natural_person")

    assert (76, 65) == (people.height, parties.height - people.height)
    assert 59 == parties["client_no"].drop_nulls().len()
    assert 0 == parties["id_number"].drop_nulls().len()


def test_every_kind_of_outcome_occurs():
    """GROUP, EXEMPT, REVIEW, RELATED and LINK; dependent sets come with no shipped policy."""
    for name in ("groups", "exempt", "review", "related", "links"):
        assert answer("abc-2009")[name]


@pytest.mark.parametrize(
    ("day", "members"),
    [
        (date(2024, 6, 30), {"huayue", "xinhai-mining"}),
        (date(2024, 7, 1), {"xinhai", "xinhai-mining"}),
    ],
)
def test_a_transfer_moves_a_company_on_its_day(day, members):
    """The mining company changes its group with the day of the transfer."""
    (group,) = [one for one in answer("cbrc-2010", day)["groups"] if "xinhai-mining" in one["members"]]

    assert members <= set(group["members"])


@pytest.mark.parametrize(("day", "grouped"), [(date(2023, 3, 14), True), (date(2023, 3, 15), False)])
def test_a_divorce_ends_a_family_group(day, grouped):
    """The last day of a marriage is no longer in it."""
    groups = [set(one["members"]) for one in answer("cbrc-2010", day)["groups"]]

    assert grouped == ({"songhe-garden", "baimei-design"} in groups)
