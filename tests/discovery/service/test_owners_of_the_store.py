"""The store names the same owners, with the same shares, as the folder its facts came from."""

from __future__ import annotations

from datetime import date

from discovery.facts.package import facts_from_rows
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.service.answers import Asked
from discovery.service.owners import owners
from discovery.service.stored import store_facts

ASKED = Asked("amlr-2024", date(2026, 6, 30))
ROWS = {
    "parties": [{"id": name, "kind": "enterprise_legal_person", "name": name} for name in "ABC"]
    + [{"id": "p", "kind": "natural_person", "name": "p"}],
    "holdings": [
        {"holder": holder, "company": company, "equity_percent": percent}
        for holder, company, percent in (
            ("A", "B", "60"),
            ("B", "C", "55"),
            ("C", "A", "40"),
            ("p", "A", "35"),
        )
    ],
}


def test_store_and_folder_agree(graph: Graph):
    """F2 through the store: p has 1250/31 percent of A, by the party's record key."""
    facts = facts_from_rows(ROWS, source="bank")
    load(graph, facts, source="bank", name="first")

    stored, folder = owners(store_facts(graph), ASKED, "bank/A"), owners(facts, ASKED, "A")

    assert "1250/31" == stored["owners"][0]["shares"]["equity"]["multiply"]["fraction"]
    assert [one["shares"] for one in folder["owners"]] == [one["shares"] for one in stored["owners"]]
    assert [one["outcome"] for one in folder["owners"]] == [one["outcome"] for one in stored["owners"]]
