"""docs/import.md does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from discovery.exchange.mapping import COMMON_COLUMNS, FACT_FILES, Block, FileBlock, FunctionName, Value

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "import.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", GUIDE, re.DOTALL))


def test_the_worked_example_gives_what_the_guide_shows(made, tmp_path):
    """Its CSV under its mapping makes its holdings, letter for letter."""
    for name in ("core.csv", "core.yaml"):
        (tmp_path / name).write_text(EXAMPLES[name], encoding="utf-8")

    result = made(tmp_path / "core.csv", tmp_path / "core.yaml")

    assert EXAMPLES["holdings.csv"] == (result.folder / "holdings.csv").read_text(encoding="utf-8")
    assert "person-周明远@C001" in result.column("offices", "person")
    assert ["same_person_name"] == [finding.code for finding in result.report.findings]


def keys(model: type) -> list[str]:
    fields = model.model_fields
    return [field.alias or name for name, field in fields.items()]


@pytest.mark.parametrize("key", sorted({*keys(Block), *keys(FileBlock), *keys(Value), *FACT_FILES}))
def test_every_key_is_explained(key):
    """A key that the guide does not name would never be found."""
    assert f"`{key}" in GUIDE or f" `{key}`" in GUIDE


def test_every_function_is_explained():
    """All the names that `as` takes."""
    assert COMMON_COLUMNS
    for name in FunctionName.__args__:
        assert f"`{name}`" in GUIDE
