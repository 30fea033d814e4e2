"""CSV tables in and out: every fault named by file, row and field; an output appears whole or not at all."""

from __future__ import annotations

import csv
import difflib
import os
import tempfile
from pathlib import Path

import polars as pl

from discovery.errors import BadInput, UsageError


def read_table(path: Path, needed: tuple[str, ...]) -> pl.DataFrame:
    """A UTF-8 CSV file as text columns, empty cells as "". Errors count rows from 1, the header."""
    if not path.is_file():
        raise UsageError(f"There is no file {path}.", remedy="Check the path.", file=str(path))
    _refuse_bytes(path)
    try:
        frame = pl.read_csv(path, infer_schema=False)
    except pl.exceptions.NoDataError:
        raise BadInput(
            f"{path.name} is empty.",
            remedy=f"Give it a header line with {', '.join(needed)}.",
            file=str(path),
            row=1,
        ) from None
    except pl.exceptions.PolarsError:
        raise _ragged(path) from None
    frame = frame.with_columns(pl.all().fill_null("")).rename(
        {name: name.strip().removeprefix("\ufeff") for name in frame.columns}
    )
    for name in needed:
        if name not in frame.columns:
            near = difflib.get_close_matches(name, frame.columns, 1)
            hint = f"Rename {near[0]!r} to {name!r}." if near else f"Add a column {name!r}."
            raise BadInput(
                f"{path.name} has no column {name!r}.", remedy=hint, file=str(path), row=1, field=name
            )
    return frame


def _refuse_bytes(path: Path) -> None:
    with path.open("rb") as file:
        row = 1
        for line in file:
            if b"\0" in line:
                raise BadInput(
                    f"{path.name}, line {row}: a NUL byte.",
                    remedy="Save the file as text (UTF-8).",
                    file=str(path),
                    row=row,
                )
            row += 1
    try:
        with path.open(encoding="utf-8", errors="strict") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        raise BadInput(
            f"{path.name}, line {_bad_line(path)}: not UTF-8.",
            remedy="Save the file as UTF-8.",
            file=str(path),
            row=_bad_line(path),
        ) from None


def _bad_line(path: Path) -> int:
    with path.open("rb") as file:
        for row, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return row
    return 1


def _ragged(path: Path) -> BadInput:
    """The first row that has another number of cells than the header."""
    remedy = "Quote cells that hold commas or line breaks."
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            width = len(next(rows, []))
            for cells in rows:
                if cells and len(cells) != width:
                    return BadInput(
                        f"{path.name}, line {rows.line_num}: {len(cells)} cells, the header has {width}.",
                        remedy=remedy, file=str(path), row=rows.line_num,
                    )  # fmt: skip
    except csv.Error as error:
        return BadInput(
            f"{path.name}, line {rows.line_num}: {error}.", remedy=remedy, file=str(path), row=rows.line_num
        )
    return BadInput(f"{path.name} is no CSV table.", remedy=remedy, file=str(path), row=1)


def refuse_overwrite(out: Path, *inputs: Path) -> None:
    """An output may not be one of the inputs, and its folder must be there."""
    if any(out.resolve() == given.resolve() for given in inputs):
        raise UsageError(
            f"{out} is an input as well.", remedy="Name another file for the result.", file=str(out)
        )
    if not out.parent.is_dir():
        raise UsageError(f"There is no folder {out.parent}.", remedy="Make it first.", file=str(out))


def write_table(frame: pl.DataFrame, out: Path) -> None:
    """Write beside the place and move there, so that a broken run leaves the old file or none."""
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    os.close(handle)
    try:
        frame.write_csv(name)
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
