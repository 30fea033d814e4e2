"""Clients asked for over HTTP: whatever is sent, an answer or a problem that says what is wrong with it."""

from __future__ import annotations

import httpx
import pytest
from serving import problem

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "{",
        "[]",
        "5",
        '{"queries": {"q": {"properties": {"name": ["\\ud800"]}}}}',
        '{"queries": {"\\udc00": {"properties": {"name": ["甲乙"]}}}}',
        '{"queries": {"q": {"id": "\\ud800"}}}',
        '{"queries": {"q": {"properties": {"name": NaN}}}}',
        '{"queries": ' + "[" * 100_000,
    ],
)
def test_what_is_no_json_object_is_refused(sent: str, sample: httpx.Client):
    """Broken, of another kind, nested without end, or with half a character in it."""
    problem(sample.post("/v1/resolve", content=sent.encode(), headers=JSON), 422, "InvalidRequest")


@pytest.mark.parametrize("queries", [None, {}, [], "x", {str(n): {} for n in range(1_001)}])
def test_no_queries_and_too_many_are_refused(queries: object, sample: httpx.Client):
    """With the sentence of the command."""
    assert problem(sample.post("/v1/resolve", json={"queries": queries}), 422, "BadInput")["remedy"]


def test_each_query_gets_its_own_answer(sample: httpx.Client):
    """A schema that is no word, numbers too large, control characters: one bad query spoils no other."""
    deep: dict = {"properties": {"name": "新岸"}}
    for _ in range(400):
        deep = {"properties": {"name": "新岸"}, "holders": [deep]}
    queries = {
        "list": {"schema": []},
        "large": {"properties": {"name": 10**30}},
        "role": {
            "properties": {"name": "新岸"},
            "officers": [{"properties": {"name": "乙"}, "role": "\x00"}],
        },
        "odd": {"properties": {"name": ["\x00☃"]}},
        "deep": deep,
        "good": {"properties": {"name": "海晏贸易有限公司"}},
    }

    answers = sample.post("/v1/resolve", json={"queries": queries}, params={"membership": True}).json()[
        "responses"
    ]

    assert {"list": 422, "large": 422, "role": 422, "odd": 200, "deep": 200, "good": 200} == {
        key: answer["status"] for key, answer in answers.items()
    }
    assert "haiyan-trade" == answers["good"]["results"][0]["id"]
    assert ["name_unreadable"] == [one["code"] for one in answers["odd"]["findings"]]
