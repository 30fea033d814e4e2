"""Which pairs are worth comparing: records that share a key, as long as not too many share it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from discovery.names.records import Keys, Rows


@dataclass(frozen=True)
class BlockKey:
    """One kind of key: rows and their keys (a row may have several), and how many rows a key may join.

    `sides`: where given, only rows of different sides are paired (short names with full ones).
    """

    name: str
    rows: Rows
    keys: Keys
    most: int
    sides: npt.NDArray[np.int8]


def combined(*columns: Keys) -> Keys:
    """One key of several, 0 where any of them is 0."""
    mixed = np.zeros(len(columns[0]), np.uint64)
    known = np.ones(len(columns[0]), np.bool_)
    for column in columns:
        mixed = (mixed ^ column) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
        known &= column != 0
    return np.where(known, mixed | np.uint64(1), np.uint64(0))


def block_key(
    name: str, keys: Keys, most: int, rows: Rows | None = None, sides: npt.NDArray[np.int8] | None = None
) -> BlockKey:
    """A key column without its empty keys, sorted; without sides any two rows pair."""
    rows = np.arange(len(keys), dtype=np.int64) if rows is None else rows
    known = np.flatnonzero(keys)
    order = known[np.lexsort((rows[known], keys[known]))]
    side = np.full(len(order), -1, np.int8) if sides is None else sides[order]
    return BlockKey(name, rows[order], keys[order], most, side)


def renewed(block: BlockKey, places: Rows, more: BlockKey) -> BlockKey:
    """The block with other rows: `places` has each old row's new number, -1 for one that is gone; `more` are
    the keys of new rows, numbered above all others. The same as if it were made of all rows at once."""
    kept = places[block.rows] >= 0
    rows, keys, sides = places[block.rows[kept]], block.keys[kept], block.sides[kept]
    at = np.searchsorted(keys, more.keys, "right")
    return BlockKey(
        block.name,
        np.insert(rows, at, more.rows),
        np.insert(keys, at, more.keys),
        block.most,
        np.insert(sides, at, more.sides),
    )


def pairs_of(blocks: Iterable[BlockKey]) -> tuple[Rows, Rows]:
    """All pairs (smaller row first) that share a key of any kind, each once, sorted."""
    found = [_block_pairs(block.rows, block.keys, block.sides, block.most) for block in blocks]
    pairs = np.concatenate([np.empty(0, np.int64), *found])
    pairs.sort()
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
    return pairs >> 32, pairs & np.int64(0xFFFFFFFF)


def partners(block: BlockKey, asked: BlockKey) -> Rows:
    """Rows of the block that the one row asked about pairs with, as if it stood in the block itself."""
    starts = np.searchsorted(block.keys, asked.keys, "left")
    ends = np.searchsorted(block.keys, asked.keys, "right")
    found = [np.empty(0, np.int64)]
    for start, end, side in zip(starts, ends, asked.sides, strict=True):
        if 0 < end - start < block.most:
            rows, sides = block.rows[start:end], block.sides[start:end]
            found.append(rows if side < 0 else rows[sides != side])
    return np.unique(np.concatenate(found))


@numba.njit(cache=True)
def _block_pairs(rows: Any, keys: Any, sides: Any, most: int) -> Any:
    total = 0
    start = 0
    for end in range(1, len(keys) + 1):
        if end == len(keys) or keys[end] != keys[start]:
            size = end - start
            if 1 < size <= most:
                total += size * (size - 1) // 2
            start = end
    found = np.empty(total, np.int64)
    at = 0
    start = 0
    for end in range(1, len(keys) + 1):
        if end == len(keys) or keys[end] != keys[start]:
            if 1 < end - start <= most:
                for i in range(start, end):
                    for j in range(i + 1, end):
                        if rows[i] != rows[j] and (sides[i] < 0 or sides[i] != sides[j]):
                            found[at] = (min(rows[i], rows[j]) << 32) | max(rows[i], rows[j])
                            at += 1
            start = end
    return found[:at]
