"""RELATED and LINK: associations that are kept but make no group (policies.md A5)."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from discovery.facts.agreements import pacts
from discovery.facts.graph import FactGraph
from discovery.facts.lists import in_order
from discovery.facts.schema import PERCENT_SCALE
from discovery.groups.candidates import Candidates
from discovery.groups.pairs import SCHEMA, pair_frame
from discovery.groups.slots import HALF
from discovery.kinship.relations import FACTS, former_spouses, relations
from discovery.kinship.scopes import RELATION_NAMES

LEAST_HOLDING: Final = 20 * PERCENT_SCALE  # RELATED by a holding
LEAST_SHARED: Final = 10 * PERCENT_SCALE  # LINK by a shared investor
MOST_AT_ONE_POINT: Final = 20  # a contact point of more parties is an agent's and stops counting
MOST_NAMED: Final = 1_000  # companies named in one link; more are cut off, flag `truncated`


def associations(asked: Candidates) -> pl.DataFrame:
    """All RELATED and LINK outcomes, as a frame of `pairs.SCHEMA`."""
    graph = asked.graph
    found = pl.concat(
        [
            _agreements(asked),
            _halves(asked),
            _holdings(asked),
            _shared_officers(asked),
            _kin(asked),
            _former_spouses(asked),
            _guarantees(asked),
            _shared_investors(asked),
            _contact_points(graph),
        ]
    )
    return found if asked.policy.classes is None else _classed(asked, found)


def _classed(asked: Candidates, found: pl.DataFrame) -> pl.DataFrame:
    """Flag `non_group_related` on what ties two clients outside of any group, where that is a class."""
    clients = np.flatnonzero(asked.who.clients).astype(np.int32)
    both = pl.concat_list("parties", "with").list.set_intersection(pl.lit(pl.Series(clients).implode()))
    tied = (pl.col("outcome") == "RELATED") & (both.list.len() > 1)
    flagged = in_order(pl.concat_list("flags", pl.lit(["non_group_related"])))
    return found.with_columns(flags=pl.when(tied).then(flagged).otherwise("flags"))


def _frame(rows: pl.DataFrame, outcome: str, reason: str) -> pl.DataFrame:
    """Rows with `parties`, `with`, `facts` as outcomes; long lists are cut and flagged."""
    long = pl.col("parties").list.len() > MOST_NAMED
    flags = pl.when(long).then(pl.lit(["truncated"])).otherwise(pl.lit([], dtype=pl.List(pl.String)))
    none = pl.lit([], dtype=pl.List(pl.String))
    return rows.select(
        outcome=pl.lit(outcome),
        reason=pl.lit(reason),
        parties=pl.col("parties").list.head(MOST_NAMED),
        **{"with": pl.col("with").cast(pl.List(pl.Int32))},
        basis=none,
        flags=flags,
        facts=pl.col("facts").list.head(MOST_NAMED),
        measured=none,
        attributed_to=pl.lit(None, dtype=pl.String),
    ).cast(SCHEMA)  # type: ignore[arg-type]  # a dict is a schema


def _pairwise(asked: Candidates, pairs: pl.DataFrame, outcome: str, reason: str) -> pl.DataFrame:
    """Pairs `left`, `right`, `facts`: companies are the parties, persons stand beside them."""
    persons = asked.graph.parties.person
    left = pl.Series(persons[pairs["left"].to_numpy()], dtype=pl.Boolean)
    right = pl.Series(persons[pairs["right"].to_numpy()], dtype=pl.Boolean)
    rows = pairs.with_columns(one=left, two=right).filter(~(pl.col("one") & pl.col("two")))
    both = pl.concat_list(pl.min_horizontal("left", "right"), pl.max_horizontal("left", "right"))
    first, second = pl.concat_list("left"), pl.concat_list("right")
    none = pl.lit([], dtype=pl.List(pl.Int32))
    parties = pl.when("one").then(second).when("two").then(first).otherwise(both)
    others = pl.when("one").then(first).when("two").then(second).otherwise(none)
    return _frame(rows.with_columns(parties.alias("parties"), others.alias("with")), outcome, reason)


def _outside_groups(asked: Candidates, pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs not in one group together, as members or as its controller."""
    groups = asked.formation.in_groups.rename({"company": "party"})
    heads = asked.formation.units.members.join(asked.formation.groups, on="unit", how="semi")
    whole = pl.concat([groups, heads.select("unit", "party")]).unique()
    together = (
        pairs.join(whole, left_on="left", right_on="party")
        .join(whole, left_on=["unit", "right"], right_on=["unit", "party"], how="semi")
        .select("left", "right")
        .unique()
    )
    return pairs.join(together, on=["left", "right"], how="anti")


