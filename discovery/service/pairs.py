"""All pairs of controller and controlled company, as a file others read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

import polars as pl

from discovery.control.pairs import MOST_PAIRS, control_pairs, holdings_slot
from discovery.errors import UsageError
from discovery.facts.facts import Facts
from discovery.facts.graph import FactGraph, fact_graph
from discovery.facts.schema import PERCENT_SCALE
from discovery.groups.slots import deemed_slots
from discovery.kinship.relations import relations
from discovery.policies import load_policy
from discovery.service.files import whole_file
from discovery.service.parties import resolve_party

_THRESHOLD: Final = re.compile(r"^\s*(>=|>)\s*([0-9]+(?:\.[0-9]{1,6})?)\s*%?\s*$")
MEASURES: Final = ("voting", "equity")


@dataclass(frozen=True)
class Threshold:
    """A comparison with a percentage, kept exactly: `op` is > or >=."""

    op: str
    percent: str

    @property
    def millionths(self) -> int:
        return int(Decimal(self.percent) * PERCENT_SCALE)


def threshold(text: str) -> Threshold:
    """The comparison that a text like `>50` or `>=33.4` names; UsageError if it is none."""
    found = _THRESHOLD.match(text)
    try:
        number = Decimal(found[2]) if found else Decimal(-1)
    except InvalidOperation:
        number = Decimal(-1)
    if found is None or not 0 < number <= 100:
        raise UsageError(
            f"{text!r} is no threshold.",
            remedy="Write > or >= and a percentage above 0 up to 100, in quotes: '>50' or '>=33.333333'.",
        )
    return Threshold(found[1], found[2])


@dataclass(frozen=True)
class Control:
    """What counts as control: a share test alone, or a policy's grounds with clusters of kin.

    With a policy its own share test holds where `threshold` or `measure` is not stated.
    """

    as_of: date
    known_at: datetime | None = None
    threshold: Threshold | None = None
    measure: str | None = None
    policy: str | None = None


def pairs(
    facts: Facts, control: Control, *, party: str | None = None, limit: int = MOST_PAIRS
) -> pl.DataFrame:
    """Who controls what: `controller`, `company` by party id, sorted as text, never a party itself.

    `party` asks for what one party controls. UsageError past `limit` pairs.
    """
    if control.measure is not None and control.measure not in MEASURES:
        raise UsageError(f"There is no measure {control.measure!r}.", remedy="Say voting or equity.")
    graph = fact_graph(facts, control.as_of, control.known_at)
    number = None if party is None else graph.parties.number[resolve_party(facts, party)]
    if control.policy is None:
        share = control.threshold or Threshold(">", "50")
        slot = holdings_slot(share.millionths, strict=share.op == ">", measure=control.measure or MEASURES[0])
        found = control_pairs(graph, [slot], party=number, limit=limit)
    else:
        policy = load_policy(control.policy, _laid_over(control))
        kin = None
        if policy.persons is not None:
            kin = relations(graph["kinship"], policy.persons.kin.deem, graph.parties.person)
        multiply = policy.control.multiplies
        slots = deemed_slots(policy)
        found = control_pairs(graph, slots, multiply=multiply, kin=kin, party=number, limit=limit)
    return _by_id(graph, found)


def _laid_over(control: Control) -> dict[str, object]:
    over: dict[str, object] = {}
    if control.threshold is not None:
        over |= {
            "control.share.op": control.threshold.op,
            "control.share.threshold": control.threshold.percent,
        }
    if control.measure is not None:
        over["control.share.measure"] = control.measure
    return over


def _by_id(graph: FactGraph, found: pl.DataFrame) -> pl.DataFrame:
    """Numbers as ids, in the order of the ids' text; sorted as integers, since there may be millions."""
    ids = graph.parties.frame["id"]
    rank = ids.rank("ordinal").cast(pl.Int64) - 1
    in_order = ids.sort()
    ranked = found.select(rank.gather(found[name]).alias(name) for name in ("controller", "company"))
    ranked = ranked.sort("controller", "company")
    return ranked.select(in_order.gather(ranked[name]).alias(name) for name in ("controller", "company"))


def write(found: pl.DataFrame, path: Path) -> None:
    """Write the pairs as CSV, the file whole or not at all; BadInput if it cannot be written."""
    with whole_file(path) as draft:
        found.write_csv(draft)
