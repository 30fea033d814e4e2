"""Questions, associations and leads: the facts and figures each must rest on, drawn again by its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import permutations
from typing import Any, Final

from discovery.evidence.checking.attribution import Attributions
from discovery.evidence.checking.book import Book
from discovery.evidence.checking.day import Holding
from discovery.evidence.checking.decided import FLAGS as DECISION_FLAGS
from discovery.evidence.checking.dependent import Dependence
from discovery.evidence.checking.faults import Faults
from discovery.evidence.checking.multiplied import exact
from discovery.evidence.checking.points import Points
from discovery.evidence.checking.register import SCALE
from discovery.evidence.checking.rounds import Run, decimal
from discovery.evidence.checking.signs import Signs
from discovery.evidence.checking.votes import Agreement
from discovery.facts.keys import outcome_key
from discovery.kinship.scopes import RELATION_NAMES, SCOPES
from discovery.policies.model import TRIGGERS

Outcome = Mapping[str, Any]
HALF: Final = 50 * SCALE
NEAR: Final = 40 * SCALE
RELATED_FROM: Final = 20 * SCALE
SHARED_FROM: Final = 10 * SCALE
CUT: Final = 1_000
ALLOWED: Final = {
    "DEPENDENT_SET": frozenset({"economic_dependence"}),
    "REVIEW": frozenset(TRIGGERS),
    "RELATED": frozenset({"concert", "joint_control", "holding"}),
    "LINK": frozenset(
        {"key_person", "shared_officer", "kin", "guarantee", "contact_point", "ex_spouse", "shared_investor"}
    ),
}


@dataclass(frozen=True)
class Expected:
    """What an outcome with that reason about these parties must say."""

    facts: Iterable[str] = ()
    measured: Mapping[str, str | None] = field(default_factory=dict)
    basis: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    attributed_to: str | None = None

    def agrees(self, said: Outcome) -> bool:
        return (
            sorted(set(self.facts)) == sorted(said["evidence"]["facts"])
            and dict(self.measured) == dict(said.get("measured", {}))
            and list(self.basis) == list(said["basis"])
            and list(self.flags) == list(said["flags"])
            and self.attributed_to == said["attributed_to"]
        )


class Pairs:
    """Checks the outcomes that are no groups."""

    def __init__(
        self,
        book: Book,
        points: Points,
        confirm: Callable[[Outcome], Iterable[Expected]],
        *,
        closed: frozenset[str] = frozenset(),
        reopened: Mapping[str, str] | None = None,
    ) -> None:
        self._book = book
        self._points = points
        self._confirm = confirm
        self._closed = closed
        self._reopened = reopened or {}
        self._dependence = Dependence(book)
        self._outcome = ""
        self._told: Iterable[str] = ()  # the flags of the outcome that is being checked
        self._measured: Mapping[str, str | None] = {}  # and its figures
        self._attributions = Attributions(book, points)

    def check(self, place: str, said: Outcome, faults: Faults) -> None:
        """Everything one outcome says."""
        book = self._book
        parties, others = list(said["parties"]), list(said["with"])
        unknown = [party for party in (*parties, *others) if party not in book.parties]
        if unknown:
            faults.add(place, unknown, None, "no such party in the facts")
            return
        if said["reason"] not in ALLOWED.get(said["outcome"], frozenset()):
            faults.add(f"{place}/reason", said["reason"], None, "no reason of this outcome")
            return
        if said["outcome"] == "REVIEW" and not book.policy.triggers(said["reason"]):
            faults.add(f"{place}/reason", said["reason"], None, "the policy does not ask this question")
        keys = [[book.parties[party].key for party in side] for side in (parties, others)]
        key = outcome_key(book.policy.slug, said["outcome"], said["reason"], *keys)
        faults.equal(f"{place}/key", said["key"], key, "the key of an outcome follows from what it names")
        faults.equal(
            f"{place}/parties", parties, book.by_key(set(parties)), "parties by record key, each once"
        )
        if said["outcome"] == "REVIEW":
            facts = said["evidence"]["facts"]
            faults.equal(f"{place}/facts", said["facts"], facts, "a question names its facts twice alike")
        said = self._after_decisions(place, said, faults)
        self._told, self._outcome = said["flags"], said["outcome"]
        self._measured = said.get("measured") or {}
        expected = [self._classed(said, one) for one in self._expected(said)]
        if not expected:
            faults.add(place, said["reason"], None, "the facts do not give rise to this outcome")
        elif not any(one.agrees(said) for one in expected):
            self._differences(place, said, expected[0], faults)

    def _after_decisions(self, place: str, said: Outcome, faults: Faults) -> Outcome:
        """The outcome without what recorded decisions say of it: an answered question is not asked again."""
        if said["key"] in self._closed:
            faults.add(place, said["key"], None, "a recorded decision answers this question")
        told = [flag for flag in said["flags"] if flag in DECISION_FLAGS]
        flag = self._reopened.get(said["key"])
        faults.equal(f"{place}/flags", told, [flag] if flag else [], "what the decisions on file make of it")
        return {**said, "flags": [one for one in said["flags"] if one not in DECISION_FLAGS]}

    def _differences(self, place: str, said: Outcome, expected: Expected, faults: Faults) -> None:
        facts = sorted(set(expected.facts))
        said_facts = sorted(said["evidence"]["facts"])
        faults.equal(f"{place}/evidence/facts", said_facts, facts, "the facts it rests on")
        faults.mapping(
            f"{place}/measured", said.get("measured", {}), expected.measured, "the figure it rests on"
        )
        faults.equal(f"{place}/basis", list(said["basis"]), list(expected.basis), "the ground it is about")
        faults.equal(f"{place}/flags", list(said["flags"]), list(expected.flags), "its flags")
        faults.equal(
            f"{place}/attributed_to", said["attributed_to"], expected.attributed_to, "the group it goes to"
        )

    def _classed(self, said: Outcome, expected: Expected) -> Expected:
        """With the class that the measures give to what ties two clients outside of any group."""
        named = {*said["parties"], *said["with"]}
        clients = [one for one in named if self._book.member(one) and self._book.client(one)]
        classed = said["outcome"] == "RELATED" and self._book.policy.classes is not None and len(clients) > 1
        return (
            replace(expected, flags=tuple(sorted({*expected.flags, "non_group_related"})))
            if classed
            else expected
        )

    def _expected(self, said: Outcome) -> Iterable[Expected]:
        if said["outcome"] == "REVIEW" and said["reason"] == "confirm":
            return self._confirm(said)
        prefix = "_related_" if said["outcome"] == "RELATED" else "_"
        found: Iterator[Expected] = getattr(self, f"{prefix}{said['reason']}")(
            list(said["parties"]), list(said["with"])
        )
        return found

    # --- units -------------------------------------------------------------------------------

    def _units(self, others: list[str]) -> Iterator[Run]:
        """The units that the outcome may mean by the head it names."""
        book = self._book
        if not others:
            return
        head = others[0]
        if book.parties[head].person:
            yield book.run(book.cluster(head))
            if book.policy.persons and book.policy.persons.kin.add_up:
                yield book.run(book.cluster(head, family=True))
        elif len(others) > 1:
            yield book.run(tuple(book.by_key(others)))
        else:
            yield book.run((head,))
            ring = self._points.ring_of(head)
            if len(ring) > 1:
                yield book.run(ring)

    def _held_by(self, found: Run, company: str) -> list[Holding]:
        return [one for one in self._book.day.by_company.get(company, ()) if one.holder in found.rounds]

    def _shares(
        self, parties: list[str], others: list[str], fits: Callable[[int | Fraction], bool]
    ) -> Iterator[Expected]:
        """A total in the policy's share register, of the unit in one of the companies."""
        number = self._book.test("share")
        measure = self._book.policy.control.share.measure
        for found in self._units(others):
            for company in parties:
                total = found.total(company, number)
                if company in found.rounds or not (total is None or fits(total)):
                    continue
                facts = self._stakes_into(found, company, number)
                flags = self._book.other_method(found.unit, parties, self._told, controlled=False)
                least = self._least_told(measure) if total is None else figure(total)
                yield Expected(facts, {measure: least}, flags=tuple(flags))

    def _stakes_into(self, found: Run, company: str, test: int) -> list[str]:
        """The holdings that add up to a unit's share of a company."""
        if found.by_share(test):
            return [one.fact for one in found.amounts(company, test)]
        return [one.fact for one in self._held_by(found, company)]

    def _least_told(self, measure: str) -> str:
        """Of a share that is not assessed the answer may tell any bound."""
        return str(self._measured.get(measure))

    def _half_share(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        strict = self._book.policy.control.share.op == ">"
        return self._shares(parties, others, lambda total: strict and total == HALF)

    def _near_control(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        strict = self._book.policy.control.share.op == ">"
        return self._shares(parties, others, lambda total: total >= NEAR and not (strict and total == HALF))

    def _joint_control(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        for agreement, sharers in self._unanimous_in.get(parties[0], ()):
            if len(parties) == 1 and set(sharers) == set(others):
                yield Expected([row["fact"] for row in agreement.rows])
        number = self._book.test("share")
        held: set[str] = set()
        for head in others:
            runs = [one for one in self._units([head]) if one.total(parties[0], number) == HALF]
            if not runs:
                return
            held |= {*self._stakes_into(runs[0], parties[0], number)}
        yield Expected(held)

    def _closed_list_basis(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        book = self._book
        for found in self._units(others):
            codes = [
                test.code
                for number, test in enumerate(book.register.tests)
                if test in book.not_deemed and found.meets(number, parties[0])
            ]
            if codes and parties[0] not in found.rounds:
                yield Expected(self._ground_facts(found, parties[0]), basis=tuple(codes))

    def _single_post(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        number = self._book.test("post")
        for found in self._units(others):
            if found.totals.get((parties[0], number), 0).bit_count() == 1:
                yield Expected(self._ground_facts(found, parties[0]), basis=("B11",))

    def _ground_facts(self, found: Run, company: str) -> set[str]:
        first = (
            self._book.register.tests.index(self._book.not_deemed[0])
            if self._book.not_deemed
            else (self._book.test("post"))
        )
        return {
            amount.fact
            for number, amount in self._book.register.into.get(company, ())
            if number >= first and amount.needs[0] in found.rounds
        }

    def _noncircular_majority(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        share = self._book.policy.control.share
        company = parties[0]
        if self._book.multiplies:
            return
        below = self._book.run(self._points.ring_of(company)).rounds
        register = self._book.day.by_company.get(company, [])
        loops = [one for one in register if one.holder in below]
        whole = sum(_amount(share.measure, one) for one in loops)
        for found in self._units(others):
            mine = [one for one in self._held_by(found, company) if one.holder not in below]
            total = sum(_amount(share.measure, one) for one in mine)
            if (
                loops
                and company not in found.rounds
                and total * 100 * SCALE >= (share.least * (100 * SCALE - whole)) - (100 * SCALE)
            ):
                facts = [one.fact for one in self._held_by(found, company)]
                yield Expected(facts, {share.measure: decimal(total), "circular": decimal(whole)})

    # --- persons -----------------------------------------------------------------------------

    def _stakes(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        companies = set(parties)
        yield Expected(
            one.fact
            for person in others
            for one in self._book.day.by_holder.get(person, ())
            if one.company in companies
        )

    _family_without_anchor = _stakes
    _affinity_kin = _stakes

    def _form_only(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        book = self._book
        persons = book.policy.persons
        if persons is None or len(parties) != 2:
            return
        listed = persons.kin.listed or SCOPES["core"]
        ties = [
            (person, relative, book.assumed_anchor(person, {firm}))
            for person, relative in permutations(others, 2)
            for firm, other in permutations(parties, 2)
            if book.anchored(person, {firm}, alone=True)
            and any(relative in book.family.relatives(person, relation) for relation in listed)
            and book.run((relative,)).rounds.get(other, 0) == 1
        ]
        if {one for *tie, _ in ties for one in tie} != set(others):
            return
        held = [one.fact for person in others for one in self._held(person) if one.company in parties]
        acting = [
            row["fact"] for person in others for row in book.key_posts(person) if row["company"] in parties
        ]
        flags = ("executive_assumed",) if all(assumed for *_, assumed in ties) else ()
        yield Expected([*held, *acting], flags=(*flags, "form_conflict"))

    def _influence_by_person(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        rule = self._book.policy.influence
        for found in self._units(others):
            if rule is None or parties[0] in found.rounds:
                continue
            if self._book.multiplies:
                number = self._book.test("held")
                whole = found.total(parties[0], number)
                if whole is not None and rule.reached(whole):
                    facts = self._stakes_into(found, parties[0], number)
                    yield Expected(facts, {"voting": figure(whole)})
                continue
            held = self._held_by(found, parties[0])
            total = sum(one.votes for one in held)
            if total >= rule.least:
                yield Expected([one.fact for one in held], {"voting": decimal(total)})

    def _shared_legal_representative(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        posts = [
            row
            for row in self._book.posts.get(others[0] if others else "", ())
            if row["role"] == "legal_representative" and row["company"] in parties
        ]
        if {row["company"] for row in posts} == set(parties) and len(parties) > 1:
            yield Expected(row["fact"] for row in posts)

    # --- sets --------------------------------------------------------------------------------

    def _ring(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        if (
            not others
            and list(self._points.ring_of(parties[0])) == self._book.by_key(parties)
            and len(parties) > 1
        ):
            yield Expected()

    def _influence_only(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        if others and len(parties) >= self._book.policy.members.min:
            yield Expected()

    def _state_siblings(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        owner = others[0] if others else ""
        if owner and self._book.parties[owner].kind == "government":
            found = self._book.run((owner,))
            if all(found.rounds.get(one, 0) > 0 and self._book.member(one) for one in parties):
                yield Expected()

    def _economic_dependence(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        """The party depended on, if a client, and all that depend on it by tests that count, or do not."""
        if len(others) != 1:
            return
        counts = self._outcome == "DEPENDENT_SET"
        clients, measured, facts, presumed = self._dependence.about(others[0], counts=counts)
        here = self._book.member(others[0]) and self._book.client(others[0])
        whole = clients | ({others[0]} if here else set())
        if clients and whole == set(parties) and len(parties) >= self._book.policy.members.min:
            yield Expected(facts, measured, flags=("presumed",) if presumed else ())

    def _partnership_top(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        if len(others) == 1 and self._book.parties[others[0]].kind == "partnership" and parties:
            yield Expected()

    def _attribution(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        if len(parties) != 1 or len(others) < 2:
            return
        if self._book.policy.attribution is None:
            yield Expected()
        elif (found := self._attributions.of(parties[0], others)) is not None:
            yield Expected(found.facts, found.measured, attributed_to=found.group)

    def _exemption_doubtful(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        owner = self._book.parties[others[0]] if others else None
        state = owner is not None and (owner.kind == "government" or owner.row["state_capital_operator"])
        for rule in self._book.policy.exemptions:
            if rule.effect != "exempt" and state and parties:
                yield Expected(measured={"exemption": rule.id})

    def _flows(self, parties: list[str], others: list[str], basis: str) -> Iterator[Expected]:
        named = list(dict.fromkeys([*parties, *others]))
        for source, target in permutations(named, 2):
            facts = [row["fact"] for row in self._dealings.get((source, target), ()) if _asks(row, basis)]
            if facts:
                yield Expected(facts, basis=(basis,))

    @cached_property
    def _dealings(self) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
        found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for stem in ("payments", "trades"):
            for row in self._book.day.of(stem):
                found.setdefault((row["from"], row["to"]), []).append(row)
        return found

    def _occupation(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        return self._flows(parties, others, "B9")

    def _shifting(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        return self._flows(parties, others, "B10")

    def _nominee_registered(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        share = self._book.policy.control.share
        held = [
            one
            for one in self._book.day.by_company.get(parties[0], ())
            if others and one.registered == others[0]
        ]
        total = sum(_amount(share.measure, one) for one in held)
        if any(one.holder != one.registered for one in held) and total >= share.least:
            yield Expected([one.fact for one in held], {share.measure: decimal(total)})

    def _hidden_association(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        rule = self._book.policy.hidden_association
        if len(parties) != len(("one", "other")) or len(others) > 1:
            return
        if not all(self._book.member(party) and self._book.client(party) for party in parties):
            return
        found = self._signs.of(parties[0], parties[1], others[0] if others else None)
        if found:
            facts = [fact for sign in found for fact in sign.facts]
            measured = {sign.indicator: sign.value for sign in found}
            flags = ("executive_assumed",) if any(sign.assumed for sign in found) else ()
            yield Expected(facts, measured, flags=(*flags, *(("presumed",) if rule.presumed else ())))

    @cached_property
    def _signs(self) -> Signs:
        return Signs(self._book)

    # --- associations ------------------------------------------------------------------------

    def _agreed(self, parties: list[str], others: list[str], kind: str) -> Iterator[Expected]:
        pair = {*parties, *others}
        facts = [
            row["fact"]
            for agreement in self._agreements_of.get(next(iter(pair)), ())
            if agreement.kind == kind and len(pair) == 2 and pair <= agreement.parties
            for row in agreement.rows
        ]
        if facts:
            yield Expected(facts)

    @cached_property
    def _agreements_of(self) -> dict[str, list[Agreement]]:
        found: dict[str, list[Agreement]] = {}
        for agreement in self._book.votes.agreements:
            for party in agreement.parties:
                found.setdefault(party, []).append(agreement)
        return found

    @cached_property
    def _unanimous_in(self) -> dict[str, list[tuple[Agreement, list[str]]]]:
        found: dict[str, list[tuple[Agreement, list[str]]]] = {}
        for agreement, company, sharers in self._book.votes.unanimous():
            found.setdefault(company, []).append((agreement, sharers))
        return found

    def _related_concert(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        return self._agreed(parties, others, "concert")

    def _related_joint_control(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        yield from self._agreed(parties, others, "joint_control")
        pair = {*parties, *others}
        facts: list[str] = []
        for company in sorted({one.company for party in pair for one in self._held(party)}):
            held = {party: [one for one in self._held(party) if one.company == company] for party in pair}
            if all(sum(one.votes for one in rows) == HALF for rows in held.values()):
                facts += [min(one.fact for one in rows) for rows in held.values()]
                yield Expected([min(one.fact for one in rows) for rows in held.values()])
        if facts:
            yield Expected(facts)

    def _held(self, party: str) -> list[Holding]:
        return self._book.day.by_holder.get(party, [])

    def _related_holding(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        facts: list[str] = []
        for holder, company in permutations(sorted({*parties, *others}), 2):
            held = [one for one in self._held(holder) if one.company == company]
            if _most(held) >= RELATED_FROM:
                facts += [one.fact for one in held]
        if facts:
            yield Expected(facts)

    def _of_posts(
        self, parties: list[str], others: list[str], rows: list[Mapping[str, Any]]
    ) -> Iterator[Expected]:
        if others and {row["company"] for row in rows} >= set(parties) and len(parties) > 1:
            yield _cut({row["company"] for row in rows}, parties, [row["fact"] for row in rows])

    def _key_person(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        posts: list[Mapping[str, Any]] = [*self._book.key_posts(others[0] if others else "")]
        persons = self._book.policy.persons
        strict = persons is not None and persons.key_managers.executive_only
        assumed = strict and any(row["executive_assumed"] for row in posts)
        for one in self._of_posts(parties, others, posts):
            yield replace(one, flags=("executive_assumed", *one.flags)) if assumed else one

    def _shared_officer(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        return self._of_posts(parties, others, list(self._book.posts.get(others[0] if others else "", ())))

    def _kin(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        for person, relative in permutations(others, 2):
            for relation in RELATION_NAMES:
                for path in self._book.family.relatives(person, relation).get(relative, ()):
                    yield Expected(path.facts)

    def _ex_spouse(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        facts = [row["fact"] for row in self._ended_marriages.get(frozenset(others), ())]
        if facts:
            yield Expected(facts)

    @cached_property
    def _ended_marriages(self) -> dict[frozenset[str], list[Mapping[str, Any]]]:
        day = self._book.day
        found: dict[frozenset[str], list[Mapping[str, Any]]] = {}
        for row in day.known("kinship"):
            ended = row["valid_to"] is not None and row["valid_to"] <= day.as_of
            if ended and row["relation"] == "spouse_of":
                found.setdefault(frozenset((row["person"], row["relative"])), []).append(row)
        return found

    def _guarantee(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        pair = frozenset((*parties, *others))
        facts = [row["fact"] for row in self._guarantees.get(pair, ())]
        if facts and len(pair) > 1:
            yield Expected(facts)

    @cached_property
    def _guarantees(self) -> dict[frozenset[str], list[Mapping[str, Any]]]:
        found: dict[frozenset[str], list[Mapping[str, Any]]] = {}
        for row in self._book.day.of("guarantees"):
            found.setdefault(frozenset((row["from"], row["to"])), []).append(row)
        return found

    def _shared_investor(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        held: dict[str, list[Holding]] = {}
        for one in self._held(others[0] if others else ""):
            held.setdefault(one.company, []).append(one)
        large = {company: rows for company, rows in held.items() if _most(rows) >= SHARED_FROM}
        if len(parties) > 1 and set(parties) <= set(large):
            yield _cut(large.keys(), parties, [one.fact for rows in large.values() for one in rows])

    def _contact_point(self, parties: list[str], others: list[str]) -> Iterator[Expected]:
        rows = [self._book.parties[party].row for party in (*parties, *others)]
        for column in ("phone", "email", "address"):
            if len(rows) > 1 and rows[0][column] and all(row[column] == rows[0][column] for row in rows):
                yield Expected()


def figure(total: int | Fraction) -> str:
    """A total in millionths of a percent as text."""
    return decimal(total) if isinstance(total, int) else exact(total / SCALE)


def _amount(measure: str, holding: Holding) -> int:
    return holding.equity if measure == "equity" else holding.votes


def _most(held: list[Holding]) -> int:
    return max(sum(one.equity for one in held), sum(one.votes for one in held))


def _asks(row: Mapping[str, Any], basis: str) -> bool:
    return row["kind"] == "occupation" if basis == "B9" else row["at_fair_price"] is False


def _cut(every: Iterable[str], parties: list[str], facts: list[str]) -> Expected:
    """A long list is cut, and says so; otherwise nothing may be missing."""
    if len(set(every)) > CUT:
        return Expected(sorted(facts)[:CUT], flags=("truncated",))
    return Expected(facts if set(every) == set(parties) else ())
