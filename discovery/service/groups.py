"""One answer, asked about a party, a group or one membership."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from functools import cached_property
from itertools import chain
from typing import Any, Final

from discovery.errors import UsageError
from discovery.evidence.models import GROUP_LISTS
from discovery.evidence.wording import (
    flag_sentence,
    names_of,
    outcome_sentence,
    share_sentence,
    step_sentence,
)
from discovery.groups.answer import Answer
from discovery.service.administration import Administration, UnknownGroup, of_group
from discovery.service.lookup import party_number, shown
from discovery.service.owners import owners_of, threshold_of

Document = dict[str, Any]
MEMBERS: Final = 1_000  # members of a group that are listed beside other outcomes


class UnknownMember(UsageError):
    """The party is no member of that group."""


class Groups:
    """An answer in memory. Documents are those of the published answer, cut to what is asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.graph = answer.graph

    def warm(self) -> None:
        """Do once what the first question would have to wait for."""
        parties = self.graph.parties
        first = next(iter(self._heads.values()), None)
        if len(parties):
            self.about(parties.ids[0] if first is None else first, limit=1)
        # what an answer holds lives long: the collector need not look through millions of it again and again
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    def about(self, text: str, *, limit: int) -> Document:
        """The outcomes that name the party, at most `limit` of each kind, with what there is in all.

        The party is named by id, record key, client number, USCC or LEI, as in all questions here.
        """
        party = self._id(text)
        answer = self.answer.about(party)
        lists = answer.lists()
        totals: Document = {}
        for name, found in lists.items():
            totals[name] = {"total": len(found), "returned": min(limit, len(found))}
            lists[name] = found[:limit]
        members: Document = {}
        for name in GROUP_LISTS:
            for place, group in enumerate(lists[name]):
                lists[name][place] = cut = members_page(group, 0, MEMBERS, also=party)
                members[group["id"]] = _count(group, cut)
        totals["members"] = members
        short = any(one["total"] > one["returned"] for one in (*members.values(), *_plain(totals)))
        return {
            **answer.head(),
            "parties": _parties(answer, chain.from_iterable(lists.values())),
            **lists,
            "decisions": answer.decisions(),
            "findings": [finding.to_dict() for finding in answer.findings()],
            "about": party,
            "truncated": short,
            "counts": totals,
        }

    def group(self, wanted: str, *, limit: int, offset: int) -> Document:
        """One group, its members a page at a time, each with its evidence."""
        group = self._group(wanted)
        cut = members_page(group, offset, limit)
        members = _count(group, cut)
        return {
            **self.answer.head(),
            "parties": _parties(self.answer, [cut]),
            "group": cut,
            "members": {"limit": limit, "offset": offset, **members},
            "truncated": members["returned"] < members["total"],
        }

    def evidence(self, wanted: str, text: str) -> Document:
        """Why one party is a member: its step, the steps that one rests on, and the same in words."""
        party = self._id(text)
        group = self._group(wanted)
        if party not in {*group["members"], *group["non_client_members"]}:
            raise UnknownMember(
                f"{party} is no member of {wanted}.",
                remedy=f"/v1/groups/{wanted} lists its members.",
                group=wanted,
                party=party,
            )
        cut = only(group, [party])
        parties = _parties(self.answer, [cut])
        names = names_of({"parties": parties})
        steps = sorted(cut["evidence"].values(), key=lambda step: (-step["round"], step["company"]))
        flags = [*group["member_flags"].get(party, ()), *group["flags"]]
        return {
            **self.answer.head(),
            "parties": parties,
            "group": wanted,
            "outcome": group["outcome"],
            "controller": group["controller"],
            "member": party,
            "basis": group["basis"].get(party, []),
            "coverage": group["coverage"].get(party),
            "flags": list(dict.fromkeys(flags)),
            "evidence": cut["evidence"],
            **({"shares": cut["shares"]} if "shares" in cut else {}),
            "sentences": {
                language: [
                    *([] if steps else [outcome_sentence(cut, names, language)]),
                    *(step_sentence(step, names, language) for step in steps),
                    *(share_sentence(share, names, language) for share in cut.get("shares", ())),
                    *(flag_sentence(flag, language) for flag in dict.fromkeys(flags)),
                ]
                for language in ("zh", "en")
            },
        }

    def owners(self, text: str, *, threshold: str | None, limit: int) -> Document:
        """The ultimate controllers and owners of a party."""
        percent = threshold_of(threshold)
        document = owners_of(self.answer, self._id(text), threshold=percent, limit=limit)
        _shown(document["parties"])
        return document

    def administration(self, wanted: str) -> Document:
        """How one group is administered under the policy; what it is measured on is kept for the next."""
        return of_group(self._administration, wanted)

    @cached_property
    def _administration(self) -> Administration:
        return Administration(self.answer)

    def _id(self, text: str) -> str:
        return self.graph.parties.ids[party_number(self.graph, text)]

    def _group(self, wanted: str) -> Document:
        head = self._heads.get(wanted)
        if head is not None:
            for group in self.answer.about(head).groups():
                if group["id"] == wanted:
                    return group
        raise UnknownGroup(
            f"There is no group {wanted} on {self.answer.as_of} under {self.answer.policy.slug}.",
            remedy="Name the policy and the day under which you found it.",
            group=wanted,
        )

    @cached_property
    def _heads(self) -> dict[str, str]:
        """One party that every outcome about the group names, by group id."""
        return self.answer.heads()


