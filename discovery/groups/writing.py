"""Groups as the published outcome: controller, members, basis, flags, coverage, evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.control.ownership import NOT, NOT_ASSESSED, PASSES
from discovery.control.registers import LOW_CONFIDENCE
from discovery.control.stakes import Stakes
from discovery.evidence.models import DECISION
from discovery.facts.graph import FactGraph
from discovery.facts.keys import group_id
from discovery.facts.schema import PERCENT_SCALE
from discovery.groups.amounts import PERCENT, decimal_text, exact_text, fraction_text
from discovery.groups.eligible import Eligible
from discovery.groups.ends import EndNodes
from discovery.groups.formation import Formation
from discovery.groups.method import FLAGS as METHOD_FLAGS
from discovery.groups.method import SHARES, Multiplied, Question, other_method
from discovery.groups.multiplied import Carried
from discovery.groups.ordinary import Lines, OrdinaryGroups
from discovery.groups.pairs import Pair
from discovery.groups.proofs import Proof, Proofs, led_by
from discovery.groups.rulings import Ruling
from discovery.groups.steps import DOUBTFUL, Ground, Row, doubts, united
from discovery.groups.units import CLUSTER, COMPANY, DECIDED, RING
from discovery.kinship.relations import FACTS
from discovery.kinship.scopes import CODE, RELATION_NAMES
from discovery.policies.model import Policy

CONTROLLER_KINDS: Final = {COMPANY: "company", CLUSTER: "person", RING: "ring", DECIDED: "none"}
_DOUBTS: Final = frozenset(
    {
        "register_over_100",
        "kind_assumed",
        "stub_on_path",
        "conflicting_sources",
        "low_confidence",
        "measure_assumed",
    }
)

Document = dict[str, Any]


@dataclass(frozen=True)
class Members:
    """The members of one group: clients and others."""

    clients: list[int]
    others: list[int]

    @property
    def everyone(self) -> list[int]:
        return [*self.clients, *self.others]


class GroupWriter:
    """Writes groups of one formation; `before` is the one in which owners set apart still head theirs."""

    def __init__(
        self,
        graph: FactGraph,
        policy: Policy,
        who: Eligible,
        formation: Formation,
        before: Formation | None = None,
    ) -> None:
        self._graph = graph
        self._policy = policy
        self._who = who
        self.formation = formation
        self._before = before or formation
        self._proofs = Proofs(graph, policy, formation.units)
        self._ends = EndNodes(graph, policy, formation)
        self.other_method = other_method(graph, policy, formation.units.registers)
        self._direct = Multiplied(graph, policy)
        self._ids = graph.parties.ids
        self._keys = graph.parties.keys
        self._unit_ids: dict[int, str] = {}

    def held(self, measure: str) -> Stakes:
        """The direct stakes of one measure, made once."""
        return self._direct.held(measure)

    def id_of(self, number: int) -> str:
        """The group id: policy, controller kind and the controller's record keys."""
        found = self._unit_ids.get(number)
        if found is None:
            found = self._unit_ids[number] = unit_id(self._policy.slug, self._keys, self.formation, number)
        return found

    def write(
        self, members: pl.DataFrame, rulings: dict[int, Ruling]
    ) -> Iterator[tuple[int, Document, list[Pair]]]:
        """Each unit of `members` (`unit`, `company`, `end`, `client`): its outcome, what it asks."""
        listed = _listed(members)
        ends = self._ends.of(members.filter("end").select("unit", "company"))
        wanted = members.filter(~pl.col("end")).select("unit", "company")
        if ends:
            wanted = pl.concat([wanted, self._ends.rested_on(ends)]).unique()
        behind = self._ends.parties_behind(ends)
        if self.formation.owner_of:
            joined = pl.col("unit").is_in(list(self.formation.owner_of))
            whole = self._proofs.of(wanted.filter(~joined), behind)
            proofs = [*whole, *self._of_branches(wanted.filter(joined))]
        else:
            proofs = list(self._proofs.of(wanted, behind))
        otherwise = self._otherwise(proofs, ends)
        for number, proof in proofs:
            ruling = rulings.get(number, Ruling())
            methods = otherwise.get(number, {})
            yield number, *self._one(number, proof, (listed[number], ends.get(number, {})), ruling, methods)

    def lines(self, members: pl.DataFrame) -> Lines:
        """The groups of units that are `ordinary` as JSON."""
        ids = {number: self.id_of(number) for number in members["unit"].unique().to_list()}
        return self._by_columns.lines(members, ids)

    @cached_property
    def _by_columns(self) -> OrdinaryGroups:
        units = self.formation.units
        return OrdinaryGroups(
            self._graph, self._policy, units, self._proofs, method=self._direct, by_shares=self._by_shares
        )

    @cached_property
    def ordinary(self) -> npt.NDArray[np.bool_]:
        """The units whose groups `lines` can write: each one party, no end nodes, no flag but of its amounts.

        What an exemption says of them comes beside.
        """
        units = self.formation.units
        several = np.bincount(units.members["unit"].to_numpy(), minlength=units.table.height) > 1
        if self._proofs.multiplied is not None:
            return np.zeros(len(several), np.bool_)
        kinds = [COMPANY] if self._proofs.each_alone else [COMPANY, CLUSTER]
        told: npt.NDArray[np.bool_] = several | units.table["beneath"].to_numpy()
        told |= ~units.table["kind"].is_in(kinds).to_numpy()
        told[[*self.formation.owner_of, *self.formation.rebutted]] = True
        told[self.formation.ends["unit"].to_numpy()] = True
        noted = self._noted
        heads = noted.copy()
        heads[[*self._holders, *self._roles]] = True
        told |= heads[units.table["head"].to_numpy()]
        masks = units.rows["mask"].to_numpy()
        first = masks & -masks
        apart = noted[units.rows["company"].to_numpy()] | ((first & self._plain_slots) == 0)
        apart |= (masks & self._slots_of({DECISION})) > 0
        told[units.rows["unit"].to_numpy()[apart]] = True
        return ~told

    @cached_property
    def _noted(self) -> npt.NDArray[np.bool_]:
        """The parties that bring a flag or a question to a group, whatever the group."""
        noted: npt.NDArray[np.bool_] = np.zeros(len(self._graph.parties), np.bool_)
        noted[[*self._own_flags, *self._stubs, *self._of_families]] = True
        entries = self.formation.units.registers.frame
        apart = entries.filter(((pl.col("mark") & LOW_CONFIDENCE) > 0) | pl.col("by").is_in(self._stubs))
        noted[apart["company"].to_numpy()] = True
        return noted

    @cached_property
    def _plain_slots(self) -> int:
        """The slots whose steps hold sums of percent, or what is there or not, and put no flag, as a mask."""
        grounds = self._proofs.writer.grounds
        plain = {one.code for one in grounds if one.measure in {*PERCENT, "power"} and not one.personal}
        return self._slots_of(plain - self._telling)

    def _slots_of(self, codes: Collection[str]) -> int:
        grounds = enumerate(self._proofs.writer.grounds)
        return sum(1 << slot for slot, ground in grounds if ground.code in codes)

    def _of_branches(self, wanted: pl.DataFrame) -> Iterator[tuple[int, Proof]]:
        """The owner's proof of each branch: the steps of its companies and what those rest on."""
        if wanted.is_empty():
            return
        branches = self.formation.branches
        below = wanted.join(branches, on="unit").filter(pl.col("company") != pl.col("owner"))
        owners = Proofs(self._graph, self._policy, self._before.units)
        whole = dict(owners.of(below.select("company", unit="before").unique()))
        for number, before, companies in below.group_by("unit", "before").agg("company").sort("unit").rows():
            yield number, whole[before].narrowed(companies)

    def methods_differ(self, proof: Proof, company: int) -> list[str]:
        """The flag of one controlled company of which the other method would say otherwise."""
        flag = self._otherwise([(0, proof)], {}).get(0, {}).get(company)
        return [] if flag is None else [flag]

    def _otherwise(
        self, proofs: list[tuple[int, Proof]], ends: dict[int, dict[int, Document]]
    ) -> dict[int, dict[int, str]]:
        """Companies, by unit, of which the other method of indirect shares says otherwise, with the flag."""
        asked = {
            (number, company): (question, controlled)
            for number, proof in proofs
            for company, question, controlled in self._questions(proof, ends.get(number, {}))
        }
        said = self.other_method.passes(question for question, _ in asked.values())
        found: dict[int, dict[int, str]] = {}
        for (number, company), (question, controlled) in asked.items():
            verdict = said[question]
            if verdict != (PASSES if controlled else NOT):
                flag = METHOD_FLAGS[NOT_ASSESSED if verdict == NOT_ASSESSED else PASSES]
                found.setdefault(number, {})[company] = flag
        return found

    def _questions(self, proof: Proof, ends: dict[int, Document]) -> Iterator[tuple[int, Question, bool]]:
        """What rests on shares alone and may go either way, with whether it is controlled."""
        number = self._graph.parties.number
        otherwise = ~self._by_shares
        names: list[str] = []
        unit: tuple[int, ...] = ()
        for company, row in proof.rows.items():
            if row.round > 1 and not row.mask & otherwise:
                step = proof.steps[company]
                if step["unit"] is not names:
                    names = step["unit"]
                    unit = tuple(number[party] for party in names)
                if step["measure"] != "family":
                    yield company, Question(unit, company), True
        for company in ends:
            yield company, Question(proof.used, company), False

    @cached_property
    def _by_shares(self) -> int:
        """The slots that are tests of shares, as a mask."""
        grounds = enumerate(self._proofs.writer.grounds)
        return sum(1 << slot for slot, ground in grounds if ground.measure in SHARES)

    def _one(
        self,
        number: int,
        proof: Proof,
        stands: tuple[Members, dict[int, Document]],
        ruling: Ruling,
        methods: dict[int, str],
    ) -> tuple[Document, list[Pair]]:
        ids, (members, ends) = self._ids, stands
        steps = proof.steps
        acting = (
            self.formation.units.unit(number).parties if number in self.formation.owner_of else proof.used
        )
        names = [ids[party] for party in acting]
        if ends:
            placed = {company: self._ends.placed(step, names, steps) for company, step in ends.items()}
            steps = {**steps, **placed}
        carried = self._on_the_way(number, proof, ends)
        everyone = members.everyone
        marks = {company: united(row.shares) & DOUBTFUL for company, row in proof.rows.items()}
        member_flags = self._member_flags(everyone, proof, steps, marks, methods)
        flags = self._flags(proof, steps, members, ruling)
        if number in self._beneath:
            flags.add("presumed")
        for marked in {*marks.values(), *(united(one.shares) & DOUBTFUL for one in carried)}:
            flags |= doubts(marked)
        flags |= _DOUBTS.intersection(chain.from_iterable(member_flags.values()))
        if self._decided(steps) or number in self.formation.rebutted:
            flags.add("decided")
        basis: dict[str, list[str]] = {}
        coverage: dict[str, str] = {}
        for company, on_file in zip(everyone, self._graph.votes_on_file[everyone].tolist(), strict=True):
            name, found = ids[company], steps.get(company)
            if found is None:
                basis[name] = ["HEAD"]
            else:
                basis[name] = [found["basis"], *found["also"]]
                coverage[name] = decimal_text(on_file)
        document: Document = {
            "id": self.id_of(number),
            "outcome": "EXEMPT" if ruling.reason else "GROUP",
            "controller": self._controller(number, proof),
            "members": [ids[company] for company in members.clients],
            "non_client_members": [ids[company] for company in members.others],
            "flags": sorted(flags),
            "member_flags": {ids[company]: sorted(told) for company, told in member_flags.items()},
            "basis": basis,
            "coverage": coverage,
            "evidence": {ids[company]: steps[company] for company in sorted(steps)},
        }
        if self._proofs.multiplied is not None:
            document["shares"] = [self._carried(proof, names, one) for one in carried]
        if ruling.reason:
            document |= {
                "reason": ruling.reason,
                "article": ruling.article,
                "measured": {name: _figure(value) for name, value in ruling.measured.items()},
                "facts": list(ruling.facts),
            }
        return document, self._confirm(proof, members, flags, ruling, carried)

    def _on_the_way(self, number: int, proof: Proof, ends: dict[int, Document]) -> list[Carried]:
        """The companies over which multiplied shares run that no step of their own shows."""
        if self._proofs.multiplied is None:
            return []
        rests = [*proof.rests, *self._ends.rests(number, ends)]
        found = self._proofs.multiplied.carried(rests)
        slots = self.formation.units.registers.slots
        return sorted(found, key=lambda one: (one.rest.company, slots[one.rest.slot].measure, one.rest.unit))

    def _carried(self, proof: Proof, names: list[str], one: Carried) -> Document:
        """One company on the way, as published."""
        measure = self.formation.units.registers.slots[one.rest.slot].measure
        whole = set(one.rest.unit) == set(proof.unit.parties)
        return {
            "unit": names if whole else [self._ids[party] for party in one.rest.unit],
            "company": self._ids[one.rest.company],
            "round": one.depth,
            "measure": measure,
            "total": exact_text(100 * one.share),
            "contributions": self._proofs.writer.contributions(measure, one.shares),
        }

    @cached_property
    def _beneath(self) -> frozenset[int]:
        """The units that are points although somebody controls them."""
        return frozenset(self.formation.units.table.filter("beneath")["unit"].to_list())

    def _decided(self, steps: dict[int, Document]) -> bool:
        """Does a step rest on a recorded decision?"""
        return self._deciding and any(
            step["basis"] == DECISION or DECISION in step["also"] for step in steps.values()
        )

    @cached_property
    def _deciding(self) -> bool:
        """Does any decision tie parties together or bring something to a company?"""
        for units in (self.formation.units, self._before.units):
            slots = units.registers.slots
            brought = units.registers.frame["slot"].unique().to_list()
            if units.decided or any(slots[slot].name == DECISION for slot in brought):
                return True
        return False

    def _controller(self, number: int, proof: Proof) -> Document:
        controller: Document = {
            "kind": CONTROLLER_KINDS[proof.unit.kind],
            "parties": [self._ids[party] for party in proof.used if proof.unit.kind != DECIDED],
        }
        if proof.unit.kind == CLUSTER:
            controller["kin"] = [self._tie(proof.unit.head, party) for party in proof.used[1:]]
        if number in self.formation.owner_of:
            controller["branch"] = [self._ids[party] for party in self.formation.units.unit(number).parties]
        return controller

    def _tie(self, anchor: int, relative: int) -> Document:
        relation, facts, _ = self._kin[anchor, relative]
        return {"person": self._ids[relative], "relation": RELATION_NAMES[relation], "facts": facts}

    @cached_property
    def _kin(self) -> dict[tuple[int, int], tuple[int, list[str], bool]]:
        """The nearest relation between an anchor and each relative in scope: code, facts, over a step tie."""
        facts = self._graph["kinship"]["fact"].to_list()
        kin: dict[tuple[int, int], tuple[int, list[str], bool]] = {}
        rows = self.formation.units.kin.select("person", "relative", "relation", "step", *FACTS)
        for person, relative, relation, step, *path in rows.iter_rows():
            if (person, relative) not in kin:
                kin[person, relative] = (relation, [facts[fact] for fact in path if fact is not None], step)
        return kin

    def _member_flags(
        self,
        everyone: list[int],
        proof: Proof,
        steps: dict[int, Document],
        marks: dict[int, int],
        methods: dict[int, str],
    ) -> dict[int, set[str]]:
        """The flags of the members that have any."""
        told: dict[int, set[str]] = {}
        for company in everyone:
            flags = set(self._own_flags.get(company, ()))
            if marks.get(company):
                flags |= doubts(marks[company])
            step = steps.get(company)
            if step is not None and step["basis"] in self._telling:
                flags.update(self._step_flags(step))
            if company in methods:
                flags.add(methods[company])
            if self._stubs and company in proof.rows:
                flags |= self._over_stubs(proof.rows[company])
            if flags:
                told[company] = flags
        return told

    def _over_stubs(self, row: Row) -> set[str]:
        return {"stub_on_path" for share in row.shares if share.by in self._stubs}

    @cached_property
    def _own_flags(self) -> dict[int, tuple[str, ...]]:
        """The flags that stand on a company in whichever group it is a member."""
        flags: dict[int, tuple[str, ...]] = {}
        for flag, companies in (
            ("kind_assumed", self._kind_assumed),
            ("register_over_100", self._over_100),
            ("treasury_shares", self._own_shares),
            ("multi_membership", self._in_several_groups),
            ("dual_control", self._several_controllers),
        ):
            for company in companies:
                flags[company] = (*flags.get(company, ()), flag)
        return flags

    @cached_property
    def _grounds(self) -> dict[str, Ground]:
        return {ground.code: ground for ground in self._proofs.writer.grounds}

    @cached_property
    def _of_forms(self) -> dict[str, set[str]]:
        """Flags of end nodes by the code of the rule that makes them."""
        found: dict[str, set[str]] = {}
        for rule in (self._policy.influence, self._policy.joint_control):
            if rule is not None:
                found.setdefault(rule.code, set()).update(rule.flags)
        return found

    @cached_property
    def _telling(self) -> frozenset[str]:
        """The codes of bases that may put a flag on a member."""
        grounds = self._grounds.values()
        told = {ground.code for ground in grounds if ground.flags or ground.boundary_ambiguous}
        return frozenset(told | self._of_forms.keys())

    def _step_flags(self, step: Document) -> Iterable[str]:
        ground = self._grounds.get(step["basis"])
        if ground is None:
            return self._of_forms[step["basis"]]
        flags = set(ground.flags)
        if ground.boundary_ambiguous and step["total"] == step["threshold"]:
            flags.add("boundary_ambiguous")
        return flags

    @cached_property
    def _kind_assumed(self) -> frozenset[int]:
        return frozenset(np.flatnonzero(self._graph.parties.kind_assumed).tolist())

    @cached_property
    def _over_100(self) -> frozenset[int]:
        over = np.maximum(self._graph.equity_on_file, self._graph.votes_on_file) > 100 * PERCENT_SCALE
        return frozenset(np.flatnonzero(over).tolist())

    @cached_property
    def _own_shares(self) -> frozenset[int]:
        rows = self._graph.holdings.filter(pl.col("holder") == pl.col("company"))
        return frozenset(rows["company"].to_list())

    @cached_property
    def _in_several_groups(self) -> frozenset[int]:
        rows = self.formation.in_groups.group_by("company").agg(n=pl.col("unit").n_unique())
        return frozenset(rows.filter(pl.col("n") > 1)["company"].to_list())

    @cached_property
    def _several_controllers(self) -> frozenset[int]:
        """Companies that two points control which have nobody in common."""
        units = self.formation.units
        rows = units.rows.join(units.table.filter("point"), on="unit", how="semi").select("unit", "company")
        several = rows.filter(pl.col("unit").n_unique().over("company") > 1)
        found = set()
        for company, numbers in several.group_by("company").agg("unit").rows():
            above = [units.unit(number) for number in numbers]
            families = [set(unit.parties) for unit in above if unit.kind != DECIDED]
            apart = [(one, two) for one in families for two in families if one.isdisjoint(two)]
            if any(not self._one_over_the_other(one, two) for one, two in apart):
                found.add(company)
        return frozenset(found)

    def _one_over_the_other(self, one: set[int], two: set[int]) -> bool:
        """Does one of two points control the other (where control is not handed down)?"""
        return any(
            not inside.isdisjoint(other)
            for unit, other in ((one, two), (two, one))
            for inside in self._below_points.get(frozenset(unit), ())
        )

    @cached_property
    def _below_points(self) -> dict[frozenset[int], list[frozenset[int]]]:
        """What points control that stand above points beneath them, by the parties of the unit."""
        units = self.formation.units
        heads = units.table.filter("beneath").select(company="head")
        rows = units.rows.join(heads, on="company", how="semi")
        rows = rows.join(units.table.filter("point"), on="unit", how="semi")
        found: dict[frozenset[int], list[frozenset[int]]] = {}
        for unit, companies in rows.group_by("unit").agg("company").rows():
            found.setdefault(frozenset(units.unit(unit).parties), []).append(frozenset(companies))
        return found

    def _flags(self, proof: Proof, steps: dict[int, Document], members: Members, ruling: Ruling) -> set[str]:
        flags = set(ruling.flags)
        if self._persons_presumed(proof) or any(step["presumed"] for step in steps.values()):
            flags.add("presumed")
        if self._circular(proof):
            flags.add("circular_votes")
        if self._policy.classes is not None and not ruling.reason:
            flags.add("group_related")
        if proof.unit.kind == CLUSTER:
            flags |= self._cluster_flags(proof, members)
        if not (self._stubs.isdisjoint(proof.used) and self._stubs.isdisjoint(steps)):
            flags.add("stub_on_path")
        return flags

    @cached_property
    def _stubs(self) -> frozenset[int]:
        return frozenset(np.flatnonzero(self._graph.parties.stub).tolist())

    def _persons_presumed(self, proof: Proof) -> bool:
        persons = self._policy.persons
        return (
            proof.unit.kind == CLUSTER
            and persons is not None
            and (persons.kin.presumed or persons.major_investor.presumed)
        )

    def _circular(self, proof: Proof) -> bool:
        """Does a company that the unit controls hold votes in the unit?"""
        ring = proof.unit.parties if proof.unit.kind == RING else ()
        holders = (self._holders.get(party, ()) for party in proof.unit.parties)
        return any(holder in proof.rows or holder in ring for held in holders for holder in held)

    @cached_property
    def _holders(self) -> dict[int, list[int]]:
        """Who holds votes in a party of a unit and stands under or in a unit with that party."""
        votes = self._graph.holdings.filter(pl.col("votes") > 0).select("holder", party="company")
        found = []
        for formation in (self.formation, self._before):
            units = formation.units
            inside = pl.concat([units.rows.select("unit", party="company"), units.members])
            held = votes.join(units.members, on="party")
            found.append(
                held.join(inside, left_on=["unit", "holder"], right_on=["unit", "party"], how="semi")
            )
        return dict(pl.concat(found).group_by("party").agg(pl.col("holder").unique()).rows())

    def _cluster_flags(self, proof: Proof, members: Members) -> set[str]:
        flags = set()
        everyone = members.everyone
        inside = [company for company in everyone if company in proof.rows]
        if proof.unit.head in self._roles:
            assumed = self._roles[proof.unit.head]
            here = [assumed.get(company) for company in inside]
            if True in here and False not in here:
                flags.add("executive_assumed")
        if len(proof.used) > 1:
            flags |= self._family_flags(proof, inside)
        if not self._of_families.isdisjoint(everyone):
            flags.add("overlap")
        return flags

    def _family_flags(self, proof: Proof, inside: list[int]) -> set[str]:
        """The flags of a person together with kin; `inside`: the members that they control."""
        flags = set()
        family = set(proof.used)
        direct = {company: {share.by for share in row.shares} & family for company, row in proof.rows.items()}
        persons = self._policy.persons
        if persons is not None and "singular_holder" in persons.flags:
            summed = any(self._needs_several(row, direct[company]) for company, row in proof.rows.items())
            flags |= {"singular_holder"} if summed else set()
        led = led_by(proof, proof.unit.head)
        if any(company not in led for company in inside):
            flags.add("kin_joint")
        if not any(len(direct[company]) > 1 for company in inside):
            flags.add("kin_joint_only")
        ties = [self._kin[proof.unit.head, party] for party in proof.used[1:]]
        if any(step for _, _, step in ties):
            flags.add("step_kin")
        if self._listed and any(relation not in self._listed for relation, _, _ in ties):
            flags.add("kin_conflict")
        return flags

    @cached_property
    def _listed(self) -> frozenset[int]:
        """The relations of a narrower list in the same measures."""
        persons = self._policy.persons
        return frozenset(CODE[name] for name in persons.kin.listed) if persons else frozenset()

    @cached_property
    def _roles(self) -> dict[int, dict[int, bool]]:
        """Whether an anchor's part in each company is assumed, of the anchors of whom one is."""
        roles = self.formation.units.roles
        some = roles.filter("assumed").select("person").unique()
        found: dict[int, dict[int, bool]] = {}
        rows = roles.join(some, on="person", how="semi").select("person", "company", "assumed")
        for person, company, assumed in rows.iter_rows():
            found.setdefault(person, {})[company] = assumed
        return found

    def _needs_several(self, row: Row, persons: set[int]) -> bool:
        """Does the first basis pass only with the shares of several persons?"""
        writer, slot = self._proofs.writer, row.slots[0]
        without = [[share for share in row.shares if share.by not in persons - {one}] for one in persons]
        return len(persons) > 1 and not any(writer.passes(slot, row.company, shares) for shares in without)

    @cached_property
    def _of_families(self) -> frozenset[int]:
        """Companies that stand in the groups of several person clusters."""
        clusters = self.formation.units.table.filter(pl.col("kind") == CLUSTER)
        rows = self.formation.in_groups.join(clusters, on="unit", how="semi")
        several = rows.group_by("company").agg(n=pl.col("unit").n_unique()).filter(pl.col("n") > 1)
        return frozenset(several["company"].to_list())

    def _confirm(
        self, proof: Proof, members: Members, flags: set[str], ruling: Ruling, carried: list[Carried]
    ) -> list[Pair]:
        doubts = flags & {"low_confidence", "kin_joint_only"}
        if ruling.reason or not doubts or not self._policy.triggers("confirm"):
            return []
        facts = [share.fact for row in proof.rows.values() for share in row.shares]
        facts += [share.fact for one in carried for share in one.shares]
        return [Pair("REVIEW", "confirm", members.clients, proof.used, flags=sorted(doubts), facts=facts)]


