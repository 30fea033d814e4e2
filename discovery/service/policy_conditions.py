"""Conditions of a policy as sentences."""

from __future__ import annotations

from typing import Final

from discovery.evidence.words import Language, say
from discovery.policies.expressions import Expression
from discovery.service.administration_words import TIES
from discovery.service.policy_words import CONTROL_SYMBOLS, MEASURED

_QUANTITIES: Final = MEASURED | TIES


def condition_text(expression: Expression, language: Language) -> str:
    """A condition in words."""
    zh = language == "zh"
    if not expression.parts:
        quantity = say(_QUANTITIES, expression.quantity, language)
        if expression.quantity == "state_owner" and expression.op == "==" and expression.value == 1:
            return quantity
        value = expression.value
        number = str(value.numerator if value.denominator == 1 else float(value))
        op = say(CONTROL_SYMBOLS, expression.op, language)
        return f"{quantity}{op}{number}" if zh else f"{quantity} {op} {number}"
    inner = [condition_text(part, language) for part in expression.parts]
    if expression.op == "not":
        return f"并非（{inner[0]}）" if zh else f"not ({inner[0]})"
    inner = [
        (f"（{text}）" if zh else f"({text})") if part.op in {"all", "any"} else text
        for text, part in zip(inner, expression.parts, strict=True)
    ]
    joined = {"all": ("且", " and "), "any": ("或", " or ")}[expression.op]
    return joined[0].join(inner) if zh else joined[1].join(inner)
