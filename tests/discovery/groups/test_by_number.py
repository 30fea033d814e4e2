"""Values under a number are those of a plain dict of sets."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from discovery.groups.by_number import ByNumber

KEYS = 6


@given(st.lists(st.tuples(st.integers(0, KEYS - 1), st.integers(0, 9))))
def test_values_are_those_of_a_dict_of_sets(rows: list[tuple[int, int]]) -> None:
    frame = pl.DataFrame(rows, schema={"key": pl.Int32, "value": pl.Int32}, orient="row")
    found = ByNumber(frame["key"], frame["value"], KEYS)
    for key in range(KEYS):
        assert found.of(key) == {value for one, value in rows if one == key}
