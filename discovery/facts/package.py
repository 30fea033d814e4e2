"""Reading a facts package: a folder or .zip of CSV, or a .jsonl, becomes Facts, problems and findings."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from discovery.errors import BadInput, UsageError
from discovery.facts.archive import UNREADABLE, Entry, entries
from discovery.facts.assemble import Assembly
from discovery.facts.checks import check
from discovery.facts.csv_files import CsvReader, utf8_stream
from discovery.facts.facts import Facts
from discovery.facts.findings import Finding, FindingLog, Problem
from discovery.facts.folder_versions import current
from discovery.facts.json_lines import RowReader, read_json_lines
from discovery.facts.keys import check_source
from discovery.facts.problems import Language, ProblemLog, problems
from discovery.facts.schema import FILES
from discovery.facts.table import Table

Progress = Callable[[str, int, int], None]  # file, bytes read, bytes in all

SHOWN_PROBLEMS = 100  # problems that an error carries along


@dataclass(frozen=True)
class Package:
    """What was read.

    `facts` is empty where there are problems, unless good rows were to be kept. `problem_frame` has a
    row a problem (file, row, field, value, code, detail). `rejected`: by file stem, the bad rows as
    text, with `row`; `broken`: by file stem, the bytes of lines that are no records. `names` says what
    the file of a stem is called.
    """

    name: str
    source: str
    facts: Facts
    findings: tuple[Finding, ...]
    problem_frame: pl.DataFrame
    unusable: frozenset[str] = frozenset()
    rejected: dict[str, pl.DataFrame] = field(default_factory=dict)
    broken: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    @cached_property
    def problems(self) -> list[Problem]:
        """Every problem in words (English); made when asked for."""
        return list(problems(self.problem_frame))

    def raise_if_bad(self) -> None:
        """BadInput if anything is wrong; it carries the first problems and their number."""
        raise_if_bad(self.name, self.problem_frame)


def raise_if_bad(
    name: str, frame: pl.DataFrame, language: Language = "en", *, may_keep_good: bool = True
) -> None:
    """BadInput if there are problems; it carries the first ones and their number.

    The remedy names --keep-good where the command has it.
    """
    if frame.is_empty():
        return
    told = told_problems(frame, language)
    first = told["problems"]
    place = f"{first[0]['file']}" + (f", row {first[0]['row']}" if first[0]["row"] else "")
    raise BadInput(
        f"{name} has {frame.height:,} problem(s); the first: {place}: {first[0]['reason']}.",
        remedy=f"{first[0]['remedy']}." + " Or keep the good rows with --keep-good." * may_keep_good,
        **told,
    )


def told_problems(frame: pl.DataFrame, language: Language = "en") -> dict[str, Any]:
    """Problems as an error carries them: `total`, and in `problems` the first ones."""
    first = problems(frame.head(SHOWN_PROBLEMS), language)
    return {"total": frame.height, "problems": [problem.to_dict() for problem in first]}


def read_package(
    path: Path,
    *,
    source: str | None = None,
    encoding: str = "utf-8",
    keep_good: bool = False,
    stubs: bool = True,
    progress: Progress | None = None,
) -> Package:
    """Read and check a facts package.

    `source` is the source of rows that name none, by default the package's name. With `stubs` a fact
    about an unknown id makes a stub party, without it is a problem. Nothing is raised for bad rows:
    see `Package.raise_if_bad`. Raises BadInput where there is no package to read, UsageError for an
    encoding that does not exist.
    """
    _check_encoding(encoding)
    name = path.resolve().name if path.is_dir() else path.stem
    chosen = check_source(source or name or "package")
    log = ProblemLog()
    try:
        with entries(path, log) as found:
            tables = _tables(found, encoding, log, progress)
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror}.", remedy="See who may read it.", file=str(path)
        ) from error
    return _package(name, chosen, tables, log, keep_good=keep_good, stubs=stubs)


def facts_from_rows(
    rows: Mapping[str, Iterable[Mapping[str, object]]], *, source: str = "given", stubs: bool = True
) -> Facts:
    """Facts from rows given by file stem, checked as a package is; BadInput names stem, row and field.

    Values are text as in a file, or None, bool, int, Decimal, date or a list of texts; a float is
    refused, since a share is exact. Rows count from 1.
    """
    log = ProblemLog()
    reader = RowReader({stem: stem for stem in FILES}, log)
    for stem, given in rows.items():
        if stem not in FILES:
            raise BadInput(f"There is no file {stem}.", remedy=f"Files: {', '.join(FILES)}.")
        for number, row in enumerate(given, start=1):
            reader.add(stem, number, row)
    package = _package(source, check_source(source), reader.finish(), log, keep_good=False, stubs=stubs)
    package.raise_if_bad()
    return package.facts


def _check_encoding(encoding: str) -> None:
    try:
        codecs.getincrementaldecoder(encoding)
    except LookupError as error:
        raise UsageError(
            f"There is no encoding {encoding!r}.", remedy="Say --encoding utf-8 or --encoding gb18030."
        ) from error


def _tables(
    found: list[Entry], encoding: str, log: ProblemLog, progress: Progress | None
) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for entry in found:
        try:
            with entry.open() as raw:
                tables |= _read(entry, utf8_stream(_watched(raw, entry, progress), encoding), log)
        except UNREADABLE as error:
            log.add("archive_member", entry.name, detail=str(error))
            log.unusable.update([entry.stem] if entry.stem else FILES)
    return {stem: table for stem, table in tables.items() if stem not in log.unusable}


def _read(entry: Entry, stream: BinaryIO, log: ProblemLog) -> dict[str, Table]:
    if entry.stem is None:
        return read_json_lines(stream, entry.name, log)
    return {entry.stem: CsvReader(FILES[entry.stem], entry.name, log).read(stream)}


class _Watched:
    """A stream that tells how much of it was read."""

    def __init__(self, raw: BinaryIO, entry: Entry, progress: Progress) -> None:
        self._raw = raw
        self._entry = entry
        self._progress = progress
        self._done = 0

    def read(self, size: int = -1) -> bytes:
        data = self._raw.read(size)
        self._done += len(data)
        self._progress(self._entry.name, self._done, self._entry.size)
        return data


def _watched(raw: BinaryIO, entry: Entry, progress: Progress | None) -> BinaryIO:
    if progress is None:
        return raw
    return _Watched(raw, entry, progress)  # type: ignore[return-value]  # only read() is asked of it


def _package(
    name: str, source: str, tables: dict[str, Table], log: ProblemLog, *, keep_good: bool, stubs: bool
) -> Package:
    noted = FindingLog()
    frames = Assembly(source, log, noted, stubs=stubs).frames(tables)
    names = {stem: table.name for stem, table in tables.items()}
    check({stem: current(frame) for stem, frame in frames.items()}, names, noted)
    wrong, findings = log.frame(), noted.all()
    kept = frames if keep_good or wrong.is_empty() else {}
    return Package(
        name=name,
        source=source,
        facts=Facts(kept, findings),
        findings=findings,
        problem_frame=wrong,
        unusable=frozenset(log.unusable),
        rejected={stem: rows for stem, table in tables.items() if (rows := table.rejected()).height},
        broken={stem: bytes(lines) for stem, lines in log.broken.items() if stem not in log.unusable},
        names=names,
    )
