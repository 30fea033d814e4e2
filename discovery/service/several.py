"""Several policies on one day's facts in one pass, each taking from the others what is the same for both."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from discovery.errors import UsageError
from discovery.facts.facts import Facts
from discovery.facts.graph import fact_graph
from discovery.groups import Answer, discover_in
from discovery.groups.shared import Memo
from discovery.policies import policy_slugs
from discovery.service.answers import Asked
from discovery.service.sources import Progress

ALL: Final = "all"


@dataclass(frozen=True)
class One:
    """One policy's answer, the seconds it took after the others, and the stages it took from them."""

    answer: Answer
    seconds: float
    shared: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Groups, sets an exemption leaves out, and members of groups."""
        found = self.answer.day_groups
        units = found.formation.groups["unit"].to_list()
        exempt = {unit for unit in units if unit in found.rulings and found.rulings[unit].reason}
        rows = found.formation.members.join(found.formation.groups, on="unit", how="semi")
        standing = rows.filter(~rows["unit"].is_in(sorted(exempt)))
        apart = sum(len(one.rulings) for one in found.apart)
        return {"groups": len(units) - len(exempt), "exempt": len(exempt) + apart, "members": standing.height}

    def to_dict(self) -> dict[str, Any]:
        told = {"policy": self.answer.policy.slug, **self.counts, "seconds": round(self.seconds, 3)}
        return {**told, "shared": list(self.shared)}


def named(text: str) -> list[str] | None:
    """The policies that `all` or a list with commas names; None for a single one."""
    if text.strip() == ALL:
        return policy_slugs()
    names = [name.strip() for name in text.split(",")]
    if len(names) == 1:
        return None
    if not all(names) or len(set(names)) < len(names):
        raise UsageError(
            f"{text!r} names a policy twice, or none.", remedy="Write slugs with commas: a,b,c; or all."
        )
    return names


def several(facts: Facts, asked: Sequence[Asked], *, progress: Progress | None = None) -> Iterator[One]:
    """The answers of several policies for one day, in their order."""
    policies = [one.rules() for one in asked]
    if progress is not None:
        progress("discover", 0, len(policies))
    graph, memo = fact_graph(facts, asked[0].as_of, asked[0].known_at), Memo()
    for number, policy in enumerate(policies, start=1):
        taken, started = len(memo.taken), time.perf_counter()
        answer = discover_in(graph, policy, memo)
        memo.keep_for(policies[number:])
        yield One(answer, time.perf_counter() - started, tuple(dict.fromkeys(memo.taken[taken:])))
        if progress is not None:
            progress("discover", number, len(policies))
