"""From a file of any shape to a facts package, or to a complaint and nothing at all."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.errors import BadInput
from discovery.exchange.importing import import_file
from discovery.facts.package import read_package

SIMPLE = """
    mapping: 1
    source: core
    facts:
      - holding: {holder: a, company: b, equity_percent: pct}
"""
NESTED = """
    mapping: 1
    source: web
    format: json
    records: "data.items"
    values: {code: head.code}
    parties:
      company: {id: "c-{code}", name: head.name}
    blocks:
      - each: holders
        where:
          - {field: name, not_in: [Public], because: an aggregate}
        parties:
          holder: {by: name, name: name, of: $company}
        facts:
          - holding: {holder: $holder, company: $company, equity_percent: {from: share, as: fraction}}
          - power: {holder: $holder, company: $company, kind: =declared_controller, document: "{^head.code}"}
            where: [{field: controls, in: ["true"]}]
"""


def test_a_column_of_a_holding_becomes_its_percent(write, made):
    """The smallest mapping: three columns, one kind of fact."""
    source = write("x.csv", "a,b,pct\nA,B,50.5\nB,C,100%\n")

    result = made(source, write("m.yaml", SIMPLE))

    assert [("A", "B", "50.5", "core"), ("B", "C", "100", "core")] == [
        tuple(r.values()) for r in result.rows("holdings")
    ]
    assert {"holdings": 2} == result.report.facts
    assert [50_500_000, 100_000_000] == result.package.facts["holdings"]["equity_percent"].to_list()


def test_nested_lists_reach_the_fields_around(write, made):
    """Items of a list inside a record speak of the record's company; fractions are read exactly."""
    holders = '[{"name": "Chen Wei", "share": 0.1, "controls": true}, {"name": "Public", "share": 0.2},'
    holders += '{"name": "Alpha Ltd", "share": 0.30000001}]'
    source = write(
        "x.json",
        '{"data": {"items": [{"head": {"code": 7, "name": "Beta Ltd"}, "holders": ' + holders + "}]}}",
    )

    result = made(source, write("m.yaml", NESTED))

    assert ["10", "30.000001"] == result.column("holdings", "equity_percent")
    assert ["c-7", "c-7"] == result.column("holdings", "company")
    assert [("person-chenwei@c-7", "c-7", "declared_controller", "web", "7")] == [
        tuple(row.values()) for row in result.rows("powers")
    ]
    assert {"an aggregate": 1} == result.report.filtered
    assert {"c-7": "", "person-chenwei@c-7": "natural_person", "org-alphaltd": "enterprise_legal_person"} == {
        row["id"]: row["kind"] for row in result.rows("parties")
    }


def test_json_lines_are_read_line_by_line(write, made):
    """Each line is a record, blank lines are none."""
    lines = [json.dumps({"a": "A", "b": f"B{n}", "pct": n}) for n in range(3)]
    source = write("x.jsonl", lines[0] + "\n\n" + lines[1] + "\n" + lines[2] + "\n")

    assert ["0", "1", "2"] == made(source, write("m.yaml", SIMPLE)).column("holdings", "equity_percent")


def test_identical_rows_are_one_fact(write, made):
    """Repeated rows count once; the report says how many repeated."""
    source = write("x.csv", "a,b,pct\nA,B,50\nA,B,50.0\nA,B,10\n")

    result = made(source, write("m.yaml", SIMPLE))

    assert ["50", "10"] == result.column("holdings", "equity_percent")
    assert {"holdings": 1} == result.report.repeated


PARTIES = """
    mapping: 1
    source: core
    parties:
      company: {by: name, name: name, country: country, phone: phone}
"""


def test_the_rows_of_one_party_become_one_row_whatever_their_order(write, made, tmp_path):
    """Spellings become other names, gaps are filled, and a contradiction is a finding."""
    rows = ["PT. Abc,ID,1", "PT ABC,,1", "PT ABC,SG,", "PT ABC,ID,", "Other Ltd,GB,2"]
    mapping = write("m.yaml", PARTIES)
    wanted = None
    for order in (rows, rows[::-1]):
        source = write("x.csv", "\n".join(["name,country,phone", *order]) + "\n")
        result = import_file(source, mapping, tmp_path / "out", overwrite=True)
        with (tmp_path / "out" / "parties.csv").open(encoding="utf-8") as text:
            read = {row["id"]: row for row in csv.DictReader(text)}
        assert wanted is None or wanted == read
        wanted = read
        assert ["conflicting_values"] == [finding.code for finding in result.findings]
        assert "country" == result.findings[0].field
    assert wanted is not None
    abc = wanted["org-ptabc"]
    assert ("PT ABC", "PT. Abc", "ID", "1") == (abc["name"], abc["other_names"], abc["country"], abc["phone"])
    assert [] == read_package(tmp_path / "out").problems


