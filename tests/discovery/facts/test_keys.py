"""Ids are pure functions of what is stated."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.errors import BadInput
from discovery.facts.keys import fact_id, group_id, outcome_key, party_id, record_key, split_record_key
from discovery.facts.package import facts_from_rows

HOLDING = {"holder": "A", "company": "B", "equity_percent": "50"}


def holding_id(**changed: object) -> str:
    """The fact id of one holding."""
    return facts_from_rows({"holdings": [HOLDING | changed]}, source="s")["holdings"]["fact"][0]


def test_a_fact_id_follows_its_definition():
    """The vectorised id is the plain definition over record keys and canonical values."""
    values = {"holder": "s/A", "company": "s/B", "equity_percent": "50000000", "source": "s"}

    assert fact_id("holdings", values) == holding_id()
    assert re.fullmatch(r"holding_[0-9a-f]{16}", holding_id())


@pytest.mark.parametrize("same", ["50.0", "50.000000", "050"])
def test_equal_values_are_one_fact(same):
    """The text a percent is written in does not matter, its value does."""
    assert holding_id() == holding_id(equity_percent=same)


@pytest.mark.parametrize(
    ("name", "value"), [("valid_to", "2030-01-01"), ("confidence", "0.4"), ("recorded_at", "2026-01-01")]
)
def test_what_is_only_known_about_a_fact_leaves_its_id(name, value):
    """Another end, confidence or time of recording is a version of the same fact."""
    assert holding_id() == holding_id(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("equity_percent", "50.000001"),
        ("voting_percent", "50"),
        ("document", "d"),
        ("valid_from", "2020-01-01"),
        ("source", "t"),
        ("holder", "C"),
        ("nominee_for", "C"),
    ],
)
def test_another_statement_is_another_fact(name, value):
    """Every business column, the document, the start and the source tell facts apart."""
    assert holding_id() != holding_id(**{name: value})


def test_a_value_cannot_move_from_one_column_to_the_next():
    """Columns are named in the hashed text, so the same words elsewhere are another fact."""
    one = facts_from_rows({"credits": [{"client": "A", "branch": "x"}]})["credits"]["fact"][0]
    other = facts_from_rows({"credits": [{"client": "A", "product": "x"}]})["credits"]["fact"][0]

    assert one != other


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="/"), min_size=1), st.text())
def test_a_record_key_parts_again(source, record):
    """The first slash parts source and id, whatever the id is."""
    assert (source, record) == split_record_key(record_key(source, record))


@pytest.mark.parametrize("source", ["", "a/b"])
def test_a_source_with_a_slash_is_refused(source):
    """It would make two record keys look the same."""
    with pytest.raises(BadInput, match="source"):
        record_key(source, "A")


@settings(deadline=None)
@given(st.permutations(["s/A", "s/B", "t/C"]))
def test_group_ids_do_not_depend_on_order(keys):
    """A ring is the same ring from whichever member one starts."""
    assert group_id("cbrc-2010", "ring", ["s/A", "s/B", "t/C"]) == group_id("cbrc-2010", "ring", keys)


def test_ids_tell_their_parts_apart():
    """Policy, kind, parties and counterparts each change the id."""
    ids = {
        group_id("p", "ring", ["a", "b"]),
        group_id("p", "none", ["a", "b"]),
        group_id("q", "ring", ["a", "b"]),
        outcome_key("p", "LINK", "kin", ["a", "b"]),
        outcome_key("p", "LINK", "kin", ["a"], ["b"]),
        outcome_key("p", "LINK", "kin", ["b"], ["a"]),
        party_id("s/A"),
    }

    assert 7 == len(ids)
