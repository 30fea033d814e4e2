"""From units to groups: members, end nodes, the largest of overlapping clusters (policies.md A3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from discovery.facts.graph import FactGraph
from discovery.groups.eligible import Eligible
from discovery.groups.proofs import Proofs, led_by
from discovery.groups.units import CLUSTER, COMPANY, RING, Units
from discovery.policies.model import Policy

BOARD_ROLES = ("chairman", "vice_chairman", "director", "independent_director")


@dataclass(frozen=True)
class Formation:
    """Which eligible companies stand under which unit, and which units make a group.

    `members`: `unit`, `company`, `end` (an end node by influence or joint control), `client`, every
    eligible company under every point; `groups`: `unit` of those with enough of them; `ends`:
    end nodes with `code` and `source` of the influence; `by_person`: influence that rests on shares
    of persons; `only_ends`: units whose set would be end nodes alone; `unled`: what kin control without
    the anchor, where the policy wants both (`kin.joint: strict`); `branches`: `unit`, `owner`, `before`
    of state owners who join each of the points below them; `rebutted`: units of groups from which a
    recorded decision leaves members out.
    """

    units: Units
    members: pl.DataFrame
    groups: pl.DataFrame
    ends: pl.DataFrame
    by_person: pl.DataFrame
    only_ends: pl.DataFrame
    unled: pl.DataFrame
    branches: pl.DataFrame
    rebutted: frozenset[int] = frozenset()

    @cached_property
    def in_groups(self) -> pl.DataFrame:
        """`unit`, `company` of groups alone."""
        return self.members.join(self.groups, on="unit", how="semi").select("unit", "company")

    @cached_property
    def owner_of(self) -> dict[int, int]:
        """The state owner who joins a unit, by unit."""
        return dict(self.branches.select("unit", "owner").rows())

    def without(self, left_out: pl.DataFrame, least: int) -> Formation:
        """The formation with members (`unit`, `company`) left out; what is too small then is no group."""
        members = self.members.join(left_out, on=["unit", "company"], how="anti")
        counts = members.filter("client").group_by("unit").agg(many=pl.len(), ends=pl.col("end").sum())
        enough = counts.filter((pl.col("many") >= least) & (pl.col("ends") < pl.col("many")))
        return replace(
            self,
            members=members,
            groups=self.groups.join(enough, on="unit", how="semi"),
            rebutted=frozenset(left_out["unit"].to_list()),
        )

    def together(self, pairs: pl.DataFrame, left: str, right: str) -> pl.DataFrame:
        """Those of the pairs whose two parties stand in one group together."""
        groups = self.in_groups
        first = pairs.join(groups.rename({"company": left}), on=left)
        return (
            first.join(groups.rename({"company": right}), on=["unit", right], how="semi")
            .select(pairs.columns)
            .unique()
        )


def form(
    graph: FactGraph, policy: Policy, who: Eligible, units: Units, branches: pl.DataFrame | None = None
) -> Formation:
    """The members of every point, and the points that make a group."""
    points = units.table.filter("point")
    if branches is None:
        branches = pl.DataFrame(schema={"unit": pl.Int32, "owner": pl.Int32, "before": pl.Int32})
    controlled = pl.concat([_members(units, points), branches.select("unit", company="owner")]).unique()
    unled = _unled(graph, policy, units)
    controlled = controlled.join(unled, on=["unit", "company"], how="anti")
    ends, by_person = _ends(graph, policy, units)
    ends = ends.join(controlled, on=["unit", "company"], how="anti")
    controlled = controlled.with_columns(end=pl.lit(value=False))
    both = pl.concat(
        [controlled, ends.select("unit", "company").unique().with_columns(end=pl.lit(value=True))]
    )
    numbers = both["company"].to_numpy()
    both = both.with_columns(
        eligible=pl.Series(who.members[numbers], dtype=pl.Boolean),
        client=pl.Series(who.clients[numbers], dtype=pl.Boolean),
    )
    members = both.filter("eligible").drop("eligible").sort("unit", "company")
    counts = members.filter("client").group_by("unit").agg(many=pl.len(), ends=pl.col("end").sum())
    enough = counts.filter(pl.col("many") >= policy.members.min)
    groups = enough.filter(pl.col("ends") < pl.col("many")).select("unit").sort("unit")
    groups = _largest(units, members, groups)
    return Formation(
        units,
        members,
        groups,
        ends,
        by_person.join(points, on="unit", how="semi"),
        enough.filter(pl.col("ends") == pl.col("many")).select("unit").sort("unit"),
        unled,
        branches,
    )


def _members(units: Units, points: pl.DataFrame) -> pl.DataFrame:
    """What points control, and who heads a group or stands in a ring (persons, where they may be members)."""
    below = units.rows.join(points, on="unit", how="semi").select("unit", "company")
    heads = units.members.join(points.filter(pl.col("kind") != CLUSTER), on="unit", how="semi")
    anchors = points.filter(pl.col("kind") == CLUSTER).select("unit", company="head")
    return pl.concat([below, heads.select("unit", company="party"), anchors]).unique()


def _unled(graph: FactGraph, policy: Policy, units: Units) -> pl.DataFrame:
    """Companies in which the anchor holds nothing, if kin must hold jointly with the anchor."""
    rows: list[tuple[int, int]] = []
    if policy.persons is not None and policy.persons.kin.joint == "strict":
        several = units.members.group_by("unit").len().filter(pl.col("len") > 1)
        clusters = units.table.filter((pl.col("kind") == CLUSTER) & pl.col("point"))
        below = units.rows.join(several, on="unit", how="semi").join(clusters, on="unit", how="semi")
        for unit, proof in Proofs(graph, policy, units).of(below.select("unit", "company")):
            led = led_by(proof, proof.unit.head)
            rows += [(unit, company) for company in proof.rows if company not in led]
    return pl.DataFrame(rows, schema={"unit": pl.Int32, "company": pl.Int32}, orient="row")


def _ends(graph: FactGraph, policy: Policy, units: Units) -> tuple[pl.DataFrame, pl.DataFrame]:
    """End nodes (`unit`, `company`, `code`, `source`), and influence by shares of persons alone."""
    ends = [_end_frame()]
    by_person = pl.DataFrame(schema={"unit": pl.Int32, "company": pl.Int32, "total": pl.Int64})
    if policy.influence is not None:
        held = units.watched("held").select("unit", "company", "total")
        solid = units.watched("held_by_companies").select("unit", "company")
        ends.append(_end_frame(solid, policy.influence.code, "shares"))
        by_person = held.join(solid, on=["unit", "company"], how="anti")
        routes = influence_routes(graph, policy)
        reached = _reached(units, routes, "holder")
        persons = pl.Series(graph.parties.person[reached["holder"].to_numpy()], dtype=pl.Boolean)
        ends.append(_end_frame(reached.filter(~persons), policy.influence.code, "route"))
    if policy.joint_control is not None:
        ends.append(_end_frame(_sharers(graph, policy, units), policy.joint_control.code, "joint"))
    return pl.concat(ends), by_person


def _end_frame(frame: pl.DataFrame | None = None, code: str = "", source: str = "") -> pl.DataFrame:
    if frame is None:
        return pl.DataFrame(
            schema={"unit": pl.Int32, "company": pl.Int32, "code": pl.String, "source": pl.String}
        )
    return frame.select("unit", "company", code=pl.lit(code), source=pl.lit(source)).unique()


def influence_routes(graph: FactGraph, policy: Policy) -> pl.DataFrame:
    """Influence without a figure: `holder`, `company`, `fact` (a board seat filled by the holder, ...)."""
    if policy.influence is None:
        return pl.DataFrame(schema={"holder": pl.Int32, "company": pl.Int32, "fact": pl.String})
    kinds = [*policy.influence.powers, *(["appoints_seats"] if policy.influence.board_seat else [])]
    powers = graph["powers"].filter(pl.col("kind").is_in(kinds)).select("holder", "company", "fact")
    if not policy.influence.board_seat:
        return powers
    seats = graph["offices"].filter(pl.col("role").is_in(BOARD_ROLES) & (pl.col("represents") >= 0))
    return pl.concat([powers, seats.select(holder="represents", company="company", fact="fact")])


def _reached(units: Units, pairs: pl.DataFrame, holder: str) -> pl.DataFrame:
    """The pairs seen from every unit that has the holder inside; companies outside the unit only."""
    inside = pl.concat([units.rows.select("unit", party="company"), units.members.select("unit", "party")])
    wanted = inside.join(pairs.select(party=holder).unique(), on="party", how="semi")
    found = wanted.join(pairs, left_on="party", right_on=holder).rename({"party": holder})
    return found.join(inside, left_on=["unit", "company"], right_on=["unit", "party"], how="anti")


def _sharers(graph: FactGraph, policy: Policy, units: Units) -> pl.DataFrame:
    """Units with a party of a unanimous agreement whose holders together pass the share test."""
    blocks = passing_blocks(graph, policy)
    if policy.joint_control is not None and policy.joint_control.persons == "review":
        persons = graph.parties.person[blocks["party"].to_numpy()]
        blocks = blocks.filter(~pl.Series(persons, dtype=pl.Boolean))
    if blocks.is_empty():
        return blocks.select(unit="party", company="company")
    return _reached(units, blocks, "party").select("unit", "company").unique()


def passing_blocks(graph: FactGraph, policy: Policy) -> pl.DataFrame:
    """Unanimity blocks that pass the share test together: `block`, `company`, `party`."""
    share = policy.control.share
    column = "equity" if share.measure == "equity" else "votes"
    rows = [
        (number, block.company, party)
        for number, block in enumerate(graph.unanimity)
        for party in block.parties
    ]
    schema = {"block": pl.Int32, "company": pl.Int32, "party": pl.Int32}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    held = graph.holdings.select(party="holder", company="company", amount=column)
    totals = frame.join(held, on=["party", "company"]).group_by("block").agg(pl.col("amount").sum())
    return frame.join(totals.filter(pl.col("amount") >= share.least), on="block", how="semi")


def _largest(units: Units, members: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Of clusters with equal or included members only the largest; of equal ones the smallest anchor."""
    clusters = units.table.join(groups, on="unit", how="semi").filter(pl.col("kind") == CLUSTER)
    mine = members.join(clusters.select("unit", "head"), on="unit")
    sets = (
        mine.group_by("unit", "head")
        .agg(pl.col("company").sort())
        .sort("head", "unit")
        .unique("company", keep="first", maintain_order=True)
    )
    shared = mine.join(sets.select("unit"), on="unit", how="semi")
    shared = shared.filter(pl.col("unit").n_unique().over("company") > 1)
    companies = {unit: frozenset(held) for unit, held in sets.select("unit", "company").iter_rows()
                 } if not shared.is_empty() else {}  # fmt: skip
    neighbours: dict[int, set[int]] = {}
    for _, several in shared.group_by("company").agg(pl.col("unit")).iter_rows():
        for unit in several:
            neighbours.setdefault(unit, set()).update(several)
    included = {
        unit
        for unit, others in neighbours.items()
        if any(companies[unit] < companies[other] for other in others)
    }
    kept = sets.filter(~pl.col("unit").is_in(sorted(included)))["unit"]
    others = groups.join(clusters.select("unit"), on="unit", how="anti")["unit"]
    return pl.DataFrame({"unit": pl.concat([kept, others])}).sort("unit")


def brought_by(units: Units, company: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """What a company heads, if it is a unit of its own."""
    head = units.table.filter(
        (pl.col("kind") != RING) & (pl.col("head") == company) & (pl.col("kind") == COMPANY)
    )
    rows = units.rows.join(head.select("unit"), on="unit", how="semi")
    return rows["company"].to_numpy()