def test_one_name_at_two_companies_is_two_people_and_a_finding(write, made):
    """Nobody is merged by name alone."""
    mapping = """
        mapping: 1
        source: core
        parties:
          company: {id: "{code}", kind: =enterprise_legal_person, name: code}
          officer: {by: name, name: who, of: $company}
        facts:
          - office: {person: $officer, company: $company, role: =director}
    """
    source = write("x.csv", "code,who\nC1,王明\nC2,王明\nC2,王 明\nC3,李强\n")

    result = made(source, write("m.yaml", mapping))

    assert ["person-王明@C1", "person-王明@C2", "person-李强@C3"] == result.column("offices", "person")
    assert ["same_person_name"] == [finding.code for finding in result.report.findings]
    assert "王明" in result.report.findings[0].detail


def test_a_person_without_a_company_cannot_be_keyed(write, tmp_path):
    """A mapping that keys a person by name only is refused at the first person."""
    source = write("x.csv", "name,country,phone\nChen Wei,CN,\n")

    with pytest.raises(BadInput, match="never keyed by name alone"):
        import_file(source, write("m.yaml", PARTIES), tmp_path / "out")


def test_cells_are_split_and_mapped(write, made):
    """Several controllers in a cell are several facts; roles go through exact values and patterns."""
    mapping = """
        mapping: 1
        source: core
        missing: ["-"]
        blocks:
          - split: {from: who, by: "[、;](?![^(]*\\\\))", name: one}
            parties:
              company: {id: "{code}"}
              person: {by: name, name: $one, of: $company}
            facts:
              - office:
                  person: $person
                  company: $company
                  role: {from: post, map: {董事长: chairman}, match: [{pattern: 经理, to: general_manager}]}
    """
    source = write("x.csv", "code,who,post\nC1,王明、李强(甲、乙),董事长\nC2,赵敏,总经理\nC3,-,董事长\n")

    result = made(source, write("m.yaml", mapping))

    assert ["chairman", "chairman", "general_manager"] == result.column("offices", "role")
    assert 3 == len(set(result.column("offices", "person")))


def test_a_bad_row_is_told_precisely_and_nothing_is_written(write, tmp_path):
    """File, line, field, value, reason and remedy of each; no folder, no leftovers."""
    source = write("x.csv", 'a,b,pct\nA,"B\nB",50\nA,B,101\n,B,5\nA,B\n')
    mapping = write("m.yaml", SIMPLE)
    before = set(tmp_path.iterdir())

    with pytest.raises(BadInput) as error:
        import_file(source, mapping, tmp_path / "out")

    assert before == set(tmp_path.iterdir())
    problems = error.value.facts["problems"]
    assert isinstance(problems, list)
    assert [(4, "pct -> equity_percent", "101"), (5, "a -> holder", ""), (6, None, None)] == sorted(
        [(p["row"], p["field"], p["value"]) for p in problems], key=lambda p: p[0]
    )
    assert all(p["file"] == "x.csv" and p["reason"] and p["remedy"] for p in problems)


def test_good_rows_are_kept_when_asked(write, made):
    """A bad row states nothing at all, its party neither; the report lists it."""
    mapping = """
        mapping: 1
        source: core
        parties: {company: {id: "{b}", name: b}}
        facts:
          - holding: {holder: a, company: $company, equity_percent: pct}
    """
    source = write("x.csv", "a,b,pct\nA,B,50\nA,C,x\n")

    result = made(source, write("m.yaml", mapping), keep_good=True)

    assert ["B"] == result.column("parties", "id") == result.column("holdings", "company")
    assert 1 == result.report.problem_count
    assert "x" == result.report.problems[0].value


def test_text_in_a_comparison_is_a_problem_and_no_answer(write, tmp_path):
    """A row is not quietly left out because its number cannot be read."""
    source = write("x.csv", "a,b,pct\nA,B,n/a\nA,C,\nA,D,3\n")
    mapping = write("m.yaml", SIMPLE + "        where: [{field: pct, above: '2'}]\n")

    with pytest.raises(BadInput, match=r"row 2.*not a number"):
        import_file(source, mapping, tmp_path / "out")


