"""From any CSV or JSON to a facts package, by a declarative mapping."""

from __future__ import annotations

import fnmatch
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from discovery.errors import BadInput
from discovery.exchange.mapping import FileBlock, Mapping
from discovery.exchange.mapping_file import load_mapping
from discovery.exchange.packing import Package, check_out, folder_at_once, write_frame
from discovery.exchange.rows import Batch
from discovery.exchange.sources import FORMATS, read_batches
from discovery.exchange.stating import StatedBlock, Tally, columns_read, refuse_nested
from discovery.facts.findings import Finding, Problem

PROBLEMS_KEPT: Final = 1_000


@dataclass
class ImportReport:
    """What an import did, for a person to check: rows read, facts by file, rows left out and why."""

    source: str
    files: list[str] = field(default_factory=list)
    ignored_files: list[str] = field(default_factory=list)
    rows: int = 0
    facts: dict[str, int] = field(default_factory=dict)
    repeated: dict[str, int] = field(default_factory=dict)
    filtered: dict[str, int] = field(default_factory=dict)
    rows_without_fact: int = 0
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0

    def problem(self, problem: Problem) -> None:
        """Counts a problem and keeps the first thousand."""
        self.problem_count += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(problem)

    def to_dict(self) -> dict[str, object]:
        return {
            "source": self.source,
            "files": self.files,
            "ignored_files": self.ignored_files,
            "rows": self.rows,
            "facts": self.facts,
            "repeated": self.repeated,
            "filtered": self.filtered,
            "rows_without_fact": self.rows_without_fact,
            "problem_count": self.problem_count,
            "problems": [problem.to_dict() for problem in self.problems],
            "findings": [finding.to_dict() for finding in self.findings],
            "seconds": round(self.seconds, 3),
        }


def import_file(
    source: Path,
    mapping: Path | str,
    out: Path,
    *,
    keep_good: bool = False,
    overwrite: bool = False,
    encoding: str | None = None,
    source_name: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Turns a file (or a folder of files the mapping knows) into a facts package in the folder `out`.

    `mapping` is a YAML file or the name of a shipped one. Nothing is written if any row is bad, unless
    `keep_good`: then each bad row states nothing and stands in the report. `progress` is told the rows
    read so far. The folder appears whole or not at all; BadInput says what is wrong and carries the
    first thousand `problems`.
    """
    began = time.perf_counter()
    plan = load_mapping(mapping)
    check_out(out, overwrite=overwrite)
    report = ImportReport(source=source_name or plan.source)
    package = Package(report.source)
    tally = Tally()
    for path, block in _files(source, plan, report):
        stated = StatedBlock(block, package, tally)
        _read(path, block, stated, report, encoding=encoding, progress=progress)
    report.filtered = dict(tally.filtered)
    report.rows_without_fact = tally.without_fact
    if report.problem_count and not keep_good:
        raise _rejected(source, report)
    frames, findings = package.finish()
    if not frames:
        raise BadInput(
            f"{source} states no fact under this mapping ({report.rows} rows read).",
            remedy="Check `where`, `records` and `each` of the mapping.",
            filtered=report.filtered,
            problems=[problem.to_dict() for problem in report.problems],
        )
    with folder_at_once(out, overwrite=overwrite) as folder:
        for stem, frame in frames.items():
            write_frame(frame, folder / f"{stem}.csv")
    report.facts = {stem: len(frame) for stem, frame in frames.items()}
    report.repeated = {stem: count for stem, count in package.repeated.items() if count}
    report.findings = tuple(findings)
    report.seconds = time.perf_counter() - began
    return report


def _files(source: Path, plan: Mapping, report: ImportReport) -> Iterator[tuple[Path, FileBlock]]:
    """The files to read, each with the part of the mapping that fits its name."""
    if not source.exists():
        raise BadInput(f"{source} does not exist.", remedy="Give a file or a folder.", file=str(source))
    folder = source.is_dir()
    paths = sorted(path for path in source.iterdir() if path.is_file()) if folder else [source]
    found: list[tuple[Path, FileBlock]] = []
    for path in paths:
        fits = [block for block in plan.files if fnmatch.fnmatchcase(path.name.lower(), block.file.lower())]
        if not folder and not fits and len(plan.files) == 1:
            fits = list(plan.files)
        known = path.suffix.lower() in FORMATS or any(block.format for block in fits)
        if fits and (known or not folder):
            found.append((path, fits[0]))
        elif folder:
            report.ignored_files.append(path.name)
    if not found:
        patterns = ", ".join(block.file for block in plan.files)
        raise BadInput(
            f"{source}: the mapping has nothing to say about it.",
            remedy=f"It reads files named {patterns}; rename the file or change `file` in the mapping.",
            file=str(source),
        )
    report.files = [path.name for path, _ in found]
    yield from found


def _read(
    path: Path,
    block: FileBlock,
    stated: StatedBlock,
    report: ImportReport,
    *,
    encoding: str | None,
    progress: Callable[[int], None] | None,
) -> None:
    if (block.format or FORMATS.get(path.suffix.lower())) == "csv":
        refuse_nested(block, path.name)
    for rows in read_batches(path, block, encoding=encoding, columns=columns_read(block)):
        for problem in rows.problems:
            report.problem(problem)
        if rows.numbers:
            stated.run(Batch(rows.numbers, path.name, report.problem, rows=rows, missing=block.missing))
        report.rows += len(rows.numbers) + len(rows.problems)
        if progress is not None:
            progress(report.rows)


def _rejected(source: Path, report: ImportReport) -> BadInput:
    first = report.problems[0]
    where = f"{first.file}, row {first.row}" + (f", {first.field}" if first.field else "")
    value = f" ({first.value!r})" if first.value else ""
    more = f" {report.problem_count - 1} more such values." if report.problem_count > 1 else ""
    return BadInput(
        f"{where}: {first.reason}{value}. Nothing was written.{more}",
        remedy=f"{first.remedy} Or keep the good rows only.",
        file=str(source),
        problem_count=report.problem_count,
        problems=[problem.to_dict() for problem in report.problems],
    )
