"""From what an answer says without them to what it says with recorded decisions, question by question.

Decisions are looked up by key among the questions of a pass; what they change may raise further
questions in the next one, which other decisions may answer. Effects only grow, so it ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol

from discovery.facts.findings import Finding
from discovery.facts.graph import FactGraph
from discovery.facts.keys import group_id
from discovery.groups.recorded import CLOSING, WHOLE, Effects, Recorded, effects_of

Document = dict[str, Any]
REOPENED: Final = {"expired": "decision_expired", "contradicted": "decision_contradicted"}
_REMEDY: Final = {
    "expired": "Decide anew; a row with a later `until` may name this one in `supersedes`.",
    "contradicted": "Withdraw one of the two: give it `valid_to`, or a new row that supersedes it.",
    "orphaned": (
        "Look at the parties again and decide anew; if it is about another policy, name it in `policy`."
    ),
}


class Met(NamedTuple):
    """A key as a pass had it: the question (None: a group), its group, the members."""

    question: Document | None
    group: str | None
    members: tuple[int, ...]


class Asked(Protocol):
    """What an answer can be asked about keys."""

    def questions(self, keys: set[str]) -> Iterator[Document]:
        """The questions with these keys."""

    def confirming(self, keys: set[str]) -> Iterator[tuple[Document, str]]:
        """The questions with these keys about groups that stand, with the group's id."""

    def members_of(self, groups: set[str]) -> Mapping[str, list[int]]:
        """The members of the groups with these ids."""


@dataclass(frozen=True)
class Settled:
    """What recorded decisions made of an answer: entries to tell, keys to leave out, flags to add."""

    entries: tuple[Document, ...] = ()
    closed: frozenset[str] = frozenset()
    reopened: Mapping[str, str] = field(default_factory=dict)


class Deciding:
    """The decisions that bear on one policy and day, and what each of them met."""

    def __init__(self, graph: FactGraph, policy: str, rows: list[Recorded]) -> None:
        self._graph = graph
        self._policy = policy
        self._rows = rows
        self._by_key: dict[str, list[Recorded]] = {}
        for row in rows:
            if row.key is not None and row.decision != "group":
                self._by_key.setdefault(row.key, []).append(row)
        self._met: dict[str, Met] = {}
        self.effects = Effects()

    def learn(self, answer: Asked) -> bool:
        """Look among the questions and groups of a pass for what is decided; does that change anything?"""
        before = self.effects
        self.effects |= Effects(sets=frozenset((row.parties, row.fact) for row in self._tied()))
        waiting = self._by_key.keys() - self._met.keys()
        for question in answer.questions({key for key in waiting if key.startswith("o_")}):
            self._meet(question, None)
        for group, companies in answer.members_of({key for key in waiting if key.startswith("g_")}).items():
            self._met[group] = Met(None, group, tuple(companies))
            self._take(group)
        if self.effects == before:  # drawing groups takes longer than all else, so it comes last
            left = {key for key in waiting - self._met.keys() if key.startswith("o_")}
            for question, group in answer.confirming(left):
                self._meet(question, group)
        return self.effects != before

    def _tied(self) -> Iterator[Recorded]:
        return (row for row in self._rows if row.decision == "group" and self.status(row) == "applied")

    def _meet(self, question: Document, group: str | None) -> None:
        numbers = self._graph.parties.number
        members = tuple(numbers[party] for party in question["parties"])
        self._met[question["key"]] = Met(question, group, members)
        self._take(question["key"])

    def status(self, row: Recorded) -> str:
        """What became of a decision: applied, expired, contradicted by another, or orphaned."""
        if row.decision == "group":
            return "expired" if row.expired else "applied" if len(row.parties) > 1 else "orphaned"
        met = self._met.get(row.key or "")
        if met is None or not self._concerned(row, met):
            return "orphaned"
        if row.expired:
            return "expired"
        valid = {one.decision for one in self._by_key[row.key or ""] if not one.expired}
        return "contradicted" if len(valid) > 1 else "applied"

    @staticmethod
    def _concerned(row: Recorded, met: Met) -> bool:
        """Does a decision about a group name a member of it, or nobody in particular?"""
        if met.question is not None:
            return True
        named = bool(row.parties or row.strangers)
        return not named or not set(row.parties).isdisjoint(met.members)

    def _take(self, key: str) -> None:
        met = self._met[key]
        for row in self._by_key[key]:
            if self.status(row) != "applied":
                continue
            if row.decision == "accept" and met.question is not None:
                self.effects |= self._accepted(met, row)
            elif row.decision == "reject" and met.group is not None:
                left = (
                    [party for party in row.parties if party in met.members] if met.question is None else []
                )
                self.effects |= Effects(without=frozenset((met.group, party) for party in left or [WHOLE]))

    def _accepted(self, met: Met, row: Recorded) -> Effects:
        question = met.question or {}
        reason = question["reason"]
        if reason in CLOSING and "kin_joint" not in question["flags"]:
            return Effects()
        beside = tuple(self._graph.parties.number[party] for party in question["with"])
        return effects_of("" if reason in CLOSING else reason, met.members, beside, row.fact, self._graph)

    def settled(self) -> Settled:
        """What is to be told of every decision, and which questions are answered or open again."""
        entries: list[Document] = []
        closed: set[str] = set()
        reopened: dict[str, str] = {}
        for row in self._rows:
            status = self.status(row)
            entries.append(self._entry(row, status))
            if row.key is None or row.decision == "group":
                continue
            if status == "applied":
                closed.add(row.key)
            elif status in REOPENED:
                reopened[row.key] = REOPENED[status]
        again = {key: flag for key, flag in reopened.items() if key not in closed}
        return Settled(tuple(entries), frozenset(closed), again)

    def _entry(self, row: Recorded, status: str) -> Document:
        parties = self._graph.parties
        met = self._met.get(row.key or "")
        applies = met is not None and status != "orphaned"
        named = row.parties
        group = None
        if row.decision == "group":
            keys = [parties.keys[party] for party in row.parties]
            group = group_id(self._policy, "none", keys) if status == "applied" else None
        elif applies and met is not None:
            group = met.group
            named = met.members if met.question is not None or not row.parties else named
        return {
            "fact": row.fact,
            "decision": row.decision,
            "status": status,
            "key": row.key if row.decision != "group" else None,
            "parties": [parties.ids[party] for party in named],
            "strangers": list(row.strangers),
            "group": group,
            "article": row.article,
            "by": row.by,
            "why": row.why,
            "until": row.last_day,
            "question": met.question if applies and met is not None else None,
        }


def reported(entry: Document, closed: frozenset[str]) -> Finding | None:
    """What a decision that does not apply is reported as; none where a newer one answers the same."""
    status = entry["status"]
    answered = status == "expired" and entry["key"] in closed
    if answered or (status == "applied" and not entry["strangers"]):
        return None
    parts = [entry["decision"], entry["key"] or entry["group"] or "", f"[{entry['fact']}]"]
    if entry["strangers"]:
        parts.append(f"no such party: {', '.join(entry['strangers'])}")
    if status == "expired":
        parts.append(f"until {entry['until']}")
    code = REOPENED.get(status, "decision_orphaned")
    detail = " ".join(part for part in parts if part)
    return Finding(code, "warning", detail=detail, remedy=_REMEDY.get(status, _REMEDY["orphaned"]))
