"""Decisions over HTTP: written into the store, seen in answers, refused from elsewhere."""

from __future__ import annotations

import httpx
from serving import problem, served, until
from test_store_served import own, registry

from discovery.graph.connection import Graph
from discovery.service.published import publish

__all__ = ["registry"]
WORD = {"decision": "reject", "by": "wang", "reason": "sold"}


def test_a_decision_is_written_and_answers_follow(registry: Graph):
    """201 with the fact; once the version has moved the group is gone, in answers and in the store."""
    publish(registry)
    with served(own(registry)) as client:
        group = client.get("/v1/parties/C1003/groups").json()["groups"][0]["id"]
        assert registry.read("groups/show", group=group)
        done = client.post("/v1/decisions", json={**WORD, "key": group})
        assert 201 == done.status_code
        assert done.json() == client.post("/v1/decisions", json={**WORD, "key": group}).json()
        page = until(lambda: (found := client.get("/v1/decisions").json())["total"] and found)
        assert [(done.json()["fact"], "applied")] == [
            (one["fact"], one["status"]) for one in page["decisions"]
        ]
        told = client.get("/v1/parties/C1003/groups").json()
        assert group not in [one["id"] for one in told["groups"]]
        assert [group] == [one["group"] for one in told["decisions"]]
        until(lambda: not registry.read("groups/show", group=group))


REFUSED = (
    ({"key": "o_0123456789abcdef"}, 404, "UnknownOutcome"),
    ({"key": "x"}, 422, "InvalidRequest"),
    ({"decision": "perhaps"}, 422, "InvalidRequest"),
    ({"decision": "group", "parties": ["C1003"], "key": None}, 422, "BadInput"),
    ({"decision": "group", "parties": ["nobody"], "article": "3"}, 404, "UnknownParty"),
)


def test_what_cannot_be_decided_is_refused(registry: Graph):
    """Unknown keys and parties, words that are none; nothing is written."""
    with served(own(registry)) as client:
        for changed, status, kind in REFUSED:
            problem(client.post("/v1/decisions", json={**WORD, **changed}), status, kind)
        assert 0 == client.get("/v1/decisions").json()["total"]


def test_a_folder_takes_no_decision(sample: httpx.Client):
    """Where a folder is served nothing can be written."""
    group = sample.get("/v1/parties/C1003/groups").json()["groups"][0]["id"]

    problem(sample.post("/v1/decisions", json={**WORD, "key": group}), 409, "ReadOnlyFacts")


def test_pages_of_other_origins_may_not_write(sample: httpx.Client):
    """A browser names the page's origin, and sends without asking only what is no JSON: both are refused."""
    group = sample.get("/v1/parties/C1003/groups").json()["groups"][0]["id"]
    body = {**WORD, "key": group}

    problem(
        sample.post("/v1/decisions", json=body, headers={"origin": "https://evil.test"}), 403, "OtherOrigin"
    )
    sent = sample.post("/v1/decisions", content=b"{}", headers={"content-type": "text/plain"})
    assert sent.status_code in {415, 422}
