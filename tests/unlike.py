"""Policies that decide alike: tests that run every policy over random worlds need one of each kind."""

from __future__ import annotations

from typing import Any

import pytest

from discovery.policies import Policy, load_policy, policy_slugs

NAMES = {"slug", "title", "source", "inherits", "valid_from", "valid_to", "notes", "article", "presumed"}
CONTROL = ("control", "controllers", "persons")


def parameters(data: Any) -> Any:
    """What decides of a policy's data: without names, dates, citations."""
    if isinstance(data, dict):
        return {key: parameters(value) for key, value in data.items() if key not in NAMES}
    return [parameters(item) for item in data] if isinstance(data, list) else data


def decides(policy: Policy, *keys: str) -> str:
    """The parameters as text, of some keys alone if any are named."""
    data = parameters(policy.model_dump(mode="json"))
    return repr({key: data[key] for key in keys} if keys else data)


def firsts(*keys: str) -> list[str]:
    """The first slug of each set of policies with the same parameters."""
    found: dict[str, str] = {}
    for slug in ("cbrc-2010", *policy_slugs()):
        found.setdefault(decides(load_policy(slug), *keys), slug)
    return sorted(found.values())


UNLIKE_IN_CONTROL = firsts(*CONTROL)


def each(quick: list[str], slugs: list[str] | None = None) -> list[Any]:
    """Every policy as a parameter; those that decide like another are slow tests."""
    return [
        pytest.param(slug, marks=[] if slug in quick else [pytest.mark.slow])
        for slug in slugs or policy_slugs()
    ]
