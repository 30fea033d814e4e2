"""The whole graph as sorted text, so that two can be compared; load ids are numbered by their order.

Left out are the store's books: loads, what became of parties, and what people took back.
"""

from __future__ import annotations

import json
from typing import Any

from discovery.graph.connection import Graph

NODES = (
    "MATCH (n) WHERE NOT n:Load AND NOT n:Store AND NOT n:Migration AND NOT n:PartyEvent "
    "AND NOT (n:Judgement AND n.status = 'withdrawn') "
    "RETURN elementId(n) AS id, labels(n) AS l, properties(n) AS p"
)
ARROWS = (
    "MATCH (a)-[f]->(b) WHERE coalesce(a.status, '') <> 'withdrawn' "
    "RETURN elementId(a) AS a, elementId(b) AS b, type(f) AS t, properties(f) AS p"
)


def dump(graph: Graph) -> list[str]:
    """A line a node and a line an arrow, between nodes as they are described."""
    loads = {row["id"]: f"load {n}" for n, row in enumerate(reversed(graph.read_anyway("loads/list")))}
    nodes = {row["id"]: _text(sorted(row["l"]), row["p"], loads) for row in _rows(graph, NODES)}
    arrows = [
        f"{nodes[r['a']]} -{r['t']}-> {nodes[r['b']]}: {_text([], r['p'], loads)}"
        for r in _rows(graph, ARROWS)
    ]
    return sorted(nodes.values()) + sorted(arrows)


def _rows(graph: Graph, query: str) -> list[dict[str, Any]]:
    return [row.data() for row in graph.driver.execute_query(query, database_=graph.database).records]


def _text(labels: list[str], properties: dict[str, Any], loads: dict[str, str]) -> str:
    named = {
        key: loads.get(value, value) if isinstance(value, str) else value for key, value in properties.items()
    }
    return json.dumps([labels, named], sort_keys=True, ensure_ascii=False)
