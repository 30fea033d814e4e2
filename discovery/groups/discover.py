"""discover: from facts and a policy to outcomes with evidence. Knows neither files nor store nor HTTP."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.facts.facts import Facts
from discovery.facts.graph import FactGraph, fact_graph
from discovery.facts.schema import PERCENT_SCALE
from discovery.groups.answer import Answer
from discovery.groups.candidates import Candidates
from discovery.groups.day_groups import DayGroups
from discovery.groups.deciding import Deciding
from discovery.groups.eligible import Eligible, eligible
from discovery.groups.exemptions import Rulings
from discovery.groups.formation import Formation, form
from discovery.groups.pairs import pair_frame
from discovery.groups.questions import questions
from discovery.groups.recorded import WHOLE, Effects, recorded, with_ties
from discovery.groups.related import associations
from discovery.groups.rulings import Ruling
from discovery.groups.shared import Memo, asking_key, standing_key
from discovery.groups.state_owners import SetApart, StateOwners
from discovery.groups.units import acting_units
from discovery.groups.writing import GroupWriter
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


def discover_in(graph: FactGraph, policy: Policy, memo: Memo | None = None) -> Answer:
    """`discover` on facts that are already cut to a day, recorded decisions applied.

    `memo`: what other policies on the same graph have computed, and this one may use.
    """
    memo = memo or Memo()
    answer = _discovered(graph, policy, Effects(), memo)
    rows = recorded(graph, policy.slug)
    if not rows:
        return answer
    deciding = Deciding(graph, policy.slug, rows)
    while deciding.learn(answer):
        answer = _discovered(graph, policy, deciding.effects, memo)
    return answer.settled(deciding.settled())


def day_groups(graph: FactGraph, policy: Policy, among: npt.NDArray[np.bool_] | None = None) -> DayGroups:
    """Who stands in which group, recorded decisions applied, and which sets an exemption leaves out.

    `among` keeps to units that these parties head; it holds the kin of every person in it.
    """
    if recorded(graph, policy.slug):
        return discover_in(graph, policy).day_groups
    return _day_groups(graph, policy, Effects(), Memo(), among)


def _day_groups(
    plain: FactGraph,
    policy: Policy,
    effects: Effects,
    memo: Memo,
    among: npt.NDArray[np.bool_] | None = None,
) -> DayGroups:
    graph = with_ties(plain, effects.ties)
    key = (standing_key(policy), effects)
    who = memo.once("eligible", key, lambda: eligible(graph, policy))
    formation, apart = memo.once("groups formed", key, lambda: _stood(graph, policy, who, effects, among))
    rulings = Rulings(graph, policy).of(formation, StateOwners(graph, policy, who).doubtful(formation))
    return DayGroups(graph, who, formation, rulings, apart)


def _discovered(plain: FactGraph, policy: Policy, effects: Effects, memo: Memo) -> Answer:
    """One pass: everything the policy says of the facts with these effects of decisions."""
    graph, who, formation, rulings, apart = _day_groups(plain, policy, effects, memo)
    key = (asking_key(policy), effects)
    tied = (standing_key(policy), effects)
    asked = memo.once("candidates", key, lambda: Candidates(graph, policy, who, formation))

    def associated() -> pl.DataFrame:
        return memo.once("associations", tied, lambda: associations(asked))

    pairs = memo.once("questions", key, lambda: _pairs(asked, rulings, associated))
    return Answer(
        graph,
        policy,
        who,
        formation,
        rulings=rulings,
        apart=apart,
        pairs=pairs,
        incomplete=_incomplete(graph, who, asked),
        about=None,
    )


def _pairs(
    asked: Candidates, rulings: dict[int, Ruling], associated: Callable[[], pl.DataFrame]
) -> pl.DataFrame:
    """Questions and associations, the ones beside the others."""
    with ThreadPoolExecutor(1) as beside:
        tied = beside.submit(associated)
        raised = pair_frame(questions(asked, rulings))
    return pl.concat([raised, tied.result()], rechunk=True)


def _stood(
    graph: FactGraph,
    policy: Policy,
    who: Eligible,
    effects: Effects,
    among: npt.NDArray[np.bool_] | None = None,
) -> tuple[Formation, list[SetApart]]:
    """Members and groups once the state owners that exemptions let out are set apart, and these."""
    owners = StateOwners(graph, policy, who, effects.facts_of_sets())
    formation = form(
        graph, policy, who, acting_units(graph, policy, who, decided=owners.decided, among=among)
    )
    found = owners.set_apart(formation)
    apart = [one for one in (found, owners.organs()) if one is not None]
    if found is not None:
        formation = owners.split(found)
    if effects.without:
        before = found.before if found is not None else None
        formation = _rebutted(formation, effects, GroupWriter(graph, policy, who, formation, before), policy)
    return formation, apart


def _rebutted(formation: Formation, effects: Effects, writer: GroupWriter, policy: Policy) -> Formation:
    """The formation without the members that decisions leave out of groups."""
    left: dict[str, set[int]] = {}
    for group, party in effects.without:
        left.setdefault(group, set()).add(party)
    ids = {unit: writer.id_of(unit) for unit in formation.groups["unit"].to_list()}
    named = pl.DataFrame(
        [(unit, party) for unit, group in ids.items() for party in left.get(group, ())],
        schema={"unit": pl.Int32, "company": pl.Int32},
        orient="row",
    )
    whole = named.filter(pl.col("company") == WHOLE).select("unit")
    everyone = formation.members.join(whole, on="unit", how="semi").select("unit", "company")
    return formation.without(pl.concat([named, everyone]).unique(), policy.members.min)


def _incomplete(graph: FactGraph, who: Eligible, asked: Candidates) -> npt.NDArray[np.int32]:
    """Clients of whose votes half or less is on file and that nobody is known to control."""
    free = who.clients & ~graph.parties.person & (graph.votes_on_file <= 50 * PERCENT_SCALE)
    free[asked.controlled["company"].to_numpy()] = False
    return np.flatnonzero(free).astype(np.int32)
