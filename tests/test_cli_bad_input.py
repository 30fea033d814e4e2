"""Broken packages: each gives exit code 3 with file, row, field and remedy, and never a traceback."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from discovery.cli import run
from tests.packages import FAMILY, write

HEADER = b"holder,company,equity_percent,voting_percent\n"
BROKEN: dict[str, tuple[str, bytes, str, int | None, str | None]] = {
    "a header with a wrong column": (
        "holdings.csv", b"holder,company,equity\nA,B,60\n", "unknown_column", 1, "equity",
    ),
    "a percent sign": ("holdings.csv", HEADER + b"A,B,60%,60\n", "not_a_number", 2, "equity_percent"),
    "a value that is not on the list": (
        "parties.csv", b"id,kind,name\nA,enterprise,x\n", "not_a_choice", 2, "kind",
    ),
    "an id twice": ("parties.csv", b"id,kind,name\nA,,x\nA,,y\n", "duplicate_party", 2, "id"),
    "more than a hundred percent": (
        "holdings.csv", HEADER + b"A,B,101,50\n", "out_of_range", 2, "equity_percent",
    ),
    "an empty file": ("holdings.csv", b"", "empty_file", None, None),
    "another encoding": ("parties.csv", "id,name\nA,甲公司\n".encode("gb18030"), "wrong_encoding", 2, None),
    "a NUL byte": ("parties.csv", b"id,name\nA,x\x00y\n", "control_character", 2, "name"),
    "a file that nobody knows": ("holding.csv", HEADER, "unknown_file", None, None),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("command", ["groups", "load"])
def test_what_is_wrong_is_named(
    what: str,
    command: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """File, row, field, reason and remedy stand in the JSON; a load does not even ask for the store."""
    file, content, code, row, field = BROKEN[what]
    (write(tmp_path / "p", FAMILY) / file).write_bytes(content)
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:9")

    ended = run([command, str(tmp_path / "p"), "--json"])
    said = capsys.readouterr()

    assert ended == 3
    assert not said.out
    assert "Traceback" not in said.err
    problem = next(one for one in json.loads(said.err)["problems"] if one["code"] == code)
    assert (file, row) == (problem["file"], problem["row"])
    assert field in {problem["field"], None}
    assert problem["reason"]
    assert problem["remedy"]


@pytest.mark.parametrize("command", ["groups", "control", "load"])
def test_a_person_reads_where_why_and_what_to_do(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --json the same stands in lines: place, field, reason, remedy."""
    (write(tmp_path / "p", FAMILY) / "holdings.csv").write_bytes(HEADER + b"A,B,60%,60\nA,X,101,0\n")

    ended = run([command, str(tmp_path / "p")])
    error = capsys.readouterr().err

    assert ended == 3
    assert "holdings.csv:2 equity_percent: '60%' is not a plain decimal" in error
    assert "holdings.csv:3 equity_percent: '101' is out of range" in error
    assert "--keep-good" in error


def test_a_cut_zip_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An archive whose end is missing is named, with what to do."""
    folder = write(tmp_path / "p", FAMILY)
    archive = tmp_path / "p.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in folder.iterdir():
            packed.write(path, path.name)
    archive.write_bytes(archive.read_bytes()[:-200])

    ended = run(["groups", str(archive), "--json"])
    error = json.loads(capsys.readouterr().err)

    assert ended == 3
    assert "p.zip" in json.dumps(error)
    assert error["remedy"]


@pytest.mark.parametrize("path", ["missing", "missing.zip", "missing.jsonl"])
def test_a_package_that_is_not_there_is_bad_input(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A path that leads nowhere is exit code 3 and one sentence."""
    ended = run(["groups", path])
    error = capsys.readouterr().err

    assert ended == 3
    assert path in error
    assert len(error.splitlines()) <= 3


def test_gb18030_is_read_when_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same file is fine with --encoding gb18030."""
    folder = write(tmp_path / "p", FAMILY)
    for path in folder.iterdir():
        path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))

    ended = run(["groups", str(folder), "--encoding", "gb18030", "--lang", "en"])

    assert ended == 0
    assert "甲公司" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b'{"policy": 7}', b'{"policy": "cbrc-2010"}', b"\xff\xfe"]
)
def test_a_broken_answer_is_refused(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check` says what a file is that is no answer, or rejects it; never a traceback."""
    answer = tmp_path / "answer.json"
    answer.write_bytes(content)
    folder = write(tmp_path / "p", FAMILY)

    ended = run(["check", str(answer), str(folder)])
    said = capsys.readouterr()

    assert ended in {1, 3}
    assert "Traceback" not in said.err
    assert said.out + said.err


def test_a_pairs_file_that_cannot_be_written_is_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that does not exist is named with the remedy."""
    folder = write(tmp_path / "p", FAMILY)

    ended = run(["control", str(folder), "--pairs", str(tmp_path / "nowhere" / "pairs.csv")])

    assert ended == 3
    assert "folder that exists" in capsys.readouterr().err
