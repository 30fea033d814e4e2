"""Findings about what a policy asks for and the facts do not hold: never a silent no."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from discovery.facts.findings import Finding
from discovery.facts.graph import FactGraph
from discovery.groups.recorded import POWER
from discovery.policies.model import Policy

_CREDIT: Final = frozenset({"members_with_credit", "npl_share", "disposed_share", "low_risk_share"})
_DEALINGS: Final = frozenset(
    {"transactions_with_owner", "unfair_transactions_with_owner", "unfair_transactions_among_controlled"}
)
_REMEDY: Final = "Add such facts if there are any; without them their absence proves nothing."


def not_on_file(graph: FactGraph, policy: Policy) -> Iterator[Finding]:
    """One finding for each kind of fact that the policy asks for and that the day has none of."""
    for stem, rules in asked_for(policy).items():
        if not rules or _stated(graph, stem).height:
            continue
        named = ", ".join(dict.fromkeys(rules))
        yield Finding(
            "not_assessed",
            "info",
            file=stem,
            detail=f"{policy.slug} asks for {stem}: {named}",
            remedy=_REMEDY,
        )


def _stated(graph: FactGraph, stem: str) -> pl.DataFrame:
    """The day's rows of a file; accepted questions, which count as powers in a pass, are no facts on file."""
    if stem == "powers":
        return graph[stem].filter(pl.col("kind") != POWER)
    return graph.holdings if stem == "holdings" else graph[stem]


def in_force(graph: FactGraph, policy: Policy) -> Iterator[Finding]:
    """A finding where the day lies outside the dates of force, as far as they are known."""
    since, until = policy.valid_from, policy.valid_to
    if (since is not None and graph.as_of < since) or (until is not None and graph.as_of >= until):
        yield Finding(
            "policy_not_in_force", "info",
            detail=f"{policy.slug} is in force from {since or '…'} to {until or '…'}.",
            remedy="Take the day or the policy that is meant; the answer stands as asked.",
        )  # fmt: skip


def asked_for(policy: Policy) -> dict[str, list[str]]:
    """By file: the rules of the policy that look at its facts."""
    asked: dict[str, list[str]] = {
        stem: []
        for stem in (
            "holdings",
            "agreements",
            "powers",
            "offices",
            "kinship",
            "credits",
            "payments",
            "trades",
        )
    }
    for basis in policy.control.bases:
        shares = basis.measure.startswith(("voting", "equity"))
        asked["holdings" if shares else "powers"].append(basis.code)
        if basis.measure.endswith("_commanded"):
            asked["agreements"].append(basis.code)
    if policy.influence is not None and (policy.influence.powers or policy.influence.board_seat):
        asked["powers"].append(policy.influence.code)
    if policy.joint_control is not None:
        asked["agreements"].append(policy.joint_control.code)
    if policy.persons is not None:
        asked["offices"].append("key_managers")
        asked["kinship"] += ["kin"] if policy.persons.kin.deem else []
        for person_basis in policy.persons.bases:
            asked["offices"].append(person_basis.code)
    conditions = [(rule.id, rule.when.quantities | (rule.unless.quantities if rule.unless else frozenset()))
                  for rule in policy.exemptions]  # fmt: skip
    if policy.inclusion is not None:
        conditions.append(("inclusion", policy.inclusion.when.quantities))
    for name, quantities in conditions:
        asked["credits"] += [name] if quantities & _CREDIT else []
        for stem in ("payments", "trades"):
            asked[stem] += [name] if quantities & _DEALINGS else []
    return asked
