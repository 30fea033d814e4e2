"""What each party brings to each register of each company: the facts as entries of the kernel.

A slot is one test (a policy basis, or a total somebody asks for). Every entry remembers its fact
and who brings it, so that evidence is read off the same rows that decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.control.kernel import ADD, UNITE, Controlled, Entries, Tests, control, rows_by
from discovery.control.multiplication import Multiplication
from discovery.facts.graph import KIND_CODE, FactGraph

POST_BITS: Final = {"chairman": 1, "general_manager": 2, "cfo": 4}
ROLE_BITS: Final = {"chairman": 1, "general_manager": 2}
_POST_POWERS: Final = ("appoints_posts", "sole_nominates_posts", "sets_pay")
HUNDRED: Final = 100_000_000  # 100 % in millionths of a percent
_TIE: Final = 1 << 18  # holders by agreement in one company that cannot add up to a millionth of a percent
# Marks of an entry: what is doubtful about its fact.
MEASURE_ASSUMED: Final = 1
CONFLICTING: Final = 2
LOW_CONFIDENCE: Final = 4
PRESUMED: Final = 8
_PARTNERSHIP: Final = KIND_CODE["partnership"]


@dataclass(frozen=True)
class Slot:
    """One register to add up and the test on it; `watch` >= 0 reports totals from that level on."""

    name: str
    measure: str
    threshold: int = 0  # millionths of a percent, or a count
    strict: bool = False
    powers: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    persons: bool | None = None  # only what persons bring (True), only what others bring (False)
    private_only: bool = False
    by_agreement: bool = False  # exactly the threshold passes only with a part that an agreement brings
    watch: int = -1

    @property
    def mode(self) -> int:
        return UNITE if self.measure in {"posts", "role_posts"} else ADD

    @property
    def test(self) -> tuple[int, bool]:
        """Threshold and strictness in the register's own units (see `weight`)."""
        return (self.threshold * _TIE, True) if self.by_agreement else (self.threshold, self.strict)

    def weight(self, amount: int, through: str | None) -> int:
        """What an amount adds to the register; with `by_agreement` an agreement breaks the tie."""
        return amount * _TIE + (through is not None) if self.by_agreement else amount

    def unweighted(self, weight: int) -> int:
        """The amount in a weight or a difference of weights."""
        return weight // _TIE if self.by_agreement else weight


@dataclass(frozen=True)
class Registers:
    """All entries of some slots: the frame (sorted by who brings), the kernel's arrays, the tests.

    `graph` is there where indirect shares are multiplied; without it whole stakes count along control.
    """

    slots: tuple[Slot, ...]
    deemed: int
    frame: pl.DataFrame
    entries: Entries
    tests: Tests
    seats: np.ndarray[tuple[int], np.dtype[np.int64]]  # seats in all, a company
    graph: FactGraph | None = None

    @cached_property
    def multiplied(self) -> Multiplication | None:
        """The tests of shares by multiplication, if that is how indirect shares count."""
        return None if self.graph is None else Multiplication(self.graph, self)

    @cached_property
    def unwatched(self) -> Tests:
        """The tests with nothing to watch."""
        return self.tests._replace(watch=np.full(len(self.slots), -1))

    def control(
        self,
        units: tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]],
        tests: Tests | None = None,
        *,
        limit: int = np.iinfo(np.int64).max,
    ) -> Controlled:
        """What units (offsets, parties) control; with `tests` also the totals that those watch."""
        tests = tests or self.unwatched
        if self.multiplied is not None:
            return self.multiplied.control(units, tests, limit)
        return control(self.entries, tests, self.seats, units, limit=limit)

    def by_chain(self, units: tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]) -> Controlled:
        """What units control if whole stakes count along control, however the registers count."""
        return control(self.entries, self.unwatched, self.seats, units)

    def slot(self, name: str) -> int:
        return next(number for number, slot in enumerate(self.slots) if slot.name == name)

    @cached_property
    def by_company(self) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], pl.DataFrame]:
        """Offsets by company and the entries in that order, one row an amount (pairs once)."""
        once = self.frame.filter((pl.col("needs") < 0) | (pl.col("brings") == pl.col("by")))
        ordered = once.sort("company", "slot", "by", "fact", maintain_order=True)
        start, _ = rows_by(ordered["company"].to_numpy(), len(self.entries.start) - 1)
        return start, ordered


