"""What a unit controls where indirect shares are multiplied: rounds, totals and steps, drawn again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from discovery.evidence.checking.accumulated import Accumulated
from discovery.evidence.checking.register import HUNDRED, SCALE, SHARES, Amount, Register
from discovery.evidence.checking.rounds import Run, Step, add
from discovery.evidence.models import MULTIPLY

WHOLE = HUNDRED * SCALE
Shares = Callable[[int], Accumulated]


@dataclass(frozen=True)
class MultipliedRun(Run):
    """A run in which tests of shares pass by the unit's accumulated share, whatever it controls."""

    shares: Shares

    def touched(self, tests: Collection[int]) -> Iterator[tuple[str, int]]:
        yield from (place for place in super().touched(tests) if not self.by_share(place[1]))
        for test in tests:
            if self.by_share(test):
                yield from ((company, test) for company in self.shares(test).below)

    def total(self, company: str, test: int) -> Fraction | None:
        if self.register.tests[test].measure not in SHARES:
            return Fraction(self.totals.get((company, test), 0))
        worth = self.shares(test).worth(company)
        return None if worth is None else worth * WHOLE

    def meets(self, test: int, company: str) -> bool:
        if self.register.tests[test].measure not in SHARES:
            return super().meets(test, company)
        return passes(self.register, self.shares(test), test, company)

    def amounts(self, company: str, test: int, before: int | None = None) -> list[Amount]:
        if self.register.tests[test].measure not in SHARES:
            return super().amounts(company, test, before)
        return self.shares(test).amounts(company)

    def passing(self, company: str) -> list[int]:
        first = self.rounds[company] == 1
        found = set()
        for number in range(self.deemed):
            if self.register.tests[number].measure in SHARES:
                asked = own_passes if first else passes
                if asked(self.register, self.shares(number), number, company):
                    found.add(number)
        return sorted(found | {one for one in super().passing(company) if not self.by_share(one)})

    def by_share(self, test: int) -> bool:
        return self.register.tests[test].measure in SHARES

    def suffices(self, test: int, company: str, amounts: list[Amount]) -> bool:
        """Would these amounts alone pass the test?"""
        if not self.by_share(test):
            return super().suffices(test, company, amounts)
        shares = self.shares(test)
        total = sum(
            (one.amount * (shares.worth(one.needs[0]) or Fraction(0)) for one in amounts), Fraction(0)
        )
        return reaches(self.register, test, total, agreed=any(one.through is not None for one in amounts))

    def dressed(self, step: Step, test: int, amounts: list[Amount]) -> Step:
        """The step with what multiplied shares add to it: the unit's share of who brings each amount."""
        if not self.by_share(test):
            return step
        return multiplied_step(step, self.shares(test), amounts)


def multiplied_step(step: Step, shares: Accumulated, amounts: list[Amount]) -> Step:
    """A step written from whole amounts, as multiplied shares write it."""
    parts = with_shares(step["contributions"], shares, amounts)
    total = sum((one.amount * (shares.worth(one.needs[0]) or Fraction(0)) for one in amounts), Fraction(0))
    counted = {} if step["measure"] in {"family", "power"} else {"total": exact(total / SCALE)}
    return {**step, "contributions": parts, "method": MULTIPLY, **counted}


def added(shares: Accumulated, amounts: list[Amount]) -> Fraction:
    """The amounts together, each times the unit's share of who brings it, in millionths of a percent."""
    return sum((one.amount * (shares.worth(one.needs[0]) or Fraction(0)) for one in amounts), Fraction(0))


def with_shares(parts: list[Step], shares: Accumulated, amounts: list[Amount]) -> list[Step]:
    """Contributions with the unit's share of who brings them."""
    return [
        {**part, "share": exact(100 * (shares.worth(one.needs[0]) or Fraction(0)))}
        for part, one in zip(parts, amounts, strict=True)
    ]


def passes(register: Register, shares: Accumulated, test: int, company: str) -> bool:
    """Does the unit's accumulated share pass the test? Not where it is not assessed."""
    worth = shares.worth(company)
    total = Fraction(shares.own(company)) if worth is None else worth * WHOLE
    agreed = any(one.through is not None for one in shares.amounts(company))
    return total > 0 and reaches(register, test, total, agreed=agreed)


def own_passes(register: Register, shares: Accumulated, test: int, company: str) -> bool:
    """Would what the unit's own parties bring be enough, and does the whole share pass?"""
    own = shares.own(company)
    agreed = any(
        one.through is not None
        for one in shares.amounts(company)
        if all(need in shares.unit for need in one.needs)
    )
    enough = own > 0 and reaches(register, test, Fraction(own), agreed=agreed)
    return enough and passes(register, shares, test, company)


def reaches(register: Register, test: int, total: Fraction, *, agreed: bool) -> bool:
    """Is a total in millionths of a percent enough? `least` is the smallest whole number that passes."""
    asked = register.tests[test]
    if asked.by_agreement:
        return total > asked.least or (agreed and total == asked.least)
    strict = getattr(asked.basis, "op", ">=") == ">"
    return total > asked.least - 1 if strict else total >= asked.least


def exact(value: Fraction) -> str:
    """A fraction as decimal text if that ends, else as numerator/denominator."""
    whole, rest = divmod(value.numerator, value.denominator)
    digits = ""
    seen = value.denominator
    while seen % 2 == 0:
        seen //= 2
    while seen % 5 == 0:
        seen //= 5
    if seen != 1:
        return f"{value.numerator}/{value.denominator}"
    while rest:
        digit, rest = divmod(10 * rest, value.denominator)
        digits += str(digit)
    return f"{whole}.{digits}" if digits else str(whole)


def run_multiplied(register: Register, unit: tuple[str, ...], deemed: int, shares: Shares) -> MultipliedRun:
    """Rounds from a unit: first what its own stakes and facts give, then the shares, then what follows."""
    tests = [number for number in range(deemed) if register.tests[number].measure in SHARES]
    seeds: dict[int, set[str]] = {1: set(), 2: set()}
    for test in tests:
        found = shares(test)
        for company in found.below:
            if passes(register, found, test, company):
                seeds[1 if own_passes(register, found, test, company) else 2].add(company)
    rounds = dict.fromkeys(unit, 0)
    totals: dict[tuple[str, int], int] = defaultdict(int)
    newcomers: Iterable[str] = unit
    counted: set[str] = set()
    number = 0
    while newcomers or number < max(seeds):
        number += 1
        touched: set[tuple[str, int]] = set()
        for party in newcomers:
            counted.add(party)
            for test, amount in register.brings.get(party, ()):
                known = all(need in counted for need in amount.needs)
                if known and register.tests[test].measure not in SHARES:
                    place = (amount.company, test)
                    totals[place] = add(register.tests[test], totals[place], amount)
                    touched.add(place)
        passed = {
            company
            for company, test in touched
            if test < deemed and register.passes(test, company, totals[company, test])
        }
        newcomers = sorted((passed | seeds.get(number, set())) - set(rounds))
        rounds.update(dict.fromkeys(newcomers, number))
    return MultipliedRun(register, unit, rounds, totals, deemed, shares)
