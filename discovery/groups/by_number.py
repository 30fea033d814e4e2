"""Which numbers stand under a number, looked up without a set for each made beforehand."""

from __future__ import annotations

import polars as pl

from discovery.control.kernel import rows_by


class ByNumber:
    """The values of one column by the other (`key`, from 0 to `keys` - 1, and `value`: Int32)."""

    def __init__(self, key: pl.Series, value: pl.Series, keys: int) -> None:
        self._start, order = rows_by(key.to_numpy(), keys)
        self._values = value.to_numpy()[order]

    def of(self, key: int) -> set[int]:
        """The values of a key; none if it has none."""
        return set(self._values[self._start[key] : self._start[key + 1]].tolist())
