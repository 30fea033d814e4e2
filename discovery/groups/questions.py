"""All REVIEW outcomes of a policy on a day, but those that a single group's evidence raises (A5)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from discovery.facts.graph import KIND_CODE
from discovery.groups.amounts import decimal_text
from discovery.groups.attribution import CLAIMING, attributions
from discovery.groups.candidates import Candidates
from discovery.groups.dependence import dependent_sets
from discovery.groups.family import (
    affinity_kin,
    families_without_anchor,
    influence_by_persons,
    shared_representatives,
    strictly_joint,
)
from discovery.groups.form_only import form_only
from discovery.groups.near import circular_majorities, joint_control, near_misses, other_grounds
from discovery.groups.pairs import Pair
from discovery.groups.rulings import Ruling
from discovery.groups.sign_questions import hidden_associations
from discovery.groups.units import COMPANY, RING


def questions(asked: Candidates, rulings: dict[int, Ruling]) -> Iterator[Pair]:
    """Every question the policy raises, trigger by trigger."""
    claims = []
    for pair in _raised(asked, rulings):
        if pair.reason in CLAIMING:
            claims.append(pair)
        yield pair
    yield from attributions(asked, claims)


def _raised(asked: Candidates, rulings: dict[int, Ruling]) -> Iterator[Pair]:
    yield from near_misses(asked)
    yield from joint_control(asked)
    yield from other_grounds(asked)
    yield from circular_majorities(asked)
    yield from families_without_anchor(asked)
    yield from strictly_joint(asked)
    yield from affinity_kin(asked)
    yield from influence_by_persons(asked)
    yield from shared_representatives(asked)
    yield from form_only(asked)
    yield from _rings(asked)
    yield from _only_ends(asked)
    yield from _state_siblings(asked)
    yield from _doubtful_exemptions(asked, rulings)
    yield from _flows(asked)
    yield from _nominees(asked)
    yield from _partnership_tops(asked)
    yield from hidden_associations(asked)
    yield from dependent_sets(asked)


def _members(asked: Candidates, unit: int) -> list[int]:
    found: list[int] = asked.formation.members.filter((pl.col("unit") == unit) & pl.col("client"))[
        "company"
    ].to_list()
    return found


def _rings(asked: Candidates) -> Iterator[Pair]:
    """`ring`: a closed ring; who really decides?"""
    if not asked.policy.triggers("ring"):
        return
    rings = asked.formation.units.table.filter(pl.col("kind") == RING)
    for number in rings["unit"].to_list():
        yield Pair("REVIEW", "ring", asked.formation.units.unit(number).parties)


def _only_ends(asked: Candidates) -> Iterator[Pair]:
    """`influence_only`: a group would consist of end nodes alone."""
    if asked.policy.triggers("influence_only"):
        for unit in asked.formation.only_ends["unit"].to_list():
            yield Pair("REVIEW", "influence_only", _members(asked, unit), asked.head_of(unit))


def _state_siblings(asked: Candidates) -> Iterator[Pair]:
    """`state_siblings`: clients under one state organ that nobody admissible joins."""
    if not asked.policy.triggers("state_siblings"):
        return
    parties = asked.graph.parties
    owners = np.flatnonzero(parties.kind == KIND_CODE["government"]).astype(np.int32)
    starts = np.arange(len(owners) + 1, dtype=np.int64)
    found = asked.formation.units.registers.control((starts, owners))
    below = pl.DataFrame({"owner": owners[found.unit], "company": found.company})
    tops = asked.clients(below).join(asked.controlled, on="company", how="anti")
    siblings = tops.group_by("owner").agg(pl.col("company").sort()).sort("owner")
    for owner, companies in siblings.rows():
        if len(companies) > 1:
            yield Pair("REVIEW", "state_siblings", companies, [owner])


def _doubtful_exemptions(asked: Candidates, rulings: dict[int, Ruling]) -> Iterator[Pair]:
    """`exemption_doubtful`: it would need facts that are not on file, or it was lost."""
    if not asked.policy.triggers("exemption_doubtful"):
        return
    for unit, ruling in sorted(rulings.items()):
        if ruling.doubtful:
            ids = [rule.id for rule in ruling.doubtful]
            yield Pair(
                "REVIEW", "exemption_doubtful", _members(asked, unit), asked.head_of(unit), flags=(),
                measured=[text for rule in ids for text in ("exemption", rule)],
            )  # fmt: skip


def _flows(asked: Candidates) -> Iterator[Pair]:
    """`occupation` (B9) and `shifting` (B10): payments and trades that ask for a person."""
    columns = ["from", "to", "fact", "kind", "at_fair_price"]
    rows = pl.concat([asked.graph[stem].select(columns) for stem in ("payments", "trades")])
    asks = {
        "occupation": pl.col("kind") == "occupation",
        "shifting": ~pl.col("at_fair_price").fill_null(value=True),
    }
    for reason, condition in asks.items():
        if not asked.policy.triggers(reason):
            continue
        basis = ["B9" if reason == "occupation" else "B10"]
        pairs = rows.filter(condition & (pl.col("from") != pl.col("to")))
        for source, target, facts in pairs.group_by("from", "to").agg("fact").sort("from", "to").rows():
            named = [party for party in (source, target) if asked.who.clients[party]]
            others = [party for party in (source, target) if not asked.who.clients[party]]
            if named:
                yield Pair("REVIEW", reason, named, others, basis, facts=facts)


def _nominees(asked: Candidates) -> Iterator[Pair]:
    """`nominee_registered`: what a registered holder would control if the arrangement did not stand."""
    if not asked.policy.triggers("nominee_registered"):
        return
    share = asked.policy.control.share
    amount = "equity" if share.measure == "equity" else "votes"
    holdings = asked.graph.holdings
    looked_through = holdings.filter(pl.col("registered") != pl.col("holder"))
    pairs = looked_through.select("registered", "company").unique()
    rows = (
        holdings.join(pairs, on=["registered", "company"], how="semi")
        .group_by("registered", "company")
        .agg(pl.col(amount).sum(), pl.col("fact"))
        .filter(pl.col(amount) >= share.least)
        .sort("registered", "company")
    )
    for registered, company, total, facts in rows.rows():
        measured = (share.measure, decimal_text(total))
        yield Pair("REVIEW", "nominee_registered", [company], [registered], facts=facts, measured=measured)


def _partnership_tops(asked: Candidates) -> Iterator[Pair]:
    """`partnership_top`: a partnership heads the group."""
    if not asked.policy.triggers("partnership_top"):
        return
    kind = asked.graph.parties.kind
    for unit in asked.formation.groups["unit"].to_list():
        found = asked.formation.units.unit(unit)
        if found.kind == COMPANY and kind[found.head] == KIND_CODE["partnership"]:
            yield Pair("REVIEW", "partnership_top", _members(asked, unit), [found.head])
