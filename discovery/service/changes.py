"""What changed between two days, or by what came to be known: groups with the facts that did it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from discovery.facts.facts import Facts
from discovery.facts.graph import FactGraph, fact_graph
from discovery.groups import changes as engine
from discovery.policies import Policy
from discovery.service.sources import Progress

Document = dict[str, Any]


@dataclass(frozen=True)
class Moment:
    """A day, as it was known at a moment (now)."""

    as_of: date
    known_at: datetime | None = None

    def graph(self, facts: Facts) -> FactGraph:
        return fact_graph(facts, self.as_of, self.known_at)


def changes(
    facts: Facts, policy: Policy, before: Moment, after: Moment, *, progress: Progress | None = None
) -> Document:
    """The groups that differ between two moments, each with the facts that made the difference."""
    if progress is not None:
        progress("discover", 0, 0)
    return engine.changes(before.graph(facts), after.graph(facts), policy)


def cut(document: Document, limit: int, offset: int = 0) -> Document:
    """The document with a page of its groups, and how many there are in all."""
    groups = document["groups"]
    kept = groups[offset : offset + limit]
    facts = {fact for group in kept for fact in engine.facts_of(group)}
    parties = {party for group in kept for party in engine.parties_of(group)}
    parties |= {party for fact in facts for party in document["facts"][fact]["parties"].values()}
    return {
        **document,
        "groups": kept,
        "facts": {fact: document["facts"][fact] for fact in sorted(facts)},
        "parties": {party: document["parties"][party] for party in sorted(parties)},
        "total": len(groups),
        "returned": len(kept),
        "truncated": len(kept) < len(groups),
    }
