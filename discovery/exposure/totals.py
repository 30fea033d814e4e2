"""What a group and each of its members owe, by currency, by way of counting and by family of products."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from discovery.exposure.credit import Credit
from discovery.exposure.limits import money
from discovery.exposure.standing import Standing
from discovery.policies.administration import COUNTS

Document = dict[str, Any]
_AMOUNTS: Final = ("limit", *COUNTS)


class Totals:
    """The credit of groups, whatever of it the measures count against limits."""

    def __init__(self, groups: Standing, credit: Credit) -> None:
        self._on_file = credit.on_file
        self._ids = groups.graph.parties.ids
        self._sums = {unit: values for unit, *values in _rows(credit.all_of_groups, "unit")}
        self._families = _by_unit(credit.by_family, "family")
        self._members = _by_unit(credit.all_of_members, "client")
        currencies = credit.rows.group_by("unit").agg(pl.col("currency").unique().sort())
        self._currencies = dict(currencies.rows())

    def of(self, unit: int) -> Document:
        """Totals of one group; amounts are null where several currencies would have to be added up."""
        *amounts, currency = self._sums.get(unit, (0, 0, 0, 0, ""))
        members = self._members.get(unit, [])
        return {
            "assessed": self._on_file,
            "currency": currency,
            "currencies": self._currencies.get(unit, []),
            **_shown(amounts, currency),
            "by_family": {
                key: _shown(values[:-1], values[-1]) for key, *values in self._families.get(unit, [])
            },
            "members": [
                {"party": self._ids[key], "currency": values[-1], **_shown(values[:-1], values[-1])}
                for key, *values in members
            ],
        }


def _rows(frame: pl.DataFrame, *keys: str) -> list[tuple[Any, ...]]:
    return frame.select(*keys, *_AMOUNTS, "currency").sort(keys).rows()


def _by_unit(frame: pl.DataFrame, key: str) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for unit, *values in _rows(frame, "unit", key):
        found.setdefault(unit, []).append(tuple(values))
    return found


def _shown(amounts: Any, currency: str | None) -> Document:
    texts = [None if currency is None else money(amount) for amount in amounts]
    return dict(zip(_AMOUNTS, texts, strict=True))
