"""What a policy's conditions make of measured quantities: exempt or not, by which article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from discovery.policies.model import Exemption

Measured = dict[str, Fraction | None]


@dataclass(frozen=True)
class Ruling:
    """What the policy says of one group: exempt or not, by which article, on what measurements.

    `reason` and `article` are those of the exemption (empty: none); `doubtful` names exemptions that
    would need facts that are not on file or have been lost; flag `presumed`: absence of facts decided.
    """

    reason: str = ""
    article: str = ""
    effect: str = ""
    measured: Measured = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    doubtful: tuple[Exemption, ...] = ()


def first_that_holds(rules: Sequence[Exemption], values: Measured) -> Ruling:
    """The first exemption whose condition holds and whose exception does not."""
    for rule in rules:
        excused = rule.unless is not None and rule.unless.holds(values) is not False
        if rule.when.holds(values) and not excused:
            flags = ["presumed"] if rule.presumed else []
            if rule.boundary_ambiguous and rule.when.at_boundary(values):
                flags.append("boundary_ambiguous")
            asked = rule.when.quantities | (rule.unless.quantities if rule.unless else frozenset())
            shown = {name: values.get(name) for name in sorted(asked)}
            return Ruling(rule.id, rule.article, rule.effect, shown, flags=tuple(flags))
    return Ruling()
