"""Who stands on top: which points control a company, searched upwards from the company."""

from __future__ import annotations

from collections.abc import Iterator

from discovery.evidence.checking.book import Book
from discovery.evidence.checking.rounds import add

Unit = tuple[str, ...]


class Points:
    """Controlling points under a policy; `apart` are owners that an exemption sets apart.

    With `organs` the points are state organs instead, which head no group under the policy.
    """

    def __init__(self, book: Book, apart: frozenset[str] = frozenset(), *, organs: bool = False) -> None:
        self._book = book
        self._apart = apart
        self._organs = organs
        self._over: dict[str, frozenset[Unit]] = {}
        self._rings: dict[str, Unit] = {}

    def admissible(self, party: str) -> bool:
        """May the organisation head a group?"""
        book = self._book
        if self._organs:
            return book.parties[party].kind == "government"
        return book.admissible(party) and not book.parties[party].person and party not in self._apart

    def ring_of(self, party: str) -> Unit:
        """The party and every admissible organisation that it controls and that controls it."""
        if party not in self._rings:
            self._rings[party] = self._ring_of(party)
        return self._rings[party]

    def _ring_of(self, party: str) -> Unit:
        book = self._book
        found = book.run((party,))
        if not self._passes(party, set(found.controlled())):
            return (party,)
        back = [
            other
            for other in found.controlled()
            if self.admissible(other) and book.run((other,)).rounds.get(party, 0) > 0
        ]
        return tuple(book.by_key([party, *back]))

    def stands(self, unit: Unit) -> bool:
        """Is the organisation or ring a point: does nobody control it?"""
        return not self.over(unit[0])

    def beneath(self, unit: Unit) -> bool:
        """Is it a point although somebody controls it? Never where control is handed down."""
        return False

    def over(self, company: str) -> frozenset[Unit]:
        """The points that control the company (a ring the company is part of is not above it)."""
        stack = [company]
        on_the_way: set[str] = set()
        while stack:
            at = stack[-1]
            if at in self._over:
                stack.pop()
                continue
            holders = self._holders(at)
            if at not in on_the_way:
                on_the_way.add(at)
                unknown = [one for one in holders if one not in self._over]
                if any(one in on_the_way for one in unknown):
                    self._over[at] = self._around(at)
                    continue
                stack += unknown
                continue
            candidates = {unit for one in holders for unit in self._units_with(one)}
            self._over[at] = self._controlling(at, candidates)
        return self._over[company]

    def _units_with(self, party: str) -> set[Unit]:
        """The points that the party belongs to or stands under, once those over it are known."""
        book = self._book
        together = set(book.decided.sets_of(party))
        if book.parties[party].person:
            if self._organs:
                return set()
            points = (book.point(anchor) for anchor in book.anchors_of(party))
            return together | {unit for unit in points if unit is not None and party in unit}
        over = together | set(self._over[party])
        if not over and self.admissible(party):
            over.add(self.ring_of(party))
        return over

    def _controlling(self, company: str, units: set[Unit]) -> frozenset[Unit]:
        return frozenset(unit for unit in units if self._book.run(unit).rounds.get(company, 0) > 0)

    def _around(self, company: str) -> frozenset[Unit]:
        """The points over a company in a circle of holdings: everybody upwards is tried."""
        book = self._book
        upwards = list(self._upwards(company))
        persons = {
            unit
            for party in upwards
            if book.parties[party].person and not self._organs
            for anchor in book.anchors_of(party)
            for unit in [book.point(anchor)]
            if unit is not None
        }
        together = {unit for party in upwards for unit in book.decided.sets_of(party)}
        persons |= together
        heads = [
            party
            for party in upwards
            if not book.decided.sets_of(party)
            if not book.parties[party].person and self.admissible(party)
            if book.run((party,)).rounds.get(company, 0) > 0
        ]
        others = [one for one in upwards if not book.parties[one].person and self.admissible(one)]
        tops = set()
        for head in heads:
            ring = self.ring_of(head)
            above = any(
                one not in ring and book.run((one,)).rounds.get(head, 0) > 0 for one in others
            ) or any(book.run(unit).rounds.get(head, 0) > 0 for unit in persons)
            if not above and company not in ring:
                tops.add(ring)
        return self._controlling(company, persons | tops)

    def _holders(self, company: str) -> list[str]:
        """Everybody whose amounts might make somebody control the company; none where all would not do."""
        if not self._passes(company, None):
            return []
        return list(
            dict.fromkeys(
                party
                for number, amount in self._book.register.into.get(company, ())
                if number < self._book.deemed
                for party in amount.needs
                if party != company
            )
        )

    def _upwards(self, company: str) -> Iterator[str]:
        seen, stack = {company}, [company]
        while stack:
            for holder in self._holders(stack.pop()):
                if holder not in seen:
                    seen.add(holder)
                    stack.append(holder)
                    yield holder

    def _passes(self, company: str, inside: set[str] | None) -> bool:
        """Would everything these parties (None: anybody) bring to the company pass some test?"""
        register = self._book.register
        totals: dict[int, int] = {}
        for number, amount in register.into.get(company, ()):
            if number < self._book.deemed and (inside is None or any(one in inside for one in amount.needs)):
                totals[number] = add(register.tests[number], totals.get(number, 0), amount)
        return any(register.passes(number, company, total) for number, total in totals.items())
