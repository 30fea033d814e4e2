"""Control by naive synchronous rounds: every company anew in every round, straight from the day's rows."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from discovery.policies.model import Policy
from oracles.plain import MILLION, Day, millionths
from oracles.worlds import text

POST_POWERS = ("appoints_posts", "sole_nominates_posts", "sets_pay")
COUNTED_POSTS = frozenset({"chairman", "general_manager", "cfo"})


class Ground(NamedTuple):
    """One ground of control. `threshold` in millionths of a percent, or a count."""

    code: str
    measure: str
    threshold: int = 1
    strict: bool = False
    powers: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    persons_only: bool = False
    private_only: bool = False
    by_agreement: bool = False


class Amount(NamedTuple):
    """What one fact brings to a test, once all of `needs` are inside."""

    needs: frozenset[str]
    by: str
    fact: str
    amount: int = 1
    posts: frozenset[str] = frozenset()
    agreed: bool = False  # somebody else casts it


class Found(NamedTuple):
    """A company under a unit: its round, the tests passed then, and what the first of them rests on."""

    round: int
    codes: tuple[str, ...]
    contributions: frozenset[tuple[str, str]]
    total: int


def grounds_of(policy: Policy) -> list[Ground]:
    """The grounds of a policy file in its order, those of persons last."""
    found = []
    for basis in policy.control.bases:
        threshold = {"power": 1, "posts": basis.at_least}.get(basis.measure, millionths(basis.threshold))
        strict = basis.op == ">" and basis.measure not in {"power", "posts"}
        agreed = basis.by_agreement
        found.append(Ground(basis.code, basis.measure, threshold, strict, basis.powers, by_agreement=agreed))
    for ground in policy.persons.bases if policy.persons else ():
        if ground.code == "B13":
            roles, powers, private = ground.roles, ground.powers, ground.private_only
            found.append(Ground("B13", "power", 1, False, powers, roles, True, private))
        else:
            found.append(Ground("B14", "role_posts", 2, roles=ground.posts, persons_only=True))
    return found


def amounts(day: Day, test: Ground, company: str) -> list[Amount]:
    """What the day's facts bring to a test of a company."""
    if test.private_only and company not in day.private:
        return []
    found = [one for one in _all_amounts(day, test, company) if one.amount > 0]
    if not test.persons_only:
        return found
    return [one for one in found if all(day.kind.get(party) == "natural_person" for party in one.needs)]


def _all_amounts(day: Day, test: Ground, company: str) -> list[Amount]:
    if test.measure in {"voting", "voting_held", "voting_commanded", "equity", "equity_commanded"}:
        return _held(day, test.measure, company)
    powers = [row for row in day.rows("powers") if row["company"] == company]
    offices = [row for row in day.rows("offices") if row["company"] == company]
    if test.measure == "seats":
        return [
            Amount(frozenset({row["holder"]}), row["holder"], row["fact"], int(row["amount"]))
            for row in powers
            if row["kind"] == "appoints_seats"
        ]
    if test.measure == "board_votes":
        return [
            Amount(frozenset({row["holder"]}), row["holder"], row["fact"], millionths(row["amount"]))
            for row in powers
            if row["kind"] == "board_votes"
        ]
    if test.measure == "posts":
        return [
            Amount(frozenset({row["holder"]}), row["holder"], row["fact"], posts=posts)
            for row in powers
            if row["kind"] in POST_POWERS and (posts := frozenset(row["posts"].split(";")) & COUNTED_POSTS)
        ]
    if test.measure == "role_posts":
        return [
            Amount(frozenset({row["person"]}), row["person"], row["fact"], posts=frozenset({row["role"]}))
            for row in offices
            if row["role"] in {"chairman", "general_manager"}
        ]
    stated = [(row["holder"], row["fact"]) for row in powers if row["kind"] in test.powers]
    stated += [(row["person"], row["fact"]) for row in offices if row["role"] in test.roles]
    if "charter" in test.powers and day.kind.get(company) == "partnership":
        stated += [(row["person"], row["fact"]) for row in offices if row["role"] == "executive_partner"]
    return [Amount(frozenset({holder}), holder, fact) for holder, fact in stated]


def _held(day: Day, measure: str, company: str) -> list[Amount]:
    found = []
    for one in day.holdings:
        if one.company != company:
            continue
        amount = one.equity if measure.startswith("equity") else one.votes
        needs = {one.commander} if measure.endswith("commanded") else {one.holder}
        if measure == "voting":
            needs |= {one.commander}
        agreed = measure.endswith("commanded") and one.commander != one.holder
        found.append(Amount(frozenset(needs), one.holder, one.fact, amount, agreed=agreed))
    return found


def seats_in_all(day: Day, company: str) -> Decimal:
    """The largest number of seats that a fact states for the company."""
    stated = [
        Decimal(text(row, "of"))
        for row in day.rows("powers")
        if row["kind"] == "appoints_seats" and row["company"] == company
    ]
    return max(stated, default=Decimal(1))


def total_of(test: Ground, brought: Iterable[Amount]) -> int:
    """The sum of the amounts; of posts the number of different ones."""
    if test.measure in {"posts", "role_posts"}:
        return len(frozenset[str]().union(*(one.posts for one in brought)))
    return sum(one.amount for one in brought)


def passes(day: Day, test: Ground, company: str, brought: list[Amount]) -> bool:
    """Do these amounts meet the test?"""
    if not brought:
        return False
    total = Decimal(total_of(test, brought))
    need = Decimal(test.threshold)
    if test.measure == "seats":
        total, need = total * 100, need / MILLION * seats_in_all(day, company)
    if test.by_agreement and total == need:
        return any(one.agreed for one in brought)
    return total > need if test.strict else total >= need


class Rounds:
    """Runs units of one day through the tests; what a company is brought is looked up once."""

    def __init__(self, day: Day, tests: list[Ground]) -> None:
        self.day = day
        self.tests = tests
        self.brought = {
            (test, company): amounts(day, test, company) for test in tests for company in day.companies
        }

    @property
    def bringing(self) -> frozenset[str]:
        """Everybody on whom some amount depends."""
        return frozenset(party for found in self.brought.values() for one in found for party in one.needs)

    def run(self, unit: Iterable[str]) -> dict[str, Found]:
        """All that the unit controls, round by round."""
        acting = frozenset(unit)
        controlled: dict[str, Found] = {}
        number = 0
        while True:
            number += 1
            inside = acting | set(controlled)
            won = {
                company: found
                for company in self.day.companies
                if company not in inside and (found := self._tested(company, inside, number))
            }
            if not won:
                return controlled
            controlled |= won

    def _tested(self, company: str, inside: frozenset[str], number: int) -> Found | None:
        passed = []
        for test in self.tests:
            mine = [one for one in self.brought[test, company] if one.needs <= inside]
            if passes(self.day, test, company, mine):
                passed.append((test, mine))
        if not passed:
            return None
        test, mine = passed[0]
        shares = frozenset((one.fact, one.by) for one in mine)
        return Found(number, tuple(one.code for one, _ in passed), shares, total_of(test, mine))
