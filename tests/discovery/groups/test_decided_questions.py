"""What accepting each kind of question makes, drawn on the facts that raise it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from discovery.evidence.checker import check
from discovery.facts.package import read_package
from discovery.groups import discover
from discovery.policies import load_policy
from tests.acceptance.given import given

DAY = date(2026, 6, 30)
HEADER = "outcome_key,decision,policy,parties,article,by,reason,until\n"
Document = dict[str, Any]


def answered(folder: Path, slug: str, *rows: str) -> Document:
    """The answer with these rows of decisions, accepted by the checker."""
    (folder / "decisions.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    read = read_package(folder)
    read.raise_if_bad()
    policy = load_policy(slug)
    document = discover(read.facts, policy, as_of=DAY).document()

    assert [] == [str(fault) for fault in check(document, read.facts, policy, as_of=DAY)]
    return document


def key_of(document: Document, reason: str) -> str:
    """The key of the one question with that reason."""
    (key,) = (one["key"] for one in document["review"] if one["reason"] == reason)
    return str(key)


def groups(document: Document) -> set[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Controller kind and parties, and members of every group."""
    return {
        (one["controller"]["kind"], tuple(one["controller"]["parties"]), tuple(one["members"]))
        for one in document["groups"]
    }


CHILDREN = "".join(f"; f > {child}; m > {child}" for child in "abcd")
FAMILY = f"f ~ m{CHILDREN}" + "".join(f"; {one} -9-> X; {one} -9-> Y" for one in "fmabcd")
CASES = [
    ("near_control", "cbrc-2010", "A -45-> X; A -100-> A1",
     {("company", ("A",), ("A", "A1", "X"))}),
    ("half_share", "cbrc-2010", "A -50-> X; p -30-> X; q -20-> X; A -100-> A1",
     {("company", ("A",), ("A", "A1", "X"))}),
    ("closed_list_basis", "huishang", "A =charter=> X; A -100-> A1",
     {("company", ("A",), ("A", "A1", "X"))}),
    ("joint_control", "cbrc-2010", "A -50-> X; B -50-> X; A -100-> A1",
     {("company", ("A",), ("A", "A1", "X")), ("company", ("B",), ("B", "X"))}),
    ("shared_legal_representative", "cbrc-2010",
     "p1 -90-> X; p2 -90-> Y; d :legal_representative:> X; d :legal_representative:> Y",
     {("none", (), ("X", "Y"))}),
    ("shifting", "cbrc-2010", "X trades Y sale 10 unfair; X -100-> X1",
     {("none", (), ("X", "X1", "Y"))}),
    ("family_without_anchor", "cbrc-2010", FAMILY, {("person", tuple("abcdfm"), ("X", "Y"))}),
    ("influence_by_person", "xindu-guicheng", "h -30-> X; h -80-> Y", {("person", ("h",), ("X", "Y"))}),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "slug", "text", "made"), CASES, ids=[case[0] for case in CASES])
def test_an_accepted_question_makes_its_group(
    reason: str, slug: str, text: str, made: set[Any], tmp_path: Path
) -> None:
    """The companies in question join whoever stands beside them, or each other; then nobody asks."""
    folder = given(text, tmp_path / "package")
    before = answered(folder, slug)
    key = key_of(before, reason)
    after = answered(folder, slug, f"{key},accept,{slug},,,wang,seen,")

    assert key not in {one["key"] for one in after["review"]}
    assert ["applied"] == [one["status"] for one in after["decisions"]]
    assert made <= groups(after)
    assert all("decided" in one["flags"] for one in after["groups"] if groups({"groups": [one]}) <= made)


def test_a_rejected_question_is_not_asked_again(tmp_path: Path) -> None:
    """It stands among the decisions with who and why, and the answer is the same otherwise."""
    folder = given("A -45-> X; A -100-> A1", tmp_path / "package")
    before = answered(folder, "cbrc-2010")
    after = answered(
        folder, "cbrc-2010", f"{key_of(before, 'near_control')},reject,,,,li,another one decides,"
    )

    assert [] == after["review"]
    assert before["groups"] == after["groups"]
    (entry,) = after["decisions"]
    assert ("li", "another one decides", "near_control") == (
        entry["by"], entry["why"], entry["question"]["reason"]
    )  # fmt: skip


def test_a_question_that_became_a_group_by_itself_leaves_its_decision_behind(tmp_path: Path) -> None:
    """A holds 55 now: the group needs no decision, and the one on file is told as orphaned."""
    key = key_of(answered(given("A -45-> X", tmp_path / "then" / "package"), "cbrc-2010"), "near_control")
    folder = given("A -55-> X", tmp_path / "now" / "package")
    after = answered(folder, "cbrc-2010", f"{key},accept,,,,wang,seen,")

    assert {("company", ("A",), ("A", "X"))} == groups(after)
    assert ["B1"] == after["groups"][0]["basis"]["X"][:1]
    assert ["orphaned"] == [one["status"] for one in after["decisions"]]
    assert "decision_orphaned" in {one["code"] for one in after["findings"]}


