"""Oddities of kinship rows that only show when rows are seen together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.facts.problems import ROW

Places = npt.NDArray[np.int64]
_PEELS = 64  # generations peeled by array operations before the rest is walked one by one


def several_spouses(kinship: pl.DataFrame) -> pl.DataFrame:
    """For each spouse row that begins while the person has another spouse: `row`, `person`."""
    couples = kinship.filter((pl.col("relation") == "spouse_of") & (pl.col("person") != pl.col("relative")))
    start = pl.col("valid_from").fill_null(pl.date(1, 1, 1))
    end = pl.col("valid_to").fill_null(pl.date(9999, 12, 31))
    spans = couples.select("person", "relative", ROW, start=start, end=end).filter(
        pl.col("start") < pl.col("end")
    )
    both = pl.concat(
        [spans, spans.rename({"person": "relative", "relative": "person"}).select(spans.columns)]
    )
    marriages = both.group_by("person", "relative").agg(
        pl.col("start").min(), pl.col("end").max(), pl.col(ROW).min()
    )
    ordered = marriages.sort("person", "start", ROW, "relative")
    so_far = ordered.with_columns(pl.col("end").cum_max().shift(1).over("person").alias("before"))
    return so_far.filter(pl.col("start") < pl.col("before")).select(ROW, "person").sort(ROW, "person")


def parent_cycles(kinship: pl.DataFrame) -> pl.DataFrame:
    """The parent rows that lie on a way from a circle to a circle: `row`, `person`."""
    rows = kinship.filter((pl.col("relation") == "parent_of") & (pl.col("person") != pl.col("relative")))
    if rows.is_empty():
        return rows.select(ROW, "person")
    codes = (
        pl.concat([rows["person"], rows["relative"].alias("person")])
        .rank("dense")
        .to_numpy()
        .astype(np.int64)
    )
    parent, child = codes[: rows.height], codes[rows.height :]
    kept = _unpeeled(parent, child)
    return rows[kept.tolist()].select(ROW, "person") if kept.size else rows.select(ROW, "person").clear()


def _unpeeled(parent: Places, child: Places) -> Places:
    """Edges left when those of nobody's children and of nobody's parents are taken away again and again."""
    edges = np.arange(parent.size)
    for _ in range(_PEELS):
        size = int(max(parent.max(), child.max())) + 1
        has_parent, has_child = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        has_parent[child[edges]] = True
        has_child[parent[edges]] = True
        left = edges[has_parent[parent[edges]] & has_child[child[edges]]]
        if left.size == edges.size or not left.size:
            return left
        edges = left
    return _walked(parent, child, edges)


def _walked(parent: Places, child: Places, edges: Places) -> Places:
    """The same, one person at a time, for pedigrees deeper than any real one."""
    down: dict[int, list[int]] = {}
    waiting: dict[int, int] = {}
    for edge in edges.tolist():
        down.setdefault(int(parent[edge]), []).append(edge)
        waiting[int(child[edge])] = waiting.get(int(child[edge]), 0) + 1
    free = [person for person in down if person not in waiting]
    gone: set[int] = set()
    while free:
        for edge in down.get(free.pop(), ()):
            gone.add(edge)
            waiting[int(child[edge])] -= 1
            if not waiting[int(child[edge])]:
                free.append(int(child[edge]))
    return np.array([edge for edge in edges.tolist() if edge not in gone], dtype=np.int64)
