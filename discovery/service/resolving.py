"""A new client: who it may be among those on file, and in which group it would stand. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from discovery.errors import BadInput, GuanlianError, UnknownParty
from discovery.facts.facts import Facts
from discovery.facts.graph import FactGraph
from discovery.facts.identifiers import mask_id_numbers
from discovery.facts.package import facts_from_rows
from discovery.groups import discover
from discovery.names.answers import MERGE_AT, REVIEW_AT, Part
from discovery.policies import Policy
from discovery.service.candidates import Candidate, Candidates
from discovery.service.entities import RELATIONS, Entity, read_entity
from discovery.service.groups import Groups
from discovery.service.lookup import numbers_by, party_number
from discovery.service.neighbourhood import Neighbourhood

Document = dict[str, Any]
MOST_QUERIES: Final = 1_000
LONGEST_DETAIL: Final = 500  # characters of what is said of a query that cannot be answered
QUERY: Final = "query"  # the source of what a query states
CLIENT: Final = "query:client"  # the id of a client that is nobody on file
WEIGHT: Final = {"matched": 1.0, "similar": 0.5, "missing": 0.0, "unmatched": 0.0, "vetoed": 0.0}


@dataclass(frozen=True)
class Asked:
    """How much is answered: results a query, the least score where nothing else speaks for one, groups."""

    limit: int = 5
    cutoff: int = REVIEW_AT  # thousandths
    membership: bool = True


@dataclass(frozen=True)
class World:
    """What a query is asked of: the index, the day's facts, what a policy says of them, what lies around."""

    candidates: Candidates
    groups: Groups
    near: Neighbourhood

    @property
    def graph(self) -> FactGraph:
        return self.groups.graph

    @property
    def policy(self) -> Policy:
        return self.groups.answer.policy


def resolve(queries: object, world: World, asked: Asked) -> Document:
    """Answers by the caller's keys, in the shape of yente's /match; one bad query spoils no other.

    BadInput as `refuse_queries` says.
    """
    queries = refuse_queries(queries)
    answer = world.groups.answer
    return {
        "responses": {str(key): _one(str(key), given, world, asked) for key, given in queries.items()},
        "thresholds": {
            "company": {"merge": MERGE_AT / 1000, "review": REVIEW_AT / 1000},
            "person": {"merge": "name and something else", "review": "an agreeing name"},
        },
        "policy": answer.policy.slug,
        "as_of": answer.as_of.isoformat(),
    }


def refuse_queries(queries: object) -> Mapping[Any, object]:
    """The queries; BadInput if there are none, too many, or no mapping at all."""
    if not isinstance(queries, Mapping) or not queries:
        raise BadInput(
            "queries holds no query.", remedy='Write {"queries": {"q1": {"schema": "Company", ...}}}.'
        )
    if len(queries) > MOST_QUERIES:
        raise BadInput(
            f"{len(queries):,} queries are sent at once.", remedy=f"Send {MOST_QUERIES:,} at most."
        )
    return queries


def _one(key: str, given: object, world: World, asked: Asked) -> Document:
    try:
        entity = read_entity(given, key)
        found = matches(entity, world, asked)
        answer: Document = {
            "status": 200,
            "query": _echo(entity),
            "results": [_result(one, world) for one in found],
            "total": {"value": len(found), "relation": "eq"},
            "findings": [finding.to_dict() for finding in entity.findings],
        }
        if asked.membership:
            answer["membership"] = membership(entity, found, world)
    except GuanlianError as error:
        status = 404 if isinstance(error, UnknownParty) else 422
        return {
            "status": status,
            "error": {
                "type": f"/problems/{type(error).__name__}",
                "detail": _told_short(error.detail),
                "remedy": mask_id_numbers(error.remedy),
            },
            "results": [],
            "total": {"value": 0, "relation": "eq"},
        }
    return answer


def _told_short(text: str) -> str:
    """A sentence without ID numbers; what it repeats of a query may be of any length."""
    text = mask_id_numbers(text)
    return text if len(text) <= LONGEST_DETAIL else f"{text[:LONGEST_DETAIL]}…"


def matches(entity: Entity, world: World, asked: Asked) -> list[Candidate]:
    """The parties it may be, best first. A party that is named, or has its client number, is it."""
    sure: dict[str, Candidate] = {}
    graph = world.graph
    if entity.party is not None:
        _known(sure, graph, party_number(graph, entity.party), "id")
    if entity.values.get("client_no"):
        for number in numbers_by(graph, "client_no", entity.values["client_no"]):
            _known(sure, graph, number, "client_no")
    found = world.candidates.of(entity.frame(), entity.kind, max(asked.limit, 5)) if entity.values else []
    for one in found:
        if one.party in graph.parties.number and (one.match or one.review or one.score >= asked.cutoff):
            sure.setdefault(one.party, one)
    ranked = sorted(sure.values(), key=lambda one: (not one.match, -one.score, one.record))
    return ranked[: asked.limit]


def _known(found: dict[str, Candidate], graph: FactGraph, number: int, why: str) -> None:
    party = graph.parties.ids[number]
    parts = (Part(why, "matched"),)
    found[party] = Candidate(party, graph.parties.keys[number], 1_000, match=True, review=False, parts=parts)


