"""Dated versions of one rule: the name of the series stands for whichever is in force on the day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, Final

from discovery.errors import UnknownPolicy
from discovery.policies.files import RULES, read

_FIRST: Final = date(1, 1, 1)
_LAST: Final = date(9999, 12, 31)


@lru_cache(maxsize=1)
def series() -> dict[str, list[tuple[date, date, str]]]:
    """The shipped versions by series: from, to (not included), slug; earliest first."""
    found: dict[str, list[tuple[date, date, str]]] = {}
    for path in RULES.glob("*.yaml"):
        data: dict[str, Any] = read(path)
        if data.get("series"):
            dates = data.get("valid_from") or _FIRST, data.get("valid_to") or _LAST
            found.setdefault(data["series"], []).append((*dates, data["slug"]))
    return {name: sorted(versions) for name, versions in found.items()}


def in_force(name: str, day: date) -> str:
    """The slug that a name means on a day: of a series the version in force, otherwise the name itself.

    Raises UnknownPolicy on a day on which no version is in force.
    """
    versions = series().get(name)
    if versions is None:
        return name
    for start, end, slug in versions:
        if start <= day < end:
            return slug
    known = "; ".join(f"{slug} from {start}" for start, _, slug in versions)
    raise UnknownPolicy(
        f"No version of {name} is in force on {day}.", remedy=f"Versions: {known}.", policy=name
    )
