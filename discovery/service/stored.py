"""The store's facts, as an answer needs them; and the store itself, opened."""

from __future__ import annotations

from datetime import datetime

from discovery.errors import StoreError
from discovery.facts.facts import Facts
from discovery.facts.graph import known_rows
from discovery.graph.connection import Graph, connect
from discovery.graph.snapshot import snapshot
from discovery.service.sources import Progress, staged


class StoreEmpty(StoreError):
    """The store answers and holds no facts."""


def opened_store(progress: Progress | None = None) -> Graph:
    """The store, ready: the one `NEO4J_URI` names, else the local one, fetched and started if need be."""
    if progress is not None:
        progress("neo4j", 0, 0)
    return connect(progress=staged(progress, "neo4j"))


def store_facts(graph: Graph, known_at: datetime | None = None, progress: Progress | None = None) -> Facts:
    """Everything the store was ever told, each version with its moments; the engine cuts it by them.

    A fact that states no `recorded_at` is known from the moment of its first load. Raises StoreEmpty
    if nothing was known at the moment (now).
    """
    if progress is not None:
        progress("snapshot", 0, 0)
    facts = Facts(snapshot(graph))
    if known_rows(facts["parties"], known_at).is_empty():
        raise StoreEmpty(
            "The store holds no facts" + (" known by then." if known_at else "."),
            remedy="Load some first: guanlian load PATH; or name a folder of facts in the question.",
        )
    return facts
