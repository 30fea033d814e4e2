"""All policies on one graph in one pass: seconds a policy, and what was taken from the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from benchmarks.groups import package, warm_up
from benchmarks.measure import Row, fresh, measured
from benchmarks.sizes import Size
from discovery.facts.graph import FactGraph, fact_graph
from discovery.groups import discover_in
from discovery.groups.shared import Memo
from discovery.policies import Policy, load_policy, policy_slugs
from discovery.service.sources import given

DAY: Final = date(2026, 6, 30)
TWICE: Final = 2  # the aim: policies with the same parameters cost under that many times one of them


def run(size: Size, work: Path) -> Iterator[Row]:
    """Rows of the part `policies`."""
    folder = str(package(work, size.shared))
    yield from fresh(
        "benchmarks.policies:together", folder=folder, case=f"policies {size.shared:,}", aims=size.aims
    )


def together(folder: str, case: str, *, aims: bool) -> list[Row]:
    """One policy under five names; then every shipped one after the other, and what they take together."""
    warm_up(Path(folder).parent)
    facts = given(Path(folder)).facts
    with measured() as cutting:
        graph = fact_graph(facts, DAY)
    rows = [cutting.row(case, "fact graph, once for all")]
    alike = load_policy("cbrc-2010")
    memo = Memo()
    names = (alike.model_copy(update={"slug": f"alike-{number}"}) for number in range(5))
    rows += [_one(case, graph, policy, memo) for policy in names]
    times = {name: sum(row[name] for row in rows[1:]) / max(rows[1][name], 1e-6) for name in ("cpu", "wall")}
    judged = {"aim": f"under {TWICE}x", "met": times["cpu"] < TWICE} if aims else {}
    rows.append({"case": case, "what": "five alike / one", "ratio": times, **judged})
    memo = Memo()
    policies = [load_policy(slug) for slug in policy_slugs()]
    every = []
    for number, policy in enumerate(policies, start=1):
        every.append(_one(case, graph, policy, memo))
        memo.keep_for(policies[number:])
    sums = {name: sum(row[name] for row in every) for name in ("cpu", "wall")}
    many = f"{len(every)} policies"
    stages = f"{len(memo.made)} stages computed, {len(memo.taken)} taken"
    rows += [
        *every,
        {**rows[1], **sums, "peak_mb": max(row["peak_mb"] for row in every), "what": f"{many}: {stages}"},
    ]
    alone = {name: sums[name] / max(rows[1][name], 1e-6) for name in sums}
    return [*rows, {"case": case, "what": f"{many} / one alone", "ratio": alone}]


def _one(case: str, graph: FactGraph, policy: Policy, memo: Memo) -> Row:
    taken = len(memo.taken)
    with measured() as asking:
        discover_in(graph, policy, memo)
    shared = ", ".join(memo.taken[taken:]) or "nothing"
    return asking.row(case, f"{policy.slug}: took {shared}")
