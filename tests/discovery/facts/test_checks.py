"""Findings: odd facts are told by file, row, field and party, and block nothing."""

from __future__ import annotations

import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.errors import UsageError
from discovery.facts.codes import FINDINGS
from discovery.facts.findings import MAX_PER_CODE
from discovery.facts.kin_checks import _unpeeled, parent_cycles
from discovery.facts.package import facts_from_rows, read_package
from discovery.facts.report import finding_lines, report, report_lines
from tests.discovery.facts.packages import write

COMPANY, PERSON = "enterprise_legal_person", "natural_person"
PARTIES = "\n".join(
    [
        "id,kind,name",
        f"X,{COMPANY},x",
        f"Y,{COMPANY},y",
        f"P,{PERSON},p",
        f"Q,{PERSON},q",
        f"R,{PERSON},r",
        "",
    ]
)


@pytest.mark.parametrize(
    ("stem", "content", "expected"),
    [
        ("parties", f"id,kind,name\nA,{PERSON},CEO\n", ("role_word_name", 2, "name", "A")),
        ("parties", f"id,kind,name\nA,{PERSON},法定代表人\n", ("role_word_name", 2, "name", "A")),
        ("parties", "id,kind\nA,\n", ("kind_assumed", 2, "kind", "A")),
        ("parties", f"id,kind,uscc\nA,{COMPANY},91110000600037341M\n", ("wrong_check_digit", 2, "uscc", "A")),
        ("parties", f"id,kind,lei\nA,{COMPANY},5493001KJTIIGC8Y1R13\n", ("wrong_check_digit", 2, "lei", "A")),
        (
            "parties",
            f"id,kind,id_number\nA,{PERSON},110101199003072341\n",
            ("wrong_check_digit", 2, "id_number", "A"),
        ),
        ("parties", f"id,kind,birth_date\nA,{PERSON},2999-01-01\n", ("future_date", 2, "birth_date", "A")),
        ("holdings", "holder,company,equity_percent\nX,X,1\n", ("self_holding", 2, "holder", "X")),
        ("holdings", "holder,company\nX,Y\n", ("holding_without_percent", 2, "equity_percent", "Y")),
        ("holdings", "holder,company,equity_percent\nX,P,1\n", ("held_person", 2, "company", "P")),
        (
            "holdings",
            "holder,company,equity_percent\nX,Y,60\nP,Y,40.000001\n",
            ("register_over_100", 2, "equity_percent", "Y"),
        ),
        (
            "holdings",
            "holder,company,voting_percent,valid_from,valid_to\nX,Y,6,2020-01-01,2020-01-01\n",
            ("end_before_start", 2, "valid_to", "X"),
        ),
        ("offices", "person,company,role\nP,Q,director\n", ("held_person", 2, "company", "Q")),
        ("kinship", "person,relation,relative\nP,parent_of,P\n", ("kin_with_oneself", 2, "relative", "P")),
        ("kinship", "person,relation,relative\nP,spouse_of,X\n", ("kin_not_person", 2, "relative", "X")),
        (
            "kinship",
            "person,relation,relative\nP,spouse_of,Q\nR,spouse_of,P\n",
            ("several_spouses", 3, "relative", "P"),
        ),
        ("agreements", "party,with,kind\nX,X,concert\n", ("agreement_with_oneself", 2, "with", "X")),
        ("credits", "client,currency\nX,CNY\nY,CNY\nX,USD\n", ("mixed_currencies", 4, "currency", None)),
    ],
)
def test_an_oddity_is_found_where_it_is(tmp_path, stem, content, expected):
    """One odd fact gives one finding, and the facts stand."""
    package = read_package(write(tmp_path, {"parties": PARTIES} | {stem: content}))

    assert [expected] == [(f.code, f.row, f.field, f.party) for f in package.findings]
    assert {f"{stem}.csv"} == {f.file for f in package.findings}
    assert [] == package.problems


