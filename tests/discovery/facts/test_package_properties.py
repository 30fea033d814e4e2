"""What holds of every package: reading gives back what was written, faults are found where they are."""

from __future__ import annotations

import csv
import io
import random
import tempfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.facts.facts import Facts
from discovery.facts.folder_versions import current
from discovery.facts.package import Package, read_package
from discovery.facts.schema import FILES, Column
from tests.discovery.facts.packages import write_rows

PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1)
TEXT = st.one_of(PLAIN, st.sampled_from(['a,b "c"', "甲\n乙", "x, y", '"', "a;b", "#", "NULL", "007"]))
IDS = st.sampled_from(["A", "B", "C", "甲", "a b", 'q"'])
PLACES = {"percent": 6, "ratio": 6, "measure": 6, "amount": 4}
BOUNDS = {
    "percent": (0, 100 * 10**6),
    "ratio": (0, 10**6),
    "measure": (0, 10**17),
    "amount": (-(10**17), 10**17),
}
MOMENTS = (datetime(1900, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001  naive UTC
BAD = {
    "percent": "12%",
    "ratio": "1.5",
    "measure": "-3",
    "amount": "1,000",
    "day": "30.06.2026",
    "moment": "yesterday",
    "flag": "yes",
    "choice": "nothing like it",
    "choices": "cfo;nobody",
}


def values(column: Column) -> st.SearchStrategy[tuple[str, object]]:
    """What may stand in a column, with what reading makes of it."""
    if column.type in PLACES:
        return numbers(column.type)
    if column.type == "choices":
        some = st.sets(st.sampled_from(column.values), min_size=1)
        return some.map(lambda items: (";".join(items), ";".join(sorted(items))))
    plain: dict[str, st.SearchStrategy[tuple[str, object]]] = {
        "flag": st.booleans().map(lambda yes: ("true" if yes else "false", yes)),
        "day": st.dates(date(1900, 1, 1)).map(lambda day: (day.isoformat(), day)),
        "moment": st.datetimes(*MOMENTS).map(lambda moment: (moment.isoformat(), moment)),
        "choice": st.sampled_from(column.values or ("",)).map(lambda value: (value, value)),
    }
    texts = IDS if column.type == "ref" else st.just("src") if column.name == "source" else TEXT
    return plain.get(column.type, texts.map(lambda value: (value, value)))


def numbers(kind: str) -> st.SearchStrategy[tuple[str, object]]:
    """Decimals in their text and as kept."""
    return st.integers(*BOUNDS[kind]).map(lambda n: (f"{Decimal(n).scaleb(-PLACES[kind]):f}", n))


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[dict[str, tuple[str, object]]]]:
    """A file's stem and rows, each value as written and as read; ids of parties differ."""
    stem = draw(st.sampled_from(sorted(FILES)))
    optional = [c for c in FILES[stem].columns if not c.required]
    some = st.sets(st.sampled_from(range(len(optional))))
    chosen = [c for c in FILES[stem].columns if c.required] + [optional[i] for i in sorted(draw(some))]
    rows = []
    for number in range(draw(st.integers(1, 4))):
        row = {
            c.name: draw(values(c)) if c.required else draw(st.just(("", None)) | values(c)) for c in chosen
        }
        if stem == "parties":
            row["id"] = (f"n{number}", f"n{number}")
        if stem == "powers":
            row |= {"amount": ("1", 10**6), "of": ("1", 10**6), "posts": ("cfo", "cfo")}
        if stem == "decisions":
            row |= dict.fromkeys(("outcome_key", "policy", "parties", "article"), ("x", "x"))
        rows.append(row)
    return stem, [row for row in rows if any(text for text, _ in row.values())]


def read(stem: str, rows: list[dict[str, str]], line_end: str = "\n") -> Package:
    """The package of one file with these rows."""
    with tempfile.TemporaryDirectory() as folder:
        write_rows(Path(folder) / f"{stem}.csv", rows, line_end)
        return read_package(Path(folder), source="src")


@given(files(), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=80, deadline=None)
def test_what_is_written_is_read(file, line_end):
    """Every typed row comes back equal, identical rows and versions counted once."""
    stem, rows = file
    if not rows:
        return
    package = read(stem, [{name: text for name, (text, _) in row.items()} for row in rows], line_end)

    assert [] == package.problems
    expected = {tuple(value for _, value in row.values()) for row in rows}
    kept = current(package.facts[stem])
    kept = kept.filter(~kept["stub"]) if stem == "parties" else kept
    got = set(kept.with_columns(source=kept["source"]).select(*rows[0]).rows())
    shadowed = sum(f.code == "fact_versions" for f in package.findings)
    if "source" in rows[0]:
        expected = {tuple("src" if n == "source" else v for n, (_, v) in row.items()) for row in rows}
    assert got <= expected
    assert len(expected) == len(got) + shadowed


@given(files(), st.data())
@settings(max_examples=80, deadline=None)
def test_one_spoiled_cell_is_one_problem_there(file, data):
    """A bad value is told at its file, row and field, and nothing else is."""
    stem, rows = file
    kinds = {c.name: c.type for c in FILES[stem].columns}
    spoilable = [name for name in (rows[0] if rows else ()) if kinds[name] in BAD]
    if not spoilable:
        return
    place, name = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.sampled_from(spoilable))
    texts = [{key: text for key, (text, _) in row.items()} for row in rows]
    texts[place][name] = BAD[kinds[name]]
    package = read(stem, texts)

    assert [(f"{stem}.csv", line_of(texts, place), name)] == [
        (p.file, p.row, p.field) for p in package.problems
    ]
    assert {} == package.facts.frames


