"""The index of candidates: taken up from its file beside made anew, and beside the store's own full text."""

from __future__ import annotations

import os
import random
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.names import speed
from benchmarks.names.measures import Figure
from benchmarks.stores import own_store
from discovery.facts.facts import Facts
from discovery.facts.package import read_package
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.names.search import NameSearch
from discovery.service.candidates import Candidates
from discovery.service.kept import Origin, taken_up, write
from discovery.service.records import records_of

COLUMNS = ("name", "phone", "birth_date", "address")


def facts_of(size: int, folder: Path) -> Facts:
    """Half companies, half people."""
    firms = speed.companies(size // 2).select(
        pl.format("c{}", "id").alias("id"), "name", "phone", kind=pl.lit("enterprise_legal_person")
    )
    people = speed.people(size - len(firms)).select(
        pl.format("p{}", "id").alias("id"), *COLUMNS, kind=pl.lit("natural_person")
    )
    folder.mkdir(parents=True)
    pl.concat([firms, people], how="diagonal").write_csv(folder / "parties.csv")
    return read_package(folder).facts


def starting(size: int) -> list[Figure]:
    """Seconds to the first candidate, from the records as the store gives them."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["GUANLIAN_HOME"] = home
        facts, origin = facts_of(size, Path(home) / "facts"), Origin("benchmark", "1")
        records = records_of(facts)
        made: list[Candidates] = []
        anew = speed.timed(lambda: made.append(Candidates(*records)))
        kept = speed.timed(lambda: write(made[0], origin))
        size_mb = origin.file.stat().st_size / 1e6
        again: list[Candidates | None] = []
        up = speed.timed(lambda: again.append(taken_up(origin)))
        followed = speed.timed(lambda: again[0].renewed(*records) if again[0] else None)
    return [
        Figure(f"candidates of {size:,} made anew", _said(anew)),
        Figure("kept in a file", f"{_said(kept)}, {size_mb:.0f} MB"),
        Figure("taken up from it", _said(up)),
        Figure("brought up to the present records", _said(followed)),
    ]


def _said(spent: tuple[float, float]) -> str:
    return f"{spent[0]:.2f} s wall, {spent[1]:.2f} s CPU"


def full_text(size: int, asked: int = 300) -> list[Figure]:
    """The same misspelt names asked of our search and of the store's full text, in turns."""
    with tempfile.TemporaryDirectory() as folder, own_store(Path(folder) / "home", heap=2_000) as graph:
        facts = facts_of(2 * size, Path(folder) / "facts")
        load(graph, facts, source="benchmark", name="names", way="bulk")
        graph.driver.execute_query("CALL db.awaitIndexes(600)")
        names = facts["parties"].filter(pl.col("kind") == "enterprise_legal_person")["name"].to_list()
        search = NameSearch()
        search.add([(name,) for name in names])
        ways: dict[str, Callable[[str], list[str]]] = {
            "our search": lambda text: [hit.name for hit in search.search(text)],
            "full text, pairs of characters": lambda text: _found(graph, text),
            "full text, as a phrase": lambda text: _found(graph, f'"{text}"'),
        }
        return _compared(ways, names, asked)


def _found(graph: Graph, text: str) -> list[str]:
    return [row["name"] for row in graph.read_anyway("party/by_name", text=text, most=20)]


def _compared(ways: dict[str, Callable[[str], list[str]]], names: list[str], asked: int) -> list[Figure]:
    rng = random.Random(9)
    queries = [(name, speed.misspelt(name, rng)) for name in rng.choices(names, k=asked)]
    for way in ways.values():
        way(names[0][:4])
    spent: dict[str, list[float]] = {called: [] for called in ways}
    hits = dict.fromkeys(ways, 0)
    for name, written in queries:
        for called, way in ways.items():
            start = time.perf_counter()
            hits[called] += name in way(re.sub(r"\W+", "", written))
            spent[called].append(time.perf_counter() - start)
    figures = []
    for called in ways:
        p50, p95 = np.percentile(spent[called], [50, 95]) * 1000
        value = f"{hits[called] / asked:.3f} found, p50 {p50:.1f}, p95 {p95:.1f} ms"
        figures.append(Figure(f"{called}, {len(names):,} companies, first 20", value))
    return figures
