"""The one call that every acceptance test makes: from a package's folder to the answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

AS_OF = date(2026, 6, 30)


def discovered(
    package: Path, policy: str, *, as_of: date = AS_OF, overrides: Mapping[str, object] | None = None
) -> dict:
    """The answer document of a package; `overrides` are laid over the policy by key."""
    from discovery.facts.package import read_package
    from discovery.groups import discover
    from discovery.policies import load_policy

    read = read_package(package)
    read.raise_if_bad()  # facts are empty then, and an empty answer must not pass for NONE
    return discover(read.facts, load_policy(policy, overrides), as_of=as_of).document()
