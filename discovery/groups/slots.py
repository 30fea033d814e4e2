"""A policy's tests as register slots: what deems control, and which other totals are watched."""

from __future__ import annotations

from typing import Final

from discovery.control.registers import Slot
from discovery.evidence.models import DECISION
from discovery.groups.recorded import POWER
from discovery.policies.model import Basis, Policy
from discovery.policies.values import millionths

NEAR: Final = millionths("40")  # A5 near_control
HALF: Final = millionths("50")  # A5 half_share, joint control of a 50/50 pair

# Grounds a policy may not deem; meeting one is a question for a person (A5 closed_list_basis).
_ALL_GROUNDS: Final[dict[str, dict[str, object]]] = {
    "B2": {"measure": "voting_commanded"},
    "B3": {"measure": "power", "powers": ("charter", "contract", "decides_finance_operations")},
    "B4": {"measure": "seats", "threshold": "50", "op": ">"},
    "B5": {"measure": "board_votes"},
    "B6": {"measure": "power", "powers": ("consolidates",)},
    "B7": {"measure": "power", "powers": ("centralised_finance", "unified_accounting")},
    "B8": {"measure": "power", "powers": ("unified_borrow_repay", "unified_allocation")},
    "B11": {"measure": "posts"},
    "B12": {"measure": "seats", "threshold": "50", "op": ">"},
    "B15": {"measure": "power", "powers": ("decides_investment", "decides_guarantee")},
    "B20": {"measure": "power", "powers": ("declared_controller",)},
}


def deemed_slots(policy: Policy) -> list[Slot]:
    """The slots that decide control: in the policy's order, person bases, recorded decisions."""
    slots = [_slot(basis) for basis in policy.control.bases]
    for basis in policy.persons.bases if policy.persons else ():
        if basis.code == "B13":
            slots.append(
                Slot(
                    "B13",
                    "power",
                    threshold=1,
                    powers=basis.powers,
                    roles=basis.roles,
                    persons=True,
                    private_only=basis.private_only,
                )
            )
        elif basis.posts:
            slots.append(Slot("B14", "role_posts", threshold=2, roles=basis.posts, persons=True))
    return [*slots, Slot(DECISION, "power", threshold=1, powers=(POWER,))]


def _slot(basis: Basis) -> Slot:
    if basis.measure == "power":
        return Slot(basis.code, "power", threshold=1, powers=basis.powers)
    if basis.measure == "posts":
        return Slot(basis.code, "posts", threshold=basis.at_least)
    threshold = millionths(basis.threshold)
    return Slot(
        basis.code,
        basis.measure,
        threshold=threshold,
        strict=basis.op == ">",
        by_agreement=basis.by_agreement,
    )


def undeemed(policy: Policy) -> list[Basis]:
    """The grounds this policy does not deem, with its share test's figure where the ground has none."""
    listed = {basis.code for basis in policy.control.bases}
    share = policy.control.share
    grounds = []
    for code, ground in _ALL_GROUNDS.items():
        same = [basis for basis in policy.control.bases if basis.measure == "seats"]
        if code in listed or (ground["measure"] == "seats" and same):
            continue
        figures = {} if "threshold" in ground else {"threshold": share.threshold, "op": share.op}
        if ground["measure"] in {"power", "posts"}:
            figures = {}
        grounds.append(Basis.model_validate({"code": code, "article": share.article, **ground, **figures}))
    return grounds


def watched_slots(policy: Policy) -> list[Slot]:
    """The totals asked for beside control: near misses, stakes of persons, influence, other grounds."""
    share = policy.control.share
    slots = [Slot("near", share.measure, watch=NEAR)]
    if policy.persons is not None:
        major = policy.persons.major_investor
        slots.append(Slot("major", major.measure, strict=major.op == ">", watch=major.least))
    if policy.influence is not None:
        strict, least = policy.influence.op == ">", policy.influence.least
        slots += [
            Slot("held", "voting_held", strict=strict, watch=least),
            Slot("held_by_companies", "voting_held", strict=strict, persons=False, watch=least),
        ]
    for basis in undeemed(policy):
        slot = _slot(basis)
        level = slot.threshold + slot.strict
        slots.append(
            Slot(f"other {basis.code}", slot.measure, slot.threshold, slot.strict, slot.powers, watch=level)
        )
    slots.append(Slot("one post", "posts", watch=1))
    return slots
