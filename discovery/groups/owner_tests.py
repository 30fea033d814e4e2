"""The tests of a rule about beneficial owners, asked of everybody above a company."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from discovery.control.look_through import LookThrough, Part
from discovery.control.ownership import passes
from discovery.policies.owners import Owners, OwnerTest
from discovery.policies.values import UNVERIFIED, millionths

if TYPE_CHECKING:
    from discovery.groups.answer import Answer
    from discovery.groups.owners import Behind

Document = dict[str, Any]


class Met(NamedTuple):
    """One test that an owner meets; `via`: the entity between, of a mixed chain. `sure`: by exact figures."""

    test: OwnerTest
    via: str | None = None
    sure: bool = True

    def document(self) -> Document:
        shown = {"test": self.test.id, "article": self.test.article, "presumed": self.test.presumed}
        return shown if self.via is None else {**shown, "via": self.via}


class Figure(NamedTuple):
    """A test of shares as integers."""

    measure: str
    figure: int
    least: int
    strict: bool


class Tests:
    """Who meets which test; with `in_order` only the first test that finds a person is asked."""

    def __init__(self, answer: Answer, behind: Behind, rules: Owners, controllers: list[Document]) -> None:
        self._answer = answer
        self._behind = behind
        self.rules = rules
        self._number = answer.graph.parties.number
        self._controlling = {self._number[party] for one in controllers for party in one["parties"]}

    @property
    def measure(self) -> str:
        """By which stakes the ways down are told: of the first test of shares."""
        return next((test.measure for test in self.rules.tests if test.by != "control"), "equity")

    @cached_property
    def of_shares(self) -> list[Figure]:
        return [
            Figure(test.measure, millionths(test.threshold), test.least, test.op == ">")
            for test in self.rules.tests
            if test.by == "share"
        ]

    @cached_property
    def asked(self) -> tuple[OwnerTest, ...]:
        """The tests that are asked at all."""
        if not self.rules.in_order:
            return self.rules.tests
        persons = [owner for owner in self._behind.ends if self._answer.graph.parties.person[owner]]
        for number, test in enumerate(self.rules.tests):
            if any(self._meets(test, person) for person in persons):
                return self.rules.tests[: number + 1]
        return self.rules.tests

    def met_by(self, owner: int) -> list[Met]:
        """The tests that one owner meets, in the rule's order."""
        return [met for test in self.asked for met in self._meets(test, owner)]

    def outcome(self, owner: int, met: list[Met]) -> str:
        """OWNER; REVIEW where the rule's value or the figure asks for a person; END for an organisation."""
        if not met:
            return "NONE"
        if not self._answer.graph.parties.person[owner]:
            return "END"
        return "OWNER" if any(self._counts(one.test) and one.sure for one in met) else "REVIEW"

    def _counts(self, test: OwnerTest) -> bool:
        return test.status not in UNVERIFIED or self._answer.policy.unverified == "count"

    def document(self, *, default: bool) -> Document:
        """The rule as asked: its tests with figures, articles, and whether each counts by itself."""
        return {
            "article": self.rules.article,
            "in_order": self.rules.in_order,
            "default": default,
            "tests": [
                {
                    **test.model_dump(mode="json", exclude_none=True),
                    "asked": test in self.asked,
                    "counts": self._counts(test),
                }
                for test in self.rules.tests
            ],
        }

    def _meets(self, test: OwnerTest, owner: int) -> list[Met]:
        if test.by == "control":
            return [Met(test)] if owner in self._controlling else []
        if test.by == "mixed":
            return [Met(test, via) for via in self._mixed(test, owner)]
        if test.method == "control_chain":
            return [Met(test)] if self._behind.chain(owner, test.measure) >= test.least else []
        return _of_part(test, self._behind.share(owner, test.measure))

    # --- chains in which ownership and control mix -----------------------------------------------

    def _mixed(self, test: OwnerTest, owner: int) -> list[str]:
        """Entities through which an owner is caught: it controls one that owns, or the other way round."""
        ids = self._answer.graph.parties.ids
        owning = self._owning(test)
        through = {entity for entity in owning if entity in self._behind.inside[owner] and entity != owner}
        for entity in self._controlling_entities:
            above = self._above(test.measure, entity)
            if owner in above.owners() and _of_part(test, above.share(owner)):
                through.add(entity)
        return [ids[entity] for entity in sorted(through)]

    def _owning(self, test: OwnerTest) -> set[int]:
        """Organisations between whose accumulated share reaches the test's figure."""
        if test.id not in self._owning_by:
            found = self._behind.above[test.measure]
            self._owning_by[test.id] = {
                entity
                for entity in found.between
                if entity != self._behind.company and _of_part(test, found.share(entity))
            }
        return self._owning_by[test.id]

    @cached_property
    def _owning_by(self) -> dict[str, set[int]]:
        return {}

    @cached_property
    def _lookthroughs(self) -> dict[tuple[str, int], LookThrough]:
        return {}

    def _above(self, measure: str, entity: int) -> LookThrough:
        key = (measure, entity)
        if key not in self._lookthroughs:
            self._lookthroughs[key] = LookThrough(self._behind.held[measure], entity)
        return self._lookthroughs[key]

    @cached_property
    def _controlling_entities(self) -> list[int]:
        """Organisations above the company that control it, on the policy's grounds."""
        company = self._behind.company
        between = {one for found in self._behind.above.values() for one in found.between} - {company}
        between |= {one for one in self._controlling if not self._answer.graph.parties.person[one]}
        heads = np.array(sorted(between), np.int32)
        one = np.arange(len(heads) + 1, dtype=np.int64)
        found = self._answer.formation.units.registers.control((one, heads))
        return sorted({int(heads[unit]) for unit in found.unit[found.company == company]})


def _of_part(test: OwnerTest, part: Part) -> list[Met]:
    """Met surely, possibly (a bound straddles the figure), or not."""
    low, high = (passes(one, millionths(test.threshold), strict=test.op == ">") for one in part)
    return [Met(test, sure=low)] if high else []
