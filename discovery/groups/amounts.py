"""Exact integers as decimal text, the way outcomes and evidence write them."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Final

from discovery.control.registers import HUNDRED
from discovery.facts.schema import PERCENT_SCALE


@lru_cache(maxsize=1 << 16)
def decimal_text(value: int, scale: int = PERCENT_SCALE) -> str:
    """A scaled integer without needless zeros: 33333333 millionths are 33.333333."""
    whole, rest = divmod(value, scale)
    if not rest:
        return str(whole)
    digits = str(rest).rjust(len(str(scale)) - 1, "0").rstrip("0")
    return f"{whole}.{digits}"


def fraction_text(value: Fraction) -> str:
    """A fraction as decimal text with at most six decimals, rounded half up (for display only)."""
    return rounded_text(value.numerator, value.denominator)


def exact_text(value: Fraction) -> str:
    """A fraction as it is: decimal text where that is finite, else numerator/denominator."""
    digits, rest = 0, value.denominator
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest //= prime
            count += 1
        digits = max(digits, count)
    if rest > 1:
        return f"{value.numerator}/{value.denominator}"
    return decimal_text(value.numerator * 10**digits // value.denominator, 10**digits)


def rounded_text(numerator: int, denominator: int) -> str:
    """A ratio as decimal text with at most six decimals, rounded half up (for display only)."""
    return decimal_text((2 * numerator * PERCENT_SCALE + denominator) // (2 * denominator))


PERCENT: Final = frozenset(
    {"voting", "equity", "voting_commanded", "equity_commanded", "voting_held", "board_votes"}
)


def amount_text(measure: str, amount: int) -> str:
    """One contribution: percent, number of seats, number of posts, or 1 for what is there or not."""
    if measure in PERCENT:
        return decimal_text(amount)
    if measure == "seats":
        return decimal_text(amount // HUNDRED)
    if measure in {"posts", "role_posts"}:
        return str(amount.bit_count())
    return "1"


def total_text(measure: str, amounts: list[int]) -> str:
    """What the contributions come to: their sum, the number of different posts, or 1."""
    if measure in PERCENT or measure == "seats":
        return amount_text(measure, sum(amounts))
    if measure in {"posts", "role_posts"}:
        union = 0
        for amount in amounts:
            union |= amount
        return str(union.bit_count())
    return "1" if amounts else "0"
