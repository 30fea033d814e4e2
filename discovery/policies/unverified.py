"""Values read in a secondary source only, or from memory, are set aside unless they are told to count."""

from __future__ import annotations

from typing import Any, Final

from discovery.policies.values import UNVERIFIED

_LISTS: Final = (("control", "bases"), ("persons", "bases"), ("exemptions",))  # places of rules that deem
_SINGLE: Final = ("influence", "joint_control", "inclusion")


def set_aside(data: dict[str, Any]) -> dict[str, Any]:
    """The policy's data without rules of status `2nd` or `mem`; their places stand under `aside`.

    A ground of control that is set aside raises a question like any other that the policy does not deem.
    Tests of owners and of dependence stay: what they find asks for a person (`policies.md` E).
    """
    if data.get("unverified", "review") != "review":
        return data
    aside: list[str] = []
    for place in _LISTS:
        data = _filtered(data, place, ".".join(place), aside)
    for name in _SINGLE:
        if _unverified(data.get(name)):
            aside.append(name)
            data = {**data, name: None}
    return {**data, "aside": aside} if aside else data


def _unverified(rule: object) -> bool:
    return isinstance(rule, dict) and rule.get("status") in UNVERIFIED


def _filtered(data: dict[str, Any], place: tuple[str, ...], shown: str, aside: list[str]) -> dict[str, Any]:
    name, *rest = place
    inner = data.get(name)
    if rest and isinstance(inner, dict):
        return {**data, name: _filtered(inner, tuple(rest), shown, aside)}
    if rest or not isinstance(inner, (list, tuple)):
        return data
    aside += [f"{shown}.{rule.get('code') or rule.get('id')}" for rule in inner if _unverified(rule)]
    return {**data, name: [rule for rule in inner if not _unverified(rule)]}
