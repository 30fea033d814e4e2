"""Candidate pairs found by Splink on DuckDB, from the same keys; decided as all pairs are.

The settings (`data/splink_person.json`, `data/splink_company.json`) are plain SQL that DuckDB and Spark both
read: our keys are its blocking rules, our weights its fixed m and u. A key is a number; where only different
sides meet (short names and full ones), the short side's is one more than the full side's. Splink's own
weights order its table; merge, review or apart is said by the judge of linking, so both engines agree.
"""

from __future__ import annotations

import json
from importlib.resources import files
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from discovery.errors import UsageError
from discovery.names.blocking import BlockKey
from discovery.names.linking import Made
from discovery.names.records import Kind, Records, Rows

RULES: Final = "blocking_rules_to_generate_predictions"


def splink_settings(kind: Kind) -> dict[str, Any]:
    """Splink's settings for records of a kind."""
    text = files("discovery.names").joinpath("data", f"splink_{kind}.json").read_text("utf-8")
    return dict(json.loads(text))


def splink_pairs(made: Made, kind: Kind) -> tuple[Rows, Rows]:
    """All pairs that share a key, smaller row first, sorted: what `pairs_of` finds.

    Raises UsageError where Splink is not installed.
    """
    if not find_spec("splink"):
        raise UsageError(
            "Splink is not installed.",
            remedy="Install the extra: pip install 'guanlian[splink]', or link with --engine own.",
            field="engine",
        )
    from splink import Linker  # noqa: PLC0415  an extra, absent where nobody asks for it
    from splink.backends.duckdb import DuckDBAPI  # noqa: PLC0415  as above

    settings = splink_settings(kind)
    table = feature_table(made, settings)
    linker = Linker(DuckDBAPI().register(table.to_arrow()), settings, log_level=50)
    found = linker.inference.predict().as_pyarrow_table()  # type: ignore[no-untyped-call]  # of theirs
    left, right = (found[name].to_numpy().astype(np.int64) for name in ("record_l", "record_r"))
    order = np.lexsort((right, left))
    return left[order], right[order]


def feature_table(made: Made, settings: dict[str, Any]) -> pl.DataFrame:
    """One row a record: what is compared (null where unknown), and `by_KEY`, the keys by which it may meet.

    Keys that join too many are left out, as in linking.
    """
    rules = settings[RULES]
    lists = {name for rule in rules for name in rule.get("arrays_to_explode", ())}
    table = _compared(made)
    for block in made.blocks:
        name = f"by_{block.name}"
        table = table.join(_meeting(block, name, many=name in lists), on="record", how="left")
    return table


def _compared(made: Made) -> pl.DataFrame:
    records: Records = made.records
    born = pl.Series(records.birth, dtype=pl.Int64)
    table = pl.DataFrame(
        {
            "record": np.arange(len(records), dtype=np.int64),
            "name": _known(made.names),
            "whole": records.parts["whole"],
            "main_id": records.main_id_text,
            "main_id_sure": records.sure_id,
            "lei": _known(records.lei),
            "registration": records.registration_text,
            "birth": born.set(born < 0, None),
            "phone": _known(records.phone),
            "email": _known(records.email),
            "address": records.address_text,
            "employer": _known(records.employer),
        }
    )
    return table.with_columns(
        pl.col(pl.String).replace("", None),
        birth_year=pl.col("birth") // 10_000,
        birth_month=pl.col("birth") // 100 % 100,
        birth_day=pl.col("birth") % 100,
    ).drop("birth")


def _known(keys: npt.NDArray[np.uint64]) -> pl.Series:
    """Keys as signed numbers, which every engine has; null for none."""
    numbers = pl.Series(keys.view(np.int64))
    return numbers.set(numbers == 0, None)


def _meeting(block: BlockKey, name: str, *, many: bool) -> pl.DataFrame:
    """Each record's keys of one kind, as multiples of three, one more on the short side."""
    _, code, sizes = np.unique(block.keys, return_inverse=True, return_counts=True)
    kept = (sizes[code] > 1) & (sizes[code] <= block.most)
    number = 3 * code[kept].astype(np.int64) + (block.sides[kept] == 1)
    table = pl.DataFrame({"record": block.rows[kept], name: number}).unique()
    return table.group_by("record").agg(name) if many else table
