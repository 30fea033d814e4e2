"""Would the other method of indirect shares say otherwise? Whole stakes along control, or multiplied ones.

Asked of what rests on shares alone: a company controlled in a later round, on no other ground (in the
first round the unit's own stakes decide, which both methods count whole), and of what is not controlled
but near: end nodes and near misses.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from discovery.control.kernel import Controlled, rows_by
from discovery.control.multiplication import Multiplication
from discovery.control.ownership import NOT, NOT_ASSESSED, PASSES, Asked, passing
from discovery.control.registers import Registers
from discovery.control.stakes import Stakes, stakes
from discovery.facts.graph import FactGraph
from discovery.policies.model import Policy

SHARES: Final = frozenset({"voting", "equity", "voting_commanded", "equity_commanded"})
FLAGS: Final = {PASSES: "method_sensitive", NOT_ASSESSED: "method_not_assessed"}


def strongest(verdicts: Iterable[int]) -> list[str]:
    """The flag of what is not controlled: some of it would be by the other method, or that is not known."""
    found = set(verdicts)
    return next(([FLAGS[verdict]] for verdict in (PASSES, NOT_ASSESSED) if verdict in found), [])


class Test(NamedTuple):
    """A test of shares: which stakes, the threshold in millionths of a percent, whether to exceed it."""

    measure: str
    figure: int
    strict: bool


class Question(NamedTuple):
    """A unit's parties and a company."""

    unit: tuple[int, ...]
    company: int


class Multiplied:
    """The policy's tests of shares by the multiplication method."""

    def __init__(self, graph: FactGraph, policy: Policy) -> None:
        self._graph = graph
        self._stakes: dict[str, Stakes] = {}
        self.tests = _apart(graph, policy)

    def held(self, measure: str) -> Stakes:
        """The direct stakes of one measure, made once."""
        if measure not in self._stakes:
            self._stakes[measure] = stakes(self._graph, measure)
        return self._stakes[measure]

    def passes(self, questions: Iterable[Question]) -> dict[Question, int]:
        """PASSES where some test of shares does, NOT where none does, else NOT_ASSESSED."""
        listed = list(dict.fromkeys(questions))
        asked, order = _asked(listed)
        result = np.empty(len(listed), np.int8)
        result[order] = self.verdicts(asked)
        return dict(zip(listed, result.tolist(), strict=True))

    def verdicts(self, asked: Asked) -> npt.NDArray[np.int8]:
        """The same of questions in columns."""
        result = np.full(len(asked.company), NOT, np.int8)
        for test in self.tests if len(result) else ():
            found = passing(self.held(test.measure), asked, test.figure, strict=test.strict)
            result = np.where((found == PASSES) | (result == NOT), found, result)
        return result


class Chained:
    """What units control by whole stakes along control, where indirect shares are multiplied."""

    def __init__(self, registers: Registers, multiplied: Multiplication) -> None:
        self._registers = registers
        self._multiplied = multiplied

    def passes(self, questions: Iterable[Question]) -> dict[Question, int]:
        """PASSES where the unit controls the company, else NOT; NOT_ASSESSED where its share is not known."""
        listed = list(dict.fromkeys(questions))
        if not listed:
            return {}
        asked, _ = _asked(listed)
        found = self._registers.by_chain((asked.unit_start, asked.unit_party))
        numbers = dict.fromkeys(one.unit for one in listed)
        controlled = {
            unit: set(companies)
            for unit, companies in zip(numbers, _by_unit(found, len(numbers)), strict=True)
        }
        return {one: self._verdict(one, controlled[one.unit]) for one in listed}

    def _verdict(self, one: Question, controlled: set[int]) -> int:
        measure = self._registers.slots[0].measure
        if self._multiplied.walk(measure, one.unit).share(one.company) is None:
            return NOT_ASSESSED
        return PASSES if one.company in controlled else NOT


def _by_unit(found: Controlled, units: int) -> list[list[int]]:
    """The companies of each unit."""
    start, order = rows_by(found.unit, units)
    companies = found.company[order].tolist()
    return [companies[start[unit] : start[unit + 1]] for unit in range(units)]


def other_method(graph: FactGraph, policy: Policy, registers: Registers) -> Multiplied | Chained:
    """The method that the policy does not use, to tell where it would say otherwise."""
    if registers.multiplied is not None:
        return Chained(registers, registers.multiplied)
    return Multiplied(graph, policy)


def _apart(graph: FactGraph, policy: Policy) -> list[Test]:
    """The tests of shares, those that come to the same on these facts once."""
    bound = bool((graph.holdings["commander"] != graph.holdings["holder"]).any())
    found: dict[tuple[str, int, bool], Test] = {}
    for basis in policy.control.bases:
        if basis.measure in SHARES:
            plain = basis.measure if bound else basis.measure.removesuffix("_commanded")
            found.setdefault(
                (plain, basis.figure, basis.strict_op), Test(plain, basis.figure, basis.strict_op)
            )
    return list(found.values())


def _asked(questions: list[Question]) -> tuple[Asked, npt.NDArray[np.int64]]:
    """The questions by unit, and where each stood."""
    numbers: dict[tuple[int, ...], int] = {}
    unit_of = np.array([numbers.setdefault(one.unit, len(numbers)) for one in questions], np.int32)
    start, order = rows_by(unit_of, len(numbers))
    offsets = np.cumsum([0, *(len(unit) for unit in numbers)]).astype(np.int64)
    parties = np.array([party for unit in numbers for party in unit], np.int32)
    companies = np.array([one.company for one in questions], np.int32)[order]
    return Asked(offsets, parties, start, companies), order
