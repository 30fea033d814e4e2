"""Controlling points where control is not handed down: indirect shares are multiplied (policies.md A3 [DEF]).

A controls B and B controls C does not make A control C. An organisation is a point if nobody admissible
controls it, and also if it controls an eligible company that no point above it controls: no pair of a
controller and its company is lost. Organisations that control each other, one by one around a circle, with
nobody else above any of them, are a ring.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.control.kernel import strong_parts

Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]


def rings(pairs: pl.DataFrame, outside: Ints, parties: int) -> pl.DataFrame:
    """Closed rings: `top`, `party` (all of the ring, once for each as `top`).

    `pairs`: `head`, `company`, organisations that may head a group on both sides; `outside`: what
    families and decided sets control.
    """
    heads, companies = (pairs[name].to_numpy() for name in ("head", "company"))
    part = strong_parts(heads, companies, parties)
    several = np.bincount(part, minlength=int(part.max(initial=-1)) + 1) > 1
    controlled = np.zeros(len(several), np.bool_)
    controlled[part[companies[part[heads] != part[companies]]]] = True
    controlled[part[outside]] = True
    inside = np.flatnonzero((several & ~controlled)[part]).astype(np.int32)
    members = pl.DataFrame({"party": inside, "part": part[inside]})
    tops = members.rename({"party": "top"})
    return tops.join(members, on="part").select("top", "party").sort("top", "party")


def uncontrolled(pairs: pl.DataFrame, above: Iterable[frozenset[int]], parties: int) -> Bools:
    """Whom nobody controls, a flag a party; `above`: all inside families, decided sets and rings."""
    free = np.ones(parties, np.bool_)
    free[pairs["company"].to_numpy()] = False
    for inside in above:
        free[list(inside)] = False
    return free


def beneath(
    rows: pl.DataFrame, heads: Bools, free: Bools, above: list[frozenset[int]], eligible: Bools
) -> list[int]:
    """Organisations that somebody controls and that are points all the same.

    `rows`: `head`, `company`, everything that organisations which may head a group (`heads`) control.
    """
    controlled = {
        head: frozenset(companies) for head, companies in rows.group_by("head").agg("company").iter_rows()
    }
    pairs = rows.filter(pl.Series(heads[rows["company"].to_numpy()], dtype=pl.Boolean))
    part = strong_parts(pairs["head"].to_numpy(), pairs["company"].to_numpy(), len(heads))
    over: dict[int, list[int]] = dict(pairs.group_by("company").agg("head").rows())
    of_others: dict[int, list[int]] = {}
    for number, inside in enumerate(above):
        for party in inside:
            of_others.setdefault(party, []).append(number)
    points = set(np.flatnonzero(free).tolist())
    found = []
    for head in sorted(controlled, key=lambda head: (-int(part[head]), head)):  # who stands above comes first
        if free[head] or not heads[head]:
            continue
        above_it = [one for one in over.get(head, ()) if one in points and part[one] != part[head]]
        covering = [controlled[one] for one in above_it]
        covering += [above[number] for number in of_others.get(head, ())]
        open_ = {company for company in controlled[head] if eligible[company]}
        if open_.difference(*covering):
            points.add(head)
            found.append(head)
    return found
