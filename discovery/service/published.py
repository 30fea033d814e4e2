"""The bank's own groups in the store, where an admin browses them, kept current by differences."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any, Final

import orjson
import polars as pl

from discovery.graph.connection import Graph
from discovery.graph.derived import GROUPS, MEMBERS, Difference, stored_groups, write_derived
from discovery.service.answers import Asked, groups
from discovery.service.days import today
from discovery.service.sources import Progress
from discovery.service.stored import StoreEmpty, store_facts

BANK_POLICY: Final = "GUANLIAN_POLICY"  # the environment's name of the bank's own policy
DEFAULT_POLICY: Final = "cbrc-2010"
SHOWN: Final = (
    "outcome",
    "controller",
    "members",
    "non_client_members",
    "member_flags",
    "basis",
    "coverage",
    "evidence",
)  # what of a group's document the derived layer is made from
Document = dict[str, Any]


def bank_policy() -> str:
    """The bank's own policy: `GUANLIAN_POLICY`, else the default one."""
    return os.environ.get(BANK_POLICY) or DEFAULT_POLICY


def publish(graph: Graph, asked: Asked | None = None, progress: Progress | None = None) -> Difference:
    """Discover on the store's facts and make its groups those of the answer; what is the same stays.

    `asked`: policy and day, by default the bank's own policy today.
    """
    asked = asked or Asked(bank_policy(), today())
    try:
        facts = store_facts(graph, progress=progress)
    except StoreEmpty:
        return _written(graph, asked, ())
    answer = groups(facts, asked, progress=progress)
    if progress is not None:
        progress("groups", 0, 0)
    return _written(graph, asked, answer.groups())


def _written(graph: Graph, asked: Asked, documents: Iterable[Document]) -> Difference:
    run = f"run_{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    return write_groups(graph, documents, policy=asked.rules().slug, as_of=asked.as_of, run=run)


def write_groups(
    graph: Graph, documents: Iterable[Document], *, policy: str, as_of: date, run: str
) -> Difference:
    """Make the store's groups of a policy those of the documents (see `write_derived`)."""
    stored = stored_groups(graph, policy)
    found, members = group_rows(documents, set(stored.select("id", "content").rows()))
    return write_derived(graph, found, members, policy=policy, as_of=as_of, run=run, stored=stored)


def group_rows(
    documents: Iterable[Document], known: Container[tuple[str, str]] = ()
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Groups as the derived layer takes them, and the memberships of those not `known` (id and content).

    A member's own step is its evidence.
    """
    found: dict[str, list[Any]] = {name: [] for name in GROUPS}
    members: dict[str, list[Any]] = {name: [] for name in MEMBERS}
    for group in documents:
        text = orjson.dumps([group[name] for name in SHOWN])
        content = blake2b(text, digest_size=16).hexdigest()
        found["id"].append(group["id"])
        found["outcome"].append(group["outcome"])
        found["controller_kind"].append(group["controller"]["kind"])
        found["controllers"].append(group["controller"]["parties"])
        found["content"].append(content)
        if (group["id"], content) in known:
            continue
        for client, parties in ((True, group["members"]), (False, group["non_client_members"])):
            for party in parties:
                step = group["evidence"].get(party)
                members["group_id"].append(group["id"])
                members["party_id"].append(party)
                members["client"].append(client)
                members["basis"].append(group["basis"][party])
                members["flags"].append(group["member_flags"].get(party, []))
                members["coverage"].append(group["coverage"].get(party))
                members["evidence"].append(None if step is None else orjson.dumps(step).decode())
    return pl.DataFrame(found, schema=GROUPS), pl.DataFrame(members, schema=MEMBERS)