def test_an_accepted_question_may_raise_another_that_is_answered_too(tmp_path: Path) -> None:
    """With X its group holds 25 + 20 of Y: a question only then, and the second decision finds it."""
    text = "A -45-> X; A -25-> Y; X -20-> Y; A -100-> A1"
    folder = given(text, tmp_path / "package")
    first = f"{key_of(answered(folder, 'cbrc-2010'), 'near_control')},accept,,,,wang,seen,"
    second = f"{key_of(answered(folder, 'cbrc-2010', first), 'near_control')},accept,,,,wang,seen too,"
    both = answered(folder, "cbrc-2010", first, second)

    assert ("company", ("A",), ("A", "A1", "X", "Y")) in groups(both)
    assert ["applied", "applied"] == [one["status"] for one in both["decisions"]]
    alone = answered(folder, "cbrc-2010", second)
    assert ["orphaned"] == [one["status"] for one in alone["decisions"]]


def test_only_a_decision_merges_groups(tmp_path: Path) -> None:
    """Two groups tied together by a person are one, with nobody on top; a third keeps its own."""
    folder = given("A -60-> X; B -60-> Y; C -60-> Z", tmp_path / "package")
    after = answered(folder, "cbrc-2010", ",group,cbrc-2010,A;B,3(4),wang,one market,2027-01-01")

    assert {("none", (), ("A", "B", "X", "Y")), ("company", ("C",), ("C", "Z"))} == groups(after)
    (tied,) = (one for one in after["groups"] if one["controller"]["kind"] == "none")
    assert {"A": ["DECISION"], "B": ["DECISION"]} == {party: tied["basis"][party] for party in "AB"}
    assert "3(4)" == tied["evidence"]["A"]["article"]


def test_a_member_found_independent_leaves_and_still_passes_control_on(tmp_path: Path) -> None:
    """X leaves the group of A; what X controls stays, proved through X."""
    folder = given("A -60-> X; X -60-> X1; A -60-> A1", tmp_path / "package")
    group = answered(folder, "cbrc-2010")["groups"][0]["id"]
    after = answered(folder, "cbrc-2010", f"{group},reject,,X,,li,independent,2027-01-01")

    assert {("company", ("A",), ("A", "A1", "X1"))} == groups(after)
    assert {"A1", "X", "X1"} == set(after["groups"][0]["evidence"])
    assert ["X"] == after["decisions"][0]["parties"]


def test_a_group_that_asks_for_confirmation_goes_if_it_is_refused(tmp_path: Path) -> None:
    """Grandparent and grandchild: the group stood until a person said otherwise."""
    folder = given("g > m > c; g -60-> X; c -55-> Y", tmp_path / "package")
    before = answered(folder, "cbrc-2010")
    key = key_of(before, "confirm")
    kept = answered(folder, "cbrc-2010", f"{key},accept,,,,wang,one household,")
    gone = answered(folder, "cbrc-2010", f"{key},reject,,,,wang,no contact for years,")

    assert groups(before) == groups(kept) != set()
    assert set() == groups(gone)
    assert [before["groups"][0]["id"]] == [one["group"] for one in gone["decisions"]]


def test_parties_tied_together_on_a_doubtful_fact_ask_for_confirmation(tmp_path: Path) -> None:
    """What the tied set controls rests on a holding of low confidence; refused, its group is gone."""
    folder = given("A -60-> X; B -60-> Y", tmp_path / "package")
    _doubt(folder / "holdings.csv", "A")
    tie = ",group,cbrc-2010,A;B,3(4),wang,one market,2027-01-01"
    before = answered(folder, "cbrc-2010", tie)
    asked = next(one for one in before["review"] if one["with"] == ["A", "B"])
    gone = answered(folder, "cbrc-2010", tie, f"{asked['key']},reject,,,,li,no,")

    assert ("confirm", ["low_confidence"]) == (asked["reason"], asked["flags"])
    assert {("none", (), ("A", "B", "X", "Y"))} == groups(before)
    assert set() == groups(gone)


def _doubt(file: Path, holder: str) -> None:
    """Write the confidence of a holder's rows as low."""
    rows = pl.read_csv(file, infer_schema=False)
    low = pl.when(pl.col("holder") == holder).then(pl.lit("0.4")).otherwise(pl.col("confidence"))
    rows.with_columns(confidence=low).write_csv(file)


def test_one_branch_of_a_state_owner_is_left_out_alone(tmp_path: Path) -> None:
    """An owner set apart joins each subsidiary's group; refusing one of these leaves the other."""
    text = "G -60-> P1; G -60-> P2; P1 -60-> Q1; G is state_owned state_capital_operator"
    folder = given(text, tmp_path / "package")
    before = answered(folder, "xx-group-management")
    first = next(one["id"] for one in before["groups"] if "Q1" in one["members"])
    after = answered(folder, "xx-group-management", f"{first},reject,,,,li,run apart,")

    assert {("company", ("G",), ("G", "P1", "Q1")), ("company", ("G",), ("G", "P2"))} == groups(before)
    assert {("company", ("G",), ("G", "P2"))} == groups(after)
