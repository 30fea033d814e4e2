"""Rows set aside: written where they can be corrected and loaded again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import polars as pl

from discovery.errors import UsageError
from discovery.facts.package import Package
from discovery.facts.problems import ROW, Language, problems
from discovery.facts.schema import FILES
from discovery.facts.table import REJECT_COLUMNS

NOTE: Final = "SENSITIVE.txt"
_CHUNK: Final = 100_000  # problems put into words at once
_TEXT: Final = """\
这里是未能载入的原始行，可能含有身份证号等敏感信息；用毕请删除。
改正后可把本文件夹作为事实包再次载入，reject_reason、reject_remedy两列会被忽略。
*.broken.txt 中的行不成记录，请改正后自行放回CSV或jsonl文件。

These are rows that could not be loaded, as they were written. They may hold ID numbers and other
sensitive data: delete them when done. Corrected, this folder can be loaded again as a facts package;
the columns reject_reason and reject_remedy are ignored. Lines in *.broken.txt are no records: correct
them and put them into a CSV or .jsonl file yourself.
"""


def write_rejects(package: Package, folder: Path, *, language: Language = "en") -> list[Path]:
    """Write the bad rows of a package into a folder of its own; the files written, none if no row is bad.

    Files are readable by their owner alone. Each CSV has the columns that were given, `source` (so that
    the rows keep their record keys when this folder is loaded), and reason and remedy. Raises UsageError
    if the folder holds anything already.
    """
    if not package.rejected and not package.broken:
        return []
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} is not an empty folder.", remedy="Name a new folder for the rejected rows."
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    words = _words(package, language)
    written = [_write(folder / NOTE, _TEXT.encode())]
    for stem, rows in package.rejected.items():
        content = _with_words(package, stem, rows, words).write_csv()
        written.append(_write(folder / f"{stem}.csv", content.encode()))
    written.extend(_write(folder / f"{stem}.broken.txt", raw) for stem, raw in package.broken.items())
    return written


def _write(path: Path, content: bytes) -> Path:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return path


def _words(package: Package, language: Language) -> pl.DataFrame:
    """For each file and row why it was set aside and what to do, of several problems all."""
    names = ("file", ROW, *REJECT_COLUMNS)
    parts = [pl.DataFrame(schema=dict(zip(names, (pl.String, pl.Int64, pl.String, pl.String), strict=True)))]
    for chunk in package.problem_frame.iter_slices(_CHUNK):
        found = problems(chunk, language)
        rows = [(p.file, p.row, f"{p.field}: {p.reason}" if p.field else p.reason, p.remedy) for p in found]
        parts.append(pl.DataFrame(rows, schema=parts[0].schema, orient="row"))
    frame = pl.concat(parts)
    several = frame.select("file", ROW).is_duplicated()
    joined = (
        frame.filter(several)
        .group_by("file", ROW)
        .agg(pl.col(name).unique(maintain_order=True).str.join("; ") for name in REJECT_COLUMNS)
    )
    return pl.concat([frame.filter(~several), joined])


def _with_words(package: Package, stem: str, rows: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    if "source" not in rows.columns:
        rows = rows.with_columns(pl.lit(None, dtype=pl.String).alias("source"))
    columns = [column.name for column in FILES[stem].columns if column.name in rows.columns]
    said = words.filter(pl.col("file") == package.names[stem]).drop("file")
    filled = rows.with_columns(pl.col("source").fill_null(package.source))
    return filled.join(said, on=ROW, how="left").sort(ROW).select(*columns, *REJECT_COLUMNS)
