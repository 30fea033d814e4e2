"""The one call that every acceptance test makes: from a table's facts to the answer."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from discovery.facts.facts import Facts
from discovery.facts.graph import FactGraph, fact_graph
from discovery.facts.package import read_package
from discovery.groups.discover import discover_in
from discovery.policies import load_policy

AS_OF = date(2026, 6, 30)
Write = Callable[[str, Path], Path]  # writes the facts of a table as a package into a new folder


@lru_cache(maxsize=64)
def facts_of(text: str, write: Write) -> Facts:
    """The facts of a table, written as a package and read again; every policy asks the same ones."""
    with tempfile.TemporaryDirectory() as folder:
        read = read_package(write(text, Path(folder) / "package"))
    read.raise_if_bad()  # facts are empty then, and an empty answer must not pass for NONE
    return read.facts


@lru_cache(maxsize=64)
def graph_of(text: str, write: Write, as_of: date) -> FactGraph:
    """The facts of a table as they hold on a day."""
    return fact_graph(facts_of(text, write), as_of)


def discovered(
    text: str,
    policy: str,
    *,
    write: Write,
    as_of: date = AS_OF,
    overrides: Mapping[str, object] | None = None,
) -> dict:
    """The answer document of a table; `overrides` are laid over the policy by key."""
    return discover_in(graph_of(text, write, as_of), load_policy(policy, overrides)).document()
