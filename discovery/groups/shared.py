"""Several policies on one graph: what depends on equal parameters only is computed once.

Articles, titles, marks of presumption and flags decide nothing about who stands where, so policies that
differ in these alone share acting units, control rounds, families, groups, questions and associations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import orjson

from discovery.policies.model import Policy

T = TypeVar("T")
# What is said of a rule, and rules that only come in when groups stand: they decide nothing here. A key
# that a policy gains later counts, until it is listed.
_WORDS: Final = frozenset({"article", "presumed", "boundary_ambiguous", "flags"})
_TOLD: Final = frozenset({"slug", "title", "source", "inherits", "series", "valid_from", "valid_to", "notes"})
_ADMINISTERED: Final = frozenset({"types", "attribution", "lead", "limits", "warnings", "owners"})
_BESIDE: Final = _TOLD | _ADMINISTERED | {"catch_all", "quasi_group"}
# Questions hang on them, standing does not.
_AFTER: Final = frozenset({"inclusion", "exemptions", "review", "dependence", "hidden_association"})


class Memo:
    """Results by what they depend on; `made` and `taken` count what was computed and what was shared."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, tuple[bytes, object]], Any] = {}
        self.made: list[str] = []
        self.taken: list[str] = []

    def once(self, what: str, key: tuple[bytes, object], make: Callable[[], T]) -> T:
        """The result for that key (what decides it in a policy, and what else), computed the first time."""
        place = (what, key)
        if place in self._kept:
            self.taken.append(what)
        else:
            self.made.append(what)
            self._kept[place] = make()
        found: T = self._kept[place]
        return found

    def keep_for(self, later: Iterable[Policy]) -> None:
        """Forget what none of these policies will ask for, so that memory does not grow with their number."""
        keys = {key(policy) for policy in later for key in (standing_key, asking_key)}
        self._kept = {place: found for place, found in self._kept.items() if place[1][0] in keys}


def standing_key(policy: Policy) -> bytes:
    """What decides who stands in which group; rules that set owners apart count word for word."""
    owners = [repr(rule) for rule in policy.exemptions if rule.effect != "exempt"]
    return _key(policy, _BESIDE | _AFTER) + "".join(owners).encode()


def asking_key(policy: Policy) -> bytes:
    """What decides which questions are asked and which associations are told."""
    return _key(policy, _BESIDE)


def _key(policy: Policy, without: frozenset[str]) -> bytes:
    kept = {name: _plain(getattr(policy, name)) for name in type(policy).model_fields if name not in without}
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)


def _plain(value: Any) -> Any:
    """A rule as plain values, without the words it is told in."""
    fields = getattr(type(value), "model_fields", None)
    if fields is not None:
        return {name: _plain(getattr(value, name)) for name in fields if name not in _WORDS}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, str | int | float | bool) else repr(value)
