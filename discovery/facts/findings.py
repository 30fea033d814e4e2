"""Findings and problems: what is odd about the facts, and what is wrong with a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

MAX_PER_CODE: Final = 1_000  # findings of one code that are listed; the rest are counted


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd that blocks nothing. `code` is one of a closed list (`discovery.facts.codes`)."""

    code: str
    severity: str = "warning"  # info | warning
    file: str | None = None
    row: int | None = None
    field: str | None = None
    party: str | None = None
    detail: str = ""
    remedy: str = ""

    def to_dict(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be used as it stands; `value` is masked where it may be an ID number.

    `code` is one of a closed list (`discovery.facts.codes.PROBLEMS`); `row` is the line an editor shows.
    """

    file: str
    row: int | None
    field: str | None
    value: str | None
    reason: str
    remedy: str
    code: str = ""

    def to_dict(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


class FindingLog:
    """Findings as they are made, at most `MAX_PER_CODE` of a code."""

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self._totals: Counter[str] = Counter()

    def add(self, code: str, found: Iterable[Finding], total: int) -> None:
        """Findings of one code, `total` in all; no more are taken from `found` than are listed."""
        room = max(0, MAX_PER_CODE - self._totals[code])
        self._found.extend(islice(found, room))
        self._totals[code] += total

    def all(self) -> tuple[Finding, ...]:
        """All that are listed, then one `findings_truncated` for each code that has more."""
        cut = (
            Finding("findings_truncated", "info", detail=f"{code}: {MAX_PER_CODE:,} / {total:,}")
            for code, total in sorted(self._totals.items())
            if total > MAX_PER_CODE
        )
        return (*self._found, *cut)
