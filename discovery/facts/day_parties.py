"""Who there is on a day: of each party what its records say then, and what is not described is a stub."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import polars as pl

from discovery.facts.facts import KEY, STUB, Facts
from discovery.facts.schema import FILES

RECORD = "record"  # the record a row of the store's parties stands for; a folder's row stands for itself
RECORDS = "records"  # on parties of several records: the keys of all of them
CODES = "codes"  # on such parties: every client number, USCC and LEI of theirs, as `column=value`
CODE_COLUMNS = ("client_no", "uscc", "lei")
_IDENTITY = ("id", KEY, "fact", RECORD, "row", "version", "load", "known_from", "superseded_at")

Known = Callable[[pl.DataFrame], pl.DataFrame]  # the versions known at the moment asked for


def parties_of_the_day(facts: Facts, as_of: date, known_at: datetime | None, known: Known) -> pl.DataFrame:
    """One row a party, in the order of record keys.

    A party whose row begins later, or was not known yet, is there as facts name it: a stub. One whose
    rows have all ended is a stub that keeps its name and kind. A stub without a kind that holds an office
    or has kin is a person.
    """
    everyone = facts["parties"]
    if STUB not in everyone.columns:
        everyone = everyone.with_columns(pl.lit(value=False).alias(STUB))
    rows = _begun(known(everyone), as_of)
    over = pl.col("valid_to").is_not_null() & (pl.col("valid_to") <= as_of)
    unnamed = pl.col(STUB).fill_null(value=False)
    kind = pl.when(~unnamed).then("kind")  # of a stub it is told anew, by what is known on the day
    frame = one_row_a_party(rows.with_columns(kind=kind, **{STUB: unnamed | over}))
    missing = everyone.join(frame.select("id"), on="id", how="anti")
    if missing.height:
        frame = pl.concat([frame, _stubs(facts, missing, as_of, known_at)], how="diagonal")
    people = _people(facts, as_of, known_at)
    is_person = pl.col(STUB) & pl.col("kind").is_null() & pl.col("id").is_in(people.implode())
    told = pl.when(is_person).then(pl.lit("natural_person")).otherwise("kind").alias("kind")
    return frame.with_columns(told).sort(KEY)


def one_row_a_party(parties: pl.DataFrame) -> pl.DataFrame:
    """Of a party with several records the first that states a value counts, in the order of record keys.

    A row that ended gives way to one that holds. `records` lists the keys of such parties, `codes` their
    identifiers.
    """
    if RECORD not in parties.columns or not parties["id"].is_duplicated().any():
        return parties
    values = [name for name in parties.columns if name not in {"id", KEY, STUB, RECORD}]
    return (
        parties.sort(STUB, RECORD)
        .group_by("id", maintain_order=True)
        .agg(
            pl.col(KEY).min(),
            pl.col(STUB).all(),
            pl.col(RECORD).sort().alias(RECORDS),
            pl.concat([(f"{name}=" + pl.col(name)).drop_nulls() for name in CODE_COLUMNS])
            .unique(maintain_order=True)
            .alias(CODES),
            *(pl.col(name).drop_nulls().first() for name in values),
        )
    )


def _begun(frame: pl.DataFrame, as_of: date) -> pl.DataFrame:
    if not frame["valid_from"].null_count() < frame.height:
        return frame
    return frame.filter(pl.col("valid_from").is_null() | (pl.col("valid_from") <= as_of))


def seen(frame: pl.DataFrame, as_of: date, known_at: datetime | None) -> pl.DataFrame:
    """Whatever had been stated by the moment about days up to this one, ended or replaced since or not."""
    if known_at is not None:
        recorded = pl.col("known_from" if "known_from" in frame.columns else "recorded_at")
        frame = frame.filter(recorded.is_null() | (recorded <= known_at))
    return _begun(frame, as_of)


def _stubs(facts: Facts, missing: pl.DataFrame, as_of: date, known_at: datetime | None) -> pl.DataFrame:
    """A row for each party that is not described on the day but stands in something seen by then."""
    columns = [seen(frame, as_of, known_at).select(FILES[stem].refs) for stem, frame in facts.frames.items()
               if stem != "parties" and FILES[stem].refs]  # fmt: skip
    named = [frame[ref].alias("id") for frame in columns for ref in frame.columns]
    mentioned = pl.concat([pl.Series("id", [], dtype=pl.String), *named]).unique()
    kept = missing.filter(pl.col("id").is_in(mentioned.implode())).unique("id", maintain_order=True)
    empty = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in kept.schema.items()
             if name not in {*_IDENTITY, "source", STUB}]  # fmt: skip
    return kept.with_columns(*empty, pl.lit(value=True).alias(STUB))


def _people(facts: Facts, as_of: date, known_at: datetime | None) -> pl.Series:
    """Ids that can only be persons: kin, and who holds an office other than executive partner."""
    offices = seen(facts["offices"], as_of, known_at).filter(pl.col("role") != "executive_partner")["person"]
    kin = seen(facts["kinship"], as_of, known_at)
    return pl.concat([offices.alias("id"), kin["person"].alias("id"), kin["relative"].alias("id")]).unique()
