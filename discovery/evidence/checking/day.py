"""The facts of one day as plain rows: validity, versions, registers, nominees, parties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, Final, NamedTuple

from discovery.facts.facts import Facts
from discovery.facts.schema import FILES

Row = dict[str, Any]
_FIRST_DAY: Final = date.min
_FIRST_MOMENT: Final = datetime.min  # noqa: DTZ901  moments of the facts are naive UTC


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
        """By id; an empty kind is an enterprise, but a stub with an office or kin is a person.

        A party of whom no row has begun is a stub without a kind; one whose rows all ended is a stub too.
        """
        described: dict[str, list[Row]] = defaultdict(list)
        for row in self.facts["parties"].to_dicts():
            described[row["id"]].append(row)
        return {party: who for party, rows in described.items() if (who := self._who(party, rows))}

    def _who(self, party: str, rows: list[Row]) -> Who | None:
        here = [row for row in rows if _known(row, self.known_at) and _begun(row, self.as_of)]
        if not here and party not in self._mentioned:
            return None
        named = [row for row in here if not row.get("stub")]
        live = [row for row in named if _holds(row, self.as_of)]
        row = _merged([*_by_record(live), *_by_record(named)], rows[0])
        kind = row["kind"]
        if kind is None and not live and party in self._people:
            kind = "natural_person"
        return Who(
            party,
            min(one["key"] for one in here or rows),
            row["name"],
            kind,
            kind or "enterprise_legal_person",
            not live,
            row["client_no"],
            row,
        )

    @cached_property
    def _people(self) -> set[str]:
        """Who can only be a person, by all that was stated up to the day."""
        offices = (row for row in self._seen("offices") if row["role"] != "executive_partner")
        kin = self._seen("kinship")
        return {row["person"] for row in offices} | {
            row[end] for row in kin for end in ("person", "relative")
        }

    @cached_property
    def _mentioned(self) -> set[str]:
        stems = [stem for stem in FILES if stem != "parties" and FILES[stem].refs]
        return {row[ref] for stem in stems for row in self._seen(stem) for ref in FILES[stem].refs}

    def _seen(self, stem: str) -> list[Row]:
        """Whatever had been stated by the moment about days up to this one."""
        return [
            row
            for row in self.facts[stem].to_dicts()
            if _told(row, self.known_at) and _begun(row, self.as_of)
        ]

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
        behind = _Nominees(kept, self.of("agreements"), self.parties)
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


def _begun(row: Row, day: date) -> bool:
    return row["valid_from"] is None or bool(row["valid_from"] <= day)


def _holds(row: Row, day: date) -> bool:
    return _begun(row, day) and (row["valid_to"] is None or row["valid_to"] > day)


def holds_on(row: Row, day: date) -> bool:
    """Does the row hold on that day, whatever the day asked for?"""
    return _holds(row, day)


def _told(row: Row, known: datetime | None) -> bool:
    """Was the row stated by the moment? A store says itself from when it knows a row."""
    recorded = row["known_from"] if "known_from" in row else row.get("recorded_at")
    return known is None or recorded is None or recorded <= known


def _known(row: Row, known: datetime | None) -> bool:
    gone = row.get("superseded_at")
    return _told(row, known) and (gone is None or (known is not None and gone > known))


def _by_record(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: str(row.get("record") or ""))


def _merged(rows: list[Row], like: Row) -> Row:
    """Of several records the first that states a value; without any, nothing is stated."""
    return {name: next((row[name] for row in rows if row[name] is not None), None) for name in like}


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

    def __init__(self, kept: list[tuple[Row, bool]], agreements: list[Row], parties: dict[str, Who]) -> None:
        named = [row for row, _ in kept if row["nominee_for"] not in {None, row["holder"]}]
        named.sort(key=lambda row: parties[row["nominee_for"]].key, reverse=True)
        self._row = {(row["holder"], row["company"]): row["nominee_for"] for row in named}
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
