"""End nodes: companies that join by influence or joint control, and the step that shows it."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Any

import polars as pl

from discovery.evidence.models import MULTIPLY
from discovery.facts.graph import FactGraph
from discovery.groups.amounts import decimal_text, exact_text
from discovery.groups.formation import Formation, influence_routes, passing_blocks
from discovery.groups.multiplied import MultipliedShares, Rest
from discovery.groups.steps import added, written_total
from discovery.policies.cited import Cited
from discovery.policies.model import Policy

Step = dict[str, Any]


class EndNodes:
    """Steps of end nodes (bases B17, B18, B19)."""

    def __init__(self, graph: FactGraph, policy: Policy, formation: Formation) -> None:
        self._graph = graph
        self._policy = policy
        self._formation = formation
        self._number = graph.parties.number
        self._ids = graph.parties.ids
        registers = formation.units.registers
        whole = registers.multiplied
        self._multiplied = None if whole is None else MultipliedShares(registers, whole)

    @cached_property
    def _inside(self) -> pl.DataFrame:
        units = self._formation.units
        return pl.concat([units.rows.select("unit", party="company"), units.members.select("unit", "party")])

    def of(self, pairs: pl.DataFrame) -> dict[int, dict[int, Step]]:
        """The step of each end node (`unit`, `company`), not yet placed in a round."""
        if pairs.is_empty():
            return {}
        rows = self._formation.ends.join(pairs, on=["unit", "company"], how="semi").sort(
            "unit", "company", "code"
        )
        sources = rows.group_by("unit", "company", "code", maintain_order=True).agg("source")
        steps: dict[int, dict[int, Step]] = {}
        shares = self._held(pairs)
        routes = self._routed(pairs)
        for unit, company, code, source in sources.iter_rows():
            known = steps.setdefault(unit, {}).get(company)
            if known is not None:
                known["also"].append(code)
            elif "joint" in source:
                inside = {party for party, _, _ in shares.get((unit, company), ())}
                steps[unit][company] = self._joint(company, inside)
            elif "shares" in source:
                steps[unit][company] = (
                    self._influence(company, shares[unit, company])
                    if self._multiplied is None
                    else self._multiplied_influence(self._multiplied, unit, company)
                )
            else:
                steps[unit][company] = self._route(company, routes[unit, company])
        return steps

    def rested_on(self, ends: dict[int, dict[int, Step]]) -> pl.DataFrame:
        """The companies whose own steps the end nodes rest on: `unit`, `company`."""
        by = [
            (unit, self._number[share["by"]])
            for unit, steps in ends.items()
            for step in steps.values()
            if "method" not in step
            for share in step["contributions"]
        ]
        frame = pl.DataFrame(by, schema={"unit": pl.Int32, "company": pl.Int32}, orient="row").unique()
        if frame.is_empty():
            return frame
        rows = self._formation.units.rows.select("unit", "company")
        return frame.join(rows, on=["unit", "company"], how="semi")

    def parties_behind(self, ends: dict[int, dict[int, Step]]) -> dict[int, set[int]]:
        """Who brings something to an end node, or to a company on the way to it, by unit."""
        found = {
            unit: {self._number[share["by"]] for step in steps.values() for share in step["contributions"]}
            for unit, steps in ends.items()
        }
        if self._multiplied is not None:
            for unit, steps in ends.items():
                for one in self._multiplied.carried(self.rests(unit, steps)):
                    found[unit] |= {share.by for share in one.shares}
        return found

    def rests(self, unit: int, steps: dict[int, Step]) -> list[Rest]:
        """The steps of a unit's end nodes that rest on multiplied shares."""
        parties = self._formation.units.unit(unit).parties
        return [
            Rest(parties, self._held_slot, company) for company, step in steps.items() if "method" in step
        ]

    @cached_property
    def _held_slot(self) -> int:
        return self._formation.units.registers.slot("held")

    def placed(self, step: Step, names: list[str], others: dict[int, Step]) -> Step:
        """The step with its unit, in the round after the last one it rests on."""
        if "method" in step:
            return {"unit": names, **step}
        rounds = [
            others[self._number[share["by"]]]["round"]
            for share in step["contributions"]
            if self._number[share["by"]] in others
        ]
        return {"unit": names, **step, "round": 1 + max(rounds, default=0)}

    def _held(self, pairs: pl.DataFrame) -> dict[tuple[int, int], list[tuple[int, int, str]]]:
        held = self._graph.holdings.select(
            party="holder", company="company", amount="votes", fact="fact"
        ).filter(pl.col("amount") > 0)
        return self._joined(pairs, held)

    def _routed(self, pairs: pl.DataFrame) -> dict[tuple[int, int], list[tuple[int, int, str]]]:
        routes = influence_routes(self._graph, self._policy)
        return self._joined(
            pairs,
            routes.select(party="holder", company="company", amount=pl.lit(1, dtype=pl.Int64), fact="fact"),
        )

    def _joined(
        self, pairs: pl.DataFrame, facts: pl.DataFrame
    ) -> dict[tuple[int, int], list[tuple[int, int, str]]]:
        found = (
            pairs.join(facts, on="company")
            .join(self._inside, on=["unit", "party"], how="semi")
            .sort("unit", "company", "party", "fact")
        )
        grouped: dict[tuple[int, int], list[tuple[int, int, str]]] = {}
        for unit, company, party, amount, fact in found.select(
            "unit", "company", "party", "amount", "fact"
        ).iter_rows():
            grouped.setdefault((unit, company), []).append((party, amount, fact))
        return grouped

    def _influence(self, company: int, shares: list[tuple[int, int, str]]) -> Step:
        rule = self._policy.influence
        assert rule is not None  # noqa: S101  end nodes by shares come from this rule
        total = sum(amount for _, amount, _ in shares)
        contributions = [
            {"fact": fact, "by": self._ids[party], "amount": decimal_text(amount)}
            for party, amount, fact in shares
        ]
        measured = ("voting", rule.op, rule.threshold, decimal_text(total))
        return self._step(company, rule.code, rule.cited(total), measured, contributions)

    def _multiplied_influence(self, multiplied: MultipliedShares, unit: int, company: int) -> Step:
        """Influence by the unit's accumulated share of the votes."""
        rule = self._policy.influence
        assert rule is not None  # noqa: S101 - end nodes by shares come from this rule
        rest = Rest(self._formation.units.unit(unit).parties, self._held_slot, company)
        shares = multiplied.of(rest)
        measured = ("voting", rule.op, rule.threshold, written_total("voting_held", shares))
        contributions = [
            {
                "fact": share.fact,
                "by": self._ids[share.by],
                "amount": decimal_text(share.amount),
                "share": exact_text(100 * (share.worth or Fraction(0))),
            }
            for share in shares
        ]
        step = self._step(company, rule.code, rule.cited(added(shares)), measured, contributions)
        return {**step, "round": multiplied.depth(*rest.place), "method": MULTIPLY}

    def _route(self, company: int, facts: list[tuple[int, int, str]]) -> Step:
        rule = self._policy.influence
        assert rule is not None  # noqa: S101  as above
        contributions = [{"fact": fact, "by": self._ids[party], "amount": "1"} for party, _, fact in facts]
        return self._step(company, rule.code, rule, ("power", ">=", "1", "1"), contributions)

    @cached_property
    def _blocks(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for number, company in (
            passing_blocks(self._graph, self._policy).select("block", "company").unique().rows()
        ):
            found.setdefault(company, []).append(number)
        return found

    def _joint(self, company: int, inside: set[int]) -> Step:
        rule, share = self._policy.joint_control, self._policy.control.share
        assert rule is not None  # noqa: S101  as above
        column = "equity" if share.measure == "equity" else "votes"
        blocks = [self._graph.unanimity[number] for number in sorted(self._blocks[company])]
        persons = self._graph.parties.person
        sharers = {party for party in inside if rule.persons == "member" or not persons[party]}
        block = next((one for one in blocks if sharers & set(one.parties)), blocks[0])
        held = self._graph.holdings.filter(
            (pl.col("company") == company) & pl.col("holder").is_in(list(block.parties))
        ).sort("holder", "fact")
        contributions = []
        total = 0
        for holder, amount, fact in held.select("holder", column, "fact").iter_rows():
            total += amount
            written = {"fact": fact, "by": self._ids[holder], "amount": decimal_text(amount)}
            contributions.append(written if holder in inside else {**written, "through": min(block.facts)})
        measured = (share.measure, share.op, share.threshold, decimal_text(total))
        return self._step(company, rule.code, rule, measured, contributions)

    def _step(
        self,
        company: int,
        code: str,
        rule: Cited,
        measured: tuple[str, str, str, str],
        contributions: list[dict[str, str]],
    ) -> Step:
        measure, op, threshold, total = measured
        return {
            "company": self._ids[company],
            "round": 0,
            "basis": code,
            "article": rule.article,
            "presumed": rule.presumed,
            "measure": measure,
            "op": op,
            "threshold": threshold,
            "total": total,
            "contributions": contributions,
            "also": [],
        }
