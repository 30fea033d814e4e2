"""One answer, asked about a party, a group or one membership."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Final

from discovery.errors import UsageError
from discovery.evidence.models import GROUP_LISTS, PAIR_LISTS
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
        document = _named(self.answer.about(party).document())
        totals: Document = {}
        for name in (*GROUP_LISTS, *PAIR_LISTS):
            totals[name] = {"total": len(document[name]), "returned": min(limit, len(document[name]))}
            document[name] = document[name][:limit]
        members: Document = {}
        for name in GROUP_LISTS:
            for place, group in enumerate(document[name]):
                document[name][place] = cut = members_page(group, 0, MEMBERS, also=party)
                members[group["id"]] = _count(group, cut)
        totals["members"] = members
        short = any(one["total"] > one["returned"] for one in (*members.values(), *_plain(totals)))
        document["parties"] = _mentioned(document)
        return {**document, "about": party, "truncated": short, "counts": totals}

    def group(self, wanted: str, *, limit: int, offset: int) -> Document:
        """One group, its members a page at a time, each with its evidence."""
        document, group = self._group(wanted)
        cut = members_page(group, offset, limit)
        members = _count(group, cut)
        page = {
            "policy": document["policy"],
            "as_of": document["as_of"],
            "known_at": document["known_at"],
            "parties": document["parties"],
            "group": cut,
            "members": {"limit": limit, "offset": offset, **members},
            "truncated": members["returned"] < members["total"],
        }
        page["parties"] = _mentioned(page | {"groups": [cut]})
        return page

    def evidence(self, wanted: str, text: str) -> Document:
        """Why one party is a member: its step, the steps that one rests on, and the same in words."""
        party = self._id(text)
        document, group = self._group(wanted)
        if party not in {*group["members"], *group["non_client_members"]}:
            raise UnknownMember(
                f"{party} is no member of {wanted}.",
                remedy=f"/v1/groups/{wanted} lists its members.",
                group=wanted,
                party=party,
            )
        cut = only(group, [party])
        names = names_of(document)
        steps = sorted(cut["evidence"].values(), key=lambda step: (-step["round"], step["company"]))
        flags = [*group["member_flags"].get(party, ()), *group["flags"]]
        return {
            "policy": document["policy"],
            "as_of": document["as_of"],
            "known_at": document["known_at"],
            "parties": _mentioned(document | {**dict.fromkeys(GROUP_LISTS, ()), "groups": [cut]}),
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
        return _named(owners_of(self.answer, self._id(text), threshold=percent, limit=limit))

    def administration(self, wanted: str) -> Document:
        """How one group is administered under the policy; what it is measured on is kept for the next."""
        return of_group(self._administration, wanted)

    @cached_property
    def _administration(self) -> Administration:
        return Administration(self.answer)

    def _id(self, text: str) -> str:
        return self.graph.parties.ids[party_number(self.graph, text)]

    def _group(self, wanted: str) -> tuple[Document, Document]:
        head = self._heads.get(wanted)
        if head is not None:
            document = _named(self.answer.about(head).document())
            for group in (*document["groups"], *document["exempt"]):
                if group["id"] == wanted:
                    return document, group
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


def _named(document: Document) -> Document:
    for party in document["parties"].values():
        party["name"] = party["name"] and shown(party["name"])
    return document


def _mentioned(document: Document) -> Document:
    """Of the parties of a document those that it still names."""
    names: set[str] = set()
    for name in GROUP_LISTS:
        for group in document.get(name, ()):
            names.update(group["members"], group["non_client_members"], group["controller"]["parties"])
            names.update(group["evidence"])
            for step in group["evidence"].values():
                names.update(step["unit"], (share["by"] for share in step["contributions"]))
            for carried in group.get("shares", ()):
                names.add(carried["company"])
                names.update(share["by"] for share in carried["contributions"])
    for name in PAIR_LISTS:
        for pair in document.get(name, ()):
            names.update(pair["parties"], pair["with"])
    return {party: row for party, row in document["parties"].items() if party in names}
