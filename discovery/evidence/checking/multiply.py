"""The multiplication method once more: percentages along each path, in fractions, by plain elimination."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction
from typing import Final

from discovery.evidence.checking.register import HUNDRED, SCALE, SHARES, Register, Test

FLAGS: Final = frozenset({"method_sensitive", "method_not_assessed"})
MAY_BE_LEFT: Final = 64  # with more companies above a company the engine may say that it did not assess
CHECKED: Final = 2_000  # companies above a company that are solved here
Known = dict[str, Fraction | None]


class Multiply:
    """A unit's accumulated shares, test by test."""

    def __init__(self, register: Register, deemed: int) -> None:
        self._register = register
        self._tests = [
            (number, test) for number, test in enumerate(register.tests[:deemed]) if test.measure in SHARES
        ]
        self._known: dict[tuple[int, tuple[str, ...]], Known] = defaultdict(dict)

    def flag(
        self, unit: tuple[str, ...], companies: Collection[str], told: Iterable[str], *, controlled: bool
    ) -> set[str]:
        """The flag that these companies must carry; where the facts leave a choice, the one that is told.

        `controlled`: whether they are by whole stakes; the flag says that multiplication disagrees on one.
        """
        verdicts = [self.passes(unit, company) for company in companies]
        said = {*FLAGS} & {*told}
        if None in verdicts:
            return said
        if said == {"method_not_assessed"} and any(self._many(unit, one) > MAY_BE_LEFT for one in companies):
            return said
        return {"method_sensitive"} if (not controlled) in verdicts else set()

    def passes(self, unit: tuple[str, ...], company: str) -> bool | None:
        """Does some test of shares pass for the unit in the company? None where one has no answer here."""
        shares = [(test, self.share(number, unit, company)) for number, test in self._tests]
        if any(share is not None and _passes(test, share) for test, share in shares):
            return True
        return None if any(share is None for _, share in shares) else False

    def share(self, number: int, unit: tuple[str, ...], company: str) -> Fraction | None:
        """The unit's accumulated share of a company in one test's register; None where there is none."""
        known = self._known[number, unit]
        if company not in known:
            order = self._upwards(number, unit, company, known)
            known |= {company: None} if order is None else self._solved(number, unit, order)
        return known[company]

    def _many(self, unit: tuple[str, ...], company: str) -> int:
        """How many companies are looked at above one, at least."""
        orders = [self._upwards(number, unit, company, {}) for number, _ in self._tests]
        return max(CHECKED + 1 if order is None else len(order) for order in orders)

    def _upwards(self, number: int, unit: tuple[str, ...], company: str, known: Known) -> list[str] | None:
        """The companies above one, holders before what they hold but in circles; None = too many."""
        order, seen = [], {company}
        path = [(company, self._carriers(number, company))]
        while path:
            at, rest = path[-1]
            other = next(
                (one for one in rest if one not in seen and one not in unit and one not in known), None
            )
            if other is None:
                path.pop()
                order.append(at)
            elif len(seen) > CHECKED:
                return None
            else:
                seen.add(other)
                path.append((other, self._carriers(number, other)))
        return order

    def _carriers(self, number: int, company: str) -> Iterator[str]:
        """Companies whose own holders matter for a company."""
        for test, amount in self._register.into.get(company, ()):
            if test == number and len(amount.needs) == 1 and amount.needs[0] in self._register.into:
                yield amount.needs[0]

    def _solved(self, number: int, unit: tuple[str, ...], order: list[str]) -> Known:
        """Each company's equation with those before it put in; then backwards."""
        place = {company: at for at, company in enumerate(order)}
        constant: Known = {}
        rest: dict[str, dict[str, Fraction]] = {}
        for company in order:
            own, others = self._equation(number, unit, company, place)
            while before := min(
                (one for one in others if place[one] < place[company]), key=place.__getitem__, default=""
            ):
                factor = others.pop(before)
                worth = constant[before]
                if worth is None:
                    own = None
                elif own is not None:
                    own += factor * worth
                for other, share in rest[before].items():
                    others[other] = others.get(other, Fraction(0)) + factor * share
            left = 1 - others.pop(company, Fraction(0))
            others = {other: share for other, share in others.items() if share}
            if left <= 0:
                own, others = (Fraction(0), {}) if left == 0 and own == 0 and not others else (None, {})
                left = Fraction(1)
            constant[company] = None if own is None else own / left
            rest[company] = {other: share / left for other, share in others.items()}
        for company in reversed(order):
            for other, share in rest[company].items():
                mine, worth = constant[company], constant[other]
                constant[company] = None if mine is None or worth is None else mine + share * worth
        return constant

    def _equation(
        self, number: int, unit: tuple[str, ...], company: str, place: dict[str, int]
    ) -> tuple[Fraction | None, dict[str, Fraction]]:
        known = self._known[number, unit]
        own: Fraction | None = Fraction(0)
        others: dict[str, Fraction] = {}
        for test, amount in self._register.into.get(company, ()):
            if test != number:
                continue
            share = Fraction(amount.amount, HUNDRED * SCALE)
            carrier = amount.needs[0]
            if all(need in unit for need in amount.needs):
                own = None if own is None else own + share
            elif len(amount.needs) > 1:
                continue
            elif carrier in place:
                others[carrier] = others.get(carrier, Fraction(0)) + share
            elif carrier in known:
                worth = known[carrier]
                own = None if own is None or worth is None else own + share * worth
        return own, others


def _passes(test: Test, share: Fraction) -> bool:
    """`least` is the smallest whole number of millionths that passes; a share may lie between two."""
    figure = share * HUNDRED * SCALE
    strict = getattr(test.basis, "op", ">=") == ">"
    return figure > test.least - 1 if strict else figure >= test.least
