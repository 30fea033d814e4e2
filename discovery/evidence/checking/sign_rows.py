"""The day's rows as signs of a hidden association are read from them: by pair, of late, ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple

from discovery.evidence.checking.book import Book
from discovery.evidence.checking.day import Holding, Row

WHOLE: Final = 100_000_000
FINANCE: Final = ("chief_accountant", "cfo")


class Sign(NamedTuple):
    """One rule that is met, what was measured, the facts behind it.

    `assumed`: an office among them is executive by its role alone.
    """

    indicator: str
    value: str
    facts: frozenset[str]
    assumed: bool = False


class SignRows:
    """Looks rows up for one pair at a time."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._day = book.day
        self._rule = book.policy.hidden_association

    def _by_registered_of(self, parties: set[str]) -> Iterator[Holding]:
        for party in parties:
            yield from self._by_registered.get(party, ())

    @cached_property
    def _by_registered(self) -> dict[str, list[Holding]]:
        found: dict[str, list[Holding]] = defaultdict(list)
        for holding in self._day.holdings:
            found[holding.registered].append(holding)
        return found

    def _ends_of(self, stem: str) -> dict[str, list[Row]]:
        if stem not in self._ends:
            found: dict[str, list[Row]] = defaultdict(list)
            for row in self._day.of(stem):
                for party in {row["from"], row["to"]}:
                    found[party].append(row)
            self._ends[stem] = found
        return self._ends[stem]

    @cached_property
    def _ends(self) -> dict[str, dict[str, list[Row]]]:
        return {}

    def _between(self, stem: str, parties: set[str]) -> list[Row]:
        """Rows of a file between the two parties, or from and to the one."""
        rows = self._ends_of(stem).get(next(iter(parties)), ())
        return [row for row in rows if row["from"] != row["to"] and parties <= {row["from"], row["to"]}]

    def _lately(self, stem: str, parties: set[str]) -> list[Row]:
        since, until = self._months_before(self._rule.dealings_within_months), self._day.as_of
        return [
            row for row in self._between(stem, parties) if row["date"] is None or since < row["date"] <= until
        ]

    def _ended(self, stem: str, column: str, party: str) -> list[Row]:
        """Rows about a party that held before the day and no longer do."""
        if (stem, column) not in self._past:
            found: dict[str, list[Row]] = defaultdict(list)
            for row in self._day.known(stem):
                if row["valid_to"] is not None and row["valid_to"] <= self._day.as_of:
                    found[row[column]].append(row)
            self._past[stem, column] = found
        return self._past[stem, column].get(party, [])

    @cached_property
    def _past(self) -> dict[tuple[str, str], dict[str, list[Row]]]:
        return {}

    def _months_before(self, months: int) -> date:
        """The same day so many months earlier, or the last day of that month."""
        day = self._day.as_of
        year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
        for number in range(day.day, 0, -1):
            try:
                return date(year, month + 1, number)
            except ValueError:
                continue
        return date(year, month + 1, 1)
