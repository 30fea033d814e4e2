"""A large answer for a person in one pass: counts of all, one page of each list, the members to a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from discovery.groups import Answer

LISTS: Final = ("groups", "exempt", "review", "related", "links", "dependent_sets", "findings")


@dataclass
class Digest:
    """`totals` of every list, the documents of one page of each, and the names of all who stand in those."""

    policy: str
    as_of: str
    first: int  # place of the page's first entry, from 0
    totals: Counter[str] = field(default_factory=Counter)
    shown: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in LISTS})
    decisions: list[dict[str, Any]] = field(default_factory=list)
    findings_by_code: Counter[str] = field(default_factory=Counter)
    names: dict[str, str | None] = field(default_factory=dict)


def digest(
    answer: Answer,
    *,
    limit: int = 20,
    page: int = 1,
    each: Callable[[dict[str, Any]], None] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Digest:
    """Walk through the answer's outcomes without keeping them; `each` is given every group and exempt set."""
    found = Digest(answer.policy.slug, answer.as_of.isoformat(), (page - 1) * limit)
    for count, (name, document) in enumerate(answer.outcomes()):
        _take(found, name, document, limit)
        if each is not None and name in {"groups", "exempt"}:
            each(document)
        if progress is not None and count % 1_000 == 0:
            progress("evidence", count, 0)
    found.decisions = answer.decisions()
    for finding in answer.findings():
        found.findings_by_code[finding.code] += 1
        _take(found, "findings", finding.to_dict(), limit)
    parties = answer.graph.parties
    for party in _parties(found):
        found.names[party] = parties.names[parties.number[party]]
    return found


def _take(found: Digest, name: str, document: dict[str, Any], limit: int) -> None:
    if found.first <= found.totals[name] < found.first + limit:
        found.shown[name].append(document)
    found.totals[name] += 1


def _parties(found: Digest) -> set[str]:
    """Everybody whom a shown document names."""
    named: set[str] = set()
    for group in (*found.shown["groups"], *found.shown["exempt"]):
        named |= {*group["members"], *group["non_client_members"], *group["controller"]["parties"]}
        named |= {one["person"] for one in group["controller"].get("kin", ())}
        for company, step in group["evidence"].items():
            named |= {company, *step["unit"], *(part["by"] for part in step["contributions"])}
        named |= {share["company"] for share in group.get("shares", ())}
    for name in ("review", "related", "links", "dependent_sets"):
        for one in found.shown[name]:
            named |= {*one["parties"], *one["with"]}
    for entry in found.decisions:
        named |= set(entry["parties"])
    return named | {one["party"] for one in found.shown["findings"] if one["party"]}
