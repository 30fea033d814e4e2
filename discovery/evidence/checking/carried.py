"""The companies on the way to multiplied steps, each with what adds up to the unit's share of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from discovery.evidence.checking.book import Book
from discovery.evidence.checking.multiplied import exact, with_shares
from discovery.evidence.checking.register import Amount
from discovery.evidence.checking.rounds import contribution


class Rest(NamedTuple):
    """A step that rests on multiplied shares: whose, by which test's register, of which company."""

    unit: tuple[str, ...]
    test: int
    company: str


class Carried(NamedTuple):
    """A company on the way: for whom, by which test's register, with the amounts that count."""

    unit: tuple[str, ...]
    test: int
    company: str
    amounts: list[Amount]


def carried(book: Book, rests: Iterable[Rest]) -> list[Carried]:
    """All companies through which these shares run that are none of these, once a unit and measure."""
    measures = {number: test.measure for number, test in enumerate(book.register.tests)}
    shown = {(one.unit, measures[one.test], one.company): one for one in rests}
    found: dict[tuple[tuple[str, ...], str, str], Carried] = {}
    open_ = list(shown.values())
    while open_:
        unit, test, company = open_.pop()
        shares = book.accumulated(unit, test)
        for amount in shares.amounts(company):
            one = amount.needs[0]
            place = (unit, measures[test], one)
            if one in unit or place in found or place in shown:
                continue
            found[place] = Carried(unit, test, one, shares.amounts(one))
            open_.append(Rest(unit, test, one))
    return list(found.values())


def published(book: Book, one: Carried, names: Mapping[tuple[str, ...], tuple[str, ...]]) -> dict[str, Any]:
    """A company on the way as an answer shows it; `names` calls a unit by those of it that count."""
    shares = book.accumulated(one.unit, one.test)
    test = book.register.tests[one.test]
    worth = shares.worth(one.company)
    parts = [contribution(test, amount) for amount in one.amounts]
    return {
        "unit": list(names.get(one.unit, one.unit)),
        "company": one.company,
        "round": shares.depth[one.company],
        "measure": test.measure,
        "total": "" if worth is None else exact(100 * worth),
        "contributions": with_shares(parts, shares, one.amounts),
    }


def sorted_as_shown(book: Book, found: list[Carried]) -> list[Carried]:
    """By company, measure and unit, parties by record key."""
    keys = book.register.keys
    tests = book.register.tests
    return sorted(
        found,
        key=lambda one: (keys[one.company], tests[one.test].measure, [keys[party] for party in one.unit]),
    )
