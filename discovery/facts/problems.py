"""What is wrong with a package, kept in columns: a million problems are a frame, not a million objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal

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
    """Problems as they are found.

    `unusable` holds the stems of files of which no row can be trusted, `broken` by the stem of a file the
    bytes of its lines that are no records.
    """

    def __init__(self) -> None:
        self._parts: list[pl.DataFrame] = []
        self.unusable: set[str] = set()
        self.broken: defaultdict[str, bytearray] = defaultdict(bytearray)

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


def problems(frame: pl.DataFrame, language: Language = "en") -> Iterator[Problem]:
    """All rows of the frame in words."""
    for file, row, field, value, code, detail, stem in frame.select(*SCHEMA).iter_rows():
        wording = PROBLEMS[code]
        allowed, near = _choices(code, stem or _stem(file), field, detail, language)
        parts = {"value": value, "detail": detail, "field": field, "allowed": allowed, "near": near}
        yield Problem(
            file=file,
            row=row,
            field=field,
            value=value,
            reason=getattr(wording.reason, language).format_map(parts),
            remedy=getattr(wording.remedy, language).format_map(parts),
            code=code,
        )


def _stem(file: str) -> str:
    return file.rpartition("/")[2].removesuffix(".csv")


@lru_cache(maxsize=4096)
def _choices(
    code: str, stem: str, field: str | None, detail: str | None, language: Language
) -> tuple[str, str]:
    """What is allowed - values of a field, columns of a file or files - the nearest first; the nearest."""
    found = FILES.get(stem) if code != "unknown_type" else None
    columns = found.columns if found else ()
    values = next((column.values for column in columns if column.name == field), ())
    allowed = values or [column.name for column in columns] or list(FILES)
    near = getattr(NEAREST, language).format(near=detail) if detail else ""
    return ", ".join(sorted(allowed, key=lambda name: name != detail)), near
