"""The checker: an answer, the facts and the policy, and nothing of the engine that made the answer.

Every step is drawn again from its leaves and must be equal as a whole; whatever an answer claims to be
absent (nobody above, no further member) is checked by a search for a counter-example. The checker does
not ask whether an outcome is missing from the answer, only whether each that stands there is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, Final

from pydantic import ValidationError

from discovery.evidence.checking.apart import groups_after, set_apart
from discovery.evidence.checking.book import Book
from discovery.evidence.checking.day import Day, moment
from discovery.evidence.checking.decisions import REOPENED, Told
from discovery.evidence.checking.exempt import Exemptions, Verdict
from discovery.evidence.checking.faults import Fault, Faults
from discovery.evidence.checking.groups import Beside, Found, Groups
from discovery.evidence.checking.noticed import noticed
from discovery.evidence.checking.pairs import Expected, Pairs
from discovery.evidence.checking.points_multiplied import points
from discovery.evidence.checking.register import SCALE
from discovery.evidence.checking.rounds import decimal
from discovery.evidence.checking.signs import unheard_of
from discovery.evidence.models import PAIR_LISTS, Answer
from discovery.facts.codes import FINDINGS
from discovery.facts.facts import Facts
from discovery.policies.model import Policy

Document = Mapping[str, Any]
HALF: Final = 50 * SCALE

__all__ = ["Fault", "check"]


def check(
    answer: Document,
    facts: Facts,
    policy: Policy,
    *,
    as_of: date | None = None,
    partial: bool = False,
) -> list[Fault]:
    """Everything in the answer that does not follow from the facts under the policy; empty = accepted.

    `as_of`: the day that was asked for, if the caller knows it; the answer must name it. `partial`: the
    answer was narrowed to one party, so what it does not list decides no flag.
    """
    faults = Faults()
    if not _shaped(answer, faults):
        return faults.found
    faults.equal("/policy", answer["policy"], policy.slug, "the policy it is checked under")
    if as_of is not None:
        faults.equal("/as_of", answer["as_of"], as_of.isoformat(), "the day that was asked for")
    try:
        day = Day(facts, date.fromisoformat(answer["as_of"]), moment(answer["known_at"]))
    except ValueError as error:
        faults.add("/as_of", answer["as_of"], None, f"no day of the calendar: {error}")
        return faults.found
    unknown = [party for party in sorted(_mentioned(answer)) if party not in day.parties]
    for party in unknown:
        faults.add("/parties", party, None, "no such party in the facts")
    if unknown:
        return faults.found
    told = Told(day, policy, answer.get("decisions", ()), faults)
    _Checker(answer, Book(day, policy, told.decided), told, faults, partial=partial).run()
    return faults.found


def _shaped(answer: Document, faults: Faults) -> bool:
    """Does the answer have the published shape?"""
    try:
        Answer.model_validate(answer, strict=False)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            place = "/" + "/".join(str(part) for part in one["loc"])
            faults.add(place, one.get("input"), None, f"not of the published shape: {one['msg']}")
        return False
    return True


class _Checker:
    def __init__(self, answer: Document, book: Book, told: Told, faults: Faults, *, partial: bool) -> None:
        self._answer = answer
        self._book = book
        self._told = told
        self._faults = faults
        self._partial = partial
        self._exemptions = Exemptions(book)
        self._apart = set_apart(book, self._exemptions)
        self._groups = groups_after(book, self._apart)
        self._points = self._groups.points
        self._found: dict[str, Found] = {}

    def run(self) -> None:
        self._order()
        self._parties()
        self._all_groups()
        told = self._told
        pairs = Pairs(self._book, self._points, self._confirm, closed=told.closed, reopened=told.reopened)
        for name in PAIR_LISTS:
            for number, outcome in enumerate(self._answer[name]):
                place = f"/{name}/{number}"
                if outcome["outcome"] != _OUTCOME_OF[name]:
                    self._faults.add(f"{place}/outcome", outcome["outcome"], _OUTCOME_OF[name], "wrong list")
                else:
                    pairs.check(place, outcome, self._faults)
        told.absent({one["key"] for name in PAIR_LISTS for one in self._answer[name]})
        if not self._partial:
            told.all_told()
        self._findings()

    # --- the document as a whole -------------------------------------------------------------

    def _order(self) -> None:
        for name in ("groups", "exempt", *PAIR_LISTS):
            ids = [one.get("id") or one.get("key") for one in self._answer[name]]
            if name != "exempt":
                self._faults.equal(f"/{name}", ids, sorted(set(ids)), "sorted by id, each once")
            else:
                self._faults.equal(f"/{name}", ids, sorted(ids), "sorted by id")

    def _parties(self) -> None:
        mentioned = _mentioned(self._answer)
        found = {}
        for party in mentioned:
            who = self._book.parties[party]
            client = self._book.member(party) if self._book.all_clients else self._book.client(party)
            found[party] = {"name": who.name, "kind": who.kind, "client": client}
        self._faults.mapping("/parties", self._answer["parties"], found, "as the facts name the party")

    # --- groups and exempt sets ----------------------------------------------------------------

    def _verdict_on(self, head: str, reason: str) -> Verdict | None:
        """What sets an owner apart from an exempt set that it heads, if something does."""
        if head in self._apart:
            return self._apart[head]
        organ = head in self._book.parties and self._book.parties[head].kind == "government"
        if not organ or self._book.admissible(head):
            return None
        verdict = self._exemptions.of_owner(head)
        return verdict if verdict.reason and verdict.reason == reason else None

    def _all_groups(self) -> None:
        listed = []
        for name in ("groups", "exempt"):
            for number, said in enumerate(self._answer[name]):
                place = f"/{name}/{number}"
                head = said["controller"]["parties"][0] if said["controller"]["parties"] else ""
                wanted = "GROUP" if name == "groups" else "EXEMPT"
                self._faults.equal(f"{place}/outcome", said["outcome"], wanted, "the outcome of this list")
                verdict = self._verdict_on(head, said["reason"]) if name == "exempt" else None
                if verdict is not None:
                    self._set_apart_one(place, said, verdict)
                    continue
                found = self._groups.check(place, said, self._faults)
                if found is None:
                    continue
                self._found[said["id"]] = found
                listed.append((place, said, found))
        beside = _beside(listed)
        for place, said, found in listed:
            verdict = self._exemptions.of_group(found)
            self._ruled(place, said, verdict)
            again = self._told.reopened.get(said["id"])
            reopened = frozenset({again} if again else ())
            around = Beside(*beside, ruling=verdict.flags, partial=self._partial, reopened=reopened)
            self._groups.flags(place, said, found, around, self._faults)
        self._largest(listed)

    def _set_apart_one(self, place: str, said: Document, verdict: Verdict) -> None:
        """An owner set apart, and what stands directly below it; alone where the rule frees only these."""
        head = said["controller"]["parties"][0]
        organ = head not in self._apart
        before = Groups(self._book, points(self._book, organs=organ))
        whole = before.found(said["controller"])
        if whole is None or not whole.stands_together(self._book.policy.members.min):
            self._faults.add(f"{place}/controller", said["controller"], None, "no controlling point")
            return
        direct = {one for one in whole.everyone if not self._points.over(one)}
        direct -= {head} if verdict.effect == "split_siblings" else set()
        found = before.check(place, said, self._faults, only=direct)
        if found is not None:
            self._ruled(place, said, verdict)
            beside = Beside({}, {}, ruling=verdict.flags, partial=True)
            before.flags(place, said, found, beside, self._faults)

    def _ruled(self, place: str, said: Document, verdict: Verdict) -> None:
        """The exemption that applies is the one that is told."""
        wanted = {
            "reason": verdict.reason,
            "article": verdict.article,
            "measured": verdict.measured,
            "facts": list(verdict.facts),
        }
        told = {
            "reason": said.get("reason", ""),
            "article": said.get("article", ""),
            "measured": dict(said.get("measured", {})),
            "facts": sorted(said.get("facts", ())),
        }
        self._faults.mapping(place, told, wanted, "what the policy makes of the figures")

    def _largest(self, listed: list[tuple[str, Document, Found]]) -> None:
        """Of families with equal or included members only the largest stands."""
        families = [
            (place, found.whole) for place, said, found in listed if said["controller"]["kind"] == "person"
        ]
        at: dict[str, list[int]] = {}
        for number, (_, members) in enumerate(families):
            for company in members:
                at.setdefault(company, []).append(number)
        for number, (place, members) in enumerate(families):
            nearby = {other for company in members for other in at[company]} - {number}
            if any(members <= families[other][1] for other in nearby):
                self._faults.add(place, sorted(members), None, "another family's group holds all of these")

    def _confirm(self, said: Document) -> Iterable[Expected]:
        """A question about a group that stands: the one with these members under these persons."""
        for group in self._groups_of.get((*said["parties"], *said["with"]), ()):
            found = self._found.get(group["id"])
            if found is None:
                continue
            doubts = sorted({*group["flags"]} & {"low_confidence", "kin_joint_only"})
            if doubts:
                yield Expected(self._groups.confirm_facts(found), flags=tuple(doubts))

    @cached_property
    def _groups_of(self) -> dict[tuple[str, ...], list[Document]]:
        """Groups by their members and their controller, or the parties that a decision ties together."""
        groups: dict[tuple[str, ...], list[Document]] = {}
        for group in self._answer["groups"]:
            found, above = self._found.get(group["id"]), group["controller"]["parties"]
            unit = found.unit if found and group["controller"]["kind"] == "none" else above
            groups.setdefault((*group["members"], *unit), []).append(group)
        return groups

    # --- findings ------------------------------------------------------------------------------

    def _findings(self) -> None:
        said = [dict(one) for one in self._answer["findings"]]
        stated = [one.to_dict() for one in self._book.day.facts.findings]
        noticed = self._noticed()
        if not self._partial:
            self._faults.equal("/findings", said, [*stated, *noticed], "the findings of these facts")
            return
        for number, one in enumerate(said):
            if one not in stated and one not in noticed:
                self._faults.add(f"/findings/{number}", one, None, "no finding of these facts")

    def _noticed(self) -> list[dict[str, Any]]:
        """Assumed clients, and companies about which too little is known."""
        book = self._book
        found = [one for entry in self._answer.get("decisions", ()) for one in self._of_decision(entry)]
        if book.policy.triggers("hidden_association"):
            detail = f"hidden_association: {', '.join(unheard_of(book))}"
            remedy = "Look at these signs by hand, or add the facts that show them."
            found.append(_finding("not_assessed", detail=detail, remedy=remedy))
        if book.all_clients:
            found.append(
                _finding(
                    "clients_assumed",
                    detail=FINDINGS["clients_assumed"].en,
                    remedy="Fill client_no for the bank's own clients.",
                )
            )
        found += [_finding(code, **told) for code, told in noticed(book)]
        for party in book.by_key(book.parties):
            if book.parties[party].person or not (book.member(party) and book.client(party)):
                continue
            covered = sum(one.votes for one in book.day.by_company.get(party, ()))
            if covered <= HALF and not self._points.over(party):
                found.append(
                    _finding(
                        "register_incomplete",
                        party=party,
                        detail=f"{decimal(covered)} % of the votes is on file and no controller is known.",
                        remedy="Add the missing holdings, or take the answer as open.",
                    )
                )
        return found

    def _of_decision(self, entry: Document) -> list[dict[str, Any]]:
        """What is found odd about a decision that does not apply, or names nobody."""
        status, strangers = entry["status"], list(entry["strangers"])
        answered = status == "expired" and entry["key"] in self._told.closed
        if answered or (status == "applied" and not strangers):
            return []
        about = entry["key"] or entry["group"]
        parts = [entry["decision"], *([about] if about else []), f"[{entry['fact']}]"]
        parts += [f"no such party: {', '.join(strangers)}"] if strangers else []
        parts += [f"until {entry['until']}"] if status == "expired" else []
        code = REOPENED.get(status, "decision_orphaned")
        detail, remedy = " ".join(parts), _DECISION_REMEDIES.get(code, "")
        return [_finding(code, severity="warning", detail=detail, remedy=remedy)]


_DECISION_REMEDIES: Final = {
    "decision_expired": "Decide anew; a row with a later `until` may name this one in `supersedes`.",
    "decision_contradicted": "Withdraw one of the two: give it `valid_to`, or a new row that supersedes it.",
    "decision_orphaned": (
        "Look at the parties again and decide anew; if it is about another policy, name it in `policy`."
    ),
}
_OUTCOME_OF: Final = {
    "review": "REVIEW",
    "related": "RELATED",
    "links": "LINK",
    "dependent_sets": "DEPENDENT_SET",
}


def _finding(code: str, **told: str) -> dict[str, Any]:
    empty = dict.fromkeys(("file", "row", "field", "party"))
    return {"code": code, "severity": "info", **empty, "detail": "", "remedy": "", **told}


def _beside(listed: list[tuple[str, Document, Found]]) -> tuple[dict[str, int], dict[str, int]]:
    """In how many groups each company stands, and in how many families'."""
    groups: dict[str, int] = {}
    families: dict[str, int] = {}
    for _, said, found in listed:
        for company in found.everyone:
            groups[company] = groups.get(company, 0) + 1
            if said["controller"]["kind"] == "person":
                families[company] = families.get(company, 0) + 1
    return groups, families


def _mentioned(answer: Document) -> set[str]:
    """Every party that an outcome names."""
    found: set[str] = set()
    for name in ("groups", "exempt"):
        for said in answer[name]:
            found |= {*said["members"], *said["non_client_members"], *said["controller"]["parties"]}
            found |= {one["person"] for one in said["controller"].get("kin", ())}
            for company, step in said["evidence"].items():
                found |= {company, *step["unit"], *(part["by"] for part in step["contributions"])}
            for one in said.get("shares", ()):
                found |= {one["company"], *one["unit"], *(part["by"] for part in one["contributions"])}
    for name in PAIR_LISTS:
        for said in answer[name]:
            found |= {*said["parties"], *said["with"]}
    for entry in answer.get("decisions", ()):
        question = entry["question"] or {"parties": (), "with": ()}
        found |= {*entry["parties"], *question["parties"], *question["with"]}
    return found
