"""Values and conditions of a mapping, made ready to run over whole columns.

Each distinct text is converted once and remembered, so a column costs a dictionary look-up a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from discovery.errors import BadInput
from discovery.exchange.convert import Choice, Day, Moment, Number, Unfit, flag, read_decimal
from discovery.exchange.mapping import PLACEHOLDER, Condition, Value
from discovery.exchange.naming import (
    all_safe,
    name_key,
    organisation_id,
    organisation_kind_of_name,
    party_kind_of_name,
    safe_id,
)
from discovery.exchange.rows import Batch
from discovery.exchange.sources import NO_TEXT
from discovery.facts.schema import Column
from discovery.facts.values import DECIMALS, MAX_TEXT

REMEMBERED: Final = 50_000
NAMED_FUNCTIONS: Final[dict[str, Callable[[str], str]]] = {
    "party_kind": party_kind_of_name,
    "organisation_kind": organisation_kind_of_name,
    "name_key": name_key,
    "organisation_id": organisation_id,
    "safe_id": safe_id,
    "upper": str.upper,
    "lower": str.lower,
}
TEXT: Final = Column("text")


class Expression:
    """A value ready to run: one text a row, "" where there is none; rows that it spoils are reported."""

    def __init__(self, value: Value, column: Column) -> None:
        _refuse_misplaced(value, column)
        self.value = value
        self.column = column
        self._known: dict[str, str | Unfit] = {}
        self._steps = _steps(value, column)

    def run(self, batch: Batch) -> list[str]:
        raw = self._raw(batch)
        if self._unchanged(raw):
            return raw
        known = self._known
        for text in set(raw).difference(known):
            known[text] = self._convert(text)
        result = [known[text] for text in raw]
        spoiled = [row for row, text in enumerate(result) if text.__class__ is Unfit]
        for row in spoiled:
            self._report(batch, row, raw[row], result[row])
            result[row] = ""
        if len(known) > REMEMBERED:
            self._known = {}
        return result  # type: ignore[return-value]  # each Unfit was replaced above

    def _unchanged(self, raw: list[str]) -> bool:
        """True where nothing would be done to the column: usual for text and ids, and cheap to see."""
        value = self.value
        if len(self._steps) > 1 or self.column.type not in {"ref", "text", "name", "names", "identifier"}:
            return False
        if value.default or ((value.required or self.column.required) and not all(raw)):
            return False
        if NO_TEXT in "".join(raw) or max(map(len, raw), default=0) > MAX_TEXT // 4:
            return False
        return self.column.type != "ref" or all_safe(raw)

    def _raw(self, batch: Batch) -> list[str]:
        value = self.value
        if value.constant is not None:
            return [value.constant] * len(batch)
        if value.text is not None:
            return _filled(value.text, batch)
        first = batch.column(value.origin[0])
        for other in value.origin[1:]:
            first = [text or later for text, later in zip(first, batch.column(other), strict=True)]
        return first

    def _convert(self, raw: str) -> str | Unfit:
        if NO_TEXT in raw:
            reason = raw.partition(NO_TEXT)[2].split(NO_TEXT)[0]
            return Unfit(reason, "Give the JMESPath of one value, or correct the source.")
        text = raw
        try:
            for step in self._steps:
                if text:
                    text = step(text)
        except Unfit as unfit:
            return unfit
        text = text or self.value.default
        if not text and (self.value.required or self.column.required):
            return Unfit(
                "is empty but needed", "Fill it in the source, give a `default`, or leave the row out."
            )
        return text

    def _report(self, batch: Batch, row: int, raw: str, unfit: str | Unfit) -> None:
        if isinstance(unfit, Unfit):
            source = ", ".join(self.value.sources) or "value"
            batch.problem(
                row,
                source=source,
                column=self.column.name,
                value=raw,
                reason=unfit.reason,
                remedy=unfit.remedy,
            )


def _filled(template: str, batch: Batch) -> list[str]:
    """The template with its placeholders filled; "" where any of them is empty."""
    pieces = PLACEHOLDER.split(template)  # text, name, text, name, ..., text
    columns = [batch.column(name) for name in pieces[1::2]]
    if not columns:
        return [template] * len(batch)
    fill = "{}".join(piece.replace("{", "{{").replace("}", "}}") for piece in pieces[::2]).format
    return [fill(*cells) if all(cells) else "" for cells in zip(*columns, strict=True)]


def _refuse_misplaced(value: Value, column: Column) -> None:
    """BadInput for a key that would do nothing: how numbers or days are written, where neither is read."""
    numbers = {"decimal": value.decimal != ".", "thousands": bool(value.thousands), "round": value.round}
    numbers["as: fraction"] = value.function == "fraction"
    days = {"formats": bool(value.formats), "shift_days": bool(value.shift_days), "open": bool(value.open)}
    wrong = [key for key, used in numbers.items() if used and column.type not in DECIMALS]
    wrong += [key for key, used in days.items() if used and column.type not in {"day", "moment"}]
    if wrong:
        source = ", ".join(value.sources)
        raise BadInput(
            f"`{wrong[0]}` beside {source} does nothing: {column.name} is read as {column.type}.",
            remedy="Write it where the fact's or party's own column is filled.",
        )


def _steps(value: Value, column: Column) -> list[Callable[[str], str]]:
    steps = [_replacing(replace.pattern, replace.by) for replace in value.replace]
    if value.map or value.match:
        steps.append(_mapping(value))
    if value.function in NAMED_FUNCTIONS:
        steps.append(NAMED_FUNCTIONS[value.function])
    steps.append(_fit(value, column))
    return steps


def _replacing(pattern: str, by: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)
    return lambda text: compiled.sub(by, text).strip()


def _mapping(value: Value) -> Callable[[str], str]:
    patterns = [(re.compile(match.pattern), match.to) for match in value.match]
    known = ", ".join([*value.map, *(match.pattern for match in value.match)])

    def mapped(text: str) -> str:
        if text in value.map:
            return value.map[text]
        for pattern, to in patterns:
            if found := pattern.search(text):
                return found.expand(to)
        if value.otherwise in {"keep", "empty"}:
            return text if value.otherwise == "keep" else ""
        raise Unfit(
            f"the mapping does not know it (known: {known})",
            "Add it to `map` or `match`, or say `otherwise`.",
        )

    return mapped


def _fit(value: Value, column: Column) -> Callable[[str], str]:
    """The conversion that the column's type asks for (`discovery.facts.schema`)."""
    if column.type in DECIMALS:
        how = DECIMALS[column.type]
        unit = Decimal(1).scaleb(-how.places)
        return Number(
            places=how.places,
            low=None if how.low is None else how.low * unit,
            high=None if how.high is None else how.high * unit,
            fraction=value.function == "fraction",
            percent_sign=column.type == "percent",
            rounded=value.round,
            decimal=value.decimal,
            thousands=value.thousands,
        ).quick()
    if column.type == "day":
        return Day(value.formats, value.shift_days, value.open)
    if column.type == "moment":
        return Moment(value.formats, value.open)
    if column.type in {"choice", "choices"}:
        return Choice(column.values, several=column.type == "choices")
    if column.type == "flag":
        return flag
    return safe_id if column.type == "ref" else _short


