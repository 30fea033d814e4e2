"""Company names as columns: each name is read once, what follows is done for all names together."""

from __future__ import annotations

from functools import lru_cache
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
PARTS: Final[dict[str, type[pl.DataType]]] = {
    "text": pl.String,
    "whole": pl.String,
    "body": pl.String,
    "places": pl.String,
    "industry": pl.String,
    "form": pl.String,
    "group": pl.Boolean,
    "ordinals": pl.String,
    "branch": pl.String,
    "branch_kind": pl.String,
}
_BLANK: Final = ("", "", "", "", "", "", False, "", None, "", SPECIAL, SPECIAL, SPECIAL, SPECIAL)
_CHUNK: Final = 50_000  # names whose parts are held as objects at once


def read_columns(names: list[tuple[str, ...]]) -> tuple[pl.DataFrame, Marks]:
    """The parts of the current names and their marks, one row a record.

    For records with one plain Han name; the others are marked SPECIAL and empty. `text`: the folded name;
    `whole`: without brackets; `body`: region, trade name and industry as written; `places`, `industry`,
    `ordinals`: codes, words and numbers with spaces between; the rest as in `CompanyName`. Marks: whether the
    name is a short one, and the lengths of region, trade name and of the short name's stem, in characters of
    `body`.
    """
    frames, marks = [no_columns(0)[0]], [np.empty((0, 4), np.int16)]
    for start in range(0, len(names), _CHUNK):
        columns = list(zip(*map(_row, names[start : start + _CHUNK]), strict=True))
        series = [pl.Series(name, columns[at], kind) for at, (name, kind) in enumerate(PARTS.items())]
        frames.append(pl.DataFrame(series))
        marks.append(np.array(columns[len(PARTS) :], np.int16).T)
    return pl.concat(frames), np.concatenate(marks)


def _row(written: tuple[str, ...]) -> tuple[Any, ...]:
    name = parse_company(written[0])
    if len(written) > 1 or name.foreign or name.aliases or not name.usable:
        return _BLANK
    return (
        name.text,
        name.compact,
        name.place_text + name.core,
        " ".join(name.places),
        " ".join(name.industry),
        name.form,
        name.group,
        " ".join(map(str, name.ordinals)) if name.ordinals else "",
        name.branch,
        name.branch_kind,
        int(name.short),
        len(name.place_text),
        len(name.trade),
        len(stem_of(name)) if name.short else 0,
    )


def names_of(parts: pl.DataFrame, marks: Marks) -> list[CompanyName]:
    """The names that `read_columns` took apart, without reading them again; none may be SPECIAL."""
    columns = [parts[name].to_list() for name in PARTS]
    lengths = [marks[:, at].tolist() for at in (PLACE, TRADE)]
    return list(map(_name, *columns, *lengths))


def _name(  # noqa: PLR0917  the columns of PARTS and two marks, by place
    text: str,
    whole: str,
    body: str,
    places: str,
    industry: str,
    form: str,
    group: bool,
    ordinals: str,
    branch: str | None,
    branch_kind: str,
    place: int,
    trade: int,
) -> CompanyName:
    core, counted = body[place:], tuple(map(int, ordinals.split())) if ordinals else ()
    return CompanyName(
        text, whole, _split(places), body[:place], core[:trade], _split(industry), core, form, group, counted,
        branch, branch_kind,
    )  # fmt: skip


@lru_cache(maxsize=50_000)
def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


def no_columns(size: int) -> tuple[pl.DataFrame, Marks]:
    """For people: nothing."""
    empty = [pl.Series(name, [None], kind).new_from_index(0, size) for name, kind in PARTS.items()]
    return pl.DataFrame(empty), np.full((size, 4), SPECIAL, np.int16)


def elsewhere(
    parts: pl.DataFrame, marks: Marks, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Pairs of two full names whose regions exclude each other: whatever else they say, the region vetoes."""
    found = np.zeros(len(left), np.bool_)
    full = np.flatnonzero((marks[left, SHORT] == 0) & (marks[right, SHORT] == 0))
    one, other = (parts["places"].gather(rows[full]).to_list() for rows in (left, right))
    found[full] = np.fromiter(map(_exclude, one, other), np.bool_, len(full))
    return found


@lru_cache(maxsize=100_000)
def _exclude(left: str, right: str) -> bool:
    if not left or not right or left == right:
        return False
    return not any(regions.compatible(x, y) for x in left.split() for y in right.split())


def hopeless(
    body: pl.Series, marks: Marks, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Pairs of a short and a full name of which the first surely does not abbreviate the second.

    Neither does its stem stand in the other (with or without a leading letter for a province), nor does it
    begin with the other's trade name. Their names alone are then apart.
    """
    asked = np.zeros(len(body), np.bool_)
    asked[left] = asked[right] = True
    rows, place = np.flatnonzero(asked), np.cumsum(asked) - 1
    texts = body.gather(rows)
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
    starts = np.concatenate([[0], np.cumsum(texts.str.len_chars().to_numpy().astype(np.int64))])
    provinces = np.array(sorted(map(ord, regions.abbreviations())), np.uint32)
    return np.asarray(_hopeless(codes, starts, marks[rows], provinces, place[left], place[right]))


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