def registers(
    graph: FactGraph,
    deemed: Sequence[Slot],
    others: Sequence[Slot] = (),
    *,
    min_confidence: int = 0,
    multiply: bool = False,
) -> Registers:
    """Build the entries of the deemed slots and of others that are only watched.

    With `multiply` indirect shares are multiplied along each path; the first slot is then one of shares.

    The frame has, a row an amount: `brings` (the party that must be inside for it to count),
    `needs` (a second one, or -1), `by` (whose fact it is), `company`, `slot`, `amount`, `weight` (what
    it adds to the register), `fact`, `through` (the agreement that commands it) and `mark`.
    """
    slots = (*deemed, *others)
    makers = _Sources(graph, min_confidence)
    frames = [
        makers.rows(slot).with_columns(slot=pl.lit(number, dtype=pl.Int8))
        for number, slot in enumerate(slots)
    ]
    frame = pl.concat(frames).filter(
        (pl.col("brings") >= 0) & (pl.col("company") >= 0) & (pl.col("amount") > 0)
    )
    frame = _pairs(_weighted(frame, slots))
    parties = len(graph.parties)
    start, order = rows_by(frame["brings"].to_numpy(), parties)
    frame = frame[order]
    pair = frame["pair"].to_numpy()
    entries = Entries(
        start=start,
        company=frame["company"].to_numpy(),
        slot=frame["slot"].to_numpy(),
        amount=frame["weight"].to_numpy(),
        pair=pair,
        pairs=int(pair.max(initial=-1)) + 1,
    )
    tests = Tests(
        threshold=np.array([slot.test[0] for slot in slots], np.int64),
        strict=np.array([slot.test[1] for slot in slots], np.int64),
        mode=np.array([slot.mode for slot in slots], np.int8),
        scaled=np.array([slot.measure == "seats" for slot in slots], np.bool_),
        watch=np.array([slot.watch for slot in slots], np.int64),
        deemed=len(deemed),
    )
    return Registers(slots, len(deemed), frame, entries, tests, makers.seats, graph if multiply else None)


def _weighted(frame: pl.DataFrame, slots: Sequence[Slot]) -> pl.DataFrame:
    """With what each amount adds to its register."""
    agreed = [number for number, slot in enumerate(slots) if slot.by_agreement]
    weight = pl.col("amount") * _TIE + pl.col("through").is_not_null().cast(pl.Int64)
    return frame.with_columns(
        weight=pl.when(pl.col("slot").is_in(agreed)).then(weight).otherwise(pl.col("amount"))
        if agreed
        else pl.col("amount")
    )


def _pairs(frame: pl.DataFrame) -> pl.DataFrame:
    """Amounts that need two parties stand under both, tied by a pair number."""
    single = frame.filter(pl.col("needs") < 0).with_columns(pair=pl.lit(-1, dtype=pl.Int32))
    double = (
        frame.filter(pl.col("needs") >= 0).with_row_index("pair").with_columns(pl.col("pair").cast(pl.Int32))
    )
    if double.is_empty():
        return single
    double = double.select(single.columns)
    return pl.concat([single, double, double.with_columns(brings="needs")])


