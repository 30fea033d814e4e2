"""The comparison by which a load knows what is new: any order gives the same line, twice the same as once."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from discovery.graph.versions import KNOWN, compare

INCOMING = {"id": pl.String(), "content": pl.String(), "recorded_at": pl.String(), "supersedes": pl.String()}
NOW = "2026-01-01"
Row = tuple[str, str, str | None, str | None]


def applied(known: pl.DataFrame, rows: list[Row], now: str = NOW) -> pl.DataFrame:
    """The store's versions after these rows: added ones put in, closed ones closed."""
    changes = compare(pl.DataFrame(rows, schema=INCOMING, orient="row"), known, now)
    ended = changes.closed.select(
        "id", "version", pl.col("superseded_at").alias("end"), pl.col("closed_because").alias("why")
    )
    kept = known.join(ended, on=["id", "version"], how="left").with_columns(
        pl.coalesce("end", "superseded_at").alias("superseded_at"),
        pl.coalesce("why", "closed_because").alias("closed_because"),
    )
    assert changes.fresh + changes.changed == changes.added.height
    return pl.concat([kept.select(*KNOWN), changes.added.select(*KNOWN)])


def none() -> pl.DataFrame:
    return pl.DataFrame(schema=KNOWN)


def line(known: pl.DataFrame) -> list[tuple[str, ...]]:
    return sorted(
        known.select("id", "content", "known_from", pl.col("superseded_at").fill_null("open")).rows()
    )


stated = st.lists(
    st.tuples(st.sampled_from("ab"), st.dates(max_value=date(2025, 12, 31))),
    max_size=7,
    unique=True,
).map(lambda pairs: [(name, str(day), str(day), None) for name, day in pairs])


@given(rows=stated, data=st.data())
def test_any_order_and_any_cut_into_loads_gives_the_same_line(rows: list[Row], data: st.DataObject) -> None:
    """Versions whose sources say when they recorded them: each ends when the next one is known."""
    order = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, len(order)))

    whole = applied(none(), rows)
    parts = applied(applied(none(), order[:cut]), order[cut:])

    assert line(whole) == line(parts)
    for name in "ab":
        known = sorted(row[2] for row in rows if row[0] == name)
        ends = [row[3] for row in line(whole) if row[0] == name]
        assert [*known[1:], "open"][: len(known)] == ends


@given(rows=stated)
def test_the_same_rows_again_change_nothing(rows: list[Row]) -> None:
    """However many versions they hold."""
    once = applied(none(), rows)

    assert line(once) == line(applied(once, rows, "2027-01-01"))


def test_a_statement_without_a_date_counts_from_its_load() -> None:
    """Each change is a version, also one that goes back to what was said before."""
    rows: list[Row] = [("a", "x", None, None)]
    known = applied(none(), rows, "2026-01-01")
    known = applied(known, [("a", "y", None, None)], "2026-02-01")
    known = applied(known, rows, "2026-03-01")

    assert [
        ("a", "x", "2026-01-01", "2026-02-01"),
        ("a", "x", "2026-03-01", "open"),
        ("a", "y", "2026-02-01", "2026-03-01"),
    ] == line(known)


def test_what_replaces_an_unknown_fact_is_counted() -> None:
    """It is added all the same."""
    rows = pl.DataFrame([("a", "x", None, "nowhere")], schema=INCOMING, orient="row")

    changes = compare(rows, none(), NOW)

    assert (1, 1, 0) == (changes.unknown_superseded, changes.fresh, changes.closed.height)
