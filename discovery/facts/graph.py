"""FactGraph: the facts of one day as integers, ready for the engine.

Parties are numbered in the order of their record keys, so that every "smallest" and every tie is
settled by comparing numbers. Shares stay integers (millionths of a percent).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.facts.adoptions import without_ended_ties
from discovery.facts.agreements import Unanimity, bind, unanimous_blocks
from discovery.facts.day_parties import RECORDS, parties_of_the_day
from discovery.facts.facts import KEY, STUB, Facts
from discovery.facts.keys import party_id
from discovery.facts.registers import holdings_of_the_day
from discovery.facts.schema import FILES, PARTY_KINDS

Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

KIND_CODE: Final = {kind: code for code, kind in enumerate(PARTY_KINDS)}
PERSON: Final = KIND_CODE["natural_person"]
NONE: Final = -1


@dataclass(frozen=True)
class Parties:
    """Who there is, by number: kind (an unknown kind counts as an enterprise), marks, stubs."""

    frame: pl.DataFrame  # one row a party, in number order
    kind: npt.NDArray[np.int8]
    kind_assumed: Bools
    stub: Bools
    client: Bools

    def __len__(self) -> int:
        return self.frame.height

    @cached_property
    def ids(self) -> list[str]:
        return self.frame["id"].to_list()

    @cached_property
    def keys(self) -> list[str]:
        return self.frame[KEY].to_list()

    @cached_property
    def names(self) -> list[str | None]:
        return self.frame["name"].to_list()

    @cached_property
    def number(self) -> dict[str, int]:
        return {party: number for number, party in enumerate(self.ids)}

    @cached_property
    def former(self) -> dict[str, int]:
        """The number behind each id that a merged party went by: those its other records would give it."""
        if RECORDS not in self.frame.columns:
            return {}
        several = self.frame.with_row_index("number").filter(pl.col(RECORDS).list.len() > 1)
        rows = several.select("number", RECORDS).explode(RECORDS).rows()
        return {party_id(key): number for number, key in rows}

    @cached_property
    def person(self) -> Bools:
        return np.asarray(self.kind == PERSON)

    @cached_property
    def any_client_number(self) -> bool:
        return bool(self.frame["client_no"].is_not_null().any())

    def mark(self, column: str) -> Bools:
        """A yes/no column; empty counts as no."""
        return self.frame[column].fill_null(value=False).to_numpy()


@dataclass(frozen=True)
class FactGraph:
    """The facts that hold on one day. Frames refer to parties by number (Int32, -1 = none).

    `holdings` has one row a counted fact: `holder` (behind a nominee), `registered`, `company`,
    `equity`, `votes`, `commander` (who casts the votes), `through` (the agreement that says so),
    and the marks `measure_assumed`, `conflicting`, `confidence`. Other frames keep their columns.
    """

    facts: Facts
    as_of: date
    known_at: datetime | None
    parties: Parties
    holdings: pl.DataFrame
    unanimity: tuple[Unanimity, ...]
    frames: dict[str, pl.DataFrame]

    def __getitem__(self, stem: str) -> pl.DataFrame:
        return self.frames[stem]

    def stated(self, stem: str) -> pl.DataFrame:
        """What was known at the moment, whenever it holds; parties by id."""
        return _stated(self.facts[stem], self.known_at)

    def on_day(self, stem: str, day: date) -> pl.DataFrame:
        """The rows of a file that hold on another day, as known at the same moment, by party numbers."""
        frame = self._rows(stem, day)
        if stem != "holdings":
            return frame
        frame = frame.filter((pl.col("holder") >= 0) & (pl.col("company") >= 0))
        return holdings_of_the_day(frame, self._rows("agreements", day), self.parties.kind)

    def _rows(self, stem: str, day: date) -> pl.DataFrame:
        return _numbered(day_rows(self.facts, stem, day, self.known_at), FILES[stem].refs, self._numbers)

    @cached_property
    def _numbers(self) -> pl.DataFrame:
        return self.parties.frame.select("id", number=pl.int_range(pl.len(), dtype=pl.Int32))

    @cached_property
    def votes_on_file(self) -> npt.NDArray[np.int64]:
        """The votes of each company that the facts account for, in millionths of a percent."""
        return self._summed("votes")

    @cached_property
    def equity_on_file(self) -> npt.NDArray[np.int64]:
        """The equity of each company that the facts account for, in millionths of a percent."""
        return self._summed("equity")

    def _summed(self, column: str) -> npt.NDArray[np.int64]:
        sums = np.zeros(len(self.parties), np.int64)
        np.add.at(sums, self.holdings["company"].to_numpy(), self.holdings[column].to_numpy())
        return sums


def fact_graph(facts: Facts, as_of: date, known_at: datetime | date | None = None) -> FactGraph:
    """Cut the facts to one day (valid time) and, if given, to what was known at a moment."""
    known = _moment(known_at)
    parties = _parties(facts, as_of, known)
    numbers = parties.frame.select("id", number=pl.int_range(pl.len(), dtype=pl.Int32))
    frames = {
        stem: _numbered(day_rows(facts, stem, as_of, known), FILES[stem].refs, numbers)
        for stem in FILES
        if stem != "parties"
    }
    holdings = holdings_of_the_day(frames["holdings"], frames["agreements"], parties.kind)
    holdings = bind(holdings, frames["agreements"])
    blocks = unanimous_blocks(frames["agreements"], holdings)
    return FactGraph(facts, as_of, known, parties, holdings, blocks, frames)


def ended(graph: FactGraph, stem: str) -> pl.DataFrame:
    """The rows of a file that held before the day and no longer do, as known then, by party number."""
    past = graph.stated(stem).filter(pl.col("valid_to") <= graph.as_of)
    numbers = graph.parties.frame.select("id", number=pl.int_range(pl.len(), dtype=pl.Int32))
    return _numbered(past, FILES[stem].refs, numbers)


def day_rows(facts: Facts, stem: str, as_of: date, known: datetime | None) -> pl.DataFrame:
    """The rows of a file that count on the day: valid (half-open), known at the moment, not replaced by then.

    Birth ties that an adoption has ended are left out.
    """
    stated = _stated(facts[stem], known)
    start, end = pl.col("valid_from"), pl.col("valid_to")
    rows = stated.filter(
        (start.is_null() | (start <= as_of)) & (end.is_null() | (end > as_of)),
    )
    if stem != "kinship":
        return rows
    # of several ways to a relative the one of the smallest fact ids is told, in whatever order they came
    return without_ended_ties(rows, stated, as_of).sort("fact")


def _moment(known_at: datetime | date | None) -> datetime | None:
    if known_at is None or isinstance(known_at, datetime):
        return known_at
    return datetime.combine(known_at, time.max)


def _stated(frame: pl.DataFrame, known: datetime | None) -> pl.DataFrame:
    """What is known at the moment, whenever it holds; a row that another known one replaces is not."""
    frame = known_rows(frame, known)
    replaced = frame["supersedes"].drop_nulls()
    return frame.filter(~pl.col("fact").is_in(replaced.implode())) if replaced.len() else frame


def known_rows(frame: pl.DataFrame, known: datetime | None) -> pl.DataFrame:
    """The versions known at the moment; a store says from when it counts a row (`known_from`)."""
    if known is not None:
        recorded = pl.col("known_from" if "known_from" in frame.columns else "recorded_at")
        frame = frame.filter(recorded.is_null() | (recorded <= known))
    if "superseded_at" in frame.columns:
        still = pl.col("superseded_at").is_null()
        frame = frame.filter(still if known is None else still | (pl.col("superseded_at") > known))
    return frame


def _numbered(frame: pl.DataFrame, refs: tuple[str, ...], numbers: pl.DataFrame) -> pl.DataFrame:
    for ref in refs:
        if frame[ref].null_count() == frame.height:
            frame = frame.with_columns(pl.lit(NONE, dtype=pl.Int32).alias(ref))
            continue
        frame = (
            frame.join(numbers, left_on=ref, right_on="id", how="left", maintain_order="left")
            .with_columns(pl.col("number").fill_null(NONE).alias(ref))
            .drop("number")
        )
    return frame


def _parties(facts: Facts, as_of: date, known: datetime | None) -> Parties:
    frame = parties_of_the_day(facts, as_of, known, lambda rows: known_rows(rows, known))
    codes = frame["kind"].replace_strict(KIND_CODE, default=0, return_dtype=pl.Int8).to_numpy()
    return Parties(
        frame=frame,
        kind=codes,
        kind_assumed=frame["kind"].is_null().to_numpy(),
        stub=frame[STUB].to_numpy(),
        client=frame["client_no"].is_not_null().to_numpy(),
    )
