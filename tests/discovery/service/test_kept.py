"""The kept index of candidates: it answers as a new one, follows the records, and holds no ID number."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import orjson
import polars as pl
import pytest

from benchmarks.names.people import generated
from benchmarks.names.speed import companies
from discovery.cli import run
from discovery.facts.facts import Facts
from discovery.facts.package import facts_from_rows
from discovery.graph.home import home
from discovery.names.keeping import index_of, index_tables
from discovery.names.linking import NameIndex
from discovery.service import kept
from discovery.service.candidates import Candidates
from discovery.service.kept import Origin, candidates, rebuild, taken_up
from discovery.service.records import records_of
from tests.packages import write

NUMBER = "11010519491231002X"


def facts_of(size: int, start: int = 0) -> Facts:
    """Companies and people of a generator, one of them with an ID number."""
    people = generated(size, seed=3)[0][start : start + size]
    rows = [
        {
            "id": f"p{row['id']}",
            "kind": "natural_person",
            **{k: row[k] for k in ("name", "phone", "birth_date")},
        }
        for row in people.to_dicts()
    ]
    firms = companies(start + size, seed=4)[start:].to_dicts()
    rows += [{"id": f"c{row['id']}", "name": row["name"], "phone": row["phone"]} for row in firms]
    rows.append({"id": "x", "kind": "natural_person", "name": "林岳", "id_number": NUMBER})
    return facts_from_rows({"parties": rows})


def asked(index: Candidates) -> list[object]:
    """What the index says of some records that it may hold, and of strangers."""
    more = [pl.lit(None, pl.String).alias(name) for name in ("other_names", "former_names")]
    firms, people = (
        frame.with_columns(pl.col("id").cast(pl.String), *more)
        for frame in (companies(40, seed=4), generated(40, seed=3)[0][:40])
    )
    return [
        index.of(frame[row : row + 1], kind)
        for kind, frame in (("company", firms), ("person", people))
        for row in range(0, 40, 4)
    ]


@pytest.fixture
def origin() -> Origin:
    made = Origin("folder-of-a-test", "folder-1")
    made.file.unlink(missing_ok=True)
    return made


def test_a_kept_index_answers_as_a_new_one(origin: Origin) -> None:
    """Taken up as it was, and after records came and went: the same candidates with the same reasons."""
    first, later = facts_of(60), facts_of(60, start=10)
    rebuild(first, origin)
    again = taken_up(origin)

    assert again is not None
    assert asked(Candidates(*records_of(first))) == asked(again)
    assert asked(Candidates(*records_of(later))) == asked(candidates(later, origin))


@pytest.mark.parametrize("kind", ["person", "company"])
def test_an_index_of_tables_is_the_index(kind: str) -> None:
    """Linking goes on with it as with the one it was made of."""
    frame = generated(80, seed=6)[0][:100] if kind == "person" else companies(100)
    frame = frame.with_columns(pl.col("id").cast(pl.String))
    index = NameIndex(frame, kind)
    again = index_of(index_tables(index), kind)

    assert index.link().cluster.to_list() == again.link().cluster.to_list()
    assert index.renewed(frame[5:9], ["3"]).resolve(frame[:9]) == again.renewed(frame[5:9], ["3"]).resolve(
        frame[:9]
    )


def test_only_what_differs_is_read_again(origin: Origin) -> None:
    """Nothing, then one record; when a tenth has changed the file is written anew."""
    first = facts_of(60)
    more = Facts({**first.frames, "parties": pl.concat([first["parties"], facts_of(61)["parties"][-2:-1]])})
    rebuild(first, origin)
    before = origin.file.stat().st_mtime_ns

    assert (0, 1) == (candidates(first, origin).read, candidates(more, origin).read)
    assert before == origin.file.stat().st_mtime_ns
    assert 20 < candidates(facts_of(60, start=30), origin).read < 120
    assert before != origin.file.stat().st_mtime_ns
    assert 0 == candidates(facts_of(60, start=30), origin).read


@pytest.mark.parametrize("damage", ["cut", "rules", "foreign"])
def test_a_file_that_does_not_fit_is_made_anew(
    origin: Origin, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut short, of other rules, or no index at all: the answers are right and the file is whole again."""
    facts = facts_of(30)
    rebuild(facts, origin)
    if damage == "rules":
        with monkeypatch.context() as other:
            other.setattr(kept, "rules", lambda: "other")
            rebuild(facts, origin)
    else:
        whole = origin.file.read_bytes()
        origin.file.write_bytes(whole[: len(whole) // 2] if damage == "cut" else b"PK not an index")

    assert taken_up(origin) is None
    assert asked(Candidates(*records_of(facts))) == asked(candidates(facts, origin))
    assert taken_up(origin) is not None


def test_the_file_is_its_owners_and_holds_no_id_number(origin: Origin) -> None:
    """Mode 600, nothing half written beside it, the number only as its keyed hash."""
    rebuild(facts_of(20), origin)
    with zipfile.ZipFile(origin.file) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())

    assert 0o600 == stat.S_IMODE(origin.file.stat().st_mode)
    assert [] == list(origin.file.parent.glob(".*"))
    assert "林岳".encode() in everything
    assert NUMBER.encode() not in everything
    assert NUMBER[:17].encode() not in everything


def test_without_a_kept_index_none_is_written(origin: Origin) -> None:
    """Whoever only asks leaves nothing behind."""
    candidates(facts_of(10), origin)

    assert not origin.file.exists()


def test_the_command_makes_it_for_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In both languages and as JSON; resolve takes it up; a folder that is not there is bad input."""
    folder = write(tmp_path / "facts", {"parties": "id,name\na,深圳市海晏科技有限公司\nb,远山材料有限公司"})
    before = set((home() / "index").glob("*"))
    assert 0 == run(["names", "index", str(folder), "--json"])
    told = orjson.loads(capsys.readouterr().out)
    assert 0 == run(["names", "index", str(folder), "--lang", "zh"])
    said = capsys.readouterr().out
    assert 0 == run(["resolve", "--facts", str(folder), "--name", "海晏科技（深圳）有限公司"])
    found = capsys.readouterr().out

    assert 3 == run(["names", "index", str(tmp_path / "nowhere")])
    assert 2 == told["records"]
    assert {Path(told["file"])} == set((home() / "index").glob("*")) - before
    assert "已索引 2 条记录" in said
    assert "深圳市海晏科技有限公司" in found


def test_an_index_that_cannot_be_kept_is_an_error_of_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says why and what to do, and leaves nothing; who only resolves is answered all the same."""
    folder = write(tmp_path / "facts", {"parties": "id,name\na,深圳市海晏科技有限公司"})
    monkeypatch.setenv("GUANLIAN_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "index").write_text("in the way")

    assert 4 == run(["names", "index", str(folder)])
    assert "GUANLIAN_HOME" in capsys.readouterr().err
    assert 0 == run(["resolve", "--facts", str(folder), "--name", "海晏科技"])
    assert "in the way" == (tmp_path / "home" / "index").read_text()
