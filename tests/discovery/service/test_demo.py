"""The demonstration: its answer, its comparison of files and store, and when it stops."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest

from discovery import cli
from discovery.errors import StoreError
from discovery.facts.facts import Facts
from discovery.graph.connection import Graph
from discovery.graph.loading import load
from discovery.groups import discover
from discovery.policies import load_policy
from discovery.service.demo import compare, run_demo, sample_facts, together, told

DAY = date(2026, 6, 30)


def test_the_groups_are_shown_without_any_store():
    """The answer comes from the files alone; those that are told stand in it."""
    heard = []
    summary = run_demo(as_of=DAY, with_store=False, discovered=lambda *given: heard.append(given))

    ((document, shown, _),) = heard
    assert len(document["groups"]) == summary["counts"]["groups"] > 0
    assert {"huayue", "lin-xiao", "huan-electric"} == {one["controller"]["parties"][0] for one in shown}
    assert shown == told(document)
    assert "store" not in summary


def test_the_store_gives_the_same_and_a_second_run_changes_nothing(graph: Graph):
    """All lists are equal by record key; the store's contents stay as they are."""
    count = "MATCH (n) WHERE NOT n:Load AND NOT n:Store AND NOT n:Run AND NOT n:Group RETURN count(n) AS n"

    def nodes() -> int:
        return int(graph.driver.execute_query(count, database_=graph.database).records[0]["n"])

    first = run_demo(as_of=DAY)
    before = nodes()
    second = run_demo(as_of=DAY, policy="abc-2009")

    assert first["same"], first["differing"]
    assert second["same"], second["differing"]
    assert {"guanlian", "gleif", "nic"} == {one["source"] for one in first["loads"]}
    assert before == nodes()


def test_fiction_is_not_loaded_beside_a_banks_own_facts(graph: Graph):
    """A store that holds another source is left as it is."""
    load(graph, sample_facts(), source="core-banking", name="ours")

    with pytest.raises(StoreError, match="core-banking"):
        run_demo(as_of=DAY)


def changed(facts: Facts, share: int) -> Facts:
    """The sample with another share of the mother in the logistics company."""
    mine = (pl.col("holder") == "huayue") & (pl.col("company") == "huayue-logistics")
    votes = pl.when(mine).then(pl.lit(share)).otherwise(pl.col("voting_percent")).alias("voting_percent")
    return Facts({**facts.frames, "holdings": facts["holdings"].with_columns(votes)})


@pytest.mark.parametrize(("share", "differing"), [(30_000_000, ()), (31_000_000, ("groups",))])
def test_a_difference_is_seen(share, differing):
    """One percent more in one proof is told as a difference of the groups."""
    policy = load_policy("cbrc-2010")
    one = discover(sample_facts(), policy, as_of=DAY)
    other = discover(changed(sample_facts(), share), policy, as_of=DAY)

    assert differing == compare(one, other).differing


def test_packages_are_put_together():
    """All rows of both are there."""
    sample = sample_facts()
    parties = sample["parties"]
    other = Facts({"parties": parties.with_columns(id="x-" + pl.col("id"), key="x/" + pl.col("id"))})

    both = together({"one": sample, "other": other})

    assert 2 * parties.height == both["parties"].height
    assert sample["holdings"].equals(both["holdings"])


def test_the_command_prints_a_summary_as_json(capfd):
    """One object on stdout, nothing else."""
    code = cli.run(["demo", "--no-store", "--json"])

    summary = json.loads(capfd.readouterr().out)
    assert 0 == code
    assert {"policy", "as_of", "counts"} == summary.keys()


@pytest.mark.parametrize(("lang", "word"), [("zh", "控制方"), ("en", "on top")])
def test_the_command_shows_proofs_as_trees(capfd, lang, word):
    """In either language: the groups, their members and what they rest on."""
    code = cli.run(["demo", "--no-store", "--lang", lang])

    out = capfd.readouterr().out
    assert 0 == code
    assert word in out
    assert "├─ " in out
    assert "45%" in out


def test_without_a_network_the_groups_are_shown_and_the_remedies_said(capfd, monkeypatch, tmp_path):
    """Nothing is fetched yet and nothing can be: exit code 4, after the answer."""
    monkeypatch.setenv("GUANLIAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GUANLIAN_CACHE", str(tmp_path / "cache"))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)

    code = cli.run(["demo", "--no-serve", "--lang", "en"])

    out, err = capfd.readouterr()
    assert 4 == code
    assert "├─ " in out
    assert "store fetch --to" in err
    assert "NEO4J_URI" in err
