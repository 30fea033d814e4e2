"""What acceptance tests ask of a table: the groups, and how they are administered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from discovery.evidence.checker import check
from discovery.policies import load_policy

from .banking import administration_of, banked
from .engine import AS_OF, discovered, facts_of
from .given import alone, given


@pytest.fixture
def answer() -> Callable[..., dict]:
    """The groups of a table under a policy."""

    def ask(
        text: str,
        policy: str,
        *,
        as_of: date = AS_OF,
        strangers: bool = True,
        overrides: Mapping[str, object] | None = None,
    ) -> dict:
        write = given if strangers else alone
        return discovered(text, policy, write=write, as_of=as_of, overrides=overrides)

    return ask


@pytest.fixture
def administered() -> Callable[..., list[dict]]:
    """How the groups of a table, the bank's own facts among them, are administered."""
    return administration_of


@pytest.fixture
def answered() -> Callable[..., dict]:
    """The groups of a table, the bank's own facts among them; the checker must agree."""

    def ask(text: str, policy: str) -> dict:
        found = discovered(text, policy, write=banked)
        faults = check(found, facts_of(text, banked), load_policy(policy), as_of=AS_OF)
        assert [] == [str(fault) for fault in faults]
        return found

    return ask
