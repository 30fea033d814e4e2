"""What is wrong with a package, kept in columns: a million problems are a frame, not a million objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import polars as pl

from discovery.facts.codes import PROBLEMS
from discovery.facts.findings import Problem
from discovery.facts.identifiers import mask, mask_id_numbers
from discovery.facts.schema import FILES

SHOWN: Final = 80  # characters of a bad value in a message
SCHEMA: Final = {
    "file": pl.String(),
    "row": pl.Int64(),
    "field": pl.String(),
    "value": pl.String(),
    "code": pl.String(),
    "detail": pl.String(),
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
        field: str | None = None,
        value: str | None = None,
        detail: str | None = None,
    ) -> None:
        """One problem; `detail` fills the `{detail}` of its wording."""
        shown = shown_value(field, value)
        self._parts.append(
            pl.DataFrame([(file, row, field, shown, code, detail)], schema=SCHEMA, orient="row")
        )

    def add_rows(
        self,
        code: str | pl.Series,
        file: str,
        rows: pl.Series,
        field: str | pl.Series | None = None,
        value: pl.Series | None = None,
        detail: str | pl.Series | None = None,
    ) -> None:
        """A problem for each row; the other parts are one for all or a series as long as `rows`."""
        if rows.is_empty():
            return
        columns = {"file": file, "row": rows, "field": field, "value": value, "code": code, "detail": detail}
        part = pl.DataFrame({"row": rows.cast(pl.Int64)}).with_columns(
            pl.lit(content).alias(name) if not isinstance(content, pl.Series) else content.alias(name)
            for name, content in columns.items()
            if name != "row"
        )
        self._parts.append(part.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items()))

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


def problem(row: dict[str, object], language: Language = "en") -> Problem:
    """One row of the frame in words."""
    wording = PROBLEMS[str(row["code"])]
    file, field = str(row["file"]), row["field"]
    parts = {
        "value": row["value"],
        "detail": row["detail"],
        "field": field,
        "allowed": _allowed(file, field if isinstance(field, str) else None),
    }
    return Problem(
        file=file,
        row=row["row"] if isinstance(row["row"], int) else None,
        field=field if isinstance(field, str) else None,
        value=str(row["value"]) if row["value"] is not None else None,
        reason=getattr(wording.reason, language).format(**parts),
        remedy=getattr(wording.remedy, language).format(**parts),
        code=str(row["code"]),
    )


def problems(frame: pl.DataFrame, language: Language = "en") -> Iterator[Problem]:
    """All rows of the frame in words."""
    return (problem(row, language) for row in frame.iter_rows(named=True))


def _allowed(file: str, field: str | None) -> str:
    """The values a field may have; the columns of a file; or the files of a package."""
    found = FILES.get(file.rpartition("/")[2].partition(".")[0])
    column = next((c for c in found.columns if c.name == field), None) if found else None
    if column is not None:
        return ", ".join(column.values)
    return ", ".join(c.name for c in found.columns) if found else ", ".join(FILES)
