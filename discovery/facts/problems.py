"""What is wrong with a package, kept in columns: a million problems are a frame, not a million objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal

import polars as pl

from discovery.facts.codes import NEAREST, PROBLEMS
from discovery.facts.findings import Problem
from discovery.facts.identifiers import mask, mask_id_numbers
from discovery.facts.schema import FILES

SHOWN: Final = 80  # characters of a bad value in a message
ROW: Final = "row"
SCHEMA: Final[dict[str, pl.DataType]] = {
    "file": pl.String(),
    ROW: pl.Int64(),
    "field": pl.String(),
    "value": pl.String(),
    "code": pl.String(),
    "detail": pl.String(),
    "stem": pl.String(),
}

Language = Literal["zh", "en"]


class ProblemLog:
    """Problems as they are found. `unusable` holds the stems of files of which no row can be trusted."""

    def __init__(self) -> None:
        self._parts: list[pl.DataFrame] = []
        self.unusable: set[str] = set()

    def add(
        self,
        code: str,
        file: str,
        row: int | None = None,
        *,
        field: str | None = None,
        value: str | None = None,
        detail: str | None = None,
        stem: str | None = None,
    ) -> None:
        """One problem; `detail` fills in its wording, `stem` is the file's where its name does not say it."""
        found = (file, row, field, shown_value(field, value), code, detail, stem)
        self._parts.append(pl.DataFrame([found], schema=SCHEMA, orient="row"))

    def add_rows(
        self,
        code: str | pl.Series,
        file: str,
        rows: pl.Series,
        *,
        field: str | pl.Series | None = None,
        value: pl.Series | None = None,
        detail: str | pl.Series | None = None,
        stem: str | None = None,
    ) -> None:
        """A problem for each row; the other parts are one for all or a series as long as `rows`."""
        if rows.is_empty():
            return
        parts = (file, rows, field, value, code, detail, stem)
        frame = pl.DataFrame({ROW: rows}).with_columns(
            content.alias(name) if isinstance(content, pl.Series) else pl.lit(content).alias(name)
            for name, content in zip(SCHEMA, parts, strict=True)
        )
        self._parts.append(frame.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items()))

    def frame(self) -> pl.DataFrame:
        """All problems by file, row and field."""
        if not self._parts:
            return pl.DataFrame(schema=SCHEMA)
        order = ["file", "row", "field", "code"]
        return pl.concat(self._parts).sort(order, nulls_last=False, maintain_order=True)


def shown_value(field: str | None, value: str | None) -> str | None:
    """The value as a message may show it: shortened, and masked where it may be an ID number."""
    if value is None:
        return None
    if field == "id_number":
        return mask(value[:SHOWN])
    masked = mask_id_numbers(value[: SHOWN * 2])
    return masked if len(masked) <= SHOWN else masked[:SHOWN] + "…"


def problem(row: dict[str, Any], language: Language = "en") -> Problem:
    """One row of the frame in words."""
    wording = PROBLEMS[row["code"]]
    near = row["detail"]
    parts = {name: row[name] for name in ("value", "detail", "field")} | {
        "allowed": ", ".join(_allowed(row)),
        "near": getattr(NEAREST, language).format(near=near) if near else "",
    }
    return Problem(
        file=row["file"],
        row=row[ROW],
        field=row["field"],
        value=row["value"],
        reason=getattr(wording.reason, language).format(**parts),
        remedy=getattr(wording.remedy, language).format(**parts),
        code=row["code"],
    )


def problems(frame: pl.DataFrame, language: Language = "en") -> Iterator[Problem]:
    """All rows of the frame in words."""
    return (problem(row, language) for row in frame.iter_rows(named=True))


def _allowed(row: dict[str, Any]) -> list[str]:
    """The values a field may have, the columns of a file or the files of a package; the nearest one first."""
    stem = row["stem"] or row["file"].rpartition("/")[2].removesuffix(".csv")
    found = FILES.get(stem) if row["code"] != "unknown_type" else None
    columns = found.columns if found else ()
    values = next((column.values for column in columns if column.name == row["field"]), ())
    allowed = values or [column.name for column in columns] or list(FILES)
    return sorted(allowed, key=lambda name: name != row["detail"])
