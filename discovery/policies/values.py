"""What values in a policy file look like: percentages, amounts of money, items of closed lists."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from discovery.facts.schema import AMOUNT_SCALE, PERCENT_SCALE

Comparison = Literal[">", ">="]


Status = Literal["src", "2nd", "mem"]
UNVERIFIED: Final = frozenset({"2nd", "mem"})


class Rule(BaseModel):
    """A part of a policy. `status`: where its value was read; empty = in the measures themselves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Status | None = Field(
        default=None, description="src: the text of the rule; 2nd: a secondary source; mem: from memory"
    )


class Text(Rule):
    zh: str
    en: str


def choice(allowed: tuple[str, ...]) -> BeforeValidator:
    """One of a closed list; the message lists it."""

    def check(value: object) -> object:
        if value not in allowed:
            msg = f"{value!r} is not one of {', '.join(allowed)}"
            raise ValueError(msg)
        return value

    return BeforeValidator(check)


def _number(value: object) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        msg = f"{str(value)!r} is not a number; write a decimal like 50 or 33.333333"
        raise ValueError(msg) from None
    if isinstance(value, (float, bool)) or not number.is_finite():
        msg = f"{str(value)!r}: write the number in quotes if it has a point"
        raise ValueError(msg)
    return number


def _percent(value: object) -> object:
    number = _number(value)
    if not 0 <= number <= 100 or number != round(number, 6):
        msg = (
            f"{str(value)!r}: a percentage is 0 to 100 with at most six decimals, in quotes if it has a point"
        )
        raise ValueError(msg)
    return format(number.normalize(), "f")


def _money(value: object) -> object:
    number = _number(value)
    if number < 0 or number != round(number, 4):
        msg = f"{str(value)!r}: an amount of money is not negative and has at most four decimals"
        raise ValueError(msg)
    return format(number.normalize(), "f")


Percent = Annotated[str, BeforeValidator(_percent)]
Money = Annotated[str, BeforeValidator(_money)]


def millionths(percent: str) -> int:
    """A percentage as the engine's integer."""
    return int(Decimal(percent) * PERCENT_SCALE)


def ten_thousandths(money: str) -> int:
    """An amount of money as the facts' integer."""
    return int(Decimal(money) * AMOUNT_SCALE)
