"""REVIEW that rests on persons: kin in the review scope, families without an anchor, shared posts (A5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

from discovery.control.kernel import rows_by
from discovery.groups.candidates import Candidates
from discovery.groups.pairs import Pair
from discovery.groups.units import CLUSTER
from discovery.kinship.relations import relations
from discovery.kinship.scopes import CODE


def _unlike(asked: Candidates, sets: Iterable[tuple[int, list[int]]]) -> Iterator[tuple[int, list[int]]]:
    """Units with their companies: each set of companies once (smallest anchor), none that is one group."""
    groups = asked.groups_of
    seen: set[tuple[int, ...]] = set()
    for unit, companies in sets:
        key = tuple(sorted(companies))
        common = set.intersection(*(groups.of(company) for company in key))
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
    yield from _by_family(asked, "family_without_anchor", sets.select("unit", "company").rows())


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
    for pair in _by_family(asked, "confirm", sets.rows()):
        yield pair._replace(flags=["kin_joint"])


def _by_family(asked: Candidates, reason: str, sets: list[tuple[int, list[int]]]) -> Iterator[Pair]:
    """One question a family (`unit`, `companies`), with the persons concerned and their holdings."""
    unlike = list(_unlike(asked, sets))
    families = {unit: asked.formation.units.unit(unit).parties for unit, _ in unlike}
    stakes = _Stakes(asked, (party for parties in families.values() for party in parties))
    for unit, companies in unlike:
        persons = stakes.concerned(families[unit], companies)
        yield Pair("REVIEW", reason, companies, persons, facts=stakes.facts(persons, companies))


class _Stakes:
    """Where the persons concerned hold or act, looked up once for all of them."""

    def __init__(self, asked: Candidates, persons: Iterable[int]) -> None:
        wanted = pl.DataFrame({"person": sorted(set(persons))}, schema={"person": pl.Int32})
        held = asked.graph.holdings.select("company", "fact", person="holder")
        posts = asked.who.posts_held.select("company", "person", fact=pl.lit(None, dtype=pl.String))
        rows = pl.concat([held, posts.select("company", "fact", "person")]).join(
            wanted, on="person", how="semi"
        )
        self._at: dict[int, list[tuple[int, str | None]]] = {}
        for company, fact, person in rows.iter_rows():
            self._at.setdefault(person, []).append((company, fact))

    def concerned(self, parties: tuple[int, ...], companies: Iterable[int]) -> list[int]:
        """The anchor, then the kin who hold or act in one of the companies."""
        inside = set(companies)
        kin = {
            party for party in parties[1:] if any(company in inside for company, _ in self._at.get(party, ()))
        }
        return [parties[0], *sorted(kin)]

    def facts(self, persons: Iterable[int], companies: Iterable[int]) -> list[str]:
        """The holdings by which the persons stand in the companies."""
        inside = set(companies)
        return [
            fact
            for person in persons
            for company, fact in self._at.get(person, ())
            if company in inside and fact is not None
        ]


def affinity_kin(asked: Candidates) -> Iterator[Pair]:
    """`affinity_kin`: a group would form or grow if kin in `kin.review` counted."""
    persons = asked.policy.persons
    if persons is None or not persons.kin.review or not asked.policy.triggers("affinity_kin"):
        return
    further = tuple(name for name in persons.kin.review if name not in persons.kin.deem)
    heads, members = _wider(asked, further)
    if not len(heads):
        return
    start, order = rows_by(members["unit"].to_numpy(), len(heads))
    found = asked.formation.units.registers.control((start, members["party"].to_numpy()[order]))
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
    unlike = dict(_unlike(asked, sets.rows()))
    families = {person: {person} for person in unlike}
    named = members.join(
        pl.DataFrame({"unit": np.arange(len(heads), dtype=np.int32), "person": heads}), on="unit"
    )
    for person, party in named.filter(pl.col("person").is_in(list(unlike))).select("person", "party").rows():
        families[person].add(party)
    stakes = _Stakes(asked, (party for parties in families.values() for party in parties))
    own = narrow.filter(pl.col("person").is_in(list(unlike))).group_by("person").agg("company")
    before = dict(own.rows())
    for person, companies in unlike.items():
        kin = (person, *(party for party in families[person] if party != person))
        everyone = stakes.concerned(kin, [*companies, *before.get(person, ())])
        yield Pair("REVIEW", "affinity_kin", companies, everyone, facts=stakes.facts(everyone, companies))


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
    facts = asked.stakes_into(rows, "held")
    for unit, company, total in rows.select("unit", "company", "total").iter_rows():
        measured = ("voting", asked.total_text(unit, company, "held", total))
        yield Pair(
            "REVIEW", "influence_by_person", [company], asked.head_of(unit, company),
            facts=facts.get((unit, company), ()), measured=measured,
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
    facts = dict(sets.select("person", "fact").rows())
    for person, companies in _unlike(asked, sets.select("person", "company").rows()):
        yield Pair("REVIEW", "shared_legal_representative", companies, [person], facts=facts[person])
