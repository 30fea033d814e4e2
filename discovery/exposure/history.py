"""The facts of an earlier day beside those of today, by the same party numbers."""

from __future__ import annotations

from datetime import date
from functools import cached_property

import polars as pl

from discovery.exposure.credit import credit_rows
from discovery.exposure.holders import changed_holdings
from discovery.facts.graph import FactGraph


def months_before(day: date, months: int) -> date:
    """The same day of the month that many months ago, or that month's last day."""
    place = day.year * 12 + day.month - 1 - months
    year, month = divmod(place, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - date(year, month + 1, 1)).days
    return date(year, month + 1, min(day.day, last))


def dated(graph: FactGraph, stem: str) -> bool:
    """Does any row of the file say from when or until when it holds?"""
    frame = graph.facts[stem]
    return frame["valid_from"].null_count() + frame["valid_to"].null_count() < 2 * frame.height


class History:
    """What held on the earlier day; each file is read once."""

    def __init__(self, graph: FactGraph, months: int) -> None:
        self.graph = graph
        self.day = months_before(graph.as_of, months)

    @cached_property
    def holdings(self) -> pl.DataFrame:
        return self.graph.on_day("holdings", self.day)

    @cached_property
    def offices(self) -> pl.DataFrame:
        return self.graph.on_day("offices", self.day)

    @cached_property
    def powers(self) -> pl.DataFrame:
        return self.graph.on_day("powers", self.day)

    @cached_property
    def guarantees(self) -> pl.DataFrame:
        return self.graph.on_day("guarantees", self.day)

    @cached_property
    def lent(self) -> pl.DataFrame:
        """Credits that had been opened by then, with their amounts."""
        return credit_rows(opened_by(self.graph.on_day("credits", self.day), self.day))

    @cached_property
    def changed_holdings(self) -> pl.DataFrame:
        """Shares that differ between the two days: `holder`, `company`, `facts`."""
        return changed_holdings(self.graph.holdings, self.holdings)


def opened_by(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Credits without those that were opened after the day."""
    return rows.filter(pl.col("opened_on").is_null() | (pl.col("opened_on") <= day))