def _ordered(pairs: pl.DataFrame) -> pl.DataFrame:
    """Each unordered pair once, with all its facts."""
    return (
        pairs.filter(pl.col("left") != pl.col("right"))
        .select(
            left=pl.min_horizontal("left", "right"), right=pl.max_horizontal("left", "right"), fact="fact"
        )
        .group_by("left", "right", maintain_order=True)
        .agg(facts=pl.col("fact").unique().sort())
    )


def _agreements(asked: Candidates) -> pl.DataFrame:
    """Pairs tied by a concert agreement or by joint control."""
    frames = [pair_frame()]
    agreed = pacts(asked.graph["agreements"])
    for kind in ("concert", "joint_control"):
        rows = [
            (one, two, fact)
            for pact in agreed
            if pact.kind == kind
            for one, two in _combinations(pact.parties)
            for _, _, fact in pact.rows
        ]
        schema = {"left": pl.Int32, "right": pl.Int32, "fact": pl.String}
        pairs = _ordered(pl.DataFrame(rows, schema=schema, orient="row"))
        frames.append(_pairwise(asked, _outside_groups(asked, pairs), "RELATED", kind))
    return pl.concat(frames)


def _combinations(parties: tuple[int, ...]) -> list[tuple[int, int]]:
    return [(one, two) for index, one in enumerate(parties) for two in parties[index + 1 :]]


def _halves(asked: Candidates) -> pl.DataFrame:
    """Holders of half each, with no other ground of control, control jointly."""
    held = asked.graph.holdings.group_by("company", "holder").agg(
        pl.col("votes").sum(), pl.col("fact").first()
    )
    halves = held.filter((pl.col("votes") == HALF) & (pl.len().over("company") == 2))
    halves = halves.join(asked.controlled, on="company", how="anti")
    both = halves.sort("company", "holder").group_by("company", maintain_order=True)
    rows = both.agg(
        left=pl.col("holder").first(), right=pl.col("holder").last(), fact=pl.col("fact"), n=pl.len()
    ).filter(pl.col("n") == 2)
    pairs = _ordered(rows.select("left", "right", "fact").explode("fact"))
    return _pairwise(asked, _outside_groups(asked, pairs), "RELATED", "joint_control")


def _holdings(asked: Candidates) -> pl.DataFrame:
    """Pairs tied by 20 or more of equity or votes, whoever holds."""
    held = (
        asked.graph.holdings.group_by("holder", "company")
        .agg(pl.col("equity").sum(), pl.col("votes").sum(), pl.col("fact"))
        .filter((pl.col("equity") >= LEAST_HOLDING) | (pl.col("votes") >= LEAST_HOLDING))
    )
    pairs = _ordered(held.select(left="holder", right="company", fact="fact").explode("fact"))
    return _pairwise(asked, _outside_groups(asked, pairs), "RELATED", "holding")


def _by_person(rows: pl.DataFrame, reason: str) -> pl.DataFrame:
    """One link a person: all companies the person is at (`person`, `company`, `fact`)."""
    found = (
        rows.group_by("person")
        .agg(parties=pl.col("company").unique().sort(), facts=pl.col("fact").unique().sort())
        .filter(pl.col("parties").list.len() > 1)
        .with_columns(pl.concat_list("person").alias("with"))
        .sort("person")
    )
    return _frame(found, "LINK", reason)


def _shared_officers(asked: Candidates) -> pl.DataFrame:
    """Key persons by the policy's list; other officers in common beside them."""
    key = asked.who.key_posts
    everyone = asked.who.posts_held
    keyed = _by_person(key, "key_person")
    if asked.policy.persons is not None and asked.policy.persons.key_managers.executive_only:
        assumed = key.filter("executive_assumed")["person"].unique().implode()
        flagged = pl.concat_list(pl.lit(["executive_assumed"]), "flags")
        on_it = pl.col("with").list.first().is_in(assumed)
        keyed = keyed.with_columns(flags=pl.when(on_it).then(flagged).otherwise("flags"))
    more = everyone.group_by("person").agg(all=pl.col("company").n_unique())
    known = more.join(
        key.group_by("person").agg(key=pl.col("company").n_unique()), on="person", how="left"
    ).filter(pl.col("all") > pl.col("key").fill_null(0))
    rest = everyone.join(known, on="person", how="semi")
    return pl.concat([keyed, _by_person(rest, "shared_officer")])


def _kin(asked: Candidates) -> pl.DataFrame:
    """Kin of any degree who each hold or act in a company."""
    at = _companies_of_persons(asked)
    active = asked.graph.parties.person.copy()
    active[:] = False
    active[at["person"].to_numpy()] = True
    table = relations(asked.graph["kinship"], RELATION_NAMES, active)
    once = table.filter(pl.col("person") < pl.col("relative")).unique(
        ["person", "relative"], keep="first", maintain_order=True
    )
    facts = asked.graph["kinship"]["fact"]
    once = once.with_columns(facts=pl.concat_list([pl.col(name) for name in FACTS]).list.drop_nulls()).select(
        left="person",
        right="relative",
        facts=pl.col("facts").list.eval(
            pl.element().replace_strict(dict(enumerate(facts)), return_dtype=pl.String)
        )
        if facts.len()
        else pl.lit([], dtype=pl.List(pl.String)),
    )
    return _between_persons(once, at, "kin")