@pytest.mark.parametrize("key", ["formats: ['%Y']", "as: fraction", "round: true"])
def test_a_key_that_would_do_nothing_is_refused(write, tmp_path, key):
    """How days or numbers are written means nothing where text is read."""
    source = write("x.csv", "a,b,pct\nA,B,1\n")
    mapping = write("m.yaml", SIMPLE + f"    values: {{v: {{from: pct, {key}}}}}\n")

    with pytest.raises(BadInput, match="does nothing"):
        import_file(source, mapping, tmp_path / "out")


def test_id_numbers_are_masked_in_messages(write, tmp_path):
    """An ID number in a wrong column does not reach the error."""
    source = write("x.csv", "a,b,pct\nA,B,11010519491231002X\n")

    with pytest.raises(BadInput) as error:
        import_file(source, write("m.yaml", SIMPLE), tmp_path / "out")

    assert "11010519491231002X" not in str(error.value) + str(error.value.facts)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", b"", "empty"),
        ("x.csv", b"a,b\nA,B\n", "no column 'pct'"),
        ("x.csv", b"a,b,pct,pct\nA,B,1,2\n", "twice"),
        ("x.csv", b'a,b,pct\n"A,B,1\n', "x.csv, line"),
        ("x.csv", b"a,b,pct\nA\x00,B,1\n", "NUL"),
        ("x.csv", "a,b,pct\n甲,B,1\n".encode("gb18030"), "not written in"),
        ("x.csv", b"a,b,pct\n", "states no fact"),
        ("x.json", b'{"a": ', "line 1"),
        ("x.json", b'[{"a": "A", "b": "B", "pct": NaN}]', "NaN"),
        ("x.json", b'"text"', "finds no list"),
        ("x.json", b"[" * 100_000, "x.json"),
        ("x.jsonl", b'{"a": "A", "b": "B", "pct": 1}\n{', "line 2"),
        ("x.bin", b"", "ending"),
    ],
)
def test_a_broken_file_is_a_clear_error(write, tmp_path, name, content, said):
    """Wrong header, encoding, quotes, bytes or shape: said in one sentence, nothing written."""
    (tmp_path / name).write_bytes(content)

    with pytest.raises(BadInput, match=said) as error:
        import_file(tmp_path / name, write("m.yaml", SIMPLE), tmp_path / "out")

    assert error.value.remedy
    assert not (tmp_path / "out").exists()


def test_another_encoding_can_be_given(write, made, tmp_path):
    """GB18030, as older Chinese exports have it."""
    (tmp_path / "x.csv").write_bytes("a,b,pct\n甲公司,B,1\n".encode("gb18030"))

    report = import_file(tmp_path / "x.csv", write("m.yaml", SIMPLE), tmp_path / "out", encoding="gb18030")

    assert {"holdings": 1} == report.facts
    assert "甲公司" in (tmp_path / "out" / "holdings.csv").read_text(encoding="utf-8")


def test_a_folder_that_holds_anything_is_left_alone(write, tmp_path):
    """Only files of a package are ever replaced, and only when asked."""
    source, mapping, out = write("x.csv", "a,b,pct\nA,B,1\n"), write("m.yaml", SIMPLE), tmp_path / "out"
    import_file(source, mapping, out)

    with pytest.raises(BadInput, match="holds 1 files"):
        import_file(source, mapping, out)
    (out / "trades.csv").write_text("from,to\n")
    import_file(source, mapping, out, overwrite=True)
    assert ["holdings.csv"] == [path.name for path in out.iterdir()]
    (out / "thesis.doc").touch()
    with pytest.raises(BadInput, match=r"thesis\.doc"):
        import_file(source, mapping, out, overwrite=True)
    assert {"holdings.csv", "thesis.doc"} == {path.name for path in out.iterdir()}


def test_the_package_is_for_its_owner_only(write, tmp_path):
    """It may hold ID numbers: folder 700, files 600."""
    import_file(write("x.csv", "a,b,pct\nA,B,1\n"), write("m.yaml", SIMPLE), tmp_path / "out")

    assert 0o700 == stat.S_IMODE((tmp_path / "out").stat().st_mode)
    assert 0o600 == stat.S_IMODE((tmp_path / "out" / "holdings.csv").stat().st_mode)


