"""From rows of a facts package to the administration of its groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from discovery.exposure import Administration
from discovery.facts.package import facts_from_rows
from discovery.groups import discover
from discovery.policies import load_policy

Rows = Mapping[str, list[dict[str, Any]]]
DAY = date(2026, 6, 30)


@pytest.fixture
def administered() -> Callable[..., list[dict[str, Any]]]:
    """Companies A, B, C (clients, A over B and C by 60) and further rows, administered."""

    def ask(rows: Rows, policy: str = "abc-2009", **overrides: object) -> list[dict[str, Any]]:
        parties = [
            {"id": name, "kind": "enterprise_legal_person", "name": f"{name}公司", "client_no": name}
            for name in "ABC"
        ]
        held = [
            {"holder": "A", "company": name, "equity_percent": "60", "valid_from": "2020-01-01"}
            for name in "BC"
        ]
        whole = {
            **rows,
            "parties": [*parties, *rows.get("parties", [])],
            "holdings": [*held, *rows.get("holdings", [])],
        }
        facts = facts_from_rows(whole, source="bank")
        answer = discover(facts, load_policy(policy, overrides), as_of=DAY)
        return list(Administration(answer).documents())

    return ask
