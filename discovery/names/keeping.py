"""An index as tables, to be kept in a file and taken up again, and the mark of the rules it was made by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

import numpy as np
import polars as pl

from discovery.names.blocking import BlockKey
from discovery.names.company_columns import PARTS
from discovery.names.linking import Made, NameIndex
from discovery.names.records import Kind, Records
from discovery.names.search import NameSearch, Segment
from discovery.names.sharing import FIELDS, Homes, Sharing

Tables = Mapping[str, pl.DataFrame]
MARKS: Final = 4  # columns of a record's marks


@cache
def rules() -> str:
    """A mark of everything keys follow from: this room and its tables, check digits, the hash in use.

    An index made by other rules would answer otherwise than linking does.
    """
    mark = hashlib.sha256(pl.__version__.encode())
    for file in (*_files(files("discovery.names")), files("discovery.facts").joinpath("identifiers.py")):
        mark.update(file.name.encode() + b"\0" + file.read_bytes())
    return mark.hexdigest()[:16]


def _files(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            yield from _files(entry) if entry.name == "data" else ()
        elif entry.name.endswith((".py", ".tsv", ".txt")):
            yield entry


def index_tables(index: NameIndex) -> dict[str, pl.DataFrame]:
    """`records` a row a record; `blocks` a row a kind of key; `block.KIND` a row a key; `homes` one row."""
    made = index.made
    columns: dict[str, Any] = {"key_of_name": made.names}
    for item in fields(Records):
        value = getattr(made.records, item.name)
        if item.name == "marks":
            columns |= {f"marks.{at}": value[:, at] for at in range(MARKS)}
        elif item.name == "parts":
            columns |= {f"parts.{name}": value[name] for name in PARTS}
        elif item.name == "names":
            columns["names"] = pl.Series(value, dtype=pl.List(pl.String))
        else:
            columns[item.name] = value
    columns |= {f"shared.{name}": made.sharing.counts[name] for name in FIELDS}
    blocks = {"name": [block.name for block in made.blocks], "most": [block.most for block in made.blocks]}
    found = {
        "records": pl.DataFrame(columns),
        "blocks": pl.DataFrame(blocks),
        "homes": pl.DataFrame([{"own": made.sharing.own_homes, **asdict(made.sharing.homes)}]),
    }
    for block in made.blocks:
        found[f"block.{block.name}"] = pl.DataFrame(
            {"row": block.rows, "key": block.keys, "side": block.sides}
        )
    return found


def index_of(tables: Tables, kind: Kind) -> NameIndex:
    """The index that the tables are of."""
    table = tables["records"]
    values: dict[str, Any] = {}
    for item in fields(Records):
        if item.name == "marks":
            values["marks"] = np.stack([_array(table[f"marks.{at}"]) for at in range(MARKS)], axis=1)
        elif item.name == "parts":
            values["parts"] = table.select(pl.col(f"parts.{name}").alias(name) for name in PARTS)
        elif item.name == "names":
            values["names"] = list(map(tuple, table["names"].to_list()))
        else:
            column = table[item.name]
            values[item.name] = column if column.dtype == pl.String else _array(column)
    blocks = [_block(tables[f"block.{name}"], name, most) for name, most in tables["blocks"].iter_rows()]
    counts = {name: _array(table[f"shared.{name}"]) for name in FIELDS}
    homes = tables["homes"].row(0, named=True)
    sharing = Sharing(counts, homes.pop("own"), Homes(**homes))
    made = Made(Records(**values), _array(table["key_of_name"]), blocks, sharing)
    return NameIndex(pl.DataFrame(), kind, made)


def _block(table: pl.DataFrame, name: str, most: int) -> BlockKey:
    rows, keys, sides = (_array(table[part]) for part in ("row", "key", "side"))
    return BlockKey(name, rows, keys, most, sides)


def search_tables(search: NameSearch) -> dict[str, pl.DataFrame]:
    """`names` a row a name; of each segment its pieces, their lists of names, and the names' lengths."""
    found = {"names": pl.DataFrame({"name": search.names, "row": search.rows}, schema=_NAMES)}
    for at, part in enumerate(search.segments):
        found |= {
            f"pieces.{at}": pl.DataFrame({"gram": part.grams, "start": part.starts[:-1]}),
            f"lists.{at}": pl.DataFrame({"doc": part.docs}),
            f"lengths.{at}": pl.DataFrame({"length": part.lengths}),
        }
    return found


_NAMES: Final = {"name": pl.String(), "row": pl.Int64()}


def search_of(tables: Tables) -> NameSearch:
    """The search that the tables are of."""
    segments: list[Segment] = []
    first = 0
    while f"pieces.{len(segments)}" in tables:
        at = len(segments)
        pieces, docs = tables[f"pieces.{at}"], _array(tables[f"lists.{at}"]["doc"])
        lengths = _array(tables[f"lengths.{at}"]["length"])
        starts = np.append(_array(pieces["start"]), len(docs))
        segments.append(Segment(_array(pieces["gram"]), starts, docs, lengths, first))
        first += len(lengths)
    names = tables["names"]
    return NameSearch(names["name"].to_list(), names["row"].to_list(), segments)


def _array(column: pl.Series) -> Any:
    return column.to_numpy(writable=True)
