"""discover: from facts and a policy to outcomes with evidence. Knows neither files nor store nor HTTP."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl

from discovery.facts.codes import FINDINGS
from discovery.facts.facts import Facts
from discovery.facts.findings import Finding
from discovery.facts.graph import FactGraph, fact_graph
from discovery.facts.schema import PERCENT_SCALE
from discovery.groups.amounts import decimal_text
from discovery.groups.answer import Answer
from discovery.groups.candidates import Candidates
from discovery.groups.eligible import Eligible, eligible
from discovery.groups.exemptions import Rulings
from discovery.groups.formation import form
from discovery.groups.pairs import pair_frame
from discovery.groups.questions import questions
from discovery.groups.related import associations
from discovery.groups.units import acting_units
from discovery.policies.model import Policy


def discover(
    facts: Facts,
    policy: Policy,
    *,
    as_of: date,
    known_at: datetime | date | None = None,
    about: str | None = None,
) -> Answer:
    """Which clients belong together on a day under a policy, and why.

    Pure: the same facts give the same answer, whatever their source and order. `about` (a party id)
    gives the same answer filtered to the outcomes that name that party; UnknownParty if nobody has it.
    """
    answer = discover_in(fact_graph(facts, as_of, known_at), policy)
    return answer if about is None else answer.about(about)


def discover_in(graph: FactGraph, policy: Policy) -> Answer:
    """`discover` on facts that are already cut to a day."""
    who = eligible(graph, policy)
    formation = form(graph, policy, who, acting_units(graph, policy, who))
    exempting = Rulings(graph, policy)
    owners = exempting.split_owners(formation)
    apart = (formation, owners) if owners else None
    if owners:
        units = acting_units(graph, policy, who, split=frozenset(owners))
        formation = form(graph, policy, who, units)
    rulings = exempting.of(formation)
    asked = Candidates(graph, policy, who, formation)
    pairs = pl.concat([pair_frame(questions(asked, rulings)), associations(asked)])
    return Answer(
        graph,
        policy,
        who,
        formation,
        rulings=rulings,
        apart=apart,
        pairs=pairs,
        findings=[*graph.facts.findings, *_findings(graph, who, asked)],
        about=None,
    )


def _findings(graph: FactGraph, who: Eligible, asked: Candidates) -> list[Finding]:
    """What the engine itself notices: assumed clients, companies about which too little is known."""
    found = []
    if not graph.parties.any_client_number:
        found.append(
            Finding(
                "clients_assumed",
                "info",
                file="parties",
                field="client_no",
                detail=FINDINGS["clients_assumed"].en,
                remedy="Fill client_no for the bank's own clients.",
            )
        )
    covered = np.zeros(len(graph.parties), np.int64)
    np.add.at(covered, graph.holdings["company"].to_numpy(), graph.holdings["votes"].to_numpy())
    free = who.clients & (covered <= 50 * PERCENT_SCALE)
    free[asked.controlled["company"].to_numpy()] = False
    ids = graph.parties.ids
    known = "% of the votes is on file and no controller is known"
    found += [
        Finding(
            "register_incomplete",
            "info",
            party=ids[number],
            detail=f"{decimal_text(int(covered[number]))} {known}.",
            remedy="Add the missing holdings, or take the answer as open.",
        )
        for number in np.flatnonzero(free).tolist()
    ]
    return found
