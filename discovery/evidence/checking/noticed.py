"""What an answer must say of the policy itself: out of force, or asking for facts that are not on file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from discovery.evidence.checking.book import Book
from discovery.policies.model import Policy

_FILES: Final = ("holdings", "agreements", "powers", "offices", "kinship", "credits", "payments", "trades")
_OF_CREDIT: Final = ("members_with_credit", "npl_share", "disposed_share", "low_risk_share")


def noticed(book: Book) -> Iterator[tuple[str, dict[str, str]]]:
    """The findings: code, and what it says."""
    policy, day = book.policy, book.day.as_of
    early = policy.valid_from is not None and day < policy.valid_from
    late = policy.valid_to is not None and day >= policy.valid_to
    if early or late:
        start, end = policy.valid_from or "…", policy.valid_to or "…"
        yield (
            "policy_not_in_force",
            {
                "detail": f"{policy.slug} is in force from {start} to {end}.",
                "remedy": "Take the day or the policy that is meant; the answer stands as asked.",
            },
        )
    for file in _FILES:
        rows = book.day.holdings if file == "holdings" else book.day.of(file)
        rules = list(dict.fromkeys(_rules(policy, file)))
        if rules and not rows:
            yield (
                "not_assessed",
                {
                    "file": file,
                    "detail": f"{policy.slug} asks for {file}: {', '.join(rules)}",
                    "remedy": "Add such facts if there are any; without them their absence proves nothing.",
                },
            )


def _rules(policy: Policy, file: str) -> Iterator[str]:
    """The rules of the policy that look at the facts of one file."""
    for basis in policy.control.bases:
        kind = basis.measure.removesuffix("_commanded")
        if file == ("holdings" if kind in {"voting", "equity"} else "powers"):
            yield basis.code
        if file == "agreements" and kind != basis.measure:
            yield basis.code
    influence, joint, persons = policy.influence, policy.joint_control, policy.persons
    if file == "powers" and influence is not None and (influence.powers or influence.board_seat):
        yield influence.code
    if file == "agreements" and joint is not None:
        yield joint.code
    if persons is not None and file == "offices":
        yield "key_managers"
        yield from (basis.code for basis in persons.bases)
    if persons is not None and file == "kinship" and persons.kin.deem:
        yield "kin"
    for rule in policy.exemptions:
        if _looks_at(file, rule.when.quantities | (rule.unless.quantities if rule.unless else set())):
            yield rule.id
    if policy.inclusion is not None and _looks_at(file, policy.inclusion.when.quantities):
        yield "inclusion"


def _looks_at(file: str, quantities: frozenset[str]) -> bool:
    if file == "credits":
        return any(name in quantities for name in _OF_CREDIT)
    return file in {"payments", "trades"} and any("transactions" in name for name in quantities)
