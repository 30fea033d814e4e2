"""The decisions an answer tells of: each is drawn again from the facts, its question or group included.

Decisions build on each other: a question may only be asked because another one was accepted. So they
are taken in rounds, each on the facts with what the rounds before have settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from discovery.evidence.checking.apart import groups_after, set_apart
from discovery.evidence.checking.book import Book
from discovery.evidence.checking.day import Day
from discovery.evidence.checking.decided import Decided, Decisions, Entry
from discovery.evidence.checking.exempt import Exemptions
from discovery.evidence.checking.faults import Faults
from discovery.evidence.checking.pairs import Expected, Pairs
from discovery.facts.identifiers import mask_id_numbers
from discovery.facts.keys import group_id
from discovery.policies.model import Policy

REOPENED = {"expired": "decision_expired", "contradicted": "decision_contradicted"}


class Told:
    """What an answer tells of decisions, checked round by round; `decided` is what they come to."""

    def __init__(self, day: Day, policy: Policy, entries: Iterable[Entry], faults: Faults) -> None:
        self._day = day
        self._policy = policy
        self._faults = faults
        self._entries = list(entries)
        self.decisions = Decisions(day, policy.slug)
        self._met: list[Entry] = []
        self.decided = Decided(rows=self.decisions.rows)
        if self._entries:
            self._rounds()
        known = [(entry["key"], entry["status"]) for entry in self._entries if entry["key"]]
        self.closed = frozenset(key for key, status in known if status == "applied")
        self.reopened = {
            key: REOPENED[status] for key, status in known if status in REOPENED and key not in self.closed
        }

    def _rounds(self) -> None:
        waiting = [
            (f"/decisions/{number}", entry)
            for number, entry in enumerate(self._entries)
            if self._row(f"/decisions/{number}", entry)
        ]
        told = [entry for _, entry in waiting if entry["decision"] == "group"]
        for place, entry in waiting:
            if entry["decision"] == "group" or (entry["question"] is None and entry["group"] is None):
                self._without_outcome(place, entry)
        open_ = [pair for pair in waiting if pair[1]["question"] is not None or _of_group(pair[1])]
        first = True
        while open_ or first:
            on_file = _Round(Book(self._day, self._policy, self.decided))
            faulty = [
                (place, entry, on_file.faults_of(place, entry, self.decisions)) for place, entry in open_
            ]
            fits = [entry for _, entry, faults in faulty if not faults.found]
            self._met += [*fits, *(told if first else ())]
            self.decided = self.decisions.after(self._met)
            open_ = [(place, entry) for place, entry, faults in faulty if faults.found]
            if not fits and not first:
                for _, _, faults in faulty:
                    for fault in faults.found:
                        self._faults.add(fault.place, fault.said, fault.found, fault.detail)
                return
            first = False

    def _row(self, place: str, entry: Entry) -> bool:
        """What the entry repeats of its row, and its status."""
        row = self.decisions.rows.get(entry["fact"])
        if row is None:
            self._faults.add(f"{place}/fact", entry["fact"], None, "no decision of this policy and day")
            return False
        met = entry["question"] is not None or _of_group(entry)
        stated = {
            "decision": row["decision"],
            "key": row["outcome_key"] if row["decision"] != "group" else None,
            "strangers": self.decisions.parties(row)[1],
            "article": row["article"] or None,
            "by": mask_id_numbers(row["by"]),
            "why": mask_id_numbers(row["reason"]),
            "until": row["until"].isoformat() if row["until"] else None,
            "status": self.decisions.status(row, met=met),
        }
        said = {name: list(entry[name]) if name == "strangers" else entry[name] for name in stated}
        self._faults.mapping(place, said, stated, "what the decision says")
        return said == stated

    def _without_outcome(self, place: str, entry: Entry) -> None:
        """A `group`, or a decision whose outcome no longer occurs: whom it names, which group it makes."""
        row = self.decisions.rows[entry["fact"]]
        named = self.decisions.parties(row)[0]
        keys = [self._day.parties[party].key for party in named]
        made = entry["decision"] == "group" and entry["status"] == "applied"
        group = group_id(self._policy.slug, "none", keys) if made else None
        self._faults.equal(f"{place}/parties", list(entry["parties"]), named, "the parties that it names")
        self._faults.equal(f"{place}/group", entry["group"], group, "the group that it makes")
        if entry["question"] is not None:
            self._faults.add(f"{place}/question", entry["question"], None, "no question is asked for it")

    def absent(self, keys: set[str]) -> None:
        """Decisions of which the answer says that nothing like their outcome occurs: nothing listed may."""
        for number, entry in enumerate(self._entries):
            if entry["status"] == "orphaned" and entry["key"] in keys and not entry["key"].startswith("g_"):
                place = f"/decisions/{number}/status"
                self._faults.add(place, "orphaned", entry["key"], "the answer lists this outcome")

    def all_told(self) -> None:
        """Every decision on file is told of, by fact id."""
        said = [entry["fact"] for entry in self._entries]
        self._faults.equal("/decisions", said, list(self.decisions.rows), "the decisions on file")


def _of_group(entry: Entry) -> bool:
    return entry["decision"] != "group" and entry["group"] is not None


class _Round:
    """Questions and groups as they are before the decisions of one round."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._groups = groups_after(book, set_apart(book, Exemptions(book)))
        self._points = self._groups.points
        self._pairs = Pairs(book, self._points, self._confirm)
        self._candidates: dict[str, Mapping[str, Any]] | None = None

    def faults_of(self, place: str, entry: Entry, decisions: Decisions) -> Faults:
        """What is wrong with an entry whose outcome is said to occur."""
        faults = Faults()
        named = decisions.parties(decisions.rows[entry["fact"]])[0]
        parties = list(entry["parties"])
        question = entry["question"]
        if question is not None:
            if question["outcome"] != "REVIEW":
                faults.add(f"{place}/question/outcome", question["outcome"], "REVIEW", "not a question")
                return faults
            self._pairs.check(f"{place}/question", question, faults)
            faults.equal(f"{place}/question/key", question["key"], entry["key"], "the outcome it is about")
            faults.equal(f"{place}/parties", parties, list(question["parties"]), "the companies in question")
            group = self._id_of(question) if question["reason"] == "confirm" else None
            faults.equal(f"{place}/group", entry["group"], group, "the group that it is about")
            return faults
        faults.equal(f"{place}/group", entry["group"], entry["key"], "the group that it is about")
        members = self._members(entry["group"])
        wanted = named or members
        if not members or (named and not set(named) & set(members)):
            faults.add(f"{place}/group", entry["group"], None, "no such group, or nobody of it is named")
        faults.equal(f"{place}/parties", parties, wanted, "whom it is about")
        return faults

    def _members(self, group: str) -> list[str]:
        """The members of a group that is known by its id alone."""
        if self._candidates is None:
            self._candidates = dict(self._by_id())
        controller = self._candidates.get(group)
        found = self._groups.found(controller, group) if controller is not None else None
        return [] if found is None else self._book.by_key(found.whole)

    def _by_id(self) -> Iterable[tuple[str, Mapping[str, Any]]]:
        book, slug = self._book, self._book.policy.slug
        for party, who in book.parties.items():
            kind = "person" if who.person else "company"
            yield group_id(slug, kind, [who.key]), {"kind": kind, "parties": [party]}
            ring = () if who.person else self._points.ring_of(party)
            if len(ring) > 1:
                keys = [book.parties[one].key for one in ring]
                yield group_id(slug, "ring", keys), {"kind": "ring", "parties": list(ring)}
            if not who.person and (branch := self._groups.branch_of(ring or (party,))) is not None:
                yield branch
        for unit in book.decided.sets:
            keys = [book.parties[one].key for one in unit]
            yield group_id(slug, "none", keys), {"kind": "none", "parties": []}

    def _id_of(self, question: Entry) -> str | None:
        """The group about which a person is asked to say whether it stands."""
        heads = list(question["with"])
        if "kin_joint" in question["flags"] or not heads:
            return None
        kind = self._groups.kind_of(tuple(heads))
        keys = [self._book.parties[one].key for one in (heads if kind in {"ring", "none"} else heads[:1])]
        return group_id(self._book.policy.slug, kind, keys)

    def _confirm(self, said: Entry) -> Iterable[Expected]:
        named = tuple(said["with"])
        if named and named[0] in self._book.parties:
            found, doubts = self._groups.doubts(named, named)
            if doubts and list(found.members) == list(said["parties"]):
                yield Expected(self._groups.confirm_facts(found), flags=tuple(doubts))
