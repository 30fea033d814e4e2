"""What differs between two answers: groups formed, dissolved, merged, split, members joined and left.

Only what the differing facts can reach is computed again; each difference names the facts that made it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from discovery.facts.difference import differing
from discovery.facts.graph import FactGraph, day_rows
from discovery.facts.schema import FILES, PARTY_KINDS
from discovery.groups.causes import Causes, Change
from discovery.groups.reach import reached
from discovery.groups.sides import APART, Side
from discovery.policies.model import Policy

Document = dict[str, Any]
Members = dict[str, bool]  # party -> is it a client
EVENTS: Final = ("merged", "split", "formed", "dissolved", "changed")


def changes(before: FactGraph, after: FactGraph, policy: Policy, *, whole: bool = False) -> Document:
    """The difference of the groups of two graphs under a policy (`docs/changes.md` shows the shape).

    It equals the difference of two full answers; `whole` computes those instead of the parts concerned.
    """
    changed = differing(before, after)
    part = None if whole else reached(before, after, changed, policy)
    if part is None:
        old, new = Side(before, policy), Side(after, policy)
    else:
        old = Side(before, policy, part.heads, part.before)
        new = Side(after, policy, part.heads, part.after)
        if old.sets_apart or new.sets_apart:
            return changes(before, after, policy, whole=True)
    found = _Compared(old, new)
    documents = old.drawn(found.names), new.drawn(found.names)
    causes = Causes(_named(before, after, changed), documents)
    groups = sorted((found.event(name, causes) for name in found.names), key=lambda one: str(one["id"]))
    facts = sorted({fact for one in groups for fact in facts_of(one)})
    mentioned = {party for one in groups for party in parties_of(one)}
    mentioned |= {party for fact in facts for party in causes.changes[fact].parties.values()}
    return {
        "policy": policy.slug,
        "from": _moment(before),
        "to": _moment(after),
        "counts": {event: sum(one["event"] == event for one in groups) for event in EVENTS},
        "groups": groups,
        "facts": {fact: causes.changes[fact].document() for fact in facts},
        "parties": {party: _party(party, after, before) for party in sorted(mentioned)},
        "compared": {
            "facts": changed.height,
            "companies": len(after.parties) if part is None else part.parties,
            "of": len(after.parties),
        },
    }


@dataclass(frozen=True)
class _State:
    """One set on one side."""

    outcome: str
    members: Members


class _Compared:
    """The sets that differ, and which of them come from or go into which others."""

    def __init__(self, old: Side, new: Side) -> None:
        rows = [old.members, new.members]
        differ = [one.join(two, on=one.columns, how="anti")["group"] for one, two in (rows, rows[::-1])]
        self.names = pl.concat(differ).unique().sort().to_list()
        self.old, self.new = (_states(frame, self.names) for frame in rows)
        self._from: dict[str, list[str]] = {}
        self._into: dict[str, list[str]] = {}
        self._passed(self.old, self.new, self._into, self._from)

    def _passed(
        self,
        old: dict[str, _State],
        new: dict[str, _State],
        into: dict[str, list[str]],
        origin: dict[str, list[str]],
    ) -> None:
        """Sets pass on when two members or more go from one that ends, or into one that begins."""
        lost = {name: self._gone(name) for name in old}
        won = {name: self._come(name) for name in new}
        homes: dict[str, list[str]] = {}
        for name, members in won.items():
            for member in members:
                homes.setdefault(member, []).append(name)
        for name, members in lost.items():
            shared: dict[str, int] = {}
            for member in members:
                for other in homes.get(member, ()):
                    shared[other] = shared.get(other, 0) + 1
            for other, many in sorted(shared.items()):
                if many > 1 and other != name and (name not in new or other not in old):
                    into.setdefault(name, []).append(other)
                    origin.setdefault(other, []).append(name)

    def _gone(self, name: str) -> set[str]:
        return self._members(self.old, name) - self._members(self.new, name)

    def _come(self, name: str) -> set[str]:
        return self._members(self.new, name) - self._members(self.old, name)

    @staticmethod
    def _members(states: dict[str, _State], name: str) -> set[str]:
        return set(states[name].members) if name in states else set()

    def event(self, name: str, causes: Causes) -> Document:
        """One set that differs, what became of it, and the facts that made it so."""
        before, after = self.old.get(name), self.new.get(name)
        origin = [*([name] if before else []), *self._from.get(name, [])] if after else []
        into = [*([name] if after else []), *self._into.get(name, [])] if before else []
        joined, left = sorted(self._come(name)), sorted(self._gone(name))
        clients = after.members if after else {}
        others = before.members if before else {}
        moved = [party for party in sorted(clients) if party in others and clients[party] != others[party]]
        return {
            "id": name.removesuffix(APART),
            "event": _event(before, after, origin, into),
            "outcome": {"before": before and before.outcome, "after": after and after.outcome},
            "controller": causes.controllers(name),
            "members": {"before": len(others), "after": len(clients)},
            "from": [one.removesuffix(APART) for one in origin],
            "into": [one.removesuffix(APART) for one in into],
            "joined": [_member(party, clients, causes.of_joined(name, party)) for party in joined],
            "left": [_member(party, others, causes.of_left(name, party)) for party in left],
            "client_changed": [_member(party, clients, causes.touching({party})) for party in moved],
            "facts": causes.of_set(name),
            "evidence": causes.evidence(name, joined),
        }


def _event(before: _State | None, after: _State | None, origin: list[str], into: list[str]) -> str:
    if len(origin) > 1:
        return "merged"
    if len(into) > 1:
        return "split"
    if before is None:
        return "formed"
    return "dissolved" if after is None else "changed"


def _member(party: str, clients: Members, facts: list[str]) -> Document:
    return {"party": party, "client": clients[party], "facts": facts}


def _states(frame: pl.DataFrame, names: list[str]) -> dict[str, _State]:
    rows = frame.filter(pl.col("group").is_in(names)).group_by("group").agg("party", "client", "outcome")
    return {
        name: _State(outcomes[0], dict(zip(parties, clients, strict=True)))
        for name, parties, clients, outcomes in rows.rows()
    }


def _named(before: FactGraph, after: FactGraph, changed: pl.DataFrame) -> dict[str, Change]:
    """The changed facts with the parties they name and their dates, by fact id."""
    found: dict[str, Change] = {}
    for stem in changed["stem"].unique().sort().to_list():
        kinds = dict(changed.filter(pl.col("stem") == stem).select("fact", "change").iter_rows())
        wanted = pl.col("fact").is_in(list(kinds))
        refs = ("id",) if stem == "parties" else FILES[stem].refs
        for side in (before, after):  # what is said after counts, if both say something
            frame = (
                side.facts[stem]
                if stem == "parties"
                else day_rows(side.facts, stem, side.as_of, side.known_at)
            )
            for row in frame.filter(wanted).iter_rows(named=True):
                named = {ref: row[ref] for ref in refs if row[ref] is not None}
                found[row["fact"]] = Change(stem, kinds[row["fact"]], named, row)
    return found


def _moment(graph: FactGraph) -> Document:
    known = graph.known_at
    return {"as_of": graph.as_of.isoformat(), "known_at": known.isoformat() if known else None}


def facts_of(event: Document) -> Iterator[str]:
    """The differing facts that one group's entry names."""
    yield from event["facts"]
    for name in ("joined", "left", "client_changed"):
        for member in event[name]:
            yield from member["facts"]


def parties_of(event: Document) -> Iterator[str]:
    """The parties that one group's entry names."""
    for name in ("joined", "left", "client_changed"):
        yield from (member["party"] for member in event[name])
    for controller in event["controller"].values():
        yield from controller["parties"] if controller else ()
    for company, step in event["evidence"].items():
        yield from (company, *step["unit"], *(share["by"] for share in step["contributions"]))


def _party(party: str, *sides: FactGraph) -> Document:
    """The party as the later side names it, unless it only knows it as a stub."""
    number, side = next((side.parties.number[party], side) for side in sides if party in side.parties.number)
    return {"name": side.parties.names[number], "kind": PARTY_KINDS[side.parties.kind[number]]}
