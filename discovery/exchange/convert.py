"""From a source's text to the text the facts package wants: exact, and saying why where it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact
from typing import Final

from discovery.facts.identifiers import mask, mask_id_numbers

Convert = Callable[[str], str]

NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_TWO_DIGITS: Final = re.compile(r"([0-9]{1,2})(?:\.([0-9]{1,4}))?")
_HUNDRED: Final = Decimal(100)
_LONGEST_NUMBER: Final = 60
_CONTEXT: Final = Context(prec=200)


class Unfit(Exception):
    """A value that the column cannot take: why, and what to change."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Number:
    """How numbers are written in the source, and what the column takes (`places`: decimals)."""

    places: int
    low: Decimal | None = None
    high: Decimal | None = None
    fraction: bool = False
    percent_sign: bool = False
    rounded: bool = False
    decimal: str = "."
    thousands: str = ""

    def __call__(self, text: str) -> str:
        number = read_decimal(self._plain(text), text)
        if self.fraction:
            number = number.scaleb(2, _CONTEXT)
        number = self._within_places(number, text)
        if (self.low is not None and number < self.low) or (self.high is not None and number > self.high):
            raise Unfit(
                f"{write_decimal(number)} is outside {self.low} to {self.high}",
                "Correct the source; if it counts in fractions (0.5 for half) write `as: fraction`, "
                "if in percent drop it.",
            )
        return write_decimal(number)

    def quick(self) -> Convert:
        """The same, without arithmetic for the usual number: 0 to 99 with at most four decimals."""
        bounded = self.low in {None, Decimal(0)} and (self.high is None or self.high >= _HUNDRED)
        if not bounded or self.places < 4 or self.fraction or self.decimal != "." or self.thousands:
            return self
        usual = _TWO_DIGITS.fullmatch

        def convert(text: str) -> str:
            found = usual(text)
            if found is None:
                return self(text)
            whole, decimals = found[1].lstrip("0") or "0", (found[2] or "").rstrip("0")
            return f"{whole}.{decimals}" if decimals else whole

        return convert

    def _plain(self, text: str) -> str:
        plain = text
        if self.percent_sign and plain.endswith(("%", "％")):
            plain = plain[:-1].rstrip()
        if self.thousands:
            plain = plain.replace(self.thousands, "")
        return plain.replace(self.decimal, ".") if self.decimal != "." else plain

    def _within_places(self, number: Decimal, text: str) -> Decimal:
        try:
            return number.quantize(
                Decimal(1).scaleb(-self.places), context=Context(prec=200, traps=[Inexact])
            )
        except Inexact:
            if not self.rounded:
                raise Unfit(
                    f"more than {self.places} decimals",
                    "Give fewer decimals in the source, or write `round: true` in the mapping.",
                ) from None
            return number.quantize(
                Decimal(1).scaleb(-self.places), rounding=ROUND_HALF_EVEN, context=_CONTEXT
            )


def read_decimal(plain: str, text: str) -> Decimal:
    """The exact number, or Unfit; exponents of more than three digits are no quantity of this field."""
    if len(plain) > _LONGEST_NUMBER or not NUMBER.fullmatch(plain) or not plain.isascii():
        raise Unfit(
            "not a number",
            "Write plain decimals, or name in the mapping how they are written: `decimal`, `thousands`.",
        )
    return Decimal(plain)


def write_decimal(number: Decimal) -> str:
    """Plain decimal text without an exponent, without trailing zeros, without a minus zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


@dataclass(frozen=True, slots=True)
class Day:
    """How days are written in the source. `shift_days: 1` turns an inclusive last day into valid_to."""

    formats: Sequence[str] = ()
    shift_days: int = 0
    open: frozenset[str] = frozenset()

    def __call__(self, text: str) -> str:
        if text in self.open:
            return ""
        try:
            return (self._read(text) + timedelta(days=self.shift_days)).isoformat()
        except OverflowError:
            raise Unfit(
                "the day after this one is beyond the calendar",
                "Name it under `open` if it means no end.",
            ) from None

    def _read(self, text: str) -> date:
        for form in self.formats:
            try:
                return datetime.strptime(text, form).date()  # noqa: DTZ007  a calendar day has no zone
            except ValueError:
                continue
        if not self.formats:
            try:
                return datetime.fromisoformat(text).date()
            except ValueError:
                pass
        wanted = " or ".join(self.formats) or "YYYY-MM-DD"
        raise Unfit(f"not a day written as {wanted}", "Add its form under `formats`, or correct the source.")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or an ISO moment; a moment with a zone is written in UTC."""

    formats: Sequence[str] = ()
    open: frozenset[str] = frozenset()

    def __call__(self, text: str) -> str:
        if text in self.open:
            return ""
        moment = self._read(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return (
            moment.date().isoformat()
            if len(text) <= len("2000-01-31")
            else moment.isoformat(timespec="seconds")
        )

    def _read(self, text: str) -> datetime:
        for form in self.formats:
            try:
                return datetime.strptime(text, form)  # noqa: DTZ007  the zone is in the form or nowhere
            except ValueError:
                continue
        if not self.formats:
            try:
                return datetime.fromisoformat(text)
            except ValueError:
                pass
        raise Unfit("not a day or moment", "Add its form under `formats`, or correct the source.")


def flag(text: str) -> str:
    """`true` or `false` in any case; other words go through `map`."""
    lower = text.lower()
    if lower in {"true", "false"}:
        return lower
    raise Unfit("not true or false", "Map the source's words: `map: {Y: true, N: false}`.")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the allowed values; with `several`, some of them with `;` between."""

    values: tuple[str, ...]
    several: bool = False

    def __call__(self, text: str) -> str:
        parts = [part.strip() for part in text.split(";")] if self.several else [text]
        for part in parts:
            if part not in self.values:
                raise Unfit(
                    f"not one of the allowed values: {', '.join(self.values)}",
                    "Add it to `map` or `match` in the mapping.",
                )
        return ";".join(sorted(set(parts))) if self.several else text


def masked(value: str, column: str | None = None) -> str:
    """The value as a message may show it: whatever may be an ID number is masked."""
    return mask(value) if column == "id_number" else mask_id_numbers(value)[:200]
