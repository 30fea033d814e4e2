"""The bank's own groups in the store, where an admin browses them, kept current by differences."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any, Final

import orjson
import polars as pl

from discovery.graph.connection import Graph
from discovery.graph.derived import GROUPS, MEMBERS, Difference, write_derived
from discovery.groups import Answer
from discovery.service.answers import Asked, groups
from discovery.service.days import today
from discovery.service.sources import Progress
from discovery.service.stored import StoreEmpty, store_facts

BANK_POLICY: Final = "GUANLIAN_POLICY"  # the environment's name of the bank's own policy
DEFAULT_POLICY: Final = "cbrc-2010"


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
        return _written(graph, asked, pl.DataFrame(schema=GROUPS), pl.DataFrame(schema=MEMBERS))
    answer = groups(facts, asked, progress=progress)
    if progress is not None:
        progress("groups", 0, 0)
    return _written(graph, asked, *group_rows(answer))


def _written(graph: Graph, asked: Asked, found: pl.DataFrame, members: pl.DataFrame) -> Difference:
    run = f"run_{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    return write_derived(graph, found, members, policy=asked.rules().slug, as_of=asked.as_of, run=run)


def group_rows(answer: Answer) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Groups and memberships as the derived layer takes them, a member's own step as its evidence."""
    found: dict[str, list[Any]] = {name: [] for name in GROUPS}
    members: dict[str, list[Any]] = {name: [] for name in MEMBERS}
    for group in answer.groups():
        found["id"].append(group["id"])
        found["outcome"].append(group["outcome"])
        found["controller_kind"].append(group["controller"]["kind"])
        found["controllers"].append(group["controller"]["parties"])
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
