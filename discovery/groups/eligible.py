"""Who may be a member, who may head a group, who counts as a client, who holds a post (per policy)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.facts.graph import KIND_CODE, FactGraph
from discovery.facts.schema import NON_EXECUTIVE_ROLES
from discovery.policies.model import Policy

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Eligible:
    """Flags a party: `members` (by kind, no stub), `clients`, `controllers`; and posts as frames.

    `key_posts` and `posts_held`: `person`, `company`, `role`, `fact`, `executive`,
    `executive_assumed`; the first only roles on the policy's list of key managers.
    """

    members: Bools
    clients: Bools
    controllers: Bools
    key_posts: pl.DataFrame
    posts_held: pl.DataFrame


def eligible(graph: FactGraph, policy: Policy) -> Eligible:
    """The parties a policy speaks of (`members`, `controllers`, `persons.key_managers` of the file)."""
    parties = graph.parties
    members = _of_kinds(graph, policy.members.kinds)
    if policy.members.own_financing:
        members |= (parties.kind == KIND_CODE["unincorporated"]) & parties.mark("own_financing")
    members &= ~parties.stub
    clients = parties.client if parties.any_client_number else np.ones(len(parties), np.bool_)
    posts = _posts(graph)
    key = posts.clear()
    if policy.persons is not None:
        rule = policy.persons.key_managers
        key = posts.filter(pl.col("role").is_in(rule.roles))
        if rule.executive_only:
            key = key.filter("executive")
    return Eligible(members, members & clients, _of_kinds(graph, policy.controllers.kinds), key, posts)


def _of_kinds(graph: FactGraph, kinds: tuple[str, ...]) -> Bools:
    return np.isin(graph.parties.kind, [KIND_CODE[kind] for kind in kinds])


def _posts(graph: FactGraph) -> pl.DataFrame:
    rows = graph["offices"].filter((pl.col("person") >= 0) & (pl.col("company") >= 0))
    assumed = ~pl.col("role").is_in(NON_EXECUTIVE_ROLES)
    return rows.select(
        "person",
        "company",
        "role",
        "fact",
        executive=pl.col("executive").fill_null(assumed),
        executive_assumed=pl.col("executive").is_null(),
    )
