"""The service over a real Neo4j: new loads are seen, a stopped store is said and survived."""

from __future__ import annotations

import httpx
import pytest
from serving import problem, served, until

from api.described import FACTS
from discovery.facts.package import facts_from_rows, read_package
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.graph.recovery import loads, unload
from discovery.service.versions import StoreSource


@pytest.fixture
def registry(graph: Graph) -> Graph:
    """The store with the examples' facts."""
    load(graph, read_package(FACTS).facts, source="registry", name="examples")
    return graph


def own(graph: Graph) -> StoreSource:
    """A source with connections of its own, since the service closes them when it stops."""
    from discovery.graph.connection import connect

    return StoreSource(connect(local=graph.local) if graph.local else None)


def members(client: httpx.Client, party: str = "C1003") -> list[str]:
    """Names of the members of the party's first group."""
    told = client.get(f"/v1/parties/{party}/groups").json()
    return sorted(told["parties"][one]["name"] for group in told["groups"][:1] for one in group["members"])


def test_the_store_gives_what_the_folder_gives(registry: Graph, sample: httpx.Client):
    """Through the store a party has the same groups, only the ids are the store's."""
    with served(own(registry)) as client:
        assert members(sample) == members(client) != []
        card = client.get("/v1/parties/registry%2Flin").json()
        assert "330*************38" == card["id_number_masked"]
        assert card["id"].startswith("p_")
        groups = client.get("/v1/parties/registry%2Fhaiyan/groups").json()["groups"]
        assert sample.get("/v1/parties/haiyan/groups").json()["groups"][0]["id"] == groups[0]["id"]


def test_a_new_load_is_seen_and_an_unload_too(registry: Graph):
    """The version moves with each write; answers, their tags and the header move with it."""
    more = facts_from_rows(
        {
            "parties": [
                {"id": "haiyan-port", "name": "海晏港口有限公司", "client_no": "C1009", "source": "registry"}
            ],
            "holdings": [{"holder": "haiyan", "company": "haiyan-port", "equity_percent": "75"}],
        },
        source="registry",
    )
    with served(own(registry)) as client:
        before = client.get("/v1/parties/C1003/groups")
        problem(client.get("/v1/parties/C1009"), 404, "UnknownParty")

        load(registry, more, source="registry", name="more")
        until(lambda: client.get("/readyz").json()["version"] != before.headers["guanlian-version"])
        after = client.get("/v1/parties/C1003/groups", headers={"If-None-Match": before.headers["etag"]})

        assert 200 == after.status_code
        assert "海晏港口有限公司" in members(client)
        unload(registry, loads(registry)[0]["id"])
        until(lambda: "海晏港口有限公司" not in members(client))


def test_an_empty_store_is_served_and_its_first_load_seen(graph: Graph):
    """A service may be started before there are facts."""
    with served(own(graph)) as client:
        assert "ready" == client.get("/readyz").json()["status"]
        problem(client.get("/v1/parties/C1003"), 404, "UnknownParty")

        load(graph, read_package(FACTS).facts, source="registry", name="examples")

        until(lambda: client.get("/v1/parties/C1003").status_code == 200)


def test_a_stopped_store_is_said_and_its_return_is_noticed(registry: Graph):
    """Without the store answers come from memory and say so, /readyz is 503; with it all is well again."""
    if registry.local is None:
        pytest.skip("the store is a container that this test may not stop")
    with served(own(registry)) as client:
        fresh = client.get("/v1/parties/C1003/groups")
        registry.local.stop()
        try:
            told = until(lambda: (found := client.get("/readyz")).status_code == 503 and found, 30)
            stale = client.get("/v1/parties/C1003/groups")

            assert "stale" == problem(told, 503, "StoreUnavailable")["state"]
            assert told.headers["retry-after"]
            assert 200 == client.get("/healthz").status_code
            assert "guanlian-stale" not in fresh.headers
            assert stale.headers["guanlian-stale"].startswith("stale; checked=")
            assert fresh.json() == stale.json()
        finally:
            registry.reopen()
        until(lambda: client.get("/readyz").status_code == 200, 90)
        assert "guanlian-stale" not in client.get("/v1/parties/C1003/groups").headers


def test_what_was_known_earlier_can_still_be_asked(registry: Graph):
    """known_at before the load knows nobody; after it, all."""
    with served(own(registry)) as client:
        early = client.get("/v1/parties/C1003/groups?known_at=2001-01-01")
        late = client.get("/v1/parties/C1003/groups?known_at=2099-01-01T00:00:00Z")

    problem(early, 404, "UnknownParty")
    assert late.json()["groups"]
