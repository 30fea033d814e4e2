"""Findings and problems: what is odd about the facts, and what is wrong with a row."""

from __future__ import annotations

from dataclasses import asdict, dataclass


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
        return asdict(self)


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
        return asdict(self)
