"""`guanlian changes` for a small change: only the parts concerned, beside a full second discover."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.groups import package, warm_up
from benchmarks.measure import Row, fresh, measured
from benchmarks.sizes import Size
from discovery.facts.facts import Facts
from discovery.facts.graph import fact_graph
from discovery.groups import discover_in
from discovery.groups.changes import changes
from discovery.policies import load_policy
from discovery.service.sources import given

BEFORE, ON, AFTER = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 30)
MANY: Final = 10  # holdings that begin, and as many that end


def run(size: Size, work: Path) -> Iterator[Row]:
    """Rows of the part `changes`."""
    folder = str(package(work, size.shared))
    rows = fresh("benchmarks.differing:compare", folder=folder, case=f"changes {size.shared:,}")
    yield from rows
    part, _, again = rows[-3:]
    times = {name: again[name] / max(part[name], 1e-6) for name in ("cpu", "wall")}
    yield {"case": part["case"], "what": "a second full discover / the parts concerned", "ratio": times}


def compare(folder: str, case: str) -> list[Row]:
    """A few holdings begin and end between two days; what that changes, three ways."""
    warm_up(Path(folder).parent)
    facts = _dated(given(Path(folder)).facts)
    policy = load_policy("cbrc-2010")
    with measured() as cutting:
        before, after = fact_graph(facts, BEFORE), fact_graph(facts, AFTER)
    with measured() as partly:
        found = changes(before, after, policy)
    with measured() as wholly:
        whole = changes(before, after, policy, whole=True)
    if found["groups"] != whole["groups"]:
        raise AssertionError("the parts concerned give other changes than the whole")
    with measured() as again:
        discover_in(after, policy)
    done = found["compared"]
    return [
        cutting.row(case, "both days cut"),
        partly.row(case, "the parts concerned", groups=len(found["groups"]), facts=done["facts"],
                   companies=done["companies"]),
        wholly.row(case, "groups of both days, whole", groups=len(whole["groups"])),
        again.row(case, "a second full discover, without evidence"),
    ]  # fmt: skip


def _dated(facts: Facts) -> Facts:
    """The facts, some holdings with an end and some with a beginning between the two days."""
    holdings = facts["holdings"]
    chosen = random.Random(7).sample(range(holdings.height), 2 * MANY)
    place = pl.int_range(pl.len())
    dated = holdings.with_columns(
        pl.when(place.is_in(chosen[:MANY])).then(ON).otherwise("valid_from").alias("valid_from"),
        pl.when(place.is_in(chosen[MANY:])).then(ON).otherwise("valid_to").alias("valid_to"),
    )
    return Facts({**facts.frames, "holdings": dated}, facts.findings)
