"""Checking an answer from the facts and the policy alone, by code that shares nothing with the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discovery.errors import BadInput
from discovery.evidence.checker import Fault, check
from discovery.facts.facts import Facts
from discovery.policies import load_policy

__all__ = ["Fault", "check_answer"]


def check_answer(
    answer: dict[str, Any],
    facts: Facts,
    *,
    policy: str | None = None,
    overrides: Mapping[str, object] | None = None,
) -> list[Fault]:
    """What in an answer does not follow from the facts under its policy; empty = accepted.

    `policy` is a slug or file, by default the slug that the answer names. An answer narrowed to one
    party (it carries `about`) is checked as such. BadInput if it names no policy.
    """
    slug = policy or answer.get("policy")
    if not isinstance(slug, str):
        raise BadInput(
            "The answer names no policy.", remedy="Give the file that `guanlian groups PATH --json` wrote."
        )
    partial = answer.get("about") is not None
    return check(answer, facts, load_policy(slug, overrides), partial=partial)