@pytest.mark.parametrize(
    ("stem", "content"),
    [
        ("parties", f"id,kind,name,id_number\nA,{PERSON},王总,E12345678\n"),
        ("parties", f"id,kind,uscc,lei\nA,{COMPANY},91110000600037341L,5493001KJTIIGC8Y1R12\n"),
        ("holdings", "holder,company,equity_percent\nX,Y,60\nP,Y,40\n"),
        ("holdings", "holder,company,equity_percent,document\nX,Y,60,a\nP,Y,60,b\n"),
        (
            "kinship",
            "person,relation,relative,valid_to,valid_from\nP,spouse_of,Q,2020-01-01,\nP,spouse_of,R,,2020-01-01\n",
        ),
        ("kinship", "person,relation,relative\nP,spouse_of,Q\nQ,spouse_of,P\n"),
        ("kinship", "person,relation,relative\nP,parent_of,Q\nQ,parent_of,R\nP,parent_of,R\n"),
    ],
)
def test_what_is_in_order_is_not_found_odd(tmp_path, stem, content):
    """Exactly 100 %, two documents, one spouse after another, other kinds of ID: no finding."""
    package = read_package(write(tmp_path, {"parties": PARTIES} | {stem: content}))

    assert () == package.findings


def test_parents_in_a_circle_are_found():
    """Each row of the circle is told, a child hanging off it is not."""
    kin = [("A", "B"), ("B", "C"), ("C", "A"), ("C", "D"), ("E", "F")]
    rows = [{"person": a, "relation": "parent_of", "relative": b} for a, b in kin]
    findings = facts_from_rows({"kinship": rows}).findings

    assert [1, 2, 3] == [f.row for f in findings if f.code == "parent_cycle"]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=16))
def test_a_pedigree_has_a_circle_only_if_someone_is_his_own_forebear(pairs):
    """Judged by walking down from everybody."""
    pairs = [(a, b) for a, b in pairs if a != b]
    frame = facts_from_rows(
        {"kinship": [{"person": str(a), "relation": "parent_of", "relative": str(b)} for a, b in pairs]}
    )["kinship"]

    below = {a: {b for p, b in pairs if p == a} for a in range(8)}
    for _ in range(8):
        below = {a: found.union(*(below[b] for b in found)) for a, found in below.items()}
    assert any(a in found for a, found in below.items()) == bool(parent_cycles(frame).height)


def test_a_very_deep_pedigree_is_walked():
    """A chain of thousands with a circle at its end: the circle is found, the chain is not."""
    chain = 5_000
    parent = pl.Series([*range(chain), chain, chain + 1]).to_numpy()
    child = pl.Series([*range(1, chain + 1), chain + 1, chain]).to_numpy()

    assert [chain, chain + 1] == _unpeeled(parent, child).tolist()


def test_findings_of_one_code_are_capped_and_counted(tmp_path):
    """A million of one kind are a thousand and a number."""
    rows = "id,name\n" + "".join(f"{n},{n}\n" for n in range(MAX_PER_CODE + 234))
    package = read_package(write(tmp_path, {"parties": rows}))

    assert MAX_PER_CODE == sum(f.code == "kind_assumed" for f in package.findings)
    (cut,) = [f for f in package.findings if f.code == "findings_truncated"]
    assert "kind_assumed: 1,000 / 1,234" == cut.detail


def test_order_of_rows_does_not_change_findings(tmp_path):
    """The same findings about the same parties, whatever the order."""
    lines = [f"{h},{c},{p}\n" for h in "XYP" for c in "XYQ" for p in (30, 60)]
    seen = set()
    for seed in range(4):
        random.Random(seed).shuffle(lines)  # noqa: S311  not a secret
        files = {"parties": PARTIES, "holdings": "holder,company,equity_percent\n" + "".join(lines)}
        found = read_package(write(tmp_path / f"{seed}", files), source="s").findings
        seen.add(tuple(sorted((f.code, f.party or "", f.detail) for f in found)))

    assert 1 == len(seen)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_reads_in_both_languages(tmp_path, language):
    """Counts, problems with remedy, findings with their sentence."""
    files = {"parties": PARTIES, "holdings": "holder,company,equity_percent\nX,X,1\nX,Y,5%\n"}
    package = read_package(write(tmp_path, files), keep_good=True)
    lines = "\n".join(report_lines(package, language=language))

    assert "holdings.csv:3 equity_percent" in lines
    assert getattr(FINDINGS["self_holding"], language) in lines
    data = report(package, language=language)
    assert (1, False) == (data["problem_count"], data["truncated"])
    assert list(finding_lines(package.findings, language=language))


def test_an_unknown_time_zone_is_said(monkeypatch):
    """The bank's calendar needs a zone that exists."""
    monkeypatch.setenv("GUANLIAN_TZ", "Mars/Olympus")

    with pytest.raises(UsageError, match="GUANLIAN_TZ"):
        facts_from_rows({"parties": [{"id": "A"}]})
