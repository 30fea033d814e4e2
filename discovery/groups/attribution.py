"""Which group a company goes to that several may claim: the question, and the policy's ladder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from discovery.facts.schema import AMOUNT_SCALE
from discovery.groups.amounts import decimal_text
from discovery.groups.candidates import Candidates
from discovery.groups.pairs import Pair
from discovery.groups.units import CLUSTER, DECIDED, Unit
from discovery.groups.writing import unit_id

CLAIMING: Final = frozenset(
    {"half_share", "near_control", "joint_control", "closed_list_basis", "single_post"}
)
_SHARED: Final = frozenset({"joint_control"})  # its `with` names several sides


def attributions(asked: Candidates, claims: Sequence[Pair]) -> Iterator[Pair]:
    """`attribution`: companies in several groups whose controllers have nobody in common.

    Under a policy with a ladder also those that a question (`claims`) would bring into one, as far as
    somebody in the group holds a stake; `attributed_to` names the group that the ladder singles out.
    """
    if not asked.policy.triggers("attribution"):
        return
    owners = asked.formation.branches.select("unit", company="owner")
    groups = asked.clients(asked.formation.in_groups.join(owners, on=["unit", "company"], how="anti"))
    if asked.policy.attribution is not None:
        groups = pl.concat([groups, _claimed(asked, claims)]).unique()
    several = groups.filter(pl.col("unit").n_unique().over("company") > 1)
    contested = dict(_contested(asked, several))
    if asked.policy.attribution is None:
        for company, units in contested.items():
            yield Pair("REVIEW", "attribution", [company], _heads(units))
        return
    yield from _attributed(asked, contested)


def _contested(asked: Candidates, several: pl.DataFrame) -> Iterator[tuple[int, dict[int, Unit]]]:
    """Companies with the units that claim them: none inside another's group, not one family alone."""
    for company, numbers in several.group_by("company").agg(pl.col("unit").sort()).sort("company").rows():
        units = {number: asked.formation.units.unit(number) for number in numbers}
        apart = {
            number: unit
            for number, unit in units.items()
            if unit.kind != DECIDED and not _inside_another(asked, unit, units)
        }
        families = [set(unit.parties) for unit in apart.values() if unit.kind == CLUSTER]
        related = sum(len(family) for family in families) > len(set().union(*families))
        if len(apart) - len(families) + (1 if related else len(families)) > 1:
            yield company, apart


def _inside_another(asked: Candidates, unit: Unit, units: dict[int, Unit]) -> bool:
    """Does the unit's head stand in the group of another of them?"""
    return any(number in asked.groups_of.of(unit.head) for number, other in units.items() if other != unit)


def _heads(units: dict[int, Unit]) -> list[int]:
    return sorted({unit.head for unit in units.values()})


def _claimed(asked: Candidates, claims: Sequence[Pair]) -> pl.DataFrame:
    """The groups that a question would bring a client into, if somebody of theirs holds a stake in it."""
    rows = [
        (party, head, pair.reason in _SHARED)
        for pair in claims
        for party in pair.parties
        for head in (pair.others if pair.reason in _SHARED else pair.others[:1])
    ]
    schema = {"company": pl.Int32, "party": pl.Int32, "shared": pl.Boolean}
    frame = asked.clients(pl.DataFrame(rows, schema=schema, orient="row").unique())
    inside = asked.inside.join(asked.formation.groups, on="unit", how="semi")
    if asked.policy.control.multiplies:  # then a unit that is asked about may stand inside another
        heads = asked.formation.units.members.join(asked.formation.groups, on="unit", how="semi")
        sides = [
            frame.filter("shared").join(inside, on="party"),
            frame.filter(~pl.col("shared")).join(heads, on="party"),
        ]
    else:
        sides = [frame.join(inside, on="party")]
    found = pl.concat([side.select("unit", "company") for side in sides]).unique()
    return found.join(_stakes(asked, found).select("unit", "company").unique(), on=["unit", "company"])


def _stakes(asked: Candidates, claims: pl.DataFrame) -> pl.DataFrame:
    """What parties inside claiming units hold: `unit`, `company`, `holder`, `equity`, `facts`."""
    held = (
        asked.graph.holdings.join(claims.select("company").unique(), on="company", how="semi")
        .group_by("holder", "company")
        .agg(pl.col("equity").sum(), facts=pl.col("fact"))
    )
    return (
        claims.join(held, on="company")
        .join(asked.inside.rename({"party": "holder"}), on=["unit", "holder"], how="semi")
        .select("unit", "company", "holder", "equity", "facts")
    )


def _attributed(asked: Candidates, contested: dict[int, dict[int, Unit]]) -> Iterator[Pair]:
    """The question of each contested company, with the group that the policy's ladder names."""
    rows = [(number, company) for company, units in contested.items() for number in units]
    claims = pl.DataFrame(rows, schema={"unit": pl.Int32, "company": pl.Int32}, orient="row")
    ladder = _Ladder(asked, claims)
    keys = asked.graph.parties.keys
    for company, units in contested.items():
        winner, figures = ladder.of(company, list(units))
        yield Pair(
            "REVIEW",
            "attribution",
            [company],
            _heads(units),
            facts=ladder.facts(company),
            measured=figures,
            attributed_to=None
            if winner is None
            else unit_id(asked.policy.slug, keys, asked.formation, winner),
        )


