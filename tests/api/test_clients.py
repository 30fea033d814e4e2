"""A client from onboarding: resolved, stored once, then found; one with a party where told so."""

from __future__ import annotations

import httpx
from serving import problem, served, until
from test_merging import WHO, put
from test_store_served import own

from discovery.graph.connection import Graph

CLIENT = {
    "schema": "Company",
    "properties": {"name": ["深圳市新岸测绘有限公司"], "uscCode": ["91110000600037341L"]},
    "holders": [{"id": "C1", "equity_percent": "60"}],
    "officers": [
        {
            "schema": "Person",
            "properties": {"name": "林岳", "idNumber": "11010519491231002X"},
            "role": "chairman",
        }
    ],
}


def resolved(client: httpx.Client, query: dict) -> dict:
    """The answer to one query."""
    return client.post("/v1/resolve", json={"queries": {"q": query}}).json()["responses"]["q"]


def test_a_client_is_resolved_stored_once_and_found_again(graph: Graph):
    """New at first, in the group it would stand in; stored twice it is one record, and then it is found."""
    put(graph)
    with served(own(graph)) as client:
        new = resolved(client, CLIENT)
        first = client.put("/v1/clients/C77", json=CLIENT).json()
        again = client.put("/v1/clients/C77", json=CLIENT).json()
        found = until(lambda: (told := resolved(client, CLIENT))["results"] and told)
        groups = until(lambda: client.get("/v1/parties/C77/groups").json().get("groups"))

    assert [] == new["results"]
    assert new["membership"]["hypothetical"]
    assert [group["id"] for group in new["membership"]["groups"]] == [group["id"] for group in groups]
    assert (True, 0) == (first["changes"] > 0, again["changes"])
    assert "clients/C77" == first["record"]
    assert (first["party"], True) == (found["results"][0]["id"], found["results"][0]["match"])
    held = graph.driver.execute_query(
        "MATCH (r:Record {version: 1}) WHERE r.key STARTS WITH 'clients/' RETURN r"
    )
    assert 2 == len(held.records)
    assert "11010519491231002X" not in str(held.records)


def test_a_stored_client_becomes_one_with_the_party_it_is(graph: Graph):
    """Named by the caller with who and why; sent again nothing more happens; bad input writes nothing."""
    put(graph)
    body = {"schema": "Company", "properties": {"name": ["半边"]}, "party": "C2", **WHO}
    with served(own(graph)) as client:
        first = client.put("/v1/clients/K9", json=body).json()
        again = client.put("/v1/clients/K9", json=body).json()
        card = until(lambda: (told := client.get("/v1/parties/K9")).status_code == 200 and told).json()
        version = graph.state()["version"]
        problem(client.put("/v1/clients/11010519491231002X", json=body), 422, "BadInput")
        problem(client.put("/v1/clients/K8", json={**body, "party": "nobody"}), 404, "UnknownParty")
        problem(client.put("/v1/clients/K8", json={"properties": {"name": 1.5}}), 422, "BadInput")
        problem(client.put("/v1/clients/K8", json={**body, "by": ""}), 400, "UsageError")

    assert ["merged"] == [one["type"] for one in first["moved"]]
    assert [] == again["moved"]
    assert first["party"] == again["party"] == card["id"]
    assert version == graph.state()["version"]
