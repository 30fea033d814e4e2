"""`guanlian policy check` and `diff`, and measures that form no groups, as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from discovery import cli

SAMPLE = Path(__file__).parent.parent / "discovery" / "sample" / "guanlian"
DAY = "2026-06-30"
OURS = """
slug: ours
inherits: huishang
title: {zh: 本行办法, en: Our measures}
source: {zh: 2026年, en: of 2026}
"""


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    path = tmp_path / "ours.yaml"
    path.write_text(OURS, encoding="utf-8")
    return path


def asked(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> tuple[str, str]:
    """What a command prints and complains; it must end with the code."""
    assert code == cli.run([str(word) for word in words])
    said = capsys.readouterr()
    return said.out, said.err


def test_a_file_is_checked(ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A good file: which policy it is, what it is silent on and where that comes from; in both languages."""
    data = json.loads(asked(capsys, "policy", "check", ours, "--json")[0])
    english, _ = asked(capsys, "policy", "check", ours, "--lang", "en")
    chinese, _ = asked(capsys, "policy", "check", ours, "--lang", "zh")

    assert (True, "ours", "huishang") == (data["valid"], data["slug"], data["inherits"])
    assert "huishang §6" == data["inherited"]["control.bases.B1"]
    assert "huishang Art 6" in english
    assert "huishang 第6条" in chinese


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("colour: red", ["ours.yaml", "colour", "unknown key", "overrides", "members"]),
        ("persons: {kin: {depth: 3}}", ["persons.kin.depth", "unknown key", "deem"]),
        ("influence: {threshold: '120', article: '1'}", ["influence.threshold", "0 to 100"]),
        ("influence: {threshold: '20'}", ["influence.article", "missing"]),
        ("inclusion: {when: low_risk_share > 100, article: '1'}", ["inclusion.when", "impossible"]),
        ("overrides: {control.share.threshold: '101'}", ["control", "0 to 100"]),
    ],
)
def test_a_bad_file_is_told_where_and_what(
    more: str, words: list[str], ours: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, key and what is allowed, exit code 3, never a traceback; with --json as JSON on stderr."""
    ours.write_text(f"{OURS}{more}\n", encoding="utf-8")

    _, err = asked(capsys, "policy", "check", ours, code=3)
    _, data = asked(capsys, "policy", "check", ours, "--json", code=3)

    for word in words:
        assert word in err
    assert "PolicyInvalid" == json.loads(data)["error"]
    assert str(ours) == json.loads(data)["file"]


def test_two_policies_are_compared_by_value(ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only what differs, by its key in the file; a heir that says nothing differs in citations alone."""
    ours.write_text(f"{OURS}overrides: {{members.min: 3}}\n", encoding="utf-8")

    data = json.loads(asked(capsys, "policy", "diff", "huishang", ours, "--json")[0])

    assert [{"key": "members.min", "left": 2, "right": 3}] == data["values"]
    assert data["citations"] > 0
    assert "members.min: 2 → 3" in asked(capsys, "policy", "diff", "huishang", ours)[0]


def test_two_policies_are_compared_on_facts(capsys: pytest.CaptureFixture[str]) -> None:
    """Each member that differs, with the step on one side and what the other makes of it; cut by --limit."""
    words = ("policy", "diff", "cbrc-2010", "huishang", SAMPLE, "--as-of", DAY, "--json")
    data = json.loads(asked(capsys, *words, "--limit", 1000)[0])
    cut = json.loads(asked(capsys, *words, "--limit", 1)[0])

    assert data["total"] == data["returned"] == len(data["members"]) > 1
    assert (1, data["total"], True) == (cut["returned"], cut["total"], cut["truncated"])
    for row in data["members"]:
        assert "GROUP" in {row["left"]["outcome"], row["right"]["outcome"]}
        assert row["left"]["outcome"] != row["right"]["outcome"]
        for side in (row["left"], row["right"]):
            assert side == {"outcome": "GROUP"} or {"reason", "basis"} & side.keys()
    closed = [row for row in data["members"] if row["right"].get("reason") == "closed_list_basis"]
    assert closed


def test_a_day_without_facts_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """--as-of says nothing of two files alone."""
    assert "PATH" in asked(capsys, "policy", "diff", "huishang", "abc-2009", "--as-of", DAY, code=2)[1]


@pytest.mark.parametrize("slug", ["henan-union", "stat-2009", "hunan-employee-group"])
def test_measures_without_groups_say_why(slug: str, capsys: pytest.CaptureFixture[str]) -> None:
    """They are listed, shown and checked; asked for groups they refuse with the reason (exit code 2)."""
    listed = json.loads(asked(capsys, "policy", "list", "--json")[0])
    shown = json.loads(asked(capsys, "policy", "show", slug, "--json")[0])
    _, err = asked(capsys, "groups", SAMPLE, "--policy", slug, "--as-of", DAY, code=2)

    assert {"slug": slug, "forms_groups": False}.items() <= next(
        one for one in listed["policies"] if one["slug"] == slug
    ).items()
    assert shown["reason"]["zh"] in err
    assert shown["reason"]["en"] in err
    assert shown["reason"]["zh"] in asked(capsys, "policy", "show", slug, "--lang", "zh")[0]
    asked(capsys, "policy", "check", slug)
