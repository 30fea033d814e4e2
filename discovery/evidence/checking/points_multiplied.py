"""Who stands on top where control is not handed down: found upwards from each company, one by one.

An organisation is a point if nobody admissible controls it; or if it controls an eligible company that no
point above it controls. Those that control each other around a circle, with nobody else above any of
them, are one ring.
"""

from __future__ import annotations

from functools import cached_property

from discovery.evidence.checking.book import Book
from discovery.evidence.checking.multiplied import WHOLE
from discovery.evidence.checking.points import Points, Unit


def points(book: Book, apart: frozenset[str] = frozenset(), *, organs: bool = False) -> Points:
    """The controlling points, as the policy's indirect shares make them."""
    kind = MultipliedPoints if book.multiplies else Points
    return kind(book, apart, organs=organs)


class MultipliedPoints(Points):
    """Controlling points where indirect shares are multiplied."""

    def ring_of(self, party: str) -> Unit:
        circle = self._circle_of(party)
        if len(circle) == 1:
            return (party,)
        outside = any(not self._heads_over(one) <= circle or self._others_over(one) for one in circle)
        return (party,) if outside else tuple(self._book.by_key(circle))

    def stands(self, unit: Unit) -> bool:
        """Is it a point?"""
        if unit not in self._standing:
            self._standing[unit] = len(unit) > 1 or not self._above(unit[0]) or self._open(unit[0])
        return self._standing[unit]

    def beneath(self, unit: Unit) -> bool:
        """Is it an organisation that somebody controls?"""
        one = unit[0]
        alone = len(unit) == 1 and not self._book.parties[one].person and unit not in self._book.decided.sets
        return alone and bool(self._above(one))

    def over(self, company: str) -> frozenset[Unit]:
        if company not in self._over:
            heads = {self.ring_of(one) for one in self._up(company) if self._heading(one)}
            points = {unit for unit in heads if company not in unit and self.stands(unit)}
            found = {unit for unit in points if self._controls(unit, company)}
            self._over[company] = frozenset(found | self._others_over(company))
        return self._over[company]

    def _controls(self, unit: Unit, company: str) -> bool:
        return self._book.run(unit).rounds.get(company, 0) > 0

    def _heading(self, party: str) -> bool:
        return self.admissible(party) and not self._book.decided.sets_of(party)

    def _up(self, company: str) -> list[str]:
        """Everybody whose stakes or rights may lead to it; nobody where all of them together do not."""
        if company not in self._upward:
            possible = self._overfull or self._passes(company, None)
            self._upward[company] = list(self._reach(company)) if possible else []
        return self._upward[company]

    @cached_property
    def _overfull(self) -> bool:
        """Is some register above 100 %? Shares around a circle may then be more than the whole."""
        registers = self._book.day.by_company.values()
        return any(
            max(sum(one.equity for one in held), sum(one.votes for one in held)) > WHOLE for held in registers
        )

    def _reach(self, company: str) -> set[str]:
        seen: set[str] = set()
        open_ = [company]
        while open_:
            for _, amount in self._book.register.into.get(open_.pop(), ()):
                for party in amount.needs:
                    if party not in seen and party != company:
                        seen.add(party)
                        open_.append(party)
        return seen

    def _heads_over(self, company: str) -> set[str]:
        """Organisations that may head a group and control the company, each by itself."""
        return {one for one in self._up(company) if self._heading(one) and self._controls((one,), company)}

    def _others_over(self, company: str) -> set[Unit]:
        """Families and decided sets that control it."""
        book = self._book
        units: set[Unit] = set()
        for party in self._up(company):
            units |= set(book.decided.sets_of(party))
            if book.parties[party].person and not self._organs:
                points = (self._family_of(anchor) for anchor in book.anchors_of(party))
                units |= {unit for unit in points if unit is not None and party in unit}
        return {unit for unit in units if self._controls(unit, company)}

    def _family_of(self, anchor: str) -> Unit | None:
        """The family that a person heads: what the person's own stakes and posts make of it."""
        book = self._book
        if anchor not in self._families:
            acts = anchor in book.register.brings or anchor in book.posts
            self._families[anchor] = book.point(anchor, alone=True) if acts else None
        return self._families[anchor]

    @cached_property
    def _families(self) -> dict[str, Unit | None]:
        return {}

    def _above(self, head: str) -> set[Unit]:
        """All that control an organisation: others by themselves, rings, families, decided sets."""
        if head not in self._over_heads:
            heads = {(one,) for one in self._heads_over(head)}
            rings = {self.ring_of(one) for one in self._up(head) if self._heading(one)}
            closed = {ring for ring in rings if len(ring) > 1 and head not in ring}
            above = heads | {ring for ring in closed if self._controls(ring, head)} | self._others_over(head)
            self._over_heads[head] = above
        return self._over_heads[head]

    def _open(self, head: str) -> bool:
        """Does it control an eligible company that no point above it has as well?"""
        circle = self._circle_of(head)
        covered: set[str] = set()
        for unit in self._above(head):
            person = self._book.parties[unit[0]].person or unit in self._book.decided.sets
            if person or (not circle & set(unit) and self.ring_of(unit[0]) == unit and self.stands(unit)):
                covered |= {*unit, *self._book.run(unit).controlled()}
        return any(
            self._book.member(one) and one not in covered for one in self._book.run((head,)).controlled()
        )

    def _circle_of(self, head: str) -> set[str]:
        """The organisations that control it and that it controls, one by one around."""
        if head not in self._circles:
            upwards = self._closed(head)
            self._circles[head] = {head} | {one for one in upwards if head in self._closed(one)}
        return self._circles[head]

    def _closed(self, head: str) -> set[str]:
        """Who controls it, who controls these, and so on."""
        if head not in self._chains:
            seen: set[str] = set()
            open_ = [head]
            while open_:
                for one in self._heads_over(open_.pop()):
                    if one not in seen:
                        seen.add(one)
                        open_.append(one)
            self._chains[head] = seen
        return self._chains[head]

    @cached_property
    def _standing(self) -> dict[Unit, bool]:
        return {}

    @cached_property
    def _upward(self) -> dict[str, list[str]]:
        return {}

    @cached_property
    def _over_heads(self) -> dict[str, set[Unit]]:
        return {}

    @cached_property
    def _circles(self) -> dict[str, set[str]]:
        return {}

    @cached_property
    def _chains(self) -> dict[str, set[str]]:
        return {}
