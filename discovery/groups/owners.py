"""Who stands behind a company: by control chain and by multiplication, and which tests they meet."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from discovery.control.look_through import LookThrough, Part, Path
from discovery.control.ownership import passes, rounded
from discovery.control.stakes import WHOLE, Stakes
from discovery.facts.graph import FactGraph
from discovery.groups.amounts import decimal_text
from discovery.groups.answer import Answer, number_of
from discovery.groups.controllers import controllers_of
from discovery.groups.owner_tests import Tests
from discovery.policies.owners import DEFAULT_OWNERS, OWNER_MEASURES, Owners

Document = dict[str, Any]
REGISTER = {"equity": "equity", "voting": "voting_commanded", "higher": "higher"}  # whose stake it is


def owners_in(
    answer: Answer, party: str, *, threshold: str | None = None, limit: int | None = None
) -> Document:
    """The ultimate controllers and owners of a party under the answer's policy and on its day.

    `controllers`: the controlling points over it, each with the steps that prove it. `owners`: persons, and
    organisations above which nothing is on file, with the accumulated share by each measure (`multiply`:
    percent, rounded down, `upper` rounded up), the whole stake of the owner and all it controls
    (`control_chain`), the tests met, the ways down. `threshold` (percent) replaces that of every test of
    shares; `limit` cuts the list, never the counts. Raises UnknownParty.
    """
    company = number_of(answer.graph, party)
    rules = with_threshold(answer.policy.owners or DEFAULT_OWNERS, threshold)
    controllers = controllers_of(answer, company)
    behind = Behind(answer, company, _persons(answer, controllers))
    tests = Tests(answer, behind, rules, controllers)
    listed = [behind.document(owner, tests) for owner in behind.ends]
    listed.sort(key=lambda one: (one["outcome"] == "NONE", -one.pop("rank"), one["party"]))
    shown = listed if limit is None else listed[:limit]
    named = {party, *(one["party"] for one in shown)}
    named |= {at for one in shown for path in one["paths"] for at in path["parties"]}
    for one in controllers:
        named |= {*one["parties"], *one["evidence"]}
    return {
        "policy": answer.policy.slug,
        "as_of": answer.as_of.isoformat(),
        "known_at": answer.graph.known_at.isoformat() if answer.graph.known_at else None,
        "party": party,
        "rules": tests.document(default=answer.policy.owners is None),
        "coverage": behind.coverage(),
        "flags": behind.flags(),
        "controllers": controllers,
        "owners": shown,
        "total": len(listed),
        "returned": len(shown),
        "truncated": len(shown) < len(listed),
        "parties": answer.parties_named(named),
    }


def with_threshold(rules: Owners, threshold: str | None) -> Owners:
    """The rules with another figure for every test of shares."""
    if threshold is None:
        return rules
    tests = [
        test if test.by == "control" else test.model_copy(update={"threshold": threshold})
        for test in rules.tests
    ]
    return rules.model_copy(update={"tests": tuple(tests)})


def _persons(answer: Answer, controllers: list[Document]) -> frozenset[int]:
    """The persons who stand over the company by control, holding something or not."""
    parties = answer.graph.parties
    named = {parties.number[party] for one in controllers for party in one["parties"]}
    return frozenset(party for party in named if parties.person[party])


@dataclass(frozen=True)
class Behind:
    """What lies above one company, by each measure; `persons` are listed whether they hold or not."""

    answer: Answer
    company: int
    persons: frozenset[int]

    @property
    def graph(self) -> FactGraph:
        return self.answer.graph

    @cached_property
    def held(self) -> dict[str, Stakes]:
        return {measure: self.answer.stakes(REGISTER[measure]) for measure in OWNER_MEASURES}

    @cached_property
    def above(self) -> dict[str, LookThrough]:
        return {measure: LookThrough(self.held[measure], self.company) for measure in OWNER_MEASURES}

    @cached_property
    def ends(self) -> list[int]:
        """Persons, and organisations above whom nothing is on file."""
        return sorted({*self.persons, *(owner for found in self.above.values() for owner in found.ends())})

    def share(self, owner: int, measure: str) -> Part:
        return self.above[measure].share(owner)

    @cached_property
    def inside(self) -> dict[int, set[int]]:
        """Each end with all that it controls, but nothing that it controls through the company."""
        heads = np.array(self.ends, np.int32)
        one = np.arange(len(heads) + 1, dtype=np.int64)
        found = self.answer.formation.units.registers.by_chain((one, heads))
        rows = list(zip(found.unit.tolist(), found.company.tolist(), found.round.tolist(), strict=True))
        entered = {unit: round_ for unit, company, round_ in rows if company == self.company}
        inside = {owner: {owner} for owner in self.ends}
        for unit, company, round_ in rows:
            if round_ < entered.get(unit, round_ + 1):
                inside[int(heads[unit])].add(company)
        return inside

    def chain(self, owner: int, measure: str) -> int:
        """The whole stakes of the owner and of all it controls, in millionths of a percent."""
        held, inside = self.held[measure], self.inside[owner]
        places = range(int(held.start[self.company]), int(held.start[self.company + 1]))
        return sum(int(held.amount[place]) for place in places if int(held.holder[place]) in inside)

    def coverage(self) -> Document:
        return {
            "equity": decimal_text(int(self.graph.equity_on_file[self.company])),
            "votes": decimal_text(int(self.graph.votes_on_file[self.company])),
        }

    def flags(self) -> list[str]:
        flags = set()
        if any(not found.whole for found in self.above.values()):
            flags |= {"method_not_assessed", "truncated"}
        if any(size > 1 for found in self.above.values() for size in found.between.values()):
            flags.add("circular_votes")
        if int(self.graph.votes_on_file[self.company]) > WHOLE:
            flags.add("register_over_100")
        return sorted(flags)

    def document(self, owner: int, tests: Tests) -> Document:
        """One owner: shares by both methods, tests met, ways down."""
        parts = {measure: self.share(owner, measure) for measure in OWNER_MEASURES}
        met = tests.met_by(owner)
        measure = tests.measure
        paths, all_of = self.above[measure].paths(owner)
        flags = set(self._flags(owner, parts, tests))
        if self.graph.parties.stub[owner]:
            flags.add("stub_on_path")
        return {
            "party": self.graph.parties.ids[owner],
            "person": bool(self.graph.parties.person[owner]),
            "outcome": tests.outcome(owner, met),
            "meets": [one.document() for one in met],
            "shares": {
                name: {
                    "multiply": share_document(part),
                    "control_chain": decimal_text(self.chain(owner, name)),
                }
                for name, part in parts.items()
            },
            "flags": sorted(flags),
            "paths": [self._path(path, measure) for path in paths],
            "more_paths": not all_of,
            "rank": max(part.low for part in parts.values()),
        }

    def _flags(self, owner: int, parts: dict[str, Part], tests: Tests) -> list[str]:
        flags = set()
        for test in tests.of_shares:
            part, chain = parts[test.measure], self.chain(owner, test.measure)
            low, high = (passes(one, test.figure, strict=test.strict) for one in part)
            if low != high:
                flags.add("method_not_assessed")
            elif low != (chain >= test.least):
                flags.add("method_sensitive")
        return sorted(flags)

    def _path(self, path: Path, measure: str) -> Document:
        facts = [
            sorted(self._facts.get((one, two, measure != "equity"), []))
            for one, two in zip(path.parties, path.parties[1:], strict=False)
        ]
        low, high = rounded(path.share)
        shown = {"share": decimal_text(low), **({} if low == high else {"upper": decimal_text(high)})}
        ids = self.graph.parties.ids
        return {"parties": [ids[party] for party in path.parties], **shown, "facts": facts}

    @cached_property
    def _facts(self) -> dict[tuple[int, int, bool], list[str]]:
        """The holdings between two parties: who owns them, or (True) who owns or commands them."""
        companies = sorted({company for found in self.above.values() for company in found.between})
        rows = self.graph.holdings.filter(pl.col("company").is_in(companies))
        found: dict[tuple[int, int, bool], list[str]] = {}
        for holder, commander, company, fact in rows.select(
            "holder", "commander", "company", "fact"
        ).iter_rows():
            found.setdefault((holder, company, False), []).append(fact)
            for one in {holder, commander}:
                found.setdefault((one, company, True), []).append(fact)
        return found


def share_document(part: Part) -> Document:
    """A share as decimal text: rounded down, and `upper` rounded up where it is not exact."""
    low, high = rounded(part.low)[0], rounded(part.high)[1]
    shown: Document = {"share": decimal_text(low)}
    if low != high:
        shown["upper"] = decimal_text(high)
    if part.exact and low != high and len(text := _fraction(part.low)) <= 40:
        shown["fraction"] = text
    return shown


def _fraction(share: Fraction) -> str:
    percent = share * 100
    return f"{percent.numerator}/{percent.denominator}"
