"""The questions about groups: all of them, why a party is in one, why a company is not controlled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from discovery.errors import UsageError
from discovery.evidence.wording import names_of
from discovery.facts.facts import Facts
from discovery.facts.graph import fact_graph
from discovery.groups import Answer, discover, discover_in
from discovery.groups.why_not import why_not_in
from discovery.policies import Policy, load_policy
from discovery.policies.versions import in_force
from discovery.service.parties import resolve_party
from discovery.service.sources import Progress

Document = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """Under which policy (slug or file), with which values laid over it, for which day, as known when."""

    policy: str
    as_of: date
    known_at: datetime | None = None
    overrides: Mapping[str, object] | None = None

    def rules(self) -> Policy:
        """The policy as asked for; a series stands for its version in force on the day."""
        return load_policy(in_force(self.policy, self.as_of), self.overrides)


def groups(
    facts: Facts, asked: Asked, *, about: str | None = None, progress: Progress | None = None
) -> Answer:
    """The answer to what belongs together; `about` (a party id) narrows it to that party."""
    policy = asked.rules()
    if progress is not None:
        progress("discover", 0, 0)
    return discover(facts, policy, as_of=asked.as_of, known_at=asked.known_at, about=about)


def why(facts: Facts, asked: Asked, party: str, group: str | None = None) -> Document:
    """Every outcome that names a party, each group with just the steps on which the party's place rests.

    The answer document narrowed to the party, with `about` and in each group `proof`: the companies whose
    steps prove it, the party first. `group` keeps that group alone; UsageError if it does not name the
    party.
    """
    about = resolve_party(facts, party)
    document = discover(
        facts, asked.rules(), as_of=asked.as_of, known_at=asked.known_at, about=about
    ).document()
    if group is not None:
        _keep_group(document, about, group)
    for name in ("groups", "exempt"):
        for found in document[name]:
            found["proof"] = proof_of(found, about)
    return {**document, "about": about}


def _keep_group(document: Document, about: str, group: str) -> None:
    ids = [found["id"] for name in ("groups", "exempt") for found in document[name]]
    if group not in ids:
        raise UsageError(
            f"{about} is not named by a group {group}.",
            remedy=f"Groups that name it: {', '.join(ids)}." if ids else "No group names it.",
            group=group,
        )
    for name in ("groups", "exempt"):
        document[name] = [found for found in document[name] if found["id"] == group]
    for name in ("review", "related", "links", "dependent_sets"):
        document[name] = []


def proof_of(group: Document, party: str) -> list[str]:
    """The companies with a step on which the party's place in the group rests, the party first."""
    steps = group["evidence"]
    needed: list[str] = []
    waiting = [party]
    while waiting:
        company = waiting.pop(0)
        if company in steps and company not in needed:
            needed.append(company)
            step = steps[company]
            waiting += [*(part["by"] for part in step["contributions"]), *step["unit"]]
    return needed


def why_not(facts: Facts, asked: Asked, controller: str, company: str) -> Document:
    """How near one party comes to controlling another: total reached, what is missing, nearest question.

    Beside what the engine says `names`: the names of all parties that stand in it.
    """
    head, target = resolve_party(facts, controller), resolve_party(facts, company)
    answer = discover_in(fact_graph(facts, asked.as_of, asked.known_at), asked.rules())
    found = why_not_in(answer, controller=head, company=target)
    about = names_of(answer.about(target).document())
    known = answer.graph.parties
    mentioned = {head, target, *found["unit"]}
    mentioned |= {part["by"] for base in found["bases"] for part in base["contributions"]}
    names = {party: known.names[known.number[party]] for party in sorted(mentioned)}
    return {**found, "names": about | names}
