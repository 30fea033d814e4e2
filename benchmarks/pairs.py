"""All pairs of controller and controlled company by holdings alone, above 50 %: our kernel and DuckDB.

Both begin with the same arrays in memory and end with the pairs in memory; both say how many pairs and a
checksum that does not depend on their order.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks import generate
from benchmarks.generate import ONE, Holdings
from benchmarks.measure import Row, measured
from discovery.control.kernel import Controlled, Entries, Tests, control, rows_by, top_first

HALF: Final = 50 * ONE
MIX: Final = (1_000_003, 7_919, 2_147_483_647)
COLUMNS: Final = ("holder", "company", "percent")

START: Final = """
CREATE TABLE inside AS SELECT DISTINCT holder AS unit, holder AS company FROM holdings;
CREATE TABLE fresh AS SELECT unit, company FROM inside;
"""
# A pair is added up again only if the last round brought a holder of the company.
ROUND: Final = f"""
CREATE OR REPLACE TEMP TABLE touched AS
    SELECT DISTINCT fresh.unit, holdings.company
    FROM fresh JOIN holdings ON holdings.holder = fresh.company
    ANTI JOIN inside ON inside.unit = fresh.unit AND inside.company = holdings.company;
CREATE OR REPLACE TABLE fresh AS
    SELECT touched.unit, touched.company
    FROM touched
    JOIN holdings ON holdings.company = touched.company
    JOIN inside ON inside.unit = touched.unit AND inside.company = holdings.holder
    GROUP BY ALL HAVING sum(holdings.percent) > {HALF};
INSERT INTO inside SELECT unit, company FROM fresh;
"""


def write(folder: str, case: str, **arguments: Any) -> None:
    """Write the arrays of a generator's graph."""
    graph: Holdings = getattr(generate, case)(**arguments)
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name in COLUMNS:
        np.save(target / f"{name}.npy", getattr(graph, name))
    np.save(target / "parties.npy", np.int64(graph.parties))


def read(folder: str) -> Holdings:
    """The arrays of a graph."""
    arrays = [np.load(Path(folder) / f"{name}.npy") for name in COLUMNS]
    return Holdings(int(np.load(Path(folder) / "parties.npy")), *arrays)


def entries_of(graph: Holdings) -> Entries:
    """The holdings as the kernel takes them: in compressed rows by holder, one slot."""
    start, order = rows_by(graph.holder, graph.parties)
    return Entries(
        start=start,
        company=graph.company[order],
        slot=np.zeros(len(order), np.int8),
        amount=graph.percent[order],
        pair=np.full(len(order), -1, np.int32),
        pairs=0,
    )


def controlled(entries: Entries, *, tops: bool) -> tuple[npt.NDArray[np.int32], Controlled]:
    """Units and what they control: every holder, or with `tops` possible tops first and only those."""
    parties = len(entries.start) - 1
    brings = np.diff(entries.start) > 0
    marked = None
    if tops:
        order, _ = top_first(entries)
        units, marked = order[brings[order]], np.zeros(parties, np.bool_)
    else:
        units = np.flatnonzero(brings).astype(np.int32)
    test = Tests(
        threshold=np.array([HALF]),
        strict=np.array([1]),
        mode=np.zeros(1, np.int8),
        scaled=np.zeros(1, np.bool_),
        watch=np.array([-1]),
        deemed=1,
    )
    offsets = np.arange(len(units) + 1, dtype=np.int64)
    return units, control(entries, test, np.ones(parties, np.int64), (offsets, units), marked=marked)


def kernel(folder: str, case: str, *, tops: bool = False) -> list[Row]:
    """The compiled kernel, compiled before it is measured: the compressed rows, then the fixpoint."""
    controlled(entries_of(generate.chain(10)), tops=tops)
    graph = read(folder)
    with measured() as rows:
        entries = entries_of(graph)
    del graph
    with measured() as run:
        units, found = controlled(entries, tops=tops)
    result = summary(units[found.unit], found.company)
    last = int(found.round.max(initial=0))
    return [
        rows.row(case, "kernel: compressed rows", holdings=len(entries.company)),
        run.row(case, "kernel: tops only" if tops else "kernel: all pairs", rounds=last, **result),
    ]


def rounds_in_sql(folder: str, case: str) -> list[Row]:
    """The same rounds in SQL, in memory, all threads."""
    graph = read(folder)
    database = duckdb.connect()
    frame = pl.DataFrame({name: getattr(graph, name) for name in COLUMNS})
    frame.write_parquet(Path(folder) / "holdings.parquet")
    del frame, graph
    source = f"read_parquet('{Path(folder) / 'holdings.parquet'}')"
    database.execute(f"CREATE TABLE holdings AS SELECT * FROM {source} WHERE percent > 0")
    with measured() as run:
        database.execute(START)
        rounds = 0
        while database.execute("SELECT count(*) FROM fresh").fetchall()[0][0]:
            database.execute(ROUND)
            rounds += 1
    by_unit, by_company, most = MIX
    count, total = database.execute(
        f"SELECT count(*), sum((unit::BIGINT * {by_unit} + company::BIGINT * {by_company}) % {most}) "
        "FROM inside WHERE unit <> company"
    ).fetchall()[0]
    return [run.row(case, "DuckDB: all pairs", rounds=rounds - 1, pairs=count, checksum=int(total or 0))]


def summary(controller: npt.NDArray[np.int32], company: npt.NDArray[np.int32]) -> dict[str, int]:
    """How many pairs, and their checksum."""
    total = 0
    by_unit, by_company, most = MIX
    for low in range(0, len(company), 1_000_000):
        part = slice(low, low + 1_000_000)
        mixed = controller[part].astype(np.int64) * by_unit + company[part].astype(np.int64) * by_company
        total += int((mixed % most).sum())
    return {"pairs": len(company), "checksum": total}
