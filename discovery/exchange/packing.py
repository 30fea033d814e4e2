"""Collecting the rows of a package, joining what is said of one party, and writing the folder at once."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import polars as pl

from discovery.errors import BadInput
from discovery.exchange.stating import BY_NAME, PERSON_NAME, Columns
from discovery.facts.findings import Finding
from discovery.facts.schema import FILES

NAMED_AT_MOST: Final = 100  # findings of one code that are listed one by one
COMPACT_FROM: Final = 200_000  # rows waiting; and never fewer than are already distinct
LISTS: Final = ("other_names", "former_names")


class Package:
    """The rows of a package in the making. Identical rows are one; the rows of one party become one row."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.repeated: Counter[str] = Counter()
        self._frames: dict[str, list[pl.DataFrame]] = {}

    def add(self, stem: str, columns: Columns) -> None:
        """Rows of one file, as text; "" is empty."""
        frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String()))
        frames = self._frames.setdefault(stem, [])
        frames.append(frame.with_columns(pl.all().replace("", None)))
        if sum(map(len, frames[1:])) >= max(COMPACT_FROM, len(frames[0])):
            self._frames[stem] = [self._compact(stem)]

    def _compact(self, stem: str) -> pl.DataFrame:
        frames = self._frames[stem]
        rows = sum(map(len, frames))
        distinct = pl.concat(frames, how="diagonal").unique(maintain_order=True)
        self.repeated[stem] += rows - len(distinct)
        return distinct

    def finish(self) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
        """Each file's frame of text with the columns in use, and what was odd about the parties."""
        frames = {stem: self._compact(stem) for stem in FILES if self._frames.get(stem)}
        self._frames = {}
        findings: list[Finding] = []
        if "parties" in frames:
            findings += _same_person_names(frames["parties"])
            frames["parties"], joined = _one_row_a_party(frames["parties"])
            findings += joined
        source = pl.lit(self.source).alias("source")
        return {stem: _ordered(stem, frame.with_columns(source)) for stem, frame in frames.items()}, findings


def _ordered(stem: str, frame: pl.DataFrame) -> pl.DataFrame:
    required = [column.name for column in FILES[stem].own if column.required]
    used = [
        column.name
        for column in FILES[stem].columns
        if column.name in frame.columns
        and (column.name in required or frame[column.name].null_count() < len(frame))
    ]
    return frame.select(used)


def _same_person_names(parties: pl.DataFrame) -> list[Finding]:
    """People of one name, at least one of them known by it only: kept apart, and said."""
    if BY_NAME not in parties.columns:
        return []
    people = parties.drop_nulls(PERSON_NAME).unique("id", maintain_order=True)
    several = (
        people.group_by(PERSON_NAME, maintain_order=True)
        .agg(pl.col("id").sort(), pl.col("name").first(), pl.col(BY_NAME).is_not_null().any())
        .filter((pl.col("id").list.len() > 1) & pl.col(BY_NAME))
    )
    return _counted(
        "same_person_name",
        len(several),
        [
            Finding(
                "same_person_name",
                "info",
                "parties",
                party=ids[0],
                field="name",
                detail=f"{name}: {', '.join(ids[:10])}{' ...' if len(ids) > 10 else ''} ({len(ids)} parties)",
                remedy="If they are one person, merge them, or map a column that tells people apart.",
            )
            for ids, name in several.select("id", "name").head(NAMED_AT_MOST).iter_rows()
        ],
    )


