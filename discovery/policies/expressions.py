"""Conditions: comparisons of measured quantities, joined by all, any, not.

Exemptions, inclusions and types of groups use them. In a policy file a condition is a text like
`npl_share >= 50`, or one of `{all: [...]}`, `{any: [...]}`, `{not: ...}`. A quantity that cannot be
measured makes its comparison undecided, and undecided stays so unless the rest settles the whole
(three-valued logic).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from operator import eq, ge, gt, le, lt, ne
from typing import Annotated, Final

from pydantic import BeforeValidator, PlainSerializer

QUANTITIES: Final[dict[str, str]] = {
    "members_with_credit": "members that have a limit, balance or exposure above 0",
    "npl_share": "percent of the members' balances that is non-performing",
    "disposed_share": "percent of the members' balances that was handed to asset disposal",
    "low_risk_share": "percent of the members' credit rows that is low-risk",
    "unified_borrow_repay": "facts of unified borrowing and repaying inside the set",
    "state_owner": "1 if the controller is a government organ or a state-capital operating company",
    "transactions_with_owner": "payments (not capital contributions) and trades between owner and controlled",
    "unfair_transactions_with_owner": "those between owner and controlled at an unfair price",
    "unfair_transactions_among_controlled": "those between parties under the owner at an unfair price",
    "control_between_siblings": "control of one directly held subsidiary over another",
}
TIES: Final[dict[str, str]] = {
    "equity_ties": "members that are controlled by shares, of equity or votes",
    "person_ties": "members under a natural person or a family",
    "decided": "1 if a recorded decision makes the group",
    "unified_accounting_share": "percent of the members below the head whose accounting is unified",
    "unified_borrowing_share": "percent of the members below the head for whom others borrow and repay",
    "members_financing_alone": "members below the head that may borrow in their own right",
    "consolidated_share": "percent of the members that the head consolidates",
    "statements_share": "percent of the members in consolidated statements that can be obtained",
}
_OPERATORS: Final[dict[str, Callable[[Fraction, Fraction], bool]]] = {
    "==": eq,
    "!=": ne,
    ">=": ge,
    "<=": le,
    ">": gt,
    "<": lt,
}
_COMPARISON: Final = re.compile(r"^\s*([a-z_]+)\s*(==|!=|>=|<=|>|<)\s*(\d+(?:\.\d+)?)\s*$")

Measured = Mapping[str, Fraction | None]


@dataclass(frozen=True, slots=True)
class Expression:
    """One comparison (`quantity`, `op`, `value`) or a junction (`op` in all, any, not) of `parts`."""

    op: str
    quantity: str = ""
    value: Fraction = Fraction(0)
    parts: tuple[Expression, ...] = ()

    def holds(self, measured: Measured) -> bool | None:
        """True, False, or None where a needed quantity was not measured."""
        if not self.parts:
            found = measured.get(self.quantity)
            return None if found is None else _OPERATORS[self.op](found, self.value)
        answers = [part.holds(measured) for part in self.parts]
        if self.op == "not":
            return None if answers[0] is None else not answers[0]
        settles = self.op == "any"
        if settles in answers:
            return settles
        return None if None in answers else not settles

    def at_boundary(self, measured: Measured) -> bool:
        """Does some comparison stand exactly on its value?"""
        if not self.parts:
            return measured.get(self.quantity) == self.value and self.op in {">=", "<="}
        return any(part.at_boundary(measured) for part in self.parts)

    @property
    def quantities(self) -> frozenset[str]:
        if not self.parts:
            return frozenset({self.quantity})
        return frozenset().union(*(part.quantities for part in self.parts))

    def __str__(self) -> str:
        if not self.parts:
            number = self.value.numerator if self.value.denominator == 1 else float(self.value)
            return f"{self.quantity} {self.op} {number}"
        if self.op == "not":
            return f"not ({self.parts[0]})"
        return f" {'and' if self.op == 'all' else 'or'} ".join(f"({part})" for part in self.parts)


def parse(value: object, quantities: Mapping[str, str] = QUANTITIES) -> Expression:
    """An expression from the policy file's text or mapping; ValueError says what is allowed."""
    if isinstance(value, Expression):
        return value
    if isinstance(value, str):
        return _comparison(value, quantities)
    if isinstance(value, dict) and len(value) == 1:
        ((op, parts),) = value.items()
        if op == "not":
            return Expression("not", parts=(parse(parts, quantities),))
        if op in {"all", "any"} and isinstance(parts, list) and parts:
            return Expression(op, parts=tuple(parse(part, quantities) for part in parts))
    allowed = "`quantity op number`, {all: [...]}, {any: [...]} or {not: ...}"
    msg = f"{value!r} is no condition; write {allowed}"
    raise ValueError(msg)


def _comparison(text: str, quantities: Mapping[str, str]) -> Expression:
    found = _COMPARISON.match(text)
    if found is None or found[1] not in quantities:
        msg = f"{text!r}: write `quantity op number` with a quantity of {', '.join(quantities)}"
        raise ValueError(msg)
    value = Fraction(found[3])
    if found[1].endswith("_share") and (value > 100 or (value == 100 and found[2] == ">")):
        msg = f"{text!r}: a share is at most 100, so this is impossible"
        raise ValueError(msg)
    return Expression(found[2], found[1], value)


def plain(expression: Expression) -> object:
    """The expression as it would stand in a policy file."""
    if not expression.parts:
        return str(expression)
    parts = [plain(part) for part in expression.parts]
    return {expression.op: parts[0] if expression.op == "not" else parts}


Condition = Annotated[Expression, BeforeValidator(parse), PlainSerializer(plain)]
TieCondition = Annotated[Expression, BeforeValidator(partial(parse, quantities=TIES)), PlainSerializer(plain)]
