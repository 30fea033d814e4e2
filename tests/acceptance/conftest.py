"""The two steps of every acceptance test: facts into a package, package into an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import count
from pathlib import Path

import pytest

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
