"""Small packages for tests: written as a bank would send them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from discovery.facts.package import Package


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A folder with these files, by stem of the CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / f"{stem}.csv").write_bytes(data)
    return folder


def write_rows(path: Path, rows: Sequence[Mapping[str, str]], line_end: str = "\n") -> None:
    """A CSV of rows with the same columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator=line_end)
        writer.writeheader()
        writer.writerows(rows)


def places(package: Package) -> list[tuple[str, int | None, str | None, str]]:
    """Where the problems are and what they are."""
    return [(p.file, p.row, p.field, p.code) for p in package.problems]


def codes(package: Package) -> set[str]:
    """The codes of all findings."""
    return {finding.code for finding in package.findings}