def _companies_of_persons(asked: Candidates) -> pl.DataFrame:
    """Where persons hold or act: `person`, `company`."""
    persons = asked.graph.parties.person
    held = asked.graph.holdings.select(person="holder", company="company")
    held = held.filter(pl.Series(persons[held["person"].to_numpy()], dtype=pl.Boolean))
    return pl.concat([held, asked.who.posts_held.select("person", "company")]).unique()


def _between_persons(pairs: pl.DataFrame, at: pl.DataFrame, reason: str) -> pl.DataFrame:
    """Links between the companies of two persons (`left`, `right`, `facts`)."""
    mine = at.group_by("person").agg(companies=pl.col("company"))
    rows = (
        pairs.join(mine, left_on="left", right_on="person")
        .join(mine, left_on="right", right_on="person", suffix="_right")
        .with_columns(parties=in_order(pl.col("companies").list.set_union("companies_right")))
        .filter(pl.col("parties").list.len() > 1)
        .with_columns(pl.concat_list("left", "right").alias("with"))
        .sort("left", "right")
    )
    return _frame(rows, "LINK", reason)


def _former_spouses(asked: Candidates) -> pl.DataFrame:
    """Marriages that have ended: a lead, no longer a tie (policies.md B1)."""
    graph = asked.graph
    ended = _numbered(former_spouses(graph.stated("kinship"), graph.as_of), graph)
    if ended.is_empty():
        return pair_frame()
    pairs = _ordered(ended.rename({"person": "left", "relative": "right"}))
    return _between_persons(pairs, _companies_of_persons(asked), "ex_spouse")


def _numbered(rows: pl.DataFrame, graph: FactGraph) -> pl.DataFrame:
    number = graph.parties.number
    return pl.DataFrame(
        [
            (number[one], number[two], fact)
            for one, two, fact in rows.rows()
            if one in number and two in number
        ],
        schema={"person": pl.Int32, "relative": pl.Int32, "fact": pl.String},
        orient="row",
    )


def _guarantees(asked: Candidates) -> pl.DataFrame:
    rows = asked.graph["guarantees"].select(left="from", right="to", fact="fact")
    rows = rows.filter((pl.col("left") >= 0) & (pl.col("right") >= 0))
    return _pairwise(asked, _ordered(rows), "LINK", "guarantee")


def _shared_investors(asked: Candidates) -> pl.DataFrame:
    """Who holds 10 or more in several companies, unless they stand in one group together."""
    held = (
        asked.graph.holdings.group_by("holder", "company")
        .agg(pl.col("equity").sum(), pl.col("votes").sum(), pl.col("fact"))
        .filter((pl.col("equity") >= LEAST_SHARED) | (pl.col("votes") >= LEAST_SHARED))
        .explode("fact")
    )
    links = _by_person(held.rename({"holder": "person"}), "shared_investor")
    groups = asked.formation.in_groups
    named = links.with_row_index("link").select("link", company="parties").explode("company")
    counts = named.group_by("link").agg(n=pl.len())
    one_group = (
        named.join(groups, on="company")
        .group_by("link", "unit")
        .agg(inside=pl.len())
        .join(counts, on="link")
        .filter(pl.col("inside") == pl.col("n"))["link"]
        .unique()
    )
    return links.with_row_index("link").filter(~pl.col("link").is_in(one_group.implode())).drop("link")


def _contact_points(graph: FactGraph) -> pl.DataFrame:
    """Parties with one phone, e-mail or address, unless so many share it that it says nothing."""
    parties = graph.parties
    frame = parties.frame.select("phone", "email", "address").with_columns(
        number=pl.int_range(pl.len(), dtype=pl.Int32), person=pl.Series(parties.person)
    )
    frames = []
    for column in ("phone", "email", "address"):
        shared = (
            frame.filter(pl.col(column).is_not_null())
            .group_by(column)
            .agg(
                parties=pl.col("number").filter(~pl.col("person")).sort(),
                **{"with": pl.col("number").filter("person").sort()},
                many=pl.len(),
            )
            .filter((pl.col("many") > 1) & (pl.col("many") <= MOST_AT_ONE_POINT))
            .filter(pl.col("parties").list.len() > 0)
            .sort("parties", "with")
            .with_columns(facts=pl.lit([], dtype=pl.List(pl.String)))
        )
        frames.append(_frame(shared, "LINK", "contact_point"))
    return pl.concat(frames)
