"""REVIEW `form_only`: what a list of forms names although the definition makes no group (policies.md A5)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from discovery.groups.candidates import Candidates
from discovery.groups.pairs import Pair
from discovery.kinship.relations import relations
from discovery.kinship.scopes import SCOPES


def form_only(asked: Candidates) -> Iterator[Pair]:
    """A firm, and another that close family of its key manager or major investor controls directly.

    Close family is the measures' own list (`persons.kin.listed`, else the core list). Only where the
    definition makes no group of the two, and both may be members.
    """
    persons = asked.policy.persons
    if persons is None or not asked.policy.triggers("form_only"):
        return
    listed = persons.kin.listed or SCOPES["core"]
    roles = asked.clients(asked.formation.units.roles)
    kin = relations(asked.graph["kinship"], listed, asked.graph.parties.person)
    close = (
        kin.select("person", "relative")
        .unique()
        .join(roles.select("person").unique(), on="person", how="semi")
    )
    direct = _directly_controlled(asked, close["relative"].unique().sort())
    pairs = (
        roles.join(close, on="person")
        .join(direct.rename({"company": "other"}), on="relative")
        .filter(pl.col("company") != pl.col("other"))
        .select("company", "other", "person", "relative", "assumed")
    )
    pairs = pairs.join(asked.formation.together(pairs, "company", "other"), on=pairs.columns, how="anti")
    once = pairs.group_by(
        one=pl.min_horizontal("company", "other"), two=pl.max_horizontal("company", "other")
    ).agg(ties=pl.struct("person", "relative").unique().sort(), assumed=pl.col("assumed").all())
    once = once.sort("one", "two").with_columns(pair=pl.int_range(pl.len()))
    found = once.join(_facts(asked, once), on="pair", how="left", maintain_order="left")
    for one, two, ties, assumed, facts in found.select("one", "two", "ties", "assumed", "fact").iter_rows():
        people = list(dict.fromkeys(person for tie in ties for person in tie.values()))
        flags = ["executive_assumed", "form_conflict"] if assumed else ["form_conflict"]
        yield Pair("REVIEW", "form_only", (one, two), people, flags=flags, facts=facts or ())


def _facts(asked: Candidates, pairs: pl.DataFrame) -> pl.DataFrame:
    """What the people of each pair (`pair`, `one`, `two`, `ties`) hold and what key posts they have there."""
    ties = pairs.select("pair", "ties").explode("ties").unnest("ties")
    people = pl.concat([ties.select("pair", party=end) for end in ("person", "relative")]).unique()
    firms = pl.concat([pairs.select("pair", company=end) for end in ("one", "two")])
    held = asked.graph.holdings.select("company", "fact", party="holder")
    posts = asked.who.key_posts.select("company", "fact", party="person")
    there = people.join(firms, on="pair").join(pl.concat([held, posts]), on=["party", "company"])
    return there.group_by("pair").agg(pl.col("fact").unique())


def _directly_controlled(asked: Candidates, persons: pl.Series) -> pl.DataFrame:
    """What each person alone controls by own facts: `relative`, `company`, client members only."""
    heads = persons.cast(pl.Int32).to_numpy()
    starts = np.arange(len(heads) + 1, dtype=np.int64)
    found = asked.formation.units.registers.control((starts, heads))
    rows = pl.DataFrame({"relative": heads[found.unit], "company": found.company, "round": found.round})
    return asked.clients(rows.filter(pl.col("round") == 1).drop("round"))
