"""Facts: the columnar form in which the engine is given everything it may know."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from discovery.facts.findings import Finding
from discovery.facts.schema import FILES

KEY = "key"  # a party's smallest record key, `source/id`
STUB = "stub"  # True for a party that facts name and no row describes
FACT_COLUMNS = {"fact": pl.String(), "row": pl.Int64()}


def empty_frame(stem: str) -> pl.DataFrame:
    """A frame of that file with every column and no row."""
    file = FILES[stem]
    columns: dict[str, pl.DataType] = {column.name: column.dtype for column in file.columns}
    if stem == "parties":
        columns |= {KEY: pl.String(), STUB: pl.Boolean()}
    return pl.DataFrame(schema={**FACT_COLUMNS, **columns})


@dataclass(frozen=True)
class Facts:
    """What is stated about parties, a frame for each file of the package (`discovery.facts.schema`).

    Every frame has the columns of its file (typed as the schema says), `fact` (the fact id; for
    `parties` the party id again) and `row` (line in the file, null out of the store).
    `parties` has one row a party, `id` the party id and `key` its smallest record key `source/id`;
    stub parties are rows too, marked by `stub`. References in other frames are party ids.
    `holdings` may carry `company_record` (the record the row speaks of; else the company itself).
    All versions and days are in: the engine cuts by `as_of` and `known_at` itself.
    """

    frames: dict[str, pl.DataFrame]
    findings: tuple[Finding, ...] = field(default=())

    def __getitem__(self, stem: str) -> pl.DataFrame:
        frame = self.frames.get(stem)
        return empty_frame(stem) if frame is None else frame

    def findings_about(self, party: str) -> list[Finding]:
        """Findings about the party and those about no party and no file, in their order."""
        places = [*self._places_of_findings.get(party, ()), *self._places_of_findings.get(None, ())]
        return [self.findings[place] for place in sorted(places)]

    @cached_property
    def _places_of_findings(self) -> dict[str | None, list[int]]:
        found: dict[str | None, list[int]] = {}
        for place, finding in enumerate(self.findings):
            if finding.party is not None or finding.file is None:
                found.setdefault(finding.party, []).append(place)
        return found
