"""Files are read in blocks; where a block ends must not matter."""

from __future__ import annotations

import random

import pytest

from discovery.facts import json_lines, scan
from discovery.facts.package import read_package
from tests.discovery.facts.packages import places, write

ROWS = [
    'A,enterprise_legal_person,"甲 ""x"", 公司\n第二行"\r\n',
    "B,company,乙\n",
    "\n",
    'C,,"丙"x\n',
    "D,,丁,\n",
    "E,,戊\x01\n",
    '"F","","己"\r\n',
    "G,natural_person,😀\n",
]


def everything(folder, encoding="utf-8"):
    """All that reading a folder says."""
    package = read_package(folder, keep_good=True, source="s", encoding=encoding)
    facts = [(stem, frame.rows()) for stem, frame in package.facts.frames.items()]
    return places(package), facts, package.findings, package.broken


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 64])
def test_the_size_of_a_block_does_not_matter(tmp_path, monkeypatch, encoding, size):
    """Quotes, line ends and characters that are cut by a block's end are put together again."""
    rows = ROWS * 3
    random.Random(size).shuffle(rows)  # noqa: S311  not a secret
    folder = write(tmp_path, {"parties": ("id,kind,name\n" + "".join(rows)).encode(encoding)})
    whole = everything(folder, encoding)
    monkeypatch.setattr(scan, "BLOCK", size)

    assert whole == everything(folder, encoding)
    assert len(whole[0]) >= 12


def test_an_unclosed_quote_costs_its_line_only(tmp_path, monkeypatch):
    """When no closing mark comes within the longest record, reading goes on after the line."""
    monkeypatch.setattr(scan, "BLOCK", 64)
    monkeypatch.setattr(scan, "MAX_RECORD", 256)
    rows = 'branch,parent\n"x,y\n' + "".join(f"b{n},p\n" for n in range(200))
    package = read_package(write(tmp_path, {"branches": rows}), keep_good=True)

    assert [("branches.csv", 2, None, "unclosed_quote")] == places(package)
    assert 200 == package.facts["branches"].height


def test_a_line_without_an_end_is_skipped(tmp_path, monkeypatch):
    """A line longer than a record may be is told and not kept; the next one is read."""
    monkeypatch.setattr(scan, "BLOCK", 64)
    monkeypatch.setattr(scan, "MAX_RECORD", 256)
    rows = "branch,parent\nx," + "y" * 1_000 + "\nz,w\nq,r,s\n"
    package = read_package(write(tmp_path, {"branches": rows}), keep_good=True)

    assert [
        ("branches.csv", 2, None, "too_long_record"),
        ("branches.csv", 4, None, "ragged_row"),
    ] == places(package)
    assert [("z", 3)] == package.facts["branches"].select("branch", "row").rows()


def test_batches_of_json_lines_make_one_file(tmp_path, monkeypatch):
    """Columns that only some batches have are there in the end."""
    monkeypatch.setattr(json_lines, "BATCH", 2)
    file = tmp_path / "b.jsonl"
    lines = ['{"type": "branches", "branch": "a"}'] * 3 + [
        '{"type": "branches", "branch": "b", "name": "x"}',
        '{"type": "branches", "branch": "c", "level": "tier1"}',
    ]
    file.write_text("\n".join(lines))

    rows = read_package(file).facts["branches"].select("branch", "name", "level").rows()
    assert [("a", None, None), ("b", "x", None), ("c", None, "tier1")] == rows
