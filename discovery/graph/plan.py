"""What one load changes, before it is written either way; and the summary of what it changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Final

import orjson
import polars as pl

from discovery.graph.attach import maps
from discovery.graph.connection import Row
from discovery.graph.rows import RECORD_COLUMNS
from discovery.graph.shape import BOOKS, PERSON, SHOWN, Kind
from discovery.graph.versions import Changes

CUT: Final = ("uscc", "lei", "client_no")  # indexed on the party, and an index takes no endless text
CUT_AT: Final = 200
IS_PERSON: Final = pl.col("kind").eq_missing(pl.lit(PERSON))
USES_BOOKS: Final = (
    "valid_from",
    "valid_to",
    "known_from",
    "superseded_at",
    "closed_because",
    "closed_by",
    "load",
    "source",
)


@dataclass
class Counts:
    """What a load did to one file's rows: new facts, new versions of known ones, closed ones, the rest."""

    new: int = 0
    changed: int = 0
    closed: int = 0
    unchanged: int = 0

    def add(self, changes: Changes, closed: int) -> None:
        self.new += changes.fresh
        self.changed += changes.changed
        self.closed += closed
        self.unchanged += changes.unchanged


@dataclass
class LoadSummary:
    """A completed load: what it changed, by file, and how fast. `version` is the store's since then."""

    id: str
    name: str
    source: str
    way: str  # bolt | bulk
    replaces: str | None = None  # whose facts it closed as far as it does not state them
    version: int = 0
    files: dict[str, Counts] = field(default_factory=dict)
    new_parties: int = 0
    unknown_superseded: int = 0  # rows that replace a fact the store does not know
    rows: int = 0
    seconds: float = 0.0

    @property
    def changes(self) -> int:
        """How many versions came or ended; 0 when the store knew it all."""
        return sum(counts.new + counts.changed + counts.closed for counts in self.files.values())

    def to_dict(self) -> dict[str, object]:
        return asdict(self) | {"changes": self.changes}

    def counts_text(self) -> str:
        counts = {stem: asdict(counts) for stem, counts in self.files.items()}
        return orjson.dumps(
            {"files": counts, "new_parties": self.new_parties, "way": self.way, "replaces": self.replaces}
        ).decode()


@dataclass(frozen=True)
class Plan:
    """The difference a load makes: records and facts to add (with the store's books), versions to close."""

    load: str
    now: str
    records: pl.DataFrame
    facts: dict[Kind, pl.DataFrame]
    closed_records: pl.DataFrame
    closed_facts: dict[Kind, pl.DataFrame]
    parties: pl.DataFrame  # id, key

    @property
    def older_parties(self) -> bool:
        """Whether records of parties that were there before come or end."""
        return not self.closed_records.is_empty() or self.records["party"].n_unique() > self.parties.height

    def shown(self) -> pl.DataFrame:
        """New parties with what they show: a party has one record at first. See `ingest/refresh_parties`."""
        firsts = self.records.join(self.parties.select(pl.col("id").alias("party")), on="party", how="semi")
        firsts = firsts.sort("version").unique("party", keep="last", maintain_order=True)
        return firsts.select(
            pl.col("party").alias("id"),
            pl.col("id").alias("key"),
            pl.col("load").alias("first_load"),
            *(pl.col(name).str.slice(0, CUT_AT) if name in CUT else pl.col(name) for name in SHOWN),
        )

    @property
    def size(self) -> int:
        frames = [self.records, self.closed_records, *self.facts.values(), *self.closed_facts.values()]
        return sum(frame.height for frame in frames)


def use_rows(records: pl.DataFrame, column: str) -> list[Row]:
    """Rows that tie parties to the contact points their records name in that column."""
    found = records.filter(pl.col(column).is_not_null())
    heads = found.select("id", "version", column).iter_rows()
    return [
        {
            "from_record": key,
            "use_id": f"{key}#{version}#{column}",
            "point": point_id(text),
            "text": text,
            "first_load": kept["load"],
            "properties": kept | {"record_version": version},
        }
        for (key, version, text), kept in zip(heads, maps(found, USES_BOOKS), strict=True)
    ]


def point_id(text: str) -> str:
    """The id of a contact point: a hash of what it says, blanks at its ends aside."""
    return sha256(text.strip().encode()).hexdigest()[:16]


def record_maps(records: pl.DataFrame) -> list[Row]:
    names = [*RECORD_COLUMNS, "content", *(book for book in BOOKS if book != "version")]
    heads = records.select(pl.col("id").alias("key"), "version", "party").to_dicts()
    return [head | {"properties": kept} for head, kept in zip(heads, maps(records, names), strict=True)]


def party_maps(plan: Plan) -> list[Row]:
    """Rows that make the new parties, each with its label."""
    shown = plan.shown()
    people = shown.select(IS_PERSON)["kind"]
    heads = shown.select("id", "key", "first_load").to_dicts()
    kept = maps(shown, SHOWN)
    return [
        head | {"properties": properties, "person": person}
        for head, properties, person in zip(heads, kept, people, strict=True)
    ]
