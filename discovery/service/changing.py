"""Changes of parties from the outside: opened, previewed, made, and the bank's groups brought up to date."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from discovery.graph.connection import Graph
from discovery.graph.derived import last_run
from discovery.graph.snapshot import store_version
from discovery.policies import load_policy
from discovery.service import identity, reviewing
from discovery.service.answers import Asked, groups
from discovery.service.preview import preview_merge
from discovery.service.published import bank_policy, publish
from discovery.service.sources import Progress
from discovery.service.stored import opened_store, store_facts

Document = dict[str, Any]
_following = threading.Lock()


def changed(
    make: Callable[[Graph], Document], *, with_groups: bool = True, progress: Progress | None = None
) -> Document:
    """Make a change in the store and let the bank's own groups there follow it."""
    with opened_store(progress) as graph:
        done = make(graph)
        if with_groups and done.get("moved"):
            publish(graph, progress=progress)
    return done


def merge(graph: Graph, one: str, other: str, *, by: str, reason: str) -> Document:
    """Merge two parties; where a second person must agree, ask for it instead (`applied` says which)."""
    if reviewing.four_eyes(graph):
        return reviewing.propose(graph, one, other, by=by, reason=reason)
    return {"applied": True, **identity.merge(graph, one, other, by=by, reason=reason)}


def asked_of_store(question: Callable[[Graph], Document], progress: Progress | None = None) -> Document:
    """What the store itself answers."""
    with opened_store(progress) as graph:
        return question(graph)


def previewed(asked: Asked, one: str, other: str, progress: Progress | None = None) -> Document:
    """What making one of two parties of the store would do to groups."""
    with opened_store(progress) as graph:
        facts = store_facts(graph, asked.known_at, progress)
    return preview_merge(groups(facts, asked, progress=progress), one, other)


def asked_outcomes(asked: Asked, *, limit: int, page: int, progress: Progress | None = None) -> Document:
    """A page of what a policy asks of the store's facts."""
    with opened_store(progress) as graph:
        facts = store_facts(graph, asked.known_at, progress)
    return reviewing.outcomes(groups(facts, asked, progress=progress), limit=limit, page=page)


def follow(graph: Graph) -> None:
    """Let the bank's own groups in the store follow what was written; one at a time, the last one counts."""
    with _following:
        run = last_run(graph, load_policy(bank_policy()).slug)
        if run is None or run["store_version"] != store_version(graph):
            publish(graph)
