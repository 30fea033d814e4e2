"""From decided pairs to parties: merges chained, unless that would join two records that cannot be one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.names.decisions import BINDS, FORBIDS, MERGE, NEUTRAL, REVIEW, STRAINS, Pairs
from discovery.names.records import Rows

COMPARED_WHOLE: Final = 80  # records of one chain up to which every pair in it is compared

Tensions = Callable[[Rows, Rows], npt.NDArray[np.int8]]


@numba.njit(cache=True)
def components(size: int, left: Any, right: Any) -> Any:
    """The smallest row of each row's chain of pairs."""
    parent = np.arange(size)
    for at in range(len(left)):
        a, b = left[at], right[at]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        while parent[b] != b:
            parent[b] = parent[parent[b]]
            b = parent[b]
        if a < b:
            parent[b] = a
        elif b < a:
            parent[a] = b
    for row in range(size):
        root = row
        while parent[root] != root:
            root = parent[root]
        parent[row] = root
    return parent


def cluster(ids: pl.Series, pairs: Pairs, tensions: Tensions) -> tuple[Rows, Pairs]:
    """Each row's cluster (its smallest row), and the pairs; merges that were refused are reviews.

    Neither the order of rows nor that of pairs matters: where a chain holds a contradiction, its merges are
    taken best first (ties by record ids). Two chains are not joined if a pair across forbids it, or if one
    strains and none binds: a namesake of another birth date does not come in by way of a record without one.
    """
    merges = np.flatnonzero(pairs.decision == MERGE)
    left, right = pairs.left[merges], pairs.right[merges]
    roots = components(len(ids), left, right)
    one, other = _inside(_members(ids, roots, left, right))
    if not len(one):
        return roots, pairs
    said = tensions(one, other)
    broken = np.unique(roots[one[said >= STRAINS]])
    if not len(broken):
        return roots, pairs
    kept = np.isin(roots[one], broken) & (said != NEUTRAL)
    between = {}
    for a, b, what in zip(one[kept].tolist(), other[kept].tolist(), said[kept].tolist(), strict=True):
        between[a, b] = between[b, a] = what
    within = merges[np.isin(roots[left], broken)]
    refused = _join_best_first(ids, pairs, within, between, roots)
    decision = pairs.decision.copy()
    decision[refused] = REVIEW
    return roots, replace(pairs, decision=decision)


def _members(ids: pl.Series, roots: Rows, left: Rows, right: Rows) -> list[list[int]]:
    """Rows of each chain of three or more, by record id."""
    touched = np.unique(np.concatenate([left, right]))
    frame = pl.DataFrame({"row": touched, "root": roots[touched], "id": ids.gather(touched)})
    chains = (
        frame.sort("id").group_by("root", maintain_order=True).agg("row").filter(pl.col("row").list.len() > 2)
    )
    return chains["row"].to_list()


def _inside(chains: list[list[int]]) -> tuple[Rows, Rows]:
    """All pairs inside chains; of a very long chain each record with the next few only."""
    one: list[int] = []
    other: list[int] = []
    for rows in chains:
        reach = len(rows) if len(rows) <= COMPARED_WHOLE else 8
        for at, row in enumerate(rows):
            following = rows[at + 1 : at + 1 + reach]
            one += [row] * len(following)
            other += following
    return np.array(one, np.int64), np.array(other, np.int64)


def _join_best_first(
    ids: pl.Series, pairs: Pairs, merges: Rows, between: dict[tuple[int, int], int], roots: Rows
) -> list[int]:
    """Rebuild the broken chains in `roots`, in place; positions of the merges refused."""
    left, right = pairs.left[merges].tolist(), pairs.right[merges].tolist()
    names = [
        sorted(pair) for pair in zip(ids.gather(left).to_list(), ids.gather(right).to_list(), strict=True)
    ]
    strength = pairs.strength[merges].tolist()
    sets: dict[int, set[int]] = {row: {row} for row in (*left, *right)}
    refused = []
    for at in sorted(range(len(merges)), key=lambda n: (-strength[n], names[n])):
        small, large = sorted((sets[left[at]], sets[right[at]]), key=len)
        if small is large:
            continue
        across = [between.get((a, b), NEUTRAL) for a in small for b in large]
        if FORBIDS in across or (STRAINS in across and BINDS not in across):
            refused.append(int(merges[at]))
            continue
        large |= small
        for row in small:
            sets[row] = large
    for row, together in sets.items():
        roots[row] = min(together)
    return refused
