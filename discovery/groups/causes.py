"""Which of the differing facts made a member join or leave: those its proof gained or lost."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, Final, NamedTuple

Document = dict[str, Any]
TOLD: Final = ("source", "document", "valid_from", "valid_to", "recorded_at")


class Change(NamedTuple):
    """A fact that begins, ends or is corrected: its file, the parties it names by field, its row."""

    stem: str
    change: str
    parties: dict[str, str]
    row: Document

    def document(self) -> Document:
        told = {name: self.row[name] for name in TOLD}
        dates = {
            name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in told.items()
        }
        return {"file": self.stem, "change": self.change, "parties": self.parties, **dates}


class Causes:
    """Looks in the proofs of both sides for the facts that differ.

    `documents`: the groups that differ, before and after, by name. What no proof shows (a rival who left, a
    client number, a credit) is told by the differing facts that name the party, else the group.
    """

    def __init__(
        self, changes: dict[str, Change], documents: tuple[dict[str, Document], dict[str, Document]]
    ) -> None:
        self.changes = changes
        self._before, self._after = documents

    def controllers(self, name: str) -> Document:
        """Who stands at the head, before and after."""
        sides = (("before", self._before), ("after", self._after))
        return {
            when: None
            if name not in drawn
            else {key: drawn[name]["controller"][key] for key in ("kind", "parties")}
            for when, drawn in sides
        }

    def of_joined(self, name: str, party: str) -> list[str]:
        """Facts that begin or were corrected and stand in the member's proof; else what let go of it."""
        group = self._after[name]
        return self._among(_proof(group, party), {"begins", "corrected"}) or self._otherwise(
            party, group, self._proofs_before, "ends"
        )

    def of_left(self, name: str, party: str) -> list[str]:
        """Facts that ended or were corrected and stood in the member's proof; else what took it over."""
        group = self._before[name]
        return self._among(_proof(group, party), {"ends", "corrected"}) or self._otherwise(
            party, group, self._proofs_after, "begins"
        )

    def evidence(self, name: str, joined: Iterable[str]) -> Document:
        """The steps that prove the places of those who joined."""
        group = self._after.get(name)
        if group is None:
            return {}
        steps = group["evidence"]
        return {company: steps[company] for company in sorted(_rested_on(steps, joined)) if company in steps}

    def _otherwise(self, party: str, group: Document, proofs: dict[str, set[str]], change: str) -> list[str]:
        elsewhere = self._among(proofs.get(party, set()), {change, "corrected"})
        return elsewhere or self.touching({party}) or self.touching(_named(group))

    def of_set(self, name: str) -> list[str]:
        """Differing facts in what the set rests on, before and after; else those that name its parties."""
        sides = [drawn[name] for drawn in (self._before, self._after) if name in drawn]
        used: set[str] = set()
        for drawn, kinds in ((self._before, {"ends", "corrected"}), (self._after, {"begins", "corrected"})):
            if name in drawn:
                used |= set(self._among(_facts(drawn[name]), kinds))
        members = {party for group in sides for party in (*group["members"], *group["non_client_members"])}
        return sorted(used) or self.touching(members) or self.touching({p for g in sides for p in _named(g)})

    def touching(self, parties: Iterable[str]) -> list[str]:
        """The differing facts that name one of the parties."""
        return sorted({fact for party in parties for fact in self._by_party.get(party, ())})

    def _among(self, facts: Iterable[str], kinds: set[str]) -> list[str]:
        return sorted(fact for fact in facts if fact in self.changes and self.changes[fact].change in kinds)

    @cached_property
    def _by_party(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for fact, change in self.changes.items():
            for party in change.parties.values():
                found.setdefault(party, []).append(fact)
        return found

    @cached_property
    def _proofs_before(self) -> dict[str, set[str]]:
        return _by_member(self._before)

    @cached_property
    def _proofs_after(self) -> dict[str, set[str]]:
        return _by_member(self._after)


def _by_member(documents: dict[str, Document]) -> dict[str, set[str]]:
    """All facts that prove a party's place in any of the groups."""
    found: dict[str, set[str]] = {}
    for group in documents.values():
        for party in (*group["members"], *group["non_client_members"]):
            found.setdefault(party, set()).update(_proof(group, party))
    return found


def _proof(group: Document, party: str) -> set[str]:
    """The facts on which one member's place rests: its step, the steps below it, the family's ties."""
    steps = group["evidence"]
    needed = _rested_on(steps, [party])
    facts = {fact for company in needed if company in steps for fact in _of_step(steps[company])}
    ties = group["controller"].get("kin", ())
    return facts | {fact for tie in ties if tie["person"] in needed for fact in tie["facts"]}


def _rested_on(steps: Document, parties: Iterable[str]) -> set[str]:
    """The parties, and everybody on whom their steps rest."""
    seen = set(parties)
    waiting = list(seen)
    while waiting:
        step = steps.get(waiting.pop())
        if step is not None:
            rested = {*(share["by"] for share in step["contributions"]), *step["unit"]}
            waiting += rested - seen
            seen |= rested
    return seen


def _of_step(step: Document) -> set[str]:
    shares = step["contributions"]
    return {share["fact"] for share in shares} | {share["through"] for share in shares if "through" in share}


def _facts(group: Document) -> set[str]:
    """Everything a group rests on."""
    steps = [*group["evidence"].values(), *group.get("shares", ())]
    facts = {fact for step in steps for fact in _of_step(step)}
    facts |= {fact for tie in group["controller"].get("kin", ()) for fact in tie["facts"]}
    return facts | set(group.get("facts", ()))


def _named(group: Document) -> set[str]:
    return {
        *group["members"],
        *group["non_client_members"],
        *group["controller"]["parties"],
        *group["evidence"],
    }
