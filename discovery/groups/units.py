"""Acting units and what they control: person clusters first, then organisations, possible tops first.

A unit that another admissible unit controls is not kept. What stays are the controlling points
(policies.md A3) and, beside them, units that control nothing but may raise a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.control.kernel import Controlled, Tests, control, rows_by, top_first
from discovery.control.registers import Registers, registers
from discovery.facts.graph import FactGraph
from discovery.groups.eligible import Eligible
from discovery.groups.points import beneath, rings, uncontrolled
from discovery.groups.slots import deemed_slots, watched_slots
from discovery.kinship.relations import relations
from discovery.kinship.scopes import CODE
from discovery.policies.model import Persons, Policy
from discovery.policies.values import millionths

COMPANY: Final = 0
CLUSTER: Final = 1
RING: Final = 2
DECIDED: Final = 3  # companies that a recorded decision ties together, with nobody on top

Ints = npt.NDArray[np.int32]


class Unit(NamedTuple):
    """A unit read out of the table: its kind, its head (company, anchor, smallest of the ring), all in it."""

    kind: int
    head: int
    parties: tuple[int, ...]


@dataclass(frozen=True)
class Units:
    """The units that nobody admissible controls, what each controls, and watched totals elsewhere.

    `table`: `unit`, `kind`, `head`, `point` (may head a group), `alone` (kin are tested each alone,
    united by B13 and B14), `beneath` (a point although somebody controls it, see `points`). `members`:
    `unit`, `party` (a cluster's or ring's; anchor first).
    `rows`: `unit`, `company`, `round`, `mask` of deemed slots passed. `watch`: `unit`, `company`,
    `slot`, `total`. `kin`: who of a cluster is what to the anchor, with the facts. `decided`: the parties
    of each decided set with the decisions that made it.
    """

    registers: Registers
    table: pl.DataFrame
    members: pl.DataFrame
    rows: pl.DataFrame
    watch: pl.DataFrame
    kin: pl.DataFrame
    roles: pl.DataFrame
    decided: Mapping[tuple[int, ...], tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def _unpacked(self) -> tuple[list[int], list[int], list[int], list[int]]:
        """Kinds, heads, offsets into the parties, and all parties, unit by unit."""
        start, order = rows_by(self.members["unit"].to_numpy(), self.table.height)
        parties = self.members["party"].to_numpy()[order]
        return self.table["kind"].to_list(), self.table["head"].to_list(), start.tolist(), parties.tolist()

    def unit(self, number: int) -> Unit:
        """One unit by its number."""
        kinds, heads, start, parties = self._unpacked
        return Unit(kinds[number], heads[number], tuple(parties[start[number] : start[number + 1]]))

    def watched(self, slot: str) -> pl.DataFrame:
        """The totals of one watched slot: `unit`, `company`, `total`."""
        number = self.registers.slot(slot)
        return self.watch.filter(pl.col("slot") == number).drop("slot")


def rows_of(frame: pl.DataFrame, units: Ints) -> pl.DataFrame:
    """The rows of some units (sorted) of a frame that is sorted by `unit`."""
    column = frame["unit"].to_numpy()
    low = np.searchsorted(column, units, side="left")
    high = np.searchsorted(column, units, side="right")
    if len(units) > 1_000:
        return frame.filter(pl.col("unit").is_in(pl.Series(units).implode()))
    return pl.concat([frame[:0], *(frame[a:b] for a, b in zip(low.tolist(), high.tolist(), strict=True))])


class _Run(NamedTuple):
    """Units handed to the kernel and what came back, as frames numbered within the run."""

    table: pl.DataFrame
    members: pl.DataFrame
    rows: pl.DataFrame
    watch: pl.DataFrame


def acting_units(
    graph: FactGraph,
    policy: Policy,
    eligible: Eligible,
    *,
    split: frozenset[int] = frozenset(),
    leaves: npt.NDArray[np.bool_] | None = None,
    only: npt.NDArray[np.bool_] | None = None,
    among: npt.NDArray[np.bool_] | None = None,
    decided: Mapping[tuple[int, ...], tuple[str, ...]] | None = None,
) -> Units:
    """All units under a policy.

    `split` names owners that an exemption sets apart: they head nothing; `leaves` (a flag a party) may be
    units although they hold nothing, since an owner may join them. `only` (a flag a party) makes units
    of these organisations alone, whether they may head a group or not; `among` keeps to units that these
    parties head, with the kin of every person among them. `decided`: sets of parties that a
    recorded decision ties together; each acts as one unit, and its parties head no group of their own.
    """
    brought = registers(
        graph,
        deemed_slots(policy),
        watched_slots(policy),
        min_confidence=millionths(policy.evidence.min_confidence),
        multiply=policy.control.multiplies,
    )
    admissible = eligible.controllers.copy() if only is None else only.copy()
    admissible[list(split)] = False
    if among is not None:
        admissible &= among
    marked = np.zeros(len(graph.parties), np.bool_)
    runs: list[_Run] = []
    kin = _no_kin()
    roles = pl.DataFrame(schema={"person": pl.Int32, "company": pl.Int32, "assumed": pl.Boolean})
    if policy.persons is not None and "natural_person" in policy.controllers.kinds and only is None:
        clusters = _Clusters(graph, policy.persons, brought, eligible, among)
        kin = clusters.kin
        runs += clusters.runs()
        roles = clusters.roles
        for run in runs:
            points = run.table.filter("point")["unit"]
            companies = run.rows.filter(pl.col("unit").is_in(points.implode()))["company"]
            marked[companies.to_numpy()] = True
    if decided:
        runs.append(_decided(brought, list(decided)))
        marked[runs[-1].members["party"].to_numpy()] = True
        marked[runs[-1].rows["company"].to_numpy()] = True
    acting = np.diff(brought.entries.start) > 0
    acting = acting if leaves is None else acting | leaves
    heads = admissible & ~graph.parties.person
    if policy.control.multiplies:
        runs.append(_multiplied(brought, heads & acting, runs, eligible.members))
    else:
        runs.append(_organisations(brought, heads, marked, acting))
    return _numbered(brought, runs, kin, roles, decided or {})


def _decided(brought: Registers, sets: list[tuple[int, ...]]) -> _Run:
    """Each decided set as one unit."""
    start = np.cumsum([0, *(len(parties) for parties in sets)]).astype(np.int64)
    numbers = np.arange(len(sets), dtype=np.int32)
    everyone = np.array([party for parties in sets for party in parties], np.int32)
    found = brought.control((start, everyone), without_watch(brought, "major"))
    table = pl.DataFrame({"unit": numbers, "head": np.array([parties[0] for parties in sets], np.int32)})
    marks = {
        "kind": pl.lit(DECIDED, dtype=pl.Int8),
        "point": pl.lit(value=True),
        "alone": pl.lit(value=False),
    }
    members = pl.DataFrame({"unit": np.repeat(numbers, np.diff(start)), "party": everyone})
    marks["beneath"] = pl.lit(value=False)
    table = table.with_columns(**marks).select("unit", "kind", "head", "point", "alone", "beneath")
    return _Run(table, members, *_frames(found))


def _numbered(
    brought: Registers,
    runs: list[_Run],
    kin: pl.DataFrame,
    roles: pl.DataFrame,
    decided: Mapping[tuple[int, ...], tuple[str, ...]],
) -> Units:
    """One numbering over all runs."""
    frames: dict[str, list[pl.DataFrame]] = {"table": [], "members": [], "rows": [], "watch": []}
    base = 0
    for run in runs:
        for name, kept in frames.items():
            frame: pl.DataFrame = getattr(run, name)
            kept.append(frame.with_columns(unit=(pl.col("unit") + base).cast(pl.Int32)))
        base += int(run.table["unit"].to_numpy().max(initial=-1)) + 1
    table = pl.concat(frames["table"])
    dense = table.select("unit").with_row_index("number").with_columns(pl.col("number").cast(pl.Int32))
    whole = {
        name: pl.concat(kept)
        .join(dense, on="unit", how="inner", maintain_order="left")
        .with_columns(unit="number")
        .drop("number")
        for name, kept in frames.items()
    }
    return Units(
        brought,
        whole["table"],
        whole["members"],
        whole["rows"].sort("unit", "company"),
        whole["watch"],
        kin,
        roles,
        decided,
    )


def _frames(found: Controlled) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = pl.DataFrame(
        {"unit": found.unit, "company": found.company, "round": found.round, "mask": found.mask}
    )
    watch = pl.DataFrame(
        {
            "unit": found.watch_unit,
            "company": found.watch_company,
            "slot": found.watch_slot,
            "total": found.watch_total,
        }
    )
    return rows, watch


def _multiplied(
    brought: Registers,
    heads: npt.NDArray[np.bool_],
    runs: list[_Run],
    eligible: npt.NDArray[np.bool_],
) -> _Run:
    """Organisations that are points where control is not handed down, rings as one unit.

    `runs`: families and decided sets, whose parties and companies stand under somebody.
    """
    above = [inside for run in runs for inside in _everyone(run)]
    tied = [party for run in runs for party in run.members["party"].to_list()]
    heads = heads.copy()
    heads[tied] = False
    units = np.flatnonzero(heads).astype(np.int32)
    offsets = np.arange(len(units) + 1, dtype=np.int64)
    rows, watch = _frames(brought.control((offsets, units), without_watch(brought, "major")))
    whole = rows.select(pl.Series(units)[rows["unit"]].alias("head"), "company")
    pairs = whole.filter(pl.Series(heads[whole["company"].to_numpy()], dtype=pl.Boolean))
    outside = np.array(sorted({party for inside in above for party in inside}), np.int32)
    closed = rings(pairs, outside, len(heads))
    joined = _with_rings(_no_units(), brought, closed, len(units)) if closed.height else _no_units()
    above += _everyone(joined)
    free = uncontrolled(pairs, above, len(heads)) & heads
    under = np.zeros(len(heads), np.bool_)
    under[beneath(whole, heads, free, above, eligible)] = True
    under[closed["party"].to_numpy()] = False
    number = np.flatnonzero((free | under)[units]).astype(np.int32)
    table = pl.DataFrame(
        {"unit": number, "kind": np.full(len(number), COMPANY, np.int8), "head": units[number]}
    )
    marks = {"point": pl.lit(value=True), "alone": pl.lit(value=False)}
    single = (
        table.with_columns(**marks, beneath=pl.Series(under[units[number]], dtype=pl.Boolean)),
        table.select("unit", party="head"),
        rows.join(table.select("unit"), on="unit", how="semi"),
        watch.join(table.select("unit"), on="unit", how="semi"),
    )
    return _Run(*(pl.concat([one, two]) for one, two in zip(single, joined, strict=True)))


def _everyone(run: _Run) -> list[frozenset[int]]:
    """The parties of each point and all that it controls."""
    points = run.table.filter("point").select("unit")
    both = pl.concat([run.members, run.rows.select("unit", party="company")])
    inside = both.join(points, on="unit", how="semi").group_by("unit").agg("party").sort("unit")
    return [frozenset(parties) for parties in inside["party"].to_list()]


def _no_units() -> _Run:
    none = np.zeros(0, np.int32)
    table = pl.DataFrame({"unit": none, "kind": none.astype(np.int8), "head": none})
    marks = {name: pl.lit(value=False) for name in ("point", "alone", "beneath")}
    rows, watch = _frames(Controlled(none, none, none, none.astype(np.int64), none, none,
                                     none.astype(np.int8), none.astype(np.int64), complete=True))  # fmt: skip
    return _Run(table.with_columns(**marks), table.select("unit", party="head"), rows, watch)


def _organisations(
    brought: Registers,
    heads: npt.NDArray[np.bool_],
    marked: npt.NDArray[np.bool_],
    acting: npt.NDArray[np.bool_],
) -> _Run:
    """Organisations that nobody admissible controls, rings as one unit."""
    order, part = top_first(brought.entries)
    units = order[heads[order] & acting[order] & ~marked[order]]
    tests = without_watch(brought, "major")
    offsets = np.arange(len(units) + 1, dtype=np.int64)
    found = control(brought.entries, tests, brought.seats, (offsets, units), marked=marked)
    rows, watch = _frames(found)
    tops = ~marked[units]
    numbered = pl.DataFrame({"unit": np.arange(len(units), dtype=np.int32), "top": units}).filter(tops)
    rings = _rings(brought, rows, numbered, part, heads)
    in_ring = np.zeros(len(marked), np.bool_)
    in_ring[rings["party"].to_numpy()] = True
    number = np.flatnonzero(tops & ~in_ring[units]).astype(np.int32)
    table = pl.DataFrame(
        {"unit": number, "kind": np.full(len(number), COMPANY, np.int8), "head": units[number]}
    )
    single = _Run(
        table.with_columns(point=pl.lit(value=True), alone=pl.lit(value=False), beneath=pl.lit(value=False)),
        table.select("unit", party="head"),
        rows.join(table.select("unit"), on="unit", how="semi"),
        watch.join(table.select("unit"), on="unit", how="semi"),
    )
    return single if rings.is_empty() else _with_rings(single, brought, rings, len(units))


def without_watch(brought: Registers, name: str) -> Tests:
    """The tests with one total less to watch."""
    watch = brought.tests.watch.copy()
    for number, slot in enumerate(brought.slots):
        if slot.name == name:
            watch[number] = -1
    return brought.tests._replace(watch=watch)


def _rings(
    brought: Registers, rows: pl.DataFrame, units: pl.DataFrame, part: Ints, heads: npt.NDArray[np.bool_]
) -> pl.DataFrame:
    """Tops that somebody they control controls in turn: `top`, `party` (all of the ring, the top too)."""
    below = rows.join(units, on="unit").select("top", "company")
    same = part[below["top"].to_numpy()] == part[below["company"].to_numpy()]
    below = below.filter(pl.Series(same, dtype=pl.Boolean))
    below = below.join(_owned_from_below(brought, below), on="top", how="semi")
    below = below.filter(pl.Series(heads[below["company"].to_numpy()], dtype=pl.Boolean))
    if below.is_empty():
        return pl.DataFrame(schema={"top": pl.Int32, "party": pl.Int32})
    candidates = below["company"].unique().sort().to_numpy()
    found = brought.control((np.arange(len(candidates) + 1, dtype=np.int64), candidates))
    back = pl.DataFrame({"party": candidates[found.unit], "top": found.company})
    partners = below.rename({"company": "party"}).join(back, on=["party", "top"], how="semi")
    own = partners.select("top", party="top").unique()
    return pl.concat([partners, own]).sort("top", "party")


def _owned_from_below(brought: Registers, below: pl.DataFrame) -> pl.DataFrame:
    """Tops in whose registers what they control holds enough to pass some test."""
    slots = pl.DataFrame(
        {
            "slot": np.arange(brought.deemed, dtype=np.int8),
            "threshold": brought.tests.threshold[: brought.deemed],
            "strict": brought.tests.strict[: brought.deemed],
            "scaled": brought.tests.scaled[: brought.deemed],
            "mode": brought.tests.mode[: brought.deemed],
        }
    )
    into = brought.frame.join(below.select("top").unique(), left_on="company", right_on="top", how="semi")
    into = into.join(below, left_on=["company", "brings"], right_on=["top", "company"], how="semi")
    totals = into.group_by("company", "slot").agg(amount=pl.col("weight").sum()).join(slots, on="slot")
    scale = pl.Series(brought.seats[totals["company"].to_numpy()])
    need = pl.col("threshold") * pl.when("scaled").then(scale).otherwise(1) + pl.col("strict")
    return totals.filter((pl.col("mode") == 1) | (pl.col("amount") >= need)).select(top="company").unique()


def _with_rings(single: _Run, brought: Registers, rings: pl.DataFrame, base: int) -> _Run:
    """Each ring once, as a unit of all its parties."""
    heads = rings.group_by("top").agg(head=pl.col("party").min())
    one = rings.join(heads, on="top").select("head", "party").unique().sort("head", "party")
    numbers = one.select("head").unique().sort("head").with_row_index("unit")
    numbers = numbers.with_columns(unit=(pl.col("unit") + base).cast(pl.Int32))
    members = one.join(numbers, on="head", maintain_order="left").select("unit", "party")
    start, order = rows_by((members["unit"].to_numpy() - base).astype(np.int32), numbers.height)
    parties = members["party"].to_numpy()[order]
    found = brought.control((start, parties), without_watch(brought, "major"))
    rows, watch = _frames(found)
    table = numbers.select(
        "unit",
        kind=pl.lit(RING, dtype=pl.Int8),
        head="head",
        point=pl.lit(value=True),
        alone=pl.lit(value=False),
        beneath=pl.lit(value=False),
    )
    shift = (pl.col("unit") + base).cast(pl.Int32)
    return _Run(
        pl.concat([single.table, table]),
        pl.concat([single.members, members]),
        pl.concat([single.rows, rows.with_columns(unit=shift)]),
        pl.concat([single.watch, watch.with_columns(unit=shift)]),
    )


def _no_kin() -> pl.DataFrame:
    empty = pl.DataFrame(schema={"person": pl.Int32, "relation": pl.String, "relative": pl.Int32})
    return empty.with_columns(kind=pl.lit(None, dtype=pl.String)).pipe(relations, (), np.zeros(0, np.bool_))


class _Clusters:
    """Persons with their kin in scope, and which of them may head a group (policies.md B4)."""

    def __init__(
        self,
        graph: FactGraph,
        rules: Persons,
        brought: Registers,
        eligible: Eligible,
        among: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        self._graph = graph
        self._rules = rules
        self._brought = brought
        self._eligible = eligible
        self._brings = np.diff(brought.entries.start) > 0
        self._posts = eligible.posts_held
        active = self._brings.copy()
        active[self._posts["person"].to_numpy()] = True
        active &= graph.parties.person
        if among is not None:
            active &= among
        self._active = active
        wanted = rules.kin.deem
        if rules.kin.add_up is not None:
            wanted = tuple(dict.fromkeys((*wanted, *rules.kin.add_up.scope)))
        self.kin = relations(graph["kinship"], wanted, active)

    def runs(self) -> list[_Run]:
        """Clusters with the rule's scope; where family holdings are added up, families too."""
        everyone = np.flatnonzero(self._active).astype(np.int32)
        clusters = self._run(everyone, self._scope(self._rules.kin.deem))
        anchored = self._anchored(clusters)
        alone = self._rules.kin.joint == "each_alone"
        if alone:
            anchored = anchored | self._reference(clusters)
        run = self._marked(clusters, anchored, alone=alone)
        if self._rules.kin.add_up is None:
            return [run]
        rest = run.table.filter(~pl.col("point"))["head"].to_numpy()
        families = self._run(rest, self._family())
        shareholders = self._has_stake_inside(families)
        kept = self._marked(families, shareholders, alone=False)
        points = kept.table.filter("point").select("unit")
        return [run, _Run(*(frame.join(points, on="unit", how="semi") for frame in kept))]

    def _scope(self, names: tuple[str, ...]) -> pl.DataFrame:
        codes = [CODE[name] for name in names]
        return self.kin.filter(pl.col("relation").is_in(codes)).select("person", "relative").unique()

    def _family(self) -> pl.DataFrame:
        """Family members for adding up: the listed relations, and near relatives at the same address."""
        add_up = self._rules.kin.add_up
        if add_up is None:
            return self._scope(())
        family = self._scope(add_up.scope)
        if not add_up.household:
            return family
        address = self._graph.parties.frame["address"]
        near = self._scope(self._rules.kin.deem)
        home = near.select(
            here=address[near["person"].to_numpy()], there=address[near["relative"].to_numpy()]
        )
        return pl.concat([family, near.filter(home["here"] == home["there"])]).unique()

    def _run(self, heads: Ints, kin: pl.DataFrame) -> _Run:
        """One unit a person: the person and the relatives who bring something."""
        numbers = pl.DataFrame({"person": heads, "unit": np.arange(len(heads), dtype=np.int32)})
        bringing = kin.filter(pl.Series(self._brings[kin["relative"].to_numpy()], dtype=pl.Boolean))
        others = bringing.join(numbers, on="person").select("unit", party="relative").sort("unit", "party")
        members = pl.concat([numbers.select("unit", party="person"), others])
        start, order = rows_by(members["unit"].to_numpy(), len(heads))
        members = members[order]
        brought = self._brought
        found = brought.control((start, members["party"].to_numpy()), brought.tests)
        table = numbers.select("unit", kind=pl.lit(CLUSTER, dtype=pl.Int8), head="person")
        return _Run(table, members, *_frames(found))

    def _marked(self, run: _Run, heads: npt.NDArray[np.bool_], *, alone: bool) -> _Run:
        return run._replace(
            table=run.table.with_columns(
                point=pl.Series(heads), alone=pl.lit(value=alone), beneath=pl.lit(value=False)
            ),
        )

    def _controlled(self, run: _Run) -> pl.DataFrame:
        """Eligible companies each unit controls, with its anchor: `unit`, `person`, `company`."""
        eligible = pl.Series(self._eligible.members[run.rows["company"].to_numpy()], dtype=pl.Boolean)
        return (
            run.rows.filter(eligible)
            .join(run.table.select("unit", person="head"), on="unit")
            .select("unit", "person", "company")
        )

    def _units_in(self, run: _Run, pairs: pl.DataFrame) -> npt.NDArray[np.bool_]:
        found = self._controlled(run).join(pairs, on=["person", "company"], how="semi")["unit"].unique()
        flags = np.zeros(run.table.height, np.bool_)
        flags[found.to_numpy()] = True
        return flags

    def _anchored(self, clusters: _Run) -> npt.NDArray[np.bool_]:
        """Whose anchor is a major investor, key manager or controller of a member."""
        return self._units_in(clusters, self.roles)

    @cached_property
    def roles(self) -> pl.DataFrame:
        """Pairs `person`, `company` in which a person has what makes an anchor.

        `assumed`: by nothing but offices that the policy takes for executive since the facts do not say.
        """
        everyone = np.flatnonzero(self._active).astype(np.int32)
        single = self._run(everyone, self._scope(()))
        major = single.watch.filter(pl.col("slot") == self._brought.slot("major"))
        stakes = pl.concat([single.rows.select("unit", "company"), major.select("unit", "company")])
        invested = stakes.join(single.table.select("unit", person="head"), on="unit").select(
            "person", "company"
        )
        declared = (
            self._graph["powers"]
            .filter(pl.col("kind") == "declared_controller")
            .select(person="holder", company="company")
        )
        assumed = pl.lit(value=self._rules.key_managers.executive_only) & pl.col("executive_assumed")
        posts = self._eligible.key_posts.select("person", "company", assumed=assumed)
        stated = pl.concat([invested, declared]).with_columns(assumed=pl.lit(value=False))
        return pl.concat([stated, posts]).group_by("person", "company").agg(pl.col("assumed").all())

    def _stakes(self) -> pl.DataFrame:
        return self._graph.holdings.select(person="holder", company="company").unique()

    def _has_stake_inside(self, run: _Run) -> npt.NDArray[np.bool_]:
        return self._units_in(run, self._stakes())

    def _reference(self, clusters: _Run) -> npt.NDArray[np.bool_]:
        """Reference persons of a family enterprise without the stake of an anchor: in all of its firms."""
        direct = self._brought.frame.select(party="by", company="company").unique()
        firms = (
            self._controlled(clusters)
            .join(clusters.members, on="unit")
            .join(direct, on=["party", "company"], how="semi")
            .select("unit", "person", "company")
            .unique()
        )
        mine = pl.concat([self._stakes(), self._posts.select("person", "company")]).unique()
        held = firms.join(mine, on=["person", "company"], how="semi").group_by("unit").agg(mine=pl.len())
        counts = firms.group_by("unit").agg(firms=pl.len()).join(held, on="unit")
        flags = np.zeros(clusters.table.height, np.bool_)
        flags[counts.filter(pl.col("mine") == pl.col("firms"))["unit"].to_numpy()] = True
        return flags