class _Sources:
    """The day's facts as entries, one method a kind of register."""

    def __init__(self, graph: FactGraph, min_confidence: int) -> None:
        self._graph = graph
        confidence = pl.col("confidence").fill_null(1_000_000)
        self._mark = (confidence < min_confidence).cast(pl.Int32) * LOW_CONFIDENCE
        self._holdings = graph.holdings
        self._powers = graph["powers"]
        self.seats = self._seats_in_all()

    def rows(self, slot: Slot) -> pl.DataFrame:
        if slot.measure in {"voting", "equity", "voting_held", "voting_commanded", "equity_commanded"}:
            frame = self._shares(slot.measure)
        elif slot.measure == "seats":
            frame = self._amounts(("appoints_seats",), pl.col("amount") * HUNDRED)
        elif slot.measure == "board_votes":
            frame = self._amounts(("board_votes",), pl.col("amount"))
        elif slot.measure == "posts":
            frame = self._amounts(_POST_POWERS, _bits(pl.col("posts"), POST_BITS))
        elif slot.measure == "role_posts":
            frame = self._offices(tuple(ROLE_BITS), _bits(pl.col("role"), ROLE_BITS))
        else:
            frame = self._stated(slot)
        if slot.persons is not None:
            frame = frame.filter(self._is_person(frame["brings"]) == slot.persons)
        if slot.private_only:
            private = self._graph.parties.mark("is_private")
            frame = frame.filter(pl.Series(private[frame["company"].to_numpy()], dtype=pl.Boolean))
        return frame

    def _is_person(self, parties: pl.Series) -> pl.Series:
        return pl.Series(self._graph.parties.person[parties.to_numpy()], dtype=pl.Boolean)

    def _shares(self, measure: str) -> pl.DataFrame:
        """Holdings: as held, as held and cast by oneself (needs both), or as commanded."""
        amount = pl.col("equity") if measure.startswith("equity") else pl.col("votes")
        bound = pl.col("commander") != pl.col("holder")
        commanded = measure.endswith("_commanded")
        needs = pl.when(bound).then(pl.col("commander")).otherwise(-1) if measure == "voting" else pl.lit(-1)
        return self._holdings.select(
            brings=pl.col("commander") if commanded else pl.col("holder"),
            needs=needs.cast(pl.Int32),
            by="holder",
            company="company",
            amount=amount,
            fact="fact",
            through=pl.col("through") if commanded else pl.lit(None, dtype=pl.String),
            mark=self._mark
            + pl.col("measure_assumed").cast(pl.Int32) * MEASURE_ASSUMED
            + pl.col("conflicting").cast(pl.Int32) * CONFLICTING,
        )

    def _amounts(self, kinds: tuple[str, ...], amount: pl.Expr) -> pl.DataFrame:
        rows = self._powers.filter(pl.col("kind").is_in(kinds))
        return _plain(rows, pl.col("holder"), amount.cast(pl.Int64), self._mark)

    def _offices(self, roles: tuple[str, ...], amount: pl.Expr) -> pl.DataFrame:
        rows = self._graph["offices"].filter(pl.col("role").is_in(roles))
        return _plain(rows, pl.col("person"), amount.cast(pl.Int64), self._mark)

    def _stated(self, slot: Slot) -> pl.DataFrame:
        """Powers that are there or not; an executive partner decides in a partnership."""
        one = pl.lit(1, dtype=pl.Int64)
        frames = [self._amounts(slot.powers, one)]
        if slot.roles:
            frames.append(self._offices(slot.roles, one))
        if "charter" in slot.powers:
            partners = self._offices(("executive_partner",), one)
            kind = self._graph.parties.kind[partners["company"].to_numpy()]
            partners = partners.filter(pl.Series(kind == _PARTNERSHIP, dtype=pl.Boolean))
            frames.append(partners.with_columns(mark=pl.col("mark") | PRESUMED))
        return pl.concat(frames)

    def _seats_in_all(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        seats = np.ones(len(self._graph.parties), np.int64)
        rows = self._powers.filter(pl.col("kind") == "appoints_seats", pl.col("company") >= 0)
        stated = rows.group_by("company").agg(pl.col("of").max())
        seats[stated["company"].to_numpy()] = stated["of"].fill_null(1).to_numpy()
        return seats


def _plain(rows: pl.DataFrame, holder: pl.Expr, amount: pl.Expr, mark: pl.Expr) -> pl.DataFrame:
    return rows.select(
        brings=holder,
        needs=pl.lit(-1, dtype=pl.Int32),
        by=holder,
        company="company",
        amount=amount,
        fact="fact",
        through=pl.lit(None, dtype=pl.String),
        mark=mark,
    )


def _bits(column: pl.Expr, bits: dict[str, int]) -> pl.Expr:
    parts = column.str.split(";")
    total = pl.lit(0, dtype=pl.Int64)
    for name, bit in bits.items():
        total = total + parts.list.contains(name).cast(pl.Int64) * bit
    return total
