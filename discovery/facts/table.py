"""One file's rows on their way from text to types: good rows typed, bad rows as text with their problems."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Final

import polars as pl

from discovery.facts.problems import ROW, ProblemLog, shown_value
from discovery.facts.schema import PERCENT_SCALE, Column, File
from discovery.facts.values import clean, fault, typed

REJECT_COLUMNS: Final = ("reject_reason", "reject_remedy")  # beside a row that was set aside
_COUNTED_POWERS: Final = {"appoints_seats": ("amount", "of"), "board_votes": ("amount",)}
_MOST: Final = {
    ("appoints_seats", "amount"): 10_000,
    ("appoints_seats", "of"): 10_000,
    ("board_votes", "amount"): 100,
}
_POST_POWERS: Final = ("appoints_posts", "sole_nominates_posts", "sets_pay")


class Table:
    """The rows of one file: `typed` the good ones, `rejected` the bad ones as they were written."""

    def __init__(self, file: File, name: str, log: ProblemLog) -> None:
        self.file = file
        self.name = name
        self._log = log
        self._typed: list[pl.DataFrame] = []
        self._rejected: list[pl.DataFrame] = []

    def add(
        self,
        text: pl.DataFrame,
        rows: pl.Series,
        spoiled: pl.Series | None = None,
        *,
        skip_empty: bool = True,
    ) -> None:
        """Type a chunk of rows.

        `text`: columns of the file, all String; `rows`: the line of each; `spoiled`: rows already known
        to be bad. Rows without any value are left out, as an empty line is, unless `skip_empty` is off.
        """
        columns = [column for column in self.file.columns if column.name in text.columns]
        cleaned = text.select(clean(pl.col(column.name)).alias(column.name) for column in columns)
        filled = cleaned.select(filled=pl.any_horizontal(pl.all().is_not_null()))["filled"]
        if skip_empty and not filled.all():
            cleaned, rows = cleaned.filter(filled), rows.filter(filled)
            spoiled = spoiled.filter(filled) if spoiled is not None else None
        values = cleaned.select(typed(column, pl.col(column.name)).alias(column.name) for column in columns)
        masks = [*self._faults(cleaned, values, rows), *([] if spoiled is None else [spoiled])]
        row = rows.cast(pl.Int64).alias(ROW)
        if masks and (bad := reduce(or_, masks)).any():
            self._rejected.append(cleaned.with_columns(row).filter(bad))
            values, row = values.filter(~bad), row.filter(~bad)
        self._typed.append(values.with_columns(row))

    def typed(self) -> pl.DataFrame:
        """The good rows; columns that are empty throughout are left out."""
        return _together(self._typed)

    def rejected(self) -> pl.DataFrame:
        """The bad rows as text."""
        return _together(self._rejected)

    def reject(self, text: pl.DataFrame) -> None:
        """Set aside rows that turned out bad when seen beside others."""
        self._rejected.append(text)

    def _columns(self, frame: pl.DataFrame) -> Iterator[Column]:
        return (column for column in self.file.columns if column.name in frame.columns)

    def _faults(self, text: pl.DataFrame, values: pl.DataFrame, rows: pl.Series) -> Iterator[pl.Series]:
        """For each kind of fault the rows that have it; each is noted in the log."""
        for column in self._columns(text):
            said = text[column.name]
            if values[column.name].null_count() > said.null_count():
                bad = said.is_not_null() & values[column.name].is_null()
                self._note_values(column, said.filter(bad), rows.filter(bad))
                yield bad
            if column.required and said.null_count():
                missing = said.is_null()
                self._log.add_rows("missing_value", self.name, rows.filter(missing), field=column.name)
                yield missing
        yield from self._rule_faults(text, values, rows)

    def _note_values(self, column: Column, said: pl.Series, rows: pl.Series) -> None:
        faults = {value: fault(column, value) for value in said.unique()}
        self._log.add_rows(
            pl.Series([faults[value][0] for value in said], dtype=pl.String),
            self.name,
            rows,
            field=column.name,
            value=pl.Series([shown_value(column.name, value) for value in said], dtype=pl.String),
            detail=pl.Series([faults[value][1] for value in said], dtype=pl.String),
            stem=self.file.stem,
        )

    def _rule_faults(self, text: pl.DataFrame, values: pl.DataFrame, rows: pl.Series) -> Iterator[pl.Series]:
        if "source" in text.columns:
            slash = text["source"].str.contains("/", literal=True).fill_null(value=False)
            if slash.any():
                said = text["source"].filter(slash)
                self._log.add_rows(
                    "slash_in_source", self.name, rows.filter(slash), field="source", value=said
                )
                yield slash
        if self.file.stem == "powers" and "kind" in text.columns:
            yield from self._power_faults(text, rows)
            yield from self._figure_faults(text, values, rows)
        if self.file.stem == "decisions" and "decision" in text.columns:
            yield from self._decision_faults(text, rows)

    def _power_faults(self, text: pl.DataFrame, rows: pl.Series) -> Iterator[pl.Series]:
        """Seats need `amount` and `of`, board votes `amount`, powers over posts the posts."""
        needs = [(kind, name, "needs_amount") for kind, names in _COUNTED_POWERS.items() for name in names]
        needs += [(kind, "posts", "needs_posts") for kind in _POST_POWERS]
        for kind, name, code in needs:
            lacks = (text["kind"] == kind).fill_null(value=False)
            if name in text.columns:
                lacks = lacks & text[name].is_null()
            if lacks.any():
                self._log.add_rows(code, self.name, rows.filter(lacks), field=name, stem=self.file.stem)
                yield lacks

    def _figure_faults(
        self, text: pl.DataFrame, values: pl.DataFrame, rows: pl.Series
    ) -> Iterator[pl.Series]:
        """No board has more than 10,000 seats, and nobody more than 100 % of its votes."""
        for (kind, name), most in _MOST.items():
            if name not in text.columns:
                continue
            many = ((text["kind"] == kind) & (values[name] > most * PERCENT_SCALE)).fill_null(value=False)
            if many.any():
                said = text[name].filter(many)
                self._log.add_rows(
                    "too_large", self.name, rows.filter(many), field=name, value=said, detail=f"{most:,}"
                )
                yield many

    def _decision_faults(self, text: pl.DataFrame, rows: pl.Series) -> Iterator[pl.Series]:
        """`group` needs policy, parties and article; `accept` and `reject` the key of an outcome."""
        grouping = text["decision"] == "group"
        needs = [(grouping, name) for name in ("policy", "parties", "article")]
        for asked, name in (*needs, (~grouping, "outcome_key")):
            lacks = asked.fill_null(value=False)
            if name in text.columns:
                lacks = lacks & text[name].is_null()
            if lacks.any():
                self._log.add_rows("missing_value", self.name, rows.filter(lacks), field=name)
                yield lacks


def _together(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """The chunks as one frame, without columns that are null throughout."""
    if not parts:
        return pl.DataFrame(schema={ROW: pl.Int64()})
    frame = pl.concat(parts, how="diagonal", rechunk=False)
    return frame.select(s for s in frame.iter_columns() if s.name == ROW or s.null_count() < len(s))