def _result(one: Candidate, world: World) -> Document:
    graph = world.graph
    row = graph.parties.frame.row(graph.parties.number[one.party], named=True)
    person = row["kind"] == "natural_person"
    shown = {
        "name": row["name"],
        "uscCode": row["uscc"],
        "leiCode": row["lei"],
        "country": row["country"],
        "clientNo": row["client_no"],
    }
    return {
        "id": one.party,
        "caption": mask_id_numbers(row["name"] or one.party),
        "schema": "Person" if person else "Company",
        "properties": {
            name: [text if name in {"uscCode", "leiCode"} else mask_id_numbers(text)]
            for name, text in shown.items()
            if text
        },
        "record": mask_id_numbers(one.record),
        "score": one.score / 1000,
        "match": one.match,
        "decision": "merge" if one.match else "review" if one.review else "apart",
        "features": {part.part: WEIGHT[part.state] for part in one.parts},
        "explanations": {
            part.part: {
                "state": part.state,
                "score": WEIGHT[part.state],
                "query": mask_id_numbers(part.right),
                "candidate": mask_id_numbers(part.left),
            }
            for part in one.parts
        },
    }


def _echo(entity: Entity) -> Document:
    """The query as it was understood, without ID numbers."""
    shown = {
        name: text if name in {"uscc", "lei"} else mask_id_numbers(text[:300])
        for name, text in entity.values.items()
        if name != "id_number"
    }
    if "id_number" in entity.values:
        shown["id_number"] = "***"
    return {"schema": "Person" if entity.kind == "person" else "Company", "properties": shown}


def membership(entity: Entity, found: Sequence[Candidate], world: World) -> Document:
    """The outcomes that would name the client, with evidence, were it on file with what the query states.

    It is the one party that matches, else a new one. Facts of the query lie on top of those around it;
    `truncated` says that some further off were not looked at.
    """
    sure = [one.party for one in found if one.match]
    party = sure[0] if len(sure) == 1 else None
    if party is not None and not entity.relations:
        told = world.groups.about(party, limit=20)
        return _told(told, party, hypothetical=False, truncated=bool(told["truncated"]), related=[])
    rows, related, seeds = stated(entity, party, world)
    around, cut = world.near.around([world.graph.parties.number[one] for one in seeds])
    answer = discover(
        with_rows(around, rows),
        world.policy,
        as_of=world.groups.answer.as_of,
        known_at=world.graph.known_at,
    )
    name = party or CLIENT
    told = Groups(answer).about(name, limit=20)
    return _told(told, name, hypothetical=True, truncated=cut or bool(told["truncated"]), related=related)


def _told(
    told: Document, party: str, *, hypothetical: bool, truncated: bool, related: list[Document]
) -> Document:
    kept = ("groups", "exempt", "review", "related", "parties", "findings")
    return {
        "party": party,
        "hypothetical": hypothetical,
        "truncated": truncated,
        **{name: told[name] for name in kept},
        "connected": related,
    }


Rows = dict[str, list[dict[str, Any]]]


def stated(entity: Entity, party: str | None, world: World) -> tuple[Rows, list[Document], list[str]]:
    """What a query states, as rows of a facts package; whom its holders and officers were taken for; whose
    surroundings matter."""
    number = world.graph.parties.any_client_number
    rows: Rows = {"parties": [], "holdings": [], "offices": []}
    seeds = [] if party is None else [party]
    if party is None:
        rows["parties"].append(_party_row(CLIENT, entity, client="new" if number else None))
    me = party or CLIENT
    related: list[Document] = []
    for relation in RELATIONS:
        for place, (other, values) in enumerate(entity.relations.get(relation, ())):
            found = matches(other, world, Asked(limit=3))
            sure = [one.party for one in found if one.match]
            who = sure[0] if len(sure) == 1 else f"{QUERY}:{relation}:{place}"
            if len(sure) == 1:
                seeds.append(who)
            else:
                rows["parties"].append(_party_row(who, other, client=None))
            related.append(
                {
                    "as": f"{relation}[{place}]",
                    "party": who,
                    "match": len(sure) == 1,
                    "results": [_result(one, world) for one in found],
                }
            )
            stem, row = relation_row(relation, me, who, values)
            rows[stem].append(row)
    return rows, related, seeds


def relation_row(
    relation: str, client: str, other: str, values: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """The file and the row that state a holder, an officer or a holding of a client."""
    if relation == "officers":
        return "offices", {"person": other, "company": client, "role": values.get("role") or "other"}
    percents = {name: str(values[name]) for name in ("equity_percent", "voting_percent") if name in values}
    holder, company = (other, client) if relation == "holders" else (client, other)
    return "holdings", {"holder": holder, "company": company, **percents}


def _party_row(key: str, entity: Entity, *, client: str | None) -> dict[str, Any]:
    row: dict[str, Any] = {"id": key, "name": entity.name or None}
    kept = (
        "other_names",
        "former_names",
        "country",
        "region",
        "uscc",
        "lei",
        "registration_no",
        "is_private",
    )
    row |= {name: entity.values[name] for name in kept if entity.values.get(name)}
    kind = "natural_person" if entity.kind == "person" else entity.values.get("kind")
    return row | {"kind": kind, "client_no": client}


def with_rows(around: Facts, rows: Rows) -> Facts:
    """Facts with what a query states on top; its references to parties on file are theirs."""
    added = facts_from_rows(rows, source=QUERY)
    known = set(around["parties"]["id"])
    frames = dict(around.frames)
    for stem, frame in added.frames.items():
        fresh = frame.filter(~pl.col("id").is_in(list(known))) if stem == "parties" else frame
        frames[stem] = pl.concat([around[stem], fresh], how="diagonal_relaxed")
    return Facts(frames)
