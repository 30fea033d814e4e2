"""The two steps of every acceptance test: facts into a package, package into an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from discovery.evidence.checker import check
from discovery.facts.package import read_package
from discovery.policies import load_policy

from .banking import administration_of, banked
from .engine import AS_OF, discovered
from .given import given


@pytest.fixture
def answer(tmp_path: Path) -> Callable[..., dict]:
    """Write the facts as a package in a folder of its own and ask for the groups under a policy."""
    numbers = count(1)

    def ask(
        text: str,
        policy: str,
        *,
        as_of: date = AS_OF,
        strangers: bool = True,
        overrides: Mapping[str, object] | None = None,
    ) -> dict:
        folder = given(text, tmp_path / f"package{next(numbers)}", strangers=strangers)
        return discovered(folder, policy, as_of=as_of, overrides=overrides)

    return ask


@pytest.fixture
def administered(tmp_path: Path) -> Callable[..., list[dict]]:
    """Write the facts, the bank's own among them, and ask how the groups are administered."""
    numbers = count(1)

    def ask(
        text: str, policy: str, *, as_of: date = AS_OF, overrides: Mapping[str, object] | None = None
    ) -> list[dict]:
        folder = banked(text, tmp_path / f"bank{next(numbers)}")
        return administration_of(folder, policy, as_of=as_of, overrides=overrides)

    return ask


@pytest.fixture
def answered(tmp_path: Path) -> Callable[..., dict]:
    """Write the facts, the bank's own among them, and ask for the groups; the checker must agree."""
    numbers = count(1)

    def ask(text: str, policy: str) -> dict:
        folder = banked(text, tmp_path / f"answered{next(numbers)}")
        found = discovered(folder, policy)
        facts = read_package(folder).facts
        assert [] == [str(fault) for fault in check(found, facts, load_policy(policy), as_of=AS_OF)]
        return found

    return ask
