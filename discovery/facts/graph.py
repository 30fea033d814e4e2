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

from discovery.facts.agreements import Unanimity, bind, unanimous_blocks
from discovery.facts.facts import KEY, Facts
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
    parties = _parties(facts, known)
    numbers = parties.frame.select("id", number=pl.int_range(pl.len(), dtype=pl.Int32))
    frames = {
        stem: _numbered(_cut(facts[stem], as_of, known), FILES[stem].refs, numbers)
        for stem in FILES
        if stem != "parties"
    }
    # of several ways to a relative the one of the smallest fact ids is told, in whatever order they came
    frames["kinship"] = frames["kinship"].sort("fact")
    holdings = holdings_of_the_day(frames["holdings"], frames["agreements"], parties.kind)
    holdings = bind(holdings, frames["agreements"])
    blocks = unanimous_blocks(frames["agreements"], holdings)
    return FactGraph(facts, as_of, known, parties, holdings, blocks, frames)


def ended(graph: FactGraph, stem: str) -> pl.DataFrame:
    """The rows of a file that held before the day and no longer do, as known then, by party number."""
    frame = _known(graph.facts[stem], graph.known_at)
    replaced = frame["supersedes"].drop_nulls()
    past = frame.filter(~pl.col("fact").is_in(replaced.implode()) & (pl.col("valid_to") <= graph.as_of))
    numbers = graph.parties.frame.select("id", number=pl.int_range(pl.len(), dtype=pl.Int32))
    return _numbered(past, FILES[stem].refs, numbers)


def _moment(known_at: datetime | date | None) -> datetime | None:
    if known_at is None or isinstance(known_at, datetime):
        return known_at
    return datetime.combine(known_at, time.max)


def _cut(frame: pl.DataFrame, as_of: date, known: datetime | None) -> pl.DataFrame:
    """Rows valid on the day (half-open), in the version known at the moment, none superseded by then."""
    holds = (pl.col("valid_from").is_null() | (pl.col("valid_from") <= as_of)) & (
        pl.col("valid_to").is_null() | (pl.col("valid_to") > as_of)
    )
    frame = _known(frame, known)
    replaced = frame["supersedes"].drop_nulls()
    if replaced.len():
        frame = frame.filter(~pl.col("fact").is_in(replaced.implode()))
    return frame.filter(holds)


def _known(frame: pl.DataFrame, known: datetime | None) -> pl.DataFrame:
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


def _parties(facts: Facts, known: datetime | None) -> Parties:
    frame = _known(facts["parties"], known)
    if "stub" not in frame.columns:
        frame = frame.with_columns(stub=pl.lit(value=False))
    frame = frame.with_columns(pl.col("stub").fill_null(value=False)).sort(KEY)
    kind = _kind_of_stubs(facts, frame)
    codes = kind.replace_strict(KIND_CODE, default=0, return_dtype=pl.Int8).to_numpy()
    stub = frame["stub"].to_numpy()
    return Parties(
        frame=frame,
        kind=codes,
        kind_assumed=kind.is_null().to_numpy(),
        stub=stub,
        client=frame["client_no"].is_not_null().to_numpy(),
    )


def _kind_of_stubs(facts: Facts, frame: pl.DataFrame) -> pl.Series:
    """A party without a row that holds an office or has kin is a person."""
    offices = facts["offices"].filter(pl.col("role") != "executive_partner")["person"]
    kin = facts["kinship"]
    people = pl.concat([offices, kin["person"], kin["relative"]]).unique()
    is_person = pl.col("stub") & pl.col("kind").is_null() & pl.col("id").is_in(people.implode())
    return frame.select(
        pl.when(is_person).then(pl.lit("natural_person")).otherwise(pl.col("kind")).alias("kind")
    )["kind"]
