"""Addresses that are one place written differently: letters amiss, or parts in another order."""

from __future__ import annotations

from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from discovery.names.records import Records, Rows

IN_PLACE: Final = 0.6  # share of an address's letters in place from which on it is the same, misspelt
IN_COMMON: Final = 0.75  # share of pairs of neighbouring letters in common, in whatever order


def alike_addresses(records: Records, left: Rows, right: Rows, wanted: npt.NDArray[np.bool_]) -> Rows:
    """Positions of the wanted pairs whose addresses are alike; Han addresses by letters in place alone."""
    at = np.flatnonzero(wanted)
    if not len(at):
        return at
    one, other = records.address_text.gather(left[at]), records.address_text.gather(right[at])
    in_place = process.cpdist(
        one.to_list(), other.to_list(), scorer=Levenshtein.normalized_similarity, dtype=np.float32
    )
    latin = (records.address_place[left[at]] == 0) & (records.address_place[right[at]] == 0)
    doubtful = np.flatnonzero(latin & (in_place < IN_PLACE))
    in_common = np.zeros(len(at), np.float32)
    if len(doubtful):
        in_common[doubtful] = _in_common(*_letters(one.gather(doubtful)), *_letters(other.gather(doubtful)))
    return np.asarray(at[(in_place >= IN_PLACE) | (in_common >= IN_COMMON)])


def _letters(texts: pl.Series) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """Code points of all texts run together, and where each one starts."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
    return codes, np.concatenate([[0], np.cumsum(texts.str.len_chars().to_numpy().astype(np.int64))])


@numba.njit(cache=True)
def _in_common(one: Any, one_starts: Any, other: Any, other_starts: Any) -> Any:
    """Twice the neighbouring letters in common by all of both, for each pair of texts."""
    share = np.zeros(len(one_starts) - 1, np.float32)
    for at in range(len(share)):
        a = _neighbours(one[one_starts[at] : one_starts[at + 1]])
        b = _neighbours(other[other_starts[at] : other_starts[at + 1]])
        i = j = common = 0
        while i < len(a) and j < len(b):
            if a[i] == b[j]:
                common += 1
                i += 1
                j += 1
            elif a[i] < b[j]:
                i += 1
            else:
                j += 1
        if len(a) + len(b):
            share[at] = 2 * common / (len(a) + len(b))
    return share


@numba.njit(cache=True)
def _neighbours(text: Any) -> Any:
    pairs = np.empty(max(len(text) - 1, 0), np.int64)
    for at in range(len(pairs)):
        pairs[at] = (np.int64(text[at]) << 32) | np.int64(text[at + 1])
    return np.sort(pairs)
