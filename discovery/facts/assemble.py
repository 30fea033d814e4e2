"""Typed tables become Facts: every row once, every reference a party, every fact its id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from discovery.facts.facts import KEY, STUB, empty_frame
from discovery.facts.findings import Finding, FindingLog
from discovery.facts.folder_versions import REMEMBERED, SUPERSEDED, lined_up, replaced
from discovery.facts.keys import fact_ids
from discovery.facts.problems import ROW, ProblemLog
from discovery.facts.schema import FILES, File
from discovery.facts.table import Table
from discovery.facts.values import written

_MENTIONS = {"id": pl.String(), KEY: pl.String(), "field": pl.String(), ROW: pl.Int64(), "file": pl.String()}


class Assembly:
    """Builds the frames of one package, noting problems and findings on the way."""

    def __init__(self, source: str, problems: ProblemLog, findings: FindingLog, *, stubs: bool) -> None:
        self._source = source
        self._problems = problems
        self._findings = findings
        self._stubs = stubs
        self._mentions: list[pl.DataFrame] = []

    def frames(self, tables: Mapping[str, Table]) -> dict[str, pl.DataFrame]:
        """A complete frame for each table, and one of parties even where no table is."""
        parties = self._parties(tables.get("parties"))
        known = parties.select("id", KEY).unique("id", maintain_order=True)
        frames = {
            stem: complete(stem, self._facts(table, known))
            for stem in FILES
            if stem != "parties" and (table := tables.get(stem)) is not None
        }
        rows = complete("parties", parties.with_columns(pl.lit(value=False).alias(STUB), fact=pl.col("id")))
        frames["parties"] = pl.concat([rows, self._stub_rows(frames)], how="diagonal")
        return {stem: frames[stem] for stem in FILES if stem in frames}

    def _sourced(self, frame: pl.DataFrame) -> pl.DataFrame:
        if "source" in frame.columns:
            return frame.with_columns(pl.col("source").fill_null(self._source))
        return frame.with_columns(pl.lit(self._source).alias("source"))

    def _parties(self, table: Table | None) -> pl.DataFrame:
        """The rows of each id: its versions if each has a `recorded_at` of its own, else one.

        Rows of one id that differ otherwise are problems and none of them is kept.
        """
        frame = self._sourced(table.typed()) if table else empty_frame("parties")
        if "id" not in frame.columns or not frame.height:
            return empty_frame("parties").drop(STUB, "fact")
        key = (pl.col("source") + "/" + pl.col("id")).alias(KEY)
        doubled = frame.filter(pl.col("id").is_duplicated())
        if table and doubled.height:
            frame = frame.join(self._repeats(table, doubled), on=ROW, how="anti", maintain_order="left")
            frame = self._versions(table, frame, "id")
        return frame.with_columns(key)

    def _repeats(self, table: Table, doubled: pl.DataFrame) -> pl.DataFrame:
        """Of rows whose id stands more than once, the lines to leave out."""
        once = doubled.unique([c for c in doubled.columns if c != ROW], keep="first", maintain_order=True)
        differ = once.filter(_at_odds(once)).select("id").unique()
        bad = doubled.join(differ, on="id", how="semi", maintain_order="left")
        if bad.height:
            first, last = pl.col(ROW).min().over("id"), pl.col(ROW).max().over("id")
            other = bad.select(pl.when(pl.col(ROW) == first).then(last).otherwise(first).cast(pl.String))
            self._problems.add_rows(
                "duplicate_party", table.name, bad[ROW], field="id", value=bad["id"], detail=other.to_series()
            )
            table.reject(as_text(table.file, bad))
        again = doubled.join(once, on=ROW, how="anti", maintain_order="left")
        again = again.join(differ, on="id", how="anti", maintain_order="left")
        self._note("duplicate_row", table.name, again, party="id", severity="info")
        return pl.concat([bad.select(ROW), again.select(ROW)])

    def _facts(self, table: Table, known: pl.DataFrame) -> pl.DataFrame:
        frame = self._sourced(table.typed())
        keys, strangers = self._ref_keys(table, frame, known)
        if strangers is not None:
            table.reject(as_text(table.file, frame.filter(strangers)))
            frame, keys = frame.filter(~strangers), keys.filter(~strangers)
        frame = frame.with_columns(fact_ids(table.file, frame, keys))
        return self._each_once(table, frame)

    def _ref_keys(
        self, table: Table, frame: pl.DataFrame, known: pl.DataFrame
    ) -> tuple[pl.DataFrame, pl.Series | None]:
        """The record key behind each reference, and the rows that may not stand for want of a party."""
        refs = [name for name in table.file.refs if name in frame.columns]
        named = pl.concat([pl.Series("id", [], dtype=pl.String), *(frame[ref].alias("id") for ref in refs)])
        found = named.to_frame().join(known, on="id", how="left", maintain_order="left")[KEY]
        keys: list[pl.Series] = []
        strangers: pl.Series | None = None
        for place, ref in enumerate(refs):
            key = found.slice(place * frame.height, frame.height).alias(ref)
            unknown = key.is_null() & frame[ref].is_not_null()
            if unknown.any():
                key = key.zip_with(~unknown, frame.select(pl.col("source") + "/" + pl.col(ref)).to_series())
                mask = self._unknown(table, frame.filter(unknown), ref, unknown)
                strangers = mask if strangers is None else strangers if mask is None else strangers | mask
            keys.append(key)
        return pl.DataFrame(keys), strangers

    def _unknown(self, table: Table, rows: pl.DataFrame, ref: str, where: pl.Series) -> pl.Series | None:
        """Note references to ids without a row: stubs to be, or problems."""
        if self._stubs or "parties" in self._problems.unusable:
            self._mentions.append(
                rows.select(
                    pl.col(ref).alias("id"),
                    (pl.col("source") + "/" + pl.col(ref)).alias(KEY),
                    pl.lit(ref).alias("field"),
                    ROW,
                    pl.lit(table.name).alias("file"),
                )
            )
            return None
        self._problems.add_rows("unlisted_party", table.name, rows[ROW], field=ref, value=rows[ref])
        return where

    def _each_once(self, table: Table, frame: pl.DataFrame) -> pl.DataFrame:
        """Identical rows are one fact; a fact's versions are told apart by what was recorded when."""
        doubled = frame.filter(pl.col("fact").is_duplicated())
        if doubled.height:
            marks = [name for name in REMEMBERED if name in frame.columns]
            once = doubled.unique(["fact", *marks], keep="first", maintain_order=True)
            again = doubled.join(once, on=ROW, how="anti", maintain_order="left")
            self._note("duplicate_row", table.name, again, severity="info")
            frame = frame.join(again.select(ROW), on=ROW, how="anti", maintain_order="left")
            frame = self._versions(table, frame, "fact")
        return replaced(frame)

    def _versions(self, table: Table, frame: pl.DataFrame, name: str) -> pl.DataFrame:
        """With `superseded_at` on the versions that a later one of the same `name` has replaced."""
        several = frame.filter(pl.col(name).is_duplicated())
        if several.is_empty():
            return frame
        versions = lined_up(several, name)
        last = versions.filter(pl.col(SUPERSEDED).is_null())
        older = several.join(last, on=ROW, how="anti", maintain_order="left")
        self._note("fact_versions", table.name, older, party="id" if name == "id" else None, severity="info")
        gone = several.join(versions, on=ROW, how="anti")
        ends = versions.select(ROW, SUPERSEDED)
        frame = frame.join(gone.select(ROW), on=ROW, how="anti", maintain_order="left")
        return frame.join(ends, on=ROW, how="left", maintain_order="left")

    def _stub_rows(self, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """A row for each id that facts name and no party row has; of several record keys the smallest."""
        if not self._mentions:
            return empty_frame("parties")
        mentions = pl.concat([part.cast(_MENTIONS) for part in self._mentions])  # type: ignore[arg-type]  # a dict is a schema
        places = mentions.unique("id", keep="first", maintain_order=True)
        if "parties" not in self._problems.unusable:
            for (file, ref), rows in places.group_by("file", "field", maintain_order=True):
                self._note("unknown_party", str(file), rows, field=str(ref), party="id")
        keys = mentions.group_by("id").agg(pl.col(KEY).min()).sort("id")
        people = _people(frames)
        stubs = keys.with_columns(
            pl.lit(value=True).alias(STUB),
            fact=pl.col("id"),
            source=pl.col(KEY).str.split("/").list.first(),
            kind=pl.when(pl.col("id").is_in(people.implode())).then(pl.lit("natural_person")),
        )
        return complete("parties", stubs)

    def _note(
        self,
        code: str,
        file: str,
        rows: pl.DataFrame,
        *,
        field: str | None = None,
        party: str | None = None,
        severity: str = "warning",
    ) -> None:
        self._findings.add(
            code, row_findings(code, file, rows, field=field, party=party, severity=severity), rows.height
        )


def row_findings(
    code: str,
    file: str,
    rows: pl.DataFrame,
    *,
    field: str | None = None,
    party: str | None = None,
    severity: str = "warning",
    detail: str | None = None,
) -> Iterable[Finding]:
    """A finding for each row; `party` and `detail` name the columns that hold them."""
    chosen = rows.select(
        ROW,
        (pl.col(party) if party else pl.lit(None, dtype=pl.String)).alias("party"),
        (pl.col(detail).cast(pl.String) if detail else pl.lit("")).alias("detail"),
    )
    return (
        Finding(code, severity, file, row, field, who, said or "")
        for row, who, said in chosen.head(10_000).iter_rows()
    )


def _at_odds(rows: pl.DataFrame) -> pl.Expr:
    """Rows of one id that are no versions: of different sources, or recorded at the same moment."""
    several = pl.col("id").is_duplicated()
    if "recorded_at" not in rows.columns:
        return several
    moments = pl.col("recorded_at").n_unique().over("id") < pl.len().over("id")
    return several & (moments | (pl.col("source").n_unique().over("id") > 1))


def _people(frames: Mapping[str, pl.DataFrame]) -> pl.Series:
    """Ids that can only be persons: kin, and who holds an office other than executive partner."""
    kin, offices = frames.get("kinship"), frames.get("offices")
    found = [kin["person"], kin["relative"]] if kin is not None else []
    if offices is not None:
        found.append(offices.filter(pl.col("role") != "executive_partner")["person"])
    return pl.concat([pl.Series(dtype=pl.String), *(s.alias("") for s in found)]).unique()


def complete(stem: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column of its file, in order; a column that is absent is null."""
    schema = dict(empty_frame(stem).schema)
    if SUPERSEDED in frame.columns:
        schema[SUPERSEDED] = pl.Datetime("us")
    absent = [
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in schema.items() if name not in frame.columns
    ]
    return frame.with_columns(absent).select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def as_text(file: File, frame: pl.DataFrame) -> pl.DataFrame:
    """Typed rows as their file would hold them, with `row`."""
    columns = [c for c in file.columns if c.name in frame.columns]
    return pl.DataFrame([written(c, frame[c.name]).alias(c.name) for c in columns]).with_columns(frame[ROW])
