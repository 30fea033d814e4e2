"""What the checker finds wrong with an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

MOST: int = 1_000  # faults of one answer that are listed


@dataclass(frozen=True, slots=True)
class Fault:
    """One value that does not follow from the facts: where, what is said, what the facts give, why."""

    place: str
    said: object
    found: object
    detail: str

    def to_dict(self) -> dict[str, object]:
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.place}: {self.detail} (said {_short(self.said)}, found {_short(self.found)})"


class Faults:
    """Faults as they are found."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, place: str, said: object, found: object, detail: str) -> None:
        if len(self.found) < MOST:
            self.found.append(Fault(place, said, found, detail))

    def equal(self, place: str, said: object, found: object, detail: str) -> bool:
        """Note a fault unless both are the same; lists are compared in order."""
        same = _same(said, found)
        if not same:
            self.add(place, said, found, detail)
        return same

    def mapping(self, place: str, said: Mapping[str, Any], found: Mapping[str, Any], detail: str) -> None:
        """Note a fault for each key whose value differs or that only one side has."""
        for key in sorted({*said, *found}):
            self.equal(f"{place}/{key}", said.get(key), found.get(key), detail)

    def among(self, place: str, said: Iterable[str], allowed: Sequence[str] | set[str], detail: str) -> None:
        """Note a fault for each item that is not allowed."""
        for item in said:
            if item not in allowed:
                self.add(place, item, None, detail)


def _same(one: Any, two: Any) -> bool:
    """Equal, and true is not 1."""
    if isinstance(one, str):
        return bool(one == two)
    if isinstance(one, dict):
        alike = isinstance(two, dict) and one.keys() == two.keys()
        return alike and all(_same(one[key], two[key]) for key in one)
    if isinstance(one, (list, tuple)):
        alike = isinstance(two, (list, tuple)) and len(one) == len(two)
        return alike and all(map(_same, one, two))
    return bool(one == two) and isinstance(one, bool) == isinstance(two, bool)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}…"
