"""Where an answer's facts come from: a facts package, or the store. Both give the same Facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from discovery.facts.facts import Facts
from discovery.facts.package import Package, raise_if_bad, read_package, told_problems
from discovery.facts.problems import Language
from discovery.facts.rejects import write_rejects

Progress = Callable[[str, int, int], None]  # stage, done, in all (0 = unknown)
LeftOut = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """How a package is read: the source of rows that name none, the encoding, what bad rows do.

    With `keep_good` rows that are wrong are left out; they are written into the folder `rejects`,
    readable by their owner alone, if one is named. `may_keep_good`: whether the command that reads has
    --keep-good for a remedy.
    """

    source: str | None = None
    encoding: str = "utf-8"
    keep_good: bool = False
    rejects: Path | None = None
    stubs: bool = True
    language: Language = "en"
    may_keep_good: bool = True


def read(path: Path, reading: Reading, progress: Progress | None = None) -> Package:
    """A package, read and checked; BadInput with file, row, field and remedy if anything is wrong."""
    package = read_package(
        path,
        source=reading.source,
        encoding=reading.encoding,
        keep_good=reading.keep_good,
        stubs=reading.stubs,
        progress=progress,
    )
    if not reading.keep_good:
        raise_if_bad(
            package.name, package.problem_frame, reading.language, may_keep_good=reading.may_keep_good
        )
    elif reading.rejects is not None:
        write_rejects(package, reading.rejects, language=reading.language)
    return package


@dataclass(frozen=True)
class Given:
    """Facts to be asked about, and what was left out of them."""

    facts: Facts
    left_out: LeftOut = field(default_factory=dict)


def left_out(package: Package, language: Language = "en") -> LeftOut:
    """What `keep_good` left out of a package: `total` and `problems` as an error carries them, and in
    `files` the stems of files of which no row could be used. Empty where nothing is wrong.
    """
    if package.problem_frame.is_empty():
        return {}
    return {**told_problems(package.problem_frame, language), "files": sorted(package.unusable)}


def given(
    path: Path | None,
    *,
    reading: Reading | None = None,
    known_at: datetime | None = None,
    progress: Progress | None = None,
) -> Given:
    """The facts of a package, or of the store where there is no path."""
    if path is not None:
        package = read(path.expanduser(), reading or Reading(), progress)
        return Given(package.facts, left_out(package, reading.language if reading else "en"))
    from discovery.service.stored import opened_store, store_facts  # noqa: PLC0415  the driver is slow to import

    with opened_store(progress) as graph:
        return Given(store_facts(graph, known_at, progress))


def staged(progress: Progress | None, stage: str) -> Callable[[int, int], None] | None:
    """A room's own progress (done, in all) told under the name of a stage."""
    if progress is None:
        return None
    return lambda done, total: progress(stage, done, total)
