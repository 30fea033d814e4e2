"""Recorded decisions, read again from the facts: which are in force, what each makes of its outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from discovery.evidence.checking.day import Day, Row
from discovery.facts.identifiers import mask_id_numbers

Entry = Mapping[str, Any]
FLAGS: Final = frozenset({"decision_expired", "decision_contradicted"})
_SETTLES: Final = ("attribution", "confirm", "exemption_doubtful", "partnership_top", "ring")
_SIDE_BY_SIDE: Final = ("form_only", "hidden_association", "shared_legal_representative", "state_siblings")


class Tie(NamedTuple):
    """An accepted question: its head decides over a company."""

    head: str
    company: str
    fact: str


@dataclass(frozen=True)
class Decided:
    """What decisions add: ties, sets of parties that stand together, members left out by group id."""

    ties: frozenset[Tie] = frozenset()
    sets: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    without: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    rows: Mapping[str, Row] = field(default_factory=dict)

    def sets_of(self, party: str) -> list[tuple[str, ...]]:
        return [one for one in self.sets if party in one]

    def told(self, facts: Iterable[str]) -> list[dict[str, Any]]:
        """Who decided, why and until when, as a step tells it."""
        return [
            {
                "fact": fact,
                "by": mask_id_numbers(row["by"]),
                "why": mask_id_numbers(row["reason"]),
                "until": row["until"].isoformat() if row["until"] else None,
            }
            for fact in sorted(set(facts))
            for row in [self.rows[fact]]
        ]

    def article(self, facts: Iterable[str]) -> str | None:
        named = (self.rows[fact]["article"] for fact in sorted(set(facts)))
        return next((article for article in named if article), None)


class Decisions:
    """The day's decisions that may bear on a policy, by fact id."""

    def __init__(self, day: Day, policy: str) -> None:
        self._day = day
        bearing = [row for row in day.of("decisions") if row["policy"] in {None, policy}]
        self.rows = {row["fact"]: row for row in sorted(bearing, key=lambda row: str(row["fact"]))}
        self._keys = {who.key: party for party, who in day.parties.items()}
        for party, who in day.parties.items():
            self._keys |= dict.fromkeys(who.row.get("records") or (), party)

    def parties(self, row: Row) -> tuple[list[str], list[str]]:
        """The parties that a row names, by record key, and names that nobody has."""
        found, strangers = set(), []
        for name in filter(None, (part.strip() for part in (row["parties"] or "").split(";"))):
            party = name if name in self._day.parties else self._keys.get(name)
            party = party or self._keys.get(f"{row['source'] or ''}/{name}")
            if party is None:
                strangers.append(mask_id_numbers(name))
            else:
                found.add(party)
        return sorted(found, key=lambda party: self._day.parties[party].key), strangers

    def expired(self, row: Row) -> bool:
        """Has its last day passed?"""
        return row["until"] is not None and row["until"] < self._day.as_of

    def contradicted(self, row: Row) -> bool:
        """Does another decision in force say the opposite of the same outcome?"""
        same = [one for one in self.rows.values() if one["outcome_key"] == row["outcome_key"]]
        said = {one["decision"] for one in same if one["decision"] != "group" and not self.expired(one)}
        return len(said) > 1

    def status(self, row: Row, *, met: bool) -> str:
        """What must have become of a decision whose outcome was met or not."""
        if row["decision"] == "group":
            if self.expired(row):
                return "expired"
            return "applied" if len(self.parties(row)[0]) > 1 else "orphaned"
        if not met:
            return "orphaned"
        if self.expired(row):
            return "expired"
        return "contradicted" if self.contradicted(row) else "applied"

    def after(self, entries: Iterable[Entry]) -> Decided:
        """What these decisions add, as far as they apply."""
        ties: set[Tie] = set()
        sets: dict[tuple[str, ...], list[str]] = {}
        without: dict[str, frozenset[str] | None] = {}
        for entry in entries:
            row = self.rows.get(entry["fact"])
            if row is None or entry["status"] != "applied":
                continue
            if row["decision"] == "group":
                sets.setdefault(tuple(self.parties(row)[0]), []).append(row["fact"])
            elif row["decision"] == "reject" and entry["group"]:
                self._leave_out(entry, row, without)
            elif row["decision"] == "accept" and entry["question"]:
                self._accept(entry["question"], row["fact"], ties, sets)
        return Decided(
            frozenset(ties), {one: tuple(sorted(facts)) for one, facts in sets.items()}, without, self.rows
        )

    def _leave_out(self, entry: Entry, row: Row, without: dict[str, frozenset[str] | None]) -> None:
        named = frozenset(self.parties(row)[0]) if entry["question"] is None else frozenset()
        known = without.get(entry["group"], frozenset())
        without[entry["group"]] = None if not named or known is None else named | known

    def _accept(
        self, question: Entry, fact: str, ties: set[Tie], sets: dict[tuple[str, ...], list[str]]
    ) -> None:
        reason, beside = question["reason"], list(question["with"])
        if reason in _SETTLES and "kin_joint" not in question["flags"]:
            return
        organ = bool(beside) and self._day.parties[beside[0]].kind == "government"
        dealing = reason in {"occupation", "shifting"}
        if dealing or organ or not beside or reason in _SIDE_BY_SIDE:
            parties = {*question["parties"], *(beside if dealing else ())}
            if len(parties) > 1:
                ordered = tuple(sorted(parties, key=lambda party: self._day.parties[party].key))
                sets.setdefault(ordered, []).append(fact)
            return
        for head in beside if reason == "joint_control" else beside[:1]:
            ties |= {Tie(head, company, fact) for company in question["parties"] if company != head}