def unit_id(slug: str, keys: list[str], formation: Formation, number: int) -> str:
    """The group id: policy, controller kind and the controller's record keys.

    Where a state owner joins each of its subsidiaries, the branch's keys stand beside the owner's.
    """
    unit = formation.units.unit(number)
    owner = formation.owner_of.get(number)
    if owner is not None:
        parties: tuple[int, ...] = (owner, *unit.parties)
        return group_id(slug, CONTROLLER_KINDS[COMPANY], [keys[party] for party in parties])
    parties = unit.parties if unit.kind in {RING, DECIDED} else (unit.head,)
    return group_id(slug, CONTROLLER_KINDS[unit.kind], [keys[party] for party in parties])


def _listed(members: pl.DataFrame) -> dict[int, Members]:
    rows = members.sort("unit", "company").group_by("unit", maintain_order=True)
    found = rows.agg(
        clients=pl.col("company").filter("client"), others=pl.col("company").filter(~pl.col("client"))
    )
    return {unit: Members(clients, others) for unit, clients, others in found.rows()}


def _figure(value: Any) -> str | None:
    return None if value is None else fraction_text(value)


def named_by(document: Document) -> Iterable[str]:
    """The parties a group names: members, controller, and the companies on the way."""
    yield from document["members"]
    yield from document["non_client_members"]
    yield from document["controller"]["parties"]
    yield from document["evidence"]
