"""`control.indirect: multiply` as a user meets it: laid over with --set, or in a file of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from discovery import cli
from tests.acceptance.given import given

DAY = "2026-06-30"
MULTIPLY = ("--set", "control.indirect=multiply")
OURS = """
slug: ours
inherits: huishang
title: {zh: 本行办法, en: Our measures}
source: {zh: 2026年, en: of 2026}
overrides: {control.indirect: multiply}
"""


def asked(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> str:
    """What a command prints; it must end with the code."""
    assert code == cli.run([str(word) for word in words])
    return capsys.readouterr().out


@pytest.fixture
def between(tmp_path: Path) -> Path:
    """A holds 40 of S and of X, S 55 of X."""
    return given("A -40-> S; S -55-> X; A -40-> X", tmp_path / "f13")


def test_groups_are_told_with_the_share_of_who_stands_between(between, tmp_path, capsys):
    """40 + 55 × 40 % = 62: in the sentence, in the JSON, and the checker accepts it under the same values."""
    common = (between, "--policy", "huishang", *MULTIPLY, "--as-of", DAY)
    english = asked(capsys, "groups", *common, "--lang", "en")
    chinese = asked(capsys, "groups", *common, "--lang", "zh")
    file = tmp_path / "answer.json"
    file.write_text(asked(capsys, "groups", *common, "--json"), encoding="utf-8")

    assert "62% of the equity" in english
    assert "(S) 55% × 40%" in english
    assert "on the way, A有限公司 (A) → S有限公司 (S): 40% of the equity" in english
    assert "途经 A有限公司 (A)→S有限公司 (S)：股权40%" in chinese
    asked(capsys, "check", file, between, *MULTIPLY)
    asked(capsys, "check", file, between, code=1)


def test_why_shows_who_stands_between(between, capsys):
    """The proof of X under A names S and the share of it."""
    found = json.loads(
        asked(capsys, "why", between, "X", "--policy", "huishang", *MULTIPLY, "--as-of", DAY, "--json")
    )

    shares = {one["controller"]["parties"][0]: one["shares"] for one in found["groups"]}
    assert [] == shares["S"]
    assert [("S", "40")] == [(one["company"], one["total"]) for one in shares["A"]]


def test_why_not_counts_multiplied_shares(tmp_path, capsys):
    """30 + 0.6 × 25 = 45 of X: 5 are missing."""
    package = given("A -30-> X; A -60-> S; S -25-> X", tmp_path / "f1")
    common = ("why-not", package, "A", "X", "--policy", "huishang", *MULTIPLY, "--as-of", DAY)
    found = json.loads(asked(capsys, *common, "--json"))

    best = found["best"]
    assert (False, "45", "5") == (found["controlled"], best["total"], best["missing"])
    assert [("A", "100"), ("S", "60")] == [(part["by"], part["share"]) for part in best["contributions"]]
    assert "(S) 25% × 60%" in asked(capsys, *common, "--lang", "en")


def test_a_file_says_how_indirect_shares_count(between, tmp_path, capsys):
    """It is checked, shown in words and used for the pairs of controller and company."""
    ours = tmp_path / "ours.yaml"
    ours.write_text(OURS, encoding="utf-8")

    assert json.loads(asked(capsys, "policy", "check", ours, "--json"))["valid"]
    assert "multiplied along each path" in asked(capsys, "policy", "show", ours, "--lang", "en")
    assert "相乘" in asked(capsys, "policy", "show", ours, "--lang", "zh")
    pairs = asked(capsys, "control", between, "--policy", ours, "--as-of", DAY)
    assert ["controller,company", "A,X", "S,X"] == pairs.split()


def test_another_word_is_refused(between, capsys):
    """The two ways of counting are named."""
    assert 2 <= cli.run(["groups", str(between), "--policy", "huishang", "--set", "control.indirect=both"])
    said = capsys.readouterr().err

    assert "control_chain" in said
    assert "multiply" in said
