"""Changes of parties over HTTP: made in the store, seen in answers, refused where they cannot be."""

from __future__ import annotations

import httpx
from serving import problem, served, until
from test_store_served import own

from discovery.facts.package import facts_from_rows
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.service.linking import link_store

WHO = {"by": "li", "reason": "one register"}
PARTIES = [
    {"id": "top", "name": "顶层有限公司", "client_no": "C1"},
    {"id": "half", "name": "深圳市半边科技有限公司", "client_no": "C2"},
    {"id": "other", "name": "半边", "client_no": "C3"},
    {"id": "low", "name": "下属有限公司", "client_no": "C4"},
]
HOLDINGS = [
    {"holder": "top", "company": "half", "equity_percent": "60"},
    {"holder": "half", "company": "low", "equity_percent": "30"},
    {"holder": "other", "company": "low", "equity_percent": "30"},
]


def put(graph: Graph) -> None:
    facts = facts_from_rows({"parties": PARTIES, "holdings": HOLDINGS}, source="core")
    load(graph, facts, source="core", name="t")


def members(client: httpx.Client) -> int:
    """How many members the group of `top` has."""
    groups = client.get("/v1/parties/C1/groups").json()["groups"]
    return len(groups[0]["members"]) if groups else 0


def test_a_merge_is_previewed_made_seen_and_undone(graph: Graph):
    """Together both halves control `low`; the feed tells both events; the old id goes on being understood."""
    put(graph)
    with served(own(graph)) as client:
        old = client.get("/v1/parties/C3").json()["id"]
        told = client.post("/v1/merges/preview", json={"parties": ["C2", "C3"]}).json()
        before = members(client)
        done = client.post("/v1/merges", json={"parties": ["C2", old], **WHO}).json()
        until(lambda: members(client) == 3)
        card = client.get(f"/v1/parties/{old}").json()
        again = client.post("/v1/merges", json={"parties": ["C2", "core/other"], **WHO})
        client.post("/v1/unmerges", json={"change": done["change"], **WHO})
        until(lambda: members(client) == 2)
        apart = client.post("/v1/aparts", json={"parties": ["C2", "C3"], **WHO}).json()
        kept = client.post("/v1/merges", json={"parties": ["C2", "C3"], **WHO})
        feed = client.get("/v1/events?limit=1").json()
        rest = client.get(f"/v1/events?after={feed['next']}").json()

    assert (2, 1) == (before, len(told["groups"]["changed"][0]["joined"]))
    assert done["applied"]
    assert "core/half" == card["record_key"]
    problem(again, 400, "UsageError")
    assert apart["change"] == problem(kept, 409, "KeptApart")["change"]
    assert ["merged", "split"] == [one["type"] for one in (*feed["events"], *rest["events"])]
    assert (1, 0) == (feed["behind"], rest["behind"])


def test_a_question_is_shown_side_by_side_and_decided_by_two(graph: Graph):
    """With four eyes the first opinion waits, the same person cannot agree, the second makes it so."""
    put(graph)
    link_store(graph, with_groups=False)
    graph.write("review/set_four_eyes", four_eyes=True)
    with served(own(graph)) as client:
        listed = client.get("/v1/review").json()
        ((question,),) = [[one["id"] for one in listed["questions"]]]
        shown = client.get(f"/v1/review/{question}").json()
        unsure = client.post(f"/v1/review/{question}", json={"decision": "unsure", **WHO}).json()
        first = client.post(f"/v1/review/{question}", json={"decision": "merge", **WHO}).json()
        alone = client.post(f"/v1/review/{question}", json={"decision": "merge", **WHO})
        waits = client.get("/v1/review").json()["questions"][0]["status"]
        second = {"decision": "merge", "by": "wang", "reason": "website"}
        done = client.post(f"/v1/review/{question}", json=second).json()
        late = client.post(f"/v1/review/{question}", json=second)
        until(lambda: members(client) == 3)
        direct = client.post("/v1/merges", json={"parties": ["C1", "C4"], **WHO}).json()

    assert listed["four_eyes"]
    assert {"name", "client_no"} <= {field["field"] for field in shown["fields"]}
    assert "review" == shown["compared"]["decision"]
    assert [("open", False), ("waiting", False), ("done", True)] == [
        (one["status"], one["applied"]) for one in (unsure, first, done)
    ]
    assert "waiting" == waits
    problem(alone, 409, "SecondPerson")
    problem(late, 409, "AlreadyDecided")
    assert "li, wang" == graph.read("identity/events", after=0, most=9)[0]["by"]
    assert ("waiting", False) == (direct["status"], direct["applied"])


def test_what_cannot_be_read_is_a_problem(graph: Graph, sample: httpx.Client):
    """Other content, too much, a wrong shape, an unknown question, a service without a store."""
    body = {"parties": ["a", "b"], **WHO}
    problem(sample.post("/v1/merges", json=body), 409, "ReadOnlyFacts")
    problem(sample.post("/v1/merges", json={**body, "parties": ["a"]}), 422, "InvalidRequest")
    problem(sample.post("/v1/merges", json={**body, "more": 1}), 422, "InvalidRequest")
    problem(sample.post("/v1/merges", content="{", headers={"content-type": "text/plain"}), 415, "NotJson")
    problem(sample.post("/v1/merges", content=b" " * 9_000_000), 413, "BodyTooLarge")
    problem(sample.post("/v1/merges", content=iter([b"{}"])), 411, "LengthRequired")
    with served(own(graph)) as client:
        problem(client.get("/v1/review/q_0000000000000000"), 404, "UnknownQuestion")
        problem(client.post("/v1/unmerges", json=WHO), 400, "UsageError")
        gone = client.post("/v1/unmerges", json={"change": "c_0000000000000000", **WHO})
        problem(gone, 404, "UnknownChange")
        assert 0 == client.get("/v1/review").json()["total"]
        assert 0 == client.get("/v1/events").json()["returned"]
