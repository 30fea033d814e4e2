"""A resolved client stored: a load of its own source, the same twice as once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from discovery.errors import BadInput
from discovery.facts.facts import KEY, STUB, Facts
from discovery.facts.identifiers import is_id_number
from discovery.facts.keys import hex16, record_key, split_record_key
from discovery.facts.package import facts_from_rows
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.service import changing
from discovery.service.entities import RELATIONS, Entity, read_entity
from discovery.service.identity import party_in, said
from discovery.service.resolving import relation_row

Document = dict[str, Any]
Rows = dict[str, list[dict[str, Any]]]
SOURCE: Final = "clients"
_ID: Final = re.compile(r"[\w.:-]{1,100}", re.ASCII)
_KEPT: Final = (
    "name", "other_names", "former_names", "country", "region", "uscc", "lei", "registration_no", "id_number",
    "birth_date", "phone", "email", "address", "is_private",
)  # fmt: skip


def store_client(graph: Graph, client: str, given: Mapping[str, Any], source: str = SOURCE) -> Document:
    """Write a client as a record of `source` with its holders and officers; again changes nothing.

    `given` is a query of resolve; with `party` the record becomes one with that party (`by`, `reason`), where
    nobody decided otherwise. Holders and officers named by `id` are those parties; others become records.
    """
    if not _ID.fullmatch(client) or is_id_number(client):
        raise BadInput(
            "The client's id is no plain word of at most 100 letters and digits.",
            remedy="Use the client number; an ID number is no id.",
            field="client",
        )
    entity = read_entity(given, "client")
    facts = client_facts(graph, client, entity, source)
    party = given.get("party")
    target = None if party is None else party_in(graph, str(party))
    who = said(by=str(given.get("by", "")), reason=str(given.get("reason", ""))) if target else ("", "")
    summary = load(graph, facts, source=source, name=f"client {client}")
    key = record_key(source, client)
    answer: Document = {
        "record": key,
        "party": party_in(graph, key)[0],
        "changes": summary.changes,
        "version": summary.version,
        "findings": [finding.to_dict() for finding in entity.findings],
        "moved": [],
    }
    if target is not None and key not in target[1] and answer["party"] != target[0]:
        by, reason = who
        answer |= changing.merge(graph, key, target[0], by=by, reason=reason)
        answer["party"] = party_in(graph, key)[0]
    return answer


def client_facts(graph: Graph, client: str, entity: Entity, source: str) -> Facts:
    """The client and what was said of it as facts; parties on file are named by a record of theirs alone."""
    rows: Rows = {"parties": [_row(client, entity, source)], "holdings": [], "offices": []}
    rows["parties"][0]["client_no"] = entity.values.get("client_no") or client
    named: set[str] = set()
    for relation in RELATIONS:
        for other, values in entity.relations.get(relation, ()):
            if other.party is not None:
                ref_source, ref = split_record_key(party_in(graph, other.party)[1][0])
                row: dict[str, Any] = {"id": ref, "source": ref_source}
                named.add(f"{ref_source}/{ref}")
            else:
                ref = f"{client}-{hex16('|'.join(f'{k}={v}' for k, v in sorted(other.values.items())))}"
                row = _row(ref, other, source)
            if row not in rows["parties"]:
                rows["parties"].append(row)
            stem, row = relation_row(relation, client, ref, values)
            rows[stem].append({**row, "source": source})
    facts = facts_from_rows(rows, source=source)
    parties = facts["parties"].with_columns(
        pl.when(pl.col(KEY).is_in(list(named))).then(pl.lit(value=True)).otherwise(pl.col(STUB)).alias(STUB)
    )
    return Facts(facts.frames | {"parties": parties}, facts.findings)


def _row(key: str, entity: Entity, source: str) -> dict[str, Any]:
    kind = "natural_person" if entity.kind == "person" else entity.values.get("kind")
    kept = {name: entity.values[name] for name in _KEPT if entity.values.get(name)}
    return {"id": key, "source": source, "kind": kind, **kept}
