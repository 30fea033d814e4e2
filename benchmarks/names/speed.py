"""How fast: linking in bulk, resolving one record, searching a million names."""

from __future__ import annotations

import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.names.companies import FORMS, PLACES, WORK
from benchmarks.names.measures import Figure, at_least, at_most
from benchmarks.names.people import GIVEN, generated
from discovery.names.files import link_file
from discovery.names.linking import NameIndex, link_records
from discovery.names.search import NameSearch

PEOPLE_A_RECORD = 0.46


def people(size: int) -> pl.DataFrame:
    return generated(int(size * PEOPLE_A_RECORD * 1.02) + 10, seed=11)[0][:size]


def companies(size: int, seed: int = 5) -> pl.DataFrame:
    """Company records: most once, some again without region, in brackets, short, or with a phone."""
    rng = random.Random(seed)
    rows: list[tuple[str, str, str]] = []
    while len(rows) < size:
        place, trade = rng.choice(PLACES), "".join(rng.choices(GIVEN, k=rng.choice([2, 3, 3, 4])))
        work, form = rng.choice(WORK), rng.choice(FORMS)
        phone = "1" + "".join(rng.choices("0123456789", k=10))
        written = [f"{place}{trade}{work}{form}"]
        if rng.random() < 0.5:
            written.append(
                rng.choice([f"{trade}{work}（{place}）{form}", f"{trade}{work}{form}", trade + work])
            )
        rows += [(str(len(rows) + n), name, phone) for n, name in enumerate(written)]
    return pl.DataFrame(rows[:size], schema=["id", "name", "phone"], orient="row")


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def bulk(kind: str, frame: pl.DataFrame) -> list[Figure]:
    link_records(frame[:500], kind)
    wall, cpu = timed(lambda: link_records(frame, kind))
    note = f"records/s ({wall:.1f} s wall, {cpu:.1f} s CPU)"
    return [at_least(f"link {len(frame):,} {kind} records", len(frame) / wall, 10_000, note)]


def end_to_end(kind: str, frame: pl.DataFrame) -> list[Figure]:
    """From CSV to CSV, pairs included."""
    with tempfile.TemporaryDirectory() as folder:
        records = Path(folder) / "records.csv"
        frame.write_csv(records)
        wall, cpu = timed(
            lambda: link_file(records, kind, Path(folder) / "out.csv", Path(folder) / "pairs.csv")
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        at_most(
            f"{len(frame):,} {kind} records, file to file",
            wall,
            120,
            f"s wall, {cpu:.0f} s CPU, peak {peak:.0f} MB",
        )
    ]


def one_by_one(kind: str, frame: pl.DataFrame, asked: int = 300) -> list[Figure]:
    """One record against an index of all, by its own row."""
    index = NameIndex(frame, kind)
    index.resolve(frame[:3])
    spent = [timed(lambda at=at: index.resolve(frame[at : at + 1]))[0] for at in range(0, asked * 7, 7)]
    p50, p95 = np.percentile(spent, [50, 95]) * 1000
    return [at_most(f"resolve one {kind} against {len(frame):,}, p95", p95, 50, f"ms (p50 {p50:.1f})")]


def misspelt(name: str, rng: random.Random) -> str:
    """A name without its form, with a character lost or two exchanged; or as it is."""
    at = rng.randrange(1, len(name) - 1)
    return rng.choice(
        [
            name[:-4] if len(name) > 6 else name,
            name[:at] + name[at + 1 :],
            name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :],
            name,
        ]
    )


def searching(frame: pl.DataFrame, asked: int = 400) -> list[Figure]:
    """Names without form, with a character lost or two exchanged, among all."""
    rng = random.Random(9)
    names = frame["name"].to_list()
    search = NameSearch()
    wall, cpu = timed(lambda: search.add([(name,) for name in names]))
    search.search(names[0])
    spent, found = [], 0
    for name in rng.choices(names, k=asked):
        dirty = misspelt(name, rng)
        start = time.perf_counter()
        hits = search.search(dirty)
        spent.append(time.perf_counter() - start)
        found += any(hit.name == name for hit in hits)
    p50, p95 = np.percentile(spent, [50, 95]) * 1000
    added, _ = timed(lambda: search.add([("深圳市新加一号科技有限公司",)]))
    return [
        at_most(f"search {len(names):,} names, p95", p95, 20, f"ms (p50 {p50:.1f})"),
        Figure("search: name found among 20", f"{found / asked:.4f}"),
        Figure(
            "search: index built, one name added",
            f"{wall:.1f} s wall, {cpu:.1f} s CPU; {added * 1000:.1f} ms",
        ),
    ]
