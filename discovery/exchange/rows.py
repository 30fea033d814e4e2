"""Batches of rows as the mapping sees them: columns, names given above, and the problems found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from discovery.errors import BadInput
from discovery.exchange.convert import masked
from discovery.exchange.sources import NO_TEXT, Rows, json_rows, search
from discovery.facts.findings import Problem

Report = Callable[[Problem], None]


@dataclass(eq=False)
class Batch:
    """Rows of one block. `names` are columns of the values and parties named so far.

    A batch may be a selection of another (`base`, `picks`) or the nested rows of one (`parent`, `owners`).
    """

    numbers: list[int]
    file: str
    report: Report
    rows: Rows | None = None
    base: Batch | None = None
    picks: list[int] = field(default_factory=list)
    parent: Batch | None = None
    owners: list[int] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    names: dict[str, list[str]] = field(default_factory=dict)
    bad: set[int] = field(default_factory=set)
    missing: frozenset[str] = frozenset()
    _cells: dict[str, list[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.numbers)

    def column(self, name: str) -> list[str]:
        """A column of the source, a `$name`, or with `^` a column of the rows around."""
        plain = name.removeprefix("$")
        if plain in self.names:
            return self.names[plain]
        if name not in self._cells:
            self._cells[name] = self._fetch(name)
        return self._cells[name]

    def _fetch(self, name: str) -> list[str]:
        if name.startswith("^"):
            above = self.around()
            if above is None:
                raise BadInput(
                    f"{name}: there are no rows around.", remedy="Use ^ inside a block with `each`."
                )
            batch, owners = above
            outer = batch.column(name[1:])
            return [outer[owner] for owner in owners]
        if self.base is not None:
            whole = self.base.column(name)
            return [whole[pick] for pick in self.picks]
        if self.rows is None:
            raise BadInput(f"{name}: no such column.", remedy="Correct the mapping.")
        cells = self.rows.cells(name)
        if self.missing:
            cells = ["" if cell in self.missing else cell for cell in cells]
        return cells

    def around(self) -> tuple[Batch, list[int]] | None:
        """The batch of the rows around, and for each row here its place there."""
        if self.parent is not None:
            return self.parent, self.owners
        if self.base is None or (above := self.base.around()) is None:
            return None
        return above[0], [above[1][pick] for pick in self.picks]

    def take(self, picks: list[int]) -> Batch:
        """Some of the rows; problems found there are problems of the rows here."""
        return Batch(
            numbers=[self.numbers[pick] for pick in picks],
            file=self.file,
            report=self.report,
            base=self,
            picks=picks,
            names={name: [column[pick] for pick in picks] for name, column in self.names.items()},
        )

    def record(self, row: int) -> Any:
        if self.base is not None:
            return self.base.record(self.picks[row])
        return self.rows.records[row] if self.rows is not None else None

    def each(self, path: str) -> Batch:
        """The nested rows that the JMESPath finds in each row."""
        records: list[Any] = []
        owners: list[int] = []
        places: list[str] = []
        for row in range(len(self)):
            found = search(path, self.record(row), path)
            listed = found if isinstance(found, list) else [] if found is None else [found]
            for place, record in enumerate(listed):
                records.append(record)
                owners.append(row)
                places.append(f"{path}[{place}]")
        return self._inner(owners, json_rows([self.numbers[owner] for owner in owners], records), places)

    def split(self, name: str, parts: list[list[str]]) -> Batch:
        """A row for each part, which becomes the value `name`; the columns stay those of the row."""
        owners = [row for row, pieces in enumerate(parts) for _ in pieces]
        inner = self.take(owners)
        inner.names[name] = [piece for pieces in parts for piece in pieces]
        return inner

    def _inner(self, owners: list[int], rows: Rows, places: list[str]) -> Batch:
        return Batch(
            numbers=rows.numbers,
            file=self.file,
            report=self.report,
            rows=rows,
            parent=self,
            owners=owners,
            path=places,
            names={name: [column[owner] for owner in owners] for name, column in self.names.items()},
            missing=self.root_missing(),
        )

    def root_missing(self) -> frozenset[str]:
        return self.base.root_missing() if self.base is not None else self.missing

    def problem(self, row: int, *, source: str, column: str, value: str, reason: str, remedy: str) -> None:
        """Marks the row bad, here and where it was taken from, and reports why."""
        self.mark(row)
        place = self._place(row)
        field_name = f"{place}.{source}" if place else source
        shown = None if NO_TEXT in value else masked(value, column)
        self.report(Problem(self.file, self.numbers[row], f"{field_name} -> {column}", shown, reason, remedy))

    def mark(self, row: int) -> None:
        self.bad.add(row)
        if self.base is not None:
            self.base.mark(self.picks[row])

    def _place(self, row: int) -> str:
        if self.base is not None:
            return self.base._place(self.picks[row])
        if not self.path:
            return ""
        outer = self.parent._place(self.owners[row]) if self.parent is not None else ""
        return f"{outer}.{self.path[row]}" if outer else self.path[row]
