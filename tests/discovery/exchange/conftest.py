"""Small sources and mappings, written where a test wants them, and the packages made of them."""

from __future__ import annotations

import csv
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from discovery.exchange.importing import ImportReport, import_file
from discovery.facts.package import Package, read_package

Rows = list[dict[str, str]]


class Made:
    """An import that was done: its report, its folder, and the package as its reader sees it."""

    def __init__(self, report: ImportReport, folder: Path) -> None:
        self.report = report
        self.folder = folder
        self.package: Package = read_package(folder)

    def rows(self, stem: str) -> Rows:
        path = self.folder / f"{stem}.csv"
        if not path.exists():
            return []
        with path.open(encoding="utf-8", newline="") as text:
            return list(csv.DictReader(text))

    def column(self, stem: str, name: str) -> list[str]:
        return [row[name] for row in self.rows(stem)]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a text, without the indentation of the test around it."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return path

    return written


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Made]:
    """Imports a source under a mapping; the package must read without a problem."""

    def make(source: Path, mapping: Path | str, **options: bool) -> Made:
        folder = tmp_path / "package"
        result = Made(import_file(source, mapping, folder, **options), folder)
        assert [] == result.package.problems
        return result

    return make
