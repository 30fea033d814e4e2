"""REVIEW that rests on persons: kin in the review scope, families without an anchor, shared posts (A5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

from discovery.control.kernel import control, rows_by
from discovery.facts.schema import PERCENT_SCALE
from discovery.groups.amounts import decimal_text
from discovery.groups.candidates import Candidates
from discovery.groups.pairs import Pair
from discovery.groups.units import CLUSTER
from discovery.kinship.relations import relations
from discovery.kinship.scopes import CODE


def _unlike(asked: Candidates, sets: Iterable[tuple[int, list[int]]]) -> Iterator[tuple[int, list[int]]]:
    """Units with their companies: each set of companies once (smallest anchor), none that is one group."""
    groups: dict[int, set[int]] = {}
    for unit, company in asked.formation.in_groups.rows():
        groups.setdefault(company, set()).add(unit)
    seen: set[tuple[int, ...]] = set()
    for unit, companies in sets:
        key = tuple(sorted(companies))
        common = set.intersection(*(groups.get(company, set()) for company in key))
        if key not in seen and not (common and len(key) > 1):
            seen.add(key)
            yield unit, companies


def families_without_anchor(asked: Candidates) -> Iterator[Pair]:
    """`family_without_anchor`: a family passes together, seen from a person who is no anchor."""
    if not asked.policy.triggers("family_without_anchor") or asked.policy.persons is None:
        return
    units = asked.formation.units
    weak = units.table.filter((pl.col("kind") == CLUSTER) & ~pl.col("point")).select("unit", person="head")
    rows = asked.standing.join(weak, on="unit")
    stakes = asked.graph.holdings.select(person="holder", company="company")
    posts = asked.who.posts_held.select("person", "company")
    concerned = rows.join(pl.concat([stakes, posts]).unique(), on=["person", "company"], how="semi")
    rows = rows.join(concerned.select("unit").unique(), on="unit", how="semi")
    sets = (
        rows.group_by("unit", "person")
        .agg(pl.col("company").sort())
        .filter(pl.col("company").list.len() >= asked.policy.members.min)
        .sort("person", "unit")
    )
    for unit, companies in _unlike(asked, sets.select("unit", "company").rows()):
        persons = _holding(asked, units.all[unit].parties, companies)
        facts = _person_facts(asked, persons, companies)
        yield Pair("REVIEW", "family_without_anchor", companies, persons, facts=facts)


def strictly_joint(asked: Candidates) -> Iterator[Pair]:
    """`confirm`: what a family controls without its anchor, where the policy wants both to hold."""
    unled = asked.formation.unled
    if not asked.policy.triggers("confirm"):
        return
    rows = asked.standing.join(unled.select("unit").unique(), on="unit", how="semi")
    sets = (
        rows.group_by("unit")
        .agg(pl.col("company").sort())
        .filter(pl.col("company").list.len() >= asked.policy.members.min)
        .sort("unit")
    )
    for unit, companies in _unlike(asked, sets.rows()):
        persons = _holding(asked, asked.formation.units.all[unit].parties, companies)
        facts = _person_facts(asked, persons, companies)
        yield Pair("REVIEW", "confirm", companies, persons, flags=["kin_joint"], facts=facts)


def _holding(asked: Candidates, parties: tuple[int, ...], companies: list[int]) -> list[int]:
    """The anchor, then the kin who hold or act in one of the companies."""
    stakes = asked.graph.holdings.select(person="holder", company="company")
    posts = asked.who.posts_held.select("person", "company")
    found = pl.concat([stakes, posts]).filter(
        pl.col("company").is_in(companies) & pl.col("person").is_in(list(parties[1:]))
    )
    return [parties[0], *sorted(set(found["person"].to_list()))]


def _person_facts(asked: Candidates, persons: list[int], companies: list[int]) -> list[str]:
    held = asked.graph.holdings.filter(pl.col("holder").is_in(persons) & pl.col("company").is_in(companies))
    return held["fact"].to_list()


def affinity_kin(asked: Candidates) -> Iterator[Pair]:
    """`affinity_kin`: a group would form or grow if kin in `kin.review` counted."""
    persons = asked.policy.persons
    if persons is None or not persons.kin.review or not asked.policy.triggers("affinity_kin"):
        return
    further = tuple(name for name in persons.kin.review if name not in persons.kin.deem)
    heads, members = _wider(asked, further)
    if not len(heads):
        return
    registers = asked.formation.units.registers
    start, order = rows_by(members["unit"].to_numpy(), len(heads))
    tests = registers.tests._replace(watch=np.full(len(registers.slots), -1))
    found = control(registers.entries, tests, registers.seats, (start, members["party"].to_numpy()[order]))
    wide = asked.clients(pl.DataFrame({"person": heads[found.unit], "company": found.company})).unique()
    anchored = wide.join(asked.formation.units.roles, on=["person", "company"], how="semi")
    wide = wide.join(anchored.select("person").unique(), on="person", how="semi")
    units = asked.formation.units.table.filter(pl.col("kind") == CLUSTER).select("unit", person="head")
    narrow = asked.standing.join(units, on="unit").select("person", "company").unique()
    new = wide.join(narrow, on=["person", "company"], how="anti")
    enough = wide.group_by("person").len().filter(pl.col("len") >= asked.policy.members.min)
    grown = narrow.group_by("person").len().filter(pl.col("len") >= asked.policy.members.min)
    parts = pl.concat(
        [
            new.join(grown, on="person", how="semi"),
            wide.join(grown, on="person", how="anti").join(
                new.select("person").unique(), on="person", how="semi"
            ),
        ]
    ).join(enough, on="person", how="semi")
    sets = parts.group_by("person").agg(pl.col("company").unique().sort()).sort("person")
    families = {
        int(heads[unit]): tuple(parties)
        for unit, parties in members.group_by("unit").agg(pl.col("party")).rows()
    }
    for person, companies in _unlike(asked, sets.rows()):
        kin = (person, *(party for party in families[person] if party != person))
        everyone = _holding(asked, kin, [*companies, *narrow.filter(pl.col("person") == person)["company"]])
        facts = _person_facts(asked, everyone, companies)
        yield Pair("REVIEW", "affinity_kin", companies, everyone, facts=facts)


def _wider(
    asked: Candidates, further: tuple[str, ...]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int32]], pl.DataFrame]:
    """Clusters widened by kin to be reviewed: their anchors, and all parties (`unit`, `party`)."""
    units = asked.formation.units
    brings = np.diff(units.registers.entries.start) > 0
    active = brings & asked.graph.parties.person
    active[asked.who.posts_held["person"].to_numpy()] = True
    kin = relations(asked.graph["kinship"], further, active)
    kin = kin.filter(pl.Series(brings[kin["relative"].to_numpy()], dtype=pl.Boolean))
    heads = kin["person"].unique().sort().to_numpy()
    numbers = pl.DataFrame({"person": heads, "unit": np.arange(len(heads), dtype=np.int32)})
    deem = [CODE[name] for name in asked.policy.persons.kin.deem] if asked.policy.persons else []
    near = units.kin.filter(pl.col("relation").is_in(deem))
    near = near.filter(pl.Series(brings[near["relative"].to_numpy()], dtype=pl.Boolean))
    relatives = pl.concat([kin.select("person", "relative"), near.select("person", "relative")])
    itself = numbers.select("unit", party="person")
    others = relatives.join(numbers, on="person").select("unit", party="relative")
    return heads, pl.concat([itself, others]).unique(maintain_order=True)


def influence_by_persons(asked: Candidates) -> Iterator[Pair]:
    """`influence_by_person`: an influence band reached only with shares of natural persons."""
    if asked.policy.influence is None or not asked.policy.triggers("influence_by_person"):
        return
    ends = asked.formation.ends.select("unit", "company")
    rows = asked.formation.by_person.join(ends, on=["unit", "company"], how="anti")
    rows = asked.guarded(asked.one_family_once(rows))
    facts = asked.holdings_into(rows)
    for unit, company, total in rows.select("unit", "company", "total").iter_rows():
        yield Pair(
            "REVIEW", "influence_by_person", [company], asked.head_of(unit, company),
            facts=facts.get((unit, company), ()), measured=("voting", decimal_text(total, PERCENT_SCALE)),
        )  # fmt: skip


def shared_representatives(asked: Candidates) -> Iterator[Pair]:
    """`shared_legal_representative`: one person in that post at companies that B13 does not settle."""
    if not asked.policy.triggers("shared_legal_representative"):
        return
    posts = asked.graph["offices"].filter(
        (pl.col("role") == "legal_representative") & (pl.col("person") >= 0) & (pl.col("company") >= 0)
    )
    posts = asked.clients(posts)
    persons = asked.policy.persons
    deemed = [basis for basis in persons.bases if basis.code == "B13"] if persons else []
    if deemed:
        private = asked.graph.parties.frame["is_private"][posts["company"].to_numpy()]
        posts = posts.with_columns(private=private).filter(pl.col("private").is_null() | pl.col("private"))
        unsettled = posts.filter(pl.col("private").is_null()).select("person").unique()
        posts = posts.join(unsettled, on="person", how="semi")
    sets = (
        posts.group_by("person")
        .agg(pl.col("company").unique().sort(), pl.col("fact").sort())
        .filter(pl.col("company").list.len() > 1)
        .sort("person")
    )
    facts = {person: fact for person, fact in sets.select("person", "fact").rows()}  # noqa: C416
    for person, companies in _unlike(asked, sets.select("person", "company").rows()):
        yield Pair("REVIEW", "shared_legal_representative", companies, [person], facts=facts[person])
