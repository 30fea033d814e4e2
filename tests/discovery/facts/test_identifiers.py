"""Check digits, against python-stdnum."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import lei
from stdnum.cn import ric, uscc

from discovery.facts.identifiers import (
    USCC_ALPHABET,
    is_id_number,
    is_lei,
    is_uscc,
    mask,
    mask_id_numbers,
    valid_usccs,
)

DIGITS = "0123456789"
USCC_BODIES = st.tuples(
    st.text(DIGITS, min_size=8, max_size=8), st.text(USCC_ALPHABET, min_size=9, max_size=9)
)
LEI_BODIES = st.text(DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=18, max_size=18)


@settings(deadline=None)
@given(USCC_BODIES, st.sampled_from(USCC_ALPHABET))
def test_uscc_agrees_with_stdnum(parts, last):
    """A right check character passes; any other passes only where stdnum passes it too."""
    body = "".join(parts)
    right = body + uscc.calc_check_digit(body)

    assert is_uscc(right)
    assert uscc.is_valid(body + last) == is_uscc(body + last)


@settings(deadline=None)
@given(
    st.sampled_from(["110101", "110105", "310101"]),
    st.dates(date(1900, 1, 1), date(2020, 12, 31)),
    st.integers(0, 999),
    st.sampled_from(DIGITS + "X"),
)
def test_id_number_agrees_with_stdnum(place, born, order, last):
    """For places that exist, our check and stdnum's say the same of every last character."""
    body = f"{place}{born:%Y%m%d}{order:03d}"

    assert is_id_number(body + ric.calc_check_digit(body + "0"))
    assert ric.is_valid(body + last) == is_id_number(body + last)


@pytest.mark.parametrize("born", ["19900230", "19000229", "19901301", "19900100"])
def test_a_birth_date_that_never_was_fails(born):
    """The check character may be right, the day must exist too."""
    body = f"110101{born}123"

    assert not is_id_number(body + ric.calc_check_digit(body + "0"))


@settings(deadline=None)
@given(LEI_BODIES, st.text(DIGITS, min_size=2, max_size=2))
def test_lei_agrees_with_stdnum(body, last):
    """Right check digits pass; any other two digits pass only where stdnum passes them."""
    remainder = int("".join(str(int(character, 36)) for character in body + "00")) % 97
    right = f"{body}{98 - remainder:02d}"

    assert is_lei(right)
    assert lei.is_valid(right)
    assert lei.is_valid(body + last) == is_lei(body + last)


@settings(deadline=None)
@given(st.lists(st.none() | st.text(max_size=20) | st.text(USCC_ALPHABET, min_size=18, max_size=18)))
def test_a_column_is_checked_like_its_values(values):
    """The vectorised check is the scalar one on each value, null for null."""
    column = pl.Series(values, dtype=pl.String)

    assert [None if v is None else is_uscc(v) for v in values] == valid_usccs(column).to_list()


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_text_crashes_a_check(text):
    """Any text is simply not valid, or is."""
    assert {is_uscc(text), is_id_number(text), is_lei(text)} <= {True, False}


def test_masks_hide_the_middle():
    """A mask never shows the birth date, nor anything of a short value."""
    assert "110*************4X" == mask("11010119900307234X")
    assert "*****" == mask("12345")
    assert "id 110*************4X of Li" == mask_id_numbers("id 11010119900307234X of Li")
