"""Days: the last quarter's end, and the same day some months ago."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.exposure.history import months_before
from discovery.exposure.lead import last_quarter_end


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 6, 30), 12, date(2025, 6, 30)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
    ],
)
def test_months_before(day, months, before):
    """The same day of the month, or that month's last."""
    assert before == months_before(day, months)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 120))
def test_months_before_lies_in_the_month_before(day, months):
    """Always that many months earlier, whatever their lengths."""
    before = months_before(day, months)

    assert (day.year * 12 + day.month) - (before.year * 12 + before.month) == months
    assert before.day <= day.day


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 6, 30), date(2026, 3, 31)),
        (date(2026, 7, 1), date(2026, 6, 30)),
        (date(2026, 1, 1), date(2025, 12, 31)),
    ],
)
def test_last_quarter_end(day, end):
    """The last day of the quarter before; the last day of a quarter still belongs to it."""
    assert end == last_quarter_end(day)
