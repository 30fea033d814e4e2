"""The files that others script against, and every kind of broken one."""

from __future__ import annotations

import csv
import json

import pytest
from typer.testing import CliRunner

from discovery.errors import BadInput, UsageError
from discovery.names.commands import app
from discovery.names.files import compare_file, link_file, search_file


def write(path, header, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_compare_adds_three_columns_and_keeps_the_others(tmp_path):
    """Rows keep their order and their other columns; a person's name alone is never merged."""
    pairs = write(
        tmp_path / "pairs.csv",
        ["note", "left", "right", "kind"],
        ["one", "恒为科技(上海)股份有限公司", "恒為科技（上海）股份有限公司", "company"],
        ["two", "王伟", "王伟", "person"],
        ["three", "华恒科技有限公司", "华恒科技有限公司北京分公司", "company"],
    )

    summary = compare_file(pairs, tmp_path / "out.csv")

    rows = read(tmp_path / "out.csv")
    assert ["note", "left", "right", "kind", "score", "decision", "reasons"] == list(rows[0])
    assert [("one", "merge"), ("two", "review"), ("three", "apart")] == [
        (row["note"], row["decision"]) for row in rows
    ]
    assert all(0 <= float(row["score"]) <= 1 for row in rows)
    assert "branch:vetoed" in rows[2]["reasons"]
    assert {"pairs": 3, "merge": 1, "review": 1, "apart": 1} == summary.counts


def test_context_columns_of_a_pair_count(tmp_path):
    """left_ and right_ columns bring what is known beside the names."""
    pairs = write(
        tmp_path / "pairs.csv",
        ["left", "right", "kind", "left_birth_date", "right_birth_date", "left_phone", "right_phone"],
        ["王伟", "Wang Wei", "person", "1970-01-02", "1970-01-02", "13912345678", "+86 139-1234-5678"],
    )

    compare_file(pairs, tmp_path / "out.csv")

    assert "merge" == read(tmp_path / "out.csv")[0]["decision"]


def test_link_writes_clusters_and_pairs(tmp_path):
    """Every id once with its cluster; pairs with the smaller id left, in order."""
    records = write(
        tmp_path / "records.csv",
        ["id", "name", "birth_date", "phone"],
        ["2", "王伟", "1970-01-02", "13912345678"],
        ["1", "Wang Wei", "1970-01-02", "13912345678"],
        ["3", "李娜", "", ""],
    )

    summary = link_file(records, "person", tmp_path / "out.csv", tmp_path / "pairs.csv")

    assert [("1", "1"), ("2", "1"), ("3", "3")] == [
        (row["id"], row["cluster"]) for row in read(tmp_path / "out.csv")
    ]
    assert [["1", "2", "merge"]] == [
        [row["left"], row["right"], row["decision"]] for row in read(tmp_path / "pairs.csv")
    ]
    assert {"records": 3, "clusters": 2, "merge_pairs": 1, "review_pairs": 0} == summary.counts


def test_search_ranks_from_one(tmp_path):
    """Query, rank, id and score; the full name of a short one comes first."""
    index = write(
        tmp_path / "index.csv",
        ["id", "name"],
        ["a", "江苏神马电力股份有限公司"],
        ["b", "北京华恒科技有限公司"],
    )
    queries = write(tmp_path / "queries.csv", ["id", "name"], ["q", "神马电力"], ["r", "！"])

    summary = search_file(index, queries, tmp_path / "out.csv", k=2)

    rows = read(tmp_path / "out.csv")
    assert ("q", "1", "a") == (rows[0]["query"], rows[0]["rank"], rows[0]["id"])
    assert {"q"} == {row["query"] for row in rows}
    assert "name_unreadable" in {finding.code for finding in summary.findings}


@pytest.mark.parametrize(
    ("content", "row", "field"),
    [
        (b"", 1, None),
        (b"left,right\na,b\n", 1, "kind"),
        (b"left,right,kind\na,b,company\nc,d,firm\n", 3, "kind"),
        (b"left,right,kind\na,b,company\nc,d,company,more\n", 3, None),
        (b"left,right,kind\na\x00,b,company\n", 2, None),
        ("left,right,kind\n王伟,王伟,person\n".encode("gb18030"), 2, None),
        (b"left,right,kind,score\na,b,company,1\n", 1, "score"),
        (b'left,right,kind\n"a,b,company\n', 2, None),
    ],
)
def test_a_broken_file_is_named_by_row_and_field(tmp_path, content, row, field):
    """No output is written, and the error says where and what to do."""
    pairs = tmp_path / "pairs.csv"
    pairs.write_bytes(content)

    with pytest.raises(BadInput) as error:
        compare_file(pairs, tmp_path / "out.csv")

    assert (row, field) == (error.value.facts.get("row"), error.value.facts.get("field"))
    assert error.value.remedy
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(("rows", "row"), [([["", "王伟"]], 2), ([["1", "王伟"], ["1", "李娜"]], 3)])
def test_an_id_is_there_and_once(tmp_path, rows, row):
    """Without it no cluster could be told."""
    records = write(tmp_path / "records.csv", ["id", "name"], *rows)

    with pytest.raises(BadInput) as error:
        link_file(records, "person", tmp_path / "out.csv")

    assert (row, "id") == (error.value.facts["row"], error.value.facts["field"])


def test_odd_names_and_numbers_are_findings(tmp_path):
    """Empty, unreadable and endless names and wrong check digits are reported and match nothing."""
    records = write(
        tmp_path / "records.csv",
        ["id", "name", "id_number", "colour"],
        ["1", "", "", ""], ["2", "", "", ""], ["3", "！！", "", ""], ["4", "！！", "", ""],
        ["5", "张" * 10_000, "", ""],
        ["6", "张" * 10_000, "110105194912310021", "red"],
    )  # fmt: skip

    summary = link_file(records, "person", tmp_path / "out.csv")

    assert 6 == summary.counts["clusters"]
    assert {"name_missing", "name_unreadable", "name_too_long", "wrong_check_digit", "column_ignored"} == {
        finding.code for finding in summary.findings
    }


def test_an_input_is_not_overwritten(tmp_path):
    """The result must be another file."""
    records = write(tmp_path / "records.csv", ["id", "name"], ["1", "王伟"])

    with pytest.raises(UsageError):
        link_file(records, "person", records)


def test_commands_answer_in_json_with_exit_codes(tmp_path):
    """0 and a summary on stdout; 2 for a missing file, 3 for a bad one, errors on stderr."""
    good = write(tmp_path / "good.csv", ["id", "name"], ["1", "王伟"])
    bad = write(tmp_path / "bad.csv", ["id", "nom"], ["1", "王伟"])
    out = str(tmp_path / "out.csv")
    run = CliRunner().invoke

    done = run(app, ["link", str(good), "--kind", "person", "--out", out, "--json", "--quiet"])
    missing = run(app, ["link", str(tmp_path / "none.csv"), "--kind", "person", "--out", out, "--json"])
    wrong = run(app, ["link", str(bad), "--kind", "person", "--out", out, "--json"])
    kind = run(app, ["link", str(good), "--kind", "firm", "--out", out, "--json"])

    assert (0, 1) == (done.exit_code, json.loads(done.stdout)["counts"]["records"])
    assert (2, 3, 2) == (missing.exit_code, wrong.exit_code, kind.exit_code)
    assert "name" == json.loads(wrong.stderr)["field"]


def test_a_household_is_a_relationship(tmp_path):
    """Spouses on one phone and at one address are two clusters and a row; an agent ties nobody."""
    home, agent = ("北京市朝阳区建国路12号3栋405室", "13912345678"), "13800001111"
    records = write(
        tmp_path / "records.csv",
        ["id", "name", "address", "phone"],
        ["a", "王伟", *home],
        ["b", "李娜", *home],
        ["c", "王小明", home[0], ""],
        *([f"x{n}", f"陈{char}", "", agent] for n, char in enumerate("敏静丽强磊军洋勇")),
    )
    homes = tmp_path / "homes.csv"

    summary = link_file(records, "person", tmp_path / "out.csv", homes=homes)

    assert [("a", "b", "address;phone"), ("a", "c", "address"), ("b", "c", "address")] == [
        (row["left"], row["right"], row["shared"]) for row in read(homes)
    ]
    assert (11, 3) == (summary.counts["clusters"], summary.counts["household_pairs"])


def test_who_may_be_one_person_is_no_household(tmp_path):
    """A pair for review is not told as a relationship between two."""
    records = write(
        tmp_path / "records.csv",
        ["id", "name", "phone"],
        ["a", "欧阳军", "13912345678"],
        ["b", "欧阳军", "13912345678"],
    )

    summary = link_file(records, "person", tmp_path / "out.csv", homes=tmp_path / "homes.csv")

    assert (1, 0) == (summary.counts["review_pairs"], summary.counts["household_pairs"])


def test_outputs_are_two_files_and_companies_keep_no_house(tmp_path):
    """One output may not overwrite another; households are people's."""
    records = write(tmp_path / "records.csv", ["id", "name"], ["1", "王伟"])
    out = tmp_path / "out.csv"

    with pytest.raises(UsageError):
        link_file(records, "person", out, out)
    with pytest.raises(UsageError):
        link_file(records, "company", out, homes=tmp_path / "homes.csv")


ODD = [
    "",
    " ",
    "王",
    "A",
    "！！？？",
    "张" * 10_000,
    "x" * 10_000,
    "王Wei伟",
    "\u0007\u200b\u202e",
    "😀😀",
    "7",
    "公司",
    "·",
]


@pytest.mark.parametrize("kind", ["person", "company"])
def test_odd_names_never_match_and_never_fail(tmp_path, kind):
    """Every odd name beside itself and every other one has an answer, and no odd one a merge."""
    rows = [[left, right, kind] for left in ODD for right in ODD]
    pairs = write(tmp_path / "pairs.csv", ["left", "right", "kind"], *rows)
    records = write(
        tmp_path / "records.csv", ["id", "name"], *([str(n), name] for n, name in enumerate(ODD * 2))
    )
    index = write(tmp_path / "index.csv", ["id", "name"], *([str(n), name] for n, name in enumerate(ODD)))

    compared = compare_file(pairs, tmp_path / "compared.csv")
    linked = link_file(records, kind, tmp_path / "linked.csv")
    found = search_file(index, index, tmp_path / "found.csv")

    answers = read(tmp_path / "compared.csv")
    assert not [row for row in answers if row["decision"] == "merge" and row["left"] != row["right"]]
    assert not [row for row in answers if row["decision"] == "merge" and row["left"] != "王Wei伟"]
    assert len(rows) == compared.counts["pairs"] == len(answers)
    assert len(ODD) <= linked.counts["clusters"]
    assert {"name_missing", "name_too_long", "name_unreadable"} <= {
        finding.code for finding in found.findings
    }


def test_a_wrong_check_digit_is_no_identifier(tmp_path):
    """Two records with one wrong USCC or ID number are not merged by it, and the finding names the row."""
    firms = write(
        tmp_path / "firms.csv",
        ["id", "name", "uscc"],
        ["1", "江苏神马电力股份有限公司", "91320000713260213X"],
        ["2", "浙江信达贸易有限公司", "91320000713260213X"],
    )

    summary = link_file(firms, "company", tmp_path / "out.csv")

    assert 2 == summary.counts["clusters"]
    assert [("wrong_check_digit", 2), ("wrong_check_digit", 3)] == [(f.code, f.row) for f in summary.findings]
