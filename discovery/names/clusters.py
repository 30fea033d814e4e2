"""From decided pairs to parties: merges chained, unless that would join two records that cannot be one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

import numba
import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.names.decisions import MERGE, REVIEW, Pairs
from discovery.names.records import Rows

COMPARED_WHOLE: Final = 80  # records of one chain up to which every pair in it is compared

Conflicts = Callable[[Rows, Rows], npt.NDArray[np.bool_]]


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


def cluster(ids: pl.Series, pairs: Pairs, conflicts: Conflicts) -> tuple[Rows, Pairs]:
    """Each row's cluster (its smallest row), and the pairs with merges that the cluster refused made reviews.

    Neither the order of rows nor that of pairs matters: where a chain holds a conflict, its merges are
    taken best first (ties by record ids), and one that would join conflicting records is refused.
    """
    merges = np.flatnonzero(pairs.decision == MERGE)
    left, right = pairs.left[merges], pairs.right[merges]
    roots = components(len(ids), left, right)
    members = _members(roots, left, right)
    one, other = _inside(members)
    if not len(one):
        return roots, pairs
    against = conflicts(one, other)
    broken = set(roots[one[against]].tolist())
    if not broken:
        return roots, pairs
    forbidden = defaultdict(set)
    for a, b in zip(one[against].tolist(), other[against].tolist(), strict=True):
        forbidden[a].add(b)
        forbidden[b].add(a)
    within = merges[np.isin(roots[left], list(broken))]
    refused = _join_best_first(ids, pairs, within, forbidden, roots)
    decision = pairs.decision.copy()
    decision[refused] = REVIEW
    changed = Pairs(pairs.left, pairs.right, pairs.score, decision, pairs.vetoed, pairs.levels)
    return roots, changed


def _members(roots: Rows, left: Rows, right: Rows) -> dict[int, list[int]]:
    touched = np.unique(np.concatenate([left, right]))
    members: dict[int, list[int]] = defaultdict(list)
    for row, root in zip(touched.tolist(), roots[touched].tolist(), strict=True):
        members[root].append(row)
    return {root: rows for root, rows in members.items() if len(rows) > 2}


def _inside(members: dict[int, list[int]]) -> tuple[Rows, Rows]:
    """All pairs inside chains; of a very long chain each record with the next few only."""
    one: list[int] = []
    other: list[int] = []
    for rows in members.values():
        reach = len(rows) if len(rows) <= COMPARED_WHOLE else 8
        for at, row in enumerate(rows):
            following = rows[at + 1 : at + 1 + reach]
            one += [row] * len(following)
            other += following
    return np.array(one, np.int64), np.array(other, np.int64)


def _join_best_first(
    ids: pl.Series, pairs: Pairs, merges: Rows, forbidden: dict[int, set[int]], roots: Rows
) -> list[int]:
    """Rebuild the broken chains in `roots`, in place; positions of the merges refused."""
    names = ids.gather(np.concatenate([pairs.left[merges], pairs.right[merges]])).to_list()
    half = len(merges)
    order = sorted(
        range(half),
        key=lambda n: (-int(pairs.score[merges[n]]), *sorted((names[n], names[n + half]))),
    )
    sets: dict[int, set[int]] = {}
    for at in merges:
        for row in (int(pairs.left[at]), int(pairs.right[at])):
            sets.setdefault(row, {row})
    refused = []
    for n in order:
        at = int(merges[n])
        a, b = sets[int(pairs.left[at])], sets[int(pairs.right[at])]
        if a is b:
            continue
        small, large = (a, b) if len(a) <= len(b) else (b, a)
        if any(not forbidden[row].isdisjoint(large) for row in small if row in forbidden):
            refused.append(at)
            continue
        large |= small
        for row in small:
            sets[row] = large
    for row, together in sets.items():
        roots[row] = min(together)
    return refused
