"""The facts of one day as plain rows: validity, versions, registers, nominees, parties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, Final, NamedTuple

import polars as pl

from discovery.facts.facts import Facts
from discovery.facts.schema import FILES

Row = dict[str, Any]
_FIRST_DAY: Final = date.min
_FIRST_MOMENT: Final = datetime.min  # noqa: DTZ901  # moments of the facts are naive UTC


@dataclass(frozen=True, slots=True)
class Who:
    """One party: what the checker needs to know of it."""

    id: str
    key: str
    name: str | None
    stated_kind: str | None
    kind: str
    stub: bool
    client_no: str | None
    row: Row

    @property
    def person(self) -> bool:
        return self.kind == "natural_person"


class Holding(NamedTuple):
    """One counted statement of a share; `holder` is who stands behind a nominee."""

    fact: str
    registered: str
    holder: str
    company: str
    equity: int
    votes: int
    measure_assumed: bool
    conflicting: bool
    confidence: int | None
    nominee: str | None


@dataclass(frozen=True)
class Day:
    """All facts that hold on the day, in the version known at the moment."""

    facts: Facts
    as_of: date
    known_at: datetime | None
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def of(self, stem: str) -> list[Row]:
        """The rows of a file that hold on the day, in the file's order."""
        if stem not in self.rows:
            self.rows[stem] = [row for row in self.known(stem) if _holds(row, self.as_of)]
        return self.rows[stem]

    def known(self, stem: str) -> list[Row]:
        """The rows of a file whatever their validity: known at the moment, none replaced by then."""
        frame = self.facts[stem]
        rows = [row for row in frame.to_dicts() if _known(row, self.known_at)]
        replaced = {row["supersedes"] for row in rows if row.get("supersedes")}
        return [row for row in rows if row["fact"] not in replaced] if replaced else rows

    @cached_property
    def parties(self) -> dict[str, Who]:
        """By id; an empty kind is an enterprise, but a stub with an office or kin is a person."""
        offices = self.facts["offices"].filter(pl.col("role") != "executive_partner")
        kin = self.facts["kinship"]
        people = {*offices["person"], *kin["person"], *kin["relative"]}
        found = {}
        for row in self.facts["parties"].to_dicts():
            if not _known(row, self.known_at):
                continue
            stub = bool(row.get("stub"))
            kind = row["kind"]
            if kind is None and stub and row["id"] in people:
                kind = "natural_person"
            found[row["id"]] = Who(
                row["id"],
                row["key"],
                row["name"],
                row["kind"],
                kind or "enterprise_legal_person",
                stub,
                row["client_no"],
                row,
            )
        return found

    @cached_property
    def fact_rows(self) -> dict[str, tuple[str, Row]]:
        """Every fact of the day by its id, with its file's stem."""
        return {
            row["fact"]: (stem, row)
            for stem in FILES
            if stem not in {"parties", "branches", "bank", "limits"}
            for row in self.of(stem)
        }

    @cached_property
    def holdings(self) -> list[Holding]:
        """The holdings that count, in the order of their fact ids."""
        stated = [row for row in self.of("holdings") if _share(row, "equity", "voting") is not None]
        kept = _one_register(stated)
        behind = _Nominees(kept, self.of("agreements"))
        return sorted(behind.holding(row, self.parties, contested) for row, contested in kept)

    @cached_property
    def by_company(self) -> dict[str, list[Holding]]:
        return _grouped(self.holdings, "company")

    @cached_property
    def by_holder(self) -> dict[str, list[Holding]]:
        return _grouped(self.holdings, "holder")


def _grouped(holdings: Iterable[Holding], name: str) -> dict[str, list[Holding]]:
    grouped: dict[str, list[Holding]] = defaultdict(list)
    for holding in holdings:
        grouped[getattr(holding, name)].append(holding)
    return grouped


def moment(known_at: str | None) -> datetime | None:
    """The moment an answer names; a day means its end."""
    if known_at is None:
        return None
    if len(known_at) == len("2026-06-30"):
        return datetime.combine(date.fromisoformat(known_at), time.max)
    return datetime.fromisoformat(known_at)


def _holds(row: Row, day: date) -> bool:
    start, end = row["valid_from"], row["valid_to"]
    return (start is None or start <= day) and (end is None or end > day)


def _known(row: Row, known: datetime | None) -> bool:
    gone = row.get("superseded_at")
    if known is None:
        return gone is None
    recorded = row.get("recorded_at")
    return (recorded is None or recorded <= known) and (gone is None or gone > known)


def _share(row: Row, first: str, second: str) -> int | None:
    one = row[f"{first}_percent"]
    other: int | None = row[f"{second}_percent"] if one is None else one
    return other


def _one_register(rows: list[Row]) -> list[tuple[Row, bool]]:
    """The rows of the register that counts for each registered holder and company, and whether others
    spoke."""
    pairs: dict[tuple[str, str], dict[tuple[Any, ...], list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        record = row.get("company_record") or row["company"]
        register = (row["source"], row["document"], row["valid_from"], record)
        pairs[row["holder"], row["company"]][register].append(row)
    kept = []
    for registers in pairs.values():
        chosen = max(registers.items(), key=_weight)[1]
        kept += [(row, len(registers) > 1) for row in chosen]
    return kept


def _weight(item: tuple[tuple[Any, ...], list[Row]]) -> tuple[Any, ...]:
    """Which register counts: latest recorded, latest from, most votes, most equity, then by name."""
    (source, document, start, record), rows = item
    recorded = [row["recorded_at"] for row in rows if row["recorded_at"] is not None]
    return (
        max(recorded, default=_FIRST_MOMENT),
        start or _FIRST_DAY,
        sum(_share(row, "voting", "equity") or 0 for row in rows),
        sum(_share(row, "equity", "voting") or 0 for row in rows),
        source or "",
        document or "",
        record or "",
    )


class _Nominees:
    """Who stands behind whom in which company."""

    def __init__(self, kept: list[tuple[Row, bool]], agreements: list[Row]) -> None:
        self._row = {
            (row["holder"], row["company"]): row["nominee_for"]
            for row, _ in sorted(kept, key=lambda pair: pair[0]["fact"])
            if row["nominee_for"]
        }
        self._agreed: dict[tuple[str, str | None], tuple[str, str]] = {}
        for row in sorted(agreements, key=lambda row: row["fact"]):
            if row["kind"] == "nominee":
                self._agreed.setdefault((row["party"], row["company"]), (row["with"], row["fact"]))

    def _link(self, holder: str, company: str) -> tuple[str, str] | None:
        return self._agreed.get((holder, company)) or self._agreed.get((holder, None))

    def _next(self, holder: str, company: str) -> str | None:
        named = self._row.get((holder, company))
        if named:
            return str(named)
        link = self._link(holder, company)
        return link[0] if link else None

    def holding(self, row: Row, parties: dict[str, Who], contested: bool) -> Holding:
        holder, company = row["holder"], row["company"]
        through = None
        current = row["nominee_for"]
        if not current:
            link = self._link(holder, company)
            current, through = link or (holder, None)
        seen = {holder}
        while current not in seen:
            seen.add(current)
            current = self._next(current, company) or current
        votes = _share(row, "voting", "equity") or 0
        assumed = row["equity_percent"] is None or row["voting_percent"] is None
        partnership = parties[company].kind == "partnership" if company in parties else False
        return Holding(
            row["fact"],
            holder,
            current,
            company,
            _share(row, "equity", "voting") or 0,
            0 if partnership else votes,
            assumed,
            contested,
            row["confidence"],
            through,
        )
