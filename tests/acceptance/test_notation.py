"""The notation itself: what is written becomes these rows, and a cell compares as it reads."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from discovery.facts.schema import COMMON, FILES

from .cells import AVAILABLE, cells, differences, only, read_cell
from .given import given

COMMON_NAMES = {column.name for column in COMMON}


def rows(folder: Path, stem: str) -> list[dict[str, str]]:
    """The rows of a file without its empty values."""
    with (folder / f"{stem}.csv").open(encoding="utf-8", newline="") as file:
        return [{name: value for name, value in row.items() if value} for row in csv.DictReader(file)]


def group(*members: str, **more: object) -> dict:
    """A group as an answer holds it."""
    return {
        "outcome": "GROUP",
        "controller": {"kind": "company", "parties": [members[0]]},
        "members": list(members),
        "flags": [],
        "member_flags": {},
        "basis": {members[0]: ["HEAD"]},
        "evidence": {},
    } | more


def answer_of(**lists: list[dict]) -> dict:
    return {name: [] for name in ("groups", "exempt", "review", "related", "links")} | lists


@pytest.mark.parametrize(
    ("statement", "stem", "expected"),
    [
        (
            "A -49.99-> B",
            "holdings",
            {"holder": "A", "company": "B", "equity_percent": "49.99", "voting_percent": "49.99"},
        ),
        (
            "A -60e/40v-> B",
            "holdings",
            {"holder": "A", "company": "B", "equity_percent": "60", "voting_percent": "40"},
        ),
        (
            "h ~ w [..2025-01-01]",
            "kinship",
            {"person": "h", "relation": "spouse_of", "relative": "w", "valid_to": "2025-01-01"},
        ),
        (
            "m >step_brought_up> c",
            "kinship",
            {"person": "m", "relation": "parent_of", "relative": "c", "kind": "step_brought_up"},
        ),
        (
            "d :director non-executive:> Y for X",
            "offices",
            {"person": "d", "company": "Y", "role": "director", "represents": "X", "executive": "false"},
        ),
        ("W =contract=> O", "powers", {"holder": "W", "company": "O", "kind": "contract"}),
        (
            "A =appoints_seats 3/6=> X",
            "powers",
            {"holder": "A", "company": "X", "kind": "appoints_seats", "amount": "3", "of": "6"},
        ),
        (
            "A =appoints_posts chairman,cfo=> X",
            "powers",
            {"holder": "A", "company": "X", "kind": "appoints_posts", "posts": "chairman;cfo"},
        ),
        (
            "A & B concert in X led by A",
            "agreements",
            {"party": "A", "with": "B", "kind": "concert", "company": "X", "leader": "A"},
        ),
    ],
)
def test_a_statement_is_one_row(statement, stem, expected, tmp_path):
    """Each form of the notation writes one row into one file."""
    assert [expected] == rows(given(statement, tmp_path / "package"), stem)


def test_a_line_of_parents_is_a_row_for_each_step(tmp_path):
    """`g > m > c` says that g is m's parent and m is c's."""
    package = given("g > m > c", tmp_path / "package")

    assert [("g", "m"), ("m", "c")] == [(row["person"], row["relative"]) for row in rows(package, "kinship")]


def test_capitals_are_clients_and_small_letters_are_persons(tmp_path):
    """A company of the tables is a private enterprise with credit; a person is no client."""
    package = given("p -60-> X", tmp_path / "package")

    parties = {row["id"]: row for row in rows(package, "parties")}
    assert "natural_person" == parties["p"]["kind"]
    assert "client_no" not in parties["p"]
    assert ("enterprise_legal_person", "true") == (parties["X"]["kind"], parties["X"]["is_private"])
    assert {"X", "STRANGER1", "STRANGER2"} == {row["client"] for row in rows(package, "credits")}


def test_strangers_pay_and_trade_at_a_fair_price(tmp_path):
    """Every package has one payment and one trade that have nothing to do with the case."""
    package = given("A -60-> B", tmp_path / "package")

    for stem in ("payments", "trades"):
        (row,) = rows(package, stem)
        assert ("STRANGER1", "STRANGER2", "true") == (row["from"], row["to"], row["at_fair_price"])


def test_credit_and_kind_can_be_unlike_the_usual(tmp_path):
    """A line about credit replaces the usual 100; a government organ is neither private nor a client."""
    package = given(
        "G -100-> A; G -100-> B; G is government; credit A 7.5 loss low_risk; credit B none",
        tmp_path / "package",
    )

    (told,) = [row for row in rows(package, "credits") if row["client"] in "GAB"]
    assert ("A", "7.5", "loss", "true") == tuple(
        told[name] for name in ("client", "balance", "quality", "low_risk")
    )
    (organ,) = [row for row in rows(package, "parties") if row["id"] == "G"]
    assert {"id": "G", "kind": "government", "name": "G有限公司", "is_private": "false"} == organ


def test_what_is_written_is_a_facts_package(tmp_path):
    """Files, columns, required values and choices are those of the schema."""
    package = given(
        """A -60-> B; h ~ w; h > m; h :chairman:> A; A =contract=> B; A & B concert in C
           A pays B loan 1 unfair; A trades B sale 1 fair; G is state_owned state_capital_operator""",
        tmp_path / "package",
    )

    for path in package.iterdir():
        columns = {column.name: column for column in FILES[path.stem].columns}
        for row in rows(package, path.stem):
            assert set(row) <= columns.keys() | COMMON_NAMES
            assert {name for name, column in columns.items() if column.required} <= set(row)
            for name, value in row.items():
                if allowed := columns[name].values:
                    assert set(value.split(";")) <= set(allowed)
    assert {
        "parties",
        "holdings",
        "kinship",
        "offices",
        "powers",
        "agreements",
        "payments",
        "trades",
        "credits",
    } == {path.stem for path in package.iterdir()}


def test_the_reader_takes_every_form_without_a_remark(tmp_path):
    """What the notation writes, the reader of packages reads: no problem and no finding about a row."""
    from discovery.facts.package import read_package

    package = given(
        """A -60e/20v-> B; A -49.999999-> C; h ~ w [2015-05-01..2026-03-01]; g > m > c; m >step_brought_up> d
           d :director non-executive:> B for A; d :supervisor:> C; A =appoints_seats 3/6=> C
           A & B concert in C; A =appoints_posts chairman,cfo=> C; A =board_votes 50=> C
           A pays B loan 50.5 unfair
           credit A 50.1; credit B 49.9 loss low_risk
           G is government; K is state_owned state_capital_operator""",
        tmp_path / "package",
    )

    read = read_package(package)

    assert [] == read.problems
    assert () == read.findings
    assert 2 == read.facts["holdings"].height


@pytest.mark.parametrize("text", ["A - 60 -> B", "A owns B", "G is royal", "credit A 1 rotten", "a ~"])
def test_a_statement_outside_the_notation_is_refused(text, tmp_path):
    """A slip of the pen must not become a missing fact."""
    with pytest.raises(ValueError, match=r"no (form|mark)"):
        given(text, tmp_path / "package")


@pytest.mark.parametrize(
    "cell",
    [
        "GROUP{A,X}@A",
        "GROUP{X,A}",
        "GROUP{A,X}@A +low +dual(X) X:B1 A:HEAD",
        "GROUP{A,X}; NONE",
        "GROUP{A,X}; no LINK",
    ],
)
def test_a_cell_agrees_with_its_answer(cell):
    """Members in any order, flags and bases named or not, absences where there is nothing."""
    said = group("A", "X", flags=["low"], member_flags={"X": ["dual"]}, basis={"A": ["HEAD"], "X": ["B1"]})

    assert [] == differences(cell, answer_of(groups=[said]))


@pytest.mark.parametrize(
    "cell",
    [
        "NONE",
        "no GROUP",
        "GROUP{A,X,Y}@A",
        "GROUP{A,X}@X",
        "GROUP{A,X}@cluster(A)",
        "GROUP{A,X}@ring{A,X}",
        "GROUP{A,X} +dual",
        "GROUP{A,X} X:B2",
        "GROUP{A,X}; GROUP{A,B}",
        "GROUP{A,X}; REVIEW{A}",
        "EXEMPT{A,X} 49(1)",
    ],
)
def test_a_cell_disagrees_with_another_answer(cell):
    """Whatever the cell names and the answer lacks, or has beyond it, is told."""
    assert differences(cell, answer_of(groups=[group("A", "X")]))


def test_the_same_group_twice_is_one_too_many():
    """A cell is exhaustive: two groups of the same members do not pass for one."""
    assert differences("GROUP{A,X}", answer_of(groups=[group("A", "X"), group("A", "X")]))


def test_an_exemption_compares_by_members_and_article():
    """EXEMPT has the shape of a group and cites its article."""
    exempt = group("G", "P", outcome="EXEMPT", reason="state_owner", article="49(1)")

    assert [] == differences("EXEMPT{G,P} 49(1)", answer_of(exempt=[exempt]))
    assert differences("EXEMPT{G,P} 49(3)", answer_of(exempt=[exempt]))


def test_a_question_compares_by_companies_holders_and_reason():
    """REVIEW names exactly its companies, at least the holders, and the reason."""
    question = {"outcome": "REVIEW", "parties": ["X"], "with": ["A", "B"], "reason": "joint_control"}
    answer = answer_of(review=[question | {"flags": [], "basis": {}}])

    for agrees in (
        "REVIEW{X}@A,B joint_control",
        "REVIEW{X}@B",
        "REVIEW{X}",
        "REVIEW{*} joint_control",
        "no REVIEW ring",
    ):
        assert [] == differences(agrees, answer)
    for differs in (
        "REVIEW{X}@C",
        "REVIEW{X,Y}",
        "REVIEW{X} half_share",
        "NONE",
        "no REVIEW",
        "no REVIEW joint_control",
    ):
        assert differences(differs, answer)


def test_a_related_pair_may_stand_on_either_side():
    """RELATED is a pair; which of the two is the company in question makes no difference."""
    link = {
        "outcome": "RELATED",
        "parties": ["B"],
        "with": ["A"],
        "reason": "concert",
        "flags": [],
        "basis": {},
    }

    assert [] == differences("RELATED{A,B} concert", answer_of(related=[link]))


def test_families_and_rings_are_told_by_their_kind():
    """`@cluster(h)` asks for the anchor, `@ring{..}` for all of the ring."""
    family = group("X", "Y", controller={"kind": "person", "parties": ["h", "w"]})
    ring = group("A", "B", controller={"kind": "ring", "parties": ["B", "A"]})
    nobody = group("A", "B", controller={"kind": "none", "parties": []})

    assert [] == differences("GROUP{X,Y}@cluster(g|h)", answer_of(groups=[family]))
    assert differences("GROUP{X,Y}@cluster(w)", answer_of(groups=[family]))
    assert [] == differences("GROUP{A,B}@ring{A,B}", answer_of(groups=[ring]))
    assert [] == differences("GROUP{A,B}@none", answer_of(groups=[nobody]))


@pytest.mark.parametrize(
    "cell", ["PERHAPS{A}", "GROUP{A,X} because", "GROUP A", "REVIEW{X} one two", "group{A}"]
)
def test_a_slip_in_a_cell_is_refused(cell):
    """An expectation that cannot be read must not pass as none."""
    with pytest.raises(ValueError, match=r"no statement|one reason"):
        read_cell(cell)


def test_a_table_gives_each_available_policy_its_row():
    """OTHERS are the policies that no other row names; only available ones are run."""
    mark = cells({"huishang fi-county": "NONE", "others": "GROUP{A,X}@A"})

    table = dict(row.values for row in mark.args[1])
    assert set(AVAILABLE) == table.keys()
    assert ("NONE", "GROUP{A,X}@A") == (table["huishang"], table["abc-2009"])
    assert table["cbrc-2010"] == table["everbright"]


def test_rows_of_policies_that_decide_alike_are_slow_unless_named_alone():
    """A twin's row is run with the slow tests, the one that speaks of the twin alone with the others."""
    slow = {
        row.values[0]: bool(row.marks)
        for row in cells({"cbrc-2003": "NONE", "huishang fi-county": "NONE", "others": "NONE"}).args[1]
    }

    assert (False, False, False) == (slow["cbrc-2003"], slow["huishang"], slow["abc-2009"])
    assert slow["city-commercial"]
    assert slow["everbright"]


def test_a_policy_in_two_rows_is_an_error_of_the_table():
    """A table that says two things of one policy says nothing."""
    with pytest.raises(ValueError, match="two rows"):
        cells({"huishang": "NONE", "abc-2009 huishang": "NONE"})


def test_only_finds_the_one_group_of_these_members():
    """Evidence is looked up in exactly the group asked for."""
    wanted = group("A", "X")

    assert wanted is only(answer_of(groups=[group("A", "B"), wanted]), "X", "A")
