"""From a source's text to the package's: exact, or said why not."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.exchange.convert import Choice, Day, Moment, Number, Unfit, flag, masked

PERCENT = Number(places=6, low=Decimal(0), high=Decimal(100), percent_sign=True)


@given(st.integers(0, 100_000_000))
def test_a_percent_keeps_every_one_of_its_millionths(millionths):
    """What is written is the number that was read, compared as fractions."""
    text = f"{millionths // 10**6}.{millionths % 10**6:06d}"

    assert Fraction(millionths, 10**6) == Fraction(PERCENT(text))


@given(st.integers(0, 10**8))
def test_a_fraction_is_a_hundredth_of_a_percent(parts):
    """0.5 is 50 %, exactly, down to eight decimals."""
    number = Number(places=6, low=Decimal(0), high=Decimal(100), fraction=True)

    assert Fraction(parts, 10**6) == Fraction(number(f"{Decimal(parts).scaleb(-8):f}"))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("50%", "50"),
        ("5E1", "50"),
        ("1e-05", "0.00001"),
        (".5", "0.5"),
        ("-0", "0"),
        ("100.000000", "100"),
        ("+7", "7"),
    ],
)
def test_ways_of_writing_one_percent(text, read):
    """A percent sign, exponents and padding are ways of writing, not other numbers."""
    assert read == PERCENT(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("101", "outside 0 to 100"),
        ("-1", "outside 0 to 100"),
        ("33.3333333", "more than 6 decimals"),
        ("1,5", "not a number"),
        ("NaN", "not a number"),
        ("1e999999999", "not a number"),
        ("٥", "not a number"),
        ("9" * 70, "not a number"),
        ("50 %%", "not a number"),
    ],
)
def test_no_percent(text, reason):
    """Each is refused with its reason and a remedy."""
    with pytest.raises(Unfit, match=reason) as error:
        PERCENT(text)

    assert error.value.remedy


@given(st.from_regex(r"-?[0-9]{1,3}(\.[0-9]{0,7})?%?", fullmatch=True))
def test_the_quick_way_says_the_same(text):
    """The short cut for usual numbers agrees with the long way, refusals included."""

    def outcome(convert):
        try:
            return convert(text)
        except Unfit as unfit:
            return unfit.reason

    assert outcome(PERCENT) == outcome(PERCENT.quick())


def test_numbers_as_other_countries_write_them():
    """1.234,5 where the mapping says that the comma is the decimal mark."""
    assert "1234.5" == Number(places=4, decimal=",", thousands=".")("1.234,5")


def test_rounding_is_asked_for():
    """A third of a percent is rounded only where the mapping says so."""
    assert "33.333333" == Number(places=6, rounded=True)("33.33333333")


@given(st.dates(max_value=date(9999, 12, 30)))
def test_an_inclusive_last_day_becomes_the_first_day_no_longer(day):
    """shift_days: 1, over the ends of months, years and leap years."""
    assert (day + timedelta(days=1)).isoformat() == Day(("%Y%m%d",), 1)(f"{day:%4Y%m%d}".zfill(8))


def test_days():
    """ISO days and moments, own formats, and the text that means no end."""
    assert "2018-02-06" == Day()("2018-02-06T00:00:00.000Z")
    assert "" == Day(("%Y%m%d",), 1, frozenset({"99991231"}))("99991231")
    with pytest.raises(Unfit, match="%Y%m%d"):
        Day(("%Y%m%d",))("20240230")
    with pytest.raises(Unfit, match="beyond the calendar"):
        Day(("%Y%m%d",), 1)("99991231")


def test_moments():
    """A moment with a zone is written in UTC; a day stays a day."""
    assert "2023-03-10T12:08:56Z" == Moment()("2023-03-10T13:08:56+01:00")
    assert "2023-03-10" == Moment()("2023-03-10")
    with pytest.raises(Unfit):
        Moment()("yesterday")


def test_flags_and_choices():
    """Other words than true and false, or than the allowed values, go through a map."""
    assert "true" == flag("TRUE")
    with pytest.raises(Unfit):
        flag("Y")
    assert "cfo;chairman" == Choice(("chairman", "cfo"), several=True)("chairman; cfo")
    with pytest.raises(Unfit, match="chairman, cfo"):
        Choice(("chairman", "cfo"))("boss")


def test_no_message_shows_an_id_number():
    """Whatever column it stands in."""
    assert "11010519491231002X" not in masked("ID 11010519491231002X", "name")
    assert "11010519491231002X" not in masked("11010519491231002X", "id_number")