class _Ladder:
    """The policy's rules of attribution, each value by (company, unit), read off whole columns."""

    def __init__(self, asked: Candidates, claims: pl.DataFrame) -> None:
        rule = asked.policy.attribution
        self._order = rule.order if rule else ()
        stakes = _stakes(asked, claims)
        consolidating = _consolidating(asked, claims)
        self._facts = _facts_by_company(stakes, consolidating)
        makers = {
            "consolidator": lambda: _counted(claims, consolidating),
            "highest_equity": lambda: _largest(claims, stakes, "equity"),
            "highest_credit_share": lambda: _balances(asked, claims, stakes),
            "earliest_managed": lambda: _managed_since(asked, claims),
        }
        self._values: dict[str, dict[tuple[int, int], Any]] = {name: makers[name]() for name in self._order}

    def facts(self, company: int) -> list[str]:
        """Stakes in the company and consolidation of it by those who claim it."""
        return self._facts.get(company, [])

    def of(self, company: int, units: list[int]) -> tuple[int | None, list[str]]:
        """The unit that the first rule with one winner names, and its figures: rule, first, second."""
        for name in self._order:
            known = [self._values[name].get((company, unit)) for unit in units]
            values: list[Any] = [value for value in known if value is not None]
            if len(values) < len(units):
                continue
            ranked = sorted(values, reverse=name != "earliest_managed")
            if ranked[0] != ranked[1]:
                shown = [_shown(name, value) for value in ranked[:2]]
                figures = ["rule", name, "first", shown[0], "second", shown[1]]
                return units[values.index(ranked[0])], figures
        return None, []


def _shown(rule: str, value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if rule == "highest_equity":
        return decimal_text(value)
    return decimal_text(value, AMOUNT_SCALE) if rule == "highest_credit_share" else str(value)


def _consolidating(asked: Candidates, claims: pl.DataFrame) -> pl.DataFrame:
    """Facts by which somebody inside a claiming unit consolidates the company: `unit`, `company`, `facts`."""
    powers = asked.graph["powers"].filter(pl.col("kind") == "consolidates")
    inside = asked.inside.rename({"party": "holder"})
    return (
        claims.join(powers.select("holder", "company", "fact"), on="company")
        .join(inside, on=["unit", "holder"], how="semi")
        .group_by("unit", "company")
        .agg(facts=pl.col("fact"))
    )


def _facts_by_company(*frames: pl.DataFrame) -> dict[int, list[str]]:
    facts = pl.concat([frame.select("company", "facts").explode("facts") for frame in frames])
    return dict(facts.group_by("company").agg(pl.col("facts").unique().sort()).rows())


def _by_pair(frame: pl.DataFrame) -> dict[tuple[int, int], Any]:
    return {
        (company, unit): value for company, unit, value in frame.select("company", "unit", "value").rows()
    }


def _counted(claims: pl.DataFrame, consolidating: pl.DataFrame) -> dict[tuple[int, int], Any]:
    """1 where somebody in the unit consolidates the company, else 0."""
    marked = consolidating.select("unit", "company", value=pl.lit(1))
    return _by_pair(claims.join(marked, on=["unit", "company"], how="left").fill_null(0))


def _largest(claims: pl.DataFrame, stakes: pl.DataFrame, column: str) -> dict[tuple[int, int], Any]:
    """The largest value among the shareholders in each unit, 0 where there is none."""
    most = stakes.group_by("unit", "company").agg(value=pl.col(column).max())
    return _by_pair(claims.join(most, on=["unit", "company"], how="left").fill_null(0))


def _balances(asked: Candidates, claims: pl.DataFrame, stakes: pl.DataFrame) -> dict[tuple[int, int], Any]:
    """The largest balance of a shareholder in each unit; none without credits or in several currencies."""
    lent = asked.graph["credits"]
    if lent.is_empty():
        return {}
    rows = stakes.select("unit", "company", "holder").join(
        lent.select("client", "balance", "currency"), left_on="holder", right_on="client"
    )
    mixed = rows.group_by("company").agg(many=pl.col("currency").n_unique()).filter(pl.col("many") > 1)
    sums = rows.group_by("unit", "company", "holder").agg(
        balance=pl.col("balance").fill_null(0).cast(pl.Int128).sum()
    )
    clear = claims.join(mixed, on="company", how="anti")
    return _largest(clear, sums, "balance")


def _managed_since(asked: Candidates, claims: pl.DataFrame) -> dict[tuple[int, int], Any]:
    """The first day on which a party of the unit itself was put under unified management."""
    since = asked.graph.parties.frame["group_managed_since"]
    own = asked.formation.units.members.join(claims.select("unit").unique(), on="unit", how="semi")
    days = own.with_columns(value=since.gather(own["party"])).drop_nulls("value")
    first = days.group_by("unit").agg(pl.col("value").min())
    return _by_pair(claims.join(first, on="unit"))
