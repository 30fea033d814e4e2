"""Loads: facts of a package into the store, the loads there were, withdrawing one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from discovery.errors import UsageError
from discovery.facts.findings import Finding
from discovery.facts.keys import check_source
from discovery.graph import recovery
from discovery.graph.connection import Graph
from discovery.graph.derived import Difference
from discovery.graph.loading import load as load_facts
from discovery.graph.plan import LoadSummary
from discovery.service.days import bank_zone
from discovery.service.published import publish
from discovery.service.sources import LeftOut, Progress, Reading, left_out, read, staged
from discovery.service.stored import opened_store

LOAD_LIST: Final = ("id", "name", "source", "status", "started_at", "finished_at")


@dataclass(frozen=True)
class Loaded:
    """A completed load with what reading the package found."""

    summary: LoadSummary
    findings: tuple[Finding, ...]
    left_out: LeftOut
    rejects: Path | None
    published: Difference | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            **self.summary.to_dict(),
            "rows_per_second": self.rows_per_second,
            "problem_count": self.left_out.get("total", 0),
            "rejects": str(self.rejects) if self.rejects else None,
            "groups": asdict(self.published) if self.published else None,
            "findings": [finding.to_dict() for finding in self.findings],
        }

    @property
    def rows_per_second(self) -> int:
        return round(self.summary.rows / self.summary.seconds) if self.summary.seconds else 0


def load(
    path: Path,
    reading: Reading,
    *,
    replace_source: str | None = None,
    name: str | None = None,
    with_groups: bool = True,
    progress: Progress | None = None,
) -> Loaded:
    """Read a package, check it, and write it into the store as one load.

    BadInput and nothing written if anything is wrong; with `reading.keep_good` the good rows are loaded
    and the bad ones written to the rejects folder first. `replace_source` closes what that source stated
    before and these facts do not state. `with_groups` brings the bank's own groups in the store up to
    date afterwards. StoreError if the store cannot be had.
    """
    if replace_source is not None:
        check_source(replace_source)
    package = read(path, reading, progress)
    facts = package.facts
    if not any(frame.height for frame in facts.frames.values()) and replace_source is None:
        raise UsageError(
            f"{package.name} states no fact.", remedy="Give a facts package with rows, see docs/facts.md."
        )
    with opened_store(progress) as graph:
        summary = load_facts(
            graph,
            facts,
            source=package.source,
            name=name or package.name,
            progress=staged(progress, "load"),
            replace_source=replace_source,
        )
        published = publish(graph, progress=progress) if with_groups and summary.changes else None
    rejects = reading.rejects if package.rejected or package.broken else None
    return Loaded(summary, facts.findings, left_out(package, reading.language), rejects, published)


def free_rejects_folder(path: Path) -> Path:
    """A folder in the working directory, not there yet, for the rows of a package that are set aside."""
    stem = f"{path.resolve().stem}-rejects"
    names = (Path(stem if number == 1 else f"{stem}-{number}") for number in range(1, 10_000))
    return next(name for name in names if not name.exists())


def loads(graph: Graph | None = None) -> list[dict[str, Any]]:
    """Every load, the newest first, with its counts by file."""
    with graph or opened_store() as store:
        rows = recovery.loads(store)
    return [
        {**{name: row[name] for name in LOAD_LIST}, "counts": orjson.loads(row["counts"] or "{}")}
        for row in rows
    ]


def unload(load_id: str) -> int:
    """Withdraw a completed load: what it opened is closed, nothing is deleted; the store's new version.

    The bank's own groups in the store are brought up to date.
    """
    with opened_store() as graph:
        version = recovery.unload(graph, load_id)
        publish(graph)
    return version


def shown_moment(text: str | None) -> str:
    """A moment of the store (UTC) by the bank's clock, to the second."""
    if not text:
        return ""
    given = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return given.astimezone(bank_zone()).strftime("%Y-%m-%d %H:%M:%S")
