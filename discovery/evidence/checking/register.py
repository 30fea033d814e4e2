"""What each party brings to each test of control of a policy: one amount a fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Final, NamedTuple

from discovery.evidence.checking.day import Day, Holding, Row
from discovery.evidence.checking.decided import Decided
from discovery.evidence.checking.votes import Votes
from discovery.policies.model import Basis, PersonBasis, Policy

SHARES: Final = frozenset({"voting", "equity", "voting_held", "voting_commanded", "equity_commanded"})
UNITED: Final = frozenset({"posts", "role_posts"})
HUNDRED: Final = 100
SCALE: Final = 1_000_000
KEY_POSTS: Final = {"chairman": 1, "general_manager": 2, "cfo": 4}
BESIDE: Final = 10**12  # a sum's place before a count of agreements in one whole number
POST_POWERS: Final = frozenset({"appoints_posts", "sole_nominates_posts", "sets_pay"})


class Test(NamedTuple):
    """One test of control: a basis of the policy, or a ground it does not deem."""

    code: str
    measure: str
    least: int = 1
    powers: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    private_only: bool = False
    persons_only: bool = False
    by_agreement: bool = False
    basis: Basis | PersonBasis | None = None
    decided: Decided | None = None
    article: str = ""


class Amount(NamedTuple):
    """What one fact brings once all of `needs` are inside."""

    needs: tuple[str, ...]
    by: str
    company: str
    amount: int
    fact: str
    through: str | None = None
    presumed: bool = False


def tests_of(policy: Policy) -> list[Test]:
    """The policy's tests of control, in its order; those seen from persons come last."""
    tests = [test_of(basis) for basis in policy.control.bases]
    for basis in policy.persons.bases if policy.persons else ():
        if basis.code == "B13":
            tests.append(
                Test(
                    "B13",
                    "power",
                    powers=frozenset(basis.powers),
                    roles=frozenset(basis.roles),
                    private_only=basis.private_only,
                    persons_only=True,
                    basis=basis,
                )
            )
        elif basis.posts:
            roles = frozenset(basis.posts)
            tests.append(Test("B14", "role_posts", 2, roles=roles, persons_only=True, basis=basis))
    return tests


def test_of(basis: Basis) -> Test:
    """The test of one basis, with the smallest total that passes."""
    if basis.measure == "power":
        return Test(basis.code, "power", 1, frozenset(basis.powers), basis=basis)
    if basis.measure == "posts":
        return Test(basis.code, "posts", basis.at_least, basis=basis)
    return Test(basis.code, basis.measure, basis.least, by_agreement=basis.by_agreement, basis=basis)


class Register:
    """All amounts of some tests, by party and by company."""

    def __init__(self, day: Day, votes: Votes, tests: list[Test]) -> None:
        self.day = day
        self.votes = votes
        self.tests = tests
        self.seats = _seats(day)
        self.brings: dict[str, list[tuple[int, Amount]]] = defaultdict(list)
        self.into: dict[str, list[tuple[int, Amount]]] = defaultdict(list)
        for number, test in enumerate(tests):
            for amount in self._amounts(test):
                if amount.amount <= 0:
                    continue
                self.into[amount.company].append((number, amount))
                for party in amount.needs:
                    self.brings[party].append((number, amount))

    def passes(self, number: int, company: str, total: int) -> bool:
        """Does a total of that test suffice in that company?"""
        test = self.tests[number]
        if total <= 0:
            return False
        if test.measure in UNITED:
            return total.bit_count() >= test.least
        if test.by_agreement:
            summed, agreed = divmod(total, BESIDE)
            return summed > test.least or (summed == test.least and agreed > 0)
        if test.measure == "seats":
            strict = test.basis is not None and isinstance(test.basis, Basis) and test.basis.op == ">"
            bound = (test.least - strict) * self.seats.get(company, 1)
            return total * HUNDRED * SCALE > bound or (not strict and total * HUNDRED * SCALE == bound)
        return total >= test.least

    def _amounts(self, test: Test) -> Iterator[Amount]:
        for tie in sorted(test.decided.ties) if test.decided is not None else ():
            yield Amount((tie.head,), tie.head, tie.company, 1, tie.fact)
        for amount in self._of_measure(test):
            if test.persons_only and not all(self.day.parties[party].person for party in amount.needs):
                continue
            if test.private_only and not self.day.parties[amount.company].row["is_private"]:
                continue
            yield amount

    def _of_measure(self, test: Test) -> Iterator[Amount]:
        if test.measure in SHARES:
            for holding in self.day.holdings:
                yield share(holding, test.measure, self.votes)
        elif test.measure == "seats":
            yield from self._powers({"appoints_seats"}, lambda row: row["amount"] or 0)
        elif test.measure == "board_votes":
            yield from self._powers({"board_votes"}, lambda row: row["amount"] or 0)
        elif test.measure == "posts":
            yield from self._powers(POST_POWERS, lambda row: _bits((row["posts"] or "").split(";")))
        elif test.measure == "role_posts":
            for row in self.day.of("offices"):
                if row["role"] in test.roles:
                    yield _of_office(row, _bits([row["role"]]))
        else:
            yield from self._powers(test.powers, lambda _: 1)
            for row in self.day.of("offices"):
                partner = "charter" in test.powers and row["role"] == "executive_partner"
                if row["role"] in test.roles:
                    yield _of_office(row, 1)
                if partner and self.day.parties[row["company"]].kind == "partnership":
                    yield _of_office(row, 1, presumed=True)

    def _powers(self, kinds: set[str] | frozenset[str], amount: Callable[[Row], int]) -> Iterator[Amount]:
        for row in self.day.of("powers"):
            if row["kind"] in kinds:
                holder = row["holder"]
                yield Amount((holder,), holder, row["company"], amount(row), row["fact"])

    @cached_property
    def keys(self) -> dict[str, str]:
        return {party: who.key for party, who in self.day.parties.items()}


def share(holding: Holding, measure: str, votes: Votes) -> Amount:
    """A holding as an amount: of equity or votes, as held or as commanded."""
    binding = votes.command(holding)
    commander = binding.leader if binding else holding.holder
    bound = commander != holding.holder
    amount = holding.equity if measure.startswith("equity") else holding.votes
    if measure.endswith("_commanded"):
        through = binding.fact if binding and bound else None
        return Amount((commander,), holding.holder, holding.company, amount, holding.fact, through)
    needs = (holding.holder, commander) if measure == "voting" and bound else (holding.holder,)
    return Amount(needs, holding.holder, holding.company, amount, holding.fact)


def _of_office(row: Row, amount: int, *, presumed: bool = False) -> Amount:
    person = row["person"]
    return Amount((person,), person, row["company"], amount, row["fact"], None, presumed)


def _bits(posts: list[str]) -> int:
    return sum(KEY_POSTS.get(post, 0) for post in set(posts))


def _seats(day: Day) -> dict[str, int]:
    seats: dict[str, int] = {}
    for row in day.of("powers"):
        if row["kind"] == "appoints_seats" and row["of"] is not None:
            seats[row["company"]] = max(seats.get(row["company"], 0), row["of"])
    return seats
