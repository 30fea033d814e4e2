"""Reading packages: what is good is read, what is wrong is named by file, row and field."""

from __future__ import annotations

import json
import stat
import struct
import zipfile
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from discovery.errors import BadInput, UsageError
from discovery.facts.facts import empty_frame
from discovery.facts.package import facts_from_rows, read_package
from discovery.facts.rejects import write_rejects
from discovery.facts.scan import MAX_FLAWS
from tests.discovery.facts.packages import codes, places, write

PARTIES = "id,kind,name\nA,enterprise_legal_person,甲公司\nB,enterprise_legal_person,乙公司\n"
HOLDINGS = "holder,company,equity_percent\nA,B,60\n"


def test_a_good_package_is_read_whole(tmp_path):
    """Types are the schema's, references the file's ids, record keys carry the package's name."""
    package = read_package(write(tmp_path / "pack", {"parties": PARTIES, "holdings": HOLDINGS}))

    assert [] == package.problems
    assert ["pack/A", "pack/B"] == package.facts["parties"]["key"].to_list()
    assert [60_000_000] == package.facts["holdings"]["equity_percent"].to_list()
    for stem in ("parties", "holdings"):
        assert empty_frame(stem).schema == package.facts[stem].schema


def test_every_problem_of_every_row_is_told(tmp_path):
    """Two bad fields in one row are two problems, and later rows are still looked at."""
    rows = "holder,company,equity_percent,valid_from\nA,B,101,2026-13-01\n,B,1e2,\nA,B,5,\nA,,50%,x\n"
    package = read_package(write(tmp_path, {"parties": PARTIES, "holdings": rows}))

    assert [
        ("holdings.csv", 2, "equity_percent", "out_of_range"),
        ("holdings.csv", 2, "valid_from", "not_a_day"),
        ("holdings.csv", 3, "equity_percent", "not_a_number"),
        ("holdings.csv", 3, "holder", "missing_value"),
        ("holdings.csv", 5, "company", "missing_value"),
        ("holdings.csv", 5, "equity_percent", "not_a_number"),
        ("holdings.csv", 5, "valid_from", "not_a_day"),
    ] == places(package)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("100.000001", "out_of_range"),
        ("-1", "out_of_range"),
        ("50%", "not_a_number"),
        ("5e1", "not_a_number"),
        ('"1,5"', "not_a_number"),
        ("33.3333333", "too_many_decimals"),
        ("٣٣", "not_a_number"),
        ("NaN", "not_a_number"),
        (".5", "not_a_number"),
    ],
)
def test_a_bad_percent_is_named(tmp_path, value, code):
    """A percent is plain decimal text from 0 to 100 with at most six decimals."""
    rows = f"holder,company,equity_percent\nA,B,{value}\n"
    package = read_package(write(tmp_path, {"parties": PARTIES, "holdings": rows}))

    assert [("holdings.csv", 2, "equity_percent", code)] == places(package)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", (None, None, "empty_file")),
        (b"\n\n", (None, None, "empty_file")),
        (b"holder,company,holder\n", (1, "holder", "duplicate_column")),
        (b"holder,company,equty_percent\n", (1, "equty_percent", "unknown_column")),
        (b"holder,equity_percent\n", (1, "company", "missing_column")),
        (b"holder,company\nA\n", (2, None, "ragged_row")),
        (b"holder,company\nA,B,\n", (2, None, "ragged_row")),
        (b'holder,company\nA,"B\n', (2, None, "unclosed_quote")),
        (b'holder,company\nA,B"x\n', (2, None, "stray_quote")),
        (b'holder,company\nA,"B"x\n', (2, None, "stray_quote")),
        (b"holder,company\nA,B\x00\n", (2, "company", "control_character")),
        (b"holder,company\nA,B\nA,\xbc\xd7\n", (3, None, "wrong_encoding")),
        (b"\xff\xfeh\x00o\x00", (1, None, "wrong_encoding")),
        (b"holder,company,source\nA,B,x/y\n", (2, "source", "slash_in_source")),
        (b"holder,company\nA," + b"x" * 10_000_000 + b"\n", (2, "company", "too_long")),
    ],
)
def test_a_broken_file_is_one_clear_problem(tmp_path, content, expected):
    """Each way to break a file is told once, where it is, and nothing else is."""
    package = read_package(write(tmp_path, {"parties": PARTIES, "holdings": content}))

    assert [("holdings.csv", *expected)] == places(package)
    assert {} == package.facts.frames


