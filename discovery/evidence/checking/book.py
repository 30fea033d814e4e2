"""Everything the checker looks things up in: the day, the policy's tests, runs of units, clusters."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property, partial

from discovery.evidence.checking.accumulated import Accumulated
from discovery.evidence.checking.day import Day, Row
from discovery.evidence.checking.decided import Decided
from discovery.evidence.checking.family import INVERSE, Family
from discovery.evidence.checking.multiplied import run_multiplied
from discovery.evidence.checking.multiply import Multiply
from discovery.evidence.checking.register import Register, Test, test_of, tests_of
from discovery.evidence.checking.rounds import Run, run
from discovery.evidence.checking.votes import Votes
from discovery.evidence.models import DECISION
from discovery.facts.schema import NON_EXECUTIVE_ROLES
from discovery.policies.model import Basis, Policy

_GROUNDS: dict[str, dict[str, object]] = {
    "B2": {"measure": "voting_commanded"},
    "B3": {"measure": "power", "powers": ("charter", "contract", "decides_finance_operations")},
    "B4": {"measure": "seats", "threshold": "50", "op": ">"},
    "B5": {"measure": "board_votes"},
    "B6": {"measure": "power", "powers": ("consolidates",)},
    "B7": {"measure": "power", "powers": ("centralised_finance", "unified_accounting")},
    "B8": {"measure": "power", "powers": ("unified_borrow_repay", "unified_allocation")},
    "B11": {"measure": "posts"},
    "B12": {"measure": "seats", "threshold": "50", "op": ">"},
    "B15": {"measure": "power", "powers": ("decides_investment", "decides_guarantee")},
    "B20": {"measure": "power", "powers": ("declared_controller",)},
}


def undeemed(policy: Policy) -> list[Test]:
    """The grounds of control that the policy does not list, at the figure of its share test."""
    share = policy.control.share
    listed = {basis.code for basis in policy.control.bases}
    has_seats = any(basis.measure == "seats" for basis in policy.control.bases)
    found = []
    for code, ground in _GROUNDS.items():
        if code in listed or (ground["measure"] == "seats" and has_seats):
            continue
        needs_figure = ground["measure"] in {"voting_commanded", "board_votes"}
        figure = {"threshold": share.threshold, "op": share.op} if needs_figure else {}
        found.append(
            test_of(Basis.model_validate({"code": code, "article": share.article, **ground, **figure}))
        )
    return found


class Book:
    """Facts of a day under a policy, indexed once; runs are kept by unit."""

    def __init__(self, day: Day, policy: Policy, decided: Decided | None = None) -> None:
        self.day = day
        self.policy = policy
        self.decided = decided or Decided()
        self.parties = day.parties
        self.votes = Votes(day)
        self.family = Family(day)
        by_decision = Test(DECISION, "power", decided=self.decided, article=policy.members.article)
        deemed = [*tests_of(policy), by_decision]
        self.deemed = len(deemed)
        extra = [Test("share", policy.control.share.measure, policy.control.share.least)]
        if policy.persons is not None:
            major = policy.persons.major_investor
            extra.append(Test("major", major.measure, major.least))
        self.not_deemed = undeemed(policy)
        self.multiplies = policy.control.multiplies
        extra += [Test("held", "voting_held")] if self.multiplies else []
        self.register = Register(day, self.votes, [*deemed, *extra, *self.not_deemed, Test("post", "posts")])
        self.multiply = Multiply(self.register, self.deemed)
        self._runs: dict[tuple[str, ...], Run] = {}
        self._chains: dict[tuple[str, ...], Run] = {}
        self._accumulated: dict[tuple[int, tuple[str, ...]], Accumulated] = {}
        self._clusters: dict[tuple[str, bool], tuple[str, ...]] = {}
        self.all_clients = not any(who.client_no for who in self.parties.values())

    def test(self, code: str) -> int:
        return next(number for number, test in enumerate(self.register.tests) if test.code == code)

    def run(self, unit: tuple[str, ...]) -> Run:
        """What a unit controls."""
        if not self.multiplies:
            return self.chain(unit)
        if unit not in self._runs:
            shares = partial(self.accumulated, unit)
            self._runs[unit] = run_multiplied(self.register, unit, self.deemed, shares)
        return self._runs[unit]

    def chain(self, unit: tuple[str, ...]) -> Run:
        """What a unit controls if whole stakes count along control."""
        if unit not in self._chains:
            self._chains[unit] = run(self.register, unit, self.deemed)
        return self._chains[unit]

    def accumulated(self, unit: tuple[str, ...], test: int) -> Accumulated:
        """A unit's accumulated shares by the register of a test."""
        if (test, unit) not in self._accumulated:
            self._accumulated[test, unit] = Accumulated(self.register, test, unit)
        return self._accumulated[test, unit]

    def other_method(
        self, unit: tuple[str, ...], companies: Collection[str], told: Iterable[str], *, controlled: bool
    ) -> set[str]:
        """The flag of companies of which the method that the policy does not use says otherwise."""
        if not self.multiplies:
            return self.multiply.flag(unit, companies, told, controlled=controlled)
        chained = self.chain(unit).rounds
        unknown = {one for one in companies if self.accumulated(unit, 0).worth(one) is None}
        if any((chained.get(one, 0) > 0) != controlled for one in companies if one not in unknown):
            return {"method_sensitive"}
        return {"method_not_assessed"} if unknown else set()

    def by_key(self, parties: Iterable[str]) -> list[str]:
        """Parties in the order of their record keys."""
        return sorted(parties, key=lambda party: self.parties[party].key)

    def member(self, party: str) -> bool:
        """May the party be a member: its kind is listed and a row describes it."""
        who = self.parties[party]
        rule = self.policy.members
        borrows = rule.own_financing and who.kind == "unincorporated" and bool(who.row["own_financing"])
        return not who.stub and (who.kind in rule.kinds or borrows)

    def client(self, party: str) -> bool:
        return self.all_clients or self.parties[party].client_no is not None

    def admissible(self, party: str) -> bool:
        """May the party head a group?"""
        return self.parties[party].kind in self.policy.controllers.kinds

    def cluster(self, anchor: str, *, family: bool = False) -> tuple[str, ...]:
        """The anchor, then the kin in scope who bring something, by record key."""
        if (anchor, family) not in self._clusters:
            kin = self.kin(anchor, family=family)
            bringing = [party for party in kin if party in self.register.brings and party != anchor]
            self._clusters[anchor, family] = (anchor, *self.by_key(bringing))
        return self._clusters[anchor, family]

    def kin(self, anchor: str, *, family: bool = False) -> set[str]:
        """The anchor's kin: within the scope that deems, or the family whose holdings are added up."""
        persons = self.policy.persons
        if persons is None:
            return set()
        near = set(self.family.within(anchor, persons.kin.deem))
        if not family:
            return near
        rule = persons.kin.add_up
        if rule is None:
            return set()
        home = self.parties[anchor].row["address"]
        same_home = {one for one in near if home is not None and self.parties[one].row["address"] == home}
        return set(self.family.within(anchor, rule.scope)) | (same_home if rule.household else set())

    def anchors_of(self, person: str) -> set[str]:
        """Persons whose cluster may hold the person: the person and kin seen from the other side."""
        persons = self.policy.persons
        if persons is None:
            return set()
        scope = persons.kin.deem + (persons.kin.add_up.scope if persons.kin.add_up else ())
        return {person, *self.family.within(person, tuple(INVERSE[name] for name in scope))}

    @cached_property
    def posts(self) -> dict[str, list[Row]]:
        """Offices by person; `executive` filled in by the role where empty."""
        found: dict[str, list[Row]] = {}
        for row in self.day.of("offices"):
            assumed = row["executive"] is None
            executive = row["role"] not in NON_EXECUTIVE_ROLES if assumed else row["executive"]
            posts = found.setdefault(row["person"], [])
            posts.append({**row, "executive": executive, "executive_assumed": assumed})
        return found

    def key_posts(self, person: str) -> list[Row]:
        """The person's offices on the policy's list of key managers."""
        persons = self.policy.persons
        if persons is None:
            return []
        rule = persons.key_managers
        return [
            row
            for row in self.posts.get(person, ())
            if row["role"] in rule.roles and (row["executive"] or not rule.executive_only)
        ]

    @cached_property
    def declared(self) -> dict[str, set[str]]:
        """Companies by the controller declared for them."""
        found: dict[str, set[str]] = {}
        for row in self.day.of("powers"):
            if row["kind"] == "declared_controller":
                found.setdefault(row["holder"], set()).add(row["company"])
        return found

    def anchored(self, anchor: str, companies: set[str], *, alone: bool = False) -> bool:
        """Is the person a major investor, key manager or controller of one of the companies?

        Where family holdings are added up they count with the person's own, unless `alone`.
        """
        if self.policy.persons is None:
            return False
        if any(row["company"] in companies for row in self.key_posts(anchor)):
            return True
        family = self.policy.persons.kin.add_up is not None and not alone
        return self._invested(anchor, companies, family=family)

    def assumed_anchor(self, anchor: str, companies: set[str]) -> bool:
        """Is the person an anchor by nothing but offices taken for executive without a word of the facts?"""
        persons = self.policy.persons
        posts = [row for row in self.key_posts(anchor) if row["company"] in companies]
        return (
            persons is not None
            and persons.key_managers.executive_only
            and bool(posts)
            and all(row["executive_assumed"] for row in posts)
            and not self._invested(anchor, companies, family=False)
        )

    def _invested(self, anchor: str, companies: set[str], *, family: bool) -> bool:
        """Does the person (with the family) hold a major stake in one of them, control or declare it?"""
        if self.declared.get(anchor, set()) & companies:
            return True
        found = self.run(self.cluster(anchor, family=True) if family else (anchor,))
        major = self.test("major")
        return any(
            found.rounds.get(company, 0) > 0 or (company not in found.rounds and found.meets(major, company))
            for company in companies
        )

    def references(self, anchor: str, companies: set[str]) -> bool:
        """Has the person a stake or a post in every firm in which the family acts itself?"""
        cluster = set(self.cluster(anchor))
        firms = {
            company
            for company in companies
            if any(amount.by in cluster for _, amount in self.register.into.get(company, ()))
        }
        mine = {holding.company for holding in self.day.by_holder.get(anchor, ())}
        mine |= {row["company"] for row in self.posts.get(anchor, ())}
        return bool(firms) and firms <= mine

    def point(self, anchor: str, *, alone: bool = False) -> tuple[str, ...] | None:
        """The cluster with which a person heads what it controls; None where the person heads nothing.

        `alone`: only what the person has without kin makes an anchor.
        """
        persons = self.policy.persons
        if persons is None or not self.admissible(anchor):
            return None
        cluster = self.cluster(anchor)
        companies = {one for one in self.run(cluster).controlled() if self.member(one)}
        if self.anchored(anchor, companies, alone=alone):
            return cluster
        if persons.kin.joint == "each_alone" and self.references(anchor, companies):
            return cluster
        if persons.kin.add_up is None:
            return None
        family = self.cluster(anchor, family=True)
        companies = {one for one in self.run(family).controlled() if self.member(one)}
        stakes = {holding.company for holding in self.day.by_holder.get(anchor, ())}
        return family if stakes & companies else None
