"""The report in words, and the same from the command line in both languages."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from discovery import cli
from discovery.facts.codes import WARNINGS

SAMPLE = str(Path(__file__).parents[3] / "discovery" / "sample" / "guanlian")
ASK = ["administer", SAMPLE, "--as-of", "2026-06-30"]


@pytest.mark.parametrize("policy", ["abc-2009", "cbrc-2010", "xindu-guicheng"])
def test_policies_administer_the_sample(policy, capfd):
    """Whatever blocks a policy has, the report is drawn, and each warning has a state."""
    assert cli.run([*ASK, "--policy", policy, "--json"]) == 0
    told = orjson.loads(capfd.readouterr().out)

    assert told["groups"]
    assert [list(WARNINGS)] * len(told["groups"]) == [
        [one["warning"] for one in group["warnings"]] for group in told["groups"]
    ]


@pytest.mark.parametrize(("lang", "word"), [("zh", "授信模式"), ("en", "Mode: one limit")])
def test_words(lang, word, capfd):
    """Type, mode, lead, limits and warnings of one party's groups in the language asked for."""
    assert cli.run([*ASK, "--policy", "abc-2009", "--lang", lang, "--party", "huayue"]) == 0
    out = capfd.readouterr().out

    assert word in out
    assert "huayue-steel" in out


def test_one_group_alone(capfd):
    """--group keeps one group; an unknown one is a usage error."""
    assert cli.run([*ASK, "--json", "--party", "huayue"]) == 0
    (group,) = orjson.loads(capfd.readouterr().out)["groups"]

    assert cli.run([*ASK, "--json", "--group", group["id"]]) == 0
    assert [group] == orjson.loads(capfd.readouterr().out)["groups"]
    assert cli.run([*ASK, "--group", "g_0"]) == 2
    assert "There is no group g_0" in capfd.readouterr().err
