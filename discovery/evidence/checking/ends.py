"""End nodes: companies that stand under a unit by influence or joint control, and their steps."""

from __future__ import annotations

from typing import Any

from discovery.evidence.checking.book import Book
from discovery.evidence.checking.day import Holding
from discovery.evidence.checking.multiplied import WHOLE, multiplied_step
from discovery.evidence.checking.rounds import Run, Step, decimal
from discovery.policies.cited import Cited
from discovery.policies.values import millionths

HALF = 50_000_000
BOARD = frozenset({"chairman", "vice_chairman", "director", "independent_director"})


class Ends:
    """The end nodes of units, each with every step that may prove it."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._routes: dict[str, list[tuple[str, str]]] = {}
        self._routes_of: dict[str, set[str]] = {}
        self._blocks: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._blocks_of: dict[str, set[str]] = {}
        if book.policy.influence is not None:
            self._read_routes()
        if book.policy.joint_control is not None:
            self._read_blocks()

    def _read_routes(self) -> None:
        rule = self._book.policy.influence
        if rule is None:
            return
        kinds = {*rule.powers, *(("appoints_seats",) if rule.board_seat else ())}
        found = [
            (row["holder"], row["company"], row["fact"])
            for row in self._book.day.of("powers")
            if row["kind"] in kinds
        ]
        if rule.board_seat:
            found += [
                (row["represents"], row["company"], row["fact"])
                for row in self._book.day.of("offices")
                if row["role"] in BOARD and row["represents"]
            ]
        for holder, company, fact in found:
            self._routes.setdefault(company, []).append((holder, fact))
            self._routes_of.setdefault(holder, set()).add(company)

    def _read_blocks(self) -> None:
        """Unanimity agreements whose holders together pass the share test."""
        share = self._book.policy.control.share
        for agreement, company, parties in self._book.votes.unanimous():
            held = [one for one in self._book.day.by_company.get(company, ()) if one.holder in parties]
            total = sum(one.equity if share.measure == "equity" else one.votes for one in held)
            if total >= share.least:
                least = min(row["fact"] for row in agreement.rows)
                self._blocks.setdefault(company, []).append((tuple(parties), least))
                for party in parties:
                    self._blocks_of.setdefault(party, set()).add(company)

    def of(self, found: Run) -> dict[str, list[Step]]:
        """By company: the steps any of which proves it, without unit and round."""
        near: set[str] = set()
        for party in found.rounds:
            near |= self._routes_of.get(party, set()) | self._blocks_of.get(party, set())
            if self._book.policy.influence is not None:
                near |= {one.company for one in self._book.day.by_holder.get(party, ())}
        if self._book.multiplies and self._book.policy.influence is not None:
            near |= set(self._book.accumulated(found.unit, self._book.test("held")).below)
        steps = {company: self._steps(found, company) for company in near if company not in found.rounds}
        return {company: ways for company, ways in steps.items() if ways}

    def _steps(self, found: Run, company: str) -> list[Step]:
        joint = self._joint(found, company)
        influence = self._influence(found, company)
        if joint and influence:
            codes = sorted({joint[0]["basis"], influence["basis"]})
            return [{**one, "also": [code for code in codes if code != one["basis"]]} for one in joint]
        return joint or ([influence] if influence else [])

    def _influence(self, found: Run, company: str) -> Step | None:
        rule = self._book.policy.influence
        if rule is None:
            return None
        if self._book.multiplies and (accumulated := self._accumulated(found, company)) is not None:
            return accumulated
        held = [
            one
            for one in self._book.day.by_company.get(company, ())
            if one.holder in found.rounds and one.votes > 0 and not self._book.multiplies
        ]
        solid = sum(one.votes for one in held if not self._book.parties[one.holder].person)
        if solid >= rule.least:
            total = sum(one.votes for one in held)
            parts = [self._part(one, one.votes) for one in self._sorted(held)]
            half = rule.joint_venture if total == HALF else None
            figure = ("voting", rule.op, decimal(millionths(rule.threshold)), decimal(total))
            return _step(company, rule.code, half or rule, figure, parts)
        routes = [(one, fact) for one, fact in self._routes.get(company, ()) if one in found.rounds]
        if not any(not self._book.parties[one].person for one, _ in routes):
            return None
        keys = self._book.register.keys
        parts = [
            {"fact": fact, "by": one, "amount": "1"}
            for one, fact in sorted(routes, key=lambda pair: (keys[pair[0]], pair[1]))
        ]
        return _step(company, rule.code, rule, ("power", ">=", "1", "1"), parts)

    def _accumulated(self, found: Run, company: str) -> Step | None:
        """Influence by the unit's accumulated share of the votes, persons' own holdings left aside."""
        rule = self._book.policy.influence
        shares = self._book.accumulated(found.unit, self._book.test("held"))
        worth = shares.worth(company)
        if rule is None or worth is None:
            return None
        amounts = shares.amounts(company)
        persons = sum(one.amount for one in amounts if self._book.parties[one.by].person)
        if worth == 0 or not rule.reached(worth * WHOLE - persons):
            return None
        parts = [{"fact": one.fact, "by": one.by, "amount": decimal(one.amount)} for one in amounts]
        half = rule.joint_venture if worth * WHOLE == HALF else None
        threshold = decimal(millionths(rule.threshold))
        step = _step(company, rule.code, half or rule, ("voting", rule.op, threshold, ""), parts)
        return {**multiplied_step(step, shares, amounts), "round": shares.depth[company]}

    def _joint(self, found: Run, company: str) -> list[Step]:
        rule, share = self._book.policy.joint_control, self._book.policy.control.share
        if rule is None:
            return []
        steps = []
        for parties, least in self._blocks.get(company, ()):
            sharers = [
                party for party in parties if rule.persons == "member" or not self._book.parties[party].person
            ]
            if not any(party in found.rounds for party in sharers):
                continue
            held = [one for one in self._book.day.by_company.get(company, ()) if one.holder in parties]
            total, parts = 0, []
            for one in self._sorted(held):
                amount = one.equity if share.measure == "equity" else one.votes
                total += amount
                part = self._part(one, amount)
                parts.append(part if one.holder in found.rounds else {**part, "through": least})
            figure = (share.measure, share.op, decimal(millionths(share.threshold)), decimal(total))
            steps.append(_step(company, rule.code, rule, figure, parts))
        return steps

    def _sorted(self, held: list[Holding]) -> list[Holding]:
        keys = self._book.register.keys
        return sorted(held, key=lambda one: (keys[one.holder], one.fact))

    @staticmethod
    def _part(holding: Holding, amount: int) -> dict[str, str]:
        return {"fact": holding.fact, "by": holding.holder, "amount": decimal(amount)}


def placed(step: Step, named: tuple[str, ...], others: dict[str, Step]) -> Step:
    """The step with its unit, a round after the last step that it rests on."""
    if "method" in step:
        return {"unit": list(named), **step}
    rounds = [others[part["by"]]["round"] for part in step["contributions"] if part["by"] in others]
    return {"unit": list(named), **step, "round": 1 + max(rounds, default=0)}


def _step(company: str, code: str, rule: Cited, figure: tuple[str, str, str, str], parts: list[Any]) -> Step:
    measure, op, threshold, total = figure
    return {
        "company": company,
        "basis": code,
        "article": rule.article,
        "presumed": rule.presumed,
        "measure": measure,
        "op": op,
        "threshold": threshold,
        "total": total,
        "contributions": parts,
        "also": [],
    }
