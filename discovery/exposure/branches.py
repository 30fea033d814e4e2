"""The bank's own branches as a tree."""

from __future__ import annotations

from typing import Final

import polars as pl

from discovery.facts.schema import BRANCH_LEVELS

_RANK: Final = {level: rank for rank, level in enumerate(BRANCH_LEVELS)}


class Branches:
    """Who stands above a branch. A branch whose level or parent is unknown has nobody above it."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self._rows: dict[str, tuple[str | None, str | None, str | None]] = {
            branch: (name, parent, level)
            for branch, name, parent, level in rows.sort("fact")
            .select("branch", "name", "parent", "level")
            .rows()
        }
        self._above: dict[tuple[str, str], str | None] = {}

    def name(self, branch: str) -> str | None:
        return self._rows.get(branch, (None,))[0]

    def level(self, branch: str) -> str | None:
        return self._rows[branch][2] if branch in self._rows else None

    def at(self, branch: str | None, level: str) -> str | None:
        """The unit of that level at or above a branch; a branch of a higher level stands for itself.

        None where the tree does not tell: an unknown branch, a missing level, a circle of parents.
        """
        if branch is None:
            return None
        if (branch, level) not in self._above:
            self._above[branch, level] = self._climb(branch, level)
        return self._above[branch, level]

    def _climb(self, branch: str, level: str) -> str | None:
        seen: set[str] = set()
        here: str | None = branch
        while here is not None and here in self._rows and here not in seen:
            seen.add(here)
            _, parent, own = self._rows[here]
            if own is not None and _RANK[own] <= _RANK[level]:
                return here
            here = parent
        return None
