"""Identity: record keys, fact ids, party ids, group ids and outcome keys.

All are pure functions of what is stated, so the same facts get the same ids in a folder and in the
store, whatever the order of rows, files and loads.

- **Record key**: `source/id`. A source has no `/`, so the first one parts the two.
- **Fact id**: the file's singular, `_`, and 16 hex digits of SHA-256 over the canonical form of the row.
- **Canonical form**: for each column that is not empty, U+001F, the column's name, `=` and its value;
  columns sorted by name. In are the file's own columns, `document`, `source` and `valid_from`. A
  reference is written as the record key of the party it names, a percent, ratio, measure or amount as
  its integer (`50` and `50.0` are the same fact), a day as `YYYY-MM-DD`, a flag as `true` or `false`.
  An empty column leaves no mark, so a column that the package gains later moves no id.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import polars as pl

from discovery.errors import BadInput
from discovery.facts.schema import FILES, Column, File

FIELD_MARK = "\x1f"  # before each part of a hashed text
ITEM_MARK = "\x1e"  # between the items of a list
_CHUNK = 100_000  # rows whose texts are held at once
_IDENTIFYING = frozenset({"document", "source", "valid_from"})


def hex16(text: str) -> str:
    """The first 16 hex digits of the text's SHA-256."""
    return sha256(text.encode()).hexdigest()[:16]


def record_key(source: str, record_id: str) -> str:
    """The key of one source's row about a party; BadInput if the source has a `/`."""
    return f"{check_source(source)}/{record_id}"


def split_record_key(key: str) -> tuple[str, str]:
    """Source and id of a record key."""
    source, _, record_id = key.partition("/")
    return source, record_id


def check_source(source: str) -> str:
    """The source as given; BadInput if it is empty or has a `/`, which parts source and id."""
    if not source or "/" in source:
        raise BadInput(
            f"A source is named {source!r}, but a source is not empty and has no '/'.",
            remedy="Name the source without '/', as in --source core-banking.",
            source=source,
        )
    return source


def party_id(key: str) -> str:
    """The store's id of the party whose earliest record key this is."""
    return f"p_{hex16(key)}"


def group_id(policy: str, controller_kind: str, keys: Iterable[str]) -> str:
    """The id of a group under a policy, from its controller's record keys.

    `keys`: the smallest record key of each party that stands for the controller: a company's own, the
    anchor's of a person or family, all of a ring, all members where the kind is `none`. Their order
    does not matter.
    """
    return f"g_{hex16(FIELD_MARK.join((policy, controller_kind, _list(keys))))}"


def outcome_key(
    policy: str, outcome: str, reason: str, parties: Iterable[str], with_: Iterable[str] = ()
) -> str:
    """The key of an outcome that is no group, by which a recorded decision finds it again.

    `parties` and `with_` are smallest record keys; their order does not matter.
    """
    return f"o_{hex16(FIELD_MARK.join((policy, outcome, reason, _list(parties), _list(with_))))}"


def _list(keys: Iterable[str]) -> str:
    return ITEM_MARK.join(sorted(set(keys)))


def text_of(column: Column) -> pl.Expr:
    """A typed column in its canonical text (null stays null)."""
    value = pl.col(column.name)
    if column.type == "flag":
        return pl.when(value).then(pl.lit("true")).when(~value).then(pl.lit("false"))
    return value.cast(pl.String)


def fact_ids(file: File, rows: pl.DataFrame, ref_keys: pl.DataFrame) -> pl.Series:
    """The fact id of each row, named `fact`.

    `rows`: typed columns of the file (absent ones count as empty). `ref_keys`: the same height, for
    each reference column the record key of the party it names.
    """
    columns = sorted(_identifying_columns(file, rows), key=lambda column: column.name)
    parts = [pl.lit(f"{FIELD_MARK}{column.name}=") + text_of(column) for column in columns]
    canonical = pl.concat_str(parts, ignore_nulls=True).cast(pl.Binary)
    keyed = rows.with_columns(ref_keys)
    hashes = [pl.Series("fact", [], dtype=pl.String)]
    for chunk in keyed.iter_slices(_CHUNK):
        texts = chunk.select(canonical.alias("fact"))["fact"].to_list()
        hashes.append(pl.Series("fact", [sha256(text).hexdigest()[:16] for text in texts], dtype=pl.String))
    return (f"{file.fact}_" + pl.concat(hashes)).alias("fact")


def _identifying_columns(file: File, rows: pl.DataFrame) -> list[Column]:
    own = {column.name for column in file.own}
    return [c for c in file.columns if c.name in rows.columns and (c.name in own or c.name in _IDENTIFYING)]


def fact_id(stem: str, values: dict[str, str]) -> str:
    """The fact id of one row of canonical texts, references as record keys: the definition, plainly."""
    file = FILES[stem]
    names = {column.name for column in file.own} | _IDENTIFYING
    text = "".join(
        f"{FIELD_MARK}{name}={value}" for name, value in sorted(values.items()) if name in names and value
    )
    return f"{file.fact}_{hex16(text)}"
