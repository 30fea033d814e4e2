"""The evidence a group must carry: one canonical step a company, drawn again from the facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from discovery.evidence.checking.book import Book
from discovery.evidence.checking.carried import Rest, carried
from discovery.evidence.checking.register import SHARES, Amount
from discovery.evidence.checking.rounds import Run, Step, add, step_of, written
from discovery.evidence.models import DECISION


class Drawn(NamedTuple):
    """A step and the parties it rests on."""

    step: Step
    rests_on: set[str]


class Proofs:
    """Draws the steps of one group's unit."""

    def __init__(self, book: Book, unit: tuple[str, ...], named: tuple[str, ...], kind: str) -> None:
        self._book = book
        self._named = named
        self._kind = kind
        self.run: Run = book.run(unit)
        persons = book.policy.persons
        self._alone = kind == "person" and persons is not None and persons.kin.joint == "each_alone"
        self._drawn: dict[str, Drawn] = {}
        self._drawn_rounds: dict[str, int] = {}
        self._together = {one for one in named if book.member(one)} if kind == "none" else set()
        self.rows: dict[str, list[Amount]] = {}  # amounts behind every company of the closure
        self.rests: dict[str, Rest] = {}  # steps drawn that rest on multiplied shares
        self.ways: dict[str, list[Amount]] = {}  # of a family: amounts behind companies on the way to those
        self.on_the_way: list[Amount] = []  # amounts behind all that the group shows on the way

    def controlled(self, company: str) -> bool:
        ring = self._kind == "ring" and company in self._named
        return self.run.rounds.get(company, 0) > 0 or ring or company in self._together

    def closure(self, companies: Iterable[str]) -> dict[str, Drawn]:
        """The steps of the companies and of every company that stands in them."""
        heads = set(self._named) if self._kind == "ring" else set()
        open_ = [company for company in companies if self.controlled(company)]
        wanted: set[str] = set()
        while open_:
            company = open_.pop()
            if company in wanted:
                continue
            wanted.add(company)
            if company in self._together:
                continue
            self.rows[company] = self.amounts(company)
            if self._multiplied(company):
                continue
            open_ += [
                party
                for party in self.resting(company)
                if self.run.rounds.get(party, 0) > 0 or party in heads
            ]
        if self._kind == "person" and self._book.multiplies:
            whole = [self._rest(company) for company in wanted if self._multiplied(company)]
            self.ways = {one.company: one.amounts for one in carried(self._book, whole)}
        if self._alone:
            return self._draw_alone(wanted)
        return {company: self.draw(company) for company in wanted}

    def _found(self, company: str) -> Run:
        """The run in which the company comes in."""
        ring = self._kind == "ring" and company in self._named
        return self._in_ring(company)[0] if ring else self.run

    def _multiplied(self, company: str) -> bool:
        """Does its step rest on a multiplied share?"""
        if company in self._together:
            return False
        found = self._found(company)
        return found.by_share(found.passing(company)[0])

    def _rest(self, company: str) -> Rest:
        found = self._found(company)
        return Rest(found.unit, found.passing(company)[0], company)

    def _round(self, company: str, acting: Run) -> int:
        """The round in which a step is shown: after the deepest that it rests on."""
        first = acting.passing(company)[0]
        if acting.by_share(first):
            return self._book.accumulated(acting.unit, first).depth[company]
        if acting is not self.run:  # a ring's own party, seen from another
            return acting.rounds[company]
        resting = _needed(acting.amounts(company, first, acting.rounds[company]))
        return 1 + max((self._shown_round(party) for party in resting), default=0)

    def _shown_round(self, party: str) -> int:
        if self.run.rounds.get(party, 0) == 0:
            return 0
        return self._drawn_rounds[party] if party in self._drawn_rounds else self._round(party, self.run)

    def by_shares(self, company: str) -> bool:
        """Is it controlled after the first round, and on tests of shares alone?"""
        ring = self._kind == "ring" and company in self._named
        found = self._in_ring(company)[0] if ring else self.run
        tests = found.register.tests
        return found.rounds[company] > 1 and all(
            tests[one].measure in SHARES for one in found.passing(company)
        )

    def amounts(self, company: str) -> list[Amount]:
        """The amounts of the first test that the company passes."""
        ring = self._kind == "ring" and company in self._named
        found = self._in_ring(company)[0] if ring else self.run
        return found.amounts(company, found.passing(company)[0], found.rounds[company])

    def resting(self, company: str) -> set[str]:
        """All parties whose amounts bring a company in, and who command them."""
        return _needed(self.amounts(company))

    def draw(self, company: str) -> Drawn:
        if company in self._together:
            return Drawn(self._decided(company), set())
        if company not in self._drawn:
            ring = self._kind == "ring" and company in self._named
            found, unit = self._in_ring(company) if ring else (self.run, self._named)
            step = step_of(found, unit, company)
            if step is None:
                raise LookupError(company)
            if self._book.multiplies:
                step["round"] = self._round(company, found)
                if "method" in step:
                    self.rests[company] = Rest(found.unit, found.passing(company)[0], company)
            self._drawn[company] = Drawn(step, self.resting(company))
        return self._drawn[company]

    def _decided(self, company: str) -> Step:
        """The step of a party of a decided set: by these decisions it stands with the others."""
        decided = self._book.decided
        test = self._book.register.tests[self._book.test(DECISION)]
        facts = decided.sets[self._named]
        amounts = [Amount((company,), company, company, 1, fact) for fact in facts]
        return written(self._book.register, self._named, (company, 1), test, amounts) | {"also": []}

    def _in_ring(self, company: str) -> tuple[Run, tuple[str, ...]]:
        """The other party of the ring under which the company passes soonest."""
        runs = [(self._book.run((other,)), other) for other in self._named if other != company]
        passing = [(found, other) for found, other in runs if found.rounds.get(company, 0) > 0]
        if not passing:
            raise LookupError(company)
        keys = self._book.register.keys
        found, other = min(passing, key=lambda pair: (pair[0].rounds[company], keys[pair[1]]))
        return found, (other,)

    def _draw_alone(self, wanted: set[str]) -> dict[str, Drawn]:
        """Kin count each alone; a company that needs several of them is a family enterprise and then
        stands for itself."""
        keys = self._book.register.keys
        origin = {party: party for party in self.run.unit}
        drawn = {}
        for company in sorted(wanted, key=lambda company: (self.run.rounds[company], keys[company])):
            multiplied = self._multiplied(company)
            found = self._one_person(company, origin) if multiplied else self._one_origin(company, origin)
            step = found or self._as_family(company)
            if self._book.multiplies:
                rest = self.rests.setdefault(company, self._rest(company)) if multiplied else None
                step["round"] = self._drawn_rounds[company] = self._round_alone(company, rest)
            drawn[company] = Drawn(step, self.resting(company))
            origin.setdefault(company, company)
        return drawn

    def _round_alone(self, company: str, rest: Rest | None) -> int:
        if rest is None:
            return self._round(company, self.run)
        return self._book.accumulated(rest.unit, rest.test).depth[company]

    def _one_person(self, company: str, origin: dict[str, str]) -> Step | None:
        """The first person whose own multiplied share passes the test, with what adds up to it."""
        register, passing = self._book.register, self.run.passing(company)
        for person in self._book.by_key(self.run.unit):
            alone = self._book.run((person,))
            if not alone.meets(passing[0], company):
                continue
            origin[company] = person
            self.rests[company] = Rest((person,), passing[0], company)
            amounts = alone.amounts(company, passing[0])
            step = written(register, (person,), (company, 0), register.tests[passing[0]], amounts)
            also = [register.tests[one].code for one in passing[1:]]
            step["also"] = list(dict.fromkeys([*also, "B14"]))
            return alone.dressed(step, passing[0], amounts)
        return None

    def _one_origin(self, company: str, origin: dict[str, str]) -> Step | None:
        register, number = self._book.register, self.run.rounds[company]
        passing = self.run.passing(company)
        test = register.tests[passing[0]]
        if test.persons_only:
            return None
        amounts = self.run.amounts(company, passing[0], number)
        for source in self._book.by_key({origin[amount.needs[0]] for amount in amounts}):
            mine = [amount for amount in amounts if origin[amount.needs[0]] == source]
            total = 0
            for amount in mine:
                total = add(test, total, amount)
            if not register.passes(passing[0], company, total):
                continue
            origin[company] = source
            personal = source in self.run.unit
            unit = (source,) if personal else self._named
            step = written(register, unit, (company, number), test, mine)
            also = [register.tests[one].code for one in passing[1:]]
            step["also"] = list(dict.fromkeys([*also, "B14"])) if personal else also
            return step
        return None

    def _as_family(self, company: str) -> Step:
        register, number = self._book.register, self.run.rounds[company]
        passing = self.run.passing(company)
        first = register.tests[passing[0]]
        personal = [test for test in register.tests[: self._book.deemed] if test.persons_only]
        ground = first if first.persons_only else next(test for test in personal if test.code == "B14")
        amounts = self.run.amounts(company, passing[0], number)
        step = written(register, self._named, (company, number), first, amounts)
        step = self.run.dressed(step, passing[0], amounts)
        codes = [register.tests[one].code for one in passing]
        step |= {
            "basis": ground.code,
            "article": ground.basis.article if ground.basis else "",
            "presumed": any(amount.presumed for amount in amounts)
            or (ground.basis is not None and ground.basis.presumed),
            "op": ">=",
            "threshold": "1",
            "total": "1",
            "measure": "family" if ground.code == "B14" else "power",
            "also": [code for code in codes if code in {"B13", "B14"} and code != ground.code],
        }
        step.pop("of", None)
        return step


def _needed(amounts: list[Amount]) -> set[str]:
    return {party for amount in amounts for party in amount.needs}
