"""REVIEW `form_only`: what a list of forms names although the definition makes no group (policies.md A5)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from discovery.control.kernel import control
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
    ).agg(pl.struct("person", "relative").unique().sort(), pl.col("assumed").all())
    posts = asked.who.key_posts
    for one, two, ties, assumed in once.sort("one", "two").rows():
        people = list(dict.fromkeys(person for tie in ties for person in tie.values()))
        companies = [one, two]
        held = asked.graph.holdings.filter(
            pl.col("holder").is_in(people) & pl.col("company").is_in(companies)
        )
        acting = posts.filter(pl.col("person").is_in(people) & pl.col("company").is_in(companies))
        facts = [*held["fact"], *acting["fact"]]
        flags = ["executive_assumed", "form_conflict"] if assumed else ["form_conflict"]
        yield Pair("REVIEW", "form_only", companies, people, flags=flags, facts=facts)


def _directly_controlled(asked: Candidates, persons: pl.Series) -> pl.DataFrame:
    """What each person alone controls by own facts: `relative`, `company`, client members only."""
    registers = asked.formation.units.registers
    heads = persons.cast(pl.Int32).to_numpy()
    unwatched = registers.tests._replace(watch=np.full(len(registers.slots), -1))
    starts = np.arange(len(heads) + 1, dtype=np.int64)
    found = control(registers.entries, unwatched, registers.seats, (starts, heads))
    rows = pl.DataFrame({"relative": heads[found.unit], "company": found.company, "round": found.round})
    return asked.clients(rows.filter(pl.col("round") == 1).drop("round"))
