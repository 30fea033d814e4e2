"""Rounds of control from one unit, and the steps they prove."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from discovery.evidence.checking.register import BESIDE, SHARES, UNITED, Amount, Register, Test
from discovery.policies.model import Basis

Step = dict[str, Any]
_SCALE: Final = 1_000_000


@dataclass(frozen=True)
class Run:
    """What a unit controls: the round in which each company first passes (the unit itself: 0)."""

    register: Register
    unit: tuple[str, ...]
    rounds: dict[str, int]
    totals: dict[tuple[str, int], int]
    deemed: int

    def controlled(self) -> list[str]:
        return [company for company, number in self.rounds.items() if number > 0]

    def inside(self, amount: Amount, before: int) -> bool:
        """Was everybody that the amount needs inside before that round?"""
        return all(self.rounds.get(party, before) < before for party in amount.needs)

    def amounts(self, company: str, test: int, before: int | None = None) -> list[Amount]:
        """What of one test's register counts in a company before a round, by record key and fact."""
        limit = before if before is not None else 1 + max(self.rounds.values())
        found = [
            amount
            for number, amount in self.register.into.get(company, ())
            if number == test and self.inside(amount, limit)
        ]
        keys = self.register.keys
        return sorted(found, key=lambda amount: (keys[amount.by], amount.fact))

    def touched(self, tests: Collection[int]) -> Iterator[tuple[str, int]]:
        """The companies in which something counts in one of the tests, with the test."""
        return (place for place in self.totals if place[1] in tests)

    def total(self, company: str, test: int) -> int | Fraction | None:
        """The total of a test in a company; None where it is not assessed."""
        return self.totals.get((company, test), 0)

    def meets(self, test: int, company: str) -> bool:
        """Does the total of a test suffice in a company?"""
        return self.register.passes(test, company, self.totals.get((company, test), 0))

    def by_share(self, test: int) -> bool:
        """Does the test count the unit's multiplied share?"""
        return False

    def suffices(self, test: int, company: str, amounts: list[Amount]) -> bool:
        """Would these amounts alone pass the test?"""
        total = 0
        for one in amounts:
            total = add(self.register.tests[test], total, one)
        return self.register.passes(test, company, total)

    def dressed(self, step: Step, test: int, amounts: list[Amount]) -> Step:
        """The step as it is written from whole amounts."""
        return step

    def passing(self, company: str) -> list[int]:
        """The tests that a company passes in the round in which it comes in."""
        before = self.rounds[company]
        totals: dict[int, int] = defaultdict(int)
        for number, amount in self.register.into.get(company, ()):
            if number < self.deemed and self.inside(amount, before):
                totals[number] = add(self.register.tests[number], totals[number], amount)
        return [
            number for number in range(self.deemed) if self.register.passes(number, company, totals[number])
        ]


def add(test: Test, total: int, amount: Amount) -> int:
    """Add an amount to a total of that test; the same post counts once.

    Where an agreement must bring part of exactly the threshold, amounts brought by one are counted
    beside the sum (see `Register.passes`).
    """
    if test.measure in UNITED:
        return total | amount.amount
    if test.by_agreement:
        return total + amount.amount * BESIDE + (amount.through is not None)
    return total + amount.amount


def run(register: Register, unit: tuple[str, ...], deemed: int) -> Run:
    """Synchronous rounds from a unit by the first `deemed` tests, until nothing more passes."""
    rounds = dict.fromkeys(unit, 0)
    totals: dict[tuple[str, int], int] = defaultdict(int)
    counted: set[str] = set()
    newcomers = list(unit)
    number = 0
    while newcomers:
        number += 1
        touched: set[tuple[str, int]] = set()
        for party in newcomers:
            counted.add(party)
            for test, amount in register.brings.get(party, ()):
                if all(need in counted for need in amount.needs):
                    place = (amount.company, test)
                    totals[place] = add(register.tests[test], totals[place], amount)
                    touched.add(place)
        passed = {
            company
            for company, test in touched
            if test < deemed
            and company not in rounds
            and register.passes(test, company, totals[company, test])
        }
        newcomers = sorted(passed)
        rounds.update(dict.fromkeys(newcomers, number))
    return Run(register, unit, rounds, totals, deemed)


def decimal(amount: int) -> str:
    """Millionths as decimal text in its shortest form."""
    whole, rest = divmod(amount, _SCALE)
    return f"{whole}.{rest:06d}".rstrip("0") if rest else str(whole)


def amount_text(test: Test, amount: int) -> str:
    """One amount as a step writes it."""
    if test.measure in UNITED:
        return str(amount.bit_count())
    return "1" if test.measure in {"power", "family"} else decimal(amount)


def total_text(test: Test, amounts: list[Amount]) -> str:
    """The total as a step writes it."""
    total = 0
    for one in amounts:
        total = add(test, total, one)
    return amount_text(test, total // BESIDE if test.by_agreement else total)


def contribution(test: Test, amount: Amount) -> dict[str, str]:
    found = {"fact": amount.fact, "by": amount.by, "amount": amount_text(test, amount.amount)}
    return found if amount.through is None else {**found, "through": amount.through}


def written(
    register: Register,
    unit: tuple[str, ...],
    place: tuple[str, int],
    test: Test,
    amounts: list[Amount],
) -> Step:
    """A step as the answer writes it, without what else passes."""
    company, number = place
    basis = test.basis
    op = basis.op if isinstance(basis, Basis) and test.measure in {*SHARES, "seats", "board_votes"} else ">="
    presumed = basis is not None and basis.presumed
    step: Step = {
        "unit": list(unit),
        "company": company,
        "round": number,
        "basis": test.code,
        "article": basis.article if basis is not None else "",
        "presumed": presumed or any(amount.presumed for amount in amounts),
        "measure": "family" if test.measure == "role_posts" else test.measure,
        "op": op,
        "threshold": _threshold(test),
        "total": "1" if test.measure == "role_posts" else total_text(test, amounts),
        "contributions": [contribution(test, amount) for amount in amounts],
    }
    if test.measure == "seats":
        step["of"] = decimal(register.seats.get(company, 1))
    return step if test.decided is None else step | decided_by(test, amounts)


def decided_by(test: Test, amounts: list[Amount]) -> Step:
    """What a step by recorded decisions tells beside: whose they are, and the article that one names."""
    if test.decided is None:
        return {}
    facts = [amount.fact for amount in amounts]
    article = test.decided.article(facts)
    return {
        "article": article or test.article,
        "presumed": article is None,
        "decided": test.decided.told(facts),
    }


def _threshold(test: Test) -> str:
    if isinstance(test.basis, Basis) and test.measure in {*SHARES, "seats", "board_votes"}:
        return decimal(int(test.least) - (test.basis.op == ">"))
    return "1" if test.measure == "role_posts" else str(test.least)


def step_of(found: Run, unit: tuple[str, ...], company: str) -> Step | None:
    """The canonical step of a company in a run, written for a unit; None where it is not controlled."""
    if found.rounds.get(company, 0) == 0:
        return None
    passing = found.passing(company)
    tests = found.register.tests
    first = passing[0]
    before = found.rounds[company]
    amounts = found.amounts(company, first, before)
    step = written(found.register, unit, (company, before), tests[first], amounts)
    step = found.dressed(step, first, amounts)
    step["also"] = [tests[number].code for number in passing[1:]]
    return step
