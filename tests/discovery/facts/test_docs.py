"""docs/facts.md says of the package what the schema says, and its examples work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from discovery.facts.codes import FINDINGS
from discovery.facts.package import read_package
from discovery.facts.schema import COMMON, FILES, Column, File

DOC = (Path(__file__).parents[3] / "docs" / "facts.md").read_text(encoding="utf-8")


def row(column: Column) -> str:
    """A column as the documentation's table has it."""
    allowed = ", ".join(f"`{value}`" for value in column.values)
    return f"| `{column.name}` | {column.type} | {'yes' if column.required else ''} | {allowed} |"


def table(columns: tuple[Column, ...]) -> str:
    """A file's columns as the documentation has them."""
    return "\n".join(
        ["| column | type | required | allowed |", "| --- | --- | --- | --- |", *map(row, columns)]
    )


@pytest.mark.parametrize("file", FILES.values(), ids=lambda file: file.stem)
def test_a_file_is_documented_as_it_is(file: File):
    """Heading and table of each file, column by column."""
    section = DOC.split(f"\n### {file.stem}.csv\n")[1].split("\n### ")[0]

    assert table(file.own) in section


def test_the_common_columns_are_documented():
    """What every row may carry."""
    assert table(COMMON) in DOC


def test_every_finding_of_reading_is_documented():
    """Codes named in the documentation exist, with their sentence."""
    listed = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", DOC.split("## Findings")[1], re.MULTILINE)

    assert listed
    for code, zh, en in listed:
        assert (zh, en) == FINDINGS[code]


def test_the_example_loads(tmp_path):
    """The package shown is read without a problem or a finding."""
    for name, content in re.findall(r"^`(\w+\.csv)`:\n\n```csv\n(.*?)```", DOC, re.MULTILINE | re.DOTALL):
        (tmp_path / name).write_text(content, encoding="utf-8")
    package = read_package(tmp_path)

    assert {"parties", "holdings", "offices", "kinship"} <= package.facts.frames.keys()
    assert [] == package.problems
    assert () == package.findings
