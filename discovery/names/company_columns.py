"""Company names as columns: each name is read once, what follows is done for all names together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.names import regions
from discovery.names.company import CompanyName, parse_company
from discovery.names.readings import heard
from discovery.names.short_names import stem_of

Marks = npt.NDArray[np.int16]
SHORT, PLACE, TRADE, STEM = 0, 1, 2, 3  # columns of the marks
SPECIAL: Final = -1  # in SHORT: no name, several names, a Latin one or one with an alias


@dataclass(frozen=True)
class NameColumns:
    """One row a record, for records with one plain Han name; the others are marked SPECIAL and empty.

    `whole`: the name without brackets. `body`: region, trade name and industry as written. `place`: the
    province's code or "". `marks`: whether the name is a short one, and the lengths of region, trade name and
    of the short name's stem, in characters of `body`.
    """

    whole: pl.Series
    body: pl.Series
    place: pl.Series
    marks: Marks


def read_columns(names: list[tuple[str, ...]]) -> NameColumns:
    """Columns of the current names."""
    whole, body, place = ([""] * len(names) for _ in range(3))
    marks = np.full((len(names), 4), SPECIAL, np.int16)
    lengths: list[tuple[int, int, int, int]] = []
    rows: list[int] = []
    for row, written in enumerate(names):
        name = parse_company(written[0])
        if len(written) > 1 or name.foreign or name.aliases or not name.usable:
            continue
        whole[row], body[row] = name.compact, name.place_text + name.core
        place[row] = name.places[0][:2] if name.places else ""
        rows.append(row)
        lengths.append(_lengths(name))
    if rows:
        marks[rows] = lengths
    columns = [pl.Series(texts, dtype=pl.String) for texts in (whole, body, place)]
    return NameColumns(columns[0], columns[1], columns[2], marks)


def _lengths(name: CompanyName) -> tuple[int, int, int, int]:
    stem = len(stem_of(name)) if name.short else 0
    return int(name.short), len(name.place_text), len(name.trade), stem


def no_columns(size: int) -> NameColumns:
    """For people: nothing."""
    empty = pl.Series([""], dtype=pl.String).new_from_index(0, size)
    return NameColumns(empty, empty, empty, np.full((size, 4), SPECIAL, np.int16))


def hopeless(
    body: pl.Series, marks: Marks, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Pairs of a short and a full name of which the first surely does not abbreviate the second.

    Neither does its stem stand in the other (with or without a leading letter for a province), nor does it
    begin with the other's trade name. Their names alone are then apart.
    """
    rows, place = np.unique(np.concatenate([left, right]), return_inverse=True)
    texts = body.gather(rows)
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
    starts = np.concatenate([[0], np.cumsum(texts.str.len_chars().to_numpy().astype(np.int64))])
    provinces = np.array(sorted(map(ord, regions.abbreviations())), np.uint32)
    return np.asarray(
        _hopeless(codes, starts, marks[rows], provinces, place[: len(left)], place[len(left) :])
    )


@numba.njit(cache=True)
def _hopeless(  # noqa: PLR0917  compiled code takes its arguments by place
    codes: Any, starts: Any, marks: Any, provinces: Any, left: Any, right: Any
) -> Any:
    found = np.zeros(len(left), np.bool_)
    for at in range(len(left)):
        short, full = left[at], right[at]
        if marks[short, 0] + marks[full, 0] != 1 or min(marks[short, 0], marks[full, 0]) < 0:
            continue
        if marks[full, 0] == 1:
            short, full = full, short
        name = codes[starts[short] : starts[short + 1]]
        stem = name[: marks[short, 3]]
        target = codes[starts[full] : starts[full + 1]]
        core = target[marks[full, 1] :]
        if _stands_in(stem, target):
            continue
        if len(stem) and (provinces == stem[0]).any() and _stands_in(stem[1:], core):
            continue
        trade = core[: marks[full, 2]]
        own = name[marks[short, 1] :]
        if len(trade) >= 2 and len(own) >= len(trade) and (own[: len(trade)] == trade).all():
            continue
        found[at] = True
    return found


@numba.njit(cache=True)
def _stands_in(stem: Any, text: Any) -> bool:
    at = 0
    for code in text:
        if at < len(stem) and stem[at] == code:
            at += 1
    return at == len(stem)


def sounds(texts: pl.Series) -> npt.NDArray[np.uint64]:
    """A key for how each text sounds: by syllable where a character is read, by itself where not."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
    said = heard(codes)
    said = np.where(said == 0, codes.astype(np.uint64) + np.uint64(1 << 22), said)
    lengths = texts.str.len_chars().to_numpy().astype(np.int64)
    return np.asarray(_rolled(said, np.concatenate([[0], np.cumsum(lengths)])))


@numba.njit(cache=True)
def _rolled(said: Any, starts: Any) -> Any:
    keys = np.zeros(len(starts) - 1, np.uint64)
    for row in range(len(keys)):
        key = np.uint64(0)
        for at in range(starts[row], starts[row + 1]):
            key = (key ^ said[at]) * np.uint64(0x9E3779B97F4A7C15)
            key ^= key >> np.uint64(29)
        keys[row] = key
    return keys
