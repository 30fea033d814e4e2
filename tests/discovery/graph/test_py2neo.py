"""Notebooks that still use py2neo: it reaches the local store and runs our files."""

from __future__ import annotations

import gc

import pytest

from discovery.facts.keys import party_id
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.graph.local import USER
from discovery.graph.queries import query_files

from .given import facts_of, holding


@pytest.mark.filterwarnings("ignore")  # it was written for older Pythons
def test_py2neo_runs_a_query_file(graph: Graph) -> None:
    """The same file, the same answer."""
    if graph.local is None:
        pytest.skip("the container's password is not known here")
    import py2neo

    load(graph, facts_of(holdings=[holding("A", "B", 60)]), source="registry", name="t")
    asked = {"party": party_id("registry/B"), "as_of": "2026-06-30"}
    notebook = py2neo.Graph(graph.local.start().uri, auth=(USER, graph.local.password))

    rows = notebook.run(query_files()["party/holders"].text, asked).data()
    notebook.service.connector.close()
    del notebook
    gc.collect()  # what it leaves open must not warn in another test

    ours = graph.read("party/holders", **asked)
    assert [row["holder"] for row in ours] == [row["holder"] for row in rows] == [party_id("registry/A")]
