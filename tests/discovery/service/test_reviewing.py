"""The questions of a policy as a queue: paged, named, as old as the facts that raise them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

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
