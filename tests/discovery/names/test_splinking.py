"""Splink as the engine of batches: the pairs, decisions and clusters of our own, on settings Spark reads."""

from __future__ import annotations

import json
import math
import sys

import numpy as np
import polars as pl
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from benchmarks.names.people import generated, shipped
from benchmarks.names.speed import companies
from discovery.names import person_pairs
from discovery.names.blocking import pairs_of
from discovery.names.commands import app
from discovery.names.linking import JUDGES, NameIndex
from discovery.names.person_match import NameLevel
from discovery.names.records import read_records
from discovery.names.splinking import RULES, feature_table, splink_pairs, splink_settings

KINDS = ("person", "company")


def _records(kind: str) -> pl.DataFrame:
    return shipped()[0] if kind == "person" else companies(2_500)


@pytest.mark.parametrize("kind", KINDS)
def test_both_engines_link_alike(kind: str):
    """On the shipped people, and on companies with short names: pairs, scores, decisions and clusters."""
    index = NameIndex(_records(kind), kind)
    own, other = index.link(), index.link(meet=lambda made: splink_pairs(made, kind))

    assert len(own.pairs) > 300
    assert own.cluster.equals(other.cluster)
    for part in ("left", "right", "score", "decision"):
        assert np.array_equal(getattr(own.pairs, part), getattr(other.pairs, part))


@settings(max_examples=4, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(KINDS))
def test_both_engines_find_the_same_pairs_in_any_order(random, kind):
    """Keys that too many share, sides that do not meet and records with several keys included."""
    frame = generated(60)[0] if kind == "person" else companies(150)
    order = list(range(len(frame)))
    random.shuffle(order)
    made = NameIndex(frame[order], kind).made

    assert all(map(np.array_equal, pairs_of(made.blocks), splink_pairs(made, kind)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_a_rule_of_the_settings(kind: str):
    """No key of linking is missing among Splink's rules, and no rule asks for another."""
    records = read_records(_records(kind)[:20], kind)
    keys = {f"by_{block.name}" for block in JUDGES[kind].keys(records)[1]}
    rules = splink_settings(kind)[RULES]

    assert keys == {rule["blocking_rule"].split()[0][2:] for rule in rules}
    assert keys <= set(
        feature_table(NameIndex(_records(kind)[:20], kind).made, splink_settings(kind)).columns
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_settings_read_alike_on_spark(kind: str):
    """Every condition is parsed by both dialects into one and the same expression."""
    found = splink_settings(kind)
    conditions = [rule["blocking_rule"] for rule in found[RULES]]
    for comparison in found["comparisons"]:
        conditions += [level["sql_condition"] for level in comparison["comparison_levels"]]

    for condition in set(conditions) - {"ELSE"}:
        read = [sqlglot.parse_one(condition, dialect=dialect) for dialect in ("duckdb", "spark")]
        assert read[0] == read[1]
        assert sqlglot.transpile(condition, "duckdb", "spark") == sqlglot.transpile(
            condition, "spark", "spark"
        )


def test_the_weights_are_ours():
    """Each level's m over u is the points of linking, in bits; the prior likewise."""
    points = {
        "main_id": person_pairs.MAIN_ID_POINTS,
        "registration": person_pairs.REGISTRATION_POINTS,
        "birth": person_pairs.BIRTH_POINTS,
        "phone": person_pairs.PHONE_POINTS,
        "email": person_pairs.EMAIL_POINTS,
        "address": person_pairs.ADDRESS_POINTS,
        "employer": person_pairs.EMPLOYER_POINTS,
        "name": {
            3: person_pairs.NAME_POINTS[NameLevel.SPELT],
            1: person_pairs.NAME_POINTS[NameLevel.PARTIAL],
        },
    }
    at = {"differs": person_pairs.DIFFERS, "near": person_pairs.NEAR, "equal": person_pairs.EQUAL}
    found = splink_settings("person")
    for comparison in found["comparisons"]:
        for level in comparison["comparison_levels"]:
            if (called := level["label_for_charts"]) in at:
                bits = math.log2(level["m_probability"] / level["u_probability"])
                assert round(10 * bits, 6) == points[comparison["output_column_name"]][at[called]]
    prior = found["probability_two_random_records_match"]
    assert round(10 * math.log2(prior / (1 - prior)), 6) == person_pairs.PRIOR


def test_the_command_links_by_either_engine_to_one_file(tmp_path):
    """File to file, byte for byte."""
    records = tmp_path / "records.csv"
    generated(80)[0].write_csv(records)
    written = []
    for engine in ("own", "splink"):
        out, pairs = tmp_path / f"{engine}.csv", tmp_path / f"{engine}.pairs.csv"
        asked = ["link", str(records), "--kind", "person", "--out", str(out), "--pairs", str(pairs)]
        answer = CliRunner().invoke(app, [*asked, "--engine", engine])
        assert 0 == answer.exit_code, answer.output
        written.append((out.read_bytes(), pairs.read_bytes()))

    assert written[0] == written[1]


def test_the_settings_are_printed_and_an_unknown_engine_is_named(tmp_path):
    """`names settings` prints what Splink reads."""
    records = tmp_path / "records.csv"
    records.write_text("id,name\na,王伟\n", "utf-8")
    printed = CliRunner().invoke(app, ["settings", "--kind", "company"])
    asked = [
        "link",
        str(records),
        "--kind",
        "person",
        "--out",
        str(tmp_path / "out.csv"),
        "--engine",
        "dedupe",
    ]
    refused = CliRunner().invoke(app, asked)

    assert splink_settings("company") == json.loads(printed.stdout)
    assert 2 == refused.exit_code
    assert "Give own or splink." in refused.output


def test_without_the_extra_the_remedy_is_named(tmp_path, monkeypatch):
    """Where Splink is not installed nothing is written."""
    records, out = tmp_path / "records.csv", tmp_path / "out.csv"
    records.write_text("id,name\na,王伟\n", "utf-8")
    monkeypatch.setitem(sys.modules, "splink", None)
    answer = CliRunner().invoke(
        app, ["link", str(records), "--kind", "person", "--out", str(out), "--engine", "splink"]
    )

    assert 2 == answer.exit_code
    assert "guanlian[splink]" in answer.output
    assert not out.exists()
