"""Flags of groups and members, drawn again from the facts behind the steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from discovery.evidence.checking.book import Book
from discovery.evidence.checking.points import Points, Unit
from discovery.evidence.checking.proofs import Proofs
from discovery.evidence.checking.register import HUNDRED, SCALE, Amount
from discovery.evidence.checking.rounds import Step
from discovery.policies.values import millionths

DOUBTS: Final = frozenset(
    {
        "register_over_100",
        "kind_assumed",
        "stub_on_path",
        "conflicting_sources",
        "low_confidence",
        "measure_assumed",
    }
)


class Flags:
    """Draws flags; `often` says in how many groups a company stands, of what kind of controller."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._least = millionths(book.policy.evidence.min_confidence)
        self._holdings = {one.fact: one for one in book.day.holdings}
        self._ambiguous = {basis.code for basis in book.policy.control.bases if basis.boundary_ambiguous}
        self._of_basis = {basis.code: set(basis.flags) for basis in book.policy.control.bases}
        for form in (book.policy.influence, book.policy.joint_control):
            if form is not None:
                self._of_basis.setdefault(form.code, set()).update(form.flags)

    def of_amounts(self, amounts: Iterable[Amount]) -> set[str]:
        """What is doubtful about the facts behind some amounts."""
        flags = set()
        for amount in amounts:
            holding = self._holdings.get(amount.fact)
            if holding is not None:
                flags |= {"measure_assumed"} if holding.measure_assumed else set()
                flags |= {"conflicting_sources"} if holding.conflicting else set()
            stem, row = self._book.day.fact_rows[amount.fact]
            confidence = row["confidence"] if stem != "decisions" else None
            if confidence is not None and confidence < self._least:
                flags.add("low_confidence")
        return flags

    def of_member(self, company: str, amounts: list[Amount], step: Step | None) -> set[str]:
        """Flags of one member that its own facts and step decide."""
        book = self._book
        who = book.parties[company]
        flags = self.of_amounts(amounts)
        if any(book.parties[amount.by].stub for amount in amounts):
            flags.add("stub_on_path")
        if step is not None:
            flags |= self._of_basis.get(step["basis"], set())
            if step["basis"] in self._ambiguous and step["total"] == step["threshold"]:
                flags.add("boundary_ambiguous")
        if who.stated_kind is None and not (who.stub and who.person):
            flags.add("kind_assumed")
        held = book.day.by_company.get(company, [])
        most = max(sum(one.equity for one in held), sum(one.votes for one in held))
        if most > HUNDRED * SCALE:
            flags.add("register_over_100")
        if any(one.holder == company for one in held):
            flags.add("treasury_shares")
        return flags

    def dual_control(self, company: str, points: Points) -> bool:
        """Do two points control it that have nobody in common?"""
        over = [unit for unit in points.over(company) if unit not in self._book.decided.sets]
        apart = [(one, two) for one in over for two in over if set(one).isdisjoint(two)]
        nested = [pair for pair in apart if self._nested(points, *pair) or self._nested(points, *pair[::-1])]
        return len(nested) < len(apart)

    def _nested(self, points: Points, above: Unit, unit: Unit) -> bool:
        """Is the one a point beneath the other?"""
        return points.beneath(unit) and self._book.run(above).rounds.get(unit[0], 0) > 0

    def of_group(
        self, proofs: Proofs, unit: Unit, used: tuple[str, ...], kind: str, everyone: list[str]
    ) -> set[str]:
        """Flags of the group that its unit and the amounts behind its steps decide."""
        book = self._book
        rows = proofs.rows
        flags = self.of_amounts(amount for amounts in rows.values() for amount in amounts)
        flags |= self.of_amounts(proofs.on_the_way)
        inside = {*rows, *(unit if kind == "ring" else ())}
        for party in unit:
            if any(one.votes > 0 and one.holder in inside for one in book.day.by_company.get(party, ())):
                flags.add("circular_votes")
        if kind == "person":
            flags |= self._of_family(proofs, used, everyone)
        return flags

    def _of_family(self, proofs: Proofs, used: tuple[str, ...], everyone: list[str]) -> set[str]:
        persons = self._book.policy.persons
        flags: set[str] = set()
        if persons is None:
            return flags
        if persons.kin.presumed or persons.major_investor.presumed:
            flags.add("presumed")
        if self._book.assumed_anchor(used[0], {one for one in everyone if one in proofs.rows}):
            flags.add("executive_assumed")
        family = set(used)
        direct = {company: {one.by for one in amounts} & family for company, amounts in proofs.rows.items()}
        if "singular_holder" in persons.flags and any(
            self._needs_several(proofs, company, holders) for company, holders in direct.items()
        ):
            flags.add("singular_holder")
        if len(family) > 1:
            led = self._led(proofs, used[0])
            if any(company in proofs.rows and company not in led for company in everyone):
                flags.add("kin_joint")
            if not any(len(direct.get(company, ())) > 1 for company in everyone):
                flags.add("kin_joint_only")
        return flags

    @staticmethod
    def _needs_several(proofs: Proofs, company: str, persons: set[str]) -> bool:
        """Does the company's first test pass only with the amounts of several of the persons?"""
        first = proofs.run.passing(company)[0]
        for person in persons:
            mine = [one for one in proofs.rows[company] if one.by == person or one.by not in persons]
            if proofs.run.suffices(first, company, mine):
                return False
        return len(persons) > 1

    @staticmethod
    def _led(proofs: Proofs, anchor: str) -> set[str]:
        """Companies in which the anchor holds something, directly or through such a company."""
        led: set[str] = set()
        rows = sorted(proofs.rows.items(), key=lambda row: proofs.run.rounds[row[0]])
        rows += proofs.ways.items()
        while True:
            before = len(led)
            for company, amounts in rows:
                if any(amount.by in {anchor, *led} for amount in amounts):
                    led.add(company)
            if not proofs.rests or len(led) == before:
                return led
