"""Control by clingo, an exact solver that shares nothing with the engine but the rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from math import gcd
from pathlib import Path

import clingo

from oracles.plain import MILLION, Day
from oracles.rounds import COUNTED_POSTS, POST_POWERS, Ground
from oracles.worlds import text

PROGRAM = Path(__file__).with_name("control.lp").read_text(encoding="utf-8")
LARGEST = 2**31 - 1
SHARE_MEASURES = ("voting", "voting_held", "voting_commanded", "equity", "equity_commanded", "board_votes")


def controlled(day: Day, tests: list[Ground], units: Mapping[str, Iterable[str]]) -> set[tuple[str, str]]:
    """Pairs (unit, company) of the program's only stable model."""
    solver = clingo.Control(["--warn=none", "0"])
    solver.add("base", [], PROGRAM + "\n" + "\n".join(f"{fact}." for fact in _facts(day, tests, units)))
    solver.ground([("base", [])])
    models: list[set[tuple[str, str]]] = []
    solver.solve(
        on_model=lambda model: models.append(
            {(atom.arguments[0].string, atom.arguments[1].string) for atom in model.symbols(shown=True)}
        )
    )
    assert len(models) == 1, "the program is monotone and has one stable model"
    return models[0]


def _facts(day: Day, tests: list[Ground], units: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for name, parties in units.items():
        yield f'unit("{name}")'
        for party in parties:
            yield f'acts("{name}","{party}")'
    for number, party in enumerate(sorted(day.kind)):
        yield f'rank("{party}",{number})'
        if day.kind[party] == "natural_person":
            yield f'person("{party}")'
        if day.kind[party] == "partnership":
            yield f'partnership("{party}")'
        if party in day.private:
            yield f'private("{party}")'
    for company in day.companies:
        yield f'company("{company}")'
    yield from _registers(day, tests)
    yield from _agreements(day)
    yield from _powers(day)


def _registers(day: Day, tests: list[Ground]) -> Iterator[str]:
    """Shares divided by what divides them all, to stay inside the solver's 32 bits."""
    board = [MILLION * int(row["amount"]) for row in day.rows("powers") if row["kind"] == "board_votes"]
    figures = [one for held in day.holdings for one in (held.votes, held.equity)] + board
    unit = reduce(gcd, figures, 0) or 1
    assert sum(figures) // unit <= LARGEST
    for held in day.holdings:
        votes, equity = held.votes // unit, held.equity // unit
        yield f'holding("{held.fact}","{held.holder}","{held.company}",{votes},{equity})'
    for row in day.rows("powers"):
        if row["kind"] == "board_votes":
            amount = int(row["amount"]) * MILLION // unit
            yield f'board_votes("{row["fact"]}","{row["holder"]}","{row["company"]}",{amount})'
    for test in tests:
        name = f't("{test.code}",{test.measure})'
        least = test.threshold
        if test.measure in SHARE_MEASURES:
            least = -(-(test.threshold + (test.strict or test.by_agreement)) // unit)
        elif test.measure == "seats":
            least = test.threshold // MILLION
            assert least * MILLION == test.threshold
        yield f"test({name},{test.measure},{least})"
        if test.by_agreement:
            yield f"tied({name},{test.measure},{-(-test.threshold // unit)})"
        yield from (f"grants({name},{power})" for power in test.powers)
        yield from (f"fills({name},{role})" for role in test.roles)
        for mark in ("strict", "persons_only", "private_only"):
            if getattr(test, mark):
                yield f"{'strictly' if mark == 'strict' else mark}({name})"


def _agreements(day: Day) -> Iterator[str]:
    for number, row in enumerate(day.rows("agreements")):
        if row["kind"] == "nominee":
            continue
        document = text(row, "document")
        company = f'"{row["company"]}"' if text(row, "company") else "everywhere"
        entrusts = row["kind"] == "entrustment"
        name = f"row({number})" if entrusts or not document else f'document("{document}",{company})'
        yield f"pact({name},{company})"
        yield f'party({name},"{row["party"]}")'
        yield f'counterpart({name},"{row["with"]}")'
        if entrusts:
            yield f"entrusts({name})"
        elif text(row, "leader"):
            yield f'says({name},"{row["leader"]}")'


def _powers(day: Day) -> Iterator[str]:
    seats: dict[str, int] = {}
    for row in day.rows("powers"):
        ends = f'"{row["holder"]}","{row["company"]}"'
        if row["kind"] == "appoints_seats":
            yield f'seats("{row["fact"]}",{ends},{row["amount"]})'
            seats[row["company"]] = max(seats.get(row["company"], 0), int(row["of"]))
        elif row["kind"] in POST_POWERS:
            yield from (f"post({ends},{post})" for post in row["posts"].split(";") if post in COUNTED_POSTS)
        else:
            yield f'power("{row["fact"]}",{ends},{row["kind"]})'
    yield from (f'seats_in_all("{company}",{number})' for company, number in seats.items())
    for row in day.rows("offices"):
        yield f'office("{row["person"]}","{row["company"]}",{row["role"]})'