def test_a_line_after_a_broken_quote_is_read(tmp_path):
    """A broken quote costs its own line only."""
    rows = 'holder,company,equity_percent\nA,B"x,1\nA,B,2\n"A,B,3\nA,B,4\n"A","B","5"\n'
    package = read_package(write(tmp_path, {"parties": PARTIES, "holdings": rows}), keep_good=True)

    assert [(2, "stray_quote"), (4, "stray_quote")] == [(p.row, p.code) for p in package.problems]
    assert [2, 4, 5] == [v // 10**6 for v in package.facts["holdings"]["equity_percent"]]


def test_a_file_of_broken_quotes_is_given_up(tmp_path):
    """After many broken lines the rest is not read, and that is said."""
    rows = "holder,company\n" + 'A,B"x\n' * (MAX_FLAWS + 50)
    package = read_package(write(tmp_path, {"holdings": rows}), keep_good=True)

    assert "too_many_flaws" in {p.code for p in package.problems}
    assert "holdings" in package.unusable


def test_row_numbers_are_an_editors_lines(tmp_path):
    """Quoted line breaks, blank lines, CRLF and a byte order mark do not move the number."""
    rows = '\ufeffid,kind,name\r\nA,,"two\r\nlines"\r\n\r\nB,company,x\r\n,,\r\n"C",nobody,"y, z"\r\n'
    package = read_package(write(tmp_path, {"parties": rows}), keep_good=True)

    assert [(5, "kind"), (7, "kind")] == [(p.row, p.field) for p in package.problems]
    assert ["two\nlines"] == package.facts["parties"]["name"].to_list()


def test_the_nearest_name_comes_first(tmp_path):
    """A mistyped file, column or value is answered with what was probably meant."""
    files = {"holding": "", "powers": "holder,company,kind\nA,B,consolidate\n", "offices": "persn\n"}
    found = {(p.file, p.field): p for p in read_package(write(tmp_path, files)).problems}

    assert found["holding.csv", None].remedy.startswith("files (.csv): holdings,")
    assert found["powers.csv", "kind"].remedy.startswith("allowed: consolidates,")
    assert found["offices.csv", "persn"].remedy.startswith("columns: person,")


def test_identical_parties_are_one_and_different_ones_none(tmp_path):
    """The same id twice is one party if the rows say the same, else an error on each of them."""
    rows = "id,kind,name\nA,,x\nB,,y\nA,, x \nB,,z\n"
    package = read_package(write(tmp_path, {"parties": rows}), keep_good=True)

    assert [(3, "id", "duplicate_party"), (5, "id", "duplicate_party")] == [p[1:] for p in places(package)]
    assert ["A"] == package.facts["parties"]["id"].to_list()
    assert [("duplicate_row", 4)] == [(f.code, f.row) for f in package.findings if f.code == "duplicate_row"]


def test_an_unknown_id_is_a_stub_or_an_error(tmp_path):
    """By default a stub stands in, told once at its first place; without stubs the row is wrong."""
    folder = write(tmp_path, {"holdings": "holder,company\nA,B\nA,C\n"})
    package = read_package(folder, source="core")

    assert [("core/A", True), ("core/B", True), ("core/C", True)] == package.facts["parties"].select(
        "key", "stub"
    ).rows()
    assert [(2, "A"), (2, "B"), (3, "C")] == sorted(
        (f.row, f.party) for f in package.findings if f.code == "unknown_party"
    )
    assert ["unlisted_party"] * 4 == [p.code for p in read_package(folder, stubs=False).problems]


def test_kin_and_officers_without_a_row_are_persons(tmp_path):
    """Only an executive partner may be an organisation."""
    files = {
        "kinship": "person,relation,relative\nP,parent_of,Q\n",
        "offices": "person,company,role\nR,X,director\nS,X,executive_partner\n",
    }
    kinds = read_package(write(tmp_path, files)).facts["parties"].select("id", "kind").rows()

    person = "natural_person"
    assert [("P", person), ("Q", person), ("R", person), ("S", None), ("X", None)] == kinds


def test_the_last_recorded_version_counts(tmp_path):
    """Rows that differ only in what is known about a fact are its versions, each known until the next."""
    header = "holder,company,equity_percent,valid_to,recorded_at\n"
    lines = ["A,B,60,,2024-01-01\n", "A,B,60.0,2025-06-30,2025-07-01\n", "A,B,60,,\n"]
    kept = set()
    for number, order in enumerate((lines, lines[::-1])):
        files = {"parties": PARTIES, "holdings": header + "".join(order)}
        package = read_package(write(tmp_path / f"{number}", files), source="s")
        kept |= set(package.facts["holdings"].select("valid_to", "superseded_at").rows())
        assert 2 == sum(f.code == "fact_versions" for f in package.findings)

    first, last = datetime(2024, 1, 1), datetime(2025, 7, 1)  # noqa: DTZ001  naive UTC
    assert {(date(2025, 6, 30), None), (None, last), (None, first)} == kept


def test_moments_are_kept_in_utc(tmp_path):
    """A day is its first moment; an offset is taken off."""
    rows = "holder,company,recorded_at\nA,B,2026-06-30\nA,C,2026-06-30T09:30:00+08:00\nA,D,2026-06-30 09:30\n"
    package = read_package(write(tmp_path, {"holdings": rows}))

    assert [
        datetime(2026, 6, 30),  # noqa: DTZ001  naive UTC
        datetime(2026, 6, 30, 1, 30),  # noqa: DTZ001  naive UTC
        datetime(2026, 6, 30, 9, 30),  # noqa: DTZ001  naive UTC
    ] == package.facts["holdings"]["recorded_at"].to_list()


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("A,B,appoints_seats,,,", [("amount", "needs_amount"), ("of", "needs_amount")]),
        ("A,B,appoints_seats,3,,", [("of", "needs_amount")]),
        ("A,B,appoints_seats,10000,10000,", []),
        ("A,B,appoints_seats,10001,10001,", [("amount", "too_large"), ("of", "too_large")]),
        ("A,B,board_votes,,,", [("amount", "needs_amount")]),
        ("A,B,board_votes,100,,", []),
        ("A,B,board_votes,100.000001,,", [("amount", "too_large")]),
        ("A,B,sets_pay,,,", [("posts", "needs_posts")]),
        ("A,B,sets_pay,,,cfo;ceo", [("posts", "not_a_choice")]),
        ("A,B,sets_pay,,,cfo;chairman", []),
        ("A,B,charter,,,", []),
    ],
)
def test_powers_carry_what_they_are_measured_by(tmp_path, row, expected):
    """Seats need amount and of, board votes an amount, powers over posts the posts; figures have a most."""
    files = {"parties": PARTIES, "powers": f"holder,company,kind,amount,of,posts\n{row}\n"}

    assert expected == [p[2:] for p in places(read_package(write(tmp_path, files)))]


