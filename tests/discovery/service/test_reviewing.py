"""The questions of a policy as a queue: paged, named, as old as the facts that raise them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from discovery.facts.package import facts_from_rows
from discovery.groups import discover
from discovery.policies import load_policy
from discovery.service.reviewing import outcomes


def test_the_questions_of_a_policy_are_listed_with_their_age() -> None:
    """Two companies held by half are two questions; only one fact says since when it is known."""
    then = (datetime.now(UTC) - timedelta(days=12, hours=1)).strftime("%Y-%m-%dT%H:%M:%S")
    facts = facts_from_rows(
        {
            "parties": [
                {"id": name, "name": f"{name}公司", "client_no": name} for name in ("A", "B", "X", "Y")
            ],
            "holdings": [
                {"holder": "A", "company": "X", "equity_percent": "50", "recorded_at": then},
                {"holder": "B", "company": "Y", "equity_percent": "50"},
            ],
        }
    )
    answer = discover(facts, load_policy("cbrc-2010"), as_of=date(2026, 6, 30))

    found = outcomes(answer, limit=10)
    pages = [outcomes(answer, limit=1, page=page)["questions"] for page in (1, 2, 3)]

    assert (2, 2, False) == (found["total"], found["returned"], found["truncated"])
    assert found["questions"] == [one for page in pages for one in page]
    assert {12, None} == {one["age_days"] for one in found["questions"]}
    assert {"half_share"} == {one["reason"] for one in found["questions"]}
    assert {"A公司", "X公司"} in [set(one["names"].values()) for one in found["questions"]]


def test_a_group_that_asks_for_confirmation_waits_in_the_queue() -> None:
    """Of a fact little trusted and of a grandparent with a grandchild; answered, the question is gone."""
    rows: dict[str, list[dict[str, str]]] = {
        "parties": [
            {"id": name, "kind": kind, "name": name, "client_no": name if kind != "natural_person" else ""}
            for name, kind in (
                *((one, "natural_person") for one in "gmc"),
                *((one, "enterprise_legal_person") for one in "XYABP"),
            )
        ],
        "kinship": [
            {"person": "g", "relative": "m", "relation": "parent_of"},
            {"person": "m", "relative": "c", "relation": "parent_of"},
        ],
        "holdings": [
            {"holder": "g", "company": "X", "equity_percent": "60"},
            {"holder": "c", "company": "Y", "equity_percent": "55"},
            {"holder": "A", "company": "B", "equity_percent": "80", "confidence": "0.1"},
            {"holder": "A", "company": "P", "equity_percent": "50"},
        ],
    }

    def asked(**more: list[dict[str, str]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        answer = discover(facts_from_rows(rows | more), load_policy("cbrc-2010"), as_of=date(2026, 6, 30))
        pages = [outcomes(answer, limit=1, page=page)["questions"] for page in range(1, 6)]
        return [one for page in pages for one in page], answer.document()["review"]

    listed, told = asked()
    reasons = [one["reason"] for one in listed]
    key = next(one["key"] for one in listed if one["reason"] == "confirm")
    after, _ = asked(decisions=[{"outcome_key": key, "decision": "accept", "by": "li", "reason": "seen"}])

    assert [one["key"] for one in told] == [one["key"] for one in listed]
    assert ["confirm", "confirm", "half_share"] == sorted(reasons)
    assert {one["key"] for one in listed} - {key} == {one["key"] for one in after}
