"""One group: its controlling point, its members, their proofs, bases, coverage and flags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from discovery.evidence.checking.book import Book
from discovery.evidence.checking.carried import Rest, carried, published, sorted_as_shown
from discovery.evidence.checking.ends import Ends, placed
from discovery.evidence.checking.faults import Faults
from discovery.evidence.checking.flags import DOUBTS, Flags
from discovery.evidence.checking.points import Points, Unit
from discovery.evidence.checking.proofs import Proofs
from discovery.evidence.checking.register import Amount
from discovery.evidence.checking.rounds import Step, decimal
from discovery.evidence.models import DECISION
from discovery.facts.keys import group_id

Group = Mapping[str, Any]


@dataclass
class Found:
    """What the facts give for the controller that a group names."""

    unit: Unit
    members: list[str]
    others: list[str]
    ends: dict[str, list[Step]]
    proofs: Proofs | None = None
    flags: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()  # with those whom decisions leave out

    @property
    def everyone(self) -> list[str]:
        return [*self.members, *self.others]

    def stands_together(self, least: int) -> bool:
        """Are there that many members, not all of them end nodes?"""
        return len(self.members) >= least and not set(self.members) <= set(self.ends)


class Groups:
    """Checks groups, and sets that an exemption leaves out, which have the same shape."""

    def __init__(self, book: Book, points: Points, joining: frozenset[str] = frozenset()) -> None:
        self.book = book
        self.points = points
        self._joining = joining
        self._ends = Ends(book)
        self._flags = Flags(book)

    def unit_of(self, controller: Group, group: str = "") -> Unit | None:
        """The unit that a controller stands for; None where it is no controlling point."""
        book, parties = self.book, list(controller["parties"])
        if controller["kind"] == "none":
            ids = {self._id("none", unit): unit for unit in book.decided.sets}
            return ids.get(group) if not parties else None
        if not parties or any(party not in book.parties for party in parties):
            return None
        head = parties[0]
        if controller["kind"] == "person":
            return book.point(head) if book.parties[head].person else None
        if controller["kind"] not in {"company", "ring"} or not self.points.admissible(head):
            return None
        ring = self.points.ring_of(head)
        alone = controller["kind"] == "company"
        fits = list(ring) == parties and (len(ring) == 1) == alone
        tied = any(book.decided.sets_of(party) for party in ring)
        return ring if fits and not tied and self.points.stands(ring) else None

    def kind_of(self, unit: Unit) -> str:
        """What sort of controller these parties are: a person first, a decided set, a ring, a company."""
        if self.book.parties[unit[0]].person:
            return "person"
        if unit in self.book.decided.sets:
            return "none"
        return "ring" if len(unit) > 1 else "company"

    def branch_of(self, ring: Unit) -> tuple[str, Group] | None:
        """The id and controller of a point's group where a state owner joins it."""
        owner = self._owner_of(ring)
        if owner is None:
            return None
        return self._id("company", (owner,), ring), {"kind": "company", "parties": [owner], "branch": [*ring]}

    def _id(self, kind: str, unit: Unit, branch: Unit = ()) -> str:
        heads = unit if kind in {"ring", "none"} else unit[:1]
        keys = [self.book.parties[party].key for party in (*heads, *branch)]
        return group_id(self.book.policy.slug, kind, keys)

    def _owner_of(self, branch: Unit) -> str | None:
        """The state owner who joins a point below it."""
        over = [one for one in self._joining if self.book.run((one,)).rounds.get(branch[0], 0) > 0]
        return self.book.by_key(over)[0] if over else None

    def found(self, controller: Group, group: str = "") -> Found | None:
        """Members and end nodes under a controller; without those whom decisions leave out of that group."""
        branch = tuple(controller.get("branch", ()))
        kind = "ring" if len(branch) > 1 else "company"
        unit = self.unit_of({"kind": kind, "parties": branch} if branch else controller, group)
        if unit is None:
            return None
        owner = self._owner_of(unit) if controller["kind"] in {"company", "ring"} else None
        if [owner] != list(controller["parties"]) if branch else owner is not None:
            return None
        run = self.book.run(unit)
        below = [*run.controlled(), *(unit if controller["kind"] != "person" else unit[:1])]
        ends = self._ends.of(run)
        members = [one for one in {*below, *ends} if self.book.member(one)]
        whole = frozenset([*members, *([owner] if owner is not None else [])])
        left_out = self.book.decided.without.get(group, frozenset())
        inside = whole - left_out if left_out is not None else frozenset()
        ordered = self.book.by_key(inside)
        clients = [one for one in ordered if self.book.client(one)]
        others = [one for one in ordered if not self.book.client(one)]
        unit = unit if owner is None else (owner,)
        return Found(unit, clients, others, {one: ends[one] for one in inside if one in ends}, whole=whole)

    def check(self, place: str, said: Group, faults: Faults, *, only: set[str] | None = None) -> Found | None:
        """Everything a group says but the flags that other groups decide; `only` narrows its members."""
        controller = said["controller"]
        found = self.found(controller, said["id"])
        if found is None:
            faults.add(f"{place}/controller", controller, None, "this is no controlling point")
            return None
        if only is not None:
            found.members = [one for one in found.members if one in only]
            found.others = [one for one in found.others if one in only]
            found.ends = {one: steps for one, steps in found.ends.items() if one in only}
        kind = controller["kind"]
        named_id = self._id(kind, found.unit, tuple(controller.get("branch", ())))
        faults.equal(f"{place}/id", said["id"], named_id, "the id of its controller")
        faults.equal(f"{place}/members", list(said["members"]), found.members, "the clients under it")
        others = list(said["non_client_members"])
        faults.equal(f"{place}/non_client_members", others, found.others, "others under it")
        few = len(found.members) < self.book.policy.members.min or set(found.members) <= set(found.ends)
        if few and only is None:
            faults.add(f"{place}/members", said["members"], found.members, "too few to make a group")
        self._evidence(place, said, found, faults)
        return found

    def _evidence(self, place: str, said: Group, found: Found, faults: Faults) -> None:
        """Controller, steps, bases, coverage."""
        controller = said["controller"]
        kind = controller["kind"]
        named = found.unit if kind == "none" else tuple(controller["parties"])
        proofs = Proofs(self.book, found.unit, named, kind)
        found.proofs = proofs
        controlled = [one for one in found.everyone if one not in found.ends]
        rested = {
            part["by"]
            for steps in found.ends.values()
            for step in steps[:1]
            if "method" not in step
            for part in step["contributions"]
        }
        needed = proofs.closure([*controlled, *(rested - set(found.unit if kind == "none" else ()))])
        behind = dict(proofs.rows)
        extra = proofs.closure([company for company in said["evidence"] if proofs.controlled(company)])
        proofs.rows = behind
        drawn = {company: one.step for company, one in {**extra, **needed}.items()}
        self._named(place, controller, found, proofs, faults)
        steps = self._with_ends(said, found, drawn, tuple(controller.get("branch", ())) or named)
        kept = [rest for company, rest in proofs.rests.items() if company in needed]
        self._on_the_way(place, said, found, [*kept, *self._of_ends(found, steps)], faults)
        for company in sorted({*said["evidence"], *needed, *found.ends}):
            step = said["evidence"].get(company)
            if company not in steps:
                faults.add(
                    f"{place}/evidence/{company}", step, None, "nothing under the unit needs this step"
                )
            else:
                _compare(f"{place}/evidence/{company}", step, steps[company], faults)
        basis = {one: _codes(steps.get(one)) for one in found.everyone}
        faults.mapping(f"{place}/basis", said["basis"], basis, "the bases of its step")
        coverage = {one: self._coverage(one) for one in found.everyone if one in steps}
        faults.mapping(f"{place}/coverage", said["coverage"], coverage, "the votes on file")

    def _with_ends(
        self, said: Group, found: Found, drawn: dict[str, Step], named: tuple[str, ...]
    ) -> dict[str, Step]:
        """The controlled companies' steps and, for end nodes, the way that was told, else the first."""
        steps = dict(drawn)
        for company, ways in found.ends.items():
            written = [placed(way, named, drawn) for way in ways]
            told = said["evidence"].get(company)
            steps[company] = next((one for one in written if one == told), written[0])
        return steps

    def _of_ends(self, found: Found, steps: Mapping[str, Step]) -> list[Rest]:
        """The steps of end nodes that rest on multiplied shares."""
        multiplied = [company for company in found.ends if "method" in steps[company]]
        return [Rest(found.unit, self.book.test("held"), company) for company in multiplied]

    def _on_the_way(self, place: str, said: Group, found: Found, rests: list[Rest], faults: Faults) -> None:
        """The companies through which multiplied shares run and that have no such step of their own."""
        told = list(said.get("shares", ()))
        if not self.book.multiplies or found.proofs is None:
            faults.equal(f"{place}/shares", told, [], "no share is multiplied")
            return
        shown = sorted_as_shown(self.book, carried(self.book, rests))
        found.proofs.on_the_way = [amount for one in shown for amount in one.amounts]
        controller = said["controller"]
        named = tuple(controller.get("branch", ()) or controller["parties"])
        names = {found.unit: found.unit if controller["kind"] == "none" else named}
        expected = [published(self.book, one, names) for one in shown]
        faults.equal(f"{place}/shares", told, expected, "the shares on the way")

    def _coverage(self, company: str) -> str:
        return decimal(sum(one.votes for one in self.book.day.by_company.get(company, ())))

    def _named(self, place: str, controller: Group, found: Found, proofs: Proofs, faults: Faults) -> None:
        """The parties a controller names: of a family the anchor and the kin whose facts are used."""
        named = list(controller["parties"])
        if controller["kind"] != "person":
            if controller.get("kin"):
                faults.add(f"{place}/controller/kin", controller["kin"], [], "only families have kin")
            return
        used = self._used(proofs, found)
        faults.equal(f"{place}/controller/parties", named, used, "the anchor and the kin whose facts count")
        self._kin(f"{place}/controller/kin", controller, faults)

    def _ways_to_ends(self, found: Found) -> list[Amount]:
        """The amounts behind companies on the way to end nodes."""
        first = {company: steps[0] for company, steps in found.ends.items()}
        return [amount for one in carried(self.book, self._of_ends(found, first)) for amount in one.amounts]

    def _used(self, proofs: Proofs, found: Found) -> list[str]:
        amounts = [amount for rows in (*proofs.rows.values(), *proofs.ways.values()) for amount in rows]
        amounts += self._ways_to_ends(found)
        using = {party for amount in amounts for party in (amount.by, *amount.needs)}
        for steps in found.ends.values():
            using |= {part["by"] for part in steps[0]["contributions"]}
        return [party for number, party in enumerate(found.unit) if number == 0 or party in using]

    def _kin(self, place: str, controller: Group, faults: Faults) -> None:
        """Each relative stands to the anchor as said, by a path of exactly these facts."""
        persons = self.book.policy.persons
        anchor, *relatives = controller["parties"]
        kin = list(controller.get("kin", ()))
        faults.equal(f"{place}", [one["person"] for one in kin], relatives, "the kin in the unit, in order")
        scope = (
            (*persons.kin.deem, *(persons.kin.add_up.scope if persons.kin.add_up else ())) if persons else ()
        )
        for number, one in enumerate(kin):
            paths = (
                self.book.family.relatives(anchor, one["relation"]).get(one["person"], [])
                if one["relation"] in scope
                else []
            )
            if not any(list(path.facts) == list(one["facts"]) for path in paths):
                known = [list(path.facts) for path in paths]
                faults.add(f"{place}/{number}", one, known, "the ties on file do not make this relation")

    def flags(self, place: str, said: Group, found: Found, beside: Beside, faults: Faults) -> None:
        """Flags of the group and of its members."""
        proofs = found.proofs
        if proofs is None:
            return
        kind, used = said["controller"]["kind"], tuple(said["controller"]["parties"])
        flags = {*beside.ruling, *self._flags.of_group(proofs, found.unit, used, kind, found.everyone)}
        under = self.points.beneath(tuple(said["controller"].get("branch", ())) or found.unit)
        if under or any(step["presumed"] for step in said["evidence"].values()):
            flags.add("presumed")
        named = [*(found.unit if kind == "none" else used), *said["evidence"]]
        if any(self.book.parties[party].stub for party in named if party in self.book.parties):
            flags.add("stub_on_path")
        flags |= self._of_kin(said["controller"])
        if self.book.policy.classes is not None and said["outcome"] == "GROUP":
            flags.add("group_related")
        by_decision = any(DECISION in _codes(step) for step in said["evidence"].values())
        if by_decision or said["id"] in self.book.decided.without:
            flags.add("decided")
        flags |= beside.reopened
        if kind == "person" and any(beside.families.get(one, 0) > 1 for one in found.everyone):
            flags.add("overlap")
        of_members: dict[str, list[str]] = {}
        for company in found.everyone:
            amounts: list[Amount] = proofs.rows.get(company, []) if company not in found.ends else []
            mine = self._flags.of_member(company, amounts, said["evidence"].get(company))
            flags |= mine & DOUBTS
            mine |= self._method(company, said, found, proofs)
            if beside.groups.get(company, 0) > 1:
                mine.add("multi_membership")
            if self._flags.dual_control(company, self.points):
                mine.add("dual_control")
            of_members[company] = sorted(mine)
        loose = beside.partial
        of_members = {company: found_flags for company, found_flags in of_members.items() if found_flags}
        said_members = {company: list(told) for company, told in said["member_flags"].items()}
        if loose:
            flags |= {*said["flags"]} & {"overlap"}
            for company, told in said_members.items():
                if "multi_membership" in told and company in found.everyone:
                    of_members[company] = sorted({*of_members.get(company, ()), "multi_membership"})
        faults.equal(f"{place}/flags", list(said["flags"]), sorted(flags), "the flags that the facts give")
        faults.mapping(f"{place}/member_flags", said_members, of_members, "the flags that the facts give")

    def _method(self, company: str, said: Group, found: Found, proofs: Proofs) -> set[str]:
        """The flag of a member of which the other method would say otherwise."""
        step = said["evidence"].get(company)
        told = said["member_flags"].get(company, ())
        if company in found.ends:
            unit = tuple(said["controller"]["parties"]) or found.unit
            return self.book.other_method(unit, [company], told, controlled=False)
        asked = step is not None and step["measure"] != "family"
        if not asked or not proofs.controlled(company) or not proofs.by_shares(company):
            return set()
        return self.book.other_method(tuple(step["unit"]), [company], told, controlled=True)

    def _of_kin(self, controller: Group) -> set[str]:
        """A tie over a step-parent; a relative whom a narrower list of the same measures does not name."""
        anchor = next(iter(controller["parties"]), "")
        persons = self.book.policy.persons
        listed = persons.kin.listed if persons else ()
        over_step = any(
            path.step and list(path.facts) == list(one["facts"])
            for one in controller.get("kin", ())
            for path in self.book.family.relatives(anchor, one["relation"]).get(one["person"], ())
        )
        beyond = any(one["relation"] not in listed for one in controller.get("kin", ())) if listed else False
        return {flag for flag, stands in (("step_kin", over_step), ("kin_conflict", beyond)) if stands}

    def doubts(self, unit: Unit, named: tuple[str, ...]) -> tuple[Found, list[str]]:
        """What stands under a unit, and what its group is doubtful for, so that it asks for a person."""
        book = self.book
        kind = self.kind_of(unit)
        tied = kind == "none"
        parties = () if tied else unit if kind == "ring" else named
        found = self.found({"kind": kind, "parties": parties}, self._id(kind, unit) if tied else "")
        if found is None:
            return Found(unit, [], [], {}), []
        found.proofs = Proofs(book, found.unit, named, kind)
        found.proofs.closure([one for one in found.everyone if one not in found.ends])
        first = {company: steps[0] for company, steps in found.ends.items()}
        rests = [*found.proofs.rests.values(), *self._of_ends(found, first)]
        beside = carried(self.book, rests) if self.book.multiplies else []
        found.proofs.on_the_way = [amount for one in beside for amount in one.amounts]
        flags = self._flags.of_group(found.proofs, found.unit, named, kind, found.everyone)
        return found, sorted(flags & {"low_confidence", "kin_joint_only"})

    def confirm_facts(self, found: Found) -> set[str]:
        """The facts behind a group's steps."""
        rows: Iterable[list[Amount]] = found.proofs.rows.values() if found.proofs else ()
        beside = found.proofs.on_the_way if found.proofs else []
        return {amount.fact for amounts in (*rows, beside) for amount in amounts}


@dataclass(frozen=True)
class Beside:
    """What the other groups of the answer decide: in how many a company stands, in how many families."""

    groups: Mapping[str, int]
    families: Mapping[str, int]
    ruling: tuple[str, ...] = ()
    reopened: frozenset[str] = frozenset()
    partial: bool = False


def _codes(step: Step | None) -> list[str]:
    return ["HEAD"] if step is None else [step["basis"], *step["also"]]


def _compare(place: str, said: Step | None, found: Step, faults: Faults) -> None:
    if said is None:
        faults.add(place, None, found, "the step is missing")
        return
    faults.mapping(place, said, found, "the step that the facts give")