def members_page(group: Document, offset: int, limit: int, *, also: str | None = None) -> Document:
    """The group with a page of its members (clients first) and what shows why they are; `also` is kept."""
    everyone = [*group["members"], *group["non_client_members"]]
    if len(everyone) <= limit and not offset:
        return group
    kept = everyone[offset : offset + limit]
    if also in everyone and also not in kept:
        kept.append(also)
    return only(group, kept)


def only(group: Document, kept: list[str]) -> Document:
    """The group with these members, their evidence and all that it rests on."""
    chosen = set(kept)
    evidence = group["evidence"]
    needed: set[str] = set()
    waiting = [company for company in kept if company in evidence]
    while waiting:
        company = waiting.pop()
        if company in needed:
            continue
        needed.add(company)
        step = evidence[company]
        rested = {*step["unit"], *(share["by"] for share in step["contributions"])}
        waiting += [one for one in rested if one in evidence and one not in needed]
    return {
        **group,
        "members": [one for one in group["members"] if one in chosen],
        "non_client_members": [one for one in group["non_client_members"] if one in chosen],
        **{
            name: {one: value for one, value in group[name].items() if one in chosen}
            for name in ("member_flags", "basis", "coverage")
        },
        "evidence": {company: evidence[company] for company in evidence if company in needed},
        **shares_behind(group, needed),
    }


def shares_behind(group: Document, companies: Iterable[str]) -> Document:
    """`shares` of a group as far as the steps of these companies rest on them; nothing if it has none."""
    if "shares" not in group:
        return {}
    steps = [group["evidence"][company] for company in companies if company in group["evidence"]]
    waiting = [(tuple(step["unit"]), part["by"]) for step in steps for part in step["contributions"]]
    waiting += [(tuple(step["unit"]), step["company"]) for step in steps]
    behind: dict[tuple[tuple[str, ...], str], list[Document]] = {}
    for share in group["shares"]:
        behind.setdefault((tuple(share["unit"]), share["company"]), []).append(share)
    needed: set[tuple[tuple[str, ...], str]] = set()
    while waiting:
        place = waiting.pop()
        if place not in needed:
            needed.add(place)
            waiting += [
                (place[0], part["by"]) for share in behind.get(place, ()) for part in share["contributions"]
            ]
    return {"shares": [one for one in group["shares"] if (tuple(one["unit"]), one["company"]) in needed]}


def _count(group: Document, cut: Document) -> dict[str, int]:
    return {
        "total": len(group["members"]) + len(group["non_client_members"]),
        "returned": len(cut["members"]) + len(cut["non_client_members"]),
    }


def _plain(totals: Document) -> list[dict[str, int]]:
    return [one for name, one in totals.items() if name != "members"]


def _parties(answer: Answer, outcomes: Iterable[Document]) -> Document:
    return _shown(answer.parties(outcomes))


def _shown(parties: Document) -> Document:
    for party in parties.values():
        party["name"] = party["name"] and shown(party["name"])
    return parties
