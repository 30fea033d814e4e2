"""What type a group is, in the order of the policy's tests, and the mode in which it is given credit."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl

from discovery.exposure.standing import Standing
from discovery.facts.graph import KIND_CODE
from discovery.groups.amounts import fraction_text
from discovery.groups.units import DECIDED
from discovery.policies.expressions import Expression, Measured

Document = dict[str, Any]
_SHARE_TESTS = frozenset({"voting", "equity"})


def group_types(groups: Standing) -> dict[int, Document]:
    """The type of each group; `code` is null where no type's condition is met or can be settled."""
    rule = groups.policy.types
    if rule is None:
        return {}
    ties = _ties(groups)
    branches = set(_branches_only(groups)["unit"])
    found = {}
    for unit in groups.units:
        measured = ties[unit]
        tests = [(one, one.when.holds(measured)) for one in rule.order]
        first = next(((one, held) for one, held in tests if held is not False), None)
        document: Document = {
            "code": None,
            "presumed": rule.presumed,
            "flags": ["branches_only"] if unit in branches else [],
            "measured": {
                name: None if value is None else fraction_text(value) for name, value in measured.items()
            },
        }
        if first is not None and first[1]:
            chosen = first[0]
            document |= {
                "code": chosen.code,
                "name": chosen.name.model_dump(include={"zh", "en"}),
                "mode": chosen.mode.model_dump(include={"zh", "en"}),
                "article": chosen.article,
                "mode_article": chosen.mode_article,
            }
        elif first is not None:
            document["undecided"] = sorted(_unmeasured(first[0].when, measured))
        found[unit] = document
    return found


def _unmeasured(condition: Expression, measured: Measured) -> set[str]:
    return {name for name in condition.quantities if measured.get(name) is None}


def _ties(groups: Standing) -> dict[int, dict[str, Fraction | None]]:
    """What `policies.expressions.TIES` lists, of each group."""
    below = groups.below
    powers = groups.graph["powers"]
    many = _count(below)
    accounting = _count(_covered(groups, powers.filter(pl.col("kind") == "unified_accounting")))
    borrowing = _count(_covered(groups, powers.filter(pl.col("kind") == "unified_borrow_repay")))
    consolidated = _consolidated(groups)
    obtainable = _count(consolidated.filter("obtainable"))
    in_statements = _count(consolidated)
    alone = _count(_with_mark(groups, below, "own_financing"))
    shares = _count(_by_shares(groups))
    kinds = dict(groups.groups.select("unit", "kind").rows())
    clusters, clients = set(groups.clusters["unit"]), _count(groups.clients)

    def share(counts: dict[int, int], unit: int) -> Fraction | None:
        return Fraction(100 * counts.get(unit, 0), many[unit]) if many.get(unit) else None

    return {
        unit: {
            "equity_ties": Fraction(shares.get(unit, 0)),
            "person_ties": Fraction(clients.get(unit, 0) if unit in clusters else 0),
            "decided": Fraction(int(kinds[unit] == DECIDED)),
            "unified_accounting_share": share(accounting, unit),
            "unified_borrowing_share": share(borrowing, unit),
            "members_financing_alone": Fraction(alone.get(unit, 0)),
            "consolidated_share": share(in_statements, unit),
            "statements_share": share(obtainable, unit),
        }
        for unit in groups.units
    }


def _count(frame: pl.DataFrame) -> dict[int, int]:
    return dict(frame.select("unit", "company").unique().group_by("unit").len().rows())


def _by_shares(groups: Standing) -> pl.DataFrame:
    """Members that pass the policy's test of shares: `unit`, `company`."""
    bits = sum(
        1 << place for place, basis in enumerate(groups.policy.control.bases) if basis.measure in _SHARE_TESTS
    )
    passed = groups.grounds.filter((pl.col("mask") & bits) != 0).select("unit", "company")
    return groups.below.join(passed, on=["unit", "company"], how="semi")


def _covered(groups: Standing, powers: pl.DataFrame) -> pl.DataFrame:
    """Members below the head over whom somebody inside has one of the powers: `unit`, `company`, `holder`."""
    rows = groups.below.join(powers.select("holder", "company").unique(), on="company")
    inside = groups.inside.rename({"party": "holder"})
    return rows.join(inside, on=["unit", "holder"], how="semi")


def _consolidated(groups: Standing) -> pl.DataFrame:
    """Members in consolidated statements of somebody inside, and whether these can be had."""
    powers = groups.graph["powers"]
    rows = _covered(groups, powers.filter(pl.col("kind") == "consolidates"))
    given = powers.filter(pl.col("kind") == "statements_obtainable").select("holder", "company").unique()
    named = given.with_columns(named=pl.lit(value=True))
    whole = given.filter(pl.col("holder") == pl.col("company")).select("holder", whole=pl.lit(value=True))
    return (
        rows.join(named, on=["holder", "company"], how="left")
        .join(whole, on="holder", how="left")
        .with_columns(obtainable=pl.coalesce("named", "whole", pl.lit(value=False)))
    )


def _with_mark(groups: Standing, members: pl.DataFrame, column: str) -> pl.DataFrame:
    marks = pl.Series(groups.graph.parties.mark(column))
    return members.filter(marks.gather(members["company"]))


def _branches_only(groups: Standing) -> pl.DataFrame:
    """Groups in which everybody below the head is an unincorporated body: one legal person in all."""
    kinds = pl.Series(groups.graph.parties.kind)
    rows = groups.below.with_columns(
        branch=kinds.gather(groups.below["company"]) == KIND_CODE["unincorporated"]
    )
    return rows.group_by("unit").agg(pl.col("branch").all()).filter("branch").select("unit")
