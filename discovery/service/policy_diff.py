"""`policy diff`: where two policies say different things, and which members that makes on a graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from discovery.groups import Answer
from discovery.groups.why_not import why_not_in
from discovery.policies import Policy, load_policy

Document = dict[str, Any]
Place = tuple[str, ...]  # who controls, kind first
_NAMES: Final = frozenset({"slug", "title", "source", "inherits", "notes", "valid_from", "valid_to"})
_CITED: Final = frozenset({"article", "presumed"})
_ITEMS: Final = (".code", ".id")  # by these keys items of lists are told apart
_STEP: Final = ("basis", "article", "measure", "op", "threshold", "total")


def policy_diff(left_name: str, right_name: str, overrides: Mapping[str, object] | None = None) -> Document:
    """The values that differ, by their key in the file; citations that differ are only counted."""
    left, right = load_policy(left_name, overrides), load_policy(right_name, overrides)
    one, two = (dict(_values(_rules(policy), "")) for policy in (left, right))
    for mine, other in ((one, two), (two, one)):
        _fold(mine, other)
    keys = [key for key in dict.fromkeys([*one, *two]) if one.get(key) != two.get(key)]
    cited = [key for key in keys if key.rpartition(".")[2] in _CITED]
    return {
        "left": left.slug,
        "right": right.slug,
        "values": [
            {"key": key, "left": one.get(key), "right": two.get(key)} for key in keys if key not in set(cited)
        ],
        "citations": len(cited),
    }


def member_diff(left: Answer, right: Answer, *, limit: int) -> Document:
    """Which companies stand in a controller's group under one of two policies and not under the other.

    A row names the company, the controller and what each side makes of it: the step by which it is a
    member, the exemption, the question, or the ground that comes nearest (for the first `limit` rows).
    """
    sides = [_Side(left), _Side(right)]
    places = sorted({*sides[0].members, *sides[1].members})
    rows = [place for place in places if (place in sides[0].members) != (place in sides[1].members)]
    shown = [
        {
            "company": company,
            "controller": {"kind": controller[0], "parties": list(controller[1:])},
            "left": sides[0].says(controller, company),
            "right": sides[1].says(controller, company),
        }
        for controller, company in rows[:limit]
    ]
    parties = left.graph.parties
    named = {party for controller, company in rows[:limit] for party in (company, *controller[1:])}
    return {
        "groups": {"left": sides[0].groups, "right": sides[1].groups},
        "total": len(rows),
        "returned": len(shown),
        "truncated": len(shown) < len(rows),
        "members": shown,
        "parties": {party: parties.names[parties.number[party]] for party in named},
    }


class _Side:
    """One policy's answer, by controller and company."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.groups = 0
        self.members: dict[tuple[Place, str], Document | None] = {}
        self._exempt: dict[tuple[Place, str], Document] = {}
        for document in answer.groups():
            exempt = document["outcome"] == "EXEMPT"
            self.groups += not exempt
            for company in document["members"]:
                place = (_place(document["controller"]), company)
                if exempt:
                    self._exempt.setdefault(place, document)
                else:
                    self.members.setdefault(place, document["evidence"].get(company))

    def says(self, controller: Place, company: str) -> Document:
        """What this side makes of the company under that controller."""
        place = (controller, company)
        if place in self.members:
            step = self.members[place]
            return {"outcome": "GROUP"} if step is None else {"outcome": "GROUP", **_told(step)}
        if place in self._exempt:
            found = self._exempt[place]
            return {"outcome": "EXEMPT", "reason": found["reason"], "article": found["article"]}
        asked = why_not_in(self._answer, controller=controller[1], company=company)
        heads = {*controller[1:]}
        for question in asked["review"]:
            if heads & {*question["with"], *question["parties"]}:
                return {"outcome": "REVIEW", "reason": question["reason"]}
        best = asked["best"]
        if best["controls"]:
            return {"outcome": "NONE", "controls": True, **_told(best)}
        return {"outcome": "NONE", **_told(best), "missing": best["missing"]}


def _place(controller: Document) -> Place:
    """Who controls: of a family the anchor alone, so that other kin in scope make no other controller."""
    parties = controller["parties"][:1] if controller["kind"] == "person" else controller["parties"]
    return (controller["kind"], *parties)


def _told(step: Document) -> Document:
    return {key: step[key] for key in _STEP}


def _rules(policy: Policy) -> Document:
    data = policy.model_dump(mode="json")
    return {key: value for key, value in data.items() if key not in _NAMES}


def _fold(mine: Document, other: Document) -> None:
    """Items of lists that only one side has become one value each, without what is plainly default."""
    theirs = {key.rpartition(".")[0] for key in other}
    for place in dict.fromkeys(key.removesuffix(ending) for key in list(mine) for ending in _ITEMS
                               if key.endswith(ending)):  # fmt: skip
        if place not in theirs and f"{place}.when" not in theirs:
            inner = [key for key in mine if key.startswith(f"{place}.")]
            told = {key.removeprefix(f"{place}."): mine.pop(key) for key in inner}
            mine[place] = {
                key: value
                for key, value in told.items()
                if key not in {"code", "id", "status", *_CITED}
                and value not in (False, "0", None)
                and (key, value) != ("at_least", 2)
            }


def _values(data: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Every plain value by its dotted key; items of lists by their code or id; plain lists as wholes."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _values(value, f"{place}.{key}" if place else str(key))
    elif isinstance(data, list) and data and all(_named(item) for item in data):
        for item in data:
            yield from _values(item, f"{place}.{_named(item)}")
    elif data not in (None, [], ""):
        yield place, data


def _named(item: Any) -> str | None:
    """The code or id of an item of a list."""
    return item.get("code") or item.get("id") if isinstance(item, dict) else None
