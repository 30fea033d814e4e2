"""Marks are handed on without being cleared, and never hold a number that is lent."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.control.marks import MOST, Marks


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, MOST)), max_size=12))
def test_no_array_holds_a_number_that_is_lent(calls: list[tuple[int, int]]) -> None:
    marks = Marks(2)
    for parties, numbers in calls:
        with marks.lent(parties, numbers) as (first, arrays):
            assert [len(array) for array in arrays] == [parties, parties]
            assert first >= 1
            assert first + numbers - 1 <= MOST
            for array in arrays:
                assert not ((array >= first) & (array < first + numbers)).any()
                if numbers:
                    array[:] = np.linspace(first, first + numbers - 1, parties, dtype=np.int64)


def test_who_asks_meanwhile_gets_other_arrays() -> None:
    marks = Marks(1)
    with marks.lent(2, 1) as (_, (one,)), marks.lent(2, 1) as (_, (other,)):
        assert not np.shares_memory(one, other)
    with marks.lent(2, 1) as (_, (again,)):
        assert np.shares_memory(again, one) or np.shares_memory(again, other)


def test_arrays_of_a_call_that_failed_are_not_handed_on() -> None:
    marks = Marks(1)

    def fail() -> None:
        with marks.lent(1, 1) as (first, (array,)):
            array[:] = first
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fail()
    with marks.lent(1, 1) as (first, (array,)):
        assert array.tolist() == [0]
        assert first == 1