def line_of(rows: list[dict[str, str]], place: int) -> int:
    """The line on which a row starts in the file written of these rows."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows[:place])
    return text.getvalue().count("\n") + 1


@given(st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_order_changes_neither_facts_nor_ids(seed):
    """Rows in any order, columns in any order: the same facts under the same ids, the same stubs."""
    chance = random.Random(seed)  # noqa: S311  not a secret
    parties = [
        {"id": f"{i}", "kind": "natural_person" if i % 3 else "", "source": f"s{i % 2}"} for i in range(6)
    ]
    holdings = [
        {
            "holder": f"{chance.randrange(9)}",
            "company": f"{chance.randrange(9)}",
            "equity_percent": f"{chance.randrange(3)}",
            "recorded_at": chance.choice(["", "2024-01-01", "2025-01-01"]),
            "confidence": chance.choice(["", "0.5"]),
            "source": chance.choice(["", "t", "u"]),
        }
        for _ in range(25)
    ]
    one = read_both(parties, holdings)
    for rows in (parties, holdings):
        chance.shuffle(rows)
    names = sorted(holdings[0], key=lambda _: chance.random())
    other = read_both(parties, [{name: row[name] for name in names} for row in holdings])

    for stem in ("parties", "holdings"):
        versions = [frames[stem].drop("row").sort("fact", "recorded_at") for frames in (one, other)]
        assert versions[0].equals(versions[1])


def read_both(parties: list[dict[str, str]], holdings: list[dict[str, str]]) -> Facts:
    """The facts of a package of these two files."""
    with tempfile.TemporaryDirectory() as folder:
        write_rows(Path(folder) / "parties.csv", parties)
        write_rows(Path(folder) / "holdings.csv", holdings)
        return read_package(Path(folder), source="src").facts


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_no_bytes_crash_the_reader(content):
    """Any bytes are facts or problems, and every good row keeps its line."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "holdings.csv").write_bytes(b"holder,company\n" + content)
        package = read_package(Path(folder), keep_good=True, source="s")

    lines = content.count(b"\n") + 2
    assert all(p.row is None or 1 <= p.row <= lines for p in package.problems)
    assert all(2 <= row <= lines for row in package.facts["holdings"]["row"])


CELLS = st.text('ab",\n ', max_size=4)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=8), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=100, deadline=None)
def test_well_formed_csv_is_read_as_the_csv_module_reads_it(records, line_end):
    """Quoting as RFC 4180 has it: the standard library is the judge of cells."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=line_end).writerows([("branch", "parent"), *records])
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "branches.csv").write_bytes(text.getvalue().encode())
        package = read_package(Path(folder), keep_good=True, source="s")

    judged = list(csv.reader(io.StringIO(text.getvalue(), newline="")))[1:]
    cleaned = {tuple(cell.strip() or None for cell in cells) for cells in judged if cells}
    expected = {cells for cells in cleaned if cells[0]}
    assert expected == set(package.facts["branches"].select("branch", "parent").rows())