def test_gb18030_is_read_when_named_and_proposed_when_not(tmp_path):
    """Names come through in either encoding; the wrong one says which line and what to do."""
    folder = write(tmp_path, {"parties": PARTIES.encode("gb18030")})

    assert read_package(folder, encoding="gb18030").facts["parties"]["name"].to_list() == ["甲公司", "乙公司"]
    (problem,) = read_package(folder).problems
    assert (2, "wrong_encoding") == (problem.row, problem.code)
    assert "--encoding gb18030" in problem.remedy
    broken = write(tmp_path / "cut", {"parties": PARTIES.encode("gb18030") + b"C,,\x81"})
    assert [(4, "wrong_encoding")] == [
        (p.row, p.code) for p in read_package(broken, encoding="gb18030").problems
    ]
    with pytest.raises(UsageError, match="encoding"):
        read_package(folder, encoding="klingon")


def test_id_numbers_are_masked_wherever_they_stand(tmp_path):
    """A problem never shows an ID number, be it in its own column or in another."""
    number = "11010119900307234X"
    rows = f"id,kind,birth_date,id_number\nA,{number},{number},{'9' * 70_000}\n"
    package = read_package(write(tmp_path, {"parties": rows}))

    shown = json.dumps([p.to_dict() for p in package.problems])
    assert 3 == len(package.problems)
    assert "19900307" not in shown
    assert "9999" not in shown


