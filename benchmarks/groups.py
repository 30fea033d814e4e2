"""`guanlian groups PATH --json`: from a facts package to the whole answer in a file, stage by stage."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final
from unittest import mock

from benchmarks import generate
from benchmarks.checks import aim
from benchmarks.measure import Row, fresh, measured
from benchmarks.sizes import Size
from discovery.service.answers import Asked, groups
from discovery.service.sources import given

DAY: Final = date(2026, 6, 30)
STAGES: Final = {
    "fact_graph": "fact graph",
    "acting_units": "acting units",
    "form": "groups formed",
    "pair_frame": "questions",  # they are asked as the frame is filled
    "associations": "associations",
}


def run(size: Size, work: Path) -> Iterator[Row]:
    """Rows of the part `groups`."""
    folder = str(package(work, size.package))
    rows = fresh("benchmarks.groups:stages", folder=folder, case=f"groups {size.package:,}")
    yield from rows
    if size.aims:
        yield aim(rows, wall=60, peak_mb=6_000)


def package(work: Path, companies: int) -> Path:
    """The package of that many companies, written once."""
    folder = work / f"package-{companies}"
    if not (folder / "kinship.csv").exists():  # the last file that is written
        fresh("benchmarks.groups:write", folder=str(folder), companies=companies)
    return folder


def write(folder: str, companies: int) -> None:
    """Write a package."""
    generate.write_package(Path(folder), companies)


def stages(folder: str, case: str) -> list[Row]:
    """Read, discover (its stages, then all that is left of it), write the answer as JSON."""
    warm_up(Path(folder).parent)
    with measured() as reading:
        facts = given(Path(folder)).facts
    rows = sum(frame.height for frame in facts.frames.values())
    found = [reading.row(case, "read and check", rows=rows)]
    with _timed(case, found), measured() as whole:
        answer = groups(facts, Asked("cbrc-2010", DAY))
    inner = found[1:]
    rest = whole.row(case, "the rest of discover")
    for name in ("cpu", "wall"):
        rest[name] -= sum(row[name] for row in inner)
    target = Path(folder) / "answer.json"
    with target.open("wb") as file, measured() as writing:
        answer.write(file)
    found += [rest, writing.row(case, "evidence and JSON", megabytes=target.stat().st_size / 1e6)]
    target.unlink()
    return found


def warm_up(work: Path) -> None:
    """Compile what is compiled, on a package of its own."""
    folder = work / "warm-up"
    generate.write_package(folder, 300)
    groups(given(folder).facts, Asked("cbrc-2010", DAY)).document()


def _timed(case: str, rows: list[Row]) -> Any:
    """Patches that measure the functions `discover` is made of, each call a row."""
    module = importlib.import_module("discovery.groups.discover")  # the package's name for it is the function

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            with measured() as stage:
                made = function(*arguments, **named)
            rows.append(stage.row(case, STAGES[name]))
            return made

        return call

    patches = {name: timed(name, getattr(module, name)) for name in STAGES}
    return mock.patch.multiple(module, **patches)