def _one_row_a_party(parties: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """One row an id. Another spelling of the name becomes another name; of other differing values the most
    frequent counts (of several the smallest, so that the order of rows never matters), with a finding."""
    parties = parties.drop(PERSON_NAME, BY_NAME, strict=False)
    first = parties.unique("id", maintain_order=True)
    if len(first) == len(parties):
        return parties, []
    repeated = parties.filter(pl.col("id").is_duplicated())
    result = first.select("id")
    findings: list[Finding] = []
    conflicts = 0
    others: pl.DataFrame | None = None
    for column in parties.columns[1:]:
        if column in LISTS:
            continue
        ranked = (
            repeated.select("id", column)
            .drop_nulls()
            .group_by("id", column)
            .len()
            .sort(["id", "len", column], descending=[False, True, False])
        )
        spare = ranked.filter(~pl.col("id").is_first_distinct())
        if column == "name":
            others = spare.select("id", pl.col("name").alias("other_names"))
        elif len(spare):
            conflicts += spare["id"].n_unique()
            findings += _conflicts(column, ranked, spare["id"].unique().sort().head(NAMED_AT_MOST))
        chosen = ranked.unique("id", keep="first", maintain_order=True).select("id", column)
        single = first.join(repeated.select("id").unique(), on="id", how="anti").select("id", column)
        result = result.join(pl.concat([chosen, single]), on="id", how="left")
    for column in LISTS:
        listed = _lists(column, parties, others if column == "other_names" else None)
        result = result.join(listed, on="id", how="left")
    return result, _counted("conflicting_values", conflicts, findings)


def _lists(column: str, parties: pl.DataFrame, more: pl.DataFrame | None) -> pl.DataFrame:
    pieces = [parties.select("id", column)] if column in parties.columns else []
    if more is not None:
        pieces.append(more)
    if not pieces:
        return pl.DataFrame(schema={"id": pl.String(), column: pl.String()})
    apart = pl.concat(pieces).drop_nulls().with_columns(pl.col(column).str.split(";")).explode(column)
    apart = apart.with_columns(pl.col(column).str.strip_chars()).filter(pl.col(column) != "").unique()
    return apart.group_by("id").agg(pl.col(column).sort().str.join(";"))


def _conflicts(column: str, ranked: pl.DataFrame, parties: pl.Series) -> list[Finding]:
    said = ranked.filter(pl.col("id").is_in(parties.implode()))
    grouped = said.group_by("id", maintain_order=True).agg(column)
    shown = "***" if column == "id_number" else None
    return [
        Finding(
            "conflicting_values",
            "warning",
            "parties",
            field=column,
            party=party,
            detail=f"{column}: {shown or ' | '.join(values[:5])}; the first is kept",
            remedy="Correct the source, or map the column for the rows that know it only.",
        )
        for party, values in grouped.iter_rows()
    ]


def _counted(code: str, total: int, findings: list[Finding]) -> list[Finding]:
    """At most a hundred findings one by one, and how many more there are."""
    shown = findings[:NAMED_AT_MOST]
    if total > len(shown):
        shown.append(Finding(code, shown[0].severity, "parties", detail=f"and {total - len(shown)} more"))
    return shown


@contextmanager
def folder_at_once(out: Path, *, overwrite: bool) -> Iterator[Path]:
    """A new folder beside `out` that takes its place when all is written, and is removed if anything fails.

    BadInput if `out` holds anything; with `overwrite` it may hold files of a package and nothing else.
    """
    check_out(out, overwrite=overwrite)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".partial", dir=out.parent))
        try:
            yield fresh
            _swap(fresh, out)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise BadInput(
            f"{out} cannot be written: {error.strerror or error}.",
            remedy="Make room there, or give a folder that may be written.",
            file=str(out),
        ) from None


def _swap(fresh: Path, out: Path) -> None:
    if not out.exists():
        fresh.rename(out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".old", dir=out.parent))
    out.rename(old / out.name)
    try:
        fresh.rename(out)
    except OSError:
        (old / out.name).rename(out)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def check_out(out: Path, *, overwrite: bool) -> None:
    """BadInput if the folder may not be written."""
    if not out.exists():
        return
    if not out.is_dir():
        raise BadInput(f"{out} is a file.", remedy="Give a folder that does not exist yet.", file=str(out))
    names = {path.name for path in out.iterdir()}
    foreign = sorted(names - {f"{stem}.csv" for stem in FILES})
    if names and (foreign or not overwrite):
        what = f"{foreign[0]}, which is no file of a package" if foreign else f"{len(names)} files"
        raise BadInput(
            f"{out} holds {what}.",
            remedy="Give an empty or new folder." if foreign else "Give another folder, or say overwrite.",
            file=str(out),
        )


def write_frame(frame: pl.DataFrame, path: Path) -> None:
    """One CSV file of the package, for its owner's eyes only, on the disk before this returns."""
    with path.open("wb") as target:
        path.chmod(0o600)
        frame.write_csv(target)
        target.flush()
        os.fsync(target.fileno())