def test_json_lines_say_the_same_as_csv(tmp_path):
    """One fact a line gives the same facts and ids, numbers in their own text."""
    folder = write(tmp_path / "s", {"parties": PARTIES, "holdings": HOLDINGS})
    lines = [
        {"type": "parties", "id": "A", "kind": "enterprise_legal_person", "name": "甲公司"},
        {"type": "parties", "id": "B", "kind": "enterprise_legal_person", "name": "乙公司"},
        {"type": "holdings", "holder": "A", "company": "B", "equity_percent": 60.0},
    ]
    file = tmp_path / "s.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    one, other = read_package(folder).facts, read_package(file).facts
    for stem in ("parties", "holdings"):
        assert one[stem].drop("row").equals(other[stem].drop("row"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{", (1, None, "not_json")),
        ("[1]", (1, None, "not_json")),
        ('{"type": "holdings", "type": "x"}', (1, None, "not_json")),
        ('{"type": "holding", "holder": "A"}', (1, "type", "unknown_type")),
        ('{"holder": "A"}', (1, "type", "unknown_type")),
        ('{"type": "limits", "head": "A", "x": 1}', (1, "x", "unknown_column")),
        ('{"type": "limits", "head": "A", "date": {"a": 1}}', (1, "date", "not_text")),
        ('{"type": "limits", "head": "A", "approved_limit": NaN}', (1, None, "not_json")),
        ('{"type": "limits", "head": "A\\u0000"}', (1, "head", "control_character")),
        ('{"type": "limits"}', (1, "head", "missing_value")),
        ("[" * 100_000, (1, None, "not_json")),
    ],
)
def test_a_bad_json_line_is_one_clear_problem(tmp_path, line, expected):
    """Each way to break a line is told with its number."""
    file = tmp_path / "facts.jsonl"
    file.write_text(line + "\n", encoding="utf-8")

    assert [("facts.jsonl", *expected)] == places(read_package(file))


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_a_jsonl_without_a_line_is_an_error(tmp_path, content):
    """As a CSV file without a header is one."""
    file = tmp_path / "facts.jsonl"
    file.write_bytes(content)

    assert [("facts.jsonl", None, None, "no_lines")] == places(read_package(file))


def test_json_lines_that_are_no_rows_are_set_aside_as_they_were(tmp_path):
    """Rows reach a CSV file, what is no row reaches the file of broken lines."""
    file = tmp_path / "facts.jsonl"
    lines = [
        '{"type": "parties", "id": "A"',
        '{"type": "party", "id": "甲"}',
        '{"type": "holdings", "holder": "A"}',
    ]
    file.write_text("\n".join([*lines, '{"type": "parties", "id": "B"}']), encoding="utf-8")

    package = read_package(file, keep_good=True)
    write_rejects(package, tmp_path / "rejects")

    assert package.facts["parties"]["id"].to_list() == ["B"]
    assert (tmp_path / "rejects/facts.broken.txt").read_text("utf-8").splitlines() == lines[:2]
    assert pl.read_csv(tmp_path / "rejects/holdings.csv")["holder"].to_list() == ["A"]


def test_a_zip_says_the_same_as_its_folder(tmp_path):
    """Files may lie at the top or in one folder."""
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("p/parties.csv", PARTIES)
        archive.writestr("p/holdings.csv", HOLDINGS)
        archive.writestr("__MACOSX/p/._parties.csv", b"\x00")
    folder = write(tmp_path / "p", {"parties": PARTIES, "holdings": HOLDINGS})

    one, other = read_package(path).facts, read_package(folder).facts
    for stem in ("parties", "holdings"):
        assert one[stem].equals(other[stem])


def test_a_cut_zip_is_refused(tmp_path):
    """Half an archive is no package."""
    path = zipped(tmp_path, {"parties.csv": PARTIES * 50})
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(BadInput, match="cannot be opened"):
        read_package(path)


def test_a_damaged_member_is_a_problem(tmp_path):
    """Bytes that do not match their checksum are not trusted."""
    path = zipped(tmp_path, {"parties.csv": PARTIES})
    path.write_bytes(path.read_bytes().replace(b"enterprise", b"enterprisE", 1))

    assert [("parties.csv", None, None, "archive_member")] == places(read_package(path))


@pytest.mark.parametrize(
    "name", ["../parties.csv", "/parties.csv", "a/b/c/parties.csv", "C:\\x\\parties.csv"]
)
def test_a_member_outside_the_archive_is_refused(tmp_path, name):
    """Nothing is unpacked, and such a name is not from an honest package."""
    package = read_package(zipped(tmp_path, {name: PARTIES}))

    assert ["archive_member"] == [p.code for p in package.problems]


def test_a_zip_bomb_is_refused_unread(tmp_path):
    """What would swell two hundredfold to a gigabyte is not read."""
    path = zipped(tmp_path, {"parties.csv": b"\n" * (200 * 2**20)}, zipfile.ZIP_DEFLATED)

    with pytest.raises(BadInput, match="refused"):
        read_package(path)


def test_a_member_that_lies_about_its_size_ends_there(tmp_path):
    """A declared size of a few bytes is all that is ever read of a member."""
    path = zipped(tmp_path, {"parties.csv": b"id\n" + b"A\n" * 1_000_000}, zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    central = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, central + 24, 10)
    path.write_bytes(data)

    assert [("parties.csv", None, None, "archive_member")] == places(read_package(path))


def zipped(folder: Path, members: dict[str, str | bytes], how: int = zipfile.ZIP_STORED) -> Path:
    """An archive with these members."""
    path = folder / "package.zip"
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = how
            archive.writestr(info, content)
    return path


@pytest.mark.parametrize("name", ["absent", "empty", "notes.txt"])
def test_what_is_no_package_is_refused(tmp_path, name):
    """Nothing there, nothing in it, or another kind of file: said at once."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("x")

    with pytest.raises(BadInput) as caught:
        read_package(tmp_path / name)
    assert caught.value.remedy


def test_a_source_with_a_slash_is_refused(tmp_path):
    """It could not be told from the id in a record key."""
    with pytest.raises(BadInput, match="source"):
        read_package(write(tmp_path, {"parties": PARTIES}), source="a/b")


def test_strict_reading_raises_with_the_first_problems(tmp_path):
    """The error names file, row and remedy, and how many there are."""
    folder = write(tmp_path / "p", {"holdings": "holder,company,equity_percent\n" + "A,B,101\n" * 300})

    with pytest.raises(BadInput, match=r"300 problem.*holdings.csv, row 2") as caught:
        read_package(folder).raise_if_bad()
    assert 300 == caught.value.facts["total"]


def test_rejects_are_private_and_can_be_loaded_again(tmp_path):
    """Corrected, the rejected rows give the facts they would have given in the first place."""
    good = "holder,company,equity_percent\nA,B,60\nB,A,4\n"
    files = {"parties": PARTIES, "holdings": good.replace(",4\n", ",4%\n")}
    package = read_package(write(tmp_path / "p", files), keep_good=True)
    folder = tmp_path / "rejects"

    written = write_rejects(package, folder)

    assert ["SENSITIVE.txt", "holdings.csv"] == sorted(path.name for path in written)
    assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in written}
    again = folder / "holdings.csv"
    assert "4%" in again.read_text()
    again.write_text(again.read_text().replace("4%", "4"))
    whole = read_package(write(tmp_path / "w", {"parties": PARTIES, "holdings": good}), source="p")
    mended = read_package(folder)
    assert [] == mended.problems
    assert set(whole.facts["holdings"]["fact"]) == {
        *package.facts["holdings"]["fact"],
        *mended.facts["holdings"]["fact"],
    }
    with pytest.raises(UsageError):
        write_rejects(package, folder)


def test_a_header_alone_is_fine(tmp_path):
    """A file without rows states nothing."""
    package = read_package(write(tmp_path, {"parties": "id,name\n", "bank": "measure,amount"}))

    assert [] == package.problems
    assert 0 == package.facts["bank"].height
    assert set() == codes(package)


def test_rows_given_as_mappings_are_checked_alike():
    """The same checks and ids without a file; a float is refused because a share is exact."""
    facts = facts_from_rows(
        {"powers": [{"holder": "A", "company": "B", "kind": "sets_pay", "posts": ["cfo"]}]}
    )

    assert ["cfo"] == facts["powers"]["posts"].to_list()
    with pytest.raises(BadInput, match="holdings, row 1"):
        facts_from_rows({"holdings": [{"holder": "A", "company": "B", "equity_percent": 50.5}]})


def test_progress_is_told_while_reading(tmp_path):
    """Bytes read and bytes in all, by file."""
    told: list[tuple[str, int, int]] = []
    size = len(PARTIES.encode())

    read_package(write(tmp_path, {"parties": PARTIES}), progress=lambda *step: told.append(step))

    assert ("parties.csv", size, size) == told[-1]