def test_a_failing_write_leaves_the_old_package(write, tmp_path, monkeypatch):
    """The disk is full half-way: the folder before is the folder after."""
    source, mapping, out = write("x.csv", "a,b,pct\nA,B,1\n"), write("m.yaml", SIMPLE), tmp_path / "out"
    import_file(source, mapping, out)
    before = (out / "holdings.csv").read_bytes()
    write("x.csv", "a,b,pct\nA,B,2\n")

    def no_space(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(BadInput, match="No space left"):
        import_file(source, mapping, out, overwrite=True)

    assert before == (out / "holdings.csv").read_bytes()
    assert [] == [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_progress_is_told_the_rows_read(write, tmp_path, monkeypatch):
    """The callback sees a growing number that ends with all rows."""
    monkeypatch.setattr("discovery.exchange.sources.BATCH", 2)
    source = write("x.csv", "a,b,pct\n" + "".join(f"A,B{n},1\n" for n in range(5)) + "\n\n\n\n\nA,C,1\n")
    seen: list[int] = []

    import_file(source, write("m.yaml", SIMPLE), tmp_path / "out", progress=seen.append)

    assert 6 == seen[-1]
    assert sorted(seen) == seen


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8),
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
            st.integers(0, 10**8),
        ),
        min_size=1,
    )
)
def test_a_csv_and_a_json_of_the_same_rows_state_the_same(rows, tmp_path_factory):
    """Two readers, one meaning; and whatever the names are, the package reads without a problem."""
    folder: Path = tmp_path_factory.mktemp("same")
    records = [{"a": f"x{a}", "b": f"y{b}", "pct": f"{p // 10**6}.{p % 10**6:06d}"} for a, b, p in rows]
    with (folder / "x.csv").open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, ["a", "b", "pct"])
        writer.writeheader()
        writer.writerows(records)
    numbers = ",".join(
        f'{{"a": {json.dumps(r["a"])}, "b": {json.dumps(r["b"])}, "pct": {r["pct"]}}}' for r in records
    )
    (folder / "x.json").write_text(f"[{numbers}]", encoding="utf-8")
    mapping = folder / "m.yaml"
    mapping.write_text(
        "mapping: 1\nsource: s\nfacts: [{holding: {holder: a, company: b, equity_percent: pct}}]\n"
    )

    for form in ("csv", "json"):
        import_file(folder / f"x.{form}", mapping, folder / form)

    assert (folder / "csv" / "holdings.csv").read_bytes() == (folder / "json" / "holdings.csv").read_bytes()
    assert [] == read_package(folder / "csv").problems


@pytest.mark.parametrize(
    ("value", "reason"),
    [('{"x": 1}', "a list or object"), ('[["x"]]', "a list or object"), ('"\\ud800"', "half")],
)
@pytest.mark.parametrize("company", ["b", "'c-{b}'"])
def test_a_json_value_that_is_no_text_is_a_problem(write, tmp_path, value, reason, company):
    """Also inside a template."""
    source = write("x.json", f'[{{"a": "A", "b": {value}}}]')
    mapping = write(
        "m.yaml", f"mapping: 1\nsource: s\nfacts: [{{holding: {{holder: a, company: {company}}}}}]\n"
    )

    with pytest.raises(BadInput, match=reason):
        import_file(source, mapping, tmp_path / "out")


PATCHES = st.lists(st.tuples(st.integers(0, 200), st.binary(min_size=1, max_size=3)), max_size=4)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(patches=PATCHES, form=st.sampled_from(["csv", "json", "jsonl"]), keep_good=st.booleans())
def test_damaged_files_never_crash(patches, form, keep_good, tmp_path_factory):
    """Bytes overwritten anywhere: a package that reads without a problem, or BadInput."""
    folder: Path = tmp_path_factory.mktemp("damaged")
    whole = {
        "csv": b'a,b,pct,day\nA,"B 1",50.5,20240101\nC,D,1,20240229\n' * 2,
        "json": b'[{"a": "A", "b": "B", "pct": 50.5, "day": "20240101"}, {"a": "C", "b": "D", "pct": 1}]',
        "jsonl": b'{"a": "A", "b": "B", "pct": 50.5, "day": "20240101"}\n{"a": "C", "b": "D", "pct": 1}\n',
    }[form]
    damaged = bytearray(whole)
    for place, content in patches:
        damaged[place % len(whole) : place % len(whole) + len(content)] = content
    (folder / f"x.{form}").write_bytes(bytes(damaged))
    (folder / "m.yaml").write_text(
        "mapping: 1\nsource: s\nparties: {h: {by: name, name: a, of: $c}}\n".replace(
            "parties: {", "parties: {c: {id: b}, "
        )
        + "facts: [{holding: {holder: $h, company: $c, equity_percent: pct,"
        + " valid_from: {from: day, formats: ['%Y%m%d']}}}]\n"
    )

    with contextlib.suppress(BadInput):
        import_file(folder / f"x.{form}", folder / "m.yaml", folder / "out", keep_good=keep_good)

    assert not (folder / "out").exists() or [] == read_package(folder / "out").problems
