"""Rings: parties from each of which one comes back to it along directed ties."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]


def rings(source: Ints, target: Ints) -> dict[int, int]:
    """The ring of each party that stands in one, by number; a ring's number is its smallest party.

    Whoever has no tie out or none in cannot be in a ring: all such are put aside first, again and again,
    so that the search walks through little more than the rings themselves.
    """
    while len(source):
        keep = np.isin(source, target) & np.isin(target, source)
        if keep.all():
            break
        source, target = source[keep], target[keep]
    following: dict[int, list[int]] = {}
    for one, other in zip(source.tolist(), target.tolist(), strict=True):
        following.setdefault(one, []).append(other)
    found: dict[int, int] = {}
    for ring in _components(following):
        if len(ring) > 1:
            found |= dict.fromkeys(ring, min(ring))
    return found


def _components(following: dict[int, list[int]]) -> list[list[int]]:
    """Strongly connected parts (Tarjan's algorithm, without recursion)."""
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    waiting: set[int] = set()
    parts: list[list[int]] = []
    for start in following:
        if start in order:
            continue
        walk = [(start, iter(following.get(start, ())))]
        order[start] = low[start] = len(order)
        stack.append(start)
        waiting.add(start)
        while walk:
            at, ahead = walk[-1]
            step = next((one for one in ahead if one not in order or one in waiting), None)
            if step is None:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[at])
                if low[at] == order[at]:
                    parts.append(_popped(stack, waiting, at))
            elif step in order:
                low[at] = min(low[at], order[step])
            else:
                order[step] = low[step] = len(order)
                stack.append(step)
                waiting.add(step)
                walk.append((step, iter(following.get(step, ()))))
    return parts


def _popped(stack: list[int], waiting: set[int], last: int) -> list[int]:
    part: list[int] = []
    while not part or part[-1] != last:
        part.append(stack.pop())
    waiting.difference_update(part)
    return part
