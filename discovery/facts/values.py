"""From text to typed values, a column at a time; what a bad value's fault is, one at a time.

Decimals go from text to integers without ever being a float.
"""

from __future__ import annotations

import difflib
import re
from typing import Final, NamedTuple

import polars as pl

from discovery.facts.lists import in_order
from discovery.facts.schema import PERCENT_SCALE, Column

MAX_TEXT: Final = 65_536  # bytes in one value
_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TIME: Final = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_MOMENT: Final = rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([T ]{_TIME}(Z|[+-][0-9]{{2}}:[0-9]{{2}})?)?$"


class Decimals(NamedTuple):
    """How a decimal is written and kept: digits after the point, before it, bounds in kept units."""

    places: int
    whole: int
    low: int | None = None
    high: int | None = None

    @property
    def pattern(self) -> str:
        return rf"^-?[0-9]{{1,{self.whole}}}(\.[0-9]{{1,{self.places}}})?$"


DECIMALS: Final = {
    "percent": Decimals(6, 3, 0, 100 * PERCENT_SCALE),
    "ratio": Decimals(6, 1, 0, PERCENT_SCALE),
    "measure": Decimals(6, 12, 0, None),
    "amount": Decimals(4, 14),
}


def clean(text: pl.Expr) -> pl.Expr:
    """Text without blanks at its ends; an empty text is null."""
    stripped = text.str.strip_chars()
    return pl.when(stripped != "").then(stripped)


def typed(column: Column, text: pl.Expr) -> pl.Expr:
    """The column's values in the frame's type; null where the text is null or says no such value."""
    if column.type in DECIMALS:
        return _decimals(text, DECIMALS[column.type])
    if column.type == "choice":
        return pl.when(text.is_in(list(column.values))).then(text)
    if column.type == "choices":
        return _choices(text, column.values)
    return _PARSERS.get(column.type, _texts)(text)


def _texts(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.len_bytes() <= MAX_TEXT).then(text)


def _flags(text: pl.Expr) -> pl.Expr:
    return pl.when(text.is_in(["true", "false"])).then(text == "true")


def _days(text: pl.Expr) -> pl.Expr:
    return _only(text, _DAY).str.to_date("%Y-%m-%d", strict=False)


def _only(text: pl.Expr, pattern: str) -> pl.Expr:
    return pl.when(text.str.contains(pattern)).then(text)


def _decimals(text: pl.Expr, how: Decimals) -> pl.Expr:
    exact = _only(text, how.pattern).cast(pl.Decimal(18, how.places), strict=False)
    whole = exact.to_physical().cast(pl.Int64)
    if how.low is not None:
        whole = pl.when(whole >= how.low).then(whole)
    if how.high is not None:
        whole = pl.when(whole <= how.high).then(whole)
    return whole


def _moments(text: pl.Expr) -> pl.Expr:
    """Moments in UTC; a day is its first moment, a moment without a zone is in UTC."""
    shaped = _only(text, _MOMENT)
    full = shaped.str.replace(" ", "T", literal=True)
    full = full.str.replace(r"^([0-9-]{10})$", "${1}T00:00:00")
    full = full.str.replace(r"T([0-9]{2}:[0-9]{2})($|Z|[+-])", "T${1}:00${2}")
    zoned = full.str.contains(r"(Z|[+-][0-9]{2}:[0-9]{2})$")
    full = pl.when(zoned).then(full).otherwise(full + "Z")
    return (
        full.str.to_datetime("%+", strict=False, time_unit="us")
        .dt.convert_time_zone("UTC")
        .dt.replace_time_zone(None)
    )


_PARSERS: Final = {"flag": _flags, "day": _days, "moment": _moments}


def _choices(text: pl.Expr, allowed: tuple[str, ...]) -> pl.Expr:
    """Lists written with `;`, each item once and sorted; null where an item is not allowed."""
    item = pl.element().str.strip_chars()
    items = in_order(text.str.split(";").list.eval(item.filter(item != "")).list.unique())
    known = items.list.eval(pl.element().is_in(list(allowed))).list.all() & (items.list.len() > 0)
    return pl.when(known).then(items.list.join(";"))


def fault(column: Column, value: str) -> tuple[str, str | None]:
    """The problem code of a bad value and, for a value like an allowed one, that one."""
    kind = column.type
    if kind in DECIMALS:
        return _decimal_fault(kind, value), None
    if kind in ("choice", "choices"):
        return "not_a_choice", nearest(value, column.values)
    if kind in ("flag", "day", "moment"):
        return f"not_a_{kind}", None
    return "too_long", None


def _decimal_fault(kind: str, value: str) -> str:
    how = DECIMALS[kind]
    if not re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII):
        return "not_a_number"
    if len(value.partition(".")[2]) > how.places:
        return "too_many_decimals"
    return "out_of_range"


def nearest(value: str, allowed: tuple[str, ...]) -> str | None:
    """The allowed name most like the value, if any is like it."""
    found = difflib.get_close_matches(value[:200], allowed, n=1)
    return found[0] if found else None


def written(column: Column, values: pl.Series) -> pl.Series:
    """Typed values as a file holds them; `typed` of it gives them back."""
    if column.type in DECIMALS:
        return _written_decimals(values, DECIMALS[column.type].places)
    if column.type == "flag":
        return values.replace_strict({True: "true", False: "false"}, default=None, return_dtype=pl.String)
    if column.type == "moment":
        return values.dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
    return values.cast(pl.String)


def _written_decimals(values: pl.Series, places: int) -> pl.Series:
    size = values.abs()
    parts = pl.DataFrame({"v": values, "whole": size // 10**places, "rest": size % 10**places}).select(
        sign=pl.when(pl.col("v") < 0).then(pl.lit("-")).otherwise(pl.lit("")),
        whole=pl.col("whole").cast(pl.String),
        rest=pl.col("rest").cast(pl.String).str.zfill(places).str.strip_chars_end("0"),
    )
    point = pl.when(pl.col("rest") == "").then(pl.lit("")).otherwise(pl.lit(".") + pl.col("rest"))
    return parts.select((pl.col("sign") + pl.col("whole") + point).alias(values.name))[values.name]
