"""The exemptions of a policy beside what is measured of a group, and at which figure each would turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from discovery.groups.amounts import fraction_text
from discovery.groups.rulings import Ruling
from discovery.policies.expressions import Expression
from discovery.policies.model import Policy

Document = dict[str, Any]
_OPPOSITE: Final = {"==": "!=", "!=": "==", ">=": "<", "<=": ">", ">": "<=", "<": ">="}


def exemption_tests(
    policy: Policy, measured: Mapping[str, Fraction | None], ruling: Ruling
) -> list[Document]:
    """Every condition that may leave the group out: does it hold, on what figures, and what would turn it."""
    found = []
    if policy.inclusion is not None:
        rule = policy.inclusion
        found.append(_test("inclusion", rule.article, rule.when, None, measured))
    found += [
        _test(exemption.id, exemption.article, exemption.when, exemption.unless, measured)
        for exemption in policy.exemptions
        if exemption.effect == "exempt"
    ]
    lost = [
        {"id": rule.id, "article": rule.article, "holds": False, "doubtful": True, "figures": []}
        for rule in ruling.doubtful
    ]
    return [*found, *lost]


def _test(
    name: str,
    article: str,
    when: Expression,
    unless: Expression | None,
    measured: Mapping[str, Fraction | None],
) -> Document:
    holds = when.holds(measured)
    if unless is not None and holds:
        excused = unless.holds(measured)
        holds = None if excused is None else not excused
    figures = [*_figures(when, measured), *(_figures(unless, measured) if unless else ())]
    return {"id": name, "article": article, "holds": holds, "doubtful": False, "figures": figures}


def _figures(condition: Expression, measured: Mapping[str, Fraction | None]) -> Iterator[Document]:
    """Each comparison with its figure; `turns_at` is what the figure would have to become."""
    if condition.parts:
        for part in condition.parts:
            yield from _figures(part, measured)
        return
    value, holds = measured.get(condition.quantity), condition.holds(measured)
    op = _OPPOSITE[condition.op] if holds else condition.op
    limit = fraction_text(condition.value)
    yield {
        "quantity": condition.quantity,
        "is": None if value is None else fraction_text(value),
        "asked": f"{condition.op} {limit}",
        "holds": holds,
        "turns_at": None if holds is None else f"{op} {limit}",
    }