def _short(text: str) -> str:
    if len(text.encode("utf-8", "surrogatepass")) > MAX_TEXT:
        raise Unfit("longer than 64 KiB", "Shorten it in the source.")
    return text


class Test:
    """A condition ready to run: which rows hold."""

    def __init__(self, condition: Condition) -> None:
        self.condition = condition
        self.reason = condition.reason

    def run(self, batch: Batch) -> list[bool]:
        """One answer a row. Text where `above` needs a number is a problem of its row, not an answer."""
        condition = self.condition
        cells = batch.column(condition.field)
        other = condition.same_as if condition.same_as is not None else condition.not_same_as
        if other is not None:
            wanted = condition.same_as is not None
            return [(a == b) is wanted for a, b in zip(cells, batch.column(other), strict=True)]
        holds = _test_of_text(condition)
        known = {text: holds(text) for text in set(cells)}
        for row, text in enumerate(cells):
            if known[text] is None:
                batch.problem(
                    row,
                    source=condition.field,
                    column=f"above {condition.above}",
                    value=text,
                    reason="not a number",
                    remedy="Correct the source, or leave such rows out by a condition above this one.",
                )
        return [bool(known[text]) for text in cells]


def _test_of_text(condition: Condition) -> Callable[[str], bool | None]:
    among, not_in = condition.among, condition.not_in
    if among is not None:
        return lambda text: text in among
    if not_in is not None:
        return lambda text: text not in not_in
    if condition.empty is not None:
        return lambda text: (text == "") is condition.empty
    if condition.above is not None:
        limit = Decimal(condition.above)
        return lambda text: _above(text, limit)
    pattern = re.compile(condition.matches or condition.not_matches or "")
    wanted = condition.matches is not None
    return lambda text: (pattern.search(text) is not None) is wanted


def _above(text: str, limit: Decimal) -> bool | None:
    """None for a text that is no number; nothing is not above anything."""
    try:
        return bool(text) and read_decimal(text, text) > limit
    except Unfit:
        return None
